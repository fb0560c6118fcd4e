//! Lessons, their texts and the pages in docs/ are consistent.

use std::collections::BTreeSet;
use std::path::Path;

use super::lesson::{Answer, Expectation, Step};
use super::lesson_lab::Line;
use super::*;

fn texts_of(lesson: &Lesson) -> BTreeSet<String> {
    let mut ends: BTreeSet<String> = ["title".to_owned()].into();
    for step in lesson.steps {
        match step {
            Step::Say(end) => drop(ends.insert((*end).to_owned())),
            Step::Show(show) => drop(ends.insert(show.then.to_owned())),
            Step::Ask(ask) => {
                ends.extend(["", "-right", "-hint"].map(|end| format!("{}{end}", ask.key)));
                if let Answer::Choice { of, .. } = ask.answer {
                    let letters = (0..of).map(lesson::letter);
                    ends.extend(letters.map(|letter| format!("{}-{letter}", ask.key)));
                }
            }
        }
    }
    ends.iter().map(|end| lesson.key(end)).collect()
}

/// Returns the keys of a lesson's text file.
fn keys(lesson: &Lesson, lang: Lang) -> BTreeSet<String> {
    let file = format!(
        "{}/../report/text/{}/learn-{}.ftl",
        env!("CARGO_MANIFEST_DIR"),
        lang.code(),
        lesson.name
    );
    let text = std::fs::read_to_string(&file).expect("every lesson has its text file");
    let key = |line: &str| Some(line.split_once(" =")?.0.to_owned());
    text.lines()
        .filter(|line| line.starts_with("learn-"))
        .filter_map(key)
        .collect()
}

#[test]
fn lessons_have_all_their_texts_and_no_others() {
    for lesson in LESSONS {
        for lang in Lang::ALL {
            assert_eq!(texts_of(lesson), keys(lesson, *lang), "{}", lesson.name);
        }
    }
}

#[test]
fn commands_filters_and_answers_make_sense() {
    let lab = training();
    for lesson in LESSONS {
        let known = |node: &str| assert!(lab.find(node).is_some(), "{}: {node}", lesson.name);
        let line = |text: &str, at: &str| {
            known(at);
            assert!(Line::parse(text, at).is_some(), "{}: {text}", lesson.name);
        };
        let filter = |text: &str| {
            let taken = Wire::default().matches(text);
            assert!(taken.is_some(), "{}: {text}", lesson.name);
        };
        let expectations = |expectations: &[Expectation]| {
            for expectation in expectations {
                let (Expectation::Seen(text) | Expectation::Never(text)) = expectation;
                filter(text);
            }
        };
        for step in lesson.steps {
            match step {
                Step::Say(_) => {}
                Step::Show(show) => {
                    line(show.line, show.at);
                    if let Some((at, text)) = show.meanwhile {
                        line(text, at);
                    }
                    known(show.tap);
                    filter(show.wire);
                    expectations(show.expected);
                }
                Step::Ask(ask) => match &ask.answer {
                    Answer::Ports { node, .. } => {
                        known(node);
                        assert!(!ask.answer.ports(&lab).is_empty(), "{}", ask.key);
                    }
                    Answer::Choice { of, right } => assert!(right < of, "{}", ask.key),
                    Answer::Command {
                        at,
                        tap,
                        solution,
                        expected,
                    } => {
                        line(solution, at);
                        known(tap);
                        assert!(!expected.is_empty(), "{}", ask.key);
                        expectations(expected);
                    }
                    Answer::Filter { solution } => filter(solution),
                },
            }
        }
    }
}

#[test]
fn the_pages_in_docs_are_current() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/learn");
    for (path, text) in pages() {
        let page = std::fs::read_to_string(folder.join(&path)).unwrap_or_default();
        assert!(
            page == text,
            "{} is not current: cargo run -p vigie -- learn --render docs/learn",
            path.display()
        );
    }
}

#[test]
fn a_lesson_is_found_by_number_and_by_name() {
    assert_eq!(find("1").unwrap(), 0);
    assert_eq!(find("law").unwrap(), LESSONS.len() - 1);
    for wrong in ["0", "99", "nothing", ""] {
        assert_eq!(find(wrong).unwrap_err().exit, Exit::Usage);
    }
}
