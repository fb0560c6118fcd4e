//! Splits a sweep among several senders, and moves work between them.
//!
//! When a sender cannot keep up with the rate, its sweep is split into equally large partitions, one per thread. They
//! share the order and the evidence on loss, nothing else. Some partitions are faster than others: one that has sent
//! all of its probes accepts half of the unsent probes of another ([`WorkItem`]).
//!
//! Only probes that were never sent move. The answers to a probe therefore always arrive at the partition that sent it.
//! The module does not know threads.

use alloc::vec::Vec;

use super::Sweep;
use crate::ledger::Ledger;
use crate::time::Instant;

/// Unsent probes that move from one partition to another. Dropping a work item loses its probes.
#[derive(Debug)]
#[must_use]
pub struct WorkItem {
    /// First position in the whole order.
    pub(super) base: u64,
    pub(super) ledger: Ledger,
}

impl Sweep {
    /// Number of unsent probes that could be donated.
    pub(crate) fn never_sent(&self) -> u64 {
        if self.round == 0 && self.ended.is_none() {
            self.extents.remaining(self.cursor)
        } else {
            0
        }
    }

    /// Splits the unsent probes, and the rate, equally among this sweep and `others` new ones.
    pub(crate) fn split(&mut self, now: Instant, others: u32) -> Vec<Sweep> {
        self.pacer.divide_rate(now, others + 1);
        let mut parts = Vec::new();
        for left in (1..=u64::from(others)).rev() {
            // `left` more sweeps follow this one.
            let (from, end) = self.last_never_sent();
            let at = from + (end - from) * left / (left + 1);
            let item = self.split_off(at);
            parts.push(self.fork_with(item));
        }
        parts
    }

    /// Returns the local numbers of the unsent probes in the last extent.
    fn last_never_sent(&self) -> (u64, u64) {
        let last = self.extents.last();
        let end = last.at + last.len;
        (self.cursor.clamp(last.at, end), end)
    }

    /// Splits off the unsent probes from about local number `at` on, which lies in the last extent.
    fn split_off(&mut self, at: u64) -> WorkItem {
        // Every extent begins at a multiple of the grain; the end of the ledger may not be one.
        let end = self.ledger.len();
        let at = at.next_multiple_of(Ledger::GRAIN);
        let at = if at > end {
            end / Ledger::GRAIN * Ledger::GRAIN
        } else {
            at
        };
        let at = at.max(self.extents.last().at);
        let ledger = self.ledger.split_off(at);
        let runs = self.ledger.len().div_ceil(self.stride) as usize;
        self.stamps.truncate(runs);
        WorkItem {
            base: self.extents.truncate(at),
            ledger,
        }
    }

    /// Returns a sweep of `item` with the path estimates of this one.
    fn fork_with(&self, item: WorkItem) -> Sweep {
        let WorkItem { base, ledger } = item;
        let mut part = self.fork(base, ledger.len());
        part.ledger = ledger;
        part
    }

    /// Returns a sweep of `len` unsent positions from `base` on, with the path estimates of this one.
    pub(super) fn fork(&self, base: u64, len: u64) -> Sweep {
        let span = base..base + len;
        let mut part = Sweep::of_span(self.order.len(), span, 0, self.bounds, None);
        part.order = self.order.clone();
        part.pacer = self.pacer.fork();
        part.rtt = self.rtt.clone();
        part.canaries = self.canaries.fork();
        part.hosts = self.hosts.fork();
        part.quick_tries = self.quick_tries;
        part
    }

    /// Sets whether other partitions may still donate work to this one.
    pub(crate) fn expect_donations(&mut self, expected: bool) {
        self.expects_donations = expected;
    }

    /// Whether all probes were sent once and others may still donate work.
    pub(crate) fn needs_work(&self) -> bool {
        self.expects_donations
            && self.round == 0
            && self.ended.is_none()
            && self.ledger.next_unanswered(self.cursor).is_none()
    }

    /// Splits off half of the unsent probes of the last extent, if that is at least `min` probes.
    pub(crate) fn donate_work(&mut self, min: u64) -> Option<WorkItem> {
        if self.never_sent() == 0 {
            return None;
        }
        let (from, end) = self.last_never_sent();
        let half = (end - from) / 2;
        (half >= min.max(Ledger::GRAIN)).then(|| self.split_off(end - half))
    }

