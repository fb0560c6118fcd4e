//! Rules about single files: each says its purpose, and none is too long.

use super::{Complaint, Tree, source::lines_without_tests};

/// Lines without tests above which a file gets a note.
const COMFORT: usize = 400;
/// Lines without tests above which a file gets a complaint, unless its `//!` says why.
const LIMIT: usize = 600;
/// How a file's `//!` justifies its length.
const EXCUSE: &str = "Long because";

/// Reports Rust files that do not open with `//!`.
pub(crate) fn opens_with_doc(tree: &Tree) -> Vec<Complaint> {
    tree.rust()
        .filter(|(_, text)| !text.starts_with("//! ") && !text.starts_with("//!\n"))
        .map(|(path, _)| {
            Complaint::new(
                path,
                "open the file with `//!`: its purpose, and what it must not know",
            )
        })
        .collect()
}

/// Reports files that are too long.
pub(crate) fn length(tree: &Tree) -> Vec<Complaint> {
    tree.rust()
        .filter_map(|(path, text)| long(path, text))
        .collect()
}

fn long(path: &str, text: &str) -> Option<Complaint> {
    let lines = lines_without_tests(text);
    let excused = text
        .lines()
        .take_while(|line| line.starts_with("//!"))
        .any(|line| line.contains(EXCUSE));
    if lines > LIMIT && !excused {
        let what = format!(
            "{lines} lines without tests (limit {LIMIT}); split it, or say `//! {EXCUSE} ...`"
        );
        return Some(Complaint::new(path, what));
    }
    (lines > COMFORT && !excused).then(|| {
        Complaint::warning(
            path,
            format!("{lines} lines without tests (aim for {COMFORT})"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_head_is_named() {
        let tree = Tree::of(&[
            ("a.rs", "//! Head.\nfn a() {}\n"),
            ("b.rs", "fn b() {}\n"),
            ("c.md", "text"),
        ]);
        let found = opens_with_doc(&tree);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].place, "b.rs");
    }

    #[test]
    fn length_counts_without_tests_and_takes_an_excuse() {
        let body =
            |lines: usize, head: &str| format!("//! {head}\n{}", "fn a() {}\n".repeat(lines));
        let tested = format!(
            "{}#[cfg(test)]\nmod tests {{\n{}}}\n",
            body(300, "Head."),
            "\n".repeat(900)
        );
        let tree = Tree::of(&[
            ("short.rs", &body(399, "Head.")),
            ("note.rs", &body(500, "Head.")),
            ("long.rs", &body(601, "Head.")),
            ("table.rs", &body(900, "Long because it is one table.")),
            ("tested.rs", &tested),
        ]);
        let found: Vec<(String, bool)> = length(&tree)
            .into_iter()
            .map(|one| (one.place, one.warning))
            .collect();
        assert_eq!(
            found,
            [("long.rs".to_owned(), false), ("note.rs".to_owned(), true)]
        );
    }
}
