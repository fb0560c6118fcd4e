//! Verdicts on every kind of path, compared with the topology: all 65,535 ports of a host with random open ports, without
//! a firewall, behind one that drops and behind one that rejects; IPv4 and IPv6; SYN scan and connect scan.
//!
//! Each shape and firewall is a separate test, so that they run in parallel.

use std::net::IpAddr;

use vigie_lab::shapes::{FirewallMode, Shape, random_target};
use vigie_lab::{Expectations, PortBehavior, Transport};

use crate::support::{Net, Results, Verdict};

/// Number of ports of each behaviour that connect scans are compared on. Connections need long to detect silence.
const COMPARED: usize = 150;

/// Returns the verdict that a SYN scan must give for a port with this behaviour.
fn verdict(truth: PortBehavior, ip: IpAddr) -> Verdict {
    let reason = match truth {
        PortBehavior::Open => "syn-ack",
        PortBehavior::Closed | PortBehavior::Reset => "reset",
        PortBehavior::Unreachable(code) => unreachable_reason(code, ip),
        PortBehavior::Dropped | PortBehavior::NoHost => "no-response",
        PortBehavior::Silent => panic!("not of TCP"),
    };
    (truth.tcp_state().to_owned(), reason.to_owned())
}

/// Returns nmap's name of the reason for an ICMP error code.
fn unreachable_reason(code: u8, ip: IpAddr) -> &'static str {
    match (ip.is_ipv4(), code) {
        (true, 1) => "host-unreach",
        (true, 2) => "proto-unreach",
        (_, 3) if ip.is_ipv4() => "port-unreach",
        (true, 9) => "net-prohibited",
        (true, 10) => "host-prohibited",
        (true, 13) | (false, 1) => "admin-prohibited",
        (false, 0) => "no-route",
        (false, 3) => "addr-unreach",
        (false, 4) => "port-unreach",
        other => panic!("no such code in these tests: {other:?}"),
    }
}

/// Compares verdicts with `wanted`. Fails with the first ports that differ.
#[track_caller]
fn assert_verdicts(
    what: &str,
    found: &Results,
    ip: IpAddr,
    ports: &[u16],
    wanted: impl Fn(u16) -> Verdict,
) {
    let host = ip.to_string();
    let wrong: Vec<_> = ports
        .iter()
        .map(|&port| (port, found.ports.get(&(host.clone(), port)), wanted(port)))
        .filter(|(_, found, wanted)| *found != Some(wanted))
        .collect();
    assert!(
        wrong.is_empty(),
        "{what}: {} of {} ports differ (port, found, wanted): {:?}\n{:?}",
        wrong.len(),
        ports.len(),
        &wrong[..wrong.len().min(20)],
        found.lines.iter().rev().take(3).collect::<Vec<_>>(),
    );
    assert_eq!(
        found.ports.len(),
        ports.len(),
        "{what}: more ports than asked for"
    );
}

/// Returns some ports of each behaviour, and all open ones.
fn sample(truths: &Expectations<'_>) -> Vec<u16> {
    let mut seen = std::collections::HashMap::<PortBehavior, usize>::new();
    let mut take = |port: &u16| {
        let truth = truths.port(Transport::Tcp, *port);
        let count = seen.entry(truth).or_default();
        *count += 1;
        truth == PortBehavior::Open || *count <= COMPARED || *port == u16::MAX
    };
    (1..=u16::MAX).filter(|port| take(port)).collect()
}

fn check(shape: Shape, guard: FirewallMode, seed: u64) {
    let net = Net::new(shape, random_target(seed, 1_000, guard));
    let all: Vec<u16> = (1..=u16::MAX).collect();
    for ip in net.scene.targets {
        let what = format!("{shape:?} {guard:?} {ip}");
        let address = ip.to_string();
        let truths = net.scene.topology.expectations(ip);
        let truth = |port| verdict(truths.port(Transport::Tcp, port), ip);

        let syn = net.json(&["-n", "-sS", "-p-", "--all-ports", &address]);
        assert_verdicts(&format!("{what} by SYN"), &syn, ip, &all, truth);
        let end = syn.only("end");
        println!("{what} by SYN: {} s", end["elapsed"]);
        assert_eq!(end["complete"], true, "{what}");
        assert_eq!(
            end["open"].as_u64(),
            Some(syn.in_state("open").len() as u64),
            "{what}"
        );
        let counts = syn.only("host")["counts"].as_array().expect("counts");
        let counted: u64 = counts.iter().filter_map(|c| c["count"].as_u64()).sum();
        assert_eq!(counted, 65_535, "{what}");

        if shape == Shape::Loopback && guard != FirewallMode::None {
            // The firewall is stateless, so it would also block the answers on their way back.
            continue;
        }
        let some = sample(&truths);
        let list: Vec<String> = some.iter().map(u16::to_string).collect();
        let list = list.join(",");
        // Without raw sockets, a host whose firewall drops everything cannot be discovered.
        let connect = net.json(&["-n", "-Pn", "-sT", "-p", &list, "--all-ports", &address]);
        println!(
            "{what} by connections: {} s",
            connect.only("end")["elapsed"]
        );
        assert_verdicts(
            &format!("{what} by connections"),
            &connect,
            ip,
            &some,
            |port| {
                let (state, reason) = truth(port);
                // The kernel reports a reset as a refused connection.
                let reason = if reason == "reset" {
                    "conn-refused".to_owned()
                } else {
                    reason
                };
                (state, reason)
            },
        );
    }
}

/// One test for each shape and firewall.
macro_rules! shapes {
    ($($name:ident: $shape:ident, $seed:literal;)+) => {
        $(mod $name {
            use super::*;

            #[test]
            fn without_a_firewall() {
                check(Shape::$shape, FirewallMode::None, $seed);
            }

            #[test]
            fn behind_a_firewall_that_drops() {
                check(Shape::$shape, FirewallMode::Drops, $seed + 1);
            }

            #[test]
            fn behind_a_firewall_that_rejects() {
                check(Shape::$shape, FirewallMode::Rejects, $seed + 2);
            }
        })+

        #[test]
        fn every_shape_is_tested() {
            assert_eq!(Shape::ALL.as_slice(), [$(Shape::$shape),+]);
        }
    };
}

shapes! {
    loopback: Loopback, 10;
    veth: Veth, 20;
    bridge: Bridge, 30;
    switch: Switch, 40;
    macvlan: Macvlan, 50;
    vlan: Vlan, 60;
    tun: Tun, 70;
    routed: Routed, 80;
}
