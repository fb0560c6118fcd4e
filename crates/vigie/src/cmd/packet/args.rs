//! The arguments of `vigie packet`.

use std::path::PathBuf;

use clap::{Arg, ArgAction, Command};
use vigie_report::Texts;

use crate::cli;
use crate::scope::ScopeOptions;

/// The command line.
///
/// text keys: packet-ls-* packet-show-* packet-hex-* packet-send-* packet-sendp-* packet-sr-* packet-sr1-* packet-srp-*
/// text keys: packet-srp1-* packet-run-* packet-help-*
pub fn build(texts: &Texts) -> Command {
    let action = |name: &'static str| {
        let key = |what: &str| format!("packet-{name}-{what}");
        let command = Command::new(name)
            .about(texts.get(&key("about")))
            .override_usage(texts.get(&key("usage")))
            .next_help_heading(texts.get("packet-options"));
        cli::dress(command, texts)
    };
    let expression = || {
        Arg::new("expression")
            .value_name("EXPR")
            .required(true)
            .help(texts.get("packet-help-expression"))
            .help_heading(texts.get("packet-options"))
    };
    let json = || {
        Arg::new("json")
            .long("json")
            .action(ArgAction::SetTrue)
            .help(texts.get("packet-help-json"))
            .help_heading(texts.get("packet-options"))
    };
    let option = |name: &'static str, value: &'static str| {
        Arg::new(name)
            .long(name)
            .value_name(value)
            .help(texts.get(&format!("packet-help-{name}")))
            .help_heading(texts.get("packet-options"))
    };
    let seconds =
        |name: &'static str| option(name, "SECONDS").value_parser(clap::value_parser!(f64));
    let count = |name: &'static str| option(name, "N").value_parser(clap::value_parser!(u64));
    let interface = || option("iface", "IFACE");
    let exchange = |name: &'static str| {
        action(name).args([
            expression(),
            seconds("timeout"),
            count("retry"),
            seconds("interval"),
            interface(),
            option("filter", "FILTER"),
            Arg::new("explain")
                .long("explain")
                .action(ArgAction::SetTrue)
                .conflicts_with("json")
                .help(texts.get("packet-help-explain"))
                .help_heading(texts.get("packet-options")),
            json(),
        ])
    };
    let send = |name: &'static str| {
        action(name).args([
            expression(),
            count("count"),
            seconds("interval"),
            interface(),
        ])
    };
    let layer = Arg::new("layer")
        .value_name("LAYER")
        .help(texts.get("packet-help-layer"))
        .help_heading(texts.get("packet-options"));
    let file = Arg::new("file")
        .value_name("FILE")
        .required(true)
        .value_parser(clap::value_parser!(PathBuf))
        .help(texts.get("packet-help-file"))
        .help_heading(texts.get("packet-options"));
    Command::new("packet")
        .about(texts.get("packet-about"))
        .override_usage(texts.get("packet-usage"))
        .after_help(texts.get("packet-after"))
        .subcommand_help_heading(texts.get("packet-actions"))
        .disable_help_subcommand(true)
        .args(
            ScopeOptions::args(texts)
                .map(|arg| arg.global(true).help_heading(texts.get("packet-options"))),
        )
        .subcommand(action("ls").args([layer, json()]))
        .subcommand(action("show").args([expression(), json()]))
        .subcommand(action("hex").arg(expression()))
        .subcommand(send("send"))
        .subcommand(send("sendp"))
        .subcommand(exchange("sr"))
        .subcommand(exchange("sr1"))
        .subcommand(exchange("srp"))
        .subcommand(exchange("srp1"))
        .subcommand(action("run").arg(file))
}
