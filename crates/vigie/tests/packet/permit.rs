//! Packets that must never be sent: those that impersonate other hosts, and those to destinations out of scope.

use vigie_linux::netns::Namespace;

use crate::{run, text, tutorial};

/// Frames and datagrams with an address of another host, and a part of the error.
const FOREIGN: &[(&str, &str, &str)] = &[
    (
        "send",
        "IP(src='8.8.8.8', dst='192.168.1.1')/ICMP()",
        "8.8.8.8 is not an address of this machine",
    ),
    (
        "send",
        "IP(src='127.0.0.1', dst='192.168.1.1')/ICMP()",
        "127.0.0.1 is not an address",
    ),
    (
        "send",
        "IP(dst='192.168.1.1')/IP(src='6.6.6.6', dst='192.168.1.1')/ICMP()",
        "6.6.6.6 is not an address",
    ),
    (
        "send",
        "IP(dst='192.168.1.1', proto=47)/Raw(b'\\x00\\x00\\x08\\x00')",
        "cannot be determined",
    ),
    (
        "send",
        "IP(dst='192.168.1.1')/ICMP(type=5)",
        "act for a router",
    ),
    (
        "send",
        "IP(dst='192.168.1.1', ihl=2)/UDP()",
        "cannot be determined",
    ),
    (
        "sendp",
        "Ether(src='00:11:22:33:44:55', dst='ff:ff:ff:ff:ff:ff')/ARP(psrc='192.168.1.159')",
        "00:11:22:33:44:55 is not the MAC address",
    ),
    (
        "sendp",
        "Ether(dst='ff:ff:ff:ff:ff:ff')/ARP(op=2, psrc='192.168.1.159', hwsrc='00:11:22:33:44:55')",
        "00:11:22:33:44:55 is not the MAC address",
    ),
    (
        "sendp",
        "Ether(dst='ff:ff:ff:ff:ff:ff')/ARP(op=2, psrc='192.168.1.1')",
        "192.168.1.1 is not an address",
    ),
    (
        "sendp",
        "Ether(dst='ff:ff:ff:ff:ff:ff', type=0x8864)/Raw(b'\\x11\\x00')",
        "cannot be determined",
    ),
    (
        "sendp",
        "Ether(dst='33:33:00:00:00:01')/IPv6(dst='ff02::1', src='fe80::1')/ICMPv6ND_RA()",
        "fe80::1 is not an address",
    ),
    (
        "sendp",
        "Ether(dst='33:33:00:00:00:01')/IPv6(dst='ff02::1', src='::')/ICMPv6ND_RA()",
        "act for a router",
    ),
    (
        "sendp",
        "Ether(dst='33:33:00:00:00:01')/IPv6(dst='ff02::1', src='::')/ICMPv6ND_NA(tgt='fd77::9')",
        "act for a router",
    ),
];

/// Returns the kernel's counter of frames that the link transmitted.
fn sent(namespace: &Namespace) -> String {
    namespace
        .run(|| std::fs::read_to_string("/proc/thread-self/net/dev").expect("readable"))
        .expect("inside")
        .lines()
        .filter(|line| line.trim_start().starts_with("eth0"))
        .map(|line| {
            line.split_whitespace()
                .nth(10)
                .unwrap_or_default()
                .to_owned()
        })
        .collect()
}

/// Stops the kernel from sending IPv6 neighbour and router solicitations.
fn quiet(namespace: &Namespace) {
    namespace
        .run(|| std::fs::write("/proc/sys/net/ipv6/conf/eth0/disable_ipv6", "1"))
        .expect("inside")
        .expect("written");
}

#[test]
fn packets_that_impersonate_others_are_not_sent() {
    let lab = tutorial();
    let debian = lab.namespace("debian").expect("the node");
    quiet(debian);
    for (action, expression, words) in FOREIGN {
        let before = sent(debian);
        let output = run(
            debian,
            &[
                "--lang", "en", "packet", action, expression, "--iface", "eth0",
            ],
        );
        let said = text(&output.stderr);
        assert!(!output.status.success(), "{expression}");
        assert!(said.contains(words), "{expression}: {said}");
        assert_eq!(before, sent(debian), "{expression}: something was sent");
    }
}

#[test]
fn a_destination_out_of_scope_has_its_own_exit_code() {
    let lab = tutorial();
    let debian = lab.namespace("debian").expect("the node");
    let public = "IP(dst='203.0.113.7')/TCP(dport=80)";
    let routed = debian
        .run(|| {
            std::process::Command::new("ip")
                .args(["route", "add", "203.0.113.0/24", "via", "192.168.1.1"])
                .status()
        })
        .expect("inside")
        .expect("ip runs");
    assert!(routed.success());
    quiet(debian);
    let before = sent(debian);
    let refused = run(debian, &["--lang", "en", "packet", "send", public]);
    assert_eq!(refused.status.code(), Some(4), "{}", text(&refused.stderr));
    assert!(text(&refused.stderr).contains("203.0.113.7 is in no scope"));
    assert_eq!(before, sent(debian));
    let allowed = run(
        debian,
        &["packet", "--authorized", "these tests", "send", public],
    );
    assert!(allowed.status.success(), "{}", text(&allowed.stderr));
    assert_ne!(before, sent(debian), "the witness is awake");
}
