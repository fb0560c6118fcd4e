//! Rule: plain technical English. Words and phrases of the project's former private vocabulary do not come back.
//!
//! Identifiers are compared word by word (`HostTable` and `host_table` are `host` and `table`), comments and documents by
//! phrase. Each row names the replacement. Add a row when a review finds a word that needs a dictionary.

use super::{Complaint, Tree, has_extension, source::code_only};

/// Words that no identifier contains, and what to write instead.
const WORDS: &[(&str, &str)] = &[
    ("aim", "purpose"),
    ("asking", "probing"),
    ("claims", "unverified replies"),
    ("deaf", "closed or unresponsive"),
    ("desk", "work queue"),
    ("habit", "alias, nmap_compat"),
    ("habits", "aliases, nmap_compat"),
    ("heard", "received"),
    ("heir", "split-off"),
    ("heirs", "split-offs"),
    ("keeper", "checkpointer"),
    ("kept", "stored, or the thing's own name"),
    ("knock", "discovery"),
    ("lane", "egress"),
    ("lanes", "egresses"),
    ("legacy", "path estimates, or `old` for formats"),
    ("mute", "unresponsive"),
    ("neighbourhood", "ipv6_link_discovery"),
    ("office", "the thing's own name"),
    ("roster", "host table"),
    ("shelf", "evidence store"),
    ("sight", "expectation"),
    ("talk", "flow"),
    ("tell", "report"),
    ("teller", "summarizer"),
    ("telling", "summary"),
    ("told", "reported"),
    ("unkept", "default verdicts"),
    ("whose", "the owner's name"),
    ("wish", "option"),
    ("wishes", "options"),
    ("worth", "novelty, or the quantity's name"),
];

/// Identifiers that contain a word of [`WORDS`] and mean something else.
const ACCEPTED: &[&str] = &[];

/// Phrases that no comment and no document contains, in lower case.
const PHRASES: &[&str] = &[
    "of which",
    "of whom",
    "in whose",
    "so many",
    "no few",
    "not to be had",
    "can be had",
    "is told of",
    "are told of",
    "own word",
    "own account",
    "whoever",
    "and so does",
    "in the manner of",
    "in their name",
    "in its name",
    "bears witness",
    "made anew",
    "has a say",
    "nobody asked",
];

/// First sentences that say nothing.
const EMPTY_SENTENCES: &[&str] = &[
    "They.",
    "The same.",
    "What.",
    "How.",
    "Whom.",
    "See there.",
    "Itself.",
];

/// Files about the old vocabulary itself.
const EXEMPT: &[&str] = &["xtask/src/tidy/vocabulary.rs", "CHANGELOG.md"];

/// Reports old words in identifiers, and old phrases in comments, English texts and documents.
pub(crate) fn check(tree: &Tree) -> Vec<Complaint> {
    let mut found = Vec::new();
    for (path, text) in tree.iter().filter(|(path, _)| !EXEMPT.contains(path)) {
        if has_extension(path, "rs") {
            identifiers(path, &code_only(text), &mut found);
            let comments = text
                .lines()
                .map(|line| line.split_once("//").map_or("", |(_, rest)| rest));
            phrases(path, comments, &mut found);
        } else if !path.contains("/fr/")
            && (has_extension(path, "md") || has_extension(path, "ftl"))
        {
            phrases(path, text.lines(), &mut found);
        }
    }
    found
}

fn identifiers(path: &str, code: &str, found: &mut Vec<Complaint>) {
    for (index, line) in code.lines().enumerate() {
        let names = line.split(|character: char| !character.is_alphanumeric() && character != '_');
        for name in names.filter(|name| !name.is_empty() && !ACCEPTED.contains(name)) {
            for word in words(name) {
                if let Ok(row) = WORDS.binary_search_by(|(old, _)| (*old).cmp(word.as_str())) {
                    found.push(Complaint::new(
                        format!("{path}:{}", index + 1),
                        format!("`{name}` contains `{word}`; write: {}", WORDS[row].1),
                    ));
                }
            }
        }
    }
}

/// The lower-case words of an identifier in snake case, camel case or capitals.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut lower = false;
    for character in name.chars() {
        let starts = character == '_' || (lower && character.is_uppercase());
        if starts && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
        if character != '_'
            && let Some(word) = words.last_mut()
        {
            word.extend(character.to_lowercase());
        }
        lower = character.is_lowercase();
    }
    words
}

fn phrases<'text>(path: &str, lines: impl Iterator<Item = &'text str>, found: &mut Vec<Complaint>) {
    for (index, line) in lines.enumerate() {
        let small = line.to_lowercase();
        for phrase in PHRASES.iter().filter(|phrase| has_phrase(&small, phrase)) {
            found.push(Complaint::new(
                format!("{path}:{}", index + 1),
                format!("“{phrase}” is not plain technical English"),
            ));
        }
        let sentence = line.trim_start_matches('/').trim_start_matches('!').trim();
        if EMPTY_SENTENCES.contains(&sentence) {
            found.push(Complaint::new(
                format!("{path}:{}", index + 1),
                format!("“{sentence}” says nothing"),
            ));
        }
    }
}

/// Whether `phrase` is in `line` as whole words.
fn has_phrase(line: &str, phrase: &str) -> bool {
    line.match_indices(phrase).any(|(start, _)| {
        let before = line[..start].chars().next_back();
        let after = line[start + phrase.len()..].chars().next();
        let word = |character: Option<char>| character.is_some_and(char::is_alphanumeric);
        !word(before) && !word(after)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_sorted_for_the_search() {
        assert!(WORDS.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn identifiers_are_split_into_words() {
        assert_eq!(words("HostTable"), ["host", "table"]);
        assert_eq!(words("MAX_HOST_RATE"), ["max", "host", "rate"]);
        assert_eq!(words("_is_up"), ["is", "up"]);
    }

    #[test]
    fn old_words_and_phrases_are_found() {
        let count = |path: &str, text: &str| check(&Tree::of(&[(path, text)])).len();
        assert_eq!(count("a.rs", "struct HostRoster;\nlet told_of = 1;\n"), 2);
        assert_eq!(count("a.rs", "struct Storyteller;\n"), 0);
        assert_eq!(count("a.rs", "/// So many hosts that are no few.\n"), 2);
        assert_eq!(count("a.rs", "/// The same.\n"), 1);
        assert_eq!(count("docs/a.md", "Whoever reads this.\n"), 1);
        assert_eq!(count("crates/report/text/fr/a.ftl", "a = whoever\n"), 0);
        assert_eq!(count("a.rs", "let a = \"told\"; // the also many\n"), 0);
    }
}
