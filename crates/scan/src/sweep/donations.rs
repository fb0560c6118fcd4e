//! A sweep divided among several senders, and work that goes from one part to another.
//!
//! Only what was never sent can be given away, so a part's answers are its own from the
//! beginning. This file must not know threads.

use alloc::vec::Vec;

use super::Sweep;
use crate::ledger::Ledger;
use crate::time::Instant;

/// Probes that were never sent, on their way from one part to another. Whoever drops it has lost them.
#[derive(Debug)]
#[must_use]
pub struct WorkItem {
    /// Where they begin in the whole.
    pub(super) base: u64,
    pub(super) ledger: Ledger,
}

impl Sweep {
    /// How many probes were never sent and could be given to others.
    pub(crate) fn never_sent(&self) -> u64 {
        if self.round == 0 && self.ended.is_none() {
            self.extents.from(self.cursor)
        } else {
            0
        }
    }

    /// Divides what was never sent among itself and `others` new sweeps, and the pace with it.
    pub(crate) fn split(&mut self, now: Instant, others: u32) -> Vec<Sweep> {
        self.pacer.divide_rate(now, others + 1);
        let mut parts = Vec::new();
        for left in (1..=u64::from(others)).rev() {
            // Of what is left, what belongs to this one and `left` more.
            let (from, end) = self.last_never_sent();
            let at = from + (end - from) * left / (left + 1);
            let work = self.cut(at);
            parts.push(self.fork_with(work));
        }
        parts
    }

    /// What was never sent of its last span, by its own numbers.
    fn last_never_sent(&self) -> (u64, u64) {
        let last = self.extents.last();
        let end = last.at + last.len;
        (self.cursor.clamp(last.at, end), end)
    }

    /// Takes what was never sent from about `at` on, a place in its last span, out of it.
    fn cut(&mut self, at: u64) -> WorkItem {
        // Where a span begins is always such a place; only the whole's end is none.
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
            base: self.extents.cut(at),
            ledger,
        }
    }

    /// A sweep of `work` that knows what this one knows of the paths.
    fn fork_with(&self, item: WorkItem) -> Sweep {
        let WorkItem { base, ledger } = item;
        let mut part = self.fork(base, ledger.len());
        part.ledger = ledger;
        part
    }

    /// The same of `len` positions from `base` on, of which nothing is known.
    pub(super) fn fork(&self, base: u64, len: u64) -> Sweep {
        let span = base..base + len;
        let mut part = Sweep::span(self.order.len(), span, 0, self.bounds, None);
        part.order = self.order.clone();
        part.pacer = self.pacer.fork();
        part.rtt = self.rtt.clone();
        part.canaries = self.canaries.fork();
        part.hosts = self.hosts.fork();
        part.quick = self.quick;
        part
    }

    /// Whether other parts may still give it some of their work, once it has sent all of its own.
    pub(crate) fn expect_donations(&mut self, expected: bool) {
        self.expects_donations = expected;
    }

    /// Whether all of it was sent for the first time, and others may still have some.
    pub(crate) fn needs_work(&self) -> bool {
        self.expects_donations
            && self.round == 0
            && self.ended.is_none()
            && self.ledger.next_unanswered(self.cursor).is_none()
    }

    /// Gives away half of what was never sent of its last span, if that is at least `least` probes.
    pub(crate) fn donate_work(&mut self, least: u64) -> Option<WorkItem> {
        if self.never_sent() == 0 {
            return None;
        }
        let (from, end) = self.last_never_sent();
        let half = (end - from) / 2;
        (half >= least.max(Ledger::GRAIN)).then(|| self.cut(end - half))
    }

    /// Takes what another part gave away; its first round goes on with it.
    pub(crate) fn accept_work(&mut self, work: WorkItem) {
        // Between the two lies at least one run of positions that share a stamp: it tells when the last one ended.
        let at = self.ledger.len() + self.stride;
        let at = at.next_multiple_of(self.stride * Ledger::GRAIN);
        self.extents.push(work.base, work.ledger.len(), at);
        self.ledger.append(at, work.ledger);
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

    /// Sends all that `sweep` has for the first time; every one is answered.
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

    /// Many probes share a send time, so there is much room between two extents.
    #[test]
    fn work_goes_round_until_all_of_it_is_done_once() {
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
            // What has just been given may be asked for before anything of it was sent.
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
        let whole = Partitions::of(parts).expect("there are parts");
        let reply = |index| whole.probe(index).map(|seen| seen.reply);
        assert!((0..n).all(|index| reply(index) == Some(Reply::Negative)));
        assert_eq!((whole.unsent(), whole.unanswered()), (0, 0));
    }

    #[test]
    fn an_answer_from_before_the_work_came_is_timed_by_its_own_run() {
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
        let (index, sent) = last.expect("some were sent");
        let work = second.donate_work(500).expect("all of it is left");
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
