//! The flags of `vigie packet` and its actions. Actions are named like scapy's functions.

use std::path::PathBuf;

use super::permission::{self, HasPermission, PermissionFlags};
use super::{Flag, Flags, Group, Takes, args};
use crate::cli;
use clap::Command;
use vigie_report::Texts;

/// Maximum number of packets or retries on the command line.
const MAX_COUNT: u64 = u64::MAX;
/// Maximum time in seconds: ten years.
const MAX_SECONDS: f64 = 315_360_000.0;

/// An action on packets as the command line gives it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PacketFlags {
    /// `--scope` and `--authorized`.
    pub permission: PermissionFlags,
    /// The layer to list.
    pub layer: Option<String>,
    /// The expression.
    pub expression: String,
    /// The file with statements.
    pub file: PathBuf,
    /// `--count`: number of times that the packets are sent.
    pub count: Option<u64>,
    /// `--timeout`: time to wait for answers after the last packet, in seconds.
    pub timeout: Option<f64>,
    /// `--retry`: number of times that unanswered packets are resent.
    pub retry: Option<u64>,
    /// `--interval`: the time between two packets, in seconds.
    pub interval: Option<f64>,
    /// `--iface`: the interface.
    pub iface: Option<String>,
    /// `--filter`: which packets may be answers.
    pub filter: Option<String>,
    /// `--explain`.
    pub explain: bool,
    /// `--json`.
    pub json: bool,
}

impl HasPermission for PacketFlags {
    fn permission(&mut self) -> &mut PermissionFlags {
        &mut self.permission
    }
}

/// Every action, in the order of the help.
const ACTIONS: &[&str] = &[
    "ls", "show", "hex", "send", "sendp", "sr", "sr1", "srp", "srp1", "run",
];
/// The actions that send.
pub const SENDING: &[&str] = &["send", "sendp"];
/// The actions that send and wait for answers.
pub const EXCHANGING: &[&str] = &["sr", "sr1", "srp", "srp1"];
const SENDING_ALL: &[&str] = &["send", "sendp", "sr", "sr1", "srp", "srp1"];

/// Returns the clap command.
///
/// text keys: packet-ls-* packet-show-* packet-hex-* packet-send-* packet-sendp-* packet-sr-* packet-sr1-* packet-srp-*
/// text keys: packet-srp1-* packet-run-*
pub fn command(texts: &Texts) -> Command {
    let action = |name: &'static str| {
        let key = |what: &str| format!("packet-{name}-{what}");
        let command = Command::new(name)
            .about(texts.get(&key("about")))
            .override_usage(texts.get(&key("usage")))
            .args(args::<PacketFlags>(name, texts));
        cli::with_help(command, texts)
    };
    let everywhere = args::<PacketFlags>("", texts);
    Command::new(PacketFlags::COMMAND)
        .about(texts.get("packet-about"))
        .override_usage(texts.get("packet-usage"))
        .after_help(texts.get("packet-after"))
        .subcommand_help_heading(texts.get("packet-actions"))
        .disable_help_subcommand(true)
        .args(everywhere.into_iter().map(|arg| arg.global(true)))
        .subcommands(ACTIONS.iter().map(|name| action(name)))
}

/// text keys: packet-help-*
impl Flags for PacketFlags {
    const COMMAND: &'static str = "packet";
    const GROUPS: &'static [Group<Self>] = &[
        Group {
            heading: "packet-options",
            flags: &[
                Flag::operand(
                    "layer",
                    Takes::One("LAYER"),
                    "TCP",
                    |o: &mut Self, value| value.string().map(|layer| o.layer = Some(layer)),
                )
                .actions(&["ls"]),
                Flag::operand(
                    "expression",
                    Takes::One("EXPR"),
                    "IP()",
                    |o: &mut Self, value| {
                        value.string().map(|expression| o.expression = expression)
                    },
                )
                .required()
                .actions(&["show", "hex", "send", "sendp", "sr", "sr1", "srp", "srp1"]),
                Flag::operand(
                    "file",
                    Takes::One("FILE"),
                    "probe.vigie",
                    |o: &mut Self, value| {
                        o.file = value.path();
                        Ok(())
                    },
                )
                .required()
                .actions(&["run"]),
                Flag::value("count", Takes::One("N"), "3", |o: &mut Self, value| {
                    o.count = Some(value.number(0, MAX_COUNT)?);
                    Ok(())
                })
                .actions(SENDING),
                Flag::value(
                    "timeout",
                    Takes::One("SECONDS"),
                    "2",
                    |o: &mut Self, value| {
                        o.timeout = Some(value.decimal(0.0, MAX_SECONDS)?);
                        Ok(())
                    },
                )
                .actions(EXCHANGING),
                Flag::value("retry", Takes::One("N"), "1", |o: &mut Self, value| {
                    o.retry = Some(value.number(0, MAX_COUNT)?);
                    Ok(())
                })
                .actions(EXCHANGING),
                Flag::value(
                    "interval",
                    Takes::One("SECONDS"),
                    "0.1",
                    |o: &mut Self, value| {
                        o.interval = Some(value.decimal(0.0, MAX_SECONDS)?);
                        Ok(())
                    },
                )
                .actions(SENDING_ALL),
                Flag::value(
                    "iface",
                    Takes::One("IFACE"),
                    "eth0",
                    |o: &mut Self, value| value.string().map(|iface| o.iface = Some(iface)),
                )
                .actions(SENDING_ALL),
                Flag::value(
                    "filter",
                    Takes::One("FILTER"),
                    "icmp",
                    |o: &mut Self, value| value.string().map(|filter| o.filter = Some(filter)),
                )
                .actions(EXCHANGING),
                Flag::switch("explain", |o: &mut Self| o.explain = true)
                    .conflicts(&["json"])
                    .actions(EXCHANGING),
                Flag::switch("json", |o: &mut Self| o.json = true)
                    .actions(&["ls", "show", "sr", "sr1", "srp", "srp1"]),
            ],
        },
        Group {
            heading: "packet-options",
            flags: &permission::flags::<Self>(),
        },
    ];
}
