//! The ACK probe (`-sA`, `-PA`): a segment of a connection that does not exist.
//!
//! A host that is up and reached answers with a reset (RFC 9293 section 3.10.7.1), whether the port is open or closed;
//! a stateful firewall drops the probe. It shows which ports a firewall lets through without keeping state, and
//! nothing about what listens there.

use vigie_wire::tcp::Flags;

use super::tcp_segment::{Segment, unfiltered};
use crate::finding::PortState;

pub(super) const ACK: Segment = Segment {
    name: "tcp-ack",
    flags: Flags::ACK,
    reset: unfiltered,
    common: PortState::Unfiltered,
    silence: PortState::Filtered,
};
