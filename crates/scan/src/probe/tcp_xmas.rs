//! The Xmas probe (`-sX`): FIN, PSH and URG.
//!
//! A closed port answers with a reset. An open port drops the segment (RFC 9293 section 3.10.7.2), like a firewall
//! that blocks impossible flags.

use vigie_wire::tcp::Flags;

use super::tcp_segment::{Segment, closed};
use crate::finding::PortState;

pub(super) const XMAS: Segment = Segment {
    name: "tcp-xmas",
    flags: Flags(Flags::FIN.0 | Flags::PSH.0 | Flags::URG.0),
    reset: closed,
    common: PortState::Closed,
    silence: PortState::OpenFiltered,
};
