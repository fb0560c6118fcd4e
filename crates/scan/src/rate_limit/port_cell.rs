//! What is known about one port of one host, in one byte.
//!
//! This file must not know how any of it became known.

use crate::ledger::Reply;

/// What is known about a port: two bits of reply, three of evidence, and marks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PortCell(pub(crate) u8);

impl PortCell {
    const EVIDENCE: u8 = 0b0001_1100;
    /// The port was silent when probing began.
    pub(crate) const CANDIDATE: u8 = 0b0010_0000;
    /// Probing has tried the port.
    pub(crate) const TRIED: u8 = 0b0100_0000;
    /// Something was sent to the port.
    pub(crate) const PROBED: u8 = 0b1000_0000;

    pub(crate) fn reply(self) -> Reply {
        match self.0 & 3 {
            0 => Reply::None,
            1 => Reply::Negative,
            2 => Reply::Positive,
            _ => Reply::Error,
        }
    }

    pub(crate) fn set_reply(&mut self, reply: Reply) {
        let bits = match reply {
            Reply::None => 0,
            Reply::Negative => 1,
            Reply::Positive => 2,
            Reply::Error => 3,
        };
        self.0 = self.0 & !3 | bits;
    }

    pub(crate) fn evidence(self) -> u8 {
        (self.0 & PortCell::EVIDENCE) >> 2
    }

    pub(crate) fn add_evidence(&mut self) {
        if self.evidence() < 7 {
            self.0 += 4;
        }
    }

    pub(crate) fn has(self, mark: u8) -> bool {
        self.0 & mark != 0
    }
}

/// Result of a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PortOutcome {
    /// It was answered; the caller stores the answer.
    Answered(Reply),
    /// Silent, although a closed port answered at the same time in this many trains.
    Silent(u8),
    /// Silent, like the whole host: it never reported a closed port.
    Unresponsive,
    /// Probed, and nothing is proven.
    Unproven,
    /// Never probed.
    NotProbed,
}
