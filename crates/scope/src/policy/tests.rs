//! Table tests of the policy: one case per line with the expected decision.

use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;
use core::time::Duration;
use std::{eprintln, format};

use proptest::prelude::*;

use super::*;
use crate::target::{self, TargetSpec};

/// 2026-11-21T01:42:24Z, a Saturday.
const NOW: Duration = Duration::from_secs(1_795_225_344);

fn ranges(text: &str) -> RangeSet {
    let parts = text.split_whitespace().flat_map(|part| {
        if let Some((ip, length)) = part.split_once('/') {
            return vec![Range::prefix(
                ip.parse().unwrap(),
                length.parse().unwrap(),
                0,
            )];
        }
        let (bare, zone) = part.split_once('%').unwrap_or((part, "0"));
        if let Ok(ip) = bare.parse() {
            return vec![Range::single(ip, zone.parse().unwrap())];
        }
        match target::parse(part).unwrap() {
            TargetSpec::Ranges { ranges, .. } => ranges,
            TargetSpec::Name { .. } => panic!("{part} is a name"),
        }
    });
    RangeSet::new(parts.collect::<Vec<_>>())
}

/// A machine with two private networks and a public one, an IPv6 link, and three scopes.
fn policy() -> Policy {
    let strings = |list: &[&str]| {
        list.iter()
            .map(ToString::to_string)
            .collect::<Vec<String>>()
    };
    let connected = |text: &str, zone, name: &str| {
        let range = ranges(text).ranges()[0];
        (Range { zone, ..range }, name.to_string())
    };
    let scope = |file: &str| Scope {
        file: file.into(),
        who: "the owner".into(),
        ..Scope::default()
    };
    Policy {
        own: ranges("10.0.1.2 192.168.7.2 198.51.100.2 fe80::2%2 fd00:1::2"),
        connected: vec![
            connected("10.0.1.0/24", 0, "eth0"),
            connected("192.168.7.0/30", 0, "eth1"),
            connected("198.51.100.0/24", 0, "eth2"),
            connected("fe80::/64", 2, "eth0"),
            connected("fd00:1::/64", 0, "eth0"),
        ],
        scopes: vec![
            Scope {
                networks: ranges("192.0.2.0/24 2001:db8:1::/48"),
                names: strings(&["www.example", "*.shop.example"]),
                ports: Some(PortList::parse("1-1024,8080", Transport::Tcp).unwrap()),
                never: ranges("192.0.2.7 10.0.1.66 203.0.113.9 127.0.0.66"),
                never_names: strings(&["db.example"]),
                max_rate: Some(500.0),
                until: Some(NOW + Duration::from_hours(1)),
                ..scope("a.toml")
            },
            Scope {
                networks: ranges("203.0.113.0/25"),
                until: Some(NOW),
                ..scope("expired.toml")
            },
            Scope {
                networks: ranges("203.0.113.128/25"),
                from: Some(NOW + Duration::from_secs(1)),
                ..scope("later.toml")
            },
            Scope {
                networks: ranges("198.18.0.0/15"),
                times: vec!["Mon-Fri 00:00-24:00".parse().unwrap()],
                ..scope("weekdays.toml")
            },
            Scope {
                networks: ranges("198.18.5.0/24"),
                times: vec!["Fri 22:00-04:00".parse().unwrap()],
                max_rate: Some(50.0),
                ..scope("night.toml")
            },
        ],
        authorized: None,
    }
}

/// Formats a decision for the table.
fn summary(decision: &Decision) -> String {
    let allowed = decision.allowed.iter().map(|a| {
        let about = match &a.source {
            AuthSource::Scope { file, .. } => format!(" {file}"),
            AuthSource::Connected { interface, .. } => format!(" {interface}"),
            _ => String::new(),
        };
        format!("{}{about}", a.source.as_str())
    });
    let refused = decision.denied.iter().map(|r| match &r.reason {
        DenyReason::Unspecified => "NO unspecified".to_string(),
        DenyReason::Multicast => "NO multicast".to_string(),
        DenyReason::Broadcast => "NO broadcast".to_string(),
        DenyReason::Never { .. } => "NO never".to_string(),
        DenyReason::NeverName { .. } => "NO never-name".to_string(),
        DenyReason::Ports { ports, .. } => format!("NO ports {}", ports.len()),
        DenyReason::Inactive { cause, .. } => format!("NO {cause:?}"),
        DenyReason::NotInScope => "NO not-in-scope".to_string(),
    });
    allowed.chain(refused).collect::<Vec<_>>().join(" + ")
}

