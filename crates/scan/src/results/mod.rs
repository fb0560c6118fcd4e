//! The findings of a scan so far, and the events that were not polled yet.
//!
//! This file must not know packets or sockets.

mod account;

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, VecDeque};
use alloc::vec::Vec;
use core::net::IpAddr;
use core::time::Duration;

use crate::checkpoint::Progress;
use crate::event::{EndReason, Event, Warning};
use crate::finding::{Finding, HostFinding, HostState, Reason};
use crate::host_table::HostTable;
use crate::ledger::Reply;
use crate::plan::Plan;
use crate::rate_limit::prober::RateLimitProber;
use crate::summary::{Answer, DefaultVerdicts, Inputs, Summarizer, reported_when_found};
use crate::sweep::{Counts, Partitions, SweepState};
use crate::target::TargetSet;
use crate::time::Instant;
use crate::udp::UdpScan;
use vigie_scope::Host;

/// Maximum number of stored answers of closed ports; beyond it they are only counted.
const MAX_CLOSED_ANSWERS: usize = 1 << 16;
/// Maximum number of targets for which each host that is down gets an event.
const MAX_HOSTS_LISTED_DOWN: u64 = 256;
/// Maximum number of unexpected sources that are counted separately.
const MAX_UNEXPECTED_SOURCES: usize = 16;

/// Frames that the kernel reports as dropped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KernelDrops {
    /// Dropped on sending.
    pub sending: u64,
    /// Dropped on receiving.
    pub receiving: u64,
}

/// What is known and not yet reported.
#[derive(Clone, Debug)]
pub(crate) struct Results {
    pub events: VecDeque<Event>,
    pub open: u64,
    pub hosts_up: u64,
    /// Targets that nothing could be sent to.
    pub unreachable: u64,
    pub stray: u64,
    pub kernel: KernelDrops,
    /// Drops of the other partitions of the scan.
    kernel_elsewhere: KernelDrops,
    answers: Vec<Answer>,
    unexpected_sources: Vec<(IpAddr, u64)>,
    /// Counts of the phases that are over.
    finished: Counts,
    /// Estimate: replies that limiters suppressed in earlier windows.
    suppressed_earlier: f64,
    started: Instant,
    /// Time that earlier runs of the same scan took.
    earlier: Duration,
    /// Totals of the windows that are over.
    windows: WindowsOver,
}

/// Totals of the windows that are over.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct WindowsOver {
    pub counts: Counts,
    pub open: u64,
    pub hosts_up: u64,
    pub unanswered: u64,
    pub lost_on_path: f64,
    /// Why they ended, the worst of the reasons.
    pub ended: EndReason,
}

impl Default for WindowsOver {
    fn default() -> WindowsOver {
        WindowsOver {
            counts: Counts::default(),
            open: 0,
            hosts_up: 0,
            unanswered: 0,
            lost_on_path: 0.0,
            ended: EndReason::Complete,
        }
    }
}

/// What a step of the summary produced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Perhaps events, and there is more to come.
    More,
    /// Everything is reported.
    Done,
}

/// A sweep that is over and being reported.
#[derive(Debug)]
pub(crate) struct Summary {
    sweep: Partitions,
    host_table: HostTable,
    summarizer: Summarizer,
    ended: EndReason,
    udp: Option<Box<UdpScan>>,
}

impl Summary {
    /// Returns the sweep, and why it ended.
    pub(crate) fn into_parts(self) -> (Partitions, EndReason) {
        (self.sweep, self.ended)
    }

    /// Adds the results of the UDP ports.
    pub(crate) fn with_udp(mut self, udp: Option<Box<UdpScan>>) -> Summary {
        self.udp = udp;
        self
    }
}

impl Results {
    pub(crate) fn new(started: Instant) -> Results {
        Results {
            events: VecDeque::new(),
            open: 0,
            hosts_up: 0,
            unreachable: 0,
            stray: 0,
            kernel: KernelDrops::default(),
            kernel_elsewhere: KernelDrops::default(),
            answers: Vec::new(),
            unexpected_sources: Vec::new(),
            finished: Counts::default(),
            suppressed_earlier: 0.0,
            started,
            earlier: Duration::ZERO,
            windows: WindowsOver::default(),
        }
    }

