//! Parses the output of `ss`, `netstat` and `vigie` into rows that can be compared.

use std::collections::BTreeMap;

use serde_json::Value;
use vigie_linux::netns::Namespace;

use super::busy::{printed, vigie};

/// A socket in the output of a program. Fields that the program does not print are `None`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Row {
    pub(crate) proto: String,
    pub(crate) local: String,
    pub(crate) peer: String,
    pub(crate) state: String,
    pub(crate) recv_q: u64,
    pub(crate) send_q: Option<u64>,
    pub(crate) uid: Option<u64>,
    pub(crate) inode: Option<u64>,
    /// PIDs and names; names are truncated as by the kernel.
    pub(crate) owners: Vec<(u64, String)>,
}

/// Truncates a process name to 15 bytes, as the kernel does.
fn comm(name: &str) -> String {
    name.chars().take(15).collect()
}

fn number(text: &str) -> u64 {
    text.parse()
        .unwrap_or_else(|_| panic!("{text} is no number"))
}

/// Returns the inet sockets that `ss` lists with the flag `letter`.
pub(crate) fn ss_inet(namespace: &Namespace, letter: char) -> Vec<Row> {
    let text = printed(namespace, "ss", &[&format!("-OHnaep{letter}")]);
    let name = match letter {
        't' => "tcp",
        'u' => "udp",
        'w' => "raw",
        'M' => "mptcp",
        _ => panic!("no letter of an inet protocol"),
    };
    sorted(text.lines().map(|line| ss_line(line, name)).collect())
}

fn ss_line(line: &str, name: &str) -> Row {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [state, recv_q, send_q, local, peer, rest @ ..] = words.as_slice() else {
        panic!("{line}")
    };
    let local = ss_end(local);
    let v6 = local.starts_with('[');
    Row {
        proto: if v6 {
            format!("{name}6")
        } else {
            name.to_owned()
        },
        peer: if v6 { ss_end(peer) } else { (*peer).to_owned() },
        local,
        state: ss_state(state),
        recv_q: number(recv_q),
        send_q: Some(number(send_q)),
        // Omitted if 0.
        uid: Some(field(rest, "uid:").unwrap_or(0)),
        inode: field(rest, "ino:"),
        owners: ss_owners(line),
    }
}

/// Normalizes an endpoint: `ss` writes `*` for the wildcard of an IPv6 socket that also accepts IPv4.
fn ss_end(end: &str) -> String {
    match end.strip_prefix('*') {
        Some(rest) => format!("[::]{rest}"),
        None => end.to_owned(),
    }
}

fn ss_state(state: &str) -> String {
    match state {
        "ESTAB" => "ESTABLISHED".to_owned(),
        "FIN-WAIT-1" => "FIN_WAIT1".to_owned(),
        "FIN-WAIT-2" => "FIN_WAIT2".to_owned(),
        other => other.replace('-', "_"),
    }
}

fn field(words: &[&str], name: &str) -> Option<u64> {
    words
        .iter()
        .find_map(|word| word.strip_prefix(name))
        .map(number)
}

/// Parses `users:(("sleep",pid=7,fd=0),("cat",pid=8,fd=1))`. Each process occurs once.
fn ss_owners(line: &str) -> Vec<(u64, String)> {
    let Some((_, users)) = line.split_once("users:((") else {
        return vec![];
    };
    let owner = |text: &str| {
        let (name, rest) = text
            .trim_start_matches('(')
            .split_once("\",pid=")
            .expect("a name and a PID");
        let pid = rest.split(',').next().expect("a PID");
        (number(pid), comm(name.trim_start_matches('"')))
    };
    let end = users.find("))").expect("the end of the users");
    let owners: BTreeMap<u64, String> = users[..end].split("),").map(owner).collect();
    owners.into_iter().collect()
}

/// Returns the UNIX sockets that `ss` lists: the type is in `proto`, the peer's inode in `peer`.
pub(crate) fn ss_unix(namespace: &Namespace) -> Vec<Row> {
    let text = printed(namespace, "ss", &["-OHnaepx"]);
    let row = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [kind, state, recv_q, send_q, name, inode, "*", peer, ..] = words.as_slice() else {
            panic!("{line}")
        };
        let kind = match *kind {
            "u_str" => "stream",
            "u_dgr" => "dgram",
            "u_seq" => "seqpacket",
            other => panic!("{other}"),
        };
        Row {
            proto: kind.to_owned(),
            local: if *name == "*" {
                String::new()
            } else {
                (*name).to_owned()
            },
            peer: (*peer).to_owned(),
            state: ss_state(state),
            recv_q: number(recv_q),
            send_q: Some(number(send_q)),
            uid: None,
            inode: Some(number(inode)),
            owners: ss_owners(line),
        }
    };
    sorted(text.lines().map(row).collect())
}

