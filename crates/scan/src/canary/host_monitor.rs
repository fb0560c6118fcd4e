//! Monitors the canaries of each host: which hosts fell silent, and which limit the rate of their replies.
//!
//! A rate limit of a host shows as follows: most canaries to its closed ports are lost, some are answered again and
//! again (one token of the limiter each), and meanwhile canaries to its open ports, or to other hosts, are answered as
//! before. Without anything to compare with, the cause is unknown ([`LossCause::Unknown`]).
//!
//! The module does not know packets or the sending rate.

use alloc::collections::BTreeMap;

use super::Class;

/// Number of consecutive losses of a host that fell silent. At a loss rate of one third their probability is 1 in
/// 500,000.
const SILENT: u32 = 12;
/// Minimum number of canaries to judge the negative replies of a host.
const MIN_NEGATIVE: u16 = 20;
/// Minimum number of canaries to judge the ICMP errors of a host.
const MIN_ERRORS: u16 = 8;
/// Minimum number of canaries in the group that a host is compared with.
const MIN_COMPARED: u16 = 6;
/// Number of consecutive losses after which a reply shows a limiter's token, or the end of a block.
const LOSS_RUN: u32 = 4;
/// Number of replies after a run of losses before a limit is suspected. An overflowing queue comes and goes as well.
const MIN_REVIVALS: u8 = 1;
/// Number of outcomes that are remembered. Older ones fade.
const MEMORY: u16 = 48;
/// Maximum number of monitored hosts.
const HOSTS: usize = 256;

/// Outcomes of the most recent canaries of one class.
#[derive(Clone, Copy, Debug, Default)]
struct Recent {
    made: u16,
    lost: u16,
}

impl Recent {
    fn count(&mut self, lost: bool) {
        if self.made >= MEMORY {
            (self.made, self.lost) = (self.made / 2, self.lost / 2);
        }
        self.made += 1;
        self.lost += u16::from(lost);
    }

    fn rate(self) -> f64 {
        f64::from(self.lost) / f64::from(self.made.max(1))
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct HostOutcomes {
    /// Whether any canary was answered.
    answered: bool,
    /// Number of losses since the last answer.
    loss_run: u32,
    /// Number of answers after at least [`LOSS_RUN`] consecutive losses.
    revivals: u8,
    recent: [Recent; 3],
}

/// Why negative replies of a host are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LossCause {
    /// The host limits their rate: other replies arrive.
    HostLimit,
    /// Other replies are missing as well: the path loses them, or everything is blocked.
    Path,
    /// There are no other replies to compare with.
    Unknown,
}

/// Outcomes of canaries by host.
#[derive(Clone, Debug, Default)]
pub(super) struct HostMonitor {
    hosts: BTreeMap<u64, HostOutcomes>,
    /// Whether any host had [`LOSS_RUN`] consecutive losses.
    any_loss_run: bool,
}

impl HostMonitor {
    /// Records the outcome of a canary of `host`. `calm` is true if no queue was known when it was sent.
    pub(super) fn record(&mut self, host: u64, class: Class, lost: bool, calm: bool) {
        if !self.hosts.contains_key(&host) && (lost || self.hosts.len() >= HOSTS) {
            return;
        }
        let outcomes = self.hosts.entry(host).or_default();
        // A queue loses errors and other replies alike; a limiter suppresses nearly all errors.
        if calm || class == Class::Error {
            outcomes.recent[class as usize].count(lost);
        }
        if class == Class::Error {
            return;
        }
        if lost {
            outcomes.loss_run += 1;
            self.any_loss_run |= outcomes.loss_run >= LOSS_RUN;
        } else {
            outcomes.revivals = outcomes
                .revivals
                .saturating_add(u8::from(outcomes.loss_run >= LOSS_RUN));
            (outcomes.answered, outcomes.loss_run) = (true, 0);
        }
    }

