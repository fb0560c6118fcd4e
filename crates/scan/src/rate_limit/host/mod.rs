//! One host's ports: which are asked next, what an error proves, and when silence is proof.
//!
//! An ICMP error proves a port closed and costs the host's limiter a token. A silent probe proves
//! nothing by itself: there may have been no token. So silent ports are tested in trains, sent at once,
//! that end with a port known to be closed: whoever answers proves that a token was there for all that
//! stand before it. One token judges a whole train of silent ports, or proves a closed one.
//!
//! This file must not know packets, payloads or the clock of other hosts.

mod end;
mod judge;
mod send;
pub(crate) mod state;

use alloc::collections::{BTreeMap, VecDeque};
use alloc::vec;
use alloc::vec::Vec;
use core::ops::RangeInclusive;
use core::time::Duration;

use crate::ledger::Reply;
use crate::order::Order;
use crate::rate_limit::limiter::Limiter;
use crate::rate_limit::port_cell::PortCell;
use crate::rtt::Rtt;
use crate::time::Instant;

/// Ports in one train, where errors are rare and where they are many.
const TRAIN: usize = 8;
const LONG_TRAIN: usize = 32;
const SHORT_TRAIN: usize = 1;
/// Before a train, time for so many tokens is left.
const RESTED: f64 = 2.0;
/// The probability that a token comes while a train passes.
const RISK: f64 = 0.1;
/// From so many attempts a second on trains are long: the control port's token is a smaller part.
const FAST: f64 = 50.0;
/// With silent ports waiting, every so many attempts are a train.
const TEST_EVERY: u32 = 4;
/// At most this many probes wait for their answers.
const FLYING: usize = 2_048;
/// Ports known to be closed that are kept to end trains with.
const CONTROLS: usize = 16;
/// The probability that a probe or its answer is lost, before anything is known: half a loss in 25.
const PRIOR: (f64, f64) = (0.5, 25.0);
/// Silence is believed after at least so many trains, and at most so many are sent.
const MIN_TRAINS: u8 = 3;
const MAX_TRAINS: u8 = 7;
/// A host that never said anything about any port is not asked longer than this, nor by more trains.
const GIVE_UP: Duration = Duration::from_secs(6);
const GIVE_UP_TRAINS: u32 = 5;
/// A host that has said nothing for so long will say nothing more.
const SILENCE_LIMIT: Duration = Duration::from_secs(45);
/// High ports that are seldom in use: among them one that is closed is looked for.
pub(crate) const HIGH: u16 = 33_434;

/// What to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ProbeAttempt {
    pub channel: u8,
    /// A port of the plan by its place, or a control port by its number.
    pub to: Target,
    pub number: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Port(u32),
    Control(u16),
}

/// What all hosts have in settings.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// The ports asked for, in the order of their usefulness.
    pub ports: Vec<u16>,
    /// Those with a protocol of their own, by their place: worth being proven first.
    pub useful: Vec<u32>,
    /// The place of each port; `u32::MAX` for others.
    pub index: Vec<u32>,
    /// Where among ports that were not asked for one that is closed may be looked for; none where they are left alone.
    pub controls: Option<RangeInclusive<u16>>,
    /// The wanted miss probability.
    pub miss: f64,
    /// The most attempts a second to one host.
    pub most: f64,
    pub seed: u64,
    /// How far apart the packets of a train arrive, in seconds each, where tokens come so fast that it matters.
    pub spread: f64,
}

#[derive(Clone, Copy, Debug)]
struct Flight {
    sent: Instant,
    channel: u8,
    train: Option<u32>,
}

#[derive(Clone, Debug)]
struct Train {
    id: u32,
    channel: u8,
    sent: Instant,
    due: Instant,
    ports: Vec<u32>,
    control: u16,
    /// One more than the place of the last that answered; the control stands behind the ports.
    reached: usize,
    /// The same of the first that answered; 0 while none has.
    first: usize,
}

impl Train {
    fn reach(&mut self, place: usize) {
        self.reached = self.reached.max(place);
        if self.first == 0 || place < self.first {
            self.first = place;
        }
    }
}

/// One host.
#[derive(Clone, Debug)]
pub(crate) struct HostProber {
    cells: Vec<PortCell>,
    pub channels: Vec<Limiter>,
    pub rtt: Rtt,
    /// Ports said to be closed.
    pub errors: u64,
    /// Errors that came within a moment of the first: what the limiter lets through at once.
    burst: (Option<Instant>, u32),
    /// No more of those are counted.
    burst_over: bool,
    controls: VecDeque<u16>,
    suspects: VecDeque<u32>,
    flying: BTreeMap<u32, Flight>,
    due: VecDeque<(Instant, u32)>,
    trains: VecDeque<Train>,
    next_train: u32,
    since_train: u32,
    dry_trains: u32,
    order: Order,
    next_sample: u64,
    next_useful: usize,
    sample_turn: bool,
    began: Option<Instant>,
    /// When something was sent last.
    last: Instant,
    /// Tokens a second, the most that was measured.
    fastest: f64,
    /// The probability that a token comes while a train passes: then a closed port is silent before the control answers.
    risk: f64,
    /// Evidence that was wrong, and answers that came at once.
    wrong: (u64, u64),
    /// It never said anything about any port.
    pub unresponsive: bool,
    pub over: bool,
    /// Datagrams sent in the course of the proofs.
    attempts: u64,
}

/// What an error about a port was worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Novelty {
    New,
    Duplicate,
}

