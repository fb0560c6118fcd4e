//! What is known of one port of one host, in a byte, and what that makes of the port at the end.
//!
//! This file must not know how any of it became known.

use crate::ledger::Known;

/// What is known of a port: two bits of knowledge, three of evidence, and marks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cell(pub(crate) u8);

impl Cell {
    const EVIDENCE: u8 = 0b0001_1100;
    /// It was among the silent ones when the proofs began.
    pub(crate) const CANDIDATE: u8 = 0b0010_0000;
    /// It was tried in the course of the proofs.
    pub(crate) const TRIED: u8 = 0b0100_0000;
    /// Something was sent to it.
    pub(crate) const ASKED: u8 = 0b1000_0000;

    pub(crate) fn known(self) -> Known {
        match self.0 & 3 {
            0 => Known::Nothing,
            1 => Known::Negative,
            2 => Known::Positive,
            _ => Known::Other,
        }
    }

    pub(crate) fn know(&mut self, known: Known) {
        let bits = match known {
            Known::Nothing => 0,
            Known::Negative => 1,
            Known::Positive => 2,
            Known::Other => 3,
        };
        self.0 = self.0 & !3 | bits;
    }

    pub(crate) fn evidence(self) -> u8 {
        (self.0 & Cell::EVIDENCE) >> 2
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
pub(crate) enum Fate {
    /// An answer came, of a kind that is kept elsewhere.
    Answered(Known),
    /// Silent, though a closed port answered at the same time in so many trains.
    Silent(u8),
    /// Silent, as the whole host is: it never detail of a port that it is closed.
    Mute,
    /// Asked, and nothing is proven.
    Unproven,
    /// Never asked.
    NotAsked,
}
