//! What full connections say of a host whose every port answers as open, in words.
//!
//! This file must not know how the connections were made.

use vigie_scan::handshakes::{End, Handshakes, Tried, Verdict};

use crate::Message;

/// The warning about `host`, with what was verified.
pub(super) fn warning(host: &str, handshakes: Option<&Handshakes>) -> Message {
    let Some(handshakes) = handshakes else {
        return Message::new("warning-all-open").outside("host", host);
    };
    let key = match handshakes.verdict() {
        Verdict::Front => "warning-all-open-front",
        Verdict::Resets => "warning-all-open-resets",
        Verdict::Real => "warning-all-open-real",
        Verdict::Unclear => "warning-all-open-unclear",
    };
    let message = Message::new(key).outside("host", host);
    with_real(counted(message, handshakes), handshakes)
}

/// The sentence about them in an explanation.
pub(super) fn verified(handshakes: &Handshakes) -> Message {
    let key = match handshakes.verdict() {
        Verdict::Front => "explain-all-open-front",
        Verdict::Resets => "explain-all-open-resets",
        Verdict::Real => "explain-all-open-real",
        Verdict::Unclear => "explain-all-open-unclear",
    };
    counted(Message::new(key), handshakes)
}

/// The numbers of connections.
fn counted(message: Message, of: &Handshakes) -> Message {
    message
        .amount("tried", of.count(false, |_| true))
        .amount(
            "held",
            of.count(false, |e| e.is_handshake() && *e != End::Reset),
        )
        .amount("reset", of.count(false, |e| *e == End::Reset))
        .amount("controls", of.count(true, |_| true))
        .amount("answered", of.count(true, End::is_handshake))
}

/// The ports that somebody is behind.
fn with_real(message: Message, handshakes: &Handshakes) -> Message {
    if !matches!(handshakes.verdict(), Verdict::Front | Verdict::Resets) {
        return message;
    }
    let port = |tried: &Tried| match &tried.end {
        End::Spoke(words) => format!("{} (“{words}”)", tried.port),
        _ => tried.port.to_string(),
    };
    let ports: Vec<String> = handshakes.real().map(port).collect();
    let real = if ports.is_empty() {
        Message::new("all-open-none-real")
    } else {
        Message::new("all-open-real")
            .amount("n", ports.len() as u64)
            .outside("ports", ports.join(", "))
    };
    message.text("real", real)
}