impl HostProber {
    /// A port that is known to be closed.
    pub(crate) fn closed(&self) -> Option<u16> {
        self.controls.front().copied()
    }

    pub(crate) fn new(
        settings: &Settings,
        number: u64,
        channels: usize,
        now: Instant,
    ) -> HostProber {
        let n = settings.ports.len() as u64;
        HostProber {
            cells: vec![PortCell::default(); settings.ports.len()],
            channels: vec![Limiter::new(now, settings.most); channels],
            rtt: Rtt::default(),
            errors: 0,
            burst: (None, 0),
            burst_over: false,
            controls: VecDeque::new(),
            suspects: VecDeque::new(),
            flying: BTreeMap::new(),
            due: VecDeque::new(),
            trains: VecDeque::new(),
            next_train: 0,
            since_train: 0,
            dry_trains: 0,
            order: Order::new(
                n,
                settings.seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15),
            ),
            next_sample: 0,
            next_useful: 0,
            sample_turn: false,
            began: None,
            last: now,
            fastest: 0.0,
            risk: if settings.spread > 0.0 { RISK } else { 0.0 },
            wrong: (0, 0),
            unresponsive: false,
            over: false,
            attempts: 0,
        }
    }

    /// The port at `port`, whose number is `number`, was asked, and this came of it.
    pub(crate) fn learn(&mut self, port: u32, number: u16, reply: Reply) {
        let cell = &mut self.cells[port as usize];
        cell.0 |= PortCell::PROBED;
        cell.set_reply(reply);
        if reply == Reply::Negative {
            self.errors += 1;
            if self.controls.len() < CONTROLS {
                self.controls.push_back(number);
            }
        }
    }

    /// What is known of the port at `port`.
    pub(crate) fn reply(&self, port: u32) -> Reply {
        self.cells[port as usize].reply()
    }

    /// Something was sent to it.
    pub(crate) fn probed(&mut self, port: u32) {
        self.cells[port as usize].0 |= PortCell::PROBED;
    }

    pub(crate) fn was_probed(&self, port: u32) -> bool {
        self.cells[port as usize].has(PortCell::PROBED)
    }

    /// An answer, or an error that is not about the port itself, settles a port.
    pub(crate) fn settle(&mut self, port: u32, reply: Reply) -> Novelty {
        let cell = &mut self.cells[port as usize];
        let before = cell.reply();
        // An answer of the port itself is stronger than any error about it.
        if before != Reply::None && !(reply == Reply::Positive && before != Reply::Positive) {
            return Novelty::Duplicate;
        }
        cell.set_reply(reply);
        self.flying.remove(&port);
        Novelty::New
    }

    /// An error about the port at `port`, whose number is `number`; `channel` tells which of our addresses it came to.
    pub(crate) fn error(
        &mut self,
        now: Instant,
        port: u32,
        number: u16,
        channel: u8,
        reply: Reply,
    ) -> (Novelty, Option<Duration>) {
        self.count(now, channel);
        let cell = self.cells[port as usize];
        let flight = self.flying.get(&port).copied();
        let novelty = self.settle(port, reply);
        if novelty == Novelty::New {
            self.wrong.0 += u64::from(cell.evidence());
            if reply == Reply::Negative && !self.controls.contains(&number) {
                self.controls.push_back(number);
                if self.controls.len() > CONTROLS {
                    self.controls.pop_front();
                }
            }
        }
        let Some(flight) = flight.filter(|f| f.channel == channel) else {
            return (novelty, None);
        };
        let rtt = now.since(flight.sent);
        self.rtt.sample(rtt);
        match flight.train {
            None => {
                self.wrong.1 += 1;
                self.channels[usize::from(channel)].attempt(now, flight.sent, true);
            }
            Some(id) => {
                if let Some(train) = self.trains.iter_mut().find(|t| t.id == id) {
                    let place = train.ports.iter().position(|p| *p == port);
                    train.reach(place.map_or(0, |p| p + 1));
                    self.wrong.1 += 1;
                }
                if cell.evidence() == 0 {
                    // It was silent before, so that attempt found no token (or was lost).
                    self.channels[usize::from(channel)].attempt(now, flight.sent, false);
                }
            }
        }
        (novelty, Some(rtt))
    }

    /// A control port answered, at the attempt of that number. False if no train waits for it.
    pub(crate) fn control(&mut self, now: Instant, number: u16, attempt: u8, channel: u8) -> bool {
        let train = self.trains.iter_mut().find(|t| {
            t.control == number && t.channel == channel && t.id as u8 & 15 == attempt & 15
        });
        let Some(train) = train else { return false };
        train.reach(train.ports.len() + 1);
        let sent = train.sent;
        self.rtt.sample(now.since(sent));
        self.count(now, channel);
        if !self.controls.contains(&number) {
            self.controls.push_back(number);
        }
        true
    }

    /// An error came: it cost the limiter of that address a token.
    fn count(&mut self, now: Instant, channel: u8) {
        self.errors += 1;
        let first = *self.burst.0.get_or_insert(now);
        if !self.burst_over && now.since(first) < Duration::from_millis(100) {
            self.burst.1 += 1;
        }
        self.channels[usize::from(channel)].token(now);
    }

    /// The proofs begin: every port of which nothing is known is a candidate.
    pub(crate) fn begin(&mut self, now: Instant) {
        self.began = Some(now);
        for cell in &mut self.cells {
            if cell.reply() == Reply::None {
                cell.0 |= PortCell::CANDIDATE;
            }
        }
        for limiter in &mut self.channels {
            *limiter = limiter.clone().restarted(now);
        }
    }
}
