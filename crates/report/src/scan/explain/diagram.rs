//! Draws packets: as lines, as `vigie capture` prints them, and as arrows between two endpoints.
//!
//! Both are the same in every language. Nothing is interpreted.

use std::net::IpAddr;
use std::time::Duration;

use vigie_print::{Numeric, Options, Printer};
use vigie_scope::Transport;
use vigie_wire::frame::{Frame, Net, Transport as Carried};
use vigie_wire::tcp::Flags;
use vigie_wire::{arp, icmpv4, icmpv6};

use crate::{Lang, Texts, escape, number, width};
use vigie_findings::evidence::{Evidence, Packet};
use vigie_findings::frames;

/// Maximum number of unanswered probes that are all shown.
const MAX_SILENT: usize = 8;
/// Number of unanswered probes that are shown if there are more.
const SHOWN_SILENT: usize = 5;
/// Minimum length of an arrow in columns.
const MIN_ARROW: usize = 36;

/// Returns the packets that are shown. Unanswered probes are alike, so a few of them are enough.
fn shown(evidence: &Evidence) -> &[Packet] {
    let packets = evidence.packets.as_slice();
    let silent = packets.len() > MAX_SILENT && packets.iter().all(|p| p.sent);
    &packets[..if silent { SHOWN_SILENT } else { packets.len() }]
}

/// Returns a line for each packet: seconds since the scan began, SENT or RCVD, and what tcpdump would print.
pub(in crate::scan) fn lines(evidence: &Evidence) -> Vec<String> {
    let mut printer = Printer::new(Options::default());
    let print = |packet: &Packet| {
        let word = if packet.sent { "SENT" } else { "RCVD" };
        let mut line = format!("{:.6} {word} ", packet.at.as_secs_f64());
        let length = packet.bytes.len() as u32;
        printer.print(
            packet.link.number(),
            length,
            &packet.bytes,
            &Numeric,
            &mut line,
        );
        escape::line(&line).into_owned()
    };
    shown(evidence).iter().map(print).collect()
}

/// Returns sentences about the packets that are not shown.
pub(in crate::scan) fn left_out(evidence: &Evidence, texts: &Texts) -> Vec<String> {
    let more = (evidence.packets.len() - shown(evidence).len()) as u64;
    let counts = [
        ("explain-more-packets", evidence.more.saturating_add(more)),
        ("explain-path-packets", evidence.path),
    ];
    let some = counts.into_iter().filter(|(_, n)| *n > 0);
    some.map(|(key, n)| texts.format(key, &[("n", n.into())]))
        .collect()
}

/// Returns the packets as arrows, with the scanner on the left. `silence` is the text for a missing answer.
pub(crate) fn arrows(evidence: &Evidence, silence: &str, lang: Lang) -> Vec<String> {
    let Some(first) = evidence.packets.first() else {
        return Vec::new();
    };
    // Retries may use several source ports.
    let own = shown(evidence).iter().map(own_port);
    let several_ports = own
        .clone()
        .flatten()
        .any(|port| Some(port) != own_port(first));
    let rows: Vec<(String, bool, String)> = shown(evidence)
        .iter()
        .zip(own)
        .map(|(p, own)| {
            let mut label = label(p, evidence);
            if let Some(port) = own.filter(|_| several_ports) {
                label += &[" (port ", &port.to_string(), ")"].concat();
            }
            (time(p.at.saturating_sub(first.at), lang), p.sent, label)
        })
        .collect();
    let widest = |f: fn(&(String, bool, String)) -> &String| {
        rows.iter().map(|r| width::of(f(r))).max().unwrap_or(0)
    };
    let times = widest(|r| &r.0);
    // Two dashes before a label, and at least six after it.
    let arrow = (widest(|r| &r.2) + 12).max(MIN_ARROW);
    let (near, far) = ends(evidence, first, own_port(first).filter(|_| !several_ports));
    // The name of the far endpoint ends above its line, so that it fits a narrow terminal.
    let gap = (arrow + 2).saturating_sub(width::of(&near) + width::of(&far));
    let gap = gap.max(2);
    let mut drawn = vec![format!("{:times$}  {near}{:gap$}{far}", "", "")];
    for (at, sent, label) in &rows {
        let dashes = "-".repeat(arrow - 6 - width::of(label));
        let arrow = if *sent {
            format!("|--- {label} {dashes}>|")
        } else {
            format!("|<{dashes} {label} ---|")
        };
        let pad = times - width::of(at);
        drawn.push(format!("{:pad$}{at}  {arrow}", ""));
    }
    if rows.iter().all(|r| r.1) {
        drawn.push(format!("{:times$}  {silence}", ""));
    }
    drawn
}

