//! One direction of a path: delay, jitter, loss, reordering, duplication, a bottleneck and its queue.
//!
//! This file must not know what the frames carry.

use core::time::Duration;

use vigie_scan::Instant;

use crate::random::Random;

/// How frames are lost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Loss {
    /// Each frame independently, with this probability.
    Even(f64),
    /// In bursts (the Gilbert-Elliott model): every frame is lost in the bad state, none in the good state.
    Bursts {
        /// Probability per frame of changing from good to bad.
        begin: f64,
        /// Probability per frame of changing from bad to good.
        end: f64,
    },
}

impl Loss {
    /// Share of frames lost in the long run.
    pub fn rate(self) -> f64 {
        match self {
            Loss::Even(p) => p,
            Loss::Bursts { begin, end } => begin / (begin + end),
        }
    }
}

/// One direction of a path.
#[derive(Clone, Debug)]
pub struct Path {
    /// Delay with an empty queue.
    pub delay: Duration,
    /// Maximum additional delay of a frame, uniformly distributed.
    pub jitter: Duration,
    /// Loss that does not depend on the load.
    pub loss: Loss,
    /// Probability that a frame is delayed behind later ones.
    pub reorder: f64,
    /// Probability that a frame arrives twice.
    pub duplicate: f64,
    /// Rate of the bottleneck in frames per second; `None` for no bottleneck.
    pub rate: Option<f64>,
    /// Maximum number of frames waiting at the bottleneck; more are dropped.
    pub queue: u32,
    bad: bool,
    free_at: Instant,
    /// Frames dropped at the full queue.
    pub overflowed: u64,
    /// Frames lost to [`Path::loss`].
    pub lost: u64,
}

impl Path {
    /// Returns a path that only delays frames.
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

    /// Adds loss.
    #[must_use]
    pub const fn with_loss(mut self, loss: Loss) -> Path {
        self.loss = loss;
        self
    }

    /// Adds a bottleneck of `rate` frames per second with a queue of `queue` frames.
    #[must_use]
    pub const fn with_bottleneck(mut self, rate: f64, queue: u32) -> Path {
        self.rate = Some(rate);
        self.queue = queue;
        self
    }

    /// Returns when a frame sent at `now` arrives, and when its duplicate does.
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
