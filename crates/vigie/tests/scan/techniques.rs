//! Each technique against each kind of firewall rule: the states must equal those of nmap, which scans the same network.
//! The table in docs/techniques.md has these results.
//!
//! Each kind of rules is one test; the techniques run in parallel.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::thread;

use vigie_lab::Node;
use vigie_lab::shapes::Shape;

use crate::support::Net;

/// Open ports of every target. The other scanned ports are closed.
const OPEN: [u16; 4] = [22, 80, 443, 8080];
/// Scanned ports: an open and a closed one for each rule.
const PORTS: &str = "22,23,80,81,443,444,8080,8081";
const TECHNIQUES: [&[&str]; 9] = [
    &["-sS"],
    &["-sA"],
    &["-sW"],
    &["-sF"],
    &["-sN"],
    &["-sX"],
    &["-sM"],
    &["-sF", "--scanflags", "URGPSH"],
    &["-sA", "--scanflags", "SYNACK"],
];

/// Returns a network whose target has these rules. ICMP errors are not limited, because nmap would need minutes.
fn target(rules: &str) -> Net {
    let node = Node::new("", "").tcp(OPEN).unlimited_icmp();
    let net = Net::new(Shape::Veth, node);
    if !rules.is_empty() {
        net.rules("target", rules);
    }
    net
}

type States = BTreeMap<u16, String>;

fn vigie(net: &Net, technique: &[&str], ports: &str, ip: IpAddr) -> States {
    let address = ip.to_string();
    let args = [
        technique,
        &["-n", "-Pn", "-p", ports, "--all-ports", &address],
    ]
    .concat();
    let results = net.json(&args);
    let states = results.ports.into_iter();
    states
        .map(|((_, port), (state, _))| (port, state))
        .collect()
}

fn nmap(net: &Net, technique: &[&str], ports: &str, ip: IpAddr) -> States {
    let address = ip.to_string();
    let mut command = net.command("nmap");
    command
        .args(technique)
        .args(["-n", "-Pn", "-T4", "-p", ports, "-oG", "-"]);
    if ip.is_ipv6() {
        command.arg("-6");
    }
    let output = command.arg(&address).output().expect("nmap runs");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let line = text
        .lines()
        .find(|l| l.contains("Ports:") || l.contains("Protocols:"))
        .unwrap_or_else(|| {
            panic!(
                "nmap {technique:?}: {text}{}",
                String::from_utf8_lossy(&output.stderr)
            )
        });
    let list = line.split('\t').nth(1).expect("a field");
    let list = list.split_once(": ").expect("a list").1;
    let entry = |text: &str| {
        let mut words = text.trim().split('/');
        let port = words.next()?.parse().ok()?;
        Some((port, words.next()?.to_owned()))
    };
    list.split(',').filter_map(entry).collect()
}

/// Checks that every technique gives the same states as nmap, in both families. Returns the states.
fn agree(net: &Net, techniques: &[&[&str]], ports: &str) -> BTreeMap<(String, bool), States> {
    thread::scope(|scope| {
        let mut running = Vec::new();
        for ip in net.scene.targets {
            for technique in techniques {
                running.push(scope.spawn(move || {
                    let ours = vigie(net, technique, ports, ip);
                    let theirs = nmap(net, technique, ports, ip);
                    assert_eq!(ours, theirs, "{technique:?} of {ip}: ours, nmap's");
                    ((technique.join(" "), ip.is_ipv6()), ours)
                }));
            }
        }
        let join = |r: thread::ScopedJoinHandle<'_, _>| r.join().expect("both agree");
        running.into_iter().map(join).collect()
    })
}

#[track_caller]
fn assert_state(seen: &BTreeMap<(String, bool), States>, technique: &str, port: u16, state: &str) {
    for v6 in [false, true] {
        let states = &seen[&(technique.to_owned(), v6)];
        assert_eq!(states[&port], state, "{technique} {port} v6={v6}");
    }
}

#[test]
fn states_match_nmap_without_rules() {
    let seen = agree(&target(""), &TECHNIQUES, PORTS);
    assert_state(&seen, "-sS", 22, "open");
    assert_state(&seen, "-sA", 22, "unfiltered");
    assert_state(&seen, "-sA", 23, "unfiltered");
    assert_state(&seen, "-sF", 22, "open|filtered");
    assert_state(&seen, "-sX", 23, "closed");
    assert_state(&seen, "-sM", 22, "closed");
}

