//! Tests of the filter.

use super::pattern::glob;
use super::*;
use crate::socket::V6Only;
use proptest::prelude::*;
use std::net::{Ipv4Addr, Ipv6Addr};

fn socket(proto: Proto, state: State, local: (&str, u16), peer: (&str, u16)) -> InetSocket {
    InetSocket {
        local: local.0.parse().unwrap(),
        peer: peer.0.parse().unwrap(),
        cookie: 1,
        inode: 9,
        recv_q: 0,
        send_q: 0,
        backlog: None,
        uid: Some(1000),
        interface: 0,
        local_port: local.1,
        peer_port: peer.1,
        netns: 0,
        proto,
        state,
        v6only: V6Only::Unknown,
    }
}

#[test]
fn prefixes_contain_their_addresses() {
    let holds = |prefix: &str, address: &str| {
        prefix
            .parse::<Prefix>()
            .unwrap()
            .contains(address.parse().unwrap())
    };
    assert!(holds("10.0.0.0/8", "10.200.1.2"));
    assert!(!holds("10.0.0.0/8", "11.0.0.1"));
    assert!(holds("10.0.0.0/8", "::ffff:10.1.1.1"));
    assert!(holds("0.0.0.0/0", "1.2.3.4"));
    assert!(holds("::/0", "::1"));
    assert!(!holds("::/0", "1.2.3.4"));
    assert!(holds("fe80::/10", "fe80::1") && !holds("fe80::/10", "2001:db8::1"));
    assert!(holds("::1", "::1") && !holds("::1", "::2"));
    assert_eq!(
        "10.0.0.0/33".parse::<Prefix>(),
        Err(FilterError::PrefixLength)
    );
    assert_eq!("ten".parse::<Prefix>(), Err(FilterError::Address));
}

#[test]
fn endpoints_parse_with_and_without_ports() {
    let end = |text: &str| text.parse::<Endpoint>().unwrap();
    assert!(end("[::1]:22").contains("::1".parse().unwrap(), 22));
    assert!(!end("[::1]:22").contains("::1".parse().unwrap(), 23));
    assert!(end("::1").contains("::1".parse().unwrap(), 23));
    assert!(end(":8000-8100").contains("1.1.1.1".parse().unwrap(), 8050));
    assert!(end("10.0.0.0/8:22").contains("10.9.9.9".parse().unwrap(), 22));
    assert!("10.0.0.0/8:x".parse::<Endpoint>().is_err());
    assert!("".parse::<Endpoint>().is_err());
}

#[test]
fn port_ranges_parse_in_every_form() {
    assert_eq!(
        "22".parse(),
        Ok(PortRange {
            first: 22,
            last: 22
        })
    );
    assert_eq!("1-9".parse(), Ok(PortRange { first: 1, last: 9 }));
    assert_eq!(
        "1024-".parse(),
        Ok(PortRange {
            first: 1024,
            last: 65535
        })
    );
    assert_eq!("-9".parse(), Ok(PortRange { first: 0, last: 9 }));
    for bad in ["", "-", "9-1", "65536", "a", "1-b"] {
        assert_eq!(bad.parse::<PortRange>(), Err(FilterError::Port), "{bad}");
    }
}

#[test]
fn states_parse_as_netstat_and_ss_spell_them() {
    for word in ["ESTABLISHED", "estab", "established"] {
        assert_eq!(
            states_named(word),
            Ok(StateSet::default().with(State::Established))
        );
    }
    for word in ["fin-wait-1", "FIN_WAIT1", "fin_wait_1"] {
        assert_eq!(
            states_named(word),
            Ok(StateSet::default().with(State::FinWait1))
        );
    }
    assert!(states_named("syn-recv").unwrap().has(State::SynRecv));
    assert!(states_named("listening").unwrap().has(State::Listen));
    assert!(states_named("bound").unwrap().has(State::BoundInactive));
    assert_eq!(states_named("asleep"), Err(FilterError::State));
    for state in State::ALL {
        assert!(states_named(state.name()).unwrap().has(state));
    }
}

