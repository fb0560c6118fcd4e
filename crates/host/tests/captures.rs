//! Sockets of a real kernel at one moment, as netlink messages and as `/proc/net` files (`fixtures/capture.py`, Linux
//! 6.18, x86-64): both parse to the same values.

#![cfg(target_endian = "little")]

use proptest::prelude::*;
use std::collections::BTreeMap;
use vigie_host::diag::{SOCK_DIAG_BY_FAMILY, parse_inet, parse_packet, parse_unix};
use vigie_host::listener::{Exposure, Families};
use vigie_host::procfs::{parse_inet_line, parse_packet_line, parse_unix_line};
use vigie_host::socket::{
    InetSocket, PacketKind, PacketSocket, Proto, State, UnixKind, UnixName, UnixSocket, V6Only,
};

macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!("fixtures/", $name)).as_slice()
    };
}

/// Returns the messages of a dump without their netlink headers.
fn messages(mut dump: &[u8]) -> Vec<&[u8]> {
    let mut messages = vec![];
    while let Some((header, _)) = dump.split_first_chunk::<16>() {
        let length = u32::from_le_bytes(*header.first_chunk().unwrap()) as usize;
        if u16::from_le_bytes([header[4], header[5]]) == SOCK_DIAG_BY_FAMILY {
            messages.push(&dump[16..length]);
        }
        dump = &dump[length.next_multiple_of(4)..];
    }
    messages
}

fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| *byte == b'\n')
        .skip(1)
        .filter(|line| !line.is_empty())
}

fn inet(dump: &[u8], proto: Proto) -> Vec<InetSocket> {
    messages(dump)
        .into_iter()
        .map(|message| parse_inet(message, proto, 0).unwrap())
        .collect()
}

fn unix(dump: &[u8]) -> Vec<UnixSocket> {
    let mut sockets = vec![];
    for message in messages(dump) {
        parse_unix(message, 0, |socket| sockets.push(socket)).unwrap();
    }
    sockets
}

/// Returns the socket without the fields that `/proc/net` does not contain.
fn as_in_procfs(socket: &InetSocket) -> InetSocket {
    InetSocket {
        cookie: 0,
        backlog: None,
        interface: 0,
        v6only: V6Only::Unknown,
        ..socket.clone()
    }
}

#[test]
fn netlink_and_procfs_report_the_same_inet_sockets() {
    for (dump, text, proto, count) in [
        (fixture!("tcp.nl"), fixture!("tcp.txt"), Proto::Tcp, 10),
        (fixture!("tcp6.nl"), fixture!("tcp6.txt"), Proto::Tcp, 3),
        (fixture!("udp.nl"), fixture!("udp.txt"), Proto::Udp, 2),
        (fixture!("udp6.nl"), fixture!("udp6.txt"), Proto::Udp, 1),
    ] {
        let by_ends = |sockets: Vec<InetSocket>| {
            let key = |s: &InetSocket| (s.local, s.local_port, s.peer, s.peer_port, s.inode);
            sockets
                .into_iter()
                .map(|socket| (key(&socket), socket))
                .collect::<BTreeMap<_, _>>()
        };
        let from_netlink = by_ends(inet(dump, proto).iter().map(as_in_procfs).collect());
        let read = by_ends(
            lines(text)
                .map(|line| parse_inet_line(line, proto, 0).unwrap())
                .collect(),
        );
        assert_eq!(from_netlink.len(), count);
        assert_eq!(from_netlink, read);
    }
}

#[test]
fn fields_that_only_netlink_reports_are_parsed() {
    let tcp = inet(fixture!("tcp.nl"), Proto::Tcp);
    let on = |port| {
        tcp.iter()
            .find(|s| s.local_port == port && s.state == State::Listen)
            .unwrap()
    };
    assert_eq!(
        (on(8001).backlog, on(8001).recv_q, on(8001).send_q),
        (Some(7), 1, 0)
    );
    assert_eq!(on(8004).interface, 1);
    assert_eq!(
        Exposure::of(on(8004)),
        Some(Exposure::Machine(Families::V4))
    );
    let dual = inet(fixture!("tcp6.nl"), Proto::Tcp);
    let v6only = |port| {
        dual.iter()
            .find(|s| s.local_port == port && s.state == State::Listen)
            .unwrap()
            .v6only
    };
    assert_eq!((v6only(8002), v6only(8003)), (V6Only::No, V6Only::Yes));
    let mapped = dual.iter().find(|s| s.state == State::Established).unwrap();
    assert_eq!(mapped.local.to_string(), "::ffff:127.0.0.1");
    let mut cookies: Vec<u64> = tcp.iter().map(|s| s.cookie).collect();
    cookies.sort_unstable();
    cookies.dedup();
    assert!(
        cookies.len() == tcp.len() && cookies[0] != 0,
        "cookies are unique"
    );
    let states: Vec<State> = tcp.iter().map(|s| s.state).collect();
    for state in [
        State::TimeWait,
        State::FinWait2,
        State::CloseWait,
        State::Established,
    ] {
        assert!(states.contains(&state), "{state:?}");
    }
    let gone = tcp.iter().find(|s| s.state == State::TimeWait).unwrap();
    assert_eq!((gone.uid, gone.inode), (None, 0));
}

