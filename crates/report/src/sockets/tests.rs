//! Every output format, with handwritten sockets.

use std::collections::BTreeMap;
use std::net::IpAddr;

use vigie_host::change::changes;
use vigie_host::filter::{Filter, Side};
use vigie_host::owner::{Container, Hold, Owners, Process, Users};
use vigie_host::snapshot::{Netns, Note, Snapshot};
use vigie_host::socket::{
    InetSocket, PacketKind, PacketSocket, Proto, State, UnixKind, UnixName, UnixSocket, V6Only,
};

use super::{Columns, View, Watch, csv, json, note};
use crate::style::Paint;
use crate::{Lang, Texts};

fn inet(
    proto: Proto,
    state: State,
    local: (&str, u16),
    peer: Option<(&str, u16)>,
    inode: u32,
) -> InetSocket {
    let address: IpAddr = local.0.parse().unwrap();
    let nowhere = if address.is_ipv4() { "0.0.0.0" } else { "::" };
    let (peer, peer_port) = peer.unwrap_or((nowhere, 0));
    InetSocket {
        local: address,
        peer: peer.parse().unwrap(),
        cookie: u64::from(local.1) << 32 | u64::from(peer_port),
        inode,
        recv_q: 0,
        send_q: 0,
        backlog: (state == State::Listen).then_some(128),
        uid: (inode != 0).then_some(0),
        interface: 0,
        local_port: local.1,
        peer_port,
        netns: 0,
        proto,
        state,
        v6only: if address.is_ipv6() {
            V6Only::No
        } else {
            V6Only::Unknown
        },
    }
}

fn unix(state: State, inode: u32, name: UnixName) -> UnixSocket {
    UnixSocket {
        name,
        cookie: u64::from(inode),
        inode,
        peer_inode: (state == State::Established).then_some(inode + 1),
        recv_q: 0,
        send_q: 0,
        backlog: None,
        uid: Some(1000),
        netns: 0,
        kind: UnixKind::Stream,
        state,
    }
}

fn process(pid: u32, name: &[u8]) -> Process {
    Process {
        pid,
        name: name.into(),
        ..Process::default()
    }
}

/// Returns the sockets of the machine in the second tutorial.
fn snapshot() -> Snapshot {
    let listen = |local, inode| inet(Proto::Tcp, State::Listen, local, None, inode);
    let sshd = Process {
        cmdline: Some((*b"/usr/sbin/sshd\0-D\0").into()),
        unit: Some((*b"ssh.service").into()),
        container: Some(Container {
            runtime: "docker",
            id: (*b"0123abcd").into(),
        }),
        netns: Some(4_026_531_840),
        ..process(478, b"sshd")
    };
    let holds = [(1, 0), (2, 1), (3, 1), (4, 2), (5, 3), (5, 4)];
    let mut snapshot = Snapshot {
        netns: vec![Netns {
            inode: 4_026_531_840,
            interfaces: BTreeMap::from([(2, Box::from(*b"eth0"))]),
            ..Netns::default()
        }],
        inet: vec![
            listen(("127.0.0.1", 3306), 6),
            listen(("0.0.0.0", 22), 1),
            inet(
                Proto::Tcp,
                State::Established,
                ("192.168.1.159", 22),
                Some(("192.168.1.196", 50_264)),
                4,
            ),
            inet(
                Proto::Tcp,
                State::TimeWait,
                ("192.168.1.159", 22),
                Some(("192.168.1.196", 50_100)),
                0,
            ),
            listen(("::", 80), 5),
            inet(
                Proto::Tcp,
                State::Established,
                ("2001:db8:1111:2222:3333:4444:5555:6666", 40_000),
                Some(("2001:db8::1", 443)),
                2,
            ),
            InetSocket {
                interface: 2,
                ..inet(Proto::Udp, State::Close, ("0.0.0.0", 68), None, 3)
            },
        ],
        packet: vec![PacketSocket {
            cookie: 0,
            inode: 3,
            recv_q: 0,
            uid: Some(0),
            interface: 2,
            protocol: 3,
            netns: 0,
            kind: PacketKind::Raw,
        }],
        unix: vec![
            unix(
                State::Listen,
                11,
                UnixName::Path((*b"/run/a \x1b[31mb\xff").into()),
            ),
            unix(State::Established, 12, UnixName::Abstract((*b"bus").into())),
        ],
        owners: Some(Owners::new(
            vec![
                sshd,
                process(692, b"dhclient"),
                process(1119, b"sshd"),
                process(2000, b"nginx"),
                process(2001, b"a) (b\n"),
            ],
            holds
                .map(|(inode, process)| Hold {
                    inode,
                    process,
                    fd: 3,
                })
                .into(),
            7,
        )),
        users: Users::parse(b"root:x:0:0:\n"),
        notes: vec![Note::HiddenOwners {
            sockets: 3,
            processes: 7,
        }],
    };
    snapshot.sort();
    snapshot
}

fn all() -> Filter {
    Filter {
        side: Side::All,
        ..Filter::default()
    }
}

