//! The scan itself: frames and time in, frames and events out.
//!
//! ```text
//! gateways' addresses -> hosts -> ports -> the telling -> over
//! ```
//!
//! The engine performs no I/O. Feed it with [`Scan::on_packet`] and
//! [`Scan::on_timeout`], then drain [`Scan::poll_transmit`] and
//! [`Scan::poll_event`]; sleep until [`Scan::poll_timeout`] or the next frame.
//! It must not know rounds or pace (that is [`crate::sweep`]) nor how a probe
//! looks (that is [`crate::probe`]).

use alloc::collections::VecDeque;
use alloc::vec;
use alloc::vec::Vec;
use core::net::IpAddr;
use core::time::Duration;

use vigie_packet::frame::{Frame, LinkType};
use vigie_packet::quote::Quote;
use vigie_packet::{MacAddr, WriteError};

use crate::cookie::Cookies;
use crate::discovery::{Asking, HostSweep};
use crate::event::{Ending, Event, LossAccount, Progress, RoundsEnd, Warning};
use crate::finding::{HostFinding, HostState, Reason};
use crate::lane::Lane;
use crate::ledger::Known;
use crate::pace::Caps;
use crate::plan::{Discovery, NextHop, Plan, Route, Technique};
use crate::probe::{Answer, Kind, Verdict, unreachable};
use crate::roster::Roster;
use crate::sweep::{Bounds, Next, Sweep, Worth};
use crate::target::{Range, Segment, TargetSet};
use crate::tell::{Kept, Teller, told_when_found};
use crate::time::Instant;

/// Where a frame came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ingress {
    /// The interface, by index.
    pub link: u32,
    /// What the frame begins with.
    pub kind: LinkType,
}

/// A frame that stands in the slot, ready to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transmit {
    /// Its length in bytes.
    pub len: usize,
    /// The interface to send it by.
    pub link: u32,
}

/// A scan that sends packets of its own making.
#[derive(Debug)]
pub struct Scan {
    plan: Plan,
    lanes: Vec<Lane>,
    cookies: Cookies,
    technique: Kind,
    stage: Stage,
    /// The index of each TCP port in the plan's list; `u32::MAX` for ports not asked for.
    port_index: Vec<u32>,
    kept: Vec<Kept>,
    open: u64,
    hosts_up: u64,
    events: VecDeque<Event>,
    started: Instant,
    deadline: Instant,
    stray: u64,
    strangers: Vec<(IpAddr, u64)>,
    kernel: KernelDrops,
    /// Frames sent and answers in stages that are over.
    before: crate::sweep::Counts,
}

/// Frames that the kernel says it dropped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KernelDrops {
    /// On sending.
    pub sending: u64,
    /// On receiving.
    pub receiving: u64,
}

#[derive(Debug)]
enum Stage {
    Gateways(HostSweep),
    Hosts(HostSweep),
    Ports {
        sweep: Sweep,
        roster: Roster,
    },
    Telling {
        sweep: Sweep,
        roster: Roster,
        teller: Teller,
        ended: RoundsEnd,
    },
    Over,
}

/// Keep closed ports with their details until there are this many findings; then only count them.
const KEEP_CLOSED: usize = 1 << 16;
/// Salt of a canary's cookie, which must differ from a probe's.
const CANARY: u32 = 1;

impl Scan {
    /// A scan of `plan` that begins at `now`.
    ///
    /// # Errors
    /// If a probe does not fit a route of the plan (families mixed): the caller's mistake.
    pub fn new(plan: Plan, now: Instant) -> Result<Scan, WriteError> {
        let mut lanes = Vec::with_capacity(plan.routes.len());
        for route in &plan.routes {
            let mut lane = Lane::new(route.clone(), plan.source_port)?;
            if let NextHop::Gateway(ip) = route.hop {
                let known = plan
                    .neighbours
                    .iter()
                    .find(|n| n.link == route.link && n.ip == ip);
                lane.gateway = known.map(|n| n.mac);
            }
            lanes.push(lane);
        }
        let mut port_index = vec![u32::MAX; 1 << 16];
        for (i, (_, port)) in plan.ports.iter().enumerate() {
            port_index[usize::from(port)] = i as u32;
        }
        let technique = match plan.technique {
            Technique::Syn | Technique::Connect => Kind::SYN,
        };
        let deadline = plan.budget.max_time.map_or(Instant::FAR, |t| now + t);
        let mut scan = Scan {
            cookies: Cookies::new(plan.seed),
            stage: Stage::Over,
            plan,
            lanes,
            technique,
            port_index,
            kept: Vec::new(),
            open: 0,
            hosts_up: 0,
            events: VecDeque::new(),
            started: now,
            deadline,
            stray: 0,
            strangers: Vec::new(),
            kernel: KernelDrops::default(),
            before: crate::sweep::Counts::default(),
        };
        scan.look_for_gateways();
        Ok(scan)
    }

