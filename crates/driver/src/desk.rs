//! Where the parts of a divided scan that have sent everything get work from those that have not.
//!
//! Parts are equally large, but not equally fast: a sender that shares its CPU with what the kernel does
//! for all of them comes to its end later than the others. It must not know what is scanned.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};

use vigie_scan::{Scan, Work};

/// Fewer probes than these are not given away: their sender is done with them at once.
const WORTH_GIVING: u64 = 2_000;

/// A part, as far as work goes.
pub(super) trait Part {
    type Work;

    /// See [`Scan::expect_donations`], and so on.
    fn expect_work(&mut self, expected: bool);
    fn wants_work(&self) -> bool;
    fn give_work(&mut self, least: u64) -> Option<Self::Work>;
    fn take_work(&mut self, work: Self::Work);
}

impl Part for Scan {
    type Work = Work;

    fn expect_work(&mut self, expected: bool) {
        self.expect_donations(expected);
    }

    fn wants_work(&self) -> bool {
        self.needs_work()
    }

    fn give_work(&mut self, least: u64) -> Option<Work> {
        self.donate_work(least)
    }

    fn take_work(&mut self, work: Work) {
        self.accept_work(work);
    }
}

/// What the parts ask of each other, and give.
#[derive(Debug)]
pub(super) struct Desk<P: Part> {
    places: Mutex<Vec<Place<P::Work>>>,
    /// How many parts wait for work.
    waiting: AtomicUsize,
}

#[derive(Debug)]
struct Place<W> {
    /// How many checkpoints this part has given. Work changes hands only while all have given equally
    /// many: in one that is made of theirs it must be neither twice nor missing.
    kept: u32,
    waits: bool,
    /// Whether it has nothing to give.
    spent: bool,
    /// Whether it is over.
    left: bool,
    given: Option<W>,
}

impl<P: Part> Desk<P> {
    pub(super) fn new(parts: usize) -> Desk<P> {
        let place = |_| Place {
            kept: 0,
            waits: false,
            spent: false,
            left: false,
            given: None,
        };
        Desk {
            places: Mutex::new((0..parts).map(place).collect()),
            waiting: AtomicUsize::new(0),
        }
    }

    /// Part `number` gives what others wait for, or takes what it waits for itself.
    pub(super) fn visit(&self, number: usize, part: &mut P) {
        // Somebody who has just begun to wait is seen the next time.
        if self.waiting.load(Relaxed) == 0 && !part.wants_work() {
            return;
        }
        let mut places = self.places();
        self.take(&mut places[number], part);
        let kept = places[number].kept;
        if places.iter().all(|place| place.left || place.kept == kept) {
            let waits = |place: &&mut Place<P::Work>| place.waits && place.given.is_none();
            for other in places.iter_mut().filter(waits) {
                other.given = part.give_work(WORTH_GIVING);
                if other.given.is_none() {
                    places[number].spent = true;
                    break;
                }
            }
        }
        if part.wants_work() {
            places[number].spent = true;
            let none_left = places.iter().all(|p| p.spent && p.given.is_none());
            if none_left {
                part.expect_work(false);
            }
            self.wait(&mut places[number], !none_left);
        }
    }

    /// Part `number` is about to give its checkpoint number `kept`: what it was given belongs in it.
    pub(super) fn keep(&self, number: usize, kept: u32, part: &mut P) {
        let place = &mut self.places()[number];
        self.take(place, part);
        place.kept = kept;
    }

    /// Part `number` is over, with what it was given last.
    pub(super) fn leave(&self, number: usize, part: &mut P) {
        let place = &mut self.places()[number];
        self.take(place, part);
        self.wait(place, false);
        (place.spent, place.left) = (true, true);
    }

    fn take(&self, place: &mut Place<P::Work>, part: &mut P) {
        if let Some(work) = place.given.take() {
            part.take_work(work);
            place.spent = false;
            self.wait(place, false);
        }
    }

