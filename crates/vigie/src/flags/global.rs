//! Flags of every command. Errors depend on them too, so [`crate::cli`] also reads them before clap runs.

use super::{Flag, Flags, Group, Takes};

/// The languages that `--lang` accepts.
pub const LANGS: &[&str] = &["en", "fr"];
/// The values that `--color` accepts.
pub const COLORS: &[&str] = &["auto", "always", "never"];

/// Language, colours and verbosity, as the command line gives them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GlobalFlags {
    /// `--lang`.
    pub lang: Option<String>,
    /// `--color`.
    pub color: Option<String>,
    /// `--no-color`.
    pub no_color: bool,
    /// `-q`: nothing but errors on standard error.
    pub quiet: bool,
}

impl Flags for GlobalFlags {
    const COMMAND: &'static str = "cli";
    const GROUPS: &'static [Group<Self>] = &[Group {
        heading: "cli-global",
        flags: &[
            Flag::value("lang", Takes::One("LANG"), "fr", |o: &mut Self, value| {
                value.string().map(|lang| o.lang = Some(lang))
            })
            .choices(LANGS)
            .rare()
            .help("cli-lang"),
            Flag::value(
                "color",
                Takes::One("WHEN"),
                "never",
                |o: &mut Self, value| value.string().map(|color| o.color = Some(color)),
            )
            .choices(COLORS)
            .rare()
            .help("cli-color"),
            Flag::switch("no-color", |o: &mut Self| o.no_color = true)
                .rare()
                .help("cli-no-color"),
            Flag::switch("quiet", |o: &mut Self| o.quiet = true)
                .short('q')
                .rare()
                .help("cli-quiet"),
        ],
    }];
}