/// Returns the socket objects that `vigie sockets ARGUMENTS -o json` prints.
pub(crate) fn objects(namespace: &Namespace, arguments: &str) -> Vec<Value> {
    let text = vigie(namespace, &format!("{arguments} -o json"));
    let objects = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"));
    objects
        .filter(|object: &Value| object["type"] == "socket")
        .collect()
}

/// Returns the sockets that `vigie` lists, in the form of `ss`.
pub(crate) fn vigie_rows(namespace: &Namespace, arguments: &str) -> Vec<Row> {
    sorted(objects(namespace, arguments).iter().map(row).collect())
}

fn row(object: &Value) -> Row {
    let text = |name: &str| object[name].as_str().unwrap_or_default().to_owned();
    let v6 = object["family"] == "ipv6";
    let unix = object["proto"] == "unix";
    let local = if unix {
        let mark = if object["abstract"] == true { "@" } else { "" };
        format!("{mark}{}", text("path"))
    } else {
        let interface = object["interface"]
            .as_str()
            .map(|name| format!("%{name}"))
            .unwrap_or_default();
        let port = object["local_port"]
            .as_u64()
            .or(object["protocol"].as_u64())
            .expect("a port");
        end(&text("local"), &interface, &port.to_string())
    };
    let peer = if unix {
        object["peer_inode"].as_u64().unwrap_or(0).to_string()
    } else if object["peer"].is_null() {
        end(if v6 { "::" } else { "0.0.0.0" }, "", "*")
    } else {
        end(&text("peer"), "", &object["peer_port"].to_string())
    };
    let owner = |owner: &Value| {
        (
            owner["pid"].as_u64().expect("a PID"),
            comm(owner["name"].as_str().expect("a name")),
        )
    };
    let proto = if unix { text("kind") } else { text("proto") };
    Row {
        proto: if v6 { format!("{proto}6") } else { proto },
        local,
        peer,
        state: text("state"),
        recv_q: object["recv_q"].as_u64().expect("a number"),
        // `ss` shows a listener's backlog in this column.
        send_q: object["backlog"].as_u64().or(object["send_q"].as_u64()),
        uid: if unix {
            None
        } else {
            Some(object["uid"].as_u64().unwrap_or(0))
        },
        inode: object["inode"].as_u64(),
        owners: object["owners"]
            .as_array()
            .expect("owners")
            .iter()
            .map(owner)
            .collect(),
    }
}

fn end(address: &str, interface: &str, port: &str) -> String {
    if address.contains(':') {
        format!("[{address}{interface}]:{port}")
    } else {
        format!("{address}{interface}:{port}")
    }
}

pub(crate) fn sorted(mut rows: Vec<Row>) -> Vec<Row> {
    rows.sort();
    rows
}

/// Parses the inet rows of a table with netstat's columns (`-anpe`), printed by netstat or `vigie sockets`. Only the first
/// owner's PID is stored.
pub(crate) fn table_inet(text: &str) -> Vec<Row> {
    let inet = |line: &&str| {
        ["tcp", "udp", "raw"]
            .iter()
            .any(|proto| line.starts_with(proto))
    };
    sorted(text.lines().filter(inet).map(table_line).collect())
}

