//! Moves work from workers that have unsent probes to workers that have none left.
//!
//! The parts of a split scan are equally large but not equally fast: a worker that shares its CPU with the kernel's
//! receive path finishes later than the others. This module must not know what is scanned.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};

use vigie_scan::{Scan, WorkItem};

/// Minimum number of probes to move: the donor would send fewer than that sooner than it could hand them over.
const MIN_DONATION: u64 = 2_000;

/// Part of a split scan whose unsent probes can move to another part. See the methods of [`Scan`].
pub(crate) trait Part {
    type Item;

    fn expect_donations(&mut self, expected: bool);
    fn needs_work(&self) -> bool;
    fn donate(&mut self, least: u64) -> Option<Self::Item>;
    fn accept(&mut self, item: Self::Item);
}

impl Part for Scan {
    type Item = WorkItem;

    fn expect_donations(&mut self, expected: bool) {
        self.expect_donations(expected);
    }

    fn needs_work(&self) -> bool {
        self.needs_work()
    }

    fn donate(&mut self, least: u64) -> Option<WorkItem> {
        self.donate_work(least)
    }

    fn accept(&mut self, item: WorkItem) {
        self.accept_work(item);
    }
}

/// A slot for each worker, through which workers with unsent probes give some to those that have none.
#[derive(Debug)]
pub(crate) struct WorkQueue<P: Part> {
    slots: Mutex<Vec<Slot<P::Item>>>,
    /// Number of workers that wait for work.
    waiting: AtomicUsize,
}

#[derive(Debug)]
struct Slot<T> {
    /// Number of checkpoints that this worker has written. Work moves only while all workers have written the same
    /// number: a merged checkpoint must contain each probe exactly once.
    checkpoints: u32,
    waits: bool,
    /// Whether the worker has nothing to donate.
    exhausted: bool,
    /// Whether the worker is done.
    left: bool,
    donated: Option<T>,
}

impl<P: Part> WorkQueue<P> {
    pub(crate) fn new(workers: usize) -> WorkQueue<P> {
        let slot = |_| Slot {
            checkpoints: 0,
            waits: false,
            exhausted: false,
            left: false,
            donated: None,
        };
        WorkQueue {
            slots: Mutex::new((0..workers).map(slot).collect()),
            waiting: AtomicUsize::new(0),
        }
    }

    /// Lets worker `number` donate work to those that wait, or accept what it waits for itself.
    pub(crate) fn poll(&self, number: usize, part: &mut P) {
        // A worker that has only just begun to wait is noticed at the next call.
        if self.waiting.load(Relaxed) == 0 && !part.needs_work() {
            return;
        }
        let mut slots = self.lock();
        self.accept(&mut slots[number], part);
        let checkpoints = slots[number].checkpoints;
        if slots
            .iter()
            .all(|slot| slot.left || slot.checkpoints == checkpoints)
        {
            let waits = |slot: &&mut Slot<P::Item>| slot.waits && slot.donated.is_none();
            for other in slots.iter_mut().filter(waits) {
                other.donated = part.donate(MIN_DONATION);
                if other.donated.is_none() {
                    slots[number].exhausted = true;
                    break;
                }
            }
        }
        if part.needs_work() {
            slots[number].exhausted = true;
            let none_left = slots.iter().all(|s| s.exhausted && s.donated.is_none());
            if none_left {
                part.expect_donations(false);
            }
            self.set_waiting(&mut slots[number], !none_left);
        }
    }

    /// Called before worker `number` writes its checkpoint number `checkpoints`: work donated to it belongs in it.
    pub(crate) fn checkpoint(&self, number: usize, checkpoints: u32, part: &mut P) {
        let slot = &mut self.lock()[number];
        self.accept(slot, part);
        slot.checkpoints = checkpoints;
    }

    /// Called when worker `number` is done: it accepts what was donated to it, and waits no more.
    pub(crate) fn leave(&self, number: usize, part: &mut P) {
        let slot = &mut self.lock()[number];
        self.accept(slot, part);
        self.set_waiting(slot, false);
        (slot.exhausted, slot.left) = (true, true);
    }

