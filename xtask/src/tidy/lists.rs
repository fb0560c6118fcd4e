//! Rules about folders: nothing lies in one that the build, a registry or a list does not name.

use super::{
    Complaint, Tree, has_extension,
    source::{code_only, has_word},
};

/// Folders where a new thing is one file plus one word in the list of the module that owns the folder.
const REGISTRIES: &[&str] = &["crates/scan/src/payload"];

/// Every module file is named by its parent, or the compiler never sees it.
pub(crate) fn orphans(tree: &Tree) -> Vec<Complaint> {
    tree.rust()
        .filter_map(|(path, _)| {
            let parent = parent_text(tree, path)?;
            let name = module_name(path)?;
            (!has_word(&code_only(parent), name)).then(|| {
                Complaint::new(
                    path,
                    format!("no module names `{name}`: the compiler never sees this file"),
                )
            })
        })
        .collect()
}

/// In a registry's folder, every file stands in the list too.
pub(crate) fn registries(tree: &Tree) -> Vec<Complaint> {
    REGISTRIES
        .iter()
        .flat_map(|folder| registry(tree, folder))
        .collect()
}

fn registry(tree: &Tree, folder: &str) -> Vec<Complaint> {
    let files: Vec<&str> = tree
        .rust()
        .map(|(path, _)| path)
        .filter(|path| {
            path.rsplit_once('/')
                .is_some_and(|(parent, file)| parent == folder && file != "mod.rs")
        })
        .collect();
    let Some(owner) = files.first().and_then(|path| parent_text(tree, path)) else {
        return vec![Complaint::new(
            folder,
            "is called a registry, and holds no module with files",
        )];
    };
    let list = without_declarations(&code_only(owner));
    files
        .into_iter()
        .filter(|path| module_name(path).is_some_and(|name| !has_word(&list, name)))
        .map(|path| Complaint::new(path, format!("is not in the list of {folder}")))
        .collect()
}

/// A module's code without its `mod x;` and `use` lines: what is left names a file only in lists and macros.
fn without_declarations(code: &str) -> String {
    code.lines()
        .filter(|line| {
            let start = line
                .trim_start()
                .trim_start_matches("pub(crate) ")
                .trim_start_matches("pub ");
            !start.starts_with("mod ") && !start.starts_with("use ")
        })
        .collect::<Vec<_>>()
        .join("\n")
}

/// The text of the module that must declare `path`: `None` for crate roots and for files that are none's module.
fn parent_text<'tree>(tree: &'tree Tree, path: &str) -> Option<&'tree str> {
    let (before, inside) = path.split_once("/src/")?;
    let source = format!("{before}/src");
    if matches!(inside, "lib.rs" | "main.rs") || inside.starts_with("bin/") {
        return None;
    }
    let folder = match path.strip_suffix("/mod.rs") {
        Some(own) => own.rsplit_once('/')?.0,
        None => path.rsplit_once('/')?.0,
    };
    if folder == source {
        return tree
            .text(&format!("{source}/lib.rs"))
            .or_else(|| tree.text(&format!("{source}/main.rs")));
    }
    tree.text(&format!("{folder}/mod.rs"))
        .or_else(|| tree.text(&format!("{folder}.rs")))
}

fn module_name(path: &str) -> Option<&str> {
    path.strip_suffix("/mod.rs")
        .or_else(|| path.strip_suffix(".rs"))?
        .rsplit('/')
        .next()
}