/// Targets (with a name of the first address after `=`), ports, expected decision.
const TABLE: &[(&str, &str, &str)] = &[
    // Own addresses and loopback.
    ("127.0.0.1", "22", "loopback"),
    ("127.255.255.254", "-", "loopback"),
    ("127.0.0.0/8", "22", "loopback + NO never"),
    ("::1", "22", "loopback"),
    ("::ffff:127.0.0.1", "22", "loopback"),
    ("10.0.1.2", "-", "own-address"),
    ("198.51.100.2", "22", "own-address"),
    ("fe80::2%2", "22", "own-address"),
    // Connected networks: private ones are allowed, public ones are not.
    ("10.0.1.9", "-", "connected eth0"),
    (
        "10.0.1.0/24",
        "22",
        "own-address + connected eth0 + NO never",
    ),
    ("10.0.1.1-65", "22", "own-address + connected eth0"),
    ("10.0.2.1", "22", "NO not-in-scope"),
    ("192.168.7.1", "22", "connected eth1"),
    ("192.168.7.5", "22", "NO not-in-scope"),
    ("198.51.100.9", "22", "NO not-in-scope"),
    ("fe80::9%2", "22", "connected eth0"),
    ("fe80::9%3", "22", "NO not-in-scope"),
    ("fd00:1::9", "22", "connected eth0"),
    ("fd00:2::9", "22", "NO not-in-scope"),
    ("::ffff:10.0.1.9", "22", "connected eth0"),
    // The lab is allowed only to a machine in it.
    ("10.77.1.10", "22", "NO not-in-scope"),
    // Unspecified, multicast and broadcast addresses.
    ("0.0.0.0", "22", "NO unspecified"),
    ("0.1.2.3", "22", "NO unspecified"),
    ("::", "22", "NO unspecified"),
    ("224.0.0.1", "22", "NO multicast"),
    ("239.255.255.250", "22", "NO multicast"),
    ("ff02::1%2", "22", "NO multicast"),
    ("255.255.255.255", "22", "NO broadcast"),
    ("10.0.1.255", "22", "NO broadcast"),
    ("10.0.1.0", "22", "NO broadcast"),
    ("::ffff:224.0.0.1", "22", "NO multicast"),
    ("::ffff:0.0.0.0", "22", "NO unspecified"),
    ("10.0.1.254-10.0.1.255", "22", "connected eth0"),
    ("10.0.1.9 224.0.0.1", "22", "connected eth0 + NO multicast"),
    ("240.0.0.1", "22", "NO not-in-scope"),
    // A scope: addresses, ports, both families.
    ("192.0.2.1", "22", "scope a.toml"),
    ("192.0.2.0-192.0.2.6", "1-1024", "scope a.toml"),
    ("192.0.2.1", "8080,22", "scope a.toml"),
    ("192.0.2.1", "22,8081,9000", "NO ports 2"),
    ("192.0.2.1", "U:53", "NO ports 1"),
    ("192.0.2.1 10.0.1.9", "8081", "connected eth0 + NO ports 1"),
    ("2001:db8:1::77", "22", "scope a.toml"),
    ("2001:db8:2::77", "22", "NO not-in-scope"),
    ("::ffff:192.0.2.1", "22", "scope a.toml"),
    // Ranges that are partly out of scope.
    (
        "192.0.2.250-192.0.3.5",
        "22",
        "scope a.toml + NO not-in-scope",
    ),
    (
        "192.0.1.255-192.0.2.1",
        "22",
        "scope a.toml + NO not-in-scope",
    ),
    // The never-list, with every alias of its addresses.
    ("192.0.2.7", "22", "NO never"),
    ("192.0.2.0/28", "22", "scope a.toml + NO never"),
    ("::ffff:192.0.2.7", "22", "NO never"),
    ("64:ff9b::192.0.2.7", "22", "NO never"),
    ("2002:c000:207::1", "22", "NO never"),
    ("10.0.1.66", "22", "NO never"),
    ("127.0.0.66", "22", "NO never"),
    ("203.0.113.9", "22", "NO never"),
    // Scopes that are not valid now.
    ("203.0.113.1", "22", "NO Expired"),
    ("203.0.113.129", "22", "NO NotYetValid"),
    (
        "203.0.113.120-203.0.113.130",
        "22",
        "NO Expired + NO NotYetValid",
    ),
    ("198.18.0.1", "22", "NO OutsideHours"),
    ("198.18.5.1", "22", "scope night.toml"),
    (
        "198.18.4.255-198.18.5.0",
        "22",
        "scope night.toml + NO OutsideHours",
    ),
    // Names: their address decides, unless the scope lists the name.
    ("198.51.100.80=www.example", "443", "scope a.toml"),
    ("198.51.100.80=WWW.example.", "443", "scope a.toml"),
    ("198.51.100.80=a.shop.example", "443", "scope a.toml"),
    ("198.51.100.80=shop.example", "443", "NO not-in-scope"),
    ("198.51.100.80=other.example", "443", "NO not-in-scope"),
    ("198.51.100.80=www.example", "8443", "NO ports 1"),
    ("192.0.2.9=elsewhere.example", "443", "scope a.toml"),
    ("192.0.2.7=www.example", "443", "NO never"),
    ("224.0.0.1=www.example", "443", "NO multicast"),
    ("192.0.2.9=db.example", "443", "NO never-name"),
    ("10.0.1.9=DB.example", "443", "NO never-name"),
];

