//! Hosts watched by their canaries: who fell silent, and whose negative answers a limiter keeps back.
//!
//! A limiter shows in this: canaries of ports that answer negatively are mostly lost, again and
//! again some come back, and meanwhile canaries of the host's open ports, or of another host, come back as
//! ever. Where there is nothing to compare with, that is said. This file must not know packets or the pace.

use alloc::collections::BTreeMap;

use super::Class;

/// So many lost one after another are no accident: with a third of all probes lost, one in half a million.
const SILENT: u32 = 12;
/// Canaries that a judgement of a host takes, and of what it is compared with.
const ENOUGH: u16 = 20;
const ENOUGH_ERRORS: u16 = 8;
const ENOUGH_BESIDE: u16 = 6;
/// After so many lost in a row one that comes back is a token, or a defence that ended.
const ROW: u32 = 4;
/// That happens so often before a limiter is suspected: a queue that overflows comes and goes as well.
const REVIVED: u8 = 1;
/// Fates that are remembered; older ones fade.
const MEMORY: u16 = 48;
/// Hosts that are watched.
const HOSTS: usize = 256;

/// The fates of the last canaries of one class.
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
struct Watched {
    /// Whether any came back, and how many were lost since.
    came: bool,
    in_row: u32,
    /// How often one came back after several were lost in a row.
    revived: u8,
    recent: [Recent; 3],
}

/// What a host's canaries say of why its negative answers fail to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    /// The host limits them: others come.
    Limits,
    /// So do others: it is the path, or a defence against all.
    Path,
    /// There are no others to compare with.
    Unclear,
}

/// The hosts that canaries are sent to.
#[derive(Clone, Debug, Default)]
pub(super) struct Watch {
    hosts: BTreeMap<u64, Watched>,
    /// Whether several in a row were lost of any of them.
    rows: bool,
}

impl Watch {
    /// A canary of `host` came back or was lost; `calm` where no queue stood when it was sent.
    pub(super) fn note(&mut self, host: u64, class: Class, lost: bool, calm: bool) {
        if !self.hosts.contains_key(&host) && (lost || self.hosts.len() >= HOSTS) {
            return;
        }
        let watched = self.hosts.entry(host).or_default();
        // Of errors a queue keeps back as many as of all others, a limiter nearly all.
        if calm || class == Class::Error {
            watched.recent[class as usize].count(lost);
        }
        if class == Class::Error {
            return;
        }
        if lost {
            watched.in_row += 1;
            self.rows |= watched.in_row >= ROW;
        } else {
            watched.revived = watched
                .revived
                .saturating_add(u8::from(watched.in_row >= ROW));
            (watched.came, watched.in_row) = (true, 0);
        }
    }

    /// A queue stood: what was lost lately was lost to that.
    pub(super) fn disturbed(&mut self) {
        for watched in self.hosts.values_mut() {
            watched.recent[Class::Negative as usize] = Recent::default();
            watched.recent[Class::Open as usize] = Recent::default();
        }
    }

    /// A probe of `host` that is no canary brought a negative answer.
    pub(super) fn answered(&mut self, host: u64) {
        if !self.rows {
            return;
        }
        let watched = self.hosts.get_mut(&host);
        if let Some(watched) = watched.filter(|watched| watched.in_row >= ROW) {
            watched.revived = watched.revived.saturating_add(1);
            watched.in_row = 0;
        }
    }

    /// Nothing was lost of this host by the path: what was noted of its negative answers is forgotten.
    pub(super) fn forget(&mut self, host: u64) {
        if let Some(watched) = self.hosts.get_mut(&host) {
            watched.recent[Class::Negative as usize] = Recent::default();
            (watched.in_row, watched.revived) = (0, 0);
        }
    }

    /// Hosts, by number, whose canaries came back at first and do not any more.
    pub(super) fn fallen_silent(&self) -> impl Iterator<Item = u64> {
        let silent = |(_, fate): &(&u64, &Watched)| fate.came && fate.in_row >= SILENT;
        self.hosts.iter().filter(silent).map(|(host, _)| *host)
    }

    /// The hosts watched.
    pub(super) fn hosts(&self) -> impl Iterator<Item = u64> {
        self.hosts.keys().copied()
    }

    /// Why negative answers of `host` fail to come; none where they do come, or none ever came again.
    pub(super) fn why_negatives_fail(&self, host: u64) -> Option<Word> {
        let own = self.hosts.get(&host)?;
        let negative = own.recent[Class::Negative as usize];
        if negative.made < ENOUGH || negative.lost * 2 < negative.made || own.revived < REVIVED {
            return None;
        }
        Some(self.beside(host, negative.rate()))
    }

    /// Whether `host` limits its errors, as far as is seen here: they fail to come, and others do not.
    pub(super) fn limits_errors(&self, host: u64) -> bool {
        let Some(own) = self.hosts.get(&host) else {
            return false;
        };
        let errors = own.recent[Class::Error as usize];
        let fail = errors.made >= ENOUGH_ERRORS && errors.lost * 4 >= errors.made * 3;
        fail && self.beside(host, errors.rate()) != Word::Path
    }

    /// Whether open ports of `host` fail to answer as well.
    pub(super) fn open_fail(&self, host: u64) -> bool {
        self.hosts.get(&host).is_some_and(|own| {
            let open = own.recent[Class::Open as usize];
            open.made >= 2 * ENOUGH_BESIDE && open.lost * 2 >= open.made
        })
    }

    /// What other answers did while the share `lost` of a host's own did not come.
    fn beside(&self, host: u64, lost: f64) -> Word {
        let comes = |recent: Recent, enough| recent.made >= enough && recent.rate() <= lost / 3.0;
        let Some(own) = self.hosts.get(&host) else {
            return Word::Unclear;
        };
        let open = own.recent[Class::Open as usize];
        if comes(open, ENOUGH_BESIDE) {
            return Word::Limits;
        }
        if open.made >= 2 * ENOUGH_BESIDE && open.rate() >= 0.6 * lost {
            return Word::Path;
        }
        let others = self.hosts.iter().filter(|(other, _)| **other != host);
        let mut others = others.flat_map(|(_, w)| [w.recent[0], w.recent[1]]);
        if others.any(|recent| comes(recent, 2 * ENOUGH_BESIDE)) {
            Word::Limits
        } else {
            Word::Unclear
        }
    }
}