    fn caps(&self) -> Caps {
        Caps {
            max: self.plan.budget.max_rate,
            min: self.plan.budget.min_rate,
        }
    }

    fn look_for_gateways(&mut self) {
        let mut segments: Vec<Segment> = Vec::new();
        for (i, lane) in self
            .lanes
            .iter()
            .enumerate()
            .filter(|(_, l)| l.needs_gateway())
        {
            let NextHop::Gateway(ip) = lane.route.hop else {
                continue;
            };
            // The link as zone: the same address may name two routers on two links.
            let range = Range::single(ip, lane.route.link);
            if segments.iter().all(|s| s.range != range) {
                segments.push(Segment {
                    range,
                    route: i as u32,
                });
            }
        }
        if segments.is_empty() {
            self.look_for_hosts();
            return;
        }
        // To reach a router is to reach a neighbour: the same lanes, one hop shorter.
        let lanes = self.lanes_on_link();
        let search = HostSweep::new(
            TargetSet::new(segments),
            &lanes,
            Asking::Addresses,
            self.plan.seed,
            self.caps(),
            self.deadline,
        );
        self.stage = Stage::Gateways(search);
    }

    /// The lanes as they are for a target on the link.
    fn lanes_on_link(&self) -> Vec<Lane> {
        let shorter = |lane: &Lane| {
            let mut lane = lane.clone();
            if matches!(lane.route.hop, NextHop::Gateway(_)) {
                lane.route.hop = NextHop::OnLink;
            }
            lane
        };
        self.lanes.iter().map(shorter).collect()
    }

    fn look_for_hosts(&mut self) {
        let asking = match self.plan.discovery {
            Discovery::Ask => Asking::All,
            Discovery::AssumeUp => Asking::Addresses,
        };
        let targets = self.plan.targets.clone();
        if asking == Asking::Addresses && !self.lanes.iter().any(Lane::on_link) {
            self.hosts_up = targets.len();
            self.scan_ports(Roster::all(targets), None);
            return;
        }
        let search = HostSweep::new(
            targets,
            &self.lanes,
            asking,
            self.plan.seed,
            self.caps(),
            self.deadline,
        );
        for up in search.up() {
            self.events.push_back(Event::Host(up.found));
        }
        self.hosts_up = search.up().len() as u64;
        self.stage = Stage::Hosts(search);
    }

    fn scan_ports(&mut self, roster: Roster, rtt: Option<Duration>) {
        let budget = &self.plan.budget;
        let bounds = Bounds {
            caps: self.caps(),
            max_tries: budget.max_tries,
            miss: 1.0 - budget.confidence,
            until: self.deadline,
            first_wait: crate::rtt::INITIAL,
        };
        let n = roster.len() * self.plan.ports.len() as u64;
        self.stage = Stage::Ports {
            sweep: Sweep::new(n, self.plan.seed, bounds, rtt),
            roster,
        };
    }

    /// A frame came in at `now`.
    pub fn on_packet(&mut self, now: Instant, from: Ingress, frame: &[u8]) {
        let Ok(frame) = Frame::parse(from.kind, frame) else {
            self.stray += 1;
            return;
        };
        let fresh = match &self.stage {
            Stage::Ports { .. } => self.port_answer(now, from, &frame),
            Stage::Hosts(_) | Stage::Gateways(_) => self.host_answer(now, from, &frame),
            Stage::Telling { .. } | Stage::Over => return,
        };
        self.stray += u64::from(fresh.is_none());
    }

