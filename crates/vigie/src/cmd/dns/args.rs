//! The arguments of `vigie dns` as clap sees them, with their help. The letters and `+words` are dig's.

use clap::{Arg, ArgAction, Command};
use vigie_report::Texts;

/// The command.
pub fn build(texts: &Texts) -> Command {
    let value = |id: &'static str, short: char, name: &str, help: &str| {
        Arg::new(id)
            .short(short)
            .value_name(texts.get(name))
            .help(texts.get(help))
    };
    let flag = |id: &'static str, short: char, help: &str| {
        Arg::new(id)
            .short(short)
            .action(ArgAction::SetTrue)
            .help(texts.get(help))
    };
    Command::new("dns")
        .about(texts.get("dns-about"))
        .override_usage(texts.get("dns-usage"))
        .after_long_help(texts.get("dns-after"))
        .args_override_self(true)
        .arg(
            Arg::new("words")
                .value_name(texts.get("dns-value-words"))
                .num_args(0..)
                .help_heading(texts.get("dns-options"))
                .help(texts.get("dns-help-words")),
        )
        .next_help_heading(texts.get("dns-options"))
        .args([
            value("port", 'p', "dns-value-port", "dns-help-port"),
            value("reverse", 'x', "dns-value-address", "dns-help-reverse"),
            value("type", 't', "dns-value-type", "dns-help-type"),
            value("class", 'c', "dns-value-class", "dns-help-class"),
            flag("ipv4", '4', "dns-help-ipv4"),
            flag("ipv6", '6', "dns-help-ipv6"),
            Arg::new("explain")
                .long("explain")
                .action(ArgAction::SetTrue)
                .help(texts.get("dns-help-explain")),
        ])
}