    /// Stores an answer, and reports it at once if the port is open.
    pub(crate) fn add_answer(
        &mut self,
        answer: Answer,
        reply: Reply,
        host_table: &HostTable,
        plan: &Plan,
    ) {
        if reply != Reply::Negative || self.answers.len() < MAX_CLOSED_ANSWERS {
            self.answers.push(answer);
        }
        if reported_when_found(answer.state) {
            self.open += 1;
            self.events.push_back(Event::Port(
                answer.finding(host_table, plan.spec.tcp_ports()),
            ));
        }
    }

    /// Reports an open port whose details the caller stores.
    pub(crate) fn found_open(&mut self, finding: Finding) {
        self.open += 1;
        self.events.push_back(Event::Port(finding));
    }

    /// Adds the counts of the UDP ports.
    pub(crate) fn add_udp(&mut self, udp: &UdpScan) {
        self.finished.sent += udp.sent;
        self.finished.answered += udp.answered;
        self.finished.duplicates += udp.duplicates;
    }

    /// Returns one port that answered for each host: its place among the `n` ports, and the time to live of the
    /// answer.
    pub(crate) fn answering(&self, n: u64) -> BTreeMap<u64, (u64, Option<u8>)> {
        let mut answering = BTreeMap::new();
        for answer in self.answers.iter().filter(|k| k.from.is_none()) {
            answering
                .entry(answer.index / n.max(1))
                .or_insert((answer.index % n.max(1), answer.ttl));
        }
        answering
    }

    /// Adds the counts of rate-limit probing.
    pub(crate) fn add_probing(&mut self, prober: &RateLimitProber) {
        self.finished.sent += prober.sent;
        self.finished.answered += prober.answered;
    }

    /// Reports a host that is up.
    pub(crate) fn host_up(&mut self, found: HostFinding) {
        self.hosts_up += 1;
        self.events.push_back(Event::Host(found));
    }

    /// Counts a reply from an address that was not probed.
    pub(crate) fn unexpected_source(&mut self, from: IpAddr) {
        let full = self.unexpected_sources.len() >= MAX_UNEXPECTED_SOURCES;
        match self.unexpected_sources.iter_mut().find(|s| s.0 == from) {
            Some(known) => known.1 += 1,
            None if full => {}
            None => self.unexpected_sources.push((from, 1)),
        }
    }

    /// Returns what a checkpoint stores of a sweep of ports.
    pub(crate) fn progress(
        &self,
        sweeps: Vec<SweepState>,
        host_table: &HostTable,
        now: Instant,
    ) -> Progress {
        Progress {
            up: host_table.up().map(<[_]>::to_vec),
            sweeps,
            answers: self.answers.clone(),
            udp: None,
            hosts_up: self.hosts_up,
            elapsed: now.since(self.started) + self.earlier,
            window: 0,
            over: self.windows,
        }
    }

    /// Takes over what an earlier run has found, and reports it again: the outputs start from the beginning.
    pub(crate) fn resume(&mut self, progress: &Progress, host_table: &HostTable, plan: &Plan) {
        self.earlier = progress.elapsed;
        for up in progress.up.iter().flatten() {
            self.events.push_back(Event::Host(up.found));
        }
        // Hosts whose discovery was not complete are discovered again.
        self.hosts_up = if progress.sweeps.is_empty() {
            progress.over.hosts_up
        } else {
            progress.hosts_up
        };
        self.windows = progress.over;
        self.open = progress.over.open;
        self.add(progress.over.counts);
        for answer in &progress.answers {
            if reported_when_found(answer.state) {
                self.open += 1;
                self.events.push_back(Event::Port(
                    answer.finding(host_table, plan.spec.tcp_ports()),
                ));
            }
        }
        self.answers.clone_from(&progress.answers);
    }

    /// Counts a probe that was sent outside a sweep.
    pub(crate) fn count_sent(&mut self) {
        self.finished.sent += 1;
    }

    /// Adds the counts of a sweep that is over.
    pub(crate) fn add(&mut self, counts: Counts) {
        self.finished.sent += counts.sent;
        self.finished.answered += counts.answered;
        self.finished.duplicates += counts.duplicates;
    }

    /// Reports hosts that did not answer, if there are few targets. `up` holds the numbers of the others,
    /// and `unreachable` the errors of routers about some. After an early end a silent host is not reported as down:
    /// it might still have answered.
    pub(crate) fn missing(
        &mut self,
        targets: &TargetSet,
        up: &[u64],
        unreachable: &BTreeMap<u64, Reason>,
        cut_short: bool,
        plan: &Plan,
    ) {
        if plan.local.targets.len() > MAX_HOSTS_LISTED_DOWN {
            return;
        }
        let state = if cut_short {
            HostState::Unknown
        } else {
            HostState::Down
        };
        for i in (0..targets.len()).filter(|i| !up.contains(i)) {
            let (state, reason) = unreachable
                .get(&i)
                .map_or((state, Reason::NoResponse), |why| (HostState::Down, *why));
            self.hosts([targets.at(i).0], state, reason);
        }
    }

