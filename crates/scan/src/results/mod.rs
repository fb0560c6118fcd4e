//! What a scan has found so far, and how it is closed: shared by every engine.
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

/// Keep closed ports with their details until there are this many findings; then only count them.
const KEEP_CLOSED: usize = 1 << 16;
/// Hosts that are down are told one by one where no more than this were asked for.
const FEW_HOSTS: u64 = 256;
/// Addresses that answered without being asked: this many are told apart.
const STRANGERS: usize = 16;

/// Frames that the kernel says it dropped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KernelDrops {
    /// On sending.
    pub sending: u64,
    /// On receiving.
    pub receiving: u64,
}

/// What is known and not yet told.
#[derive(Clone, Debug)]
pub(crate) struct Results {
    pub events: VecDeque<Event>,
    pub open: u64,
    pub hosts_up: u64,
    /// Targets that nothing could be sent to.
    pub unreachable: u64,
    pub stray: u64,
    pub kernel: KernelDrops,
    /// What it dropped of the other parts of the scan.
    kernel_elsewhere: KernelDrops,
    kept: Vec<Answer>,
    strangers: Vec<(IpAddr, u64)>,
    /// What the stages that are over have counted.
    before: Counts,
    /// What limiters kept back in the windows before this one.
    suppressed_before: f64,
    started: Instant,
    /// What earlier runs of the same scan took.
    earlier: Duration,
    /// What the windows that are over leave behind.
    windows: WindowsOver,
}

/// What the windows of a scan that are over leave behind.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct WindowsOver {
    pub counts: Counts,
    pub open: u64,
    pub hosts_up: u64,
    pub unanswered: u64,
    pub lost_on_path: f64,
    /// Why they ended, the worst of it.
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

/// What came of a step of the summary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// There may be something to tell, and there is more to come.
    More,
    /// All is told.
    Done,
}

/// A sweep that is over and being told of.
#[derive(Debug)]
pub(crate) struct Summary {
    sweep: Partitions,
    host_table: HostTable,
    summarizer: Summarizer,
    ended: EndReason,
    udp: Option<Box<UdpScan>>,
}

impl Summary {
    /// What it tells of, and why that ended.
    pub(crate) fn into_parts(self) -> (Partitions, EndReason) {
        (self.sweep, self.ended)
    }