/// Every text file of the report is loaded by its code, and exists in every language.
pub(crate) fn texts(tree: &Tree) -> Vec<Complaint> {
    const FOLDER: &str = "crates/report/text/";
    let files: Vec<(&str, &str, &str)> = tree
        .iter()
        .filter(|(path, _)| has_extension(path, "ftl"))
        .filter_map(|(path, _)| {
            let (language, name) = path.strip_prefix(FOLDER)?.split_once('/')?;
            Some((path, language, name))
        })
        .collect();
    let languages: std::collections::BTreeSet<&str> =
        files.iter().map(|(_, language, _)| *language).collect();
    let mut found = Vec::new();
    for (path, _, name) in &files {
        let stem = name.trim_end_matches(".ftl");
        let loaded = tree
            .rust()
            .any(|(source, text)| source.starts_with("crates/report/src/") && has_word(text, stem));
        if !loaded {
            found.push(Complaint::new(
                *path,
                "is loaded by nothing in crates/report/src",
            ));
        }
        for language in &languages {
            let twin = format!("{FOLDER}{language}/{name}");
            if tree.text(&twin).is_none() {
                found.push(Complaint::new(*path, format!("has no twin {twin}")));
            }
        }
    }
    found
}

/// Every fuzz target is in the fuzz workspace's manifest.
pub(crate) fn fuzz(tree: &Tree) -> Vec<Complaint> {
    let manifest = tree.text("fuzz/Cargo.toml").unwrap_or_default();
    tree.rust()
        .filter_map(|(path, _)| Some((path, path.strip_prefix("fuzz/fuzz_targets/")?)))
        .filter(|(_, file)| !manifest.contains(&format!("path = \"fuzz_targets/{file}\"")))
        .map(|(path, _)| Complaint::new(path, "is not listed in fuzz/Cargo.toml"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_no_module_names_is_found() {
        let tree = Tree::of(&[
            (
                "crates/a/src/lib.rs",
                "//! A.\nmod b;\npub mod d;\n// mod lost;\n",
            ),
            ("crates/a/src/b.rs", ""),
            ("crates/a/src/lost.rs", ""),
            ("crates/a/src/d/mod.rs", "mod e;"),
            ("crates/a/src/d/e.rs", ""),
            ("crates/a/src/d/f.rs", ""),
            ("crates/a/tests/whole.rs", ""),
        ]);
        let places: Vec<String> = orphans(&tree).into_iter().map(|one| one.place).collect();
        assert_eq!(places, ["crates/a/src/d/f.rs", "crates/a/src/lost.rs"]);
    }

    #[test]
    fn a_declared_file_outside_the_list_is_found() {
        let good =
            "mod arp;\npub mod tcp;\nuse arp::x;\nconst ALL: &[&str] = &[tcp::NAME, arp::NAME];";
        let bad = "mod arp;\npub mod tcp;\nuse arp::x;\nconst ALL: &[&str] = &[tcp::NAME];";
        let generated = "layers! { arp, tcp }";
        for (owner, expected) in [(good, 0), (bad, 1), (generated, 0)] {
            let tree = Tree::of(&[
                ("c/src/l/mod.rs", owner),
                ("c/src/l/arp.rs", ""),
                ("c/src/l/tcp.rs", ""),
            ]);
            assert_eq!(registry(&tree, "c/src/l").len(), expected, "{owner}");
        }
        assert_eq!(registry(&Tree::default(), "c/src/l").len(), 1);
    }

    #[test]
    fn texts_have_twins_and_are_loaded() {
        let tree = Tree::of(&[
            (
                "crates/report/src/text.rs",
                "include!(\"../text/en/scan.ftl\")",
            ),
            ("crates/report/text/en/scan.ftl", ""),
            ("crates/report/text/fr/scan.ftl", ""),
            ("crates/report/text/en/lost.ftl", ""),
        ]);
        let found = texts(&tree);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found.iter().all(|one| one.place.ends_with("en/lost.ftl")));
    }

    #[test]
    fn a_fuzz_target_off_the_list_is_found() {
        let tree = Tree::of(&[
            (
                "fuzz/Cargo.toml",
                "[[bin]]\nname = \"a\"\npath = \"fuzz_targets/a.rs\"\n",
            ),
            ("fuzz/fuzz_targets/a.rs", ""),
            ("fuzz/fuzz_targets/b.rs", ""),
        ]);
        let places: Vec<String> = fuzz(&tree).into_iter().map(|one| one.place).collect();
        assert_eq!(places, ["fuzz/fuzz_targets/b.rs"]);
    }
}
