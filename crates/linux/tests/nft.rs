//! Packet filters, read back with the `nft` program. Needs root and nft.

use std::process::Command;

use vigie_linux::net::Prefix;
use vigie_linux::netns::Namespace;
use vigie_linux::nft::{Chain, Hook, Match, Policy, Reject, Rule, Table, Verdict, install, remove};

/// Returns the output of `nft list ruleset` in the namespace, each line trimmed.
fn ruleset(namespace: &Namespace) -> Vec<String> {
    let mut command = Command::new("nft");
    command.args(["-nn", "list", "ruleset"]);
    let output = namespace
        .command(&mut command)
        .expect("a command")
        .output()
        .expect("this test needs the nft program (package nftables)");
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).expect("text");
    text.lines().map(|line| line.trim().to_owned()).collect()
}

fn table(rules: Vec<Rule>) -> Table {
    Table {
        name: "wall".to_owned(),
        chains: vec![Chain {
            hook: Hook::Input,
            policy: Policy::Drop,
            rules,
        }],
    }
}

#[test]
fn every_match_and_verdict_reads_back() {
    let namespace =
        Namespace::create().expect("this test makes network namespaces: run it as root");
    let source =
        |text: &str, length| Prefix::new(text.parse::<std::net::IpAddr>().expect("ip"), length);
    let rules = vec![
        Rule::new([Match::Established], Verdict::Accept),
        Rule::new(
            [
                Match::TCP,
                Match::DestinationPorts(vec![22..=22, 80..=90, 65_535..=65_535]),
            ],
            Verdict::Accept,
        ),
        Rule::new(
            [Match::UDP, Match::SourcePorts(vec![53..=53])],
            Verdict::Accept,
        ),
        Rule::new([Match::Source(source("10.1.2.3", 20))], Verdict::Drop),
        Rule::new([Match::Destination(source("fd00:1::", 48))], Verdict::Drop),
        Rule::new([Match::InLink("eth0".to_owned())], Verdict::Accept),
        Rule::new(
            [
                Match::TCP,
                Match::TcpFlags {
                    mask: 0x12,
                    value: 0x02,
                },
            ],
            Verdict::Drop,
        ),
        Rule::new(
            [
                Match::Rate {
                    per_second: 10,
                    burst: 5,
                },
                Match::TCP,
            ],
            Verdict::Reject(Reject::TcpReset),
        ),
        Rule::new([Match::UDP], Verdict::Reject(Reject::Icmp4(9))),
        Rule::new([Match::UDP], Verdict::Reject(Reject::Icmp6(6))),
        Rule::new([], Verdict::Reject(Reject::Admin)),
    ];
    namespace
        .run(|| install(&table(rules)))
        .expect("inside")
        .expect("installed");
    let seen = ruleset(&namespace);
    let wanted = [
        "type filter hook input priority 0; policy drop;",
        "ct state 0x2,0x4 accept",
        "tcp dport { 22, 80-90, 65535 } accept",
        "udp sport { 53 } accept",
        "ip saddr 10.1.0.0/20 drop",
        "ip6 daddr fd00:1::/48 drop",
        "iifname \"eth0\" accept",
        "limit rate 10/second meta l4proto 6 reject with tcp reset",
        "meta l4proto 17 reject with icmp 9",
        "meta l4proto 17 reject with icmpv6 6",
        "reject with icmpx 3",
    ];
    for line in wanted {
        assert!(seen.iter().any(|l| l == line), "no `{line}` in {seen:#?}");
    }
    // Versions of nft print the mask differently.
    let flags = |l: &String| l.starts_with("tcp flags") && l.ends_with("drop");
    assert!(seen.iter().any(flags), "{seen:#?}");
}

#[test]
fn a_set_of_thousands_of_ports_is_installed_replaced_and_removed() {
    let namespace =
        Namespace::create().expect("this test makes network namespaces: run it as root");
    let odd: Vec<_> = (1..=u16::MAX).step_by(2).map(|port| port..=port).collect();
    let inside = |work: &(dyn Fn() -> Result<(), vigie_linux::netlink::Error> + Sync)| {
        namespace.run(work).expect("inside").expect("accepted");
    };
    let rule = |ports| {
        Rule::new(
            [Match::TCP, Match::DestinationPorts(ports)],
            Verdict::Accept,
        )
    };
    inside(&|| install(&table(vec![rule(odd.clone())])));
    let seen = ruleset(&namespace).join(" ");
    let start = seen
        .find('{')
        .and_then(|_| seen.find("dport {"))
        .expect("a set");
    let end = seen[start..].find('}').expect("its end") + start;
    let held: Vec<u16> = seen[start + "dport {".len()..end]
        .split(',')
        .map(|port| port.trim().parse().expect("a port"))
        .collect();
    let wanted: Vec<u16> = (1..=u16::MAX).step_by(2).collect();
    assert_eq!(held, wanted);

    inside(&|| install(&table(vec![rule(vec![1..=2])])));
    let seen = ruleset(&namespace).join(" ");
    assert!(
        seen.contains("dport { 1-2 }") && !seen.contains("65535"),
        "{seen}"
    );
    inside(&|| remove("wall"));
    inside(&|| remove("wall"));
    assert!(ruleset(&namespace).is_empty());
}

#[test]
fn a_refused_table_is_an_error_and_changes_nothing() {
    let namespace =
        Namespace::create().expect("this test makes network namespaces: run it as root");
    let mut bad = table(vec![Rule::new([], Verdict::Reject(Reject::Icmp4(200)))]);
    bad.name = "x".repeat(300);
    let result = namespace.run(|| install(&bad)).expect("inside");
    let error = result.expect_err("a name too long");
    assert_eq!(error.operation(), "install the packet filter");
    assert!(error.errno().is_some(), "{error:?}");
    assert!(ruleset(&namespace).is_empty());
}
