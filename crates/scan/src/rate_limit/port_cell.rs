//! What is known of one port of one host, in a byte, and what that makes of the port at the end.
//!
//! This file must not know how any of it became known.

use crate::ledger::Reply;

/// What is known of a port: two bits of knowledge, three of evidence, and marks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PortCell(pub(crate) u8);

impl PortCell {
    const EVIDENCE: u8 = 0b0001_1100;
    /// It was among the silent ones when the proofs began.
    pub(crate) const CANDIDATE: u8 = 0b0010_0000;
    /// It was tried in the course of the proofs.
    pub(crate) const TRIED: u8 = 0b0100_0000;
    /// Something was sent to it.
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

/// What a port is at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PortOutcome {
    /// An answer came, of a kind that is kept elsewhere.
    Answered(Reply),
    /// Silent, though a closed port answered at the same time in so many trains.
    Silent(u8),
    /// Silent, as the whole host is: it never detail of a port that it is closed.
    Unresponsive,
    /// Asked, and nothing is proven.
    Unproven,
    /// Never asked.
    NotProbed,
}