    /// Adds a work item of another partition to the first round.
    pub(crate) fn accept_work(&mut self, item: WorkItem) {
        // Leave a gap of at least one run: its stamp records when the last extent ended.
        let at = self.ledger.len() + self.stride;
        let at = at.next_multiple_of(self.stride * Ledger::GRAIN);
        self.extents.push(item.base, item.ledger.len(), at);
        self.ledger.append(at, item.ledger);
        let runs = |len: u64| len.div_ceil(self.stride) as usize;
        self.stamps.resize(runs(at), self.last_sent);
        self.stamps.resize(runs(self.ledger.len()), Instant::ZERO);
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;
    use core::time::Duration;

    use super::*;
    use crate::event::EndReason;
    use crate::ledger::Reply;
    use crate::pace::Caps;
    use crate::sweep::{Bounds, Next, Partitions};

    fn sweep(n: u64) -> Sweep {
        let bounds = Bounds {
            caps: Caps {
                min: Some(1e6),
                ..Caps::default()
            },
            max_tries: 3,
            miss: 1e-4,
            until: (Instant::FAR, EndReason::MaxTime),
            first_wait: Duration::from_millis(10),
            patience: Duration::ZERO,
            kernel_retries: false,
        };
        Sweep::new(n, 1, bounds, Some(Duration::from_millis(1)))
    }

    /// Sends all probes of `sweep` once and answers each of them.
    fn run_dry(sweep: &mut Sweep, now: &mut Instant) -> u64 {
        let mut sent = 0;
        sweep.expect_donations(true);
        while !sweep.needs_work() {
            match sweep.next(*now) {
                Next::Probe { index, .. } => {
                    sent += 1;
                    let before = sweep.reply(index);
                    assert_eq!(before, Reply::None, "probe {index} was sent before");
                    sweep.answered(*now, index, Reply::Negative);
                }
                _ => *now += Duration::from_micros(20),
            }
        }
        sent
    }

    /// Many probes share a stamp, so the gaps between extents are large.
    #[test]
    fn donated_work_is_sent_exactly_once() {
        let n = 1 << 20;
        let mut now = Instant::from_millis(1);
        let mut parts = vec![sweep(n)];
        let others = parts[0].split(now, 2);
        parts.extend(others);
        assert!(parts.iter().all(|part| part.stride > 4));
        let mut sent = 0;
        for turn in 0..60 {
            let (dry, giver) = (turn % 3, (turn + 1) % 3);
            if parts[dry].never_sent() > 0 {
                sent += run_dry(&mut parts[dry], &mut now);
            }
            // A work item may move on before any of it was sent.
            for (from, to) in [(giver, dry), (dry, (turn + 2) % 3)] {
                let before = parts[from].never_sent();
                if let Some(work) = parts[from].donate_work(500) {
                    let given = work.ledger.len();
                    assert!(
                        given >= 500 && given <= before / 2 + 32,
                        "{given} of {before}"
                    );
                    if parts[to].never_sent() == 0 {
                        parts[to].accept_work(work);
                    } else {
                        parts[from].accept_work(work);
                    }
                }
            }
        }
        for part in &mut parts {
            sent += run_dry(part, &mut now);
            assert!(part.extents.iter().all(|span| span.len > 0));
        }
        assert_eq!(sent, n);
        let whole = Partitions::join(parts).expect("there are parts");
        let reply = |index| whole.probe(index).map(|seen| seen.reply);
        assert!((0..n).all(|index| reply(index) == Some(Reply::Negative)));
        assert_eq!((whole.unsent(), whole.unanswered()), (0, 0));
    }

    #[test]
    fn an_answer_from_before_a_donation_is_timed_by_its_own_run() {
        let mut now = Instant::from_millis(1);
        let mut first = sweep(1 << 20);
        let mut second = first.split(now, 1).remove(0);
        let mut last = None;
        first.expect_donations(true);
        while !first.needs_work() {
            match first.next(now) {
                Next::Probe { index, .. } => last = Some((index, now)),
                _ => now += Duration::from_micros(20),
            }
        }
        let (index, sent) = last.expect("probes were sent");
        let work = second.donate_work(500).expect("nothing was sent yet");
        now += Duration::from_micros(300);
        first.accept_work(work);
        for _ in 0..100 {
            while !matches!(first.next(now), Next::Probe { .. }) {
                now += Duration::from_micros(20);
            }
        }
        let novelty = first.answered(now, index, Reply::Negative);
        let crate::sweep::Novelty::New { rtt: Some(rtt), .. } = novelty else {
            panic!("{novelty:?}");
        };
        assert!(rtt >= now.since(sent), "{rtt:?} of {:?}", now.since(sent));
    }
}