fn table_line(line: &str) -> Row {
    let mut words = line.split_whitespace().peekable();
    let mut word = || {
        words
            .next()
            .unwrap_or_else(|| panic!("too few columns: {line}"))
    };
    let (proto, recv_q, send_q) = (word().to_owned(), number(word()), number(word()));
    let v6 = proto.ends_with('6');
    let (local, peer) = (table_end(word(), v6), table_end(word(), v6));
    let upper = |word: &str| word.starts_with(|c: char| c.is_ascii_uppercase());
    let mut state = if words.peek().is_some_and(|word| upper(word)) {
        words.next().unwrap_or("")
    } else {
        ""
    };
    if proto.starts_with("raw") && words.peek() == Some(&"7") {
        // The kernel's state number of sockets without a connection state.
        words.next();
        state = "";
    }
    let mut word = || {
        words
            .next()
            .unwrap_or_else(|| panic!("too few columns: {line}"))
    };
    let (uid, inode, owner) = (word(), number(word()), word());
    let pid = owner.split('/').next().and_then(|pid| pid.parse().ok());
    Row {
        proto,
        local,
        peer,
        state: state.to_owned(),
        recv_q,
        send_q: Some(send_q),
        // netstat writes user 0 for a socket without owner.
        uid: Some(if uid == "-" { 0 } else { number(uid) }),
        inode: Some(inode),
        owners: pid.map(|pid| (pid, String::new())).into_iter().collect(),
    }
}

/// Normalizes an endpoint: netstat writes `:::80`, IPv4-mapped addresses as IPv4, and no interface.
fn table_end(end: &str, v6: bool) -> String {
    let (address, port) = end.rsplit_once(':').expect("a port");
    let bare = address.trim_matches(['[', ']']);
    let bare = bare.split('%').next().expect("an address");
    match (v6, bare.contains(':')) {
        (true, true) => format!("[{bare}]:{port}"),
        (true, false) => format!("[::ffff:{bare}]:{port}"),
        (false, _) => format!("{bare}:{port}"),
    }
}

/// A UNIX row of netstat or `vigie`: flags, type, state, inode, first PID, name.
pub(crate) type UnixRow = (String, String, String, u64, Option<u64>, String);

/// Returns the UNIX rows of `netstat -anpe`. Their third column is a reference count.
pub(crate) fn netstat_unix(text: &str) -> Vec<UnixRow> {
    unix_rows(
        text,
        |before| {
            assert_eq!(before.len(), 2, "Proto and RefCnt: {before:?}");
        },
        |after| {
            let (state, rest) = match after {
                [kind, inode, owner, name @ ..] if inode.parse::<u64>().is_ok() => {
                    (("", *kind), (inode, owner, name))
                }
                [kind, state, inode, owner, name @ ..] => ((*state, *kind), (inode, owner, name)),
                _ => panic!("{after:?}"),
            };
            (
                state.1.to_owned(),
                state.0.to_owned(),
                number(rest.0),
                (*rest.1).to_owned(),
                rest.2.join(" "),
            )
        },
    )
}

/// Returns the UNIX rows of `vigie sockets -anpe`. User and peer are around the inode.
pub(crate) fn vigie_unix(text: &str) -> Vec<UnixRow> {
    unix_rows(
        text,
        |before| {
            assert_eq!(before.len(), 3, "Proto, Recv-Q and Send-Q: {before:?}");
        },
        |after| {
            let is_user = |word: &str| word == "-" || word.parse::<u64>().is_ok();
            let (state, rest) = match after {
                [kind, user, rest @ ..] if is_user(user) => (("", *kind), rest),
                [kind, state, _user, rest @ ..] => ((*state, *kind), rest),
                _ => panic!("{after:?}"),
            };
            let [inode, _peer, owner, name @ ..] = rest else {
                panic!("{after:?}")
            };
            (
                state.1.to_owned(),
                state.0.to_owned(),
                number(inode),
                (*owner).to_owned(),
                name.join(" "),
            )
        },
    )
}

/// Splits rows at their flags: `[ ACC ]` or `[ ]`.
fn unix_rows(
    text: &str,
    check: impl Fn(&[&str]),
    read: impl Fn(&[&str]) -> (String, String, u64, String, String),
) -> Vec<UnixRow> {
    let row = |line: &str| {
        let (before, rest) = line.split_once('[').expect("flags");
        let (flags, after) = rest.split_once(']').expect("flags");
        check(&before.split_whitespace().collect::<Vec<_>>());
        let (kind, state, inode, owner, name) = read(&after.split_whitespace().collect::<Vec<_>>());
        let pid = owner.split('/').next().and_then(|pid| pid.parse().ok());
        (flags.trim().to_owned(), kind, state, inode, pid, name)
    };
    let mut rows: Vec<_> = text
        .lines()
        .filter(|line| line.starts_with("unix"))
        .map(row)
        .collect();
    rows.sort();
    rows
}
