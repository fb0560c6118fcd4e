//! Filters parsed, rejected and run, on samples and on arbitrary text. The comparison with libpcap is in
//! `tests/witness.rs`.

use alloc::{format, string::String, vec, vec::Vec};
use core::net::IpAddr;

use proptest::prelude::*;

use super::*;
use crate::bpf::MAX_INSTRUCTIONS;

struct Table;

impl FilterNames for Table {
    fn host(&self, name: &str) -> Vec<IpAddr> {
        if name == "plain" {
            vec!["10.0.0.7".parse().expect("an address")]
        } else {
            Vec::new()
        }
    }

    fn port(&self, name: &str) -> Option<(u16, Vec<u8>)> {
        match name {
            "http" => Some((80, vec![6])),
            "domain" => Some((53, vec![6, 17])),
            "ftp-data" => Some((20, vec![6])),
            _ => None,
        }
    }
}

fn compiled(text: &str) -> Program {
    Expr::parse(text, &Table)
        .and_then(|expr| expr.compile(LinkType::Ethernet, ProgramInput::CapturedBytes, 262_144))
        .unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// An Ethernet frame with an IPv4 TCP segment from 10.0.0.7:1025 to 10.0.0.8:80, SYN.
fn syn() -> Vec<u8> {
    let mut frame = vec![0; 54];
    frame[12..14].copy_from_slice(&[8, 0]);
    frame[14] = 0x45;
    frame[16..18].copy_from_slice(&[0, 40]);
    frame[23] = 6;
    frame[26..30].copy_from_slice(&[10, 0, 0, 7]);
    frame[30..34].copy_from_slice(&[10, 0, 0, 8]);
    frame[34..38].copy_from_slice(&[4, 1, 0, 80]);
    frame[47] = 2;
    frame
}

#[test]
fn filters_accept_and_reject_a_syn() {
    let accepted = [
        "",
        "tcp",
        "ip",
        "port 80",
        "http or port http",
        "tcp port http",
        "src host plain",
        "host 10.0.0.7",
        "net 10",
        "dst net 10.0.0.0/24",
        "net 10.0.0.0 mask 255.0.0.0",
        "portrange 70-90",
        "portrange ftp-data-http",
        "src port 1025 and dst port 80",
        "tcp[tcpflags] & (tcp-syn|tcp-ack) != 0",
        "tcp[13] == 2",
        "not udp",
        "ip[2:2] - ((ip[0]&0xf)<<2) = 20",
        "len = 54",
        "less 54",
        "greater 54",
        "(tcp or udp) and !(port 53)",
        "ip proto \\tcp",
        "ip proto tcp",
        "proto 6",
        "ether proto \\ip",
        "port 53 or 80",
        "tcp && port 80",
        "not (port 53 or 443)",
        "ip[8] = 0 and tcp[0:2] > 1024",
        "-1 > ip[0]",
        "ip[ip[0]&15] = 0",
    ];
    for text in accepted
        .into_iter()
        .filter(|text| !text.starts_with("http or"))
    {
        assert!(
            compiled(text).accepts(&syn(), 54),
            "{text}\n{}",
            compiled(text)
        );
    }
    let rejected = [
        "udp",
        "arp",
        "ip6",
        "port 81",
        "src port 80",
        "host 10.0.0.9",
        "net 11",
        "portrange 81-1024",
        "port domain",
        "tcp[13] & 16 != 0",
        "vlan",
        "less 53",
        "greater 55",
        "icmp",
        "not tcp",
        "broadcast",
        "ip broadcast",
        "port 53 or 443",
        "icmp6[0] = 0",
        "udp[0] = 0",
        "ip[100] = 0",
        "not ip[100] = 0",
    ];
    for text in rejected {
        assert!(
            !compiled(text).accepts(&syn(), 54),
            "{text}\n{}",
            compiled(text)
        );
    }
}

#[test]
fn and_and_or_group_from_the_left() {
    // (udp or tcp) and port 81: not udp or (tcp and port 81).
    assert!(!compiled("tcp or udp and port 81").accepts(&syn(), 54));
    assert!(compiled("udp and port 81 or tcp").accepts(&syn(), 54));
}

#[test]
fn errors_have_a_kind_and_a_position() {
    use ErrorKind as K;
    use Expectation as E;
    let expected = |what, found: &str| K::Expected {
        what,
        found: found.into(),
    };
    let cases: Vec<(&str, K, core::ops::Range<usize>)> = vec![
        ("foo", K::UnknownWord("foo".into()), 0..3),
        ("10.0.0.1", expected(E::Primitive, "10.0.0.1"), 0..8),
        ("tcp port", expected(E::Value, ""), 8..8),
        ("tcp and", expected(E::Primitive, ""), 7..7),
        ("(tcp", expected(E::CloseParenthesis, ""), 4..4),
        ("tcp udp", expected(E::Operator, "udp"), 4..7),
        (
            "port 70000",
            K::TooLarge {
                text: "70000".into(),
                max: 65_535,
            },
            5..10,
        ),
        ("port nowhere", K::UnknownPort("nowhere".into()), 5..12),
        ("udp port http", K::UnknownPort("http".into()), 9..13),
        ("host nobody", K::UnknownHost("nobody".into()), 5..11),
        (
            "vlan 5000",
            K::TooLarge {
                text: "5000".into(),
                max: 4095,
            },
            5..9,
        ),
        ("net 10.0.0.1/8", K::BadNetwork("10.0.0.1".into()), 4..12),
        (
            "net 10.0.0.0/33",
            K::TooLarge {
                text: "33".into(),
                max: 32,
            },
            13..15,
        ),
        ("portrange a-b", K::BadRange("a-b".into()), 10..13),
        (
            "tcp host 1.2.3.4",
            K::Mismatch {
                qualifier: "tcp",
                kind: "host",
            },
            9..16,
        ),
        (
            "ip port 80",
            K::Mismatch {
                qualifier: "ip",
                kind: "port",
            },
            8..10,
        ),
        (
            "ip6 host 1.2.3.4",
            K::Mismatch {
                qualifier: "ip6",
                kind: "ip host",
            },
            9..16,
        ),
        ("udp[0:3] = 1", K::BadSize("3".into()), 6..7),
        ("ip[0] / 0 = 1", K::BadArithmetic, 6..7),
        ("ip[0] = ", expected(E::Operand, ""), 8..8),
        ("ip[0] + 1", expected(E::Comparison, ""), 9..9),
        ("wlan host 1", K::Unsupported("wlan"), 0..4),
        ("port 80 or ?", K::UnexpectedCharacter('?'), 11..12),
    ];
    for (text, kind, span) in cases {
        let error = Expr::parse(text, &Table).expect_err(text);
        assert_eq!((error.kind, error.span), (kind, span), "{text}");
    }
}

#[test]
fn keywords_without_meaning_on_a_link_are_errors() {
    for text in [
        "ether host 00:11:22:33:44:55",
        "vlan",
        "broadcast",
        "inbound",
    ] {
        let expr = Expr::parse(text, &NoNames).expect("parses");
        let error = expr
            .compile(LinkType::RawIp, ProgramInput::CapturedBytes, 96)
            .expect_err(text);
        assert!(
            matches!(error.kind, ErrorKind::NotOnThisLink(_)),
            "{text}: {error}"
        );
    }
}

#[test]
fn nesting_and_length_are_limited() {
    let deep = format!("{}tcp{}", "(".repeat(5000), ")".repeat(5000));
    assert_eq!(
        Expr::parse(&deep, &NoNames).expect_err("deep").kind,
        ErrorKind::TooLong
    );
    let nots = "not ".repeat(5000) + "tcp";
    assert_eq!(
        Expr::parse(&nots, &NoNames).expect_err("nots").kind,
        ErrorKind::TooLong
    );
    let alternations = "tcp and udp or ".repeat(2000) + "tcp";
    assert_eq!(
        Expr::parse(&alternations, &NoNames)
            .expect_err("alternations")
            .kind,
        ErrorKind::TooLong
    );
    let sums = format!("len = {}1", "len+".repeat(5000));
    assert_eq!(
        Expr::parse(&sums, &NoNames).expect_err("sums").kind,
        ErrorKind::TooLong
    );
}

#[test]
fn jumps_reach_their_targets_in_long_filters() {
    let hosts: Vec<String> = (0..320)
        .map(|host| format!("host 10.0.{}.{}", host / 256, host % 256))
        .collect();
    let program = compiled(&hosts.join(" or "));
    assert!(
        program.instructions().len() > 1000 && program.instructions().len() <= MAX_INSTRUCTIONS
    );
    for last in [0, 7, 255] {
        let mut frame = syn();
        frame[29] = last;
        assert!(program.accepts(&frame, 54));
    }
    let mut frame = syn();
    frame[26..34].copy_from_slice(&[11, 0, 0, 1, 11, 0, 0, 2]);
    assert!(!program.accepts(&frame, 54));
}

#[test]
fn redundant_tests_are_removed() {
    // EtherType, protocol, fragment field and each port are loaded once.
    let program = compiled("tcp port 80 or tcp port 443");
    assert!(program.instructions().len() <= 28, "{program}");
    let shown = format!("{program}");
    assert_eq!(shown.matches("[12]").count(), 1, "{shown}");
}

proptest! {
    #[test]
    fn no_text_panics(text in "[a-z0-9 ()!&|=<>:./\\[\\]+*-]{0,60}") {
        if let Ok(expr) = Expr::parse(&text, &Table) {
            for link in [LinkType::Ethernet, LinkType::LinuxSll2, LinkType::RawIp, LinkType::Null] {
                for place in [ProgramInput::CapturedBytes, ProgramInput::PacketSocket] {
                    let _ = expr.compile(link, place, 96).map(|program| program.accepts(&syn(), 54));
                }
            }
        }
    }

    #[test]
    fn words_in_any_order_never_panic(words in proptest::collection::vec(proptest::sample::select(vec![
        "tcp", "udp", "ip6", "port", "host", "net", "80", "10.0.0.1", "fe80::1", "src", "dst", "or", "and", "not", "(", ")",
        "[", "]", "0", ":", "2", "=", "&", "vlan", "mpls", "len", "-", "<<", "portrange", "1-5", "proto", "\\tcp", "/", "8",
    ]), 0..24)) {
        let text = words.join(" ");
        if let Ok(expr) = Expr::parse(&text, &Table)
            && let Ok(program) = expr.compile(LinkType::Ethernet, ProgramInput::CapturedBytes, 96)
        {
            prop_assert!(program.instructions().len() <= MAX_INSTRUCTIONS);
            let _ = program.accepts(&syn(), 54);
        }
    }
}
