//! `cargo xtask new KIND NAME`: writes every place that the recipe of a kind names (see ARCHITECTURE.md).
//!
//! A kind is a row of [`KINDS`]: its folder, the file with its template, and the lists to extend. The result compiles; the
//! tests of the registry then say what is still missing. Knows texts only: [`plan`] maps files to new files.

use std::{collections::BTreeMap, fs};

use crate::shell::{self, Outcome};

/// One kind of addition.
struct Kind {
    /// Name on the command line.
    name: &'static str,
    /// Folder of the new file.
    folder: &'static str,
    /// Text of the new file, with placeholders: see [`fill`].
    template: &'static str,
    /// Lines to insert into `mod.rs` (or `owner`).
    lists: &'static [List],
    /// File that holds the lists.
    owner: &'static str,
    /// What to do next.
    next: &'static str,
}

/// A line to insert into a list.
struct List {
    /// Line after which the list starts.
    start: &'static str,
    /// Line that ends the list.
    end: &'static str,
    /// The new line, with placeholders.
    line: &'static str,
}

const KINDS: &[Kind] = &[
    Kind {
        name: "layer",
        folder: "crates/craft/src/layers",
        template: include_str!("layer.txt"),
        lists: &[List {
            start: "layers! {",
            end: "}",
            line: "    {name}: {NAME};",
        }],
        owner: "crates/craft/src/layers/mod.rs",
        next: "write the fields and the binding; add packets to crates/craft/tests",
    },
    Kind {
        name: "probe",
        folder: "crates/scan/src/probe",
        template: include_str!("probe.txt"),
        lists: &[
            List {
                start: "mod icmp_echo;",
                end: "",
                line: "mod {name};",
            },
            List {
                start: "const KINDS: &[&dyn Probe] = &[",
                end: "];",
                line: "    &{name}::{NAME},",
            },
        ],
        owner: "crates/scan/src/probe/mod.rs",
        next: "set the flags and what a reset means; a technique made of it is a row of the technique table",
    },
    Kind {
        name: "payload",
        folder: "crates/detect/src/payload",
        template: include_str!("payload.txt"),
        lists: &[List {
            start: "payloads! {",
            end: "}",
            line: "    {name}: {NAME};",
        }],
        owner: "crates/detect/src/payload/mod.rs",
        next: "write request and recognizer; record a reply in crates/detect/tests/payload_replies.tsv (example udp_ask)",
    },
];

/// Writes the places of `arguments` (KIND NAME `PORT`) and prints them.
pub(crate) fn run(arguments: &[&str]) -> Outcome {
    let usage = || {
        let kinds: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
        format!("usage: cargo xtask new {} NAME [PORT]", kinds.join("|"))
    };
    let ([kind, name] | [kind, name, _]) = arguments else {
        return Err(usage());
    };
    let kind = KINDS
        .iter()
        .find(|one| one.name == *kind)
        .ok_or_else(usage)?;
    let port = arguments.get(2).copied().unwrap_or("1");
    let read = |path: &str| fs::read_to_string(shell::root().join(path)).ok();
    for (path, text) in plan(kind, name, port, &read)? {
        let file = shell::root().join(&path);
        fs::write(&file, text).map_err(|error| format!("{path}: {error}"))?;
        println!("wrote {path}");
    }
    println!("next: {}", kind.next);
    Ok(())
}

/// The files to write, by path, with their new texts.
fn plan(
    kind: &Kind,
    name: &str,
    port: &str,
    read: &dyn Fn(&str) -> Option<String>,
) -> Result<BTreeMap<String, String>, String> {
    let valid = name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if !valid {
        return Err(format!("{name}: a name is snake_case, as a Rust module"));
    }
    if port.parse::<u16>().is_err() {
        return Err(format!("{port}: not a port number"));
    }
    let path = format!("{}/{name}.rs", kind.folder);
    if read(&path).is_some() {
        return Err(format!("{path} exists"));
    }
    let mut owner = read(kind.owner).ok_or_else(|| format!("{} is missing", kind.owner))?;
    for list in kind.lists {
        owner = insert(&owner, list, &fill(list.line, name, port))
            .ok_or_else(|| format!("{}: no list after `{}`", kind.owner, list.start))?;
    }
    Ok(BTreeMap::from([
        (path, fill(kind.template, name, port)),
        (kind.owner.to_owned(), owner),
    ]))
}

/// Replaces `{name}` (snake case), `{NAME}` (capitals), `{kebab}` and `{port}`.
fn fill(template: &str, name: &str, port: &str) -> String {
    template
        .replace("{name}", name)
        .replace("{NAME}", &name.to_uppercase())
        .replace("{kebab}", &name.replace('_', "-"))
        .replace("{port}", port)
}

/// `text` with `line` at the end of the list, or among sorted `mod` lines at its place.
fn insert(text: &str, list: &List, line: &str) -> Option<String> {
    let mut lines: Vec<&str> = text.lines().collect();
    let start = lines.iter().position(|one| *one == list.start)?;
    let length = lines[start..].iter().position(|one| *one == list.end)?;
    let end = start + length;
    let at = if line.starts_with("mod ") {
        lines[start..end]
            .iter()
            .position(|one| *one > line)
            .map_or(end, |place| start + place)
    } else {
        end
    };
    lines.insert(at, line);
    Some(lines.join("\n") + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_extends_its_lists_and_refuses_bad_or_taken_names() {
        for kind in KINDS {
            let read = |path: &str| fs::read_to_string(shell::root().join(path)).ok();
            let files = plan(kind, "made_up", "4711", &read).expect(kind.name);
            assert_eq!(files.len(), 2, "{}", kind.name);
            let owner = &files[kind.owner];
            for list in kind.lists {
                assert!(
                    owner.contains(&fill(list.line, "made_up", "4711")),
                    "{owner}"
                );
            }
            let file = &files[&format!("{}/made_up.rs", kind.folder)];
            assert!(
                file.starts_with("//! ") && file.contains("MADE_UP"),
                "{file}"
            );
            assert!(
                !file.contains("{name}") && !file.contains("{port}"),
                "{file}"
            );
            assert!(plan(kind, "Made-up", "1", &read).is_err());
            assert!(plan(kind, "made_up", "70000", &read).is_err());
            assert!(plan(kind, "mod", "1", &read).is_err(), "mod.rs exists");
        }
    }

    #[test]
    fn a_module_is_inserted_in_order() {
        let list = List {
            start: "mod a;",
            end: "",
            line: "mod {name};",
        };
        let text = "mod a;\nmod c;\n\nuse x;\n";
        assert_eq!(
            insert(text, &list, "mod b;").as_deref(),
            Some("mod a;\nmod b;\nmod c;\n\nuse x;\n")
        );
        assert_eq!(
            insert(text, &list, "mod d;").as_deref(),
            Some("mod a;\nmod c;\nmod d;\n\nuse x;\n")
        );
        assert_eq!(insert("", &list, "mod d;"), None);
    }
}
