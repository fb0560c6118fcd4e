//! Judges silence: what it proves once the time for an answer is over.
//!
//! This file must not decide what is sent.

use super::{Flight, GIVE_UP, GIVE_UP_TRAINS, HostProber, SILENCE_LIMIT, Settings, Train};
use crate::rate_limit::limiter::Limiter;
use crate::time::Instant;

impl HostProber {
    /// Judges all attempts and trains whose answers had time to arrive.
    pub(super) fn judge(&mut self, now: Instant, loss: f64, settings: &Settings) {
        while let Some((due, port)) = self.due.front().copied().filter(|d| d.0 <= now) {
            self.due.pop_front();
            let single = |f: &Flight| f.train.is_none() && f.sent < due;
            if self.in_flight.get(&port).is_some_and(single) {
                self.in_flight.remove(&port);
                self.suspects.push_back(port);
            }
        }
        while self.trains.front().is_some_and(|t| t.due <= now) {
            if let Some(train) = self.trains.pop_front() {
                self.judge_train(now, &train, loss, settings);
            }
        }
    }

    pub(super) fn judge_train(
        &mut self,
        now: Instant,
        train: &Train,
        loss: f64,
        settings: &Settings,
    ) {
        let found = train.reached > 0;
        self.dry_trains = if found { 0 } else { self.dry_trains + 1 };
        self.channels[usize::from(train.channel)].attempt(now, train.sent, found);
        let needed = self.needed(loss, settings.miss);
        for (place, port) in train.ports.iter().enumerate() {
            let in_flight = self
                .in_flight
                .get(port)
                .is_some_and(|f| f.train == Some(train.id));
            if !in_flight {
                continue;
            }
            self.in_flight.remove(port);
            let cell = &mut self.cells[*port as usize];
            // A token that came while the train passed proves nothing about the ports before it. A token that was
            // there at the start does, up to where it was taken.
            let proven = if settings.spread > 0.0 {
                train.first
            } else {
                train.reached
            };
            if place + 1 < proven {
                cell.add_evidence();
                if cell.evidence() < needed {
                    self.suspects.push_back(*port);
                }
            } else {
                self.suspects.push_front(*port);
            }
        }
    }

    /// Whether to stop probing: the host never answered, or no longer answers.
    pub(super) fn is_unresponsive(&mut self, now: Instant) -> bool {
        let Some(began) = self.began else {
            return false;
        };
        if self.errors == 0 {
            self.unresponsive = self.dry_trains >= GIVE_UP_TRAINS && now.since(began) >= GIVE_UP;
            return self.unresponsive;
        }
        let last = self.channels.iter().map(Limiter::last_token).max();
        let since = last.map_or(began, |l| l.max(began));
        self.dry_trains >= GIVE_UP_TRAINS && now.since(since) >= SILENCE_LIMIT
    }
}
