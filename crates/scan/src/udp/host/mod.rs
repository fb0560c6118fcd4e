//! One host's ports: which are asked next, what an error proves, and when silence is proof.
//!
//! An ICMP error proves a port closed and costs the host's limiter a token. A silent probe proves
//! nothing by itself: there may have been no token. So silent ports are tested in trains, sent at once,
//! that end with a port known to be closed: whoever answers proves that a token was there for all that
//! stand before it. One token judges a whole train of silent ports, or proves a closed one.
//!
//! This file must not know packets, payloads or the clock of other hosts.

mod end;
pub(super) mod state;

use alloc::collections::{BTreeMap, VecDeque};
use alloc::vec;
use alloc::vec::Vec;
use core::ops::RangeInclusive;
use core::time::Duration;

use crate::ledger::Reply;
use crate::max_probes::{PROOFS_EACH, PROOFS_MORE};
use crate::order::Order;
use crate::rtt::Rtt;
use crate::time::Instant;
use crate::udp::cell::Cell;
use crate::udp::limiter::Limiter;

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
const LEAST_TRAINS: u8 = 3;
const MOST_TRAINS: u8 = 7;
/// A host that never said anything about any port is not asked longer than this, nor by more trains.
const GIVE_UP: Duration = Duration::from_secs(6);
const GIVE_UP_TRAINS: u32 = 5;
/// A host that has said nothing for so long will say nothing more.
const DEAF: Duration = Duration::from_secs(45);
/// High ports that are seldom in use: among them one that is closed is looked for.
pub(super) const HIGH: u16 = 33_434;

/// What to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Send {
    pub channel: u8,
    /// A port of the plan by its place, or a control port by its number.
    pub to: To,
    pub number: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum To {
    Port(u32),
    Control(u16),
}

/// What all hosts have in common.
#[derive(Clone, Debug)]
pub(crate) struct Common {
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
pub(crate) struct UdpHost {
    cells: Vec<Cell>,
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
    pub mute: bool,
    pub over: bool,
    /// Datagrams sent in the course of the proofs.
    proofs: u64,
}

/// What an error about a port was worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Novelty {
    New,
    Duplicate,
}

impl UdpHost {
    /// A port that is known to be closed.
    pub(super) fn closed(&self) -> Option<u16> {
        self.controls.front().copied()
    }

