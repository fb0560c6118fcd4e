//! `vigie sockets` agrees with `ss` and `netstat`, field by field.
//!
//! Both tools must see the same sockets: each comparison runs the other tool before and after, and repeats until both
//! outputs are equal.

use std::collections::BTreeSet;
use std::fmt::Debug;

use super::busy::{Busy, alone, printed, vigie};
use super::witness::{
    Row, netstat_unix, objects, ss_inet, ss_unix, table_inet, vigie_rows, vigie_unix,
};

/// Runs `witness`, `ours` and `witness` again, until both outputs of `witness` are equal.
fn same_moment<T: PartialEq + Debug>(witness: impl Fn() -> T, ours: impl Fn() -> T) -> (T, T) {
    for _ in 0..20 {
        let before = witness();
        let observed = ours();
        let after = witness();
        if before == after {
            return (before, observed);
        }
    }
    panic!("the sockets keep changing: {:?}", witness());
}

/// Compares rows and prints those that differ.
fn agree<T: PartialEq + Debug>(what: &str, (theirs, ours): (Vec<T>, Vec<T>)) {
    assert!(!theirs.is_empty(), "{what}: the witness saw nothing");
    let only = |a: &[T], b: &[T]| {
        let rows = a.iter().filter(|row| !b.contains(row));
        rows.fold(String::new(), |list, row| {
            list + &format!(
                "
  {row:?}"
            )
        })
    };
    let (missing, added) = (only(&theirs, &ours), only(&ours, &theirs));
    assert!(
        missing.is_empty() && added.is_empty(),
        "{what}\nonly the witness:{missing}\nonly vigie:{added}"
    );
    assert_eq!(theirs.len(), ours.len(), "{what}: a row is doubled");
}

#[test]
fn inet_sockets_match_ss() {
    let _alone = alone();
    let busy = Busy::new("ss-inet");
    let space = &busy.namespace;
    for (letter, option) in [('t', "-at"), ('u', "-au"), ('M', "-aM")] {
        let ours = || vigie_rows(space, option);
        agree(option, same_moment(|| ss_inet(space, letter), ours));
    }
    // For raw sockets ss shows no inode, and so neither user nor owner.
    let bare = |rows: Vec<Row>| {
        rows.into_iter()
            .map(|row| Row { inode: None, ..row })
            .collect::<Vec<_>>()
    };
    agree(
        "-aw",
        same_moment(
            || bare(ss_inet(space, 'w')),
            || bare(vigie_rows(space, "-aw")),
        ),
    );
}

#[test]
fn every_tcp_state_is_compared() {
    let _alone = alone();
    let busy = Busy::new("states");
    let states: BTreeSet<String> = objects(&busy.namespace, "-at")
        .iter()
        .map(|o| o["state"].as_str().expect("a state").to_owned())
        .collect();
    for state in [
        "LISTEN",
        "SYN_SENT",
        "SYN_RECV",
        "ESTABLISHED",
        "FIN_WAIT1",
        "FIN_WAIT2",
        "TIME_WAIT",
        "CLOSE_WAIT",
        "LAST_ACK",
        "CLOSING",
    ] {
        assert!(states.contains(state), "no {state} in {states:?}");
    }
}

#[test]
fn unix_sockets_match_ss() {
    let _alone = alone();
    let busy = Busy::new("ss-unix");
    let space = &busy.namespace;
    // ss omits connections that are not accepted yet.
    let ours = || {
        vigie_rows(space, "-ax")
            .into_iter()
            .filter(|row| row.state != "CONNECTING")
            .collect::<Vec<_>>()
    };
    agree("-ax", same_moment(|| ss_unix(space), ours));
    let kinds: BTreeSet<String> = ours().into_iter().map(|row| row.proto).collect();
    assert_eq!(kinds.len(), 3, "stream, dgram and seqpacket: {kinds:?}");
}

#[test]
fn inet_lists_match_netstat() {
    let _alone = alone();
    let busy = Busy::new("netstat-inet");
    let space = &busy.namespace;
    for letters in ["-anpe", "-tanpe", "-uanpe", "-nlpe", "-npe"] {
        // netstat lists multipath connections as their TCP subflows.
        let ours = || without_sharers(table_inet(&vigie(space, letters)), &busy);
        let theirs = || {
            without_sharers(
                table_inet(&printed(space, "netstat", &[letters, "-W"])),
                &busy,
            )
        };
        agree(letters, same_moment(theirs, ours));
    }
}

/// Removes sockets with several owners, because netstat shows only one owner.
fn without_sharers(rows: Vec<Row>, busy: &Busy) -> Vec<Row> {
    let pids = [u64::from(busy.sharer.id()), u64::from(std::process::id())];
    let row = |mut row: Row| {
        assert!(
            row.owners.iter().all(|(pid, _)| pids.contains(pid)),
            "{row:?}"
        );
        row.owners
            .truncate(usize::from(row.local != "127.0.0.1:7100"));
        row
    };
    rows.into_iter().map(row).collect()
}

#[test]
fn unix_lists_match_netstat() {
    let _alone = alone();
    let busy = Busy::new("netstat-unix");
    let space = &busy.namespace;
    for letters in ["-anpex", "-npex"] {
        let theirs = || netstat_unix(&printed(space, "netstat", &[letters, "-W"]));
        agree(
            letters,
            same_moment(theirs, || vigie_unix(&vigie(space, letters))),
        );
    }
}

#[test]
fn proc_net_agrees_with_netlink() {
    let _alone = alone();
    let busy = Busy::new("procfs");
    let space = &busy.namespace;
    // Not in /proc/net: bound interfaces, backlogs, and whether an IPv6 socket accepts IPv4.
    let rows = |arguments: &str| {
        let mut objects = objects(space, arguments);
        for object in &mut objects {
            for name in ["interface", "backlog", "serves", "reach"] {
                object[name] = serde_json::Value::Null;
            }
        }
        let mut lines: Vec<String> = objects.iter().map(ToString::to_string).collect();
        lines.sort();
        lines
    };
    for letters in ["-at", "-au", "-aw", "-ltu"] {
        agree(
            letters,
            same_moment(|| rows(letters), || rows(&format!("{letters} --procfs"))),
        );
    }
}

#[test]
fn a_shared_socket_lists_every_owner() {
    let _alone = alone();
    let busy = Busy::new("shared");
    let found = objects(&busy.namespace, "--port 7100");
    let [socket] = found.as_slice() else {
        panic!("{found:?}")
    };
    let pids: BTreeSet<u64> = socket["owners"]
        .as_array()
        .expect("owners")
        .iter()
        .filter_map(|o| o["pid"].as_u64())
        .collect();
    assert_eq!(
        pids,
        BTreeSet::from([u64::from(busy.sharer.id()), u64::from(std::process::id())])
    );
    let text = vigie(&busy.namespace, "-tlnp --port 7100");
    assert!(
        text.contains(&format!("{}/sleep", busy.sharer.id())),
        "{text}"
    );
}