    fn accept(&self, slot: &mut Slot<P::Item>, part: &mut P) {
        if let Some(item) = slot.donated.take() {
            part.accept(item);
            slot.exhausted = false;
            self.set_waiting(slot, false);
        }
    }

    fn set_waiting(&self, slot: &mut Slot<P::Item>, waits: bool) {
        if waits != slot.waits {
            slot.waits = waits;
            if waits {
                self.waiting.fetch_add(1, Relaxed);
            } else {
                self.waiting.fetch_sub(1, Relaxed);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Slot<P::Item>>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A part with `left` unsent probes.
    struct Pile {
        left: u64,
        expects: bool,
    }

    impl Pile {
        fn of(left: u64) -> Pile {
            Pile {
                left,
                expects: true,
            }
        }
    }

    impl Part for Pile {
        type Item = u64;

        fn expect_donations(&mut self, expected: bool) {
            self.expects = expected;
        }

        fn needs_work(&self) -> bool {
            self.expects && self.left == 0
        }

        fn donate(&mut self, least: u64) -> Option<u64> {
            let half = self.left / 2;
            (half >= least).then(|| {
                self.left -= half;
                half
            })
        }

        fn accept(&mut self, item: u64) {
            self.left += item;
        }
    }

    #[test]
    fn a_waiting_worker_gets_half() {
        let queue = WorkQueue::new(2);
        let (mut quick, mut slow) = (Pile::of(0), Pile::of(100_000));
        queue.poll(1, &mut slow);
        assert_eq!(slow.left, 100_000, "nobody waits");
        queue.poll(0, &mut quick);
        queue.poll(1, &mut slow);
        queue.poll(0, &mut quick);
        assert_eq!((quick.left, slow.left), (50_000, 50_000));
        queue.poll(1, &mut slow);
        assert_eq!(slow.left, 50_000, "nobody waits any more");
    }

    #[test]
    fn waiting_ends_when_no_worker_can_donate() {
        let queue = WorkQueue::new(3);
        let mut piles = [Pile::of(0), Pile::of(MIN_DONATION), Pile::of(50_000)];
        queue.poll(0, &mut piles[0]);
        queue.poll(1, &mut piles[1]);
        assert!(piles[0].expects, "the third may still donate");
        piles[2].left = 0;
        queue.poll(2, &mut piles[2]);
        queue.poll(0, &mut piles[0]);
        queue.leave(1, &mut piles[1]);
        queue.poll(2, &mut piles[2]);
        assert!(!piles[0].expects && !piles[2].expects);
    }

    #[test]
    fn a_merged_checkpoint_has_each_probe_once() {
        let queue = WorkQueue::new(3);
        let mut piles = [Pile::of(0), Pile::of(40_000), Pile::of(30_000)];
        queue.poll(0, &mut piles[0]);
        // The second has written its checkpoint, the others have not.
        queue.checkpoint(1, 1, &mut piles[1]);
        queue.poll(1, &mut piles[1]);
        queue.poll(2, &mut piles[2]);
        assert_eq!((piles[1].left, piles[2].left), (40_000, 30_000));
        queue.checkpoint(2, 1, &mut piles[2]);
        queue.poll(2, &mut piles[2]);
        assert_eq!(piles[2].left, 30_000, "the first has not written its own");
        queue.checkpoint(0, 1, &mut piles[0]);
        queue.poll(2, &mut piles[2]);
        assert_eq!(piles[2].left, 15_000);
        // Work donated before the next checkpoint belongs to the receiver.
        queue.checkpoint(0, 2, &mut piles[0]);
        assert_eq!(piles[0].left, 15_000);
    }

    #[test]
    fn work_donated_to_a_leaving_worker_is_not_lost() {
        let queue = WorkQueue::new(2);
        let (mut quick, mut slow) = (Pile::of(0), Pile::of(100_000));
        queue.poll(0, &mut quick);
        queue.poll(1, &mut slow);
        queue.leave(0, &mut quick);
        assert_eq!(quick.left + slow.left, 100_000);
        // A worker that has left does not wait, and does not block the others.
        queue.checkpoint(1, 1, &mut slow);
        queue.poll(1, &mut slow);
        assert_eq!(slow.left, 50_000);
    }
}
