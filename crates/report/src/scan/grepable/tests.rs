//! Grepable output, read as common scripts read it.

use regex::Regex;

use super::*;
use vigie_findings::samples::generated;
use vigie_findings::samples::{self, Sample};

fn written(sample: &Sample, verbosity: u8) -> String {
    let mut out = Vec::new();
    sample.play(&mut Grepable::new(&mut out, Detail { verbosity }));
    String::from_utf8(out).unwrap()
}

#[test]
fn lines_look_like_this() {
    insta::assert_snapshot!("near", written(&samples::near(), 1));
    insta::assert_snapshot!("network", written(&samples::network(), 0));
    insta::assert_snapshot!("interrupted", written(&samples::interrupted(), 0));
    insta::assert_snapshot!("broken", written(&samples::broken(), 0));
    insta::assert_snapshot!("udp", written(&samples::udp(), 0));
}

/// Contents of one `Host:` line.
#[derive(Debug, Default)]
struct Read {
    status: Option<String>,
    ports: Vec<(u16, String, String)>,
    ignored: Vec<(String, u64)>,
}

/// Parses the format strictly: every line must match one of its forms completely.
fn read(text: &str) -> Vec<(String, Read)> {
    let host = Regex::new(r"^Host: (\S+) \(([^()\t,/]*)\)\t(.*)$").unwrap();
    let entry = Regex::new(r"^(\d{1,5})/(open|closed|filtered|unfiltered|open\|filtered|closed\|filtered|unknown)/(tcp|udp|sctp|ip)//([^/,\t]*)///$").unwrap();
    let ignored = Regex::new(r"^Ignored State: ([a-z|]+) \((\d+)\)$").unwrap();
    let mut all = Vec::new();
    for line in text.lines() {
        if line.starts_with("# ") {
            continue;
        }
        let caught = host.captures(line).unwrap_or_else(|| panic!("{line:?}"));
        let mut read = Read::default();
        for field in caught[3].split('\t') {
            if let Some(status) = field.strip_prefix("Status: ") {
                assert!(matches!(status, "Up" | "Down" | "Unknown"), "{status}");
                read.status = Some(status.to_owned());
            } else if let Some(list) = field.strip_prefix("Ports: ") {
                for one in list.split(", ").filter(|e| !e.is_empty()) {
                    let one = entry.captures(one).unwrap_or_else(|| panic!("{one:?}"));
                    read.ports.push((
                        one[1].parse().unwrap(),
                        one[2].to_owned(),
                        one[3].to_owned(),
                    ));
                }
            } else if let Some(list) = field.strip_prefix("Protocols: ") {
                for one in list.split(", ").filter(|e| !e.is_empty()) {
                    let words: Vec<&str> = one.split('/').collect();
                    let [number, state, _, ""] = words.as_slice() else {
                        panic!("{one:?}")
                    };
                    let number = number.parse().unwrap();
                    read.ports
                        .push((number, (*state).to_owned(), "ip".to_owned()));
                }
            } else {
                let one = ignored
                    .captures(field)
                    .unwrap_or_else(|| panic!("{field:?}"));
                read.ignored
                    .push((one[1].to_owned(), one[2].parse().unwrap()));
            }
        }
        all.push((caught[1].to_owned(), read));
    }
    all
}

#[test]
fn a_strict_parser_reads_fifty_results_completely() {
    for seed in 0..50 {
        let sample = generated::sample(seed);
        let text = written(&sample, 1);
        assert!(
            text.chars()
                .all(|c| escape::is_plain(c) || matches!(c, '\n' | '\t' | '\\'))
        );
        let all = read(&text);
        for event in &sample.events {
            let Event::HostDone(summary) = event else {
                continue;
            };
            let address = sample.scan.address(summary.host.host);
            let lines: Vec<&Read> = all
                .iter()
                .filter(|(a, _)| *a == address)
                .map(|(_, r)| r)
                .collect();
            assert!(
                lines.iter().any(|r| r.status.as_deref() == Some("Up")),
                "{address}"
            );
            let listed: usize = lines.iter().map(|r| r.ports.len()).sum();
            let ignored: u64 = lines.iter().flat_map(|r| &r.ignored).map(|(_, n)| n).sum();
            assert_eq!(
                listed as u64 + ignored,
                sample.scan.plan.spec.tcp_ports().len() as u64,
                "seed {seed}"
            );
        }
    }
}

#[test]
fn the_usual_one_liners_work() {
    let text = written(&samples::near(), 0);
    // grep '/open/' | cut -d' ' -f2
    let open: Vec<&str> = text
        .lines()
        .filter(|l| l.contains("/open/"))
        .map(|l| l.split(' ').nth(1).unwrap())
        .collect();
    assert_eq!(open, ["10.0.1.1"]);
    // awk '/Up$/{print $2}'
    let up: Vec<&str> = text
        .lines()
        .filter(|l| l.ends_with("Up"))
        .map(|l| l.split_whitespace().nth(1).unwrap())
        .collect();
    assert_eq!(up, ["10.0.1.1"]);
    // grep -oP '\d+(?=/open)'
    let ports = Regex::new(r"(\d+)/open").unwrap();
    let found: Vec<&str> = ports
        .captures_iter(&text)
        .map(|c| c.get(1).unwrap().as_str())
        .collect();
    assert_eq!(found, ["22", "80"]);
}
