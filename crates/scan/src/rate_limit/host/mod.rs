//! One host's ports: which are probed next, what an error proves, and when silence is proof.
//!
//! Trains and controls are explained in [`crate::rate_limit`]. This folder must not know packets, payloads or other
//! hosts.

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

/// Ports in one train, if errors are rare, frequent, or so frequent that trains prove little.
const TRAIN: usize = 8;
const LONG_TRAIN: usize = 32;
const SHORT_TRAIN: usize = 1;
/// Pause before a train, in tokens: one must be there when the train starts.
const TOKENS_BEFORE_TRAIN: f64 = 2.0;
/// Accepted probability that a token comes while a train passes.
const MAX_TOKEN_RISK: f64 = 0.1;
/// Rate in attempts per second from which on trains are long: the token for the control then costs less per port.
const LONG_TRAIN_RATE: f64 = 50.0;
/// While silent ports wait, one in this many attempts is a train.
const TEST_EVERY: u32 = 4;
/// Maximum number of probes in flight to one host.
const MAX_IN_FLIGHT: usize = 2_048;
/// Maximum number of known closed ports that are stored as controls.
const MAX_CONTROLS: usize = 16;
/// Assumed losses and attempts before anything is known: half a loss in 25.
const LOSS_PRIOR: (f64, f64) = (0.5, 25.0);
/// Minimum and maximum number of trains for a silent port.
const MIN_TRAINS: u8 = 3;
const MAX_TRAINS: u8 = 7;
/// Time and number of trains after which a host that never answered is given up.
const GIVE_UP: Duration = Duration::from_secs(6);
const GIVE_UP_TRAINS: u32 = 5;
/// Time without any answer after which a host is given up.
const SILENCE_LIMIT: Duration = Duration::from_secs(45);
/// First of the high ports that are seldom in use. A closed port is searched among them.
pub(crate) const FIRST_HIGH_PORT: u16 = 33_434;

/// What to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ProbeAttempt {
    pub channel: u8,
    /// A port of the plan by its index, or a control port by its number.
    pub to: Target,
    pub number: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Port(u32),
    Control(u16),
}

/// What all hosts share.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// Ports to scan, most useful first.
    pub ports: Vec<u16>,
    /// Indices of the ports with a protocol of their own. They are proven first.
    pub useful: Vec<u32>,
    /// Index of each port in `ports`; `u32::MAX` for others.
    pub index: Vec<u32>,
    /// Where to search for a closed port among ports that are not scanned; `None` if they must not be probed.
    pub controls: Option<RangeInclusive<u16>>,
    /// Wanted miss probability.
    pub miss: f64,
    /// Maximum attempts per second to one host.
    pub most: f64,
    pub seed: u64,
    /// Time between the packets of a train on arrival, in seconds; 0 if tokens come so rarely that it does not matter.
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
    /// Number of the last port in the train that answered, from 1. The control comes after the ports.
    reached: usize,
    /// Number of the first port in the train that answered, from 1; 0 while none has.
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

/// The state of one host.
#[derive(Clone, Debug)]
pub(crate) struct HostProber {
    cells: Vec<PortCell>,
    pub channels: Vec<Limiter>,
    pub rtt: Rtt,
    /// Number of ports reported as closed.
    pub errors: u64,
    /// Time of the first error, and the number of errors that came with it: the burst of the limiter.
    burst: (Option<Instant>, u32),
    /// Whether the burst is over, so that no more errors are counted in it.
    burst_over: bool,
    controls: VecDeque<u16>,
    suspects: VecDeque<u32>,
    in_flight: BTreeMap<u32, Flight>,
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
    /// When something was last sent.
    last: Instant,
    /// Highest measured tokens per second.
    fastest: f64,
    /// Probability that a token comes while a train passes. A closed port is then silent before a control that
    /// answers.
    risk: f64,
    /// Number of trains in which a port was silent whose error came later, and of attempts that were answered in time.
    loss_evidence: (u64, u64),
    /// Whether the host never answered.
    pub unresponsive: bool,
    pub over: bool,
    /// Datagrams sent while probing.
    attempts: u64,
}

/// Whether an error is the first one about its port.
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
            in_flight: BTreeMap::new(),
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
            risk: if settings.spread > 0.0 {
                MAX_TOKEN_RISK
            } else {
                0.0
            },
            loss_evidence: (0, 0),
            unresponsive: false,
            over: false,
            attempts: 0,
        }
    }

    /// Records the result that the sweep had for the port at `port`, whose number is `number`.
    pub(crate) fn learn(&mut self, port: u32, number: u16, reply: Reply) {
        let cell = &mut self.cells[port as usize];
        cell.0 |= PortCell::PROBED;
        cell.set_reply(reply);
        if reply == Reply::Negative {
            self.errors += 1;
            if self.controls.len() < MAX_CONTROLS {
                self.controls.push_back(number);
            }
        }
    }

    /// What is known about the port at `port`.
    pub(crate) fn reply(&self, port: u32) -> Reply {
        self.cells[port as usize].reply()
    }

    /// Records that something was sent to the port.
    pub(crate) fn probed(&mut self, port: u32) {
        self.cells[port as usize].0 |= PortCell::PROBED;
    }

    pub(crate) fn was_probed(&self, port: u32) -> bool {
        self.cells[port as usize].has(PortCell::PROBED)
    }

    /// Settles a port by an answer, or by an error that is not about the port itself.
    pub(crate) fn settle(&mut self, port: u32, reply: Reply) -> Novelty {
        let cell = &mut self.cells[port as usize];
        let before = cell.reply();
        // An answer of the port itself is stronger than any error about it.
        if before != Reply::None && !(reply == Reply::Positive && before != Reply::Positive) {
            return Novelty::Duplicate;
        }
        cell.set_reply(reply);
        self.in_flight.remove(&port);
        Novelty::New
    }

    /// Records an error about the port at `port`, whose number is `number`; `channel` is the source address that it
    /// came to.
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
        let flight = self.in_flight.get(&port).copied();
        let novelty = self.settle(port, reply);
        if novelty == Novelty::New {
            self.loss_evidence.0 += u64::from(cell.evidence());
            if reply == Reply::Negative && !self.controls.contains(&number) {
                self.controls.push_back(number);
                if self.controls.len() > MAX_CONTROLS {
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
                self.loss_evidence.1 += 1;
                self.channels[usize::from(channel)].attempt(now, flight.sent, true);
            }
            Some(id) => {
                if let Some(train) = self.trains.iter_mut().find(|t| t.id == id) {
                    let place = train.ports.iter().position(|p| *p == port);
                    train.reach(place.map_or(0, |p| p + 1));
                    self.loss_evidence.1 += 1;
                }
                if cell.evidence() == 0 {
                    // The port was silent before, so that attempt found no token (or was lost).
                    self.channels[usize::from(channel)].attempt(now, flight.sent, false);
                }
            }
        }
        (novelty, Some(rtt))
    }

    /// Records the answer of a control port. Returns false if no train waits for it.
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

    /// Counts an error: it cost the limiter of that source address a token.
    fn count(&mut self, now: Instant, channel: u8) {
        self.errors += 1;
        let first = *self.burst.0.get_or_insert(now);
        if !self.burst_over && now.since(first) < Duration::from_millis(100) {
            self.burst.1 += 1;
        }
        self.channels[usize::from(channel)].token(now);
    }

    /// Begins probing: every port without a result is a candidate.
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
