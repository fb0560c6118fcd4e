//! Limits the share of lost answers among the silent ports of a host.
//!
//! If nearly all other ports answered, the few silent ones may be just the ports whose answers were lost, however unlikely
//! that is for each port. They are tried until lost answers are expected to be rare among them. The module does not know
//! what is sent next.

use alloc::vec;
use alloc::vec::Vec;

use super::{HostEvidence, Hosts};
use crate::loss::FirstAnswers;

/// Maximum expected share of lost answers among the silent ports.
const MAX_LOST_SHARE: f64 = 0.01;

impl Hosts {
    /// Counts the silent probes of each host. All probes that are not in `indices` have answered.
    pub(crate) fn count_silent(&mut self, indices: impl Iterator<Item = u64>) {
        let mut silent = vec![0u32; self.entries.len()];
        for index in indices {
            let slot = self.host_of(index).map(|host| self.slot(host));
            if let Some(silent) = slot.and_then(|slot| silent.get_mut(slot)) {
                *silent += 1;
            }
        }
        self.silent = silent;
    }

    /// Discards the count of silent probes.
    pub(crate) fn forget_silent(&mut self) {
        self.silent = Vec::new();
    }

    /// Whether lost answers are rare among the silent ports of the host in `slot`, with the miss probability `miss`.
    pub(super) fn lost_answers_are_rare(&self, slot: usize, miss: f64) -> bool {
        match (self.silent.get(slot), self.entries.get(slot)) {
            (Some(silent), Some(entry)) if *silent > 0 && !entry.limited => {
                lost_answers_are_rare(entry.answered(), f64::from(*silent), miss)
            }
            _ => true,
        }
    }
}

/// Whether lost answers are rare among `silent` ports, if `answered` ports answered and each answer is missed with
/// probability `miss`.
pub(super) fn lost_answers_are_rare(answered: f64, silent: f64, miss: f64) -> bool {
    answered * miss <= MAX_LOST_SHARE * silent.max(1.0)
}

impl HostEvidence {
    /// Number of ports that answered.
    fn answered(&self) -> f64 {
        let all = |firsts: FirstAnswers| f64::from(firsts.first) + f64::from(firsts.later);
        all(self.negative) + all(self.other)
    }
}