/// Stateless rules: some ports drop everything, some drop SYNs only, some drop invalid flags.
#[test]
fn states_match_nmap_with_stateless_rules() {
    let rules = "tcp dport { 22, 23 } drop\n\
                 tcp dport { 80, 81 } tcp flags & (fin|syn|rst|ack) == syn drop\n\
                 tcp dport { 443, 444 } tcp flags & (fin|syn|rst|psh|ack|urg) == 0 drop\n\
                 tcp dport { 443, 444 } tcp flags & (fin|psh|urg) == fin|psh|urg drop";
    let seen = agree(&target(rules), &TECHNIQUES, PORTS);
    assert_state(&seen, "-sS", 81, "filtered");
    assert_state(&seen, "-sA", 81, "unfiltered");
    assert_state(&seen, "-sF", 81, "closed");
    assert_state(&seen, "-sF", 80, "open|filtered");
    assert_state(&seen, "-sN", 444, "open|filtered");
    assert_state(&seen, "-sX", 444, "open|filtered");
}

#[test]
fn states_match_nmap_with_stateful_rules() {
    let rules = "ct state established,related accept\n\
                 ct state invalid drop\n\
                 tcp dport { 22, 23, 80, 81 } tcp flags & (fin|syn|rst|ack) == syn ct state new accept\n\
                 meta l4proto { icmp, icmpv6 } accept\n\
                 drop";
    let seen = agree(&target(rules), &TECHNIQUES, PORTS);
    assert_state(&seen, "-sS", 22, "open");
    assert_state(&seen, "-sS", 23, "closed");
    assert_state(&seen, "-sA", 23, "filtered");
    assert_state(&seen, "-sF", 23, "open|filtered");
}

#[test]
fn states_match_nmap_with_rejecting_rules() {
    let rules = "tcp dport { 22, 23 } reject with tcp reset\n\
                 tcp dport { 80, 81 } reject with icmpx type port-unreachable\n\
                 tcp dport 443 reject with icmpx type admin-prohibited\n\
                 tcp dport 444 reject with icmpx type host-unreachable\n\
                 tcp dport { 8080, 8081 } reject with icmpx type no-route";
    let seen = agree(&target(rules), &TECHNIQUES, PORTS);
    assert_state(&seen, "-sS", 22, "closed");
    assert_state(&seen, "-sA", 22, "unfiltered");
    assert_state(&seen, "-sA", 443, "filtered");
    assert_state(&seen, "-sF", 80, "filtered");
}

/// This kernel has no SCTP: it sends protocol unreachable, unless a rule drops the probe.
#[test]
fn sctp_states_match_nmap() {
    let rules = "meta l4proto sctp sctp dport { 443, 444 } drop";
    let seen = agree(&target(rules), &[&["-sY"], &["-sZ"]], PORTS);
    assert_state(&seen, "-sY", 80, "filtered");
    assert_state(&seen, "-sY", 443, "filtered");
    assert_state(&seen, "-sZ", 443, "open|filtered");
}

#[test]
fn ip_protocol_states_match_nmap() {
    let rules = "meta l4proto 47 drop\nip protocol 103 reject with icmp type admin-prohibited";
    let net = target(rules);
    let protocols = "1,2,6,17,33,47,50,58,89,103,132,136,253";
    let seen = agree(&net, &[&["-sO"]], protocols);
    assert_state(&seen, "-sO", 6, "open");
    assert_state(&seen, "-sO", 17, "open");
    assert_state(&seen, "-sO", 47, "open|filtered");
    assert_state(&seen, "-sO", 253, "closed");
    assert_eq!(seen[&("-sO".to_owned(), false)][&103], "filtered");
}

/// Linux sends six ICMP errors at once and then one per second. Suppressed errors must not count as silence.
#[test]
fn ip_protocol_states_match_nmap_with_the_default_icmp_limit() {
    let net = Net::new(Shape::Veth, Node::new("", "").tcp(OPEN));
    net.rules("target", "meta l4proto { 47, 50 } drop");
    // Protocols that answer, more closed ones than the kernel sends errors for at once, and two that are dropped.
    let protocols = "1,6,17,33,47,50,88,89,94,112,115,253,254";
    let [v4, _] = net.scene.targets;
    let states = vigie(&net, &["-sO"], protocols, v4);
    let numbers = |state: &str| -> Vec<u16> {
        let of = states.iter().filter(|(_, s)| s.as_str() == state);
        of.map(|(number, _)| *number).collect()
    };
    assert_eq!(numbers("open"), [1, 6, 17], "{states:?}");
    assert_eq!(numbers("open|filtered"), [47, 50], "{states:?}");
    assert_eq!(
        numbers("closed"),
        [33, 88, 89, 94, 112, 115, 253, 254],
        "{states:?}"
    );
}
