//! The arguments of `vigie sockets` as clap sees them, with their help.
//!
//! The letters are those of netstat and ss, so that what fingers know works.
//! What the values mean is decided in [`super::options`].

use clap::{Arg, ArgAction, Command};
use vigie_report::Texts;

/// The command.
pub fn build(texts: &Texts) -> Command {
    let command = Command::new("sockets")
        .about(texts.get("sockets-about"))
        .override_usage(texts.get("sockets-usage"))
        .after_long_help(texts.get("sockets-after"))
        .args_override_self(true);
    let groups: [(&str, Vec<Arg>); 4] = [
        ("sockets-group-which", which(texts)),
        ("sockets-group-show", show(texts)),
        ("sockets-group-filter", filter(texts)),
        ("sockets-group-output", output(texts)),
    ];
    groups
        .into_iter()
        .fold(command, |command, (heading, args)| {
            command.next_help_heading(texts.get(heading)).args(args)
        })
}

fn flag(texts: &Texts, long: &'static str, short: Option<char>, help: &str) -> Arg {
    Arg::new(long)
        .long(long)
        .short(short)
        .action(ArgAction::SetTrue)
        .help(texts.get(help))
}

/// An option that takes a value and may be given several times.
fn list(texts: &Texts, long: &'static str, name: &'static str, help: &str) -> Arg {
    Arg::new(long)
        .long(long)
        .value_name(name)
        .action(ArgAction::Append)
        .allow_hyphen_values(true)
        .help(texts.get(help))
}

fn which(texts: &Texts) -> Vec<Arg> {
    vec![
        flag(texts, "all", Some('a'), "sockets-help-all"),
        flag(texts, "listening", Some('l'), "sockets-help-listening"),
        flag(texts, "tcp", Some('t'), "sockets-help-tcp"),
        flag(texts, "udp", Some('u'), "sockets-help-udp"),
        flag(texts, "unix", Some('x'), "sockets-help-unix"),
        flag(texts, "raw", Some('w'), "sockets-help-raw"),
        flag(texts, "packet", Some('0'), "sockets-help-packet"),
        flag(texts, "mptcp", Some('M'), "sockets-help-mptcp").hide_short_help(true),
        flag(texts, "sctp", Some('S'), "sockets-help-sctp").hide_short_help(true),
        flag(texts, "udplite", Some('U'), "sockets-help-udplite").hide_short_help(true),
        flag(texts, "ipv4", Some('4'), "sockets-help-ipv4"),
        flag(texts, "ipv6", Some('6'), "sockets-help-ipv6"),
        Arg::new("netns")
            .long("netns")
            .short('N')
            .value_name("NAME")
            .help(texts.get("sockets-help-netns")),
    ]
}

fn show(texts: &Texts) -> Vec<Arg> {
    vec![
        flag(texts, "numeric", Some('n'), "sockets-help-numeric"),
        flag(texts, "processes", Some('p'), "sockets-help-processes").visible_alias("program"),
        flag(texts, "extend", Some('e'), "sockets-help-extend"),
        flag(texts, "verbose", Some('v'), "sockets-help-verbose"),
        flag(texts, "summary", Some('s'), "sockets-help-summary")
            .conflicts_with_all(["tree", "watch"]),
        flag(texts, "tree", None, "sockets-help-tree"),
        flag(texts, "explain", None, "sockets-help-explain").conflicts_with("watch"),
        Arg::new("watch")
            .long("watch")
            .value_name("SECONDS")
            .num_args(0..=1)
            .default_missing_value("1")
            .help(texts.get("sockets-help-watch")),
        // netstat's: lines are never cut here, and -c is --watch.
        flag(texts, "wide", Some('W'), "sockets-help-wide").hide(true),
        flag(texts, "continuous", Some('c'), "sockets-help-continuous").hide(true),
    ]
}

fn filter(texts: &Texts) -> Vec<Arg> {
    vec![
        list(texts, "port", "PORTS", "sockets-help-port"),
        list(texts, "state", "STATES", "sockets-help-state"),
        list(texts, "process", "NAME", "sockets-help-process"),
        list(texts, "user", "NAME", "sockets-help-user"),
        list(texts, "local", "ADDRESS", "sockets-help-local"),
        list(texts, "peer", "ADDRESS", "sockets-help-peer"),
        flag(texts, "exposed", None, "sockets-help-exposed"),
    ]
}

fn output(texts: &Texts) -> Vec<Arg> {
    vec![
        Arg::new("output")
            .long("output")
            .short('o')
            .value_name("FORMAT")
            .value_parser(["text", "json", "csv"])
            .hide_possible_values(true)
            .default_value("text")
            .hide_default_value(true)
            .help(texts.get("sockets-help-output")),
        flag(texts, "no-header", Some('H'), "sockets-help-no-header"),
        flag(texts, "procfs", None, "sockets-help-procfs").hide_short_help(true),
    ]
}