#[test]
fn the_table_holds() {
    assert!(TABLE.len() >= 60);
    let policy = policy();
    let mut wrong = 0;
    for (targets, ports, expected) in TABLE {
        let decision = evaluate(&policy, targets, ports);
        if summary(&decision) != *expected {
            eprintln!(
                "{targets} {ports}: {} instead of {expected}",
                summary(&decision)
            );
            wrong += 1;
        }
        assert_eq!(
            decision.is_allowed(),
            !expected.contains("NO "),
            "{targets}"
        );
    }
    assert_eq!(wrong, 0);
}

fn evaluate(policy: &Policy, targets: &str, ports: &str) -> Decision {
    let (targets, name) = targets.split_once('=').unwrap_or((targets, ""));
    let addresses = ranges(targets);
    let first = addresses.ranges()[0];
    let host = Host::zoned(first.first_ip(), first.zone);
    let names: Vec<(Host, String)> = (!name.is_empty())
        .then(|| (host, name.to_string()))
        .into_iter()
        .collect();
    let ports = PortList::parse(ports, Transport::Tcp).unwrap();
    policy.evaluate(&Request {
        addresses: &addresses,
        names: &names,
        ports: &ports,
        now: NOW,
    })
}

#[test]
fn a_user_statement_allows_everything_except_what_is_never_allowed() {
    let mut policy = policy();
    policy.authorized = Some(AuthSource::CommandLine { who: "Jane".into() });
    for (targets, ports, expected) in TABLE {
        let decision = evaluate(&policy, targets, ports);
        let never = ["never", "multicast", "broadcast", "unspecified"]
            .iter()
            .any(|w| expected.contains(&format!("NO {w}")));
        assert_eq!(!decision.is_allowed(), never, "{targets} {ports}");
        assert!(
            decision
                .denied
                .iter()
                .all(|r| !r.reason.can_be_authorized())
        );
    }
}

#[test]
fn a_machine_in_the_lab_may_scan_the_lab() {
    let mut policy = policy();
    policy.own = RangeSet::new(
        policy
            .own
            .ranges()
            .iter()
            .copied()
            .chain(ranges("10.77.0.2").ranges().iter().copied()),
    );
    assert_eq!(summary(&evaluate(&policy, "10.77.1.10", "-")), "lab");
    assert_eq!(summary(&evaluate(&policy, "fd77:0:0:1::10", "-")), "lab");
    assert_eq!(
        summary(&evaluate(&policy, "10.78.1.10", "-")),
        "NO not-in-scope"
    );
}

