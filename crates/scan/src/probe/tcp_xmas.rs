//! The Xmas probe (`-sX`): FIN, PSH and URG, lit like a tree.
//!
//! A closed port answers a reset; an open one drops the segment in silence (RFC
//! 9293 section 3.10.7.2), and so does a firewall that refuses impossible flags.

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
