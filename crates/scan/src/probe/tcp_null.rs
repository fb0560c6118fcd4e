//! The NULL probe (`-sN`): a segment without flags, which no connection contains.
//!
//! A closed port answers with a reset. An open port drops the segment (RFC 9293 section 3.10.7.2), like a firewall
//! that blocks impossible flags.

use vigie_wire::tcp::Flags;

use super::tcp_segment::{Segment, closed};
use crate::finding::PortState;

pub(super) const NULL: Segment = Segment {
    name: "tcp-null",
    flags: Flags::NONE,
    reset: closed,
    common: PortState::Closed,
    silence: PortState::OpenFiltered,
};
