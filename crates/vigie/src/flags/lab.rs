//! The flags of `vigie lab`.

use std::ffi::OsString;
use std::path::PathBuf;

use super::{Flag, Flags, Group, Takes, args};
use crate::cli;
use clap::Command;
use vigie_report::Texts;

/// An action on the lab as the command line gives it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LabFlags {
    /// `--dir`: the folder of the lab's state.
    pub dir: Option<PathBuf>,
    /// `--node`: where the command runs.
    pub node: Option<String>,
    /// The command and its arguments.
    pub command: Vec<OsString>,
    /// The state file of `hold`.
    pub file: PathBuf,
    /// `--starter`: the lab ends with the process that started it.
    pub starter: bool,
}

/// Returns the clap command.
pub fn command(texts: &Texts) -> Command {
    let action = |name: &'static str, about: &str, usage: &str| {
        let command = Command::new(name)
            .about(texts.get(about))
            .override_usage(texts.get(usage))
            .args(args::<LabFlags>(name, texts));
        cli::with_help(command, texts)
    };
    let run = action("run", "lab-run-about", "lab-run-usage");
    let hold = Command::new("hold").hide(true);
    Command::new(LabFlags::COMMAND)
        .about(texts.get("lab-about"))
        .override_usage(texts.get("lab-usage"))
        .after_help(texts.get("lab-after"))
        .subcommand_help_heading(texts.get("lab-actions"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .subcommand(action("up", "lab-up-about", "lab-up-usage"))
        .subcommand(action("status", "lab-status-about", "lab-status-usage"))
        .subcommand(run.mut_arg("command", |arg| arg.trailing_var_arg(true)))
        .subcommand(action("down", "lab-down-about", "lab-down-usage"))
        .subcommand(hold.args(args::<LabFlags>("hold", texts)))
}

impl Flags for LabFlags {
    const COMMAND: &'static str = "lab";
    const GROUPS: &'static [Group<Self>] = &[Group {
        heading: "lab-options",
        flags: &[
            Flag::value("dir", Takes::One("DIR"), "lab", |o: &mut Self, value| {
                o.dir = Some(value.path());
                Ok(())
            })
            .actions(&["up", "status", "run", "down"]),
            Flag::value(
                "node",
                Takes::One("NODE"),
                "router",
                |o: &mut Self, value| value.string().map(|node| o.node = Some(node)),
            )
            .actions(&["run"]),
            Flag::operand(
                "command",
                Takes::Many("COMMAND"),
                "ip",
                |o: &mut Self, value| {
                    o.command.push(value.os().to_owned());
                    Ok(())
                },
            )
            .hyphens()
            .actions(&["run"]),
            Flag::operand(
                "file",
                Takes::One("FILE"),
                "lab.json",
                |o: &mut Self, value| {
                    o.file = value.path();
                    Ok(())
                },
            )
            .required()
            .hidden()
            .actions(&["hold"]),
            Flag::switch("starter", |o: &mut Self| o.starter = true)
                .hidden()
                .actions(&["hold"]),
        ],
    }];
}
