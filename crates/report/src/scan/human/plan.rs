//! The first lines of the report: the plan of the scan.

use vigie_scan::plan::{Backend, Discovery, NextHop, Route};
use vigie_scan::target::Segment;
use vigie_scope::Transport;

use super::Style;
use crate::scan::permission;
use crate::style::Role;
use crate::{Message, Texts, escape, width};
use vigie_findings::{PortsAsked, ScanInfo, address};

/// Maximum number of targets that are named.
const MAX_NAMED: usize = 3;
/// Maximum width of the list of ports in columns.
const LIST: usize = 40;
/// Maximum width of a target in columns.
const TARGET: usize = 60;

/// Returns the line of the plan, further lines with `-v`, and an empty line.
pub(super) fn lines(scan: &ScanInfo, texts: &Texts, style: Style) -> String {
    let line = if scan.plan.spec.ports_per_host() == 0 {
        let parts = [
            ("version", scan.version.as_str().into()),
            ("targets", targets(scan, texts).into()),
        ];
        texts.format("plan-line-hosts", &parts)
    } else {
        first_line(scan, texts)
    };
    let mut text = style.paint.text(Role::Title, &line) + "\n";
    if let Some(line) = permission::line(scan, texts) {
        text += &line;
        text.push('\n');
    }
    if style.verbosity > 0 {
        for message in details(scan) {
            text += &texts.say(&message);
            text.push('\n');
        }
    }
    text + "\n"
}

/// Returns the targets, the technique and the ports.
fn first_line(scan: &ScanInfo, texts: &Texts) -> String {
    let technique = scan.plan.spec.technique().as_str();
    let key = match technique {
        "syn" => "technique-syn",
        "connect" => "technique-connect",
        "sctpinit" => "technique-sctp-init",
        "sctpcookieecho" => "technique-sctp-cookie-echo",
        "ipproto" => "technique-ip-protocols",
        _ => "technique-other",
    };
    let mut technique = if key == "technique-other" {
        Message::new(key).outside("name", technique.to_uppercase())
    } else {
        Message::new(key)
    };
    if let Some(flags) = scan.plan.spec.tcp_flags() {
        technique = Message::new("technique-flags")
            .text("technique", technique)
            .shown("flags", flags);
    }
    let technique = match &scan.plan.spec.udp {
        Some(_) if scan.plan.spec.backend == Backend::UdpSockets => {
            Message::new("technique-udp-sockets")
        }
        Some(_) if scan.plan.spec.tcp_ports().is_empty() => Message::new("technique-udp"),
        Some(_) => Message::new("technique-and-udp").text("technique", technique),
        None => technique,
    };
    texts.format(
        "plan-line",
        &[
            ("version", scan.version.as_str().into()),
            ("technique", texts.say(&technique).into()),
            ("targets", targets(scan, texts).into()),
            ("ports", ports(scan, texts).into()),
        ],
    )
}

fn targets(scan: &ScanInfo, texts: &Texts) -> String {
    let named: Vec<String> = scan
        .targets
        .iter()
        .take(MAX_NAMED)
        .map(|t| width::cut_middle(&escape::line(t), TARGET))
        .collect();
    let mut said = named.join(", ");
    if let Some(more) = scan.targets.len().checked_sub(MAX_NAMED).filter(|n| *n > 0) {
        said = texts.format(
            "plan-targets-more",
            &[("some", said.into()), ("more", more.into())],
        );
    }
    let hosts = scan.plan.local.targets.len();
    if hosts > scan.targets.len() as u64 {
        said = texts.format(
            "plan-addresses",
            &[("targets", said.into()), ("hosts", hosts.into())],
        );
    }
    said
}

fn ports(scan: &ScanInfo, texts: &Texts) -> String {
    let mut parts = Vec::new();
    let all = scan.plan.spec.all_ports();
    for transport in Transport::ALL {
        let ranges = all.ranges(*transport);
        let n: usize = ranges.iter().map(|(a, b)| usize::from(*b - *a) + 1).sum();
        if n == 0 {
            continue;
        }
        let list: Vec<String> = ranges
            .iter()
            .map(|(a, b)| {
                if a == b {
                    a.to_string()
                } else {
                    format!("{a}-{b}")
                }
            })
            .collect();
        let list = list.join(",");
        let word = transport.as_str().to_uppercase();
        let message = if scan.ports_asked == PortsAsked::Top {
            Message::new("plan-ports-top").amount("n", n as u64)
        } else if n >= 65_535 {
            Message::new("plan-ports-all").amount("n", n as u64)
        } else if list.len() <= LIST {
            Message::new("plan-ports-some")
                .amount("n", n as u64)
                .outside("list", list)
        } else {
            Message::new("plan-ports-many").amount("n", n as u64)
        };
        parts.push(texts.say(&message.outside("transport", word)));
    }
    parts.join(", ")
}

/// Returns the seed, the source port and the route to each part of the targets.
fn details(scan: &ScanInfo) -> Vec<Message> {
    let plan = &scan.plan;
    let seed = match plan.local.source_port {
        // The kernel chooses a port for each connection.
        0 => Message::new("plan-seed-alone"),
        first if plan.local.source_ports > 1 => Message::new("plan-seed-ports")
            .shown("port", first)
            .shown("last", plan.local.source_ports_from(first).end()),
        port => Message::new("plan-seed").shown("port", port),
    };
    let seed = seed.shown("seed", plan.spec.seed);
    let ways = plan.local.targets.segments().iter().filter_map(|segment| {
        let route = plan.local.routes.get(segment.route as usize)?;
        Some(way(scan, segment, route))
    });
    let asked: Vec<String> = plan
        .spec
        .discovery_probes
        .iter()
        .copied()
        .map(vigie_findings::words::discovery_probe)
        .collect();
    let asked = Message::new("plan-questions").safe("questions", asked.join(", "));
    let asked = (plan.spec.discovery == Discovery::Probe).then_some(asked);
    let windows = (plan.windows() > 1).then(|| {
        Message::new("plan-windows")
            .amount("windows", plan.windows())
            .amount("hosts", plan.spec.window_hosts())
    });
    let first = std::iter::once(seed).chain(windows);
    first.chain(asked).chain(ways).collect()
}

fn way(scan: &ScanInfo, segment: &Segment, route: &Route) -> Message {
    let range = &segment.range;
    let host = |ip| {
        address(
            &scan.plan,
            vigie_scope::Host {
                ip,
                zone: range.zone,
            },
        )
    };
    let range = if range.first == range.last {
        host(range.first_ip())
    } else {
        format!("{}-{}", range.first_ip(), host(range.last_ip()))
    };
    let message = match route.hop {
        NextHop::Gateway(gateway) => Message::new("plan-route-gateway").shown("gateway", gateway),
        NextHop::Direct | NextHop::OnLink => Message::new("plan-route"),
    };
    message
        .outside("range", range)
        .outside("link", &route.link_name)
        .shown("source", route.source)
}