    fn wait(&self, place: &mut Place<P::Work>, waits: bool) {
        if waits != place.waits {
            place.waits = waits;
            if waits {
                self.waiting.fetch_add(1, Relaxed);
            } else {
                self.waiting.fetch_sub(1, Relaxed);
            }
        }
    }

    fn places(&self) -> MutexGuard<'_, Vec<Place<P::Work>>> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A part that has so many probes left.
    struct Pile {
        left: u64,
        hopes: bool,
    }

    impl Pile {
        fn of(left: u64) -> Pile {
            Pile { left, hopes: true }
        }
    }

    impl Part for Pile {
        type Work = u64;

        fn expect_work(&mut self, expected: bool) {
            self.hopes = expected;
        }

        fn wants_work(&self) -> bool {
            self.hopes && self.left == 0
        }

        fn give_work(&mut self, least: u64) -> Option<u64> {
            let half = self.left / 2;
            (half >= least).then(|| {
                self.left -= half;
                half
            })
        }

        fn take_work(&mut self, work: u64) {
            self.left += work;
        }
    }

    #[test]
    fn who_waits_is_given_half() {
        let desk = Desk::new(2);
        let (mut quick, mut slow) = (Pile::of(0), Pile::of(100_000));
        desk.visit(1, &mut slow);
        assert_eq!(slow.left, 100_000, "nobody has asked");
        desk.visit(0, &mut quick);
        desk.visit(1, &mut slow);
        desk.visit(0, &mut quick);
        assert_eq!((quick.left, slow.left), (50_000, 50_000));
        desk.visit(1, &mut slow);
        assert_eq!(slow.left, 50_000, "nobody waits any more");
    }

    #[test]
    fn nobody_waits_for_what_nobody_can_give() {
        let desk = Desk::new(3);
        let mut piles = [Pile::of(0), Pile::of(WORTH_GIVING), Pile::of(50_000)];
        desk.visit(0, &mut piles[0]);
        desk.visit(1, &mut piles[1]);
        assert!(piles[0].hopes, "the third has not been asked");
        piles[2].left = 0;
        desk.visit(2, &mut piles[2]);
        desk.visit(0, &mut piles[0]);
        desk.leave(1, &mut piles[1]);
        desk.visit(2, &mut piles[2]);
        assert!(!piles[0].hopes && !piles[2].hopes);
    }

    #[test]
    fn no_probe_is_twice_in_a_checkpoint_or_missing() {
        let desk = Desk::new(3);
        let mut piles = [Pile::of(0), Pile::of(40_000), Pile::of(30_000)];
        desk.visit(0, &mut piles[0]);
        // The second has given its checkpoint, the others have not.
        desk.keep(1, 1, &mut piles[1]);
        desk.visit(1, &mut piles[1]);
        desk.visit(2, &mut piles[2]);
        assert_eq!((piles[1].left, piles[2].left), (40_000, 30_000));
        desk.keep(2, 1, &mut piles[2]);
        desk.visit(2, &mut piles[2]);
        assert_eq!(piles[2].left, 30_000, "the first has not given its own");
        desk.keep(0, 1, &mut piles[0]);
        desk.visit(2, &mut piles[2]);
        assert_eq!(piles[2].left, 15_000);
        // What was given before the next one belongs to whom it was given.
        desk.keep(0, 2, &mut piles[0]);
        assert_eq!(piles[0].left, 15_000);
    }

    #[test]
    fn what_was_given_to_one_who_ends_is_not_lost() {
        let desk = Desk::new(2);
        let (mut quick, mut slow) = (Pile::of(0), Pile::of(100_000));
        desk.visit(0, &mut quick);
        desk.visit(1, &mut slow);
        desk.leave(0, &mut quick);
        assert_eq!(quick.left + slow.left, 100_000);
        // Whoever is over neither waits nor holds the others up.
        desk.keep(1, 1, &mut slow);
        desk.visit(1, &mut slow);
        assert_eq!(slow.left, 50_000);
    }
}
