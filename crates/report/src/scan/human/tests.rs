//! The report in both languages, and escaping of text from outside.

use proptest::prelude::*;

use super::*;
use crate::Lang;
use crate::escape::is_plain;
use crate::width;
use vigie_findings::samples::{self, Sample};

fn written(sample: &Sample, lang: Lang, style: Style) -> String {
    let mut out = Vec::new();
    sample.play(&mut Human::new(&mut out, Texts::new(lang), style));
    String::from_utf8(out).unwrap()
}

#[test]
fn reports_look_like_this() {
    let verbose = Style {
        verbosity: 1,
        reason: true,
        width: Some(100),
        ..Style::default()
    };
    for lang in Lang::ALL {
        let code = lang.code();
        insta::assert_snapshot!(
            format!("near-{code}"),
            written(&samples::near(), *lang, Style::default())
        );
        insta::assert_snapshot!(
            format!("network-{code}"),
            written(&samples::network(), *lang, Style::default())
        );
        insta::assert_snapshot!(
            format!("network-verbose-{code}"),
            written(&samples::network(), *lang, verbose)
        );
        insta::assert_snapshot!(
            format!("interrupted-{code}"),
            written(&samples::interrupted(), *lang, Style::default())
        );
        insta::assert_snapshot!(
            format!("broken-{code}"),
            written(&samples::broken(), *lang, Style::default())
        );
        insta::assert_snapshot!(
            format!("silent-{code}"),
            written(&samples::silent(), *lang, Style::default())
        );
        insta::assert_snapshot!(
            format!("udp-{code}"),
            written(&samples::udp(), *lang, Style::default())
        );
    }
}

#[test]
fn the_open_flag_hides_ports_but_counts_all() {
    let style = Style {
        open_only: true,
        ..Style::default()
    };
    let text = written(&samples::near(), Lang::En, style);
    assert!(!text.contains("443/tcp"), "{text}");
    assert!(text.contains("Not shown: 997 closed (reset), 1 filtered (no-response, 3 tries, risk of error < 0.01%)"), "{text}");
    let text = written(&samples::network(), Lang::En, style);
    assert!(
        !text.contains("10.0.1.3"),
        "a host without open ports: {text}"
    );
}

#[test]
fn colours_do_not_change_the_text() {
    let style = Style {
        paint: Paint::new(true),
        ..Style::default()
    };
    let text = written(&samples::network(), Lang::En, style);
    assert!(text.contains("\x1b[32mopen\x1b[0m"), "{text:?}");
    let mut plain = String::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find('\x1b') {
        plain += &rest[..at];
        rest = &rest[at + rest[at..].find('m').unwrap() + 1..];
    }
    assert_eq!(
        plain + rest,
        written(&samples::network(), Lang::En, Style::default())
    );
}

#[test]
fn port_tables_fit_the_terminal() {
    let style = Style {
        width: Some(50),
        ..Style::default()
    };
    let text = written(&samples::network(), Lang::En, style);
    for line in text.lines().filter(|l| l.contains("/tcp")) {
        assert!(width::of(line) <= 50, "{line}");
    }
}

proptest! {
    #[test]
    fn text_from_outside_is_escaped(name in any::<String>(), target in any::<String>(), link in any::<String>(), verbosity in 0u8..2) {
        for mut sample in [samples::network(), samples::interrupted()] {
            for host in [samples::host("10.0.1.1"), samples::host("10.0.1.4")] {
                sample.scan.names.insert(host, vec![name.clone(), target.clone()]);
            }
            sample.scan.targets = vec![target.clone()];
            sample.scan.plan.local.routes[0].link_name.clone_from(&link);
            for lang in Lang::ALL {
                let text = written(&sample, *lang, Style { verbosity, ..Style::default() });
                prop_assert!(text.chars().all(|c| is_plain(c) || c == '\n' || c == '\\'), "{:?}", text);
            }
        }
    }
}

#[test]
fn the_glossary_has_the_words_for_states() {
    let glossary = include_str!("../../../../../docs/glossaire.md");
    let texts = Texts::new(Lang::Fr);
    for state in PortState::ALL {
        let word = texts.get(&format!("state-{}", state.as_str().replace('|', "-")));
        let row = format!("| {} | {word} |", state.as_str()).replace('|', "\\|");
        let row = row.replace("\\| ", "| ").replace(" \\|", " |");
        assert!(glossary.contains(&row), "{row}");
    }
}

#[test]
fn a_scan_through_sockets_says_so() {
    for (lang, words) in [
        (Lang::En, "UDP scan through ordinary sockets of"),
        (Lang::Fr, "Scan UDP par sockets ordinaires de"),
    ] {
        let text = written(&samples::udp_by_sockets(), lang, Style::default());
        assert!(
            text.lines().next().is_some_and(|line| line.contains(words)),
            "{text}"
        );
    }
}
