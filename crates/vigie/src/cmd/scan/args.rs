//! The arguments of `vigie scan` as clap sees them, with their help.
//!
//! Flags that clap cannot spell (`-sS`, `-Pn`) are rewritten by
//! [`super::nmap_compat`] to the long options defined here. What the values mean is
//! decided in [`super::options`].

use clap::{Arg, ArgAction, Command};
use vigie_report::Texts;

use crate::outputs::{self, Bare};
use crate::scope::ScopeOptions;

/// The command.
pub fn build(texts: &Texts) -> Command {
    let command = Command::new("scan")
        .about(texts.get("scan-about"))
        .override_usage(texts.get("scan-usage"))
        .after_long_help(texts.get("scan-after"))
        .args_override_self(true);
    let groups: [(&str, Vec<Arg>); 6] = [
        ("scan-targets", targets(texts)),
        ("scan-discovery", discovery(texts)),
        ("scan-ports", ports(texts)),
        ("scan-technique", technique(texts)),
        ("scan-pace", pace(texts)),
        ("scan-output", output(texts)),
    ];
    groups
        .into_iter()
        .fold(command, |command, (heading, args)| {
            command.next_help_heading(texts.get(heading)).args(args)
        })
}

/// An option that takes a value.
fn value(texts: &Texts, long: &'static str, name: &'static str, help: &str) -> Arg {
    Arg::new(long)
        .long(long)
        .value_name(name)
        .allow_hyphen_values(true)
        .help(texts.get(help))
}

/// An option that is there or not.
fn flag(texts: &Texts, long: &'static str, help: &str) -> Arg {
    Arg::new(long)
        .long(long)
        .action(ArgAction::SetTrue)
        .help(texts.get(help))
}

fn targets(texts: &Texts) -> Vec<Arg> {
    let mut args = vec![
        Arg::new("target")
            .value_name("TARGET")
            .num_args(0..)
            .help(texts.get("scan-help-target"))
            .help_heading(texts.get("scan-targets")),
        value(texts, "input-list", "FILE", "scan-help-input-list")
            .value_parser(clap::value_parser!(std::path::PathBuf)),
        value(texts, "exclude", "TARGETS", "scan-help-exclude").action(ArgAction::Append),
        value(texts, "exclude-file", "FILE", "scan-help-exclude-file")
            .value_parser(clap::value_parser!(std::path::PathBuf))
            .hide_short_help(true),
        flag(texts, "ipv6", "scan-help-ipv6").short('6'),
        flag(texts, "ipv4", "scan-help-ipv4")
            .short('4')
            .conflicts_with("ipv6")
            .hide_short_help(true),
        flag(texts, "no-dns", "scan-help-no-dns")
            .short('n')
            .hide_short_help(true),
        rare(value(
            texts,
            "dns-servers",
            "SERVERS",
            "scan-help-dns-servers",
        ))
        .conflicts_with("no-dns"),
    ];
    args.extend(ScopeOptions::args(texts));
    args
}

fn discovery(texts: &Texts) -> Vec<Arg> {
    let mut args = vec![
        flag(texts, "hosts-only", "scan-help-hosts-only"),
        flag(texts, "no-discovery", "scan-help-no-discovery"),
    ];
    args.push(rare(flag(texts, "traceroute", "scan-help-traceroute")));
    let on_link = value(texts, "on-link", "IFACE", "scan-help-on-link");
    args.push(rare(on_link.action(ArgAction::Append)));
    let ask = |id, help| rare(flag(texts, id, help)).conflicts_with("no-discovery");
    let ask_ports = |id, name, help| {
        let arg = rare(value(texts, id, name, help));
        arg.conflicts_with("no-discovery")
    };
    args.extend([
        ask("ask-echo", "scan-help-ask-echo"),
        ask("ask-timestamp", "scan-help-ask-timestamp"),
        ask("ask-mask", "scan-help-ask-mask"),
        ask_ports("ask-syn", "PORTS", "scan-help-ask-syn"),
        ask_ports("ask-ack", "PORTS", "scan-help-ask-ack"),
        ask_ports("ask-udp", "PORTS", "scan-help-ask-udp"),
        ask_ports("ask-sctp", "PORTS", "scan-help-ask-sctp"),
        ask_ports("ask-protocols", "NUMBERS", "scan-help-ask-protocols"),
        rare(flag(texts, "ask-neighbours", "scan-help-ask-neighbours")),
    ]);
    args
}

