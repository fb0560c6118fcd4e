//! Canaries: probes known to answer, probed again all through the scan.
//!
//! What they bring back says what the path does at the present pace, which
//! silence cannot. A lost one is sent again at once, to learn whether losses
//! come in bursts. This file must not know packets; it numbers canaries and
//! remembers when each was sent.

use alloc::collections::{BTreeMap, VecDeque};
use alloc::vec::Vec;
use core::time::Duration;

use crate::order::splitmix;
use crate::time::Instant;

/// How many known answerers are kept.
const KEPT: usize = 256;
/// An answerer that fails this often in a row is no canary any more.
const GIVE_UP: u8 = 4;

/// So many lost one after another are no accident: with a third of all probes lost, one in half a million.
const SILENT: u32 = 12;

/// A canary on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Canary {
    /// Its number, which the cookie carries and the answer gives back.
    pub id: u16,
    /// Which probe it repeats.
    pub index: u64,
}

/// What became of a canary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fate {
    /// When it was sent.
    pub sent: Instant,
    /// Whether it repeated one that was lost.
    pub again: bool,
    /// Whether it was lost.
    pub lost: bool,
}

#[derive(Clone, Copy, Debug)]
struct Outstanding {
    canary: Canary,
    slot: u16,
    sent: Instant,
    again: bool,
    open: bool,
}

#[derive(Clone, Copy, Debug)]
struct Answerer {
    index: u64,
    failures: u8,
    /// Whether probing it leaves nothing behind at the target (a closed port).
    clean: bool,
}

/// The flock.
#[derive(Clone, Debug)]
pub struct Canaries {
    kept: Vec<Answerer>,
    /// How many answerers were offered so far, for an even choice among them.
    offered: u64,
    turn: usize,
    random: u64,
    next_id: u16,
    flying: VecDeque<Outstanding>,
    again: VecDeque<u16>,
    given_up: u64,
    /// How many probes each host has; 0 where hosts are not watched.
    per_host: u64,
    /// Hosts that canaries are sent to: whether any came back, and how many were lost since.
    hosts: BTreeMap<u64, (bool, u32)>,
}

impl Canaries {
    /// No canaries yet; `seed` decides which answerers are kept.
    pub fn new(seed: u64) -> Canaries {
        Canaries {
            kept: Vec::with_capacity(KEPT),
            offered: 0,
            turn: 0,
            random: seed ^ 0x0063_616e_6172_7921,
            next_id: 0,
            flying: VecDeque::with_capacity(1024),
            again: VecDeque::new(),
            given_up: 0,
            per_host: 0,
            hosts: BTreeMap::new(),
        }
    }

    /// From now on each `per_host` probes are those of one host, and hosts that fall silent are noticed.
    pub(crate) fn watch_hosts(&mut self, per_host: u64) {
        self.per_host = per_host;
    }

    /// Hosts, by number, whose canaries came back at first and do not any more.
    pub(crate) fn fallen_silent(&self) -> impl Iterator<Item = u64> {
        let silent = |(_, fate): &(&u64, &(bool, u32))| fate.0 && fate.1 >= SILENT;
        self.hosts.iter().filter(silent).map(|(host, _)| *host)
    }

    #[inline]
    fn note_host(&mut self, index: u64, lost: bool) {
        let Some(host) = index.checked_div(self.per_host) else {
            return;
        };
        if !lost && self.hosts.len() < KEPT {
            self.hosts.insert(host, (true, 0));
        } else if let Some(fate) = self.hosts.get_mut(&host) {
            *fate = if lost {
                (fate.0, fate.1 + 1)
            } else {
                (true, 0)
            };
        }
    }

    /// The same answerers, none of them asked yet.
    pub(crate) fn heir(&self) -> Canaries {
        Canaries {
            next_id: 0,
            flying: VecDeque::with_capacity(1024),
            again: VecDeque::new(),
            given_up: 0,
            ..self.clone()
        }
    }

    /// Offers a probe that answered. `clean` answerers (closed ports) drive out the others.
    #[inline]
    pub fn offer(&mut self, index: u64, clean: bool) {
        self.offered += 1;
        let answerer = Answerer {
            index,
            failures: 0,
            clean,
        };
        if self.kept.len() < KEPT {
            self.kept.push(answerer);
            return;
        }
        // Reservoir sampling, but only sometimes: after the first few thousand the choice is even enough.
        if self.offered > 1 << 14 && self.offered & 0xff != 0 {
            return;
        }
        let at = splitmix(&mut self.random) % self.offered.min(1 << 14);
        if let Some(old) = self.kept.get_mut(at as usize)
            && (clean || !old.clean)
        {
            *old = answerer;
        }
    }

    /// Whether there is any.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// How many answerers stopped answering.
    pub fn given_up(&self) -> u64 {
        self.given_up
    }

    /// How many are on their way.
    pub fn flying(&self) -> usize {
        self.flying.len()
    }

    /// Whether one is to be sent out of turn, because the one before was lost.
    pub fn urgent(&self) -> bool {
        !self.again.is_empty()
    }