    /// With the UDP stage's results.
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
            kept: Vec::new(),
            strangers: Vec::new(),
            before: Counts::default(),
            suppressed_before: 0.0,
            started,
            earlier: Duration::ZERO,
            windows: WindowsOver::default(),
        }
    }

    /// Keeps an answer; tells of it at once if people wait for it.
    pub(crate) fn keep(&mut self, kept: Answer, reply: Reply, host_table: &HostTable, plan: &Plan) {
        if reply != Reply::Negative || self.kept.len() < KEEP_CLOSED {
            self.kept.push(kept);
        }
        if reported_when_found(kept.state) {
            self.open += 1;
            self.events
                .push_back(Event::Port(kept.finding(host_table, plan.spec.tcp_ports())));
        }
    }

    /// A port is open, and whoever found it keeps it.
    pub(crate) fn found_open(&mut self, finding: Finding) {
        self.open += 1;
        self.events.push_back(Event::Port(finding));
    }

    /// What a stage without a sweep of its own has counted.
    pub(crate) fn add_udp(&mut self, udp: &UdpScan) {
        self.before.sent += udp.sent;
        self.before.answered += udp.answered;
        self.before.duplicates += udp.duplicates;
    }

    /// For each host one port that answered: its number among the `n` ports of each, and the answer's time to live.
    pub(crate) fn answering(&self, n: u64) -> BTreeMap<u64, (u64, Option<u8>)> {
        let mut answering = BTreeMap::new();
        for kept in self.kept.iter().filter(|k| k.from.is_none()) {
            answering
                .entry(kept.index / n.max(1))
                .or_insert((kept.index % n.max(1), kept.ttl));
        }
        answering
    }

    /// What the proofs have counted.
    pub(crate) fn add_proofs(&mut self, proofs: &RateLimitProber) {
        self.before.sent += proofs.sent;
        self.before.answered += proofs.answered;
    }

    /// A host is up.
    pub(crate) fn up(&mut self, found: HostFinding) {
        self.hosts_up += 1;
        self.events.push_back(Event::Host(found));
    }

    /// An answer came from an address that was not asked.
    pub(crate) fn stranger(&mut self, from: IpAddr) {
        let full = self.strangers.len() >= STRANGERS;
        match self.strangers.iter_mut().find(|s| s.0 == from) {
            Some(known) => known.1 += 1,
            None if full => {}
            None => self.strangers.push((from, 1)),
        }
    }

    /// How far a sweep of ports came.
    pub(crate) fn progress(
        &self,
        sweeps: Vec<SweepState>,
        host_table: &HostTable,
        now: Instant,
    ) -> Progress {
        Progress {
            up: host_table.up().map(<[_]>::to_vec),
            sweeps,
            kept: self.kept.clone(),
            udp: None,
            hosts_up: self.hosts_up,
            elapsed: now.since(self.started) + self.earlier,
            window: 0,
            over: self.windows,
        }
    }

    /// Takes up what an earlier run has found, and tells of it again: the outputs begin anew.
    pub(crate) fn resume(&mut self, progress: &Progress, host_table: &HostTable, plan: &Plan) {
        self.earlier = progress.elapsed;
        for up in progress.up.iter().flatten() {
            self.events.push_back(Event::Host(up.found));
        }
        // Hosts that were still being looked for are looked for anew.
        self.hosts_up = if progress.sweeps.is_empty() {
            progress.over.hosts_up
        } else {
            progress.hosts_up
        };
        self.windows = progress.over;
        self.open = progress.over.open;
        self.add(progress.over.counts);
        for kept in &progress.kept {
            if reported_when_found(kept.state) {
                self.open += 1;
                self.events
                    .push_back(Event::Port(kept.finding(host_table, plan.spec.tcp_ports())));
            }
        }
        self.kept.clone_from(&progress.kept);
    }

    /// A probe was sent outside any sweep.
    pub(crate) fn count_sent(&mut self) {
        self.before.sent += 1;
    }

    /// A sweep is over.
    pub(crate) fn add(&mut self, counts: Counts) {
        self.before.sent += counts.sent;
        self.before.answered += counts.answered;
        self.before.duplicates += counts.duplicates;
    }

    /// Hosts that did not answer, one by one where they are few. `up` holds the numbers of the others.
    /// Of a search that was cut short nobody knows who would have answered yet: they are not called down.
    /// `unreachable` holds the router's word for some of them.
    pub(crate) fn missing(
        &mut self,
        targets: &TargetSet,
        up: &[u64],
        unreachable: &BTreeMap<u64, Reason>,
        cut_short: bool,
        plan: &Plan,
    ) {
        if plan.local.targets.len() > FEW_HOSTS {
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

    /// Targets that nothing can be sent to, because nobody answers for the router before them.
    pub(crate) fn unreachable(&mut self, targets: &TargetSet) {
        self.unreachable += targets.len();
        if targets.len() <= FEW_HOSTS {
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

    /// Empty results of a part of the same scan.
    pub(crate) fn split_off(&self) -> Results {
        Results {
            hosts_up: self.hosts_up,
            earlier: self.earlier,
            ..Results::new(self.started)
        }
    }

    /// What another part has found.
    pub(crate) fn absorb(&mut self, mut other: Results) {
        self.events.append(&mut other.events);
        self.open += other.open;
        self.stray += other.stray;
        self.kernel_elsewhere.sending += other.kernel.sending;
        self.kernel_elsewhere.receiving += other.kernel.receiving;
        self.kept.append(&mut other.kept);
        for (from, count) in other.strangers {
            let full = self.strangers.len() >= STRANGERS;
            match self.strangers.iter_mut().find(|s| s.0 == from) {
                Some(known) => known.1 += count,
                None if full => {}
                None => self.strangers.push((from, count)),
            }
        }
    }

    /// Begins to tell of the ports.
    pub(crate) fn tell(
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
        let kept = core::mem::take(&mut self.kept);
        let summarizer = Summarizer::new(kept, ended, defaults, plan.local.targets.len());
        Summary {
            sweep,
            host_table,
            summarizer,
            ended,
            udp: None,
        }
    }

    /// Tells of the hosts that limit what they answer.
    fn limits(&mut self, sweep: &Partitions, host_table: &HostTable, now: Instant) {
        for (number, limited) in sweep.hosts().rate_limits() {
            let measured = sweep.proofs().and_then(|proofs| proofs.rate(*number));
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
            .proofs()
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

    /// The events of the next host worth it, if it is found soon.
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
