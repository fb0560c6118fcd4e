//! CSV output, read by a strict parser of RFC 4180.

use super::*;
use vigie_findings::samples::generated;
use vigie_findings::samples::{self, Sample};
use vigie_scope::Host;

fn written(sample: &Sample) -> String {
    let mut out = Vec::new();
    sample.play(&mut Csv::new(&mut out));
    String::from_utf8(out).unwrap()
}

/// Parses RFC 4180, strictly.
fn parsed(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![];
    let (mut row, mut cell, mut chars) = (vec![], String::new(), text.chars().peekable());
    let mut quoted = false;
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.next_if_eq(&'"').is_some() => cell.push('"'),
            '"' if quoted => {
                quoted = false;
                assert!(
                    matches!(chars.peek(), Some(',' | '\r')),
                    "text after a quote"
                );
            }
            '"' => {
                assert!(cell.is_empty(), "a quote within a bare cell");
                quoted = true;
            }
            c if quoted => cell.push(c),
            ',' => row.push(std::mem::take(&mut cell)),
            '\r' => {
                assert_eq!(chars.next(), Some('\n'));
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            c => cell.push(c),
        }
    }
    assert!(!quoted && row.is_empty() && cell.is_empty());
    rows
}

#[test]
fn rows_look_like_this() {
    insta::assert_snapshot!("near", written(&samples::near()).replace('\r', ""));
    insta::assert_snapshot!("network", written(&samples::network()).replace('\r', ""));
    insta::assert_snapshot!("broken", written(&samples::broken()).replace('\r', ""));
}

#[test]
fn fifty_results_add_up_and_are_escaped() {
    for seed in 0..50 {
        let sample = generated::sample(seed);
        let rows = parsed(&written(&sample));
        assert_eq!(rows[0], COLUMNS);
        let mut totals: std::collections::BTreeMap<&str, u64> = std::collections::BTreeMap::new();
        for row in &rows[1..] {
            assert_eq!(row.len(), COLUMNS.len(), "{row:?}");
            assert!(
                row.iter().all(|c| !c.starts_with(['=', '+', '-', '@'])),
                "{row:?}"
            );
            assert!(
                row.iter()
                    .flat_map(|c| c.chars())
                    .all(|c| escape::is_plain(c) || c == '\\')
            );
            *totals.entry(&row[0]).or_default() += row[8].parse::<u64>().unwrap();
        }
        for event in &sample.events {
            if let Event::HostDone(summary) = event {
                let host: Host = summary.host.host;
                let asked = sample.scan.plan.spec.tcp_ports().len() as u64;
                assert_eq!(
                    totals[sample.scan.address(host).as_str()],
                    asked,
                    "seed {seed}"
                );
            }
        }
    }
}
