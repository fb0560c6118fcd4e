//! Texts about the check of a host whose ports all appear open.

use vigie_scan::open_port_check::{CheckOutcome, CheckVerdict, CheckedPort, OpenPortCheck};

use crate::Message;

/// Returns the warning about `host`, with the result of the check.
pub(super) fn warning(host: &str, handshakes: Option<&OpenPortCheck>) -> Message {
    let Some(handshakes) = handshakes else {
        return Message::new("warning-all-open").outside("host", host);
    };
    let key = match handshakes.verdict() {
        CheckVerdict::Front => "warning-all-open-front",
        CheckVerdict::Resets => "warning-all-open-resets",
        CheckVerdict::Real => "warning-all-open-real",
        CheckVerdict::Unclear => "warning-all-open-unclear",
    };
    let message = Message::new(key).outside("host", host);
    with_real(counted(message, handshakes), handshakes)
}

/// Returns the sentence about the check in an explanation.
pub(super) fn verified(handshakes: &OpenPortCheck) -> Message {
    let key = match handshakes.verdict() {
        CheckVerdict::Front => "explain-all-open-front",
        CheckVerdict::Resets => "explain-all-open-resets",
        CheckVerdict::Real => "explain-all-open-real",
        CheckVerdict::Unclear => "explain-all-open-unclear",
    };
    counted(Message::new(key), handshakes)
}

/// Adds the numbers of connections.
fn counted(message: Message, of: &OpenPortCheck) -> Message {
    message
        .amount("tried", of.count(false, |_| true))
        .amount(
            "held",
            of.count(false, |e| e.is_handshake() && *e != CheckOutcome::Reset),
        )
        .amount("reset", of.count(false, |e| *e == CheckOutcome::Reset))
        .amount("controls", of.count(true, |_| true))
        .amount("answered", of.count(true, CheckOutcome::is_handshake))
}

/// Adds the ports that are really open.
fn with_real(message: Message, handshakes: &OpenPortCheck) -> Message {
    if !matches!(
        handshakes.verdict(),
        CheckVerdict::Front | CheckVerdict::Resets
    ) {
        return message;
    }
    let port = |tried: &CheckedPort| match &tried.end {
        CheckOutcome::Spoke(words) => format!("{} (“{words}”)", tried.port),
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
