//! Rules that keep the pure crates pure, and `unsafe` in `crates/linux`.

use super::{
    Complaint, Member, Tree,
    source::{code_only, has_word, lines_with_word},
};

/// Crates without the standard library: a clock, a socket or a file does not compile there.
const NO_STD: &[&str] = &[
    "wire",
    "craft",
    "pcap-filter",
    "pcap",
    "print",
    "detect",
    "scope",
    "scan",
    "host",
    "sim",
];
/// Crates with the standard library, restricted by clippy's disallowed types and methods.
const FENCED: &[&str] = &["findings", "report"];
/// Libraries whose default features do not use the standard library.
const PURE_BY_DEFAULT: &[&str] = &["libm"];
/// The only folder with `unsafe` code.
const UNSAFE_FOLDER: &str = "crates/linux/";

/// Reports pure crates that could use a clock, a socket, a file, a thread or randomness.
pub(crate) fn check(tree: &Tree, members: &[Member]) -> Vec<Complaint> {
    let mut found: Vec<Complaint> = NO_STD
        .iter()
        .flat_map(|member| no_std(tree, member))
        .collect();
    found.extend(FENCED.iter().filter_map(|member| fence(tree, member)));
    for member in members.iter().filter(|member| {
        NO_STD
            .iter()
            .any(|name| member.folder == format!("crates/{name}"))
    }) {
        found.extend(impure_needs(member));
    }
    found
}

fn no_std(tree: &Tree, member: &str) -> Vec<Complaint> {
    let path = format!("crates/{member}/src/lib.rs");
    let Some(text) = tree.text(&path) else {
        return vec![Complaint::new(path, "is missing")];
    };
    let mut found = Vec::new();
    if !text.lines().any(|line| line.trim() == "#![no_std]") {
        found.push(Complaint::new(&path, "a pure crate needs `#![no_std]`"));
    }
    let prefix = format!("crates/{member}/src/");
    for (path, text) in tree.rust().filter(|(path, _)| path.starts_with(&prefix)) {
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        for (index, line) in lines
            .iter()
            .enumerate()
            .filter(|(_, line)| line.ends_with("extern crate std;"))
        {
            let tested =
                line.starts_with("#[cfg(test)]") || index > 0 && lines[index - 1] == "#[cfg(test)]";
            if !tested {
                found.push(Complaint::new(
                    format!("{path}:{}", index + 1),
                    "a pure crate links std in its tests only",
                ));
            }
        }
    }
    found
}

fn fence(tree: &Tree, member: &str) -> Option<Complaint> {
    const FORBIDDEN: &[&str] = &[
        "std::time::Instant",
        "std::time::SystemTime",
        "std::net::",
        "std::fs::",
        "std::thread::",
        "std::env::",
    ];
    let path = format!("crates/{member}/clippy.toml");
    let text = tree.text(&path).unwrap_or_default();
    let open: Vec<&str> = FORBIDDEN
        .iter()
        .copied()
        .filter(|name| !text.contains(name))
        .collect();
    (!open.is_empty()).then(|| Complaint::new(path, format!("does not forbid {}", open.join(", "))))
}

fn impure_needs(member: &Member) -> Vec<Complaint> {
    let mut found = Vec::new();
    if member.features.iter().any(|feature| feature == "std") {
        found.push(Complaint::new(
            &member.folder,
            "a pure crate has no `std` feature",
        ));
    }
    for need in member
        .needs
        .iter()
        .filter(|need| !need.dev && !need.name.starts_with("vigie"))
    {
        let by_default = need.default_features && !PURE_BY_DEFAULT.contains(&need.name.as_str());
        if by_default || need.features.iter().any(|feature| feature == "std") {
            found.push(Complaint::new(
                &member.folder,
                format!("takes {} with std: default-features = false", need.name),
            ));
        }
    }
    found
}

/// Reports `unsafe` code outside [`UNSAFE_FOLDER`].
pub(crate) fn unsafe_code(tree: &Tree) -> Vec<Complaint> {
    tree.rust()
        .filter(|(path, _)| !path.starts_with(UNSAFE_FOLDER))
        .flat_map(|(path, text)| {
            // Blanking comments and strings is slow, and most files do not contain the word at all.
            let code = if has_word(text, "unsafe") {
                code_only(text)
            } else {
                String::new()
            };
            lines_with_word(&code, "unsafe")
                .map(|line| {
                    Complaint::new(
                        format!("{path}:{line}"),
                        format!("unsafe code belongs in {UNSAFE_FOLDER}"),
                    )
                })
                .collect::<Vec<_>>()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::layers::Need;
    use super::*;

    #[test]
    fn std_in_a_pure_room_is_found() {
        let good = "//! A.\n#![no_std]\nextern crate alloc;\n#[cfg(test)]\nextern crate std;\n";
        let bad = "//! A.\nextern crate std;\n";
        let tree = Tree::of(&[
            ("crates/good/src/lib.rs", good),
            ("crates/bad/src/lib.rs", bad),
        ]);
        assert_eq!(no_std(&tree, "good"), []);
        assert_eq!(no_std(&tree, "bad").len(), 2);
        assert_eq!(no_std(&tree, "none").len(), 1);
    }

    #[test]
    fn an_open_fence_is_found() {
        let tree = Tree::of(&[(
            "crates/a/clippy.toml",
            "disallowed-types = [\"std::time::Instant\"]",
        )]);
        assert!(fence(&tree, "a").is_some_and(|one| one.what.contains("std::net::") && !one.what.contains("Instant")));
    }

    #[test]
    fn a_need_with_std_is_found() {
        let need = |name: &str, default_features, features: &[&str], dev| Need {
            name: name.to_owned(),
            dev,
            default_features,
            features: features.iter().map(|&feature| feature.to_owned()).collect(),
        };
        let member = Member {
            name: "vigie-wire".to_owned(),
            folder: "crates/wire".to_owned(),
            needs: vec![
                need("libm", true, &[], false),
                need("hashbrown", false, &["serde"], false),
                need("memchr", true, &[], false),
                need("siphasher", false, &["std"], false),
                need("proptest", true, &["std"], true),
            ],
            features: vec!["std".to_owned()],
        };
        assert_eq!(impure_needs(&member).len(), 3);
    }

    #[test]
    fn unsafe_outside_its_room_is_found() {
        let tree = Tree::of(&[
            ("crates/linux/src/a.rs", "unsafe { x() }"),
            (
                "crates/scan/src/a.rs",
                "// unsafe\nlet a = \"unsafe\";\nunsafe { x() }",
            ),
        ]);
        let places: Vec<String> = unsafe_code(&tree)
            .into_iter()
            .map(|one| one.place)
            .collect();
        assert_eq!(places, ["crates/scan/src/a.rs:3"]);
    }
}