fn ports(texts: &Texts) -> Vec<Arg> {
    vec![
        value(texts, "ports", "PORTS", "scan-help-ports")
            .short('p')
            .conflicts_with_all(["fast", "top-ports"]),
        flag(texts, "fast", "scan-help-fast")
            .short('F')
            .conflicts_with("top-ports"),
        value(texts, "top-ports", "N", "scan-help-top-ports"),
    ]
}

/// An option that only the long help lists.
fn rare(arg: Arg) -> Arg {
    arg.hide_short_help(true)
}

fn technique(texts: &Texts) -> Vec<Arg> {
    vec![
        flag(texts, "syn", "scan-help-syn"),
        flag(texts, "connect", "scan-help-connect"),
        rare(flag(texts, "ack", "scan-help-ack")),
        rare(flag(texts, "window", "scan-help-window")),
        rare(flag(texts, "fin", "scan-help-fin")),
        rare(flag(texts, "null", "scan-help-null")),
        rare(flag(texts, "xmas", "scan-help-xmas")),
        rare(flag(texts, "maimon", "scan-help-maimon")),
        rare(value(texts, "scanflags", "FLAGS", "scan-help-scanflags")),
        rare(flag(texts, "ip-protocols", "scan-help-ip-protocols")),
        rare(flag(texts, "sctp-init", "scan-help-sctp-init")),
        rare(flag(
            texts,
            "sctp-cookie-echo",
            "scan-help-sctp-cookie-echo",
        )),
        flag(texts, "udp", "scan-help-udp").conflicts_with("hosts-only"),
        flag(texts, "complete", "scan-help-complete"),
        rare(flag(texts, "no-verify", "scan-help-no-verify")),
        value(texts, "source", "ADDRESSES", "scan-help-source")
            .requires("udp")
            .hide_short_help(true),
        value(texts, "interface", "IFACE", "scan-help-interface")
            .short('e')
            .hide_short_help(true),
        value(texts, "source-port", "PORT", "scan-help-source-port")
            .short('g')
            .hide_short_help(true),
    ]
}

fn pace(texts: &Texts) -> Vec<Arg> {
    let more = |long, name, help| value(texts, long, name, help).hide_short_help(true);
    vec![
        more("timing", "0-5", "scan-help-timing"),
        value(texts, "max-rate", "N", "scan-help-max-rate"),
        more("max-host-rate", "N", "scan-help-max-host-rate"),
        more("min-rate", "N", "scan-help-min-rate"),
        more("max-tries", "N", "scan-help-max-tries"),
        more("max-retries", "N", "scan-help-max-retries").conflicts_with("max-tries"),
        more("confidence", "P", "scan-help-confidence"),
        more("host-timeout", "TIME", "scan-help-host-timeout"),
        more("max-time", "TIME", "scan-help-max-time"),
        more("max-connections", "N", "scan-help-max-connections"),
        more("seed", "N", "scan-help-seed"),
        more("shard", "K/N", "scan-help-shard"),
        more("memory", "SIZE", "scan-help-memory"),
        more("state", "FILE", "scan-help-state")
            .value_parser(clap::value_parser!(std::path::PathBuf)),
        more("resume", "FILE", "scan-help-resume")
            .value_parser(clap::value_parser!(std::path::PathBuf)),
        more("io", "WAY", "scan-help-io").value_parser(["packet", "xdp"]),
    ]
}

fn output(texts: &Texts) -> Vec<Arg> {
    let mut args = outputs::args(texts, Bare::Refused);
    args.extend([
        flag(texts, "open", "scan-help-open"),
        flag(texts, "reason", "scan-help-reason"),
        flag(texts, "explain", "scan-help-explain"),
        flag(texts, "all-ports", "scan-help-all-ports").hide_short_help(true),
        flag(texts, "packet-trace", "scan-help-packet-trace").hide_short_help(true),
        value(texts, "pcap", "FILE", "scan-help-pcap")
            .value_parser(clap::value_parser!(std::path::PathBuf))
            .hide_short_help(true),
        Arg::new("verbose")
            .long("verbose")
            .short('v')
            .action(ArgAction::Count)
            .help(texts.get("scan-help-verbose")),
    ]);
    args
}