    /// Sends one off.
    pub fn send(&mut self, now: Instant) -> Option<Canary> {
        if self.flying.len() >= usize::from(u16::MAX) / 2 {
            return None;
        }
        let (slot, again) = loop {
            match self.again.pop_front() {
                Some(slot) if usize::from(slot) < self.kept.len() => {
                    break (usize::from(slot), true);
                }
                Some(_) => {}
                None => {
                    self.turn = self
                        .turn
                        .checked_add(1)
                        .filter(|t| *t < self.kept.len())
                        .unwrap_or(0);
                    break (self.turn, false);
                }
            }
        };
        let index = self.kept.get(slot)?.index;
        let canary = Canary {
            id: self.next_id,
            index,
        };
        self.next_id = self.next_id.wrapping_add(1);
        self.flying.push_back(Outstanding {
            canary,
            slot: slot as u16,
            sent: now,
            again,
            open: true,
        });
        Some(canary)
    }

    /// Notes that canary `id` of probe `index` came back; none if no such one is on its way.
    pub fn answered(&mut self, id: u16, index: u64) -> Option<Fate> {
        let first = self.flying.front()?.canary.id;
        let flying = self.flying.get_mut(usize::from(id.wrapping_sub(first)))?;
        if !flying.open || flying.canary != (Canary { id, index }) {
            return None;
        }
        flying.open = false;
        let fate = Fate {
            sent: flying.sent,
            again: flying.again,
            lost: false,
        };
        if let Some(answerer) = self
            .kept
            .get_mut(usize::from(flying.slot))
            .filter(|a| a.index == index)
        {
            answerer.failures = 0;
        }
        self.trim();
        self.note_host(index, false);
        Some(fate)
    }

    /// The fate of the oldest canary, if it has been out for `timeout`.
    pub fn expire(&mut self, now: Instant, timeout: Duration) -> Option<Fate> {
        self.trim();
        let oldest = self.flying.front()?;
        if now < oldest.sent + timeout {
            return None;
        }
        let lost = self.flying.pop_front()?;
        self.trim();
        self.note_host(lost.canary.index, true);
        let slot = usize::from(lost.slot);
        if self
            .kept
            .get(slot)
            .is_some_and(|a| a.index == lost.canary.index)
        {
            self.kept[slot].failures += 1;
            if self.kept[slot].failures >= GIVE_UP && self.kept.len() > 1 {
                self.kept.swap_remove(slot);
                self.given_up += 1;
            } else if !lost.again {
                self.again.push_back(lost.slot);
            }
        }
        Some(Fate {
            sent: lost.sent,
            again: lost.again,
            lost: true,
        })
    }

    /// When the oldest one's time is up.
    pub fn deadline(&self, timeout: Duration) -> Option<Instant> {
        self.flying
            .iter()
            .find(|o| o.open)
            .map(|o| o.sent + timeout)
    }

    fn trim(&mut self) {
        while self.flying.front().is_some_and(|o| !o.open) {
            self.flying.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const T: Duration = Duration::from_millis(100);

    #[test]
    fn each_comes_back_once_and_only_as_itself() {
        let mut canaries = Canaries::new(1);
        assert_eq!(canaries.send(Instant::ZERO), None);
        canaries.offer(7, true);
        canaries.offer(9, true);
        let a = canaries.send(Instant::from_millis(1)).unwrap();
        let b = canaries.send(Instant::from_millis(2)).unwrap();
        assert_ne!(a.index, b.index);
        assert_eq!(canaries.answered(b.id, a.index), None);
        assert_eq!(
            canaries.answered(b.id, b.index).map(|f| f.sent),
            Some(Instant::from_millis(2))
        );
        assert_eq!(canaries.answered(b.id, b.index), None);
        assert_eq!(canaries.answered(a.id.wrapping_add(500), a.index), None);
        assert_eq!(canaries.expire(Instant::from_millis(50), T), None);
        let fate = canaries.expire(Instant::from_millis(101), T).unwrap();
        assert!(fate.lost && !fate.again);
        assert_eq!(canaries.flying(), 0);
    }

    #[test]
    fn a_lost_one_is_sent_again_at_once() {
        let mut canaries = Canaries::new(1);
        (0..10).for_each(|i| canaries.offer(i, true));
        let lost = canaries.send(Instant::ZERO).unwrap();
        assert!(!canaries.urgent());
        canaries.expire(Instant::from_millis(100), T).unwrap();
        assert!(canaries.urgent());
        let again = canaries.send(Instant::from_millis(100)).unwrap();
        assert_eq!(again.index, lost.index);
        assert!(canaries.answered(again.id, again.index).unwrap().again);
    }

    #[test]
    fn who_stops_answering_is_let_go() {
        let mut canaries = Canaries::new(1);
        canaries.offer(1, true);
        canaries.offer(2, true);
        let mut now = Instant::ZERO;
        for _ in 0..12 {
            let c = canaries.send(now).unwrap();
            if c.index == 2 {
                canaries.answered(c.id, 2).unwrap();
            }
            now += T;
            while canaries.expire(now, T).is_some() {}
        }
        assert_eq!(canaries.given_up(), 1);
        assert_eq!(canaries.send(now).unwrap().index, 2);
    }
}
