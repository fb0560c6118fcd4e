//! The page is valid and escaped. `browser` checks its layout.

use super::*;
use crate::Lang;
use crate::scan::document::StreamDocument;
use regex::Regex;
use vigie_findings::samples::generated;
use vigie_findings::samples::{self, Sample};

fn page(sample: &Sample, lang: Lang) -> String {
    let mut out = Vec::new();
    sample.play(&mut Html::new(StreamDocument(&mut out), Texts::new(lang)));
    String::from_utf8(out).unwrap()
}

/// Returns the elements of a page with their attributes. Panics if one is not closed.
fn elements(page: &str) -> Vec<(String, Vec<(String, String)>)> {
    const VOID: [&str; 1] = ["meta"];
    let tag =
        Regex::new(r#"<(/?)([a-zA-Z0-9]+)((?:\s+[a-zA-Z:-]+(?:="[^"]*")?)*)\s*(/?)>"#).unwrap();
    let attribute = Regex::new(r#"([a-zA-Z:-]+)(?:="([^"]*)")?"#).unwrap();
    let mut open: Vec<String> = Vec::new();
    let mut found = Vec::new();
    let mut end = 0;
    let body = page.strip_prefix("<!DOCTYPE html>").expect("a doctype");
    for caught in tag.captures_iter(body) {
        let whole = caught.get(0).unwrap();
        let between = &body[end..whole.start()];
        let in_style = open.last().is_some_and(|e| e == "style");
        assert!(
            in_style || !between.contains(['<']),
            "markup in text: {between}"
        );
        end = whole.end();
        let name = caught[2].to_owned();
        if &caught[1] == "/" {
            assert_eq!(open.pop().as_ref(), Some(&name));
            continue;
        }
        let attributes = attribute
            .captures_iter(&caught[3])
            .map(|a| {
                (
                    a[1].to_owned(),
                    a.get(2).map_or("", |v| v.as_str()).to_owned(),
                )
            })
            .collect();
        found.push((name.clone(), attributes));
        if !VOID.contains(&name.as_str()) {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "not closed: {open:?}");
    assert!(!body[end..].contains('<'), "{}", &body[end..]);
    found
}

#[test]
fn pages_are_well_formed_load_nothing_and_run_nothing() {
    const ALLOWED: &[&str] = &[
        "html", "head", "meta", "title", "style", "body", "header", "main", "footer", "section",
        "h1", "h2", "h3", "p", "ul", "li", "dl", "dt", "dd", "div", "span", "code", "details",
        "summary", "table", "thead", "tbody", "tr", "th", "td", "svg", "g", "rect", "path",
        "circle", "text", "line", "pre",
    ];
    for seed in 0..50 {
        for lang in Lang::ALL {
            let page = page(&generated::sample(seed), *lang);
            for (name, attributes) in elements(&page) {
                assert!(ALLOWED.contains(&name.as_str()), "<{name}>");
                for (key, value) in attributes {
                    assert!(!key.starts_with("on") && key != "style", "{key}={value}");
                    assert!(
                        !matches!(key.as_str(), "src" | "href" | "action" | "xlink:href"),
                        "{key}={value}"
                    );
                    assert!(!value.contains(['<', '>']), "{key}={value}");
                }
            }
            let without_sheet = page.replace(style::SHEET, "");
            assert!(
                without_sheet.chars().all(
                    |c| escape::is_plain(c) || matches!(c, '\n' | '\\' | '\u{a0}' | '\u{202f}')
                )
            );
            assert!(page.contains(&style::policy()));
        }
    }
}

#[test]
fn the_page_has_results_and_authorization() {
    let mut sample = samples::near();
    sample.scan.permission.authorizations = vec![vigie_scope::Authorization {
        source: vigie_scope::AuthSource::CommandLine {
            who: "<b>Jane</b>".into(),
        },
        hosts: 1,
    }];
    for lang in Lang::ALL {
        let page = page(&sample, *lang);
        for part in [
            "10.0.1.1",
            "22/tcp",
            "ssh",
            "syn-ack",
            "no-response",
            "2A:ED:2E:AE:C3:A4",
            "&lt;b&gt;Jane&lt;/b&gt;",
            "18446744073709551615",
            "vigie scan 10.0.1.1",
        ] {
            assert!(page.contains(part), "{part}");
        }
        assert!(!page.contains("class=\"partial\""));
    }
    assert!(page(&samples::broken(), Lang::En).contains("PARTIAL"));
    assert!(page(&samples::interrupted(), Lang::En).contains("PARTIAL: the scan was interrupted"));
    assert!(page(&samples::silent(), Lang::En).contains("No host is up"));
}

#[test]
fn the_page_of_a_running_scan_is_valid_and_marked_as_partial() {
    use crate::scan::document::FileDocument;
    use std::io::Cursor;
    let sample = samples::near();
    let mut file = Cursor::new(Vec::new());
    let mut html = Html::new(FileDocument::new(&mut file), Texts::new(Lang::En));
    html.begin(&sample.scan).unwrap();
    for (i, event) in sample.events[..3].iter().enumerate() {
        html.event(Duration::from_secs(i as u64 + 1), event)
            .unwrap();
    }
    html.progress(Duration::from_secs(11), &Progress::default())
        .unwrap();
    drop(html);
    let page = String::from_utf8(file.into_inner()).unwrap();
    assert!(elements(page.trim_end()).len() > 20);
    assert!(page.contains("the scan was still running"));
}

#[test]
fn a_large_network_has_a_page_of_bounded_size() {
    let mut sample = samples::near();
    let one = sample.events.clone();
    sample.events.clear();
    for i in 0..5_000u32 {
        let host = vigie_scope::Host::new(std::net::Ipv4Addr::from(0x0a00_0000 + i).into());
        for event in &one {
            let mut event = event.clone();
            match &mut event {
                Event::Host(found) => found.host = host,
                Event::Port(finding) => finding.host = host,
                Event::HostDone(summary) => summary.host.host = host,
                _ => continue,
            }
            sample.events.push(event);
        }
    }
    let page = page(&sample, Lang::En);
    assert!(page.contains("3,000 more hosts are up") && page.contains("more hosts are not shown"));
    assert!(page.len() < 4 << 20, "{} bytes", page.len());
}
