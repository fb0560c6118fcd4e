//! Connect outcomes against real targets and firewalls, in namespaces made for each test. Needs root, and fails without
//! it.

mod common;

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::time::{Duration, Instant};

use common::*;
use rustix::io::Errno;
use vigie_linux::net::Network;
use vigie_linux::netns::set_sysctl;
use vigie_linux::nft::{Chain, Hook, Match, Policy, Reject, Rule, Table, Verdict, install};
use vigie_linux::tcp_connect::{ConnectConfig, ConnectError, Connector, Outcome, Started};

/// Connects to every address, waiting whenever the connector is full, and returns the outcomes by id.
fn outcomes(connector: &mut Connector, to: &[SocketAddr]) -> BTreeMap<u64, Outcome> {
    let mut found = BTreeMap::new();
    let mut next = 0;
    let give_up = Instant::now() + PATIENCE;
    while found.len() < to.len() {
        while next < to.len()
            && connector.start(next as u64, to[next]).expect("start") == Started::Yes
        {
            next += 1;
        }
        let ended = connector.poll(Some(Duration::from_millis(50)), |e| {
            assert!(e.rtt_ns < 60_000_000_000);
            assert_eq!(found.insert(e.id, e.outcome), None, "one event for each id");
        });
        ended.expect("poll");
        assert!(
            Instant::now() < give_up,
            "{} of {} ended",
            found.len(),
            to.len()
        );
    }
    assert_eq!(connector.in_flight(), 0);
    found
}

fn one(to: SocketAddr) -> Outcome {
    let mut connector = Connector::new(ConnectConfig::default()).expect("a connector");
    outcomes(&mut connector, &[to])[&0]
}

fn at(address: &str, port: u16) -> SocketAddr {
    SocketAddr::new(ip(address), port)
}

fn port_rule(family: Match, port: u16, verdict: Verdict) -> Rule {
    Rule::new(
        [
            family,
            Match::TCP,
            Match::DestinationPorts(vec![port..=port]),
        ],
        verdict,
    )
}

#[test]
fn open_refused_and_every_icmp_code_have_different_outcomes() {
    let (near, far) = pair();
    let codes4 = [0, 1, 2, 3, 9, 10, 13];
    let codes6 = [0, 1, 3, 4];
    let _listeners = far
        .run(|| {
            let reject4 = codes4.iter().map(|&code| {
                let verdict = Verdict::Reject(Reject::Icmp4(code));
                port_rule(Match::Ipv4, 100 + u16::from(code), verdict)
            });
            let reject6 = codes6.iter().map(|&code| {
                let verdict = Verdict::Reject(Reject::Icmp6(code));
                port_rule(Match::Ipv6, 100 + u16::from(code), verdict)
            });
            let reset = port_rule(Match::Ipv4, 200, Verdict::Reject(Reject::TcpReset));
            let rules = reject4.chain(reject6).chain([reset]).collect();
            let chain = Chain {
                hook: Hook::Input,
                policy: Policy::Accept,
                rules,
            };
            let table = Table {
                name: "reject".to_owned(),
                chains: vec![chain],
            };
            install(&table).expect("the packet filter");
            // With the kernel's limit on ICMP errors only the first attempt would get one.
            set_sysctl("net/ipv4/icmp_ratelimit", "0").expect("no limit");
            set_sysctl("net/ipv6/icmp/ratelimit", "0").expect("no limit");
            ["10.9.0.2", "fd09::2"].map(|a| TcpListener::bind(at(a, 80)).expect("listen"))
        })
        .expect("inside");
    near.run(|| {
        for (address, kind, codes) in [("10.9.0.2", 3, &codes4[..]), ("fd09::2", 1, &codes6[..])] {
            let mut to = vec![at(address, 80), at(address, 81)];
            to.extend(codes.iter().map(|&code| at(address, 100 + u16::from(code))));
            let mut connector = Connector::new(ConnectConfig::default()).expect("a connector");
            let got = outcomes(&mut connector, &to);
            assert_eq!(
                (got[&0], got[&1]),
                (Outcome::Connected, Outcome::Refused),
                "{address}"
            );
            for (i, &code) in codes.iter().enumerate() {
                let from: IpAddr = ip(address);
                assert_eq!(
                    got[&(i as u64 + 2)],
                    Outcome::Icmp { from, kind, code },
                    "code {code}"
                );
            }
        }
        assert_eq!(one(at("10.9.0.2", 200)), Outcome::Refused);
    })
    .expect("inside");
}

#[test]
fn a_silent_target_waits_until_cancelled() {
    let (near, far) = pair();
    far.run(|| {
        let rules = vec![port_rule(Match::Ipv4, 80, Verdict::Drop)];
        let chain = Chain {
            hook: Hook::Input,
            policy: Policy::Accept,
            rules,
        };
        install(&Table {
            name: "drop".to_owned(),
            chains: vec![chain],
        })
        .expect("the packet filter");
    })
    .expect("inside");
    near.run(|| {
        let mut connector = Connector::new(ConnectConfig::default()).expect("a connector");
        assert_eq!(connector.start(5, at("10.9.0.2", 80)), Ok(Started::Yes));
        assert_eq!(
            connector.start(5, at("10.9.0.2", 81)),
            Err(ConnectError::DuplicateId(5))
        );
        let ended = connector.poll(Some(Duration::from_millis(30)), |e| panic!("{e:?}"));
        assert_eq!(ended, Ok(0));
        assert!(connector.cancel(5));
        assert!(!connector.cancel(5));
        assert_eq!(connector.in_flight(), 0);
    })
    .expect("inside");
}

