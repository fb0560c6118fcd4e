//! What is suspicious about the answers of a host.
//!
//! This file must not know packets.

use alloc::collections::VecDeque;

use vigie_scope::Host;

use super::Answer;
use crate::event::{Event, Warning};
use crate::finding::{HostFinding, Reason};
use crate::open_port_check::MIN_SUSPICIOUS_PORTS;

/// Fewer resets than this say nothing about who sent them.
const RESETS: u64 = 8;

/// What is suspicious about a host of whose ports `(open, asked)` are open.
pub(super) fn warn(
    host: Host,
    (open, asked): (u64, u64),
    kept: &[Answer],
    found: Option<&HostFinding>,
    out: &mut VecDeque<Event>,
) {
    if asked >= MIN_SUSPICIOUS_PORTS && open * 10 >= asked * 9 {
        out.push_back(Event::Warning(Warning::AllOpen {
            host,
            handshakes: None,
        }));
    }
    if let Some((count, ttl, own_ttl)) = foreign_resets(kept, found) {
        out.push_back(Event::Warning(Warning::ForeignResets {
            host,
            count,
            ttl,
            own_ttl,
        }));
    }
}

/// Whether the resets of a host are another's, by `kept`, its answers, and `found`, how it was found to be up: how many
/// there are, their time to live, and that of what the host said itself.
///
/// Whoever accepts a connection or answers an echo request is the host; what else comes from it has gone as far. A
/// single reset may have gone another way, so there must be several, with one time to live among them, and no other
/// among the host's own answers.
fn foreign_resets(kept: &[Answer], found: Option<&HostFinding>) -> Option<(u64, u8, u8)> {
    let with = |reason| {
        let of = kept.iter().filter(move |k| k.reason == reason);
        of.filter(|k| k.from.is_none()).filter_map(|k| k.ttl)
    };
    let itself = |f: &&HostFinding| matches!(f.reason, Reason::EchoReply | Reason::TimestampReply);
    let answered = found.filter(itself).and_then(|f| f.ttl);
    let ttl = the_only(with(Reason::Reset))?;
    let own_ttl = the_only(with(Reason::SynAck).chain(answered))?;
    let count = with(Reason::Reset).count() as u64;
    (count >= RESETS && hops(ttl) != hops(own_ttl)).then_some((count, ttl, own_ttl))
}

/// The value that all of `ttls` have, if they have one.
fn the_only(mut ttls: impl Iterator<Item = u8>) -> Option<u8> {
    let first = ttls.next()?;
    ttls.all(|ttl| ttl == first).then_some(first)
}

/// How far a datagram has come that has `ttl` hops left: they begin with one of few numbers.
const fn hops(ttl: u8) -> u8 {
    let began = match ttl {
        0..=64 => 64,
        65..=128 => 128,
        129.. => 255,
    };
    began - ttl
}
