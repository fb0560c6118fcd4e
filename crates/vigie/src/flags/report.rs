//! The flags of `vigie report`.

use std::path::PathBuf;

use super::output::{self, Bare, HasOutput, OutputFlags};
use super::{Flag, Flags, Group, Takes, args};
use clap::Command;
use vigie_report::Texts;

/// A report as the command line gives it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportFlags {
    /// The file with results; `-` is standard input.
    pub results: PathBuf,
    /// `-o`, `-oX` and the like.
    pub output: OutputFlags,
    /// `--open`.
    pub open_only: bool,
    /// `--reason`.
    pub reason: bool,
    /// `--explain`.
    pub explain: bool,
    /// Number of `-v`.
    pub verbosity: u8,
}

impl HasOutput for ReportFlags {
    fn output(&mut self) -> &mut OutputFlags {
        &mut self.output
    }
}

/// Returns the clap command.
pub fn command(texts: &Texts) -> Command {
    Command::new(ReportFlags::COMMAND)
        .about(texts.get("report-about"))
        .override_usage(texts.get("report-usage"))
        .after_long_help(texts.get("report-after"))
        .args_override_self(true)
        .args(args::<ReportFlags>("", texts))
}

impl Flags for ReportFlags {
    const COMMAND: &'static str = "report";
    const GROUPS: &'static [Group<Self>] = &[
        Group {
            heading: "scan-output",
            flags: &[Flag::operand(
                "results",
                Takes::One("RESULTS"),
                "r.jsonl",
                |o: &mut Self, value| {
                    o.results = value.path();
                    Ok(())
                },
            )
            .required()],
        },
        Group {
            heading: "scan-output",
            flags: &output::flags::<Self>(Bare::Stdout),
        },
        Group {
            heading: "scan-output",
            flags: &[
                Flag::switch("open", |o: &mut Self| o.open_only = true).help("scan-help-open"),
                Flag::switch("reason", |o: &mut Self| o.reason = true).help("scan-help-reason"),
                Flag::switch("explain", |o: &mut Self| o.explain = true).help("scan-help-explain"),
                Flag::count("verbose", |o: &mut Self, count| o.verbosity = count)
                    .short('v')
                    .help("scan-help-verbose"),
            ],
        },
    ];
}
