//! The Maimon probe (`-sM`; Uriel Maimon, Phrack 49): FIN and ACK.
//!
//! RFC 9293 has every port answer with a reset. Systems derived from BSD dropped the segment if the port was open.
//! States as nmap defines them for `-sM`.

use vigie_wire::tcp::Flags;

use super::tcp_segment::{Segment, closed};
use crate::finding::PortState;

pub(super) const MAIMON: Segment = Segment {
    name: "tcp-maimon",
    flags: Flags(Flags::FIN.0 | Flags::ACK.0),
    reset: closed,
    common: PortState::Closed,
    silence: PortState::OpenFiltered,
};
