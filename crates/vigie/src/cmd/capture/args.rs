//! The arguments of `vigie capture` as clap sees them, with their help. The letters are tcpdump's.

use clap::{Arg, ArgAction, Command};
use vigie_report::Texts;

/// The command.
pub fn build(texts: &Texts) -> Command {
    let command = Command::new("capture")
        .about(texts.get("capture-about"))
        .override_usage(texts.get("capture-usage"))
        .after_long_help(texts.get("capture-after"))
        .args_override_self(true)
        .arg(
            Arg::new("filter")
                .value_name(texts.get("capture-value-filter"))
                .num_args(0..)
                .allow_hyphen_values(false)
                .help_heading(texts.get("capture-group-filter"))
                .help(texts.get("capture-help-filter")),
        );
    let groups: [(&str, Vec<Arg>); 4] = [
        ("capture-group-from", from(texts)),
        ("capture-group-show", show(texts)),
        ("capture-group-file", file(texts)),
        ("capture-group-end", end(texts)),
    ];
    groups
        .into_iter()
        .fold(command, |command, (heading, args)| {
            command.next_help_heading(texts.get(heading)).args(args)
        })
}

fn flag(texts: &Texts, id: &'static str, short: char, help: &str) -> Arg {
    Arg::new(id)
        .short(short)
        .action(ArgAction::SetTrue)
        .help(texts.get(help))
}

fn counted(texts: &Texts, id: &'static str, short: char, help: &str) -> Arg {
    Arg::new(id)
        .short(short)
        .action(ArgAction::Count)
        .help(texts.get(help))
}

fn value(texts: &Texts, id: &'static str, short: char, name: &str, help: &str) -> Arg {
    Arg::new(id)
        .short(short)
        .value_name(texts.get(name))
        .help(texts.get(help))
}

fn from(texts: &Texts) -> Vec<Arg> {
    vec![
        value(
            texts,
            "interface",
            'i',
            "value-iface",
            "capture-help-interface",
        )
        .long("interface"),
        flag(texts, "list", 'D', "capture-help-list").long("list-interfaces"),
        value(texts, "read", 'r', "value-file", "capture-help-read"),
        value(
            texts,
            "filter-file",
            'F',
            "value-file",
            "capture-help-filter-file",
        ),
        value(
            texts,
            "direction",
            'Q',
            "capture-value-direction",
            "capture-help-direction",
        )
        .value_parser(["in", "out", "inout"]),
        flag(texts, "no-promiscuous", 'p', "capture-help-no-promiscuous"),
        value(
            texts,
            "snap",
            's',
            "capture-value-bytes",
            "capture-help-snap",
        )
        .long("snapshot-length"),
        value(
            texts,
            "buffer",
            'B',
            "capture-value-kib",
            "capture-help-buffer",
        )
        .hide_short_help(true),
        flag(texts, "code", 'd', "capture-help-code").hide_short_help(true),
    ]
}

fn show(texts: &Texts) -> Vec<Arg> {
    vec![
        counted(texts, "numeric", 'n', "capture-help-numeric"),
        counted(texts, "verbose", 'v', "capture-help-verbose"),
        flag(texts, "link-header", 'e', "capture-help-link-header"),
        counted(texts, "hex-ascii", 'X', "capture-help-hex-ascii"),
        counted(texts, "hex", 'x', "capture-help-hex"),
        counted(texts, "ascii", 'A', "capture-help-ascii"),
        counted(texts, "time", 't', "capture-help-time"),
        flag(texts, "absolute", 'S', "capture-help-absolute"),
        flag(texts, "line-buffered", 'l', "capture-help-line-buffered"),
        Arg::new("explain")
            .long("explain")
            .action(ArgAction::SetTrue)
            .help(texts.get("capture-help-explain")),
        Arg::new("nano")
            .long("nano")
            .action(ArgAction::SetTrue)
            .help(texts.get("capture-help-nano")),
    ]
}

fn file(texts: &Texts) -> Vec<Arg> {
    vec![
        value(texts, "write", 'w', "value-file", "capture-help-write"),
        Arg::new("format")
            .long("format")
            .value_name(texts.get("capture-value-format"))
            .value_parser(["pcap", "pcapng"])
            .help(texts.get("capture-help-format")),
        Arg::new("print")
            .long("print")
            .action(ArgAction::SetTrue)
            .help(texts.get("capture-help-print")),
        flag(
            texts,
            "packet-buffered",
            'U',
            "capture-help-packet-buffered",
        ),
        value(
            texts,
            "rotate-size",
            'C',
            "capture-value-megabytes",
            "capture-help-rotate-size",
        ),
        value(
            texts,
            "rotate-time",
            'G',
            "value-seconds",
            "capture-help-rotate-time",
        ),
        value(
            texts,
            "rotate-count",
            'W',
            "capture-value-count",
            "capture-help-rotate-count",
        ),
    ]
}

fn end(texts: &Texts) -> Vec<Arg> {
    vec![value(
        texts,
        "count",
        'c',
        "capture-value-count",
        "capture-help-count",
    )]
}