fn time(after: Duration, lang: Lang) -> String {
    if after.is_zero() {
        return "0 ms".to_owned();
    }
    number::duration(after, lang)
}

/// Returns the scanner's port in a packet.
fn own_port(packet: &Packet) -> Option<u16> {
    let frame = Frame::parse(packet.link, &packet.bytes).ok()?;
    match frames::port(&frame, !packet.sent)? {
        (Transport::Tcp | Transport::Udp, port) => Some(port),
        _ => None,
    }
}

/// Returns the names of both endpoints, as tcpdump writes them; `port` is the scanner's.
fn ends(evidence: &Evidence, first: &Packet, port: Option<u16>) -> (String, String) {
    let far = match evidence.port {
        Some((Transport::Ip, _)) | None => evidence.host.ip.to_string(),
        Some((_, port)) => format!("{}.{port}", evidence.host.ip),
    };
    let Ok(frame) = Frame::parse(first.link, &first.bytes) else {
        return (String::new(), far);
    };
    let ip = match (&frame.net, first.sent) {
        (Net::Ipv4(ip), true) => Some(IpAddr::from(ip.src())),
        (Net::Ipv4(ip), false) => Some(ip.dst().into()),
        (Net::Ipv6(ip), true) => Some(ip.src().into()),
        (Net::Ipv6(ip), false) => Some(ip.dst().into()),
        (Net::Arp(arp), true) => Some(arp.sender_ip().into()),
        (Net::Arp(arp), false) => Some(arp.target_ip().into()),
        (Net::Other { .. }, _) => None,
    };
    let near = match (ip, port) {
        (Some(ip), Some(port)) => format!("{ip}.{port}"),
        (Some(ip), None) => ip.to_string(),
        (None, _) => String::new(),
    };
    (near, far)
}

/// Returns the label of a packet: its type, its sender if that is not the host, and the port if host discovery probed
/// several.
fn label(packet: &Packet, evidence: &Evidence) -> String {
    let host = evidence.host.ip;
    let Ok(frame) = Frame::parse(packet.link, &packet.bytes) else {
        return "?".to_owned();
    };
    let mut label = match (&frame.net, &frame.transport) {
        (Net::Arp(arp), _) if arp.op() == arp::REQUEST => {
            format!("ARP who-has {}", arp.target_ip())
        }
        (Net::Arp(arp), _) => format!("ARP is-at {}", arp.sender_mac()),
        (_, Carried::Tcp(tcp)) => flags(tcp.flags()),
        (_, Carried::Udp(udp)) => format!("UDP, length {}", udp.payload().len()),
        (_, Carried::Icmpv4(m)) => match m.kind() {
            icmpv4::kind::ECHO_REQUEST => "ICMP echo request".to_owned(),
            icmpv4::kind::ECHO_REPLY => "ICMP echo reply".to_owned(),
            icmpv4::kind::TIMESTAMP_REQUEST => "ICMP timestamp request".to_owned(),
            icmpv4::kind::TIMESTAMP_REPLY => "ICMP timestamp reply".to_owned(),
            kind => format!("ICMP type {kind} code {}", m.code()),
        },
        (_, Carried::Icmpv6(m)) => match m.kind() {
            icmpv6::kind::ECHO_REQUEST => "ICMPv6 echo request".to_owned(),
            icmpv6::kind::ECHO_REPLY => "ICMPv6 echo reply".to_owned(),
            icmpv6::kind::NEIGHBOUR_SOLICIT => "neighbor solicitation".to_owned(),
            icmpv6::kind::NEIGHBOUR_ADVERT => "neighbor advertisement".to_owned(),
            kind => format!("ICMPv6 type {kind} code {}", m.code()),
        },
        (_, Carried::Other { proto, .. }) => format!("IP protocol {proto}"),
        _ => "?".to_owned(),
    };
    if evidence.port.is_none()
        && let Some((_, port)) = frames::port(&frame, packet.sent)
    {
        label += &[" (port ", &port.to_string(), ")"].concat();
    }
    if let Some(from) = frames::source(&frame).filter(|ip| !packet.sent && *ip != host) {
        label += &["  [", &from.to_string(), "]"].concat();
    }
    label
}

/// Returns TCP flags by name: `SYN, ACK`.
pub(super) fn flags(flags: Flags) -> String {
    let all = [
        (Flags::SYN, "SYN"),
        (Flags::FIN, "FIN"),
        (Flags::RST, "RST"),
        (Flags::PSH, "PSH"),
        (Flags::URG, "URG"),
        (Flags::ACK, "ACK"),
    ];
    let set = all.iter().filter(|(flag, _)| flags.contains(*flag));
    let names: Vec<&str> = set.map(|(_, name)| *name).collect();
    match names.as_slice() {
        [] => "no flags".to_owned(),
        names => names.join(", "),
    }
}
