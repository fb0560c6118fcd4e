//! One direction of a path: delay, jitter, loss, reordering, duplication, a bottleneck and its queue.
//!
//! This file must not know what the frames carry.

use core::time::Duration;

use vigie_scan::Instant;

use crate::random::Random;

/// How frames are lost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Loss {
    /// Each frame by itself, with this probability.
    Even(f64),
    /// In bursts: the Gilbert-Elliott model. All frames are lost in the bad state, none in the good one.
    Bursts {
        /// Probability a frame of going from good to bad.
        begin: f64,
        /// Probability a frame of going from bad to good.
        end: f64,
    },
}

impl Loss {
    /// The share of frames lost in the long run.
    pub fn rate(self) -> f64 {
        match self {
            Loss::Even(p) => p,
            Loss::Bursts { begin, end } => begin / (begin + end),
        }
    }
}

/// One direction.
#[derive(Clone, Debug)]
pub struct Path {
    /// From end to end with an empty queue.
    pub delay: Duration,
    /// Added to each frame's delay, evenly between nothing and this.
    pub jitter: Duration,
    /// Loss that does not depend on the load.
    pub loss: Loss,
    /// Probability that a frame is held back behind later ones.
    pub reorder: f64,
    /// Probability that a frame comes twice.
    pub duplicate: f64,
    /// What the bottleneck forwards, in frames a second; none for no bottleneck.
    pub rate: Option<f64>,
    /// How many frames wait before the bottleneck, at most; more are dropped.
    pub queue: u32,
    bad: bool,
    free_at: Instant,
    /// Frames that the queue had no room for.
    pub overflowed: u64,
    /// Frames lost to [`Path::loss`].
    pub lost: u64,
}

impl Path {
    /// A path that only takes time.
    pub const fn new(delay: Duration) -> Path {
        Path {
            delay,
            jitter: Duration::ZERO,
            loss: Loss::Even(0.0),
            reorder: 0.0,
            duplicate: 0.0,
            rate: None,
            queue: 1000,
            bad: false,
            free_at: Instant::ZERO,
            overflowed: 0,
            lost: 0,
        }
    }

    /// The same with loss.
    #[must_use]
    pub const fn with_loss(mut self, loss: Loss) -> Path {
        self.loss = loss;
        self
    }

    /// The same with a bottleneck of `rate` frames a second and a queue of `queue`.
    #[must_use]
    pub const fn with_bottleneck(mut self, rate: f64, queue: u32) -> Path {
        self.rate = Some(rate);
        self.queue = queue;
        self
    }

    /// When a frame sent at `now` arrives, if it does, and when its double does.
    pub fn carry(&mut self, now: Instant, random: &mut Random) -> [Option<Instant>; 2] {
        if self.is_lost(random) {
            self.lost += 1;
            return [None, None];
        }
        let mut leaves = now;
        if let Some(rate) = self.rate {
            let gap = 1.0 / rate;
            if self.free_at.since(now).as_secs_f64() / gap >= f64::from(self.queue) {
                self.overflowed += 1;
                return [None, None];
            }
            leaves = leaves.max(self.free_at);
            self.free_at = leaves + Duration::from_secs_f64(gap);
        }
        let mut arrives = leaves + self.delay + self.jitter.mul_f64(random.unit());
        if random.chance(self.reorder) {
            arrives += self.delay / 4 + Duration::from_millis(1);
        }
        let double = random
            .chance(self.duplicate)
            .then(|| arrives + self.delay / 8);
        [Some(arrives), double]
    }

    fn is_lost(&mut self, random: &mut Random) -> bool {
        match self.loss {
            Loss::Even(p) => random.chance(p),
            Loss::Bursts { begin, end } => {
                self.bad = if self.bad {
                    !random.chance(end)
                } else {
                    random.chance(begin)
                };
                self.bad
            }
        }
    }
}