    /// Reports targets that cannot be probed because the router to them does not answer.
    pub(crate) fn unreachable(&mut self, targets: &TargetSet) {
        self.unreachable += targets.len();
        if targets.len() <= MAX_HOSTS_LISTED_DOWN {
            let hosts = (0..targets.len()).map(|i| targets.at(i).0);
            self.hosts(hosts, HostState::Unknown, Reason::NoRoute);
        }
    }

    fn hosts(&mut self, hosts: impl IntoIterator<Item = Host>, state: HostState, reason: Reason) {
        for host in hosts {
            self.events.push_back(Event::Host(HostFinding {
                host,
                state,
                reason,
                rtt: None,
                mac: None,
                ttl: None,
            }));
        }
    }

    /// Returns empty results for a partition of the same scan.
    pub(crate) fn split_off(&self) -> Results {
        Results {
            hosts_up: self.hosts_up,
            earlier: self.earlier,
            ..Results::new(self.started)
        }
    }

    /// Adds what another partition has found.
    pub(crate) fn absorb(&mut self, mut other: Results) {
        self.events.append(&mut other.events);
        self.open += other.open;
        self.stray += other.stray;
        self.kernel_elsewhere.sending += other.kernel.sending;
        self.kernel_elsewhere.receiving += other.kernel.receiving;
        self.answers.append(&mut other.answers);
        for (from, count) in other.unexpected_sources {
            let full = self.unexpected_sources.len() >= MAX_UNEXPECTED_SOURCES;
            match self.unexpected_sources.iter_mut().find(|s| s.0 == from) {
                Some(known) => known.1 += count,
                None if full => {}
                None => self.unexpected_sources.push((from, count)),
            }
        }
    }

    /// Begins to report the ports.
    pub(crate) fn begin_summary(
        &mut self,
        sweep: Partitions,
        host_table: HostTable,
        ended: EndReason,
        defaults: DefaultVerdicts,
        plan: &Plan,
        now: Instant,
    ) -> Summary {
        sweep.counts().for_each(|counts| self.add(counts));
        for i in sweep.fallen_silent() {
            let (host, ..) = host_table.at(i);
            self.events
                .push_back(Event::Warning(Warning::StoppedAnswering { host }));
        }
        self.limits(&sweep, &host_table, now);
        let answers = core::mem::take(&mut self.answers);
        let summarizer = Summarizer::new(answers, ended, defaults, plan.local.targets.len());
        Summary {
            sweep,
            host_table,
            summarizer,
            ended,
            udp: None,
        }
    }

    /// Reports the hosts that limit their resets or errors.
    fn limits(&mut self, sweep: &Partitions, host_table: &HostTable, now: Instant) {
        for (number, limited) in sweep.hosts().rate_limits() {
            let measured = sweep.probing().and_then(|probing| probing.rate(*number));
            if let Some(rate) = limited
                .rate()
                .or(measured)
                .or_else(|| limited.upper_bound(now))
            {
                let (host, ..) = host_table.at(*number);
                let warning = Warning::LimitsResets { host, rate };
                self.events.push_back(Event::Warning(warning));
            }
        }
        for (number, rate) in sweep
            .probing()
            .into_iter()
            .flat_map(RateLimitProber::limiting_errors)
        {
            let (host, ..) = host_table.at(number);
            let warning = Warning::LimitsErrors { host, rate };
            self.events.push_back(Event::Warning(warning));
        }
        for (number, limited) in sweep.hosts().error_limits() {
            if let Some(rate) = limited.rate().or_else(|| limited.upper_bound(now)) {
                let (host, ..) = host_table.at(*number);
                let warning = Warning::LimitsErrors { host, rate };
                self.events.push_back(Event::Warning(warning));
            }
        }
    }

    /// Appends the events of the next host, if one is found soon.
    pub(crate) fn step(&mut self, summary: &mut Summary, plan: &Plan) -> Step {
        let Summary {
            sweep,
            host_table,
            summarizer,
            udp,
            ..
        } = summary;
        let inputs = Inputs {
            sweep,
            host_table,
            ports: plan.spec.tcp_ports(),
            udp: udp.as_deref(),
        };
        summarizer.step(&inputs, plan.spec.listing, &mut self.events)
    }
}