    /// Forgets recent outcomes: a queue on the path explains the losses.
    pub(super) fn report_queue(&mut self) {
        for outcomes in self.hosts.values_mut() {
            outcomes.recent[Class::Negative as usize] = Recent::default();
            outcomes.recent[Class::Open as usize] = Recent::default();
        }
    }

    /// Records a negative reply of `host` to a probe that is not a canary.
    pub(super) fn answered(&mut self, host: u64) {
        if !self.any_loss_run {
            return;
        }
        let outcomes = self.hosts.get_mut(&host);
        if let Some(outcomes) = outcomes.filter(|outcomes| outcomes.loss_run >= LOSS_RUN) {
            outcomes.revivals = outcomes.revivals.saturating_add(1);
            outcomes.loss_run = 0;
        }
    }

    /// Forgets the negative replies of `host`: the path lost none of them.
    pub(super) fn forget(&mut self, host: u64) {
        if let Some(outcomes) = self.hosts.get_mut(&host) {
            outcomes.recent[Class::Negative as usize] = Recent::default();
            (outcomes.loss_run, outcomes.revivals) = (0, 0);
        }
    }

    /// Returns the numbers of the hosts whose canaries were answered at first and are no longer.
    pub(super) fn fallen_silent(&self) -> impl Iterator<Item = u64> {
        let silent = |(_, outcomes): &(&u64, &HostOutcomes)| {
            outcomes.answered && outcomes.loss_run >= SILENT
        };
        self.hosts.iter().filter(silent).map(|(host, _)| *host)
    }

    /// Returns the numbers of the monitored hosts.
    pub(super) fn hosts(&self) -> impl Iterator<Item = u64> {
        self.hosts.keys().copied()
    }

    /// Returns why negative replies of `host` are missing. Returns `None` if they arrive, or if none ever arrived again.
    pub(super) fn cause_of_missing_negatives(&self, host: u64) -> Option<LossCause> {
        let own = self.hosts.get(&host)?;
        let negative = own.recent[Class::Negative as usize];
        if negative.made < MIN_NEGATIVE
            || negative.lost * 2 < negative.made
            || own.revivals < MIN_REVIVALS
        {
            return None;
        }
        Some(self.compare(host, negative.rate()))
    }

    /// Whether `host` limits its ICMP errors: errors are missing and other replies are not.
    pub(super) fn limits_errors(&self, host: u64) -> bool {
        let Some(own) = self.hosts.get(&host) else {
            return false;
        };
        let errors = own.recent[Class::Error as usize];
        let fail = errors.made >= MIN_ERRORS && errors.lost * 4 >= errors.made * 3;
        fail && self.compare(host, errors.rate()) != LossCause::Path
    }

    /// Whether replies of open ports of `host` are missing as well.
    pub(super) fn open_replies_missing(&self, host: u64) -> bool {
        self.hosts.get(&host).is_some_and(|own| {
            let open = own.recent[Class::Open as usize];
            open.made >= 2 * MIN_COMPARED && open.lost * 2 >= open.made
        })
    }

    /// Compares the loss rate `lost` of one class of replies of `host` with its open ports and with other hosts.
    fn compare(&self, host: u64, lost: f64) -> LossCause {
        let comes = |recent: Recent, enough| recent.made >= enough && recent.rate() <= lost / 3.0;
        let Some(own) = self.hosts.get(&host) else {
            return LossCause::Unknown;
        };
        let open = own.recent[Class::Open as usize];
        if comes(open, MIN_COMPARED) {
            return LossCause::HostLimit;
        }
        if open.made >= 2 * MIN_COMPARED && open.rate() >= 0.6 * lost {
            return LossCause::Path;
        }
        let others = self.hosts.iter().filter(|(other, _)| **other != host);
        let mut others = others.flat_map(|(_, w)| [w.recent[0], w.recent[1]]);
        if others.any(|recent| comes(recent, 2 * MIN_COMPARED)) {
            LossCause::HostLimit
        } else {
            LossCause::Unknown
        }
    }
}
