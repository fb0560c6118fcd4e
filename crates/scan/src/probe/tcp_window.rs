//! The window probe (`-sW`): an ACK whose reset is examined more closely.
//!
//! Some old stacks put the listener's receive window into the reset of an open port, and zero into that of a closed
//! one. Linux and other stacks that follow RFC 9293 put zero into both, so every port that is reached looks closed.
//! States as nmap defines them for `-sW`.

use vigie_wire::tcp::{Flags, View};

use super::Verdict;
use super::tcp_segment::Segment;
use crate::finding::{PortState, Reason};

pub(super) const WINDOW: Segment = Segment {
    name: "tcp-window",
    flags: Flags::ACK,
    reset,
    common: PortState::Closed,
    silence: PortState::Filtered,
};

fn reset(reset: &View<'_>) -> Verdict {
    if reset.window() > 0 {
        Verdict::open(Reason::Reset)
    } else {
        Verdict::closed(Reason::Reset)
    }
}
