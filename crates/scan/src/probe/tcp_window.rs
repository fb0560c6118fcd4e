//! The window probe (`-sW`): an ACK whose reset is looked at more closely.
//!
//! Some old stacks put the listener's receive window into the reset of an open
//! port and nothing into that of a closed one. Linux and whatever else follows
//! RFC 9293 put nothing into either: there every port that is reached reads as
//! closed. States as nmap defines them for `-sW`.

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