#[test]
fn every_field_of_unix_sockets_is_parsed() {
    let sockets = unix(fixture!("unix.nl"));
    let named =
        |socket: &UnixSocket| socket.name == UnixName::Path((*b"/tmp/vigie fixture").into());
    let listener = sockets.iter().find(|s| s.state == State::Listen).unwrap();
    assert!(named(listener));
    assert_eq!(
        (listener.recv_q, listener.backlog, listener.uid),
        (1, Some(4), Some(0))
    );
    let waiting = sockets
        .iter()
        .find(|s| s.state == State::Connecting)
        .unwrap();
    assert!(named(waiting) && waiting.inode == 0 && waiting.peer_inode.is_some());
    let odd = sockets.iter().find(|s| s.kind == UnixKind::Dgram).unwrap();
    assert_eq!(odd.name, UnixName::Abstract((*b"vigie\nfixture").into()));
    let pair: Vec<_> = sockets
        .iter()
        .filter(|s| s.kind == UnixKind::SeqPacket)
        .collect();
    assert_eq!(
        (pair[0].peer_inode, pair[1].peer_inode),
        (Some(pair[1].inode), Some(pair[0].inode))
    );

    // The newline in one name breaks its line in the file; all other sockets are the same.
    let read: Vec<_> = lines(fixture!("unix.txt"))
        .map(|line| parse_unix_line(line, 0))
        .collect();
    assert_eq!(read.iter().filter(|socket| socket.is_none()).count(), 1);
    let key = |s: &UnixSocket| (s.inode, s.kind, s.state, s.name.clone());
    let sorted = |mut keys: Vec<_>| {
        keys.sort();
        keys
    };
    let from_netlink = sockets
        .iter()
        .filter(|s| s.kind != UnixKind::Dgram)
        .map(key)
        .collect();
    let read = read
        .iter()
        .flatten()
        .filter(|s| s.kind != UnixKind::Dgram)
        .map(key)
        .collect();
    assert_eq!(sorted(from_netlink), sorted(read));
}

#[test]
fn every_field_of_packet_sockets_is_parsed() {
    let from_netlink: Vec<PacketSocket> = messages(fixture!("packet.nl"))
        .into_iter()
        .map(|message| parse_packet(message, 0).unwrap())
        .collect();
    let read: Vec<PacketSocket> = lines(fixture!("packet.txt"))
        .map(|line| parse_packet_line(line, 0).unwrap())
        .collect();
    assert_eq!(from_netlink.len(), 2);
    for socket in &from_netlink {
        let same = read
            .iter()
            .find(|other| other.inode == socket.inode)
            .unwrap();
        // The queue length is from another instant: the capture itself sends frames over the loopback link.
        assert_eq!(
            PacketSocket {
                cookie: 0,
                recv_q: same.recv_q,
                ..socket.clone()
            },
            *same
        );
    }
    let all = from_netlink
        .iter()
        .find(|s| s.kind == PacketKind::Raw)
        .unwrap();
    assert_eq!((all.protocol, all.interface, all.uid), (3, 0, Some(0)));
}

#[test]
fn raw_sockets_are_parsed_from_procfs() {
    let raw: Vec<_> = lines(fixture!("raw.txt"))
        .map(|line| parse_inet_line(line, Proto::Raw, 0).unwrap())
        .collect();
    assert_eq!(
        (raw.len(), raw[0].local_port, raw[0].state),
        (1, 1, State::Close)
    );
}

/// Parses bytes as every kind of message.
fn parse_all(message: &[u8]) {
    for proto in Proto::ALL {
        let _ = parse_inet(message, proto, 0);
    }
    let mut count = 0;
    let _ = parse_unix(message, 0, |_| count += 1);
    assert!(
        count <= 1 + message.len() / 4,
        "no more than the message can hold"
    );
    let _ = parse_packet(message, 0);
}

proptest! {
    #[test]
    fn arbitrary_messages_never_panic(message in prop::collection::vec(any::<u8>(), 0..300)) {
        parse_all(&message);
    }

    #[test]
    fn damaged_messages_never_panic(
        which in any::<prop::sample::Index>(),
        cut in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
    ) {
        let all: Vec<&[u8]> = [fixture!("tcp.nl"), fixture!("tcp6.nl"), fixture!("unix.nl"), fixture!("packet.nl")]
            .into_iter()
            .flat_map(messages)
            .collect();
        let mut message = which.get(&all).to_vec();
        for (at, byte) in changes {
            let at = at.index(message.len());
            message[at] = byte;
        }
        message.truncate(cut.index(message.len() + 1));
        parse_all(&message);
    }
}
