//! How many of each host's ports are silent. Where nearly all others answered, those few may be just the ones whose
//! answers were lost, however unlikely that is for each port: they are tried until that is unlikely, too.
//!
//! This file must not know what is sent next.

use alloc::vec;
use alloc::vec::Vec;

use super::{Account, Hosts};
use crate::loss::FirstAnswers;

/// Of the ports that stay silent, no more than this share is to be lost answers.
const FALSE: f64 = 0.01;

impl Hosts {
    /// The probes `indices` are silent, all others have answered.
    pub(crate) fn count_silent(&mut self, indices: impl Iterator<Item = u64>) {
        let mut silent = vec![0u32; self.accounts.len()];
        for index in indices {
            let slot = self.of(index).map(|host| self.slot(host));
            if let Some(silent) = slot.and_then(|slot| silent.get_mut(slot)) {
                *silent += 1;
            }
        }
        self.silent = silent;
    }

    /// How many are silent is not known any more.
    pub(crate) fn forget_silent(&mut self) {
        self.silent = Vec::new();
    }

    /// Whether few of a host's silent ports have answered, where each port that answers stays silent with
    /// probability `miss`.
    pub(super) fn hides_few(&self, slot: usize, miss: f64) -> bool {
        match (self.silent.get(slot), self.accounts.get(slot)) {
            (Some(silent), Some(account)) if *silent > 0 && !account.limited => {
                hides_few(account.answered(), f64::from(*silent), miss)
            }
            _ => true,
        }
    }
}

/// The same of `answered` ports beside `silent` ones.
pub(super) fn hides_few(answered: f64, silent: f64, miss: f64) -> bool {
    answered * miss <= FALSE * silent.max(1.0)
}

impl Account {
    fn answered(&self) -> f64 {
        let all = |firsts: FirstAnswers| f64::from(firsts.first) + f64::from(firsts.later);
        all(self.negative) + all(self.other)
    }
}
