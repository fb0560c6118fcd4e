//! Where the parts of a divided scan that have sent everything get work from those that have not.
//!
//! Parts are equally large, but not equally fast: a sender that shares its CPU with what the kernel does
//! for all of them comes to its end later than the others. It must not know what is scanned.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};

use vigie_scan::{Scan, Work};

/// Fewer probes than these are not given away: their sender is done with them at once.
const WORTH_GIVING: u64 = 2_000;

/// What the parts ask of each other, and give.
#[derive(Debug)]
pub(super) struct Desk {
    places: Mutex<Vec<Place>>,
    /// How many parts wait for work.
    waiting: AtomicUsize,
}

#[derive(Debug, Default)]
struct Place {
    /// How many checkpoints this part has given. Work goes only between parts that have given equally
    /// many: in one that is made of theirs it must be neither twice nor missing.
    kept: u32,
    waits: bool,
    /// Whether it has nothing to give.
    spent: bool,
    given: Option<Work>,
}

impl Desk {
    pub(super) fn new(parts: usize) -> Desk {
        Desk {
            places: Mutex::new((0..parts).map(|_| Place::default()).collect()),
            waiting: AtomicUsize::new(0),
        }
    }

    /// Part `number` gives what others wait for, or takes what it waits for itself.
    pub(super) fn visit(&self, number: usize, scan: &mut Scan) {
        // Somebody who has just begun to wait is seen the next time.
        if self.waiting.load(Relaxed) == 0 && !scan.wants_work() {
            return;
        }
        let mut places = self.places();
        self.take(&mut places[number], scan);
        let kept = places[number].kept;
        let waits = |place: &&mut Place| place.waits && place.given.is_none() && place.kept == kept;
        for other in places.iter_mut().filter(waits) {
            other.given = scan.give_work(WORTH_GIVING);
            if other.given.is_none() {
                places[number].spent = true;
                break;
            }
        }
        if scan.wants_work() {
            places[number].spent = true;
            let none_left = places.iter().all(|p| p.spent && p.given.is_none());
            if none_left {
                scan.expect_work(false);
            }
            self.wait(&mut places[number], !none_left);
        }
    }

    /// Part `number` is about to give its checkpoint number `kept`: what it was given belongs in it.
    pub(super) fn keep(&self, number: usize, kept: u32, scan: &mut Scan) {
        let place = &mut self.places()[number];
        self.take(place, scan);
        place.kept = kept;
    }

    /// Part `number` is over.
    pub(super) fn leave(&self, number: usize) {
        let place = &mut self.places()[number];
        self.wait(place, false);
        place.spent = true;
    }

    fn take(&self, place: &mut Place, scan: &mut Scan) {
        if let Some(work) = place.given.take() {
            scan.take_work(work);
            place.spent = false;
            self.wait(place, false);
        }
    }

    fn wait(&self, place: &mut Place, waits: bool) {
        if waits != place.waits {
            place.waits = waits;
            if waits {
                self.waiting.fetch_add(1, Relaxed);
            } else {
                self.waiting.fetch_sub(1, Relaxed);
            }
        }
    }

    fn places(&self) -> MutexGuard<'_, Vec<Place>> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
