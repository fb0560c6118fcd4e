//! Canaries: probes known to answer, probed again all through the scan.
//!
//! What they bring back says what the path does at the present pace, which
//! silence cannot. A lost one is sent again at once, to learn whether losses
//! come in bursts. This file must not know packets; it numbers canaries and
//! remembers when each was sent.

mod watch;

use alloc::collections::VecDeque;
use alloc::vec::Vec;
use core::time::Duration;

use crate::order::splitmix;
use crate::time::Instant;

use watch::Watch;
pub(crate) use watch::Word;

/// How many known answerers of each class are kept: those that leave nothing behind, those that leave a half-open
/// connection at the target, and those that cost it an error, which nearly all hosts send few of.
const KEPT: [usize; 3] = [224, 32, 32];
/// Where there are several classes, every so many canaries are of the second one, and of the third.
const OPEN_EVERY: u32 = 4;
const ERROR_EVERY: u32 = 16;
/// So many errors in all are asked for to see whether they come.
const ERRORS: u32 = 64;
/// An answerer that fails this often in a row is no canary any more.
const GIVE_UP: u8 = 4;

/// What a canary brings back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// The usual negative answer: a reset.
    Negative = 0,
    /// An open port's answer.
    Open = 1,
    /// An ICMP error of the target itself.
    Error = 2,
}

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
    /// What it brought back before.
    pub class: Class,
    /// Which probe it repeated.
    pub index: u64,
}

#[derive(Clone, Copy, Debug)]
struct Outstanding {
    canary: Canary,
    class: Class,
    slot: u16,
    sent: Instant,
    again: bool,
    open: bool,
}

#[derive(Clone, Copy, Debug)]
struct Answerer {
    index: u64,
    failures: u8,
}

/// Answerers of one class.
#[derive(Clone, Debug, Default)]
struct Flock {
    kept: Vec<Answerer>,
    /// How many were offered so far, for an even choice among them.
    offered: u64,
    turn: usize,
}

impl Flock {
    fn offer(&mut self, index: u64, most: usize, random: &mut u64) {
        self.offered += 1;
        let answerer = Answerer { index, failures: 0 };
        if self.kept.len() < most {
            self.kept.push(answerer);
            return;
        }
        // Reservoir sampling, but only sometimes: after the first few thousand the choice is even enough.
        if self.offered > 1 << 14 && self.offered & 0xff != 0 {
            return;
        }
        let at = splitmix(random) % self.offered.min(1 << 14);
        if let Some(old) = self.kept.get_mut(at as usize) {
            *old = answerer;
        }
    }

    fn next(&mut self) -> Option<usize> {
        let next = self.turn + 1;
        self.turn = if next < self.kept.len() { next } else { 0 };
        (!self.kept.is_empty()).then_some(self.turn)
    }
}

/// The flocks.
#[derive(Clone, Debug)]
pub struct Canaries {
    flocks: [Flock; 3],
    random: u64,
    next_id: u16,
    flying: VecDeque<Outstanding>,
    again: VecDeque<(Class, u16)>,
    given_up: u64,
    sent: u32,
    errors: u32,
    /// How many probes each host has; 0 where hosts are not watched.
    per_host: u64,
    watch: Watch,
    /// No queue stands from then on, as far as is known.
    calm: Instant,
}

impl Canaries {
    /// No canaries yet; `seed` decides which answerers are kept.
    pub fn new(seed: u64) -> Canaries {
        Canaries {
            flocks: Default::default(),
            random: seed ^ 0x0063_616e_6172_7921,
            next_id: 0,
            flying: VecDeque::with_capacity(1024),
            again: VecDeque::new(),
            given_up: 0,
            sent: 0,
            errors: 0,
            per_host: 0,
            watch: Watch::default(),
            calm: Instant::ZERO,
        }
    }

    /// From now on each `per_host` probes are those of one host, and hosts are watched.
    pub(crate) fn watch_hosts(&mut self, per_host: u64) {
        self.per_host = per_host;
    }

    /// Hosts, by number, whose canaries came back at first and do not any more.
    pub(crate) fn fallen_silent(&self) -> impl Iterator<Item = u64> {
        self.watch.fallen_silent()
    }

    /// The hosts that are watched.
    pub(crate) fn watched(&self) -> Vec<u64> {
        self.watch.hosts().collect()
    }

    /// Why negative answers of `host` fail to come, where they do.
    pub(crate) fn why_negatives_fail(&self, host: u64) -> Option<Word> {
        self.watch.why_negatives_fail(host)
    }

    /// Whether `host` limits its errors.
    pub(crate) fn limits_errors(&self, host: u64) -> bool {
        self.watch.limits_errors(host)
    }

    /// Whether open ports of `host` fail to answer.
    pub(crate) fn open_fail(&self, host: u64) -> bool {
        self.watch.open_fail(host)
    }

    /// Lets go of `host`'s negative answers: a limiter keeps them back.
    pub(crate) fn let_go(&mut self, host: u64) {
        self.watch.forget(host);
        let per_host = self.per_host.max(1);
        let flock = &mut self.flocks[Class::Negative as usize];
        flock.kept.retain(|a| a.index / per_host != host);
        self.again.retain(|(class, _)| *class != Class::Negative);
    }

    /// A queue stands: until `calm`, what canaries do says nothing about single hosts.
    pub(crate) fn disturbed(&mut self, calm: Instant) {
        if calm > self.calm {
            self.calm = calm;
            self.watch.disturbed();
        }
    }

