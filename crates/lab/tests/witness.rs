//! Comparison with nmap: its SYN scan of all 65,535 ports finds what the lab expects. Needs root and nmap, and fails
//! without them.

use std::collections::BTreeMap;
use std::net::IpAddr;

use vigie_lab::shapes::{FirewallMode, Scene, Shape, random_target};
use vigie_lab::{Lab, Transport};

/// Returns the state of every port at `address` according to nmap.
fn nmap(lab: &Lab, guard: FirewallMode, address: IpAddr) -> BTreeMap<u16, String> {
    let mut command = lab.command(Shape::SCANNER, "nmap").expect("a command");
    // Unanswered probes make nmap slow. A forced rate makes it lose answers, so it is set only for a dropping firewall.
    let pace: &[&str] = match guard {
        FirewallMode::Drops => &["--min-rate", "10000"],
        FirewallMode::None | FirewallMode::Rejects => &[],
    };
    let fixed = ["-n", "-Pn", "-sS", "-p-", "-T4", "-oX", "-"];
    command.args(fixed).args(pace).arg(address.to_string());
    if address.is_ipv6() {
        command.arg("-6");
    }
    let output = command.output().expect("this test needs nmap");
    assert!(output.status.success(), "{output:?}");
    states(&String::from_utf8_lossy(&output.stdout))
}

/// Parses nmap's XML: `<port ... portid="22"><state state="open" .../>` for each listed port, and
/// `<extraports state="closed" ...><extrareasons ... ports="1-21,23"/>` for the others.
fn states(xml: &str) -> BTreeMap<u16, String> {
    let mut states = BTreeMap::new();
    let attribute = |element: &str, name: &str| {
        let start = element.find(&format!(" {name}=\""))? + name.len() + 3;
        let length = element[start..].find('"')?;
        Some(element[start..start + length].to_owned())
    };
    let (mut port, mut group) = (None, None);
    for element in xml.split('<') {
        if element.starts_with("port ") {
            port = attribute(element, "portid").and_then(|p| p.parse().ok());
        } else if element.starts_with("state ") {
            if let (Some(port), Some(state)) = (port, attribute(element, "state")) {
                states.insert(port, state);
            }
        } else if element.starts_with("extraports ") {
            group = attribute(element, "state");
        } else if element.starts_with("extrareasons ") {
            let ports = attribute(element, "ports").expect("an nmap that lists left-out ports");
            for range in ports.split(',') {
                let (first, last) = range.split_once('-').unwrap_or((range, range));
                let (first, last): (u16, u16) = (
                    first.parse().expect("a port"),
                    last.parse().expect("a port"),
                );
                for port in first..=last {
                    states.insert(port, group.clone().expect("a group before its reasons"));
                }
            }
        }
    }
    states
}

fn check(shape: Shape, guard: FirewallMode, seed: u64) {
    let scene: Scene = shape.around(random_target(seed, 1_000, guard));
    let lab = scene
        .build()
        .expect("these tests make namespaces: run them as root");
    for address in scene.targets {
        let found = nmap(&lab, guard, address);
        let truths = scene.topology.expectations(address);
        let wrong: Vec<_> = (1..=u16::MAX)
            .map(|port| (port, truths.port(Transport::Tcp, port)))
            .filter(|(port, truth)| found.get(port).map(String::as_str) != Some(truth.tcp_state()))
            .map(|(port, truth)| (port, truth, found.get(&port)))
            .take(20)
            .collect();
        assert!(wrong.is_empty(), "{shape:?} {guard:?} {address}: {wrong:?}");
    }
}

#[test]
fn a_veth_target_without_firewall() {
    check(Shape::Veth, FirewallMode::None, 1);
}

#[test]
fn a_veth_target_that_rejects() {
    check(Shape::Veth, FirewallMode::Rejects, 2);
}

#[test]
fn a_routed_target_that_rejects() {
    check(Shape::Routed, FirewallMode::Rejects, 3);
}

#[test]
fn a_bridged_target_that_drops() {
    check(Shape::Bridge, FirewallMode::Drops, 4);
}

#[test]
fn a_target_over_a_vlan() {
    check(Shape::Vlan, FirewallMode::Rejects, 5);
}

#[test]
fn a_target_over_a_tun_link() {
    check(Shape::Tun, FirewallMode::None, 6);
}
