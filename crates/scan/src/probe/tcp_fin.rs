//! The FIN probe (`-sF`): the end of a connection that never began.
//!
//! A closed port answers a reset; an open one drops the segment in silence (RFC
//! 9293 section 3.10.7.2), and so does a firewall. It passes filters that only
//! stop SYNs, which is what it is good for: to see whether one's own does.

use vigie_wire::tcp::Flags;

use super::tcp_segment::{Segment, closed};
use crate::finding::PortState;

pub(super) const FIN: Segment = Segment {
    name: "tcp-fin",
    flags: Flags::FIN,
    reset: closed,
    common: PortState::Closed,
    silence: PortState::OpenFiltered,
};