#[test]
fn sides_select_what_netstat_shows() {
    let listen = socket(Proto::Tcp, State::Listen, ("0.0.0.0", 22), ("0.0.0.0", 0));
    let conn = socket(
        Proto::Tcp,
        State::Established,
        ("10.0.0.1", 22),
        ("10.0.0.2", 5000),
    );
    let udp = socket(Proto::Udp, State::Close, ("0.0.0.0", 53), ("0.0.0.0", 0));
    let side = |side| Filter {
        side,
        ..Filter::default()
    };
    let passes = |f: &Filter| [f.inet(&listen), f.inet(&conn), f.inet(&udp)];
    assert_eq!(passes(&side(Side::Connections)), [false, true, false]);
    assert_eq!(passes(&side(Side::Listeners)), [true, false, true]);
    assert_eq!(passes(&side(Side::All)), [true, true, true]);
    let exposed = Filter {
        exposed: true,
        ..Filter::default()
    };
    assert_eq!(passes(&exposed), [true, false, true]);
    let v6 = Filter {
        v4: false,
        ..side(Side::All)
    };
    assert_eq!(passes(&v6), [false; 3]);
    let port = Filter {
        ports: vec!["5000".parse().unwrap()],
        ..side(Side::All)
    };
    assert_eq!(passes(&port), [false, true, false]);
    let user = Filter {
        users: vec![0],
        ..side(Side::All)
    };
    assert_eq!(passes(&user), [false; 3]);
}

#[test]
fn names_match_exactly_or_by_pattern() {
    let process = |name: &[u8], cmdline: &[u8]| Process {
        pid: 7,
        name: name.into(),
        cmdline: Some(cmdline.into()),
        ..Process::default()
    };
    let nginx = process(b"nginx", b"nginx: worker process\0");
    let python = process(b"python3", b"/usr/bin/python3\0-m\0http.server\0");
    let matches = |text: &str, p: &Process| ProcessPattern::new(text).matches(p);
    assert!(matches("nginx", &nginx) && !matches("ngin", &nginx));
    assert!(matches("ng*", &nginx) && matches("n?inx", &nginx) && matches("*", &nginx));
    assert!(matches("7", &nginx) && !matches("8", &nginx));
    assert!(matches("python3", &python) && !matches("http.server", &python));
}

proptest! {
    #[test]
    fn parsing_never_panics(text in ".{0,40}") {
        let _ = text.parse::<Prefix>();
        let _ = text.parse::<PortRange>();
        let _ = text.parse::<Endpoint>();
        let _ = states_named(&text);
    }

    #[test]
    fn glob_agrees_with_a_simple_implementation(pattern in "[ab*?]{0,6}", text in "[ab]{0,8}") {
        fn plain(p: &[u8], t: &[u8]) -> bool {
            match p {
                [] => t.is_empty(),
                [b'*', rest @ ..] => (0..=t.len()).any(|n| plain(rest, &t[n..])),
                [c, rest @ ..] => t.first().is_some_and(|x| *c == b'?' || c == x) && plain(rest, &t[1..]),
            }
        }
        prop_assert_eq!(glob(pattern.as_bytes(), text.as_bytes()), plain(pattern.as_bytes(), text.as_bytes()));
    }

    #[test]
    fn prefixes_compare_their_leading_bits(a in any::<u128>(), b in any::<u128>(), bits in 0u8..=128) {
        let prefix = Prefix::new(Ipv6Addr::from(a).into(), bits).unwrap();
        let same = (0..u32::from(bits)).all(|n| (a >> (127 - n)) & 1 == (b >> (127 - n)) & 1);
        prop_assert_eq!(prefix.contains(Ipv6Addr::from(b).into()), same);
        let (a, b, bits) = (a as u32, b as u32, bits % 33);
        let prefix = Prefix::new(Ipv4Addr::from(a).into(), bits).unwrap();
        let same = (0..u32::from(bits)).all(|n| (a >> (31 - n)) & 1 == (b >> (31 - n)) & 1);
        prop_assert_eq!(prefix.contains(Ipv4Addr::from(b).into()), same);
    }
}
