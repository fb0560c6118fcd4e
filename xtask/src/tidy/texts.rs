//! Rules about texts: no path of one machine, user texts in the .ftl files, no test that proves nothing.

use super::{
    Complaint, Tree,
    source::{code_only, lines_without_tests},
};

/// Prefixes of absolute paths that exist on one developer's machine only, in two halves so that this file passes its
/// own rule.
const MACHINE_PATHS: &[(&str, &str)] = &[
    ("/wo", "rk/"),
    ("/ro", "ot/"),
    ("/ho", "me/"),
    ("/tmp/", "wt/"),
];

/// Signs of tests that never run or cannot fail, without spaces, in halves for the same reason.
const IDLE_TESTS: &[(&str, &str)] = &[
    ("#[ign", "ore"),
    ("assert!(tr", "ue)"),
    ("assert!(tr", "ue,"),
    ("assert_eq!(1", ",1)"),
    ("assert_eq!(true", ",true)"),
];

/// Reports paths of one machine in tracked files.
pub(crate) fn machine_paths(tree: &Tree) -> Vec<Complaint> {
    let mut found = Vec::new();
    for (path, text) in tree.iter() {
        for (index, line) in text.lines().enumerate() {
            if let Some(word) = machine_path(line) {
                found.push(Complaint::new(
                    format!("{path}:{}", index + 1),
                    format!("names a machine's path, {word}..."),
                ));
            }
        }
    }
    found
}

fn machine_path(line: &str) -> Option<String> {
    MACHINE_PATHS
        .iter()
        .map(|(start, end)| format!("{start}{end}"))
        .find(|word| {
            line.match_indices(word.as_str()).any(|(at, _)| {
                // `a/work/b` and `./home/` are relative; `https://x/home/` is a URL.
                let before = line[..at].chars().next_back();
                !before.is_some_and(|character| {
                    character.is_alphanumeric() || "._-~}>".contains(character)
                })
            })
        })
}

/// Folders of code that prints, and the files in them whose strings are not user texts, with the reason.
const PRINTING: &[&str] = &["crates/report/src/", "crates/vigie/src/"];
const FOREIGN_WORDS: &[(&str, &str)] = &[
    ("crates/report/src/packets/kinds.rs", "tcpdump's filters"),
    ("crates/report/src/scan/csv/", "a machine format"),
    ("crates/report/src/scan/grepable/", "a machine format"),
    ("crates/report/src/scan/xml/", "a machine format"),
    ("crates/report/src/scan/html/browser.rs", "a test"),
    (
        "crates/report/src/scan/words.rs",
        "words of the machine formats",
    ),
    (
        "crates/report/src/text/system.rs",
        "what the system says, to be recognised",
    ),
    (
        "crates/report/src/scan/explain/",
        "names of the protocols' messages",
    ),
    (
        "crates/report/src/packets.rs",
        "names of the protocols' messages",
    ),
    ("crates/vigie/src/cmd/dns/", "dig's layout"),
    (
        "crates/vigie/src/cmd/packet/exchange.rs",
        "scapy's own words",
    ),
    ("crates/vigie/src/cmd/learn/", "command lines and filters"),
    (
        "crates/vigie/src/cmd/scan/trace.rs",
        "the packet trace, in the field's words",
    ),
    (
        "crates/vigie/src/cmd/capture/live.rs",
        "names of link types, as tcpdump's",
    ),
];
/// Calls whose text is for developers.
const FOR_DEVELOPERS: &[&str] = &[
    "expect(",
    "panic!(",
    "unreachable!(",
    "assert",
    "reason",
    "io::Error::other(",
];
/// Number of words in a row that make a sentence.
const SENTENCE: usize = 3;

/// Reports sentences in sources: user texts belong in the .ftl files.
pub(crate) fn untranslated(tree: &Tree) -> Vec<Complaint> {
    let mut found = Vec::new();
    for (path, text) in tree.rust() {
        let foreign = FOREIGN_WORDS.iter().any(|(file, _)| path.starts_with(file));
        let is_test = path.ends_with("tests.rs") || path.contains("/tests/");
        if foreign || is_test || !PRINTING.iter().any(|member| path.starts_with(member)) {
            continue;
        }
        // rustfmt puts a long argument on the line below its call.
        let mut above = "";
        for (index, line) in text.lines().take(lines_without_tests(text)).enumerate() {
            let skipped = FOR_DEVELOPERS
                .iter()
                .any(|call| line.contains(call) || above.contains(call));
            if !skipped && !line.trim_start().starts_with("//") {
                for literal in line
                    .split('"')
                    .skip(1)
                    .step_by(2)
                    .filter(|text| is_sentence(text))
                {
                    found.push(Complaint::new(
                        format!("{path}:{}", index + 1),
                        format!("“{literal}” is a sentence outside the .ftl files"),
                    ));
                }
            }
            above = line;
        }
    }
    found
}

