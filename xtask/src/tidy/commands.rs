//! Rule: the commands of the binary do not use each other. Shared code is in modules outside `cmd/`.

use super::{Complaint, Tree, source::code_only};

/// Folder with one file or folder per command.
const COMMANDS: &str = "crates/vigie/src/cmd/";

/// Reports uses of one command's module in another's.
pub(crate) fn check(tree: &Tree) -> Vec<Complaint> {
    let mut found = Vec::new();
    for (path, text) in tree.rust() {
        let Some(inside) = path.strip_prefix(COMMANDS) else {
            continue;
        };
        let own = inside.split(['/', '.']).next().unwrap_or_default();
        if own == "mod" {
            continue;
        }
        for (index, line) in code_only(text).lines().enumerate() {
            for other in line.split("cmd::").skip(1).filter_map(first_word) {
                // `cmd::Command` and other types of `cmd/mod.rs` belong to all commands.
                if other != own && other.starts_with(|first: char| first.is_ascii_lowercase()) {
                    found.push(Complaint::new(
                        format!("{path}:{}", index + 1),
                        format!("{own} uses the command {other}: move the shared code out of cmd/"),
                    ));
                }
            }
        }
    }
    found
}

fn first_word(rest: &str) -> Option<&str> {
    rest.split(|character: char| !character.is_alphanumeric() && character != '_')
        .next()
        .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_use_of_another_command_is_found() {
        let tree = Tree::of(&[
            (
                "crates/vigie/src/cmd/scan/mod.rs",
                "use crate::cmd::Command;\nuse crate::cmd::scan::args;\nlet x = crate::cmd::dns::servers();\n",
            ),
            ("crates/vigie/src/cmd/mod.rs", "use crate::cmd::dns;\n"),
            ("crates/vigie/src/ui.rs", "use crate::cmd::dns;\n"),
        ]);
        let places: Vec<String> = check(&tree).into_iter().map(|one| one.place).collect();
        assert_eq!(places, ["crates/vigie/src/cmd/scan/mod.rs:3"]);
    }
}
