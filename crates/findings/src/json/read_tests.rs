//! Results are read back as written, and damaged input causes no panic.

use std::time::Duration;

use proptest::prelude::*;
use vigie_scan::event::{Event, Progress};
use vigie_scope::Host;

use super::*;
use crate::Sink;
use crate::samples::packets::{self, Probe};
use crate::samples::{self, Sample, generated};

fn written(sample: &Sample) -> Vec<u8> {
    let mut out = Vec::new();
    sample.play(&mut JsonLines::new(&mut out));
    out
}

fn again(recording: &Recording) -> Vec<u8> {
    let mut out = Vec::new();
    recording.play(&mut JsonLines::new(&mut out)).unwrap();
    out
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn results_are_read_back_as_written() {
    let mut all = vec![
        samples::near(),
        samples::network(),
        samples::interrupted(),
        samples::broken(),
        samples::silent(),
        samples::udp(),
        samples::udp_by_sockets(),
    ];
    all.extend((0..50).map(generated::sample));
    for sample in all {
        let first = written(&sample);
        let recording =
            read(first.as_slice()).unwrap_or_else(|e| panic!("{e:?}\n{}", text(&first)));
        assert_eq!(text(&again(&recording)), text(&first));
    }
}

#[test]
fn packets_read_back() {
    let probe = Probe::tcp("10.0.1.1", 22);
    let mut shown = probe.evidence(vec![probe.syn(1.0), probe.syn_ack()]);
    shown.more = 3;
    let all = [packets::arp("10.0.1.1", true), shown];
    let mut out = Vec::new();
    let mut json = JsonLines::new(&mut out);
    json.begin(&samples::near().scan).unwrap();
    for evidence in &all {
        json.evidence(Duration::from_secs(1), evidence).unwrap();
    }
    json.finish().unwrap();
    let recording = read(out.as_slice()).unwrap();
    let found: Vec<_> = recording
        .records
        .iter()
        .map(|(_, record)| match record {
            Record::Evidence(evidence) => evidence.clone(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(found, all);
    assert_eq!(text(&again(&recording)), text(&out));
    for (from, to) in [
        ("\"bytes\":\"02", "\"bytes\":\"0"),
        ("\"bytes\":\"02", "\"bytes\":\"é"),
        ("\"link\":1", "\"link\":9999"),
        ("\"port\":22", "\"puerto\":22"),
        ("\"transport\":\"tcp\"", "\"transport\":\"tcq\""),
    ] {
        let broken = text(&out).replace(from, to);
        assert_ne!(broken, text(&out), "{from}");
        assert!(
            matches!(read(broken.as_bytes()), Err(ReadError::Line { .. })),
            "{to}"
        );
    }
}

#[test]
fn progress_reads_back() {
    let mut out = Vec::new();
    let mut json = JsonLines::new(&mut out);
    let sample = samples::near();
    json.begin(&sample.scan).unwrap();
    let progress = |done, eta| Progress {
        done,
        rate: 1234.5,
        sent: 77,
        loss_rate: 0.01,
        eta,
        round: 2,
        open: 1,
        discovering: false,
        udp: true,
    };
    let seconds = Duration::from_secs;
    json.progress(seconds(1), &progress(0.25, Some(seconds(9))))
        .unwrap();
    // Less than a second later: not written.
    json.progress(Duration::from_millis(1_900), &progress(0.4, None))
        .unwrap();
    json.progress(seconds(2), &progress(0.5, None)).unwrap();
    json.finish().unwrap();
    let recording = read(out.as_slice()).unwrap();
    let records: Vec<_> = recording.records.clone();
    assert_eq!(
        records,
        [
            (
                seconds(1),
                Record::Progress(progress(0.25, Some(seconds(9))))
            ),
            (seconds(2), Record::Progress(progress(0.5, None))),
        ]
    );
    assert_eq!(text(&again(&recording)), text(&out));
}

#[test]
fn a_truncated_last_line_means_an_unfinished_scan() {
    let whole = written(&samples::network());
    let lines = text(&whole).lines().count();
    let first = whole.iter().position(|b| *b == b'\n').unwrap() + 1;
    let mut read_lines = 0;
    for end in first..whole.len() {
        let recording = read(&whole[..end]).unwrap_or_else(|e| panic!("{end}: {e:?}"));
        assert!(recording.records.len() >= read_lines && recording.records.len() < lines);
        read_lines = recording.records.len();
        if end < whole.len() - 1 {
            assert!(
                text(&again(&recording)).contains("\"complete\":false"),
                "{end}"
            );
        }
    }
}

#[test]
fn invalid_recordings_are_rejected() {
    let refused = |text: &str| format!("{:?}", read(text.as_bytes()).unwrap_err());
    assert_eq!(refused(""), "NotAScan");
    assert_eq!(refused("# a comment\n"), "NotAScan");
    assert_eq!(refused("{\"type\":\"up\"}\n"), "NotAScan");
    assert_eq!(
        refused("{\"type\":\"scan\",\"schema\":2}\n"),
        "Newer { schema: 2 }"
    );
    assert_eq!(
        refused("{\"type\":\"scan\",\"schema\":1}\n"),
        "Line { number: 1, what: NotAsDescribed }"
    );
    let near = String::from_utf8(written(&samples::near())).unwrap();
    let changed = |from: &str, to: &str| {
        let text = near.replacen(from, to, 1);
        assert_ne!(text, near, "{from}");
        refused(&text)
    };
    let field = |n: u64, f: &str| format!("Line {{ number: {n}, what: Field(\"{f}\") }}");
    assert_eq!(
        changed("\"last\":\"10.0.1.1\"", "\"last\":\"10.0.1.0\""),
        field(1, "last")
    );
    assert_eq!(
        changed("\"last\":\"10.0.1.1\"", "\"last\":\"::1\""),
        field(1, "last")
    );
    assert_eq!(
        changed("\"started\":\"2025", "\"started\":\"1925"),
        field(1, "started")
    );
    assert_eq!(changed("\"seed\":\"1", "\"seed\":\"-1"), field(1, "seed"));
    assert_eq!(
        changed(
            "\"ports\":\"T:",
            "\"ports\":\"T:1-65535,1-65535,1-65535,1-65535,1-65535,"
        ),
        field(1, "ports")
    );
    assert_eq!(changed("\"rtt\":0.00021", "\"rtt\":1e300"), field(2, "rtt"));
    assert_eq!(changed("\"rtt\":0.00021", "\"rtt\":-1"), field(2, "rtt"));
    assert_eq!(changed("\"mac\":\"2A:", "\"mac\":\"2:"), field(2, "mac"));
    assert_eq!(
        changed("\"miss_probability\":0.0", "\"miss_probability\":1.5"),
        field(3, "miss_probability")
    );
    assert_eq!(
        changed("\"count\":997", "\"count\":18446744073709551615"),
        field(6, "count")
    );
    let twice = format!("{near}{near}");
    assert_eq!(refused(&twice), "Line { number: 9, what: AfterTheEnd }");
    let overlap = near.replacen(
        "\"ranges\":[",
        "\"ranges\":[{\"first\":\"10.0.1.0\",\"last\":\"10.0.1.5\"},",
        1,
    );
    assert_eq!(refused(&overlap), field(1, "ranges"));
}

#[test]
fn interfaces_without_a_range_keep_their_names() {
    let mut sample = samples::near();
    let host = Host::zoned("fe80::7".parse().unwrap(), 9);
    let found = vigie_scan::finding::HostFinding {
        state: vigie_scan::HostState::Down,
        ..samples::up(host, vigie_scan::Reason::NoResponse)
    };
    sample.events.insert(2, Event::Host(found));
    let line = text(&written(&sample)).replace("fe80::7%9", "fe80::7%wlan0");
    let recording = read(line.as_bytes()).unwrap();
    assert_eq!(text(&again(&recording)), line);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_input_causes_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(bytes.as_slice());
        let mut text = written(&samples::near());
        text.extend(bytes);
        let _ = read(text.as_slice());
    }
}