    /// The frame as an answer of a port; none if it is not an answer to any probe of ours.
    #[inline]
    fn port_answer(&mut self, now: Instant, from: Ingress, frame: &Frame<'_>) -> Option<()> {
        if let Some(answer) = self.technique.probe().answer(frame, self.plan.source_port) {
            if !self.is_ours(frame) {
                return None;
            }
            return self.take_port_answer(now, from, frame, answer, None);
        }
        let (reason, quoted) = unreachable::read(frame)?;
        let quote = Quote::parse(quoted).ok()?;
        let (port, cookie) = self
            .technique
            .probe()
            .quoted(&quote, self.plan.source_port)?;
        if !self.lanes.iter().any(|l| l.route.source == quote.src) {
            return None;
        }
        let sender = frame.addresses()?.0;
        let answer = Answer {
            ip: quote.dst,
            port,
            echoed: Some(cookie),
            verdict: Verdict::filtered(reason),
            mac: None,
        };
        self.take_port_answer(
            now,
            from,
            frame,
            answer,
            (sender != quote.dst).then_some(sender),
        )
    }

    fn take_port_answer(
        &mut self,
        now: Instant,
        from: Ingress,
        frame: &Frame<'_>,
        answer: Answer,
        sender: Option<IpAddr>,
    ) -> Option<()> {
        let Stage::Ports { sweep, roster } = &mut self.stage else {
            return None;
        };
        let Some(host) = roster.index_of(answer.ip, from.link) else {
            note_stranger(&mut self.strangers, answer.ip);
            return None;
        };
        let port = *self.port_index.get(usize::from(answer.port))?;
        if port == u32::MAX {
            return None;
        }
        let index = host * self.plan.ports.len() as u64 + u64::from(port);
        let source_port = self.plan.source_port;
        match answer.echoed {
            Some(echoed)
                if echoed == self.cookies.of(answer.ip, answer.port, source_port, 0) as u32 => {}
            Some(echoed) => {
                let canary = self.cookies.of(answer.ip, answer.port, source_port, CANARY) as u32;
                let ours = (echoed ^ canary) >> 16 == 0
                    && sweep.canary_answered(now, echoed as u16, index);
                return ours.then_some(());
            }
            // Only the 4-tuple vouches: the probe must have been sent, to another machine.
            None => {
                let (_, route, _) = roster.at(host);
                if sweep.tries(index) == 0 || self.lanes[route as usize].route.local {
                    return None;
                }
            }
        }
        let Verdict {
            known,
            state,
            reason,
        } = answer.verdict;
        let worth = sweep.answered(now, index, known);
        let (tries, rtt) = match worth {
            Worth::First { tries, rtt } => (tries, rtt),
            // A router's error was premature: the port itself has answered after all.
            Worth::Again {
                before: Known::Other,
            } if known == Known::Positive => (sweep.tries(index), None),
            Worth::Again { .. } => return Some(()),
        };
        let kept = Kept {
            index,
            state,
            reason,
            from: sender,
            ttl: frame.ttl(),
            rtt,
            tries,
        };
        if known != Known::Negative || self.kept.len() < KEEP_CLOSED {
            self.kept.push(kept);
        }
        if told_when_found(state) {
            self.open += 1;
            self.events
                .push_back(Event::Port(kept.finding(roster, &self.plan.ports)));
        }
        Some(())
    }

    fn is_ours(&self, frame: &Frame<'_>) -> bool {
        frame
            .addresses()
            .is_some_and(|(_, to)| self.lanes.iter().any(|l| l.route.source == to))
    }

    /// The frame as a sign of a host; none if it is no answer to any probe of ours.
    fn host_answer(&mut self, now: Instant, from: Ingress, frame: &Frame<'_>) -> Option<()> {
        let source_port = self.plan.source_port;
        let lanes = match &self.stage {
            Stage::Gateways(_) => self.lanes_on_link(),
            _ => Vec::new(),
        };
        let lanes = if lanes.is_empty() {
            &self.lanes
        } else {
            &lanes
        };
        let (Stage::Hosts(search) | Stage::Gateways(search)) = &mut self.stage else {
            return None;
        };
        for kind in Kind::all() {
            let Some(answer) = kind.probe().answer(frame, source_port) else {
                continue;
            };
            let Some(index) = search.index_of(answer.ip, from.link, kind, answer.port, lanes)
            else {
                continue;
            };
            if let Some(echoed) = answer.echoed {
                let cookie =
                    |salt| self.cookies.of(answer.ip, answer.port, source_port, salt) as u32;
                if echoed != cookie(0) {
                    let canary = (echoed ^ cookie(CANARY)) >> 16 == 0;
                    return (canary && search.sweep.canary_answered(now, echoed as u16, index))
                        .then_some(());
                }
            } else if kind != Kind::NEIGHBOUR {
                continue;
            }
            let found = search.answered(now, index, answer.verdict.reason, frame.ttl(), answer.mac);
            self.note_host(found);
            return Some(());
        }
        self.host_error(now, from, frame)
    }

