//! The NULL probe (`-sN`): a segment without any flag, which no connection ever has.
//!
//! A closed port answers a reset; an open one drops the segment in silence (RFC
//! 9293 section 3.10.7.2), and so does a firewall that refuses impossible flags.

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
