//! Results match docs/json.md.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use proptest::prelude::*;
use serde_json::Value;

use vigie_scan::event::{Event, Progress};
use vigie_scan::finding::HostFinding;
use vigie_scope::Host;

use super::line::Line;
use super::*;
use crate::Sink;
use crate::escape::is_plain;
use crate::samples::packets::{self, Probe};
use crate::samples::{self, Sample};

const DOCS: &str = include_str!("../../../../docs/json.md");

fn written(sample: &Sample) -> String {
    let mut out = Vec::new();
    sample.play(&mut JsonLines::new(&mut out));
    String::from_utf8(out).unwrap()
}

/// Returns the fields of each object: type, and whether the field is always present.
pub(super) fn documented() -> BTreeMap<String, BTreeMap<String, (String, bool)>> {
    let mut objects: BTreeMap<String, BTreeMap<String, (String, bool)>> = BTreeMap::new();
    let mut object = String::new();
    // The objects of other commands are documented below this line.
    let scan = DOCS.split("\n# ").next().unwrap();
    for line in scan.lines() {
        if let Some(title) = line.strip_prefix("##") {
            object = title.trim_matches(['#', ' ', '`']).to_owned();
        } else if let Some(row) = line.strip_prefix("| `") {
            let cells: Vec<&str> = row.split(" | ").collect();
            let name = cells[0].trim_end_matches('`').to_owned();
            let field = (cells[1].to_owned(), cells[2] == "always");
            assert!(
                objects
                    .entry(object.clone())
                    .or_default()
                    .insert(name, field)
                    .is_none(),
                "{row}"
            );
        }
    }
    objects
}

/// Checks an object against the documentation and notes which fields were seen.
fn check(
    name: &str,
    value: &Value,
    docs: &BTreeMap<String, BTreeMap<String, (String, bool)>>,
    seen: &mut BTreeMap<String, usize>,
) {
    let fields = docs
        .get(name)
        .unwrap_or_else(|| panic!("{name} is not documented"));
    let object = value.as_object().unwrap();
    for (field, (kind, always)) in fields {
        assert!(
            !always || object.contains_key(field),
            "{name} without {field}: {value}"
        );
        let Some(value) = object.get(field) else {
            continue;
        };
        *seen.entry(format!("{name}.{field}")).or_default() += 1;
        let fits = match kind.as_str() {
            "string" => value.is_string(),
            "integer" => value.is_u64(),
            "number" => value.is_number(),
            "boolean" => value.is_boolean(),
            "array" => value.is_array(),
            "object" => value.is_object(),
            other => panic!("{other} is no type"),
        };
        assert!(fits, "{name}.{field} is not {kind}: {value}");
        if docs.contains_key(&format!("{name}.{field}[]")) {
            for item in value.as_array().unwrap() {
                check(&format!("{name}.{field}[]"), item, docs, seen);
            }
        } else if kind == "object" {
            check(&format!("{name}.{field}"), value, docs, seen);
        }
    }
    for field in object.keys() {
        assert!(
            fields.contains_key(field),
            "{name}.{field} is not documented"
        );
    }
}