    /// An ICMP error from the host that was asked: it is there, whatever it says.
    fn host_error(&mut self, now: Instant, from: Ingress, frame: &Frame<'_>) -> Option<()> {
        let (reason, quoted) = unreachable::read(frame)?;
        let quote = Quote::parse(quoted).ok()?;
        let sender = frame.addresses()?.0;
        let Stage::Hosts(search) = &mut self.stage else {
            return None;
        };
        for kind in Kind::all() {
            let Some((port, cookie)) = kind.probe().quoted(&quote, self.plan.source_port) else {
                continue;
            };
            let Some(index) = search.index_of(quote.dst, from.link, kind, port, &self.lanes) else {
                continue;
            };
            if cookie != self.cookies.of(quote.dst, port, self.plan.source_port, 0) as u32 {
                continue;
            }
            if sender == quote.dst {
                let found = search.answered(now, index, reason, frame.ttl(), None);
                self.note_host(found);
            }
            return Some(());
        }
        None
    }

    fn note_host(&mut self, found: Option<HostFinding>) {
        if let (Some(found), Stage::Hosts(_)) = (found, &self.stage) {
            self.hosts_up += 1;
            self.events.push_back(Event::Host(found));
        }
    }

    /// Time has passed.
    pub fn on_timeout(&mut self, now: Instant) {
        match &mut self.stage {
            Stage::Gateways(search) | Stage::Hosts(search) => search.sweep.on_timeout(now),
            Stage::Ports { sweep, .. } => sweep.on_timeout(now),
            Stage::Telling { .. } | Stage::Over => {}
        }
    }

    /// Writes the next frame into `slot` (at least 128 bytes), if one is due now.
    #[inline]
    pub fn poll_transmit(&mut self, now: Instant, slot: &mut [u8]) -> Option<Transmit> {
        loop {
            let next = match &mut self.stage {
                Stage::Ports { sweep, .. } => sweep.next(now),
                Stage::Gateways(search) | Stage::Hosts(search) => search.sweep.next(now),
                Stage::Telling { .. } | Stage::Over => return None,
            };
            let sent = match next {
                Next::Wait(_) => return None,
                Next::Done(ended) => {
                    self.next_stage(now, ended);
                    continue;
                }
                Next::Probe { index, .. } => self.write(index, 0, slot),
                Next::Canary(canary) => {
                    self.write(canary.index, u32::from(canary.id) << 16 | CANARY, slot)
                }
            };
            if sent.is_some() {
                return sent;
            }
        }
    }

    /// Writes probe `index`, or the canary of it that `canary` (number and salt) tells.
    #[inline]
    fn write(&self, index: u64, canary: u32, slot: &mut [u8]) -> Option<Transmit> {
        let (host, route, mac, kind, port, lane) = match &self.stage {
            Stage::Ports { roster, .. } => {
                let n = self.plan.ports.len() as u64;
                let (host, route, mac) = roster.at(index / n);
                let (_, port) = self.plan.ports.at((index % n) as usize);
                (
                    host,
                    route,
                    mac,
                    self.technique,
                    port,
                    &self.lanes[route as usize],
                )
            }
            Stage::Hosts(search) => {
                let (host, route, kind, port) = search.probe(index, &self.lanes)?;
                (
                    host,
                    route,
                    MacAddr::ZERO,
                    kind,
                    port,
                    &self.lanes[route as usize],
                )
            }
            Stage::Gateways(search) => {
                let (host, route, _) = search.roster.at(index);
                (
                    host,
                    route,
                    MacAddr::ZERO,
                    Kind::NEIGHBOUR,
                    0,
                    &self.lanes[route as usize],
                )
            }
            Stage::Telling { .. } | Stage::Over => return None,
        };
        let _ = route;
        let cookie = self
            .cookies
            .of(host.ip, port, self.plan.source_port, canary & 0xffff) as u32;
        let cookie = if canary == 0 {
            cookie
        } else {
            cookie & 0xffff_0000 | canary >> 16
        };
        let len = lane.write(kind, slot, host, mac, port, cookie);
        (len > 0).then_some(Transmit {
            len,
            link: lane.route.link,
        })
    }

