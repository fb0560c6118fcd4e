//! `vigie dns --explain`: explains the fields of an answer, one line each, and shows the datagrams.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use hickory_proto::op::ResponseCode;
use vigie_report::packets::{Check, Seen, definition_list};
use vigie_report::style::Paint;
use vigie_report::{Message, Texts, width};
use vigie_wire::LinkType;

use super::exchange::{Answer, Datagrams};
use super::layout;
use super::options::DnsOptions;

/// Maximum width of sentences, in columns.
const MAX_WIDTH: usize = 100;

/// Returns the explanation of an answer.
pub fn text(
    options: &DnsOptions,
    answer: &Answer,
    server: SocketAddr,
    texts: &Texts,
    paint: Paint,
    columns: Option<usize>,
) -> String {
    let message = &answer.message;
    let metadata = &message.metadata;
    let mut lines = vec![(
        format!("status: {}", layout::status(metadata.response_code)),
        texts.get(status(metadata.response_code, message.answers.is_empty())),
    )];
    let flags = [
        (metadata.authoritative, "aa", "dns-explain-aa"),
        (!metadata.authoritative, "(aa)", "dns-explain-no-aa"),
        (metadata.truncation, "tc", "dns-explain-tc"),
        (metadata.recursion_desired, "rd", "dns-explain-rd"),
        (metadata.recursion_available, "ra", "dns-explain-ra"),
        (metadata.authentic_data, "ad", "dns-explain-ad"),
        (metadata.checking_disabled, "cd", "dns-explain-cd"),
    ];
    let set = flags.into_iter().filter(|(set, ..)| *set);
    lines.extend(set.map(|(_, name, key)| (name.to_owned(), texts.get(key))));
    for (empty, name, key) in [
        (message.answers.is_empty(), "ANSWER", "dns-explain-answer"),
        (
            message.authorities.is_empty(),
            "AUTHORITY",
            "dns-explain-authority",
        ),
        (
            message.additionals.is_empty(),
            "ADDITIONAL",
            "dns-explain-additional",
        ),
    ] {
        if !empty {
            lines.push((name.to_owned(), texts.get(key)));
        }
    }
    if message.edns.is_some() {
        lines.push(("EDNS".to_owned(), texts.get("dns-explain-edns")));
    }
    let transport = match (answer.tcp, answer.retried) {
        (true, true) => "dns-explain-tcp-again",
        (true, false) => "dns-explain-tcp",
        (false, _) => "dns-explain-udp",
    };
    let name = if answer.tcp { "TCP" } else { "UDP" };
    let said = Message::new(transport)
        .shown("server", server.ip())
        .shown("port", server.port());
    lines.push((name.to_owned(), texts.say(&said)));
    let check = [
        "dig @",
        &server.ip().to_string(),
        &port(server),
        " ",
        &question(options),
    ]
    .concat();
    lines.push((texts.get("explain-check"), check));
    let mut text = definition_list(&texts.get("dns-explain-title"), &lines, paint);
    if let Some(datagrams) = &answer.datagrams {
        let check = Check {
            tcpdump: "-i any".to_owned(),
            scapy: None,
        };
        text += &packets(datagrams, server, answer).explain(texts, paint, columns, &check);
        text.push('\n');
        let columns = columns.unwrap_or(MAX_WIDTH).min(MAX_WIDTH);
        for line in width::lines(&texts.get("dns-explain-headers"), columns.saturating_sub(2)) {
            text += &["  ", &line, "\n"].concat();
        }
    }
    text
}

/// Returns the query and the answer as packets.
fn packets(datagrams: &Datagrams, server: SocketAddr, answer: &Answer) -> Seen {
    let mut seen = Seen::default();
    let local = datagrams.local;
    for (at, sent, from, to, message) in [
        (Duration::ZERO, true, local, server, &datagrams.query),
        (answer.time, false, server, local, &datagrams.answer),
    ] {
        let packet = packet(from, to, message);
        let length = u32::try_from(packet.len()).unwrap_or(u32::MAX);
        seen.add(
            Some(at),
            Some(sent),
            LinkType::RawIp.number(),
            length,
            &packet,
        );
    }
    seen
}

/// Returns a message with IP and UDP headers. A socket knows only the addresses, the ports and the length of them.
fn packet(from: SocketAddr, to: SocketAddr, message: &[u8]) -> Vec<u8> {
    // The length field has 16 bits.
    let length = u16::try_from(8 + message.len()).unwrap_or(u16::MAX);
    let mut packet = match (from.ip(), to.ip()) {
        (IpAddr::V4(from), IpAddr::V4(to)) => {
            let mut header = vec![0x45, 0];
            header.extend(length.saturating_add(20).to_be_bytes());
            header.extend([0, 0, 0, 0, 64, 17, 0, 0]);
            header.extend(from.octets());
            header.extend(to.octets());
            header
        }
        (from, to) => {
            let six = |ip: IpAddr| match ip {
                IpAddr::V4(ip) => ip.to_ipv6_mapped(),
                IpAddr::V6(ip) => ip,
            };
            let mut header = vec![0x60, 0, 0, 0];
            header.extend(length.to_be_bytes());
            header.extend([17, 64]);
            header.extend(six(from).octets());
            header.extend(six(to).octets());
            header
        }
    };
    for field in [from.port(), to.port(), length, 0] {
        packet.extend(field.to_be_bytes());
    }
    packet.extend(message);
    packet
}

/// Returns the query in dig's notation.
fn question(options: &DnsOptions) -> String {
    let tcp = if options.query.tcp { " +tcp" } else { "" };
    let name = options.name.to_string();
    format!(
        "{} {}{tcp}",
        vigie_report::escape::line(&name),
        options.kind
    )
}

fn port(server: SocketAddr) -> String {
    match server.port() {
        53 => String::new(),
        port => format!(" -p {port}"),
    }
}

/// Returns the key of the text for a status. "No error" without an answer has a text of its own.
fn status(code: ResponseCode, is_empty: bool) -> &'static str {
    match (u16::from(code), is_empty) {
        (0, false) => "dns-explain-noerror",
        (0, true) => "dns-explain-nodata",
        (1, _) => "dns-explain-formerr",
        (2, _) => "dns-explain-servfail",
        (3, _) => "dns-explain-nxdomain",
        (4, _) => "dns-explain-notimp",
        (5, _) => "dns-explain-refused",
        _ => "dns-explain-other",
    }
}
