//! UDP scans of Linux targets, compared with the topology, with and without the kernel's limit on ICMP errors.

use std::collections::BTreeMap;
use std::net::IpAddr;

use vigie_lab::shapes::Shape;
use vigie_lab::{Firewall, Node, PacketAction, PortRules, Transport};

use crate::support::{Net, Results};

/// Returns the state of the ports from 1 to `last` according to the topology.
fn truth(net: &Net, address: IpAddr, last: u16) -> BTreeMap<u16, &'static str> {
    let topology = net.lab.topology();
    let udp = Transport::Udp;
    (1..=last)
        .map(|port| {
            (
                port,
                topology.expectation(address, udp, port).udp_state(address),
            )
        })
        .collect()
}

#[track_caller]
fn agrees(net: &Net, address: IpAddr, results: &Results, last: u16) {
    let host = address.to_string();
    for (port, state) in truth(net, address, last) {
        let found = &results.ports[&(host.clone(), port)];
        assert_eq!(found.0, state, "port {port}: {found:?}");
    }
}

#[test]
fn dropped_and_rejected_probes_are_distinguished_on_both_families() {
    let wall = PortRules::all(PacketAction::Pass)
        .but([251..=500, 751..=1000], PacketAction::Drop)
        .but([20..=29], PacketAction::PROHIBITED)
        .but([30..=39], PacketAction::PORT_UNREACHABLE);
    let target = Node::new("", "")
        .udp([7, 53, 600])
        .udp_silent([69, 700])
        .firewall(Firewall::all(PacketAction::Pass).udp(wall))
        .unlimited_icmp();
    let net = Net::new(Shape::Veth, target);
    for address in net.scene.targets {
        let host = address.to_string();
        let results = net.json(&["-n", "-sU", "-p", "1-1000", "--all-ports", &host]);
        agrees(&net, address, &results, 1000);
        assert_eq!(results.only("end")["complete"], true);
    }
}

#[test]
fn every_port_of_a_host_without_a_limit_is_proven() {
    let target = Node::new("", "").udp([53]).unlimited_icmp();
    let net = Net::new(Shape::Veth, target);
    let host = net.v4().to_string();
    let results = net.json(&["-n", "-sU", "-p-", "--complete", &host]);
    let counts = results.only("host")["counts"].as_array().unwrap().clone();
    let of = |state: &str| {
        let same = counts.iter().filter(|c| c["state"] == state);
        same.filter_map(|c| c["count"].as_u64()).sum::<u64>()
    };
    assert_eq!((of("closed"), of("open")), (65_534, 1), "{counts:?}");
    assert_eq!(results.only("host")["udp"]["limit"], "free");
}

#[test]
fn the_default_icmp_limit_causes_no_wrong_state_when_time_runs_out() {
    let target = Node::new("", "").udp([53, 161]).tcp([2022]);
    let net = Net::new(Shape::Veth, target);
    let host = net.v4().to_string();
    let ports = [
        "-p",
        "T:2022,2023,U:1-200",
        "--all-ports",
        "--max-time",
        "5s",
    ];
    let results = net.json(&[&["-n", "-sSU"][..], &ports, &[&host]].concat());
    assert_eq!(results.in_state("open"), [53, 161, 2022]);
    let truth = truth(&net, net.v4(), 200);
    let closed = results.in_state("closed");
    assert!(closed.iter().all(|p| *p == 2023 || truth[p] == "closed"));
    // Linux sends six errors at once, then one per second. The remaining ports are unproven, not closed.
    assert!((6..=20).contains(&closed.len()), "{closed:?}");
    let unproven = results.ports.values().filter(|v| v.1 == "unproven").count();
    assert_eq!(unproven + closed.len() + 3, 202);
    assert_eq!(results.only("end")["complete"], false);
}

#[test]
fn contradictory_flags_are_rejected() {
    let net = Net::new(Shape::Veth, Node::new("", ""));
    let host = net.v4().to_string();
    for (args, word) in [
        (&["-sU", "-sT"][..], "-sT"),
        (&["-sU", "-p", "T:80"], "transport"),
        (&["-sU", "--source", "192.0.2.9"], "192.0.2.9"),
        (&["-sU", "--source", "eth0"], "eth0"),
    ] {
        let said = net.run(&[args, &[&host]].concat());
        assert_ne!(said.code, Some(0), "{args:?}");
        assert!(said.err.contains(word), "{args:?}: {}", said.err);
        assert_eq!(said.out, "", "{args:?}");
    }
}