#[test]
fn local_failures_are_reported() {
    let (near, _far) = pair();
    near.run(|| {
        assert_eq!(one(at("192.0.2.1", 80)), Outcome::Local(Errno::NETUNREACH));
        // No machine has 10.9.0.77, so ARP gets no answer.
        set_sysctl("net/ipv4/neigh/eth0/retrans_time_ms", "20").expect("an impatient neighbour");
        assert_eq!(one(at("10.9.0.77", 80)), Outcome::Local(Errno::HOSTUNREACH));
        let rules = vec![port_rule(Match::Ipv4, 80, Verdict::Reject(Reject::Admin))];
        let chain = Chain {
            hook: Hook::Output,
            policy: Policy::Accept,
            rules,
        };
        install(&Table {
            name: "out".to_owned(),
            chains: vec![chain],
        })
        .expect("the packet filter");
        let blocked = one(at("10.9.0.2", 80));
        assert!(matches!(blocked, Outcome::Local(_)), "{blocked:?}");

        let from = |source: &str, device: Option<&str>| ConnectConfig {
            sources: vec![ip(source)],
            device: device.map(str::to_owned),
            max_open: 0,
        };
        let mut wrong = Connector::new(from("10.9.0.99", None)).expect("a connector");
        let address = ip("10.9.0.99");
        assert_eq!(
            wrong.start(1, at("10.9.0.2", 81)),
            Err(ConnectError::BadSource { address })
        );
        let mut wrong = Connector::new(from("10.9.0.1", Some("nope0"))).expect("a connector");
        let error = wrong
            .start(1, at("10.9.0.2", 81))
            .expect_err("no such interface");
        assert_eq!(
            error,
            ConnectError::BadDevice {
                errno: Errno::NODEV
            }
        );
        let mut right = Connector::new(from("10.9.0.1", Some("eth0"))).expect("a connector");
        assert_eq!(
            outcomes(&mut right, &[at("10.9.0.2", 81)])[&0],
            Outcome::Refused
        );
    })
    .expect("inside");
}

#[test]
fn a_link_local_target_needs_only_its_zone() {
    let (near, far) = pair();
    let target = far
        .run(|| {
            wait_ready();
            let mut network = Network::open().expect("netlink");
            let all = network.addresses().expect("addresses");
            let local = all.iter().map(|a| a.prefix.address).find(|a| match a {
                IpAddr::V6(a) => a.is_unicast_link_local(),
                IpAddr::V4(_) => false,
            });
            local.expect("a link-local address")
        })
        .expect("inside");
    near.run(|| {
        let IpAddr::V6(address) = target else {
            panic!("an IPv6 address")
        };
        let zone = link("eth0").0;
        let to = std::net::SocketAddrV6::new(address, 9, 0, zone);
        assert_eq!(one(to.into()), Outcome::Refused);
    })
    .expect("inside");
}

#[test]
fn thousands_of_ports_with_few_descriptors() {
    let (near, far) = pair();
    let open = [22u16, 80, 443, 2999];
    let _listeners = far
        .run(|| open.map(|port| TcpListener::bind(at("10.9.0.2", port)).expect("listen")))
        .expect("inside");
    near.run(|| {
        let config = ConnectConfig {
            max_open: 40,
            ..ConnectConfig::default()
        };
        let mut connector = Connector::new(config).expect("a connector");
        assert_eq!(connector.capacity(), 40);
        let to: Vec<_> = (1..=3000).map(|port| at("10.9.0.2", port)).collect();
        for (id, outcome) in outcomes(&mut connector, &to) {
            let port = to[id as usize].port();
            let wanted = if open.contains(&port) {
                Outcome::Connected
            } else {
                Outcome::Refused
            };
            assert_eq!(outcome, wanted, "port {port}");
        }
    })
    .expect("inside");
}

#[test]
fn without_a_free_source_port_start_asks_to_wait() {
    let (near, far) = pair();
    far.run(|| {
        let rules = vec![port_rule(Match::Ipv4, 80, Verdict::Drop)];
        let chain = Chain {
            hook: Hook::Input,
            policy: Policy::Accept,
            rules,
        };
        install(&Table {
            name: "drop".to_owned(),
            chains: vec![chain],
        })
        .expect("the packet filter");
    })
    .expect("inside");
    near.run(|| {
        set_sysctl("net/ipv4/ip_local_port_range", "50000 50003").expect("four ports");
        let mut connector = Connector::new(ConnectConfig::default()).expect("a connector");
        let mut started = 0;
        while connector.start(started, at("10.9.0.2", 80)).expect("start") == Started::Yes {
            started += 1;
            assert!(started <= 4, "there are only four ports");
        }
        assert_eq!(connector.start(99, at("10.9.0.2", 80)), Ok(Started::NoPort));
        assert!(connector.cancel(0));
        assert_eq!(connector.start(99, at("10.9.0.2", 80)), Ok(Started::Yes));
    })
    .expect("inside");
}

#[test]
fn a_connection_with_itself_is_never_reported() {
    let here = namespace();
    here.run(|| {
        // All targets are in the ephemeral range, so that the kernel often picks the target port as source port.
        set_sysctl("net/ipv4/ip_local_port_range", "50000 50031").expect("32 ports");
        let to: Vec<_> = (0..640).map(|i| at("127.0.0.1", 50_000 + i % 32)).collect();
        let mut connector = Connector::new(ConnectConfig {
            max_open: 8,
            ..ConnectConfig::default()
        })
        .expect("a connector");
        for (id, outcome) in outcomes(&mut connector, &to) {
            assert_eq!(outcome, Outcome::Refused, "attempt {id}: nobody listens");
        }
    })
    .expect("inside");
}