#[test]
fn a_scope_limits_rate_and_time_of_what_it_allows() {
    let limits = |targets: &str| {
        let decision = evaluate(&policy(), targets, "22");
        (decision.max_rate, decision.until)
    };
    let hour = NOW + Duration::from_hours(1);
    assert_eq!(limits("192.0.2.1"), (Some(500.0), Some(hour)));
    assert_eq!(limits("10.0.1.9"), (None, None));
    // The nightly window ends at four.
    let four = Duration::from_secs(NOW.as_secs() / 86_400 * 86_400 + 4 * 3_600);
    assert_eq!(limits("198.18.5.1"), (Some(50.0), Some(four)));
    assert_eq!(limits("192.0.2.1 198.18.5.1"), (Some(50.0), Some(hour)));
    let permission = evaluate(&policy(), "10.0.1.8 10.0.1.9 192.0.2.1", "22").permission();
    let hosts: Vec<u64> = permission.authorizations.iter().map(|g| g.hosts).collect();
    assert_eq!(hosts, [2, 1]);
}

#[test]
fn ranges_are_formatted_as_people_write_them() {
    let text = |t: &str| ranges(t).ranges()[0].to_text();
    assert_eq!(text("10.0.1.0/24"), "10.0.1.0/24");
    assert_eq!(text("10.0.1.7"), "10.0.1.7");
    assert_eq!(text("10.0.1.1-4"), "10.0.1.1-10.0.1.4");
    assert_eq!(text("0.0.0.0/0"), "0.0.0.0/0");
    assert_eq!(text("::/0"), "::/0");
    assert_eq!(text("2001:db8::/32"), "2001:db8::/32");
}

fn any_addresses() -> impl Strategy<Value = RangeSet> {
    let v4 = (any::<u32>(), 0u32..70_000).prop_map(|(first, n)| Range {
        family: target::Family::V4,
        zone: 0,
        first: u128::from(first),
        last: u128::from(first.saturating_add(n)),
    });
    let near = (0usize..TABLE.len()).prop_map(|i| {
        let targets = TABLE[i].0.split('=').next().unwrap();
        ranges(targets).ranges()[0]
    });
    let v6 = (any::<u128>(), 0u128..1 << 70).prop_map(|(first, n)| Range {
        family: target::Family::V6,
        zone: 0,
        first,
        last: first.saturating_add(n),
    });
    proptest::collection::vec(prop_oneof![v4, near, v6], 1..6).prop_map(RangeSet::new)
}

proptest! {
    #[test]
    fn every_address_is_either_allowed_or_refused_and_none_of_the_never_list_is_allowed(addresses in any_addresses()) {
        let policy = policy();
        let ports = PortList::parse("22", Transport::Tcp).unwrap();
        let request = Request { addresses: &addresses, names: &[], ports: &ports, now: NOW };
        let decision = policy.evaluate(&request);
        let total: u128 = decision.allowed.iter().map(|a| a.addresses.len()).chain(decision.denied.iter().map(|r| r.addresses.len())).fold(0, u128::saturating_add);
        let all = special::unmapped(&addresses).len();
        // The six broadcast addresses among other targets are left out.
        prop_assert!(total <= all && total.saturating_add(6) >= all);
        for allowed in &decision.allowed {
            for scope in &policy.scopes {
                prop_assert!(special::intersection(&allowed.addresses, &scope.never).is_empty());
            }
            for group in [special::MULTICAST, special::UNSPECIFIED, special::BROADCAST] {
                let group = RangeSet::new(group.iter().copied());
                prop_assert!(special::intersection(&allowed.addresses, &group).is_empty());
            }
        }
    }

    #[test]
    fn a_part_is_judged_as_the_whole_is(addresses in any_addresses(), pick in any::<prop::sample::Index>()) {
        let policy = policy();
        let ports = PortList::parse("22", Transport::Tcp).unwrap();
        let range = addresses.ranges()[pick.index(addresses.ranges().len())];
        let host = Host::zoned(range.first_ip(), range.zone);
        let alone = policy.decide(host, Transport::Tcp, 22, NOW);
        let request = Request { addresses: &addresses, names: &[], ports: &ports, now: NOW };
        if policy.evaluate(&request).is_allowed() {
            // Only a broadcast address may be denied alone and accepted among others.
            prop_assert!(alone.is_allowed() || alone.denied[0].reason == DenyReason::Broadcast);
        }
    }
}
