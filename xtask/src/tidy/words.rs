//! Rules about words that must not stand in the repository: paths of one machine, tests that prove nothing.

use super::{
    Complaint, Tree,
    source::{code_only, lines_without_tests},
};

/// Starts of absolute paths that exist on one developer's machine only. Written in two halves, or this file
/// would break its own rule.
const MACHINE_PATHS: &[(&str, &str)] = &[
    ("/wo", "rk/"),
    ("/ro", "ot/"),
    ("/ho", "me/"),
    ("/tmp/", "wt/"),
];

/// Marks of tests that never run or cannot fail (spaces aside), in halves for the same reason.
const IDLE_TESTS: &[(&str, &str)] = &[
    ("#[ign", "ore"),
    ("assert!(tr", "ue)"),
    ("assert!(tr", "ue,"),
    ("assert_eq!(1", ",1)"),
    ("assert_eq!(true", ",true)"),
];

/// No tracked file names a path of one machine.
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
                // `a/work/b` and `./home/` are relative, and `https://x/home/` is an address.
                let before = line[..at].chars().next_back();
                !before.is_some_and(|character| {
                    character.is_alphanumeric() || "._-~}>".contains(character)
                })
            })
        })
}

/// No test is left out, and no assertion holds whatever happens.
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

/// A unit test without any assertion, unwrap or expectation is seen by its module's having none at all.
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
}