#[test]
fn every_object_is_as_documented_and_every_field_occurs() {
    let docs = documented();
    let mut seen = BTreeMap::new();
    let rich = rich();
    let mut out = Vec::new();
    let mut json = JsonLines::new(&mut out);
    json.begin(&rich.scan).unwrap();
    let eta = Some(Duration::from_secs(3));
    let progress = Progress {
        eta,
        udp: true,
        ..Progress::default()
    };
    json.progress(Duration::ZERO, &progress).unwrap();
    let progress: Value =
        serde_json::from_slice(out.split(|b| *b == b'\n').nth(1).unwrap()).unwrap();
    check("progress", &progress, &docs, &mut seen);
    let probe = Probe::tcp("10.0.1.1", 22);
    for evidence in [
        packets::arp("10.0.1.1", true),
        probe.evidence(vec![probe.syn(1.0), probe.syn_ack()]),
    ] {
        let mut out = Vec::new();
        let mut json = JsonLines::new(&mut out);
        json.begin(&rich.scan).unwrap();
        json.evidence(Duration::ZERO, &evidence).unwrap();
        let line = out.split(|b| *b == b'\n').nth(1).unwrap();
        check(
            "evidence",
            &serde_json::from_slice(line).unwrap(),
            &docs,
            &mut seen,
        );
    }
    for sample in [
        rich,
        samples::network(),
        samples::interrupted(),
        samples::broken(),
        samples::silent(),
        samples::udp(),
        samples::udp_by_sockets(),
    ] {
        let text = written(&sample);
        let lines: Vec<Value> = text
            .lines()
            .map(|l| serde_json::from_str(l).unwrap())
            .collect();
        assert_eq!(lines[0]["type"], "scan");
        assert_eq!(lines.iter().filter(|l| l["type"] == "end").count(), 1);
        assert_eq!(lines.last().unwrap()["type"], "end");
        for line in &lines {
            check(line["type"].as_str().unwrap(), line, &docs, &mut seen);
        }
    }
    for (object, fields) in &docs {
        for field in fields.keys() {
            assert!(
                seen.contains_key(&format!("{object}.{field}")),
                "{object}.{field} never occurs"
            );
        }
    }
}

/// Returns a scan with every field that a scan can have.
fn rich() -> Sample {
    let mut rich = samples::near();
    let budget = &mut rich.scan.plan.spec.budget;
    budget.max_checked_hosts = 64;
    (budget.max_rate, budget.min_rate, budget.max_host_rate) = (Some(1.0), Some(0.5), Some(0.25));
    (budget.host_timeout, budget.max_time) = (
        Some(Duration::from_secs(9)),
        Some(Duration::from_millis(1_500)),
    );
    for event in &mut rich.events {
        // From a registered vendor.
        let maker = Some(vigie_wire::MacAddr([0, 0x1b, 0x21, 1, 2, 3]));
        match event {
            Event::Host(found) => found.mac = maker,
            Event::HostDone(summary) => summary.host.mac = maker,
            _ => {}
        }
    }
    // One machine identified by its hardware address, another by its name.
    let more = ["fd00::1", "10.9.0.1", "fd09::1"].map(|ip| Host::new(ip.parse().unwrap()));
    let Some(Event::Host(found)) = rich.events.first().cloned() else {
        panic!("the sample begins with a host");
    };
    for (host, mac) in more.into_iter().zip([found.mac, None, None]) {
        let found = HostFinding { host, mac, ..found };
        rich.events.insert(1, Event::Host(found));
        rich.scan.add_name(host, "both.example");
    }
    rich.scan.permission.authorizations = authorizations();
    rich.scan.plan.spec.tcp.as_mut().expect("TCP ports").flags = Some(vigie_wire::tcp::Flags::FIN);
    rich.scan.plan.spec.shard = vigie_scan::plan::Shard { number: 2, of: 5 };
    let hop = vigie_scan::event::Hop {
        ttl: 1,
        ip: Some("10.0.0.1".parse().unwrap()),
        rtt: Some(Duration::from_millis(1)),
        shared: Some("10.0.1.2".parse().unwrap()),
    };
    let path = vigie_scan::event::Path {
        host: Host::new("10.0.1.1".parse().unwrap()),
        probe: Some(vigie_scan::plan::DiscoveryProbe::DEFAULT[0]),
        hops: vec![hop],
    };
    rich.events.insert(1, Event::Path(Box::new(path)));
    let resets = vigie_scan::event::Warning::ForeignResets {
        host: Host::new("10.0.1.1".parse().unwrap()),
        count: 9,
        ttl: 62,
        own_ttl: 57,
    };
    rich.events.insert(1, Event::Warning(resets));
    rich
}

