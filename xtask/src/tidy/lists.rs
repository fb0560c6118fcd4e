//! Rules about lists: every module, registry entry, text file and fuzz target is named where it must be.

use super::{
    Complaint, Tree, has_extension,
    source::{code_only, has_word},
};

/// Registries: folders in which each file (or folder) is an entry of the list in `mod.rs`, and the helper modules in them
/// that are not entries.
const REGISTRIES: &[(&str, &[&str])] = &[
    (
        "crates/craft/src/layers",
        &["dhcp_options", "dns_names", "tcp_options", "transport"],
    ),
    (
        "crates/scan/src/probe",
        &["sctp", "tcp_segment", "template", "unreachable"],
    ),
    ("crates/detect/src/payload", &["kit", "table"]),
    ("crates/vigie/src/cmd", &[]),
    ("crates/vigie/src/cmd/learn/lessons", &[]),
];

/// Reports source files that no module declares: the compiler never sees them.
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

/// Reports files of a registry that are not in its list.
pub(crate) fn registries(tree: &Tree) -> Vec<Complaint> {
    REGISTRIES
        .iter()
        .flat_map(|(folder, helpers)| registry(tree, folder, helpers))
        .collect()
}

fn registry(tree: &Tree, folder: &str, helpers: &[&str]) -> Vec<Complaint> {
    let owner = format!("{folder}/mod.rs");
    let Some(text) = tree.text(&owner) else {
        return vec![Complaint::new(
            owner,
            "is listed as a registry and does not exist",
        )];
    };
    let list = without_declarations(&code_only(text));
    tree.rust()
        .map(|(path, _)| path)
        .filter(|path| *path != owner && is_entry(path, folder))
        .filter_map(|path| Some((path, module_name(path)?)))
        .filter(|(_, name)| !helpers.contains(name) && !has_word(&list, name))
        .map(|(path, _)| Complaint::new(path, format!("is not in the list of {folder}")))
        .collect()
}

/// Whether a file is a module directly in the folder: `folder/x.rs` or `folder/x/mod.rs`.
fn is_entry(path: &str, folder: &str) -> bool {
    let inside = path
        .strip_prefix(folder)
        .and_then(|rest| rest.strip_prefix('/'));
    inside.is_some_and(|rest| !rest.trim_end_matches("/mod.rs").contains('/'))
}

/// A module's code without its `mod x;` and `use` lines: the rest names a file only in lists and macros.
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

/// The text of the module that must declare `path`; `None` for crate roots and files outside `src/`.
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

/// Reports text files that no code loads, or that a language lacks.
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

/// Reports fuzz targets that `fuzz/Cargo.toml` does not list.
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
        let declared = "mod arp;\npub mod tcp;\nmod udp;\nmod help;\nuse arp::x;\n";
        let good = format!("{declared}const ALL: &[&str] = &[tcp::NAME, arp::NAME, udp::NAME];");
        let bad = format!("{declared}const ALL: &[&str] = &[tcp::NAME];");
        let generated = "mod help;\nlayers! { arp, tcp }".to_owned();
        for (owner, expected) in [(good, 0), (bad, 2), (generated, 1)] {
            let tree = Tree::of(&[
                ("c/src/l/mod.rs", &owner),
                ("c/src/l/tcp.rs", ""),
                ("c/src/l/arp.rs", ""),
                ("c/src/l/help.rs", ""),
                ("c/src/l/udp/mod.rs", ""),
                ("c/src/l/udp/part.rs", ""),
            ]);
            assert_eq!(
                registry(&tree, "c/src/l", &["help"]).len(),
                expected,
                "{owner}"
            );
        }
        assert_eq!(registry(&Tree::default(), "c/src/l", &[]).len(), 1);
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