    /// The present sweep is over: what comes next?
    fn next_stage(&mut self, now: Instant, ended: RoundsEnd) {
        let stopped = matches!(ended, RoundsEnd::Interrupted | RoundsEnd::MaxTime);
        match core::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Gateways(search) => {
                self.add_counts(&search.sweep);
                for up in search.into_up() {
                    let (ip, link) = (up.found.host.ip, up.found.host.zone);
                    let same =
                        |l: &&mut Lane| l.route.link == link && l.route.hop == NextHop::Gateway(ip);
                    self.lanes
                        .iter_mut()
                        .filter(same)
                        .for_each(|l| l.gateway = Some(up.mac));
                }
                if stopped {
                    self.end(now, ended);
                } else {
                    self.drop_unreachable();
                }
            }
            Stage::Hosts(search) => {
                self.add_counts(&search.sweep);
                let rtt = search.sweep.rtt().smoothed();
                self.tell_of_the_missing(&search);
                let up = search.into_up();
                if stopped || up.is_empty() {
                    self.end(now, ended);
                } else {
                    self.scan_ports(Roster::only(self.plan.targets.clone(), up), rtt);
                }
            }
            Stage::Ports { sweep, roster } => {
                self.add_counts(&sweep);
                let teller = Teller::new(
                    core::mem::take(&mut self.kept),
                    ended,
                    self.technique.probe().silence(),
                );
                self.stage = Stage::Telling {
                    sweep,
                    roster,
                    teller,
                    ended,
                };
            }
            other => self.stage = other,
        }
    }

    fn add_counts(&mut self, sweep: &Sweep) {
        let counts = sweep.counts();
        self.before.sent += counts.sent;
        self.before.answered += counts.answered;
        self.before.duplicates += counts.duplicates;
    }

    /// Targets behind a router that does not answer cannot be probed: they are told as down.
    fn drop_unreachable(&mut self) {
        let dead: Vec<u32> = (0..self.lanes.len() as u32)
            .filter(|i| self.lanes[*i as usize].needs_gateway())
            .collect();
        if !dead.is_empty() {
            let (lost, left): (Vec<Segment>, Vec<Segment>) = self
                .plan
                .targets
                .segments()
                .iter()
                .partition(|s| dead.contains(&s.route));
            for segment in lost {
                let ip = segment.range.first_ip();
                let host = crate::finding::Host {
                    ip,
                    zone: segment.range.zone,
                };
                self.events
                    .push_back(Event::Warning(Warning::Unresolved { host }));
            }
            self.plan.targets = TargetSet::new(left);
        }
        self.look_for_hosts();
    }

    /// Hosts that did not answer, one by one where they are few.
    fn tell_of_the_missing(&mut self, search: &HostSweep) {
        const FEW: u64 = 256;
        if search.roster.len() > FEW {
            return;
        }
        let up: Vec<u64> = search.up().iter().map(|u| u.target).collect();
        for i in (0..search.roster.len()).filter(|i| !up.contains(i)) {
            let (host, _, _) = search.roster.at(i);
            let finding = HostFinding {
                host,
                state: HostState::Down,
                reason: Reason::NoResponse,
                rtt: None,
                mac: None,
                ttl: None,
            };
            self.events.push_back(Event::Host(finding));
        }
    }

    /// What the scan has to say next.
    pub fn poll_event(&mut self) -> Option<Event> {
        if let Some(event) = self.events.pop_front() {
            return Some(event);
        }
        let Stage::Telling {
            sweep,
            roster,
            teller,
            ..
        } = &mut self.stage
        else {
            return None;
        };
        if !teller.step(
            sweep,
            roster,
            &self.plan.ports,
            self.plan.listing,
            &mut self.events,
        ) {
            let Stage::Telling {
                sweep,
                roster,
                ended,
                ..
            } = core::mem::replace(&mut self.stage, Stage::Over)
            else {
                return None;
            };
            self.close(Some((&sweep, &roster)), ended);
        }
        self.events.pop_front()
    }

    /// Ends a scan that never came to ports.
    fn end(&mut self, _now: Instant, ended: RoundsEnd) {
        self.stage = Stage::Over;
        self.close(None, ended);
    }

    fn close(&mut self, ports: Option<(&Sweep, &Roster)>, ended: RoundsEnd) {
        if self.kernel.receiving > 0 {
            self.events
                .push_back(Event::Warning(Warning::KernelDropped {
                    frames: self.kernel.receiving,
                }));
        }
        for (from, count) in self.strangers.drain(..) {
            self.events
                .push_back(Event::Warning(Warning::StrangeSource { from, count }));
        }
        let account = self.account(ports.map(|p| p.0));
        self.events.push_back(Event::Loss(account));
        self.events.push_back(Event::End(Ending {
            complete: !matches!(
                ended,
                RoundsEnd::Interrupted | RoundsEnd::MaxTime | RoundsEnd::HostTimeout
            ),
            ended,
            elapsed: Duration::ZERO,
            hosts: self.plan.targets.len(),
            hosts_up: self.hosts_up,
            ports: self.plan.ports.len() as u64,
        }));
    }

    fn account(&self, sweep: Option<&Sweep>) -> LossAccount {
        let mut account = LossAccount {
            sent: self.before.sent,
            answered: self.before.answered,
            duplicates: self.before.duplicates,
            stray: self.stray,
            dropped_sending: self.kernel.sending,
            dropped_receiving: self.kernel.receiving,
            ..LossAccount::default()
        };
        if let Some(sweep) = sweep {
            let loss = sweep.loss();
            account.lost_on_path = loss.recovered() as f64 + loss.canaries().0 as f64;
            account.unanswered = sweep.unknown();
            account.loss_rate = loss.rate();
            account.srtt = sweep.rtt().smoothed();
        }
        account
    }

    /// When [`Scan::on_timeout`] or [`Scan::poll_transmit`] must be called next; none once the scan is over.
    pub fn poll_timeout(&mut self, now: Instant) -> Option<Instant> {
        let sweep = match &mut self.stage {
            Stage::Ports { sweep, .. } => sweep,
            Stage::Gateways(search) | Stage::Hosts(search) => &mut search.sweep,
            Stage::Telling { .. } => return Some(now),
            Stage::Over => return None,
        };
        let next = sweep.wake(now);
        Some(sweep.deadline().map_or(next, |d| d.min(next)))
    }

    /// The kernel's own counts of what it dropped so far.
    pub fn on_kernel_drops(&mut self, drops: KernelDrops) {
        self.kernel = drops;
    }

    /// Ends the scan: nothing more is sent, what is known is told.
    pub fn stop(&mut self, now: Instant, why: RoundsEnd) {
        match &mut self.stage {
            Stage::Ports { sweep, .. } => sweep.stop(why),
            Stage::Gateways(search) | Stage::Hosts(search) => search.sweep.stop(why),
            Stage::Telling { .. } | Stage::Over => return,
        }
        self.next_stage(now, why);
    }

    /// Whether everything is done and told.
    pub fn is_over(&self) -> bool {
        matches!(self.stage, Stage::Over) && self.events.is_empty()
    }

    /// The routes in use.
    pub fn routes(&self) -> impl Iterator<Item = &Route> {
        self.lanes.iter().map(|l| &l.route)
    }

    /// When the scan began.
    pub fn started(&self) -> Instant {
        self.started
    }

    /// How far the scan is.
    pub fn progress(&self) -> Progress {
        let (sweep, discovering) = match &self.stage {
            Stage::Ports { sweep, .. } => (sweep, false),
            Stage::Gateways(search) | Stage::Hosts(search) => (&search.sweep, true),
            Stage::Telling { .. } | Stage::Over => {
                return Progress {
                    done: 1.0,
                    open: self.open,
                    ..Progress::default()
                };
            }
        };
        let rate = sweep.pacer().rate();
        let left = (1.0 - sweep.done())
            * if sweep.round() == 1 {
                sweep.len()
            } else {
                sweep.unknown()
            } as f64;
        let eta = Duration::try_from_secs_f64(left / rate.max(1.0)).ok();
        Progress {
            done: sweep.done(),
            rate,
            eta,
            round: sweep.round(),
            open: self.open,
            discovering,
        }
    }
}

fn note_stranger(strangers: &mut Vec<(IpAddr, u64)>, from: IpAddr) {
    const KEPT: usize = 16;
    let full = strangers.len() >= KEPT;
    match strangers.iter_mut().find(|s| s.0 == from) {
        Some(known) => known.1 += 1,
        None if full => {}
        None => strangers.push((from, 1)),
    }
}
