//! The flags of `vigie learn`.

use std::path::PathBuf;

use super::{Flag, Flags, Group, Takes, args};
use clap::Command;
use vigie_report::Texts;

/// A lesson as the command line asks for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LearnFlags {
    /// The lesson's number or name.
    pub lesson: Option<String>,
    /// `--read`: print it and run nothing.
    pub read: bool,
    /// `--restart`: begin with its first step.
    pub restart: bool,
    /// `--forget`: delete the progress.
    pub forget: bool,
    /// `--render`: the folder to write the lessons' pages to.
    pub render: Option<PathBuf>,
}

/// Returns the clap command.
pub fn command(texts: &Texts) -> Command {
    Command::new(LearnFlags::COMMAND)
        .about(texts.get("learn-about"))
        .override_usage(texts.get("learn-usage"))
        .after_help(texts.get("learn-after"))
        .args(args::<LearnFlags>("", texts))
}

impl Flags for LearnFlags {
    const COMMAND: &'static str = "learn";
    const GROUPS: &'static [Group<Self>] = &[Group {
        heading: "learn-options",
        flags: &[
            Flag::operand(
                "lesson",
                Takes::One("LESSON"),
                "port",
                |o: &mut Self, value| value.string().map(|lesson| o.lesson = Some(lesson)),
            ),
            Flag::switch("read", |o: &mut Self| o.read = true),
            Flag::switch("restart", |o: &mut Self| o.restart = true),
            Flag::switch("forget", |o: &mut Self| o.forget = true),
            Flag::value(
                "render",
                Takes::One("DIR"),
                "docs/learn",
                |o: &mut Self, value| {
                    o.render = Some(value.path());
                    Ok(())
                },
            )
            .rare(),
        ],
    }];
}