/// Returns one authorization of each kind.
fn authorizations() -> Vec<vigie_scope::Authorization> {
    use vigie_scope::{AuthSource, Authorization};
    let who = || "the owner \u{1b}[31m".to_owned();
    [
        AuthSource::OwnAddress,
        AuthSource::Loopback,
        AuthSource::Lab,
        AuthSource::Connected {
            network: vigie_scope::target::Range::prefix("10.0.1.0".parse().unwrap(), 24, 0),
            interface: "eth0".into(),
        },
        AuthSource::Scope {
            file: "scope.toml".into(),
            who: who(),
            until: Some(Duration::from_hours(500_000)),
        },
        AuthSource::CommandLine { who: who() },
        AuthSource::Prompt { who: who() },
    ]
    .into_iter()
    .map(|source| Authorization { source, hosts: 1 })
    .collect()
}

#[test]
fn every_object_is_written_as_it_was_read() {
    let probe = Probe::tcp("10.0.1.1", 22);
    let mut out = Vec::new();
    let mut json = JsonLines::new(&mut out);
    let rich = rich();
    json.begin(&rich.scan).unwrap();
    json.progress(Duration::ZERO, &Progress::default()).unwrap();
    let evidence = probe.evidence(vec![probe.syn(1.0), probe.syn_ack()]);
    json.evidence(Duration::ZERO, &evidence).unwrap();
    for event in &rich.events {
        json.event(Duration::from_millis(7), event).unwrap();
    }
    json.finish().unwrap();
    let mut text = String::from_utf8(out).unwrap();
    for sample in [samples::network(), samples::udp(), samples::broken()] {
        text += &written(&sample);
    }
    let mut kinds = BTreeSet::new();
    for line in text.lines() {
        let value: Value = serde_json::from_str(line).unwrap();
        kinds.insert(value["type"].as_str().unwrap().to_owned());
        let object: Line = serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
        let mut again = Vec::new();
        write_line(&mut again, &object).unwrap();
        assert_eq!(std::str::from_utf8(&again).unwrap().trim_end(), line);
    }
    let documented = documented();
    let expected = documented.keys().filter(|name| !name.contains('.'));
    assert_eq!(kinds, expected.cloned().collect());
}

#[test]
fn the_schema_version_is_the_documented_one() {
    assert!(DOCS.contains(&format!("Schema version {SCHEMA}.")));
}

#[test]
fn lines_look_like_this() {
    insta::assert_snapshot!("near", written(&samples::near()));
    insta::assert_snapshot!("network", written(&samples::network()));
    insta::assert_snapshot!("interrupted", written(&samples::interrupted()));
    insta::assert_snapshot!("broken", written(&samples::broken()));
}

#[test]
fn ports_are_read_back_in_order() {
    use vigie_scan::plan::{PortScan, Technique};
    use vigie_scope::Transport;
    use vigie_scope::ports::PortList;
    for text in ["80,23,443,21-22", "U:53,T:80-82,7,U:1-9", "-"] {
        let mut sample = samples::silent();
        let list = PortList::parse(text, Transport::Tcp).unwrap();
        sample.scan.plan.spec.tcp = Some(PortScan::new(Technique::Syn, list.clone()));
        let line: Value = serde_json::from_str(written(&sample).lines().next().unwrap()).unwrap();
        let again = PortList::parse(line["ports"].as_str().unwrap(), Transport::Tcp).unwrap();
        assert_eq!(again, list);
    }
}

proptest! {
    #[test]
    fn hostile_names_are_escaped_and_complete(name in any::<String>(), target in "\\PC*", link in any::<String>()) {
        let mut sample = samples::network();
        let host = samples::host("10.0.1.1");
        sample.scan.names.insert(host, vec![name.clone()]);
        sample.scan.targets = vec![target.clone()];
        sample.scan.plan.local.routes[0].link_name = link;
        let text = written(&sample);
        prop_assert!(text.chars().all(|c| is_plain(c) || c == '\n' || c == '\\'));
        let lines: Vec<Value> = text.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
        prop_assert_eq!(&lines[0]["targets"][0], &Value::from(target));
        let up = lines.iter().find(|l| l["type"] == "up" && l["host"] == "10.0.1.1").unwrap();
        prop_assert_eq!(&up["names"][0], &Value::from(name));
    }
}
