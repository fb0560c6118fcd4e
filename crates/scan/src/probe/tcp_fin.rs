//! The FIN probe (`-sF`): the end of a connection that does not exist.
//!
//! A closed port answers with a reset. An open port drops the segment (RFC 9293 section 3.10.7.2), like a firewall. It
//! passes filters that block only SYNs, which shows whether a firewall is of that kind.

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