    fn note_host(&mut self, index: u64, class: Class, sent: Instant, lost: bool) {
        if let Some(host) = index.checked_div(self.per_host) {
            self.watch.note(host, class, lost, sent >= self.calm);
        }
    }

    /// The same answerers, none of them asked yet.
    pub(crate) fn fork(&self) -> Canaries {
        Canaries {
            next_id: 0,
            flying: VecDeque::with_capacity(1024),
            again: VecDeque::new(),
            given_up: 0,
            ..self.clone()
        }
    }

    /// Offers a probe that answered.
    #[inline]
    pub fn offer(&mut self, index: u64, class: Class) {
        if class == Class::Negative
            && let Some(host) = index.checked_div(self.per_host)
        {
            self.watch.answered(host);
        }
        let most = KEPT[class as usize];
        self.flocks[class as usize].offer(index, most, &mut self.random);
    }

    /// Whether there is any.
    pub fn is_empty(&self) -> bool {
        let errors = self.errors >= ERRORS || self.flocks[2].kept.is_empty();
        self.flocks[0].kept.is_empty() && self.flocks[1].kept.is_empty() && errors
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
        let (class, slot, again) = self.choose()?;
        let index = self.flocks[class as usize].kept.get(slot)?.index;
        let canary = Canary {
            id: self.next_id,
            index,
        };
        self.next_id = self.next_id.wrapping_add(1);
        self.flying.push_back(Outstanding {
            canary,
            class,
            slot: slot as u16,
            sent: now,
            again,
            open: true,
        });
        Some(canary)
    }

    /// The next answerer, and whether it is asked again because it was lost.
    fn choose(&mut self) -> Option<(Class, usize, bool)> {
        while let Some((class, slot)) = self.again.pop_front() {
            if usize::from(slot) < self.flocks[class as usize].kept.len() {
                return Some((class, usize::from(slot), true));
            }
        }
        self.sent = self.sent.wrapping_add(1);
        let [negative, open, errors] = &mut self.flocks;
        let spare = negative.kept.is_empty() && open.kept.is_empty();
        if (spare || self.sent.is_multiple_of(ERROR_EVERY))
            && self.errors < ERRORS
            && let Some(slot) = errors.next()
        {
            self.errors += 1;
            return Some((Class::Error, slot, false));
        }
        if (negative.kept.is_empty() || self.sent.is_multiple_of(OPEN_EVERY))
            && let Some(slot) = open.next()
        {
            return Some((Class::Open, slot, false));
        }
        negative.next().map(|slot| (Class::Negative, slot, false))
    }

    /// Notes that canary `id` of probe `index` came back; none if no such one is on its way.
    pub fn answered(&mut self, id: u16, index: u64) -> Option<Fate> {
        let first = self.flying.front()?.canary.id;
        let flying = self.flying.get_mut(usize::from(id.wrapping_sub(first)))?;
        if !flying.open || flying.canary != (Canary { id, index }) {
            return None;
        }
        flying.open = false;
        let (class, slot) = (flying.class, usize::from(flying.slot));
        let fate = Fate {
            sent: flying.sent,
            again: flying.again,
            lost: false,
            class,
            index,
        };
        let kept = self.flocks[class as usize].kept.get_mut(slot);
        if let Some(answerer) = kept.filter(|a| a.index == index) {
            answerer.failures = 0;
        }
        self.trim();
        self.note_host(index, class, fate.sent, false);
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
        let (class, index) = (lost.class, lost.canary.index);
        self.note_host(index, class, lost.sent, true);
        let slot = usize::from(lost.slot);
        let kept = &mut self.flocks[class as usize].kept;
        if kept.get(slot).is_some_and(|a| a.index == index) {
            // The last one is kept however often it fails.
            kept[slot].failures = kept[slot].failures.saturating_add(1);
            if kept[slot].failures >= GIVE_UP && kept.len() > 1 {
                kept.swap_remove(slot);
                self.given_up += 1;
            } else if !lost.again && class != Class::Error {
                self.again.push_back((class, lost.slot));
            }
        }
        Some(Fate {
            sent: lost.sent,
            again: lost.again,
            lost: true,
            class,
            index,
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
        canaries.offer(7, Class::Negative);
        canaries.offer(9, Class::Negative);
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
        (0..10).for_each(|i| canaries.offer(i, Class::Negative));
        let lost = canaries.send(Instant::ZERO).unwrap();
        assert!(!canaries.urgent());
        canaries.expire(Instant::from_millis(100), T).unwrap();
        assert!(canaries.urgent());
        let again = canaries.send(Instant::from_millis(100)).unwrap();
        assert_eq!(again.index, lost.index);
        assert!(canaries.answered(again.id, again.index).unwrap().again);
    }

    #[test]
    fn the_last_one_is_kept_however_often_it_fails() {
        let mut canaries = Canaries::new(1);
        canaries.offer(1, Class::Negative);
        let mut now = Instant::ZERO;
        for _ in 0..600 {
            assert_eq!(canaries.send(now).map(|c| c.index), Some(1));
            now += T;
            canaries.expire(now, T).unwrap();
        }
    }

    #[test]
    fn who_stops_answering_is_let_go() {
        let mut canaries = Canaries::new(1);
        canaries.offer(1, Class::Negative);
        canaries.offer(2, Class::Negative);
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
