//! Warnings about suspicious answers of a host.
//!
//! This file must not know packets.

use alloc::collections::VecDeque;

use vigie_scope::Host;

use super::Answer;
use crate::event::{Event, Warning};
use crate::finding::{HostFinding, Reason};
use crate::open_port_check::MIN_SUSPICIOUS_PORTS;

/// Minimum number of resets for a statement about who sent them.
const MIN_RESETS: u64 = 8;

/// Warns about a host with `open` open ports among `asked` scanned ones.
pub(super) fn warn(
    host: Host,
    (open, asked): (u64, u64),
    answers: &[Answer],
    found: Option<&HostFinding>,
    out: &mut VecDeque<Event>,
) {
    if asked >= MIN_SUSPICIOUS_PORTS && open * 10 >= asked * 9 {
        out.push_back(Event::Warning(Warning::AllOpen {
            host,
            handshakes: None,
        }));
    }
    if let Some((count, ttl, own_ttl)) = foreign_resets(answers, found) {
        out.push_back(Event::Warning(Warning::ForeignResets {
            host,
            count,
            ttl,
            own_ttl,
        }));
    }
}

/// Returns whether something else sends the resets of a host: their number, their time to live, and that of the host's
/// own replies. `answers` are the answers of the host, `found` says how it was found to be up.
///
/// The host itself accepts connections and answers echo requests, and its other packets travel the same distance. A
/// single reset may have taken another route, so there must be several, all with the same time to live, and the host's
/// own replies must agree among themselves.
fn foreign_resets(answers: &[Answer], found: Option<&HostFinding>) -> Option<(u64, u8, u8)> {
    let with = |reason| {
        let of = answers.iter().filter(move |k| k.reason == reason);
        of.filter(|k| k.from.is_none()).filter_map(|k| k.ttl)
    };
    let itself = |f: &&HostFinding| matches!(f.reason, Reason::EchoReply | Reason::TimestampReply);
    let answered = found.filter(itself).and_then(|f| f.ttl);
    let ttl = common_value(with(Reason::Reset))?;
    let own_ttl = common_value(with(Reason::SynAck).chain(answered))?;
    let count = with(Reason::Reset).count() as u64;
    (count >= MIN_RESETS && hops(ttl) != hops(own_ttl)).then_some((count, ttl, own_ttl))
}

/// Returns the value that all `ttls` share.
fn common_value(mut ttls: impl Iterator<Item = u8>) -> Option<u8> {
    let first = ttls.next()?;
    ttls.all(|ttl| ttl == first).then_some(first)
}

/// Number of hops that a datagram with this time to live has travelled. Senders use one of a few initial values.
const fn hops(ttl: u8) -> u8 {
    let began = match ttl {
        0..=64 => 64,
        65..=128 => 128,
        129.. => 255,
    };
    began - ttl
}