/// Whether a literal has [`SENTENCE`] words of prose in a row.
fn is_sentence(literal: &str) -> bool {
    let is_word =
        |word: &str| word.len() > 1 && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'\'');
    let mut row = 0;
    literal.split(' ').any(|word| {
        row = if is_word(word.trim_end_matches([',', '.', ';', ':'])) {
            row + 1
        } else {
            0
        };
        row >= SENTENCE
    })
}

/// Reports ignored tests and assertions that cannot fail.
pub(crate) fn idle_tests(tree: &Tree) -> Vec<Complaint> {
    let mut found = Vec::new();
    for (path, text) in tree.rust() {
        for (index, line) in code_only(text).lines().enumerate() {
            let tight: String = line
                .chars()
                .filter(|character| !character.is_whitespace())
                .collect();
            if let Some((start, end)) = IDLE_TESTS
                .iter()
                .find(|(start, end)| tight.contains(&format!("{start}{end}")))
            {
                let place = format!("{path}:{}", index + 1);
                found.push(Complaint::new(
                    place,
                    format!("`{start}{end}` proves nothing"),
                ));
            }
        }
        if let Some(place) = placeholder(path, text) {
            found.push(place);
        }
    }
    found
}

/// Reports a test module that contains no check at all.
fn placeholder(path: &str, text: &str) -> Option<Complaint> {
    let tests: String = text
        .lines()
        .skip(lines_without_tests(text))
        .collect::<Vec<_>>()
        .join("\n");
    let checks = ["assert", "unwrap", "expect", "panic", "?"];
    (tests.contains("#[test]") && !checks.iter().any(|check| tests.contains(check)))
        .then(|| Complaint::new(path, "its tests assert nothing"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined((start, end): (&str, &str)) -> String {
        format!("{start}{end}")
    }

    #[test]
    fn a_machine_path_is_found_and_a_relative_one_is_not() {
        for (index, word) in MACHINE_PATHS.iter().enumerate() {
            let tree = Tree::of(&[("a.md", &format!("one\nsee {}x\n", joined(*word)))]);
            let found = machine_paths(&tree);
            assert_eq!(found.len(), 1, "{index}");
            assert_eq!(found[0].place, "a.md:2");
            assert!(machine_path(&format!("see some{}x", joined(*word))).is_none());
        }
    }

    #[test]
    fn idle_tests_are_found() {
        for mark in IDLE_TESTS {
            let tree = Tree::of(&[(
                "a.rs",
                &format!("fn x() {{\n  {} ;\n", joined(*mark).replace(',', ", ")),
            )]);
            assert_eq!(idle_tests(&tree).len(), 1, "{mark:?}");
        }
        let empty = "//! A.\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn a() { run(); }\n}\n";
        assert_eq!(idle_tests(&Tree::of(&[("a.rs", empty)])).len(), 1);
        let real = empty.replace("run()", "assert!(run())");
        assert_eq!(idle_tests(&Tree::of(&[("a.rs", &real)])), []);
    }

    #[test]
    fn a_sentence_in_a_source_is_found() {
        let file = "crates/vigie/src/a.rs";
        let count = |line: &str| untranslated(&Tree::of(&[(file, line)])).len();
        assert_eq!(count("ui.line(\"the scan is done\");"), 1);
        assert_eq!(count("ui.line(\"{}: cannot be read\", x);"), 1);
        assert_eq!(count("Message::new(\"scan-is-done\");"), 0);
        assert_eq!(count("x.expect(\"this can never fail\");"), 0);
        assert_eq!(count("// \"a comment may say it\""), 0);
        assert_eq!(
            untranslated(&Tree::of(&[(
                "crates/lab/src/a.rs",
                "\"not a crate that prints\""
            )])),
            []
        );
    }
}
