//! The flags of `vigie scope`.

use super::permission::{self, HasPermission, PermissionFlags};
use super::{Flag, Flags, Group, Takes, args};
use crate::cli;
use clap::Command;
use vigie_report::Texts;

/// A check of the scope as the command line gives it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScopeFlags {
    /// Targets.
    pub targets: Vec<String>,
    /// `-p`.
    pub ports: Option<String>,
    /// `--scope` and `--authorized`.
    pub permission: PermissionFlags,
}

impl HasPermission for ScopeFlags {
    fn permission(&mut self) -> &mut PermissionFlags {
        &mut self.permission
    }
}

/// Returns the clap command.
pub fn command(texts: &Texts) -> Command {
    let check = Command::new("check")
        .about(texts.get("scope-check-about"))
        .override_usage(texts.get("scope-check-usage"))
        .args(args::<ScopeFlags>("check", texts))
        .args(args::<ScopeFlags>("", texts));
    Command::new(ScopeFlags::COMMAND)
        .about(texts.get("scope-about"))
        .override_usage(texts.get("scope-usage"))
        .after_help(texts.get("scope-after"))
        .subcommand_help_heading(texts.get("lab-actions"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .subcommand(cli::with_help(check, texts))
}

impl Flags for ScopeFlags {
    const COMMAND: &'static str = "scope";
    const GROUPS: &'static [Group<Self>] = &[
        Group {
            heading: "scope-options",
            flags: &[
                Flag::operand(
                    "target",
                    Takes::Many("TARGET"),
                    "10.0.0.1",
                    |o: &mut Self, value| value.string().map(|target| o.targets.push(target)),
                )
                .required()
                .actions(&["check"]),
                Flag::value(
                    "ports",
                    Takes::One("PORTS"),
                    "22,80",
                    |o: &mut Self, value| value.string().map(|ports| o.ports = Some(ports)),
                )
                .short('p')
                .hyphens()
                .actions(&["check"]),
            ],
        },
        Group {
            heading: "scope-options",
            flags: &permission::flags::<Self>(),
        },
    ];
}
