//! `vigie dns --explain`: what the words of an answer mean, each that is present in one line.
//!
//! This file must not know how the answer was got.

use std::net::SocketAddr;

use hickory_proto::op::ResponseCode;
use vigie_report::packets::listed;
use vigie_report::style::Paint;
use vigie_report::{Message, Texts};

use super::exchange::Answer;
use super::layout;
use super::wishes::Wishes;

/// The lines, with a title.
pub fn text(
    wishes: &Wishes,
    answer: &Answer,
    server: SocketAddr,
    texts: &Texts,
    paint: Paint,
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
    let way = match (answer.tcp, answer.retried) {
        (true, true) => "dns-explain-tcp-again",
        (true, false) => "dns-explain-tcp",
        (false, _) => "dns-explain-udp",
    };
    let name = if answer.tcp { "TCP" } else { "UDP" };
    let said = Message::new(way)
        .shown("server", server.ip())
        .shown("port", server.port());
    lines.push((name.to_owned(), texts.say(&said)));
    let check = [
        "dig @",
        &server.ip().to_string(),
        &port(server),
        " ",
        &question(wishes),
    ]
    .concat();
    lines.push((texts.get("explain-check"), check));
    listed(&texts.get("dns-explain-title"), &lines, paint)
}

/// What is asked, as dig takes it.
fn question(wishes: &Wishes) -> String {
    let tcp = if wishes.how.tcp { " +tcp" } else { "" };
    let name = wishes.name.to_string();
    format!("{} {}{tcp}", vigie_report::escape::line(&name), wishes.kind)
}

fn port(server: SocketAddr) -> String {
    match server.port() {
        53 => String::new(),
        port => format!(" -p {port}"),
    }
}

/// The key of what a status means; "no error" with nothing found means something else.
fn status(code: ResponseCode, nothing: bool) -> &'static str {
    match (u16::from(code), nothing) {
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