    pub(crate) fn new(common: &Common, number: u64, channels: usize, now: Instant) -> UdpHost {
        let n = common.ports.len() as u64;
        UdpHost {
            cells: vec![Cell::default(); common.ports.len()],
            channels: vec![Limiter::new(now, common.most); channels],
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
            order: Order::new(n, common.seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15)),
            next_sample: 0,
            next_useful: 0,
            sample_turn: false,
            began: None,
            last: now,
            fastest: 0.0,
            risk: if common.spread > 0.0 { RISK } else { 0.0 },
            wrong: (0, 0),
            mute: false,
            over: false,
            proofs: 0,
        }
    }

    /// The port at `port`, whose number is `number`, was asked, and this came of it.
    pub(crate) fn learn(&mut self, port: u32, number: u16, reply: Reply) {
        let cell = &mut self.cells[port as usize];
        cell.0 |= Cell::ASKED;
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
    pub(crate) fn asked(&mut self, port: u32) {
        self.cells[port as usize].0 |= Cell::ASKED;
    }

    pub(crate) fn was_asked(&self, port: u32) -> bool {
        self.cells[port as usize].has(Cell::ASKED)
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
                cell.0 |= Cell::CANDIDATE;
            }
        }
        for limiter in &mut self.channels {
            *limiter = limiter.clone().restarted(now);
        }
    }

    /// What to send by `channel` now, put into `out`; when to ask again, none where nothing is left to do.
    /// With `closing`, no port is begun that was not tried yet.
    pub(crate) fn attempt(
        &mut self,
        now: Instant,
        channel: u8,
        closing: bool,
        loss: f64,
        common: &Common,
        out: &mut Vec<Send>,
    ) -> Option<Instant> {
        self.judge(now, loss, common);
        let lost = self.lost(loss);
        self.channels[usize::from(channel)].expect_loss(lost);
        let ceiling = PROOFS_EACH * self.cells.len() as u64 + PROOFS_MORE;
        if self.is_deaf(now) || self.proofs >= ceiling {
            self.over = true;
        }
        if self.over {
            return None;
        }
        let fast = self.channels[usize::from(channel)].rate() >= FAST;
        let full = if fast { LONG_TRAIN } else { TRAIN };
        // While the train passes, hardly any token may come.
        // Resting keeps tokens unused: what was measured before counts.
        let tokens = self.channels[usize::from(channel)].measured(now);
        self.fastest = self.fastest.max(tokens.unwrap_or(0.0));
        let meanwhile = common.spread * self.fastest;
        let full = full.min(((RISK / meanwhile.max(1e-9)) as usize).max(SHORT_TRAIN));
        let room = self.flying.len() + self.suspects.len() < self.most_unsettled(channel);
        let due = self.since_train >= TEST_EVERY && !self.suspects.is_empty();
        if self.suspects.len() < full
            && !due
            && room
            && !closing
            && let Some(port) = self.next_fresh(common)
        {
            self.since_train += 1;
            self.proofs += 1;
            self.last = now;
            return Some(self.single(now, channel, port, out));
        }
        if self.suspects.is_empty() {
            // What is on its way may come back as a suspect.
            let waits = self.due.front().map(|d| d.0);
            let trains = self.trains.front().map(|t| t.due);
            let next = [waits, trains].into_iter().flatten().min();
            if next.is_none() {
                self.doubt_again(loss, common);
            }
            if self.suspects.is_empty() {
                self.over |= next.is_none();
                return next.map(|at| at.max(now + Duration::from_millis(1)));
            }
        }
        if common.spread > 0.0 && self.fastest > 0.0 {
            // So long that a token is there when the train starts.
            let rested = self.last + Duration::from_secs_f64((RESTED / self.fastest).min(2.0));
            if now < rested {
                return Some(rested);
            }
        }
        self.last = now;
        let before = out.len();
        let next = self.train(now, channel, full, fast, common, out);
        self.proofs += (out.len() - before) as u64;
        Some(next)
    }

    /// How many ports may be begun and not settled: what is on its way, and a train. Where the scan is broken off,
    /// the sample counts them as not closed.
    fn most_unsettled(&self, channel: u8) -> usize {
        let wait = self.rtt.timeout().as_secs_f64() + 0.05;
        let flying = self.channels[usize::from(channel)].rate() * wait * 1.5;
        (flying as usize).clamp(TRAIN, FLYING)
    }

    fn single(&mut self, now: Instant, channel: u8, port: u32, out: &mut Vec<Send>) -> Instant {
        self.cells[port as usize].0 |= Cell::TRIED | Cell::ASKED;
        let flight = Flight {
            sent: now,
            channel,
            train: None,
        };
        self.flying.insert(port, flight);
        self.due.push_back((now + self.rtt.timeout(), port));
        out.push(Send {
            channel,
            to: To::Port(port),
            number: 0,
        });
        self.channels[usize::from(channel)].sent(now, 1)
    }

    fn train(
        &mut self,
        now: Instant,
        channel: u8,
        full: usize,
        fast: bool,
        common: &Common,
        out: &mut Vec<Send>,
    ) -> Instant {
        let id = self.next_train;
        self.next_train += 1;
        self.since_train = 0;
        let number = id as u8 & 15;
        let ports: Vec<u32> = self
            .suspects
            .drain(..full.min(self.suspects.len()))
            .collect();
        for port in &ports {
            let flight = Flight {
                sent: now,
                channel,
                train: Some(id),
            };
            self.flying.insert(*port, flight);
            self.cells[*port as usize].0 |= Cell::TRIED | Cell::ASKED;
            out.push(Send {
                channel,
                to: To::Port(*port),
                number,
            });
        }
        let control = self.next_control(id, common);
        out.push(Send {
            channel,
            to: To::Control(control),
            number,
        });
        let cost = if fast { ports.len() as u32 + 1 } else { 1 };
        self.trains.push_back(Train {
            id,
            channel,
            sent: now,
            due: now + self.rtt.timeout(),
            ports,
            control,
            reached: 0,
            first: 0,
        });
        self.channels[usize::from(channel)].sent(now, cost)
    }

    /// A port known to be closed, or a high one that probably is; another one each time.
    fn next_control(&mut self, id: u32, common: &Common) -> u16 {
        if let Some(port) = self.controls.pop_front() {
            self.controls.push_back(port);
            return port;
        }
        let mut state = common.seed ^ u64::from(id);
        let Some(range) = &common.controls else {
            let place = crate::order::splitmix(&mut state) % common.ports.len() as u64;
            return common.ports[place as usize];
        };
        let (first, many) = (*range.start(), range.len() as u64);
        let mut any = || first + (crate::order::splitmix(&mut state) % many) as u16;
        // One that was not asked for; where hardly any such is left, any will do.
        for _ in 0..16 {
            let port = any();
            if common.index[usize::from(port)] == u32::MAX {
                return port;
            }
        }
        any()
    }

    /// The next port to try for the first time: in turns one of the most useful and one of the random sample.
    fn next_fresh(&mut self, common: &Common) -> Option<u32> {
        self.sample_turn = !self.sample_turn;
        if !self.sample_turn
            && let Some(port) = self.next_useful(common)
        {
            return Some(port);
        }
        while self.next_sample < self.order.len() {
            let port = self.order.index(self.next_sample) as u32;
            self.next_sample += 1;
            if self.is_fresh(port) {
                return Some(port);
            }
        }
        self.next_useful(common)
    }

    fn next_useful(&mut self, common: &Common) -> Option<u32> {
        while let Some(port) = common.useful.get(self.next_useful) {
            self.next_useful += 1;
            if self.is_fresh(*port) {
                return Some(*port);
            }
        }
        None
    }

    fn is_fresh(&self, port: u32) -> bool {
        let cell = self.cells[port as usize];
        cell.reply() == Reply::None && !cell.has(Cell::TRIED)
    }

    /// Judges what has had its time.
    fn judge(&mut self, now: Instant, loss: f64, common: &Common) {
        while let Some((due, port)) = self.due.front().copied().filter(|d| d.0 <= now) {
            self.due.pop_front();
            let single = |f: &Flight| f.train.is_none() && f.sent < due;
            if self.flying.get(&port).is_some_and(single) {
                self.flying.remove(&port);
                self.suspects.push_back(port);
            }
        }
        while self.trains.front().is_some_and(|t| t.due <= now) {
            if let Some(train) = self.trains.pop_front() {
                self.judge_train(now, &train, loss, common);
            }
        }
    }

    fn judge_train(&mut self, now: Instant, train: &Train, loss: f64, common: &Common) {
        let found = train.reached > 0;
        self.dry_trains = if found { 0 } else { self.dry_trains + 1 };
        self.channels[usize::from(train.channel)].attempt(now, train.sent, found);
        let needed = self.needed(loss, common.miss);
        for (place, port) in train.ports.iter().enumerate() {
            let flying = self
                .flying
                .get(port)
                .is_some_and(|f| f.train == Some(train.id));
            if !flying {
                continue;
            }
            self.flying.remove(port);
            let cell = &mut self.cells[*port as usize];
            // A token that came while the train passed proves nothing of what passed before it; one that was
            // there at the start does, up to where it was taken.
            let proven = if common.spread > 0.0 {
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

    /// Whether it is time to stop asking: the host never said a word, or says none any more.
    fn is_deaf(&mut self, now: Instant) -> bool {
        let Some(began) = self.began else {
            return false;
        };
        if self.errors == 0 {
            self.mute = self.dry_trains >= GIVE_UP_TRAINS && now.since(began) >= GIVE_UP;
            return self.mute;
        }
        let last = self.channels.iter().map(Limiter::last_token).max();
        let since = last.map_or(began, |l| l.max(began));
        self.dry_trains >= GIVE_UP_TRAINS && now.since(since) >= DEAF
    }
}
