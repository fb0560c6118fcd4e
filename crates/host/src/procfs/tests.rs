//! Tests with lines of a real `/proc/net`, and malformed ones.

use super::*;
use crate::socket::{Proto, State, UnixName};
use proptest::prelude::*;

#[test]
fn an_ipv6_line_is_read() {
    let line = b"   1: 00000000000000000000000001000000:1F90 0000000000000000FFFF00000100007F:D431 01 00000002:00000005 00:00000000 00000000  1000        0 4242 1 0000000000000000 20 4 30 10 -1";
    let socket = parse_inet_line(line, Proto::Tcp, 3).unwrap();
    assert_eq!(socket.local, "::1".parse::<core::net::IpAddr>().unwrap());
    assert_eq!(
        socket.peer,
        "::ffff:127.0.0.1".parse::<core::net::IpAddr>().unwrap()
    );
    assert_eq!((socket.local_port, socket.peer_port), (8080, 54321));
    assert_eq!((socket.recv_q, socket.send_q), (5, 2));
    assert_eq!(
        (socket.state, socket.uid, socket.inode, socket.netns),
        (State::Established, Some(1000), 4242, 3)
    );
}

#[test]
fn a_socket_without_a_program_has_no_user() {
    let line = b"   7: 0100007F:1F90 0100007F:D431 06 00000000:00000000 03:00001770 00000000     0        0 0 3 0000000000000000";
    let socket = parse_inet_line(line, Proto::Tcp, 0).unwrap();
    assert_eq!((socket.state, socket.uid), (State::TimeWait, None));
}

#[test]
fn headings_and_fragments_are_rejected() {
    let heading = b"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";
    assert_eq!(parse_inet_line(heading, Proto::Tcp, 0), None);
    assert_eq!(
        parse_unix_line(
            b"Num       RefCount Protocol Flags    Type St Inode Path",
            0
        ),
        None
    );
    assert_eq!(
        parse_packet_line(
            b"sk               RefCnt Type Proto  Iface R Rmem   User   Inode",
            0
        ),
        None
    );
    let mixed = b"0: 0100007F:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 5";
    assert_eq!(parse_inet_line(mixed, Proto::Tcp, 0), None);
}

#[test]
fn unix_names_of_every_kind_are_parsed() {
    let name = |line: &[u8]| parse_unix_line(line, 0).unwrap().name;
    let with = |text: &str| {
        [
            b"ffff888000000000: 00000003 00000000 00000000 0002 03 99".as_slice(),
            text.as_bytes(),
        ]
        .concat()
    };
    assert_eq!(name(&with("")), UnixName::None);
    assert_eq!(
        name(&with(" @/tmp/x@y")),
        UnixName::Abstract((*b"/tmp/x@y").into())
    );
    assert_eq!(name(&with("  lead")), UnixName::Path((*b" lead").into()));
}

proptest! {
    #[test]
    fn arbitrary_lines_never_panic(line in prop::collection::vec(any::<u8>(), 0..200)) {
        for proto in Proto::ALL {
            let _ = parse_inet_line(&line, proto, 0);
        }
        let _ = parse_unix_line(&line, 0);
        let _ = parse_packet_line(&line, 0);
        let _ = parse_netns_mount(&line);
    }

    #[test]
    fn almost_valid_lines_never_panic(line in "[0-9A-F]{1,3}: [0-9A-F]{7,33}:[0-9A-F]{3,5} [0-9A-F]{8}:[0-9A-F]{4} [0-9A-F]{1,3} [0-9A-F]{8}:[0-9A-F]{8} 00:0 0 [0-9]{1,11} 0 [0-9]{1,11}") {
        let _ = parse_inet_line(line.as_bytes(), Proto::Tcp, 0);
    }
}