/// Returns the output of a format in a language.
fn written(lang: Lang, columns: Columns, form: fn(&View<'_>, &mut Vec<u8>)) -> String {
    let (snapshot, filter, texts) = (snapshot(), all(), Texts::new(lang));
    let view = View {
        snapshot: &snapshot,
        filter: &filter,
        columns,
        texts: &texts,
        paint: Paint::new(false),
    };
    let mut out = vec![];
    form(&view, &mut out);
    String::from_utf8(out).unwrap()
}

const ANPE: Columns = Columns {
    numeric: true,
    extend: true,
    processes: true,
    verbose: false,
    netns: false,
    bare: false,
};

#[test]
fn lists_have_the_layout_of_netstat() {
    insta::assert_snapshot!(written(Lang::En, ANPE, |view, out| view.list(out).unwrap()));
}

#[test]
fn the_french_header_is_that_of_the_tutorial() {
    insta::assert_snapshot!(written(Lang::Fr, ANPE, |view, out| view.list(out).unwrap()));
}

#[test]
fn services_and_users_have_names_unless_numeric() {
    let columns = Columns {
        numeric: false,
        verbose: true,
        netns: true,
        ..ANPE
    };
    insta::assert_snapshot!(written(Lang::En, columns, |view, out| view
        .list(out)
        .unwrap()));
}

#[test]
fn a_tree_shows_servers_with_their_clients() {
    insta::assert_snapshot!(written(Lang::En, ANPE, |view, out| view.tree(out).unwrap()));
}

#[test]
fn counts_and_meanings_are_shown() {
    let form = |view: &View<'_>, out: &mut Vec<u8>| {
        view.summary(out).unwrap();
        view.explain(out).unwrap();
    };
    insta::assert_snapshot!(written(Lang::En, ANPE, form));
}

#[test]
fn colours_do_not_change_the_text() {
    let (snapshot, filter, texts) = (snapshot(), all(), Texts::new(Lang::En));
    let mut view = View {
        snapshot: &snapshot,
        filter: &filter,
        columns: ANPE,
        texts: &texts,
        paint: Paint::new(true),
    };
    let (mut painted, mut plain) = (vec![], vec![]);
    view.list(&mut painted).unwrap();
    view.paint = Paint::new(false);
    view.list(&mut plain).unwrap();
    let codes = regex::bytes::Regex::new("\x1b\\[[0-9;]*m").unwrap();
    assert!(painted.len() > plain.len());
    assert_eq!(codes.replace_all(&painted, &b""[..]), plain);
}

#[test]
fn machine_formats_are_complete_and_escaped() {
    let snapshot = snapshot();
    let mut out = vec![];
    json::write(&snapshot, &mut out).unwrap();
    csv::write(&snapshot, true, &mut out).unwrap();
    json::write_summary(&snapshot, &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert!(
        text.chars()
            .all(|c| !c.is_control() || c == '\n' || c == '\r')
    );
    insta::assert_snapshot!(text.replace('\r', ""));
}

#[test]
fn a_watch_reports_changes() {
    let (before, mut now) = (snapshot(), snapshot());
    now.inet.retain(|socket| socket.local_port != 3306);
    now.unix.push(unix(State::Close, 13, UnixName::None));
    for socket in &mut now.inet {
        if socket.state == State::Established && socket.local_port == 22 {
            socket.state = State::CloseWait;
        }
    }
    let (filter, texts) = (all(), Texts::new(Lang::En));
    let view = |snapshot| View {
        snapshot,
        filter: &filter,
        columns: ANPE,
        texts: &texts,
        paint: Paint::new(false),
    };
    let watch = Watch {
        before: view(&before),
        now: view(&now),
        time: "12:00:01",
    };
    let mut out = vec![];
    let changes = changes(&before, &now);
    watch.write(&mut out, &changes).unwrap();
    json::write_changes(
        &before,
        &now,
        &changes,
        "2026-11-21T12:00:01.000Z",
        &mut out,
    )
    .unwrap();
    csv::write_changes(
        &before,
        &now,
        &changes,
        "2026-11-21T12:00:01.000Z",
        &mut out,
    )
    .unwrap();
    insta::assert_snapshot!(String::from_utf8(out).unwrap().replace('\r', ""));
}

#[test]
fn unread_parts_are_reported_in_both_languages() {
    let snapshot = snapshot();
    let notes = [
        Note::HiddenOwners {
            sockets: 1,
            processes: 1200,
        },
        Note::HiddenOwners {
            sockets: 2,
            processes: 0,
        },
        Note::Interrupted {
            proto: Proto::Tcp,
            netns: 0,
        },
        Note::Fallback {
            proto: Proto::Udp,
            errno: 13,
        },
        Note::Unreadable {
            proto: Proto::Unix,
            count: 2,
        },
        Note::NetnsRefused { count: 3 },
    ];
    let mut text = String::new();
    for lang in Lang::ALL {
        for seen in &notes {
            text += &(Texts::new(*lang).say(&note(&snapshot, seen)) + "\n");
        }
    }
    insta::assert_snapshot!(text);
}
