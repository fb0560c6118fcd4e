//! What a scan tells while it runs and when it ends.
//!
//! Everything that prints, stores, converts or compares reads this one stream.
//! This file must not know any output format.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::net::IpAddr;
use core::time::Duration;

use crate::finding::{Finding, HostFinding, PortState, Reason};
use crate::open_port_check::OpenPortCheck;
use crate::plan::DiscoveryProbe;
pub use crate::rate_limit::sample::Sample;
pub use crate::traceroute::Hop;
use vigie_scope::Host;

/// One thing that the scan has to say.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A host was found to be up, or its state was settled at the end.
    Host(HostFinding),
    /// A port's state is settled.
    Port(Finding),
    /// The way to a host, before its last event.
    Path(Box<Path>),
    /// Everything about one host is known; its last event.
    HostDone(Box<HostSummary>),
    /// Something that the user should know about the results.
    Warning(Warning),
    /// Where probes and answers went; once, before the end.
    Loss(LossAccount),
    /// The last event.
    End(ScanSummary),
}

/// The routers on the way to a host.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// Which host.
    pub host: Host,
    /// What was asked; none where nothing had to be, the host being a neighbour.
    pub probe: Option<DiscoveryProbe>,
    /// Each step, from the nearest router to the host itself.
    pub hops: Vec<Hop>,
}

/// How many ports of a host have one state for one reason.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StateCount {
    /// The state.
    pub state: PortState,
    /// Why.
    pub reason: Reason,
    /// How many ports.
    pub count: u64,
    /// Whether each of them also has an [`Event::Port`] of its own.
    pub listed: bool,
    /// The largest miss probability among them: 0 where all answered.
    pub miss_probability: f64,
    /// The most tries that one of them got.
    pub tries: u8,
}

/// One host's results in numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct HostSummary {
    /// Whether the host is there.
    pub host: HostFinding,
    /// Counts by state and reason; the sum is the number of ports asked for.
    pub counts: Vec<StateCount>,
    /// Why the tries at this host's silent ports ended.
    pub ended: EndReason,
    /// What its UDP ports were scanned with, where they were.
    pub udp: Option<UdpSummary>,
}

/// How a host says that UDP ports are closed, and what is known of those that are not proven.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UdpSummary {
    /// How many errors it sends.
    pub limit: ErrorLimit,
    /// Ports of which nothing is proven.
    pub unproven: u64,
    /// What a random sample says of them.
    pub sample: Option<Sample>,
}

/// How many ICMP errors a host sends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ErrorLimit {
    /// None at all: it never said of a port that it is closed, and its silence says nothing.
    Unresponsive,
    /// As many as it was asked for.
    Unlimited,
    /// So many a second.
    Limited {
        /// Errors a second, measured.
        rate: f64,
        /// How many it sends at once after a while of none, as far as that was seen.
        burst: Option<u32>,
    },
}

/// Why no more tries were made at silent ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndReason {
    /// Nothing was left unknown, or the miss probability is below the bound.
    Complete,
    /// The most tries allowed were made, and the bound is not reached.
    MaxTries,
    /// The time allowed for the host ended.
    HostTimeout,
    /// The time allowed for the scan ended.
    MaxTime,
    /// The user stopped the scan.
    Interrupted,
    /// This machine could not go on: the link went down, a router is not there, the kernel refuses.
    Failed,
    /// What a scan spends on proving UDP ports closed where nothing is said (`--complete` goes on).
    Budget,
}

impl EndReason {
    /// Whether it came before every probe had its tries.
    pub const fn is_early(self) -> bool {
        !matches!(self, EndReason::Complete | EndReason::MaxTries)
    }
}

impl EndReason {
    /// Of two parts of a scan that ended for these reasons: why the whole did.
    #[must_use]
    pub fn worse(self, other: EndReason) -> EndReason {
        let order = [
            EndReason::Failed,
            EndReason::Interrupted,
            EndReason::MaxTime,
            EndReason::HostTimeout,
            EndReason::Budget,
            EndReason::MaxTries,
        ];
        let worst = order.into_iter().find(|end| [self, other].contains(end));
        worst.unwrap_or(EndReason::Complete)
    }
}

/// Something the user should know about the results.
#[derive(Clone, Debug, PartialEq)]
pub enum Warning {
    /// This kernel dropped `frames` before the scan could read them.
    KernelDropped {
        /// How many.
        frames: u64,
    },
    /// Every port of the host answers as open: a SYN proxy or a tarpit, as far as connections do not say otherwise.
    AllOpen {
        /// Which host.
        host: Host,
        /// What full connections to some of them became, where they were made.
        handshakes: Option<Box<OpenPortCheck>>,
    },
    /// Answers came from an address that was not asked.
    StrangeSource {
        /// Who answered.
        from: IpAddr,
        /// How often.
        count: u64,
    },
    /// Ports that answered early in the scan no longer do.
    StoppedAnswering {
        /// Which host.
        host: Host,
    },
    /// The resets of a host come from another distance than what it certainly said itself: something before it
    /// refuses in its name, and its closed ports are that one's word.
    ForeignResets {
        /// Which host.
        host: Host,
        /// How many ports were reset.
        count: u64,
        /// Time to live of the resets, all of them the same.
        ttl: u8,
        /// Time to live of the host's own answers.
        own_ttl: u8,
    },
    /// The host sends so many resets a second and no more.
    LimitsResets {
        /// Which host.
        host: Host,
        /// Resets a second, measured.
        rate: f64,
    },
    /// The host sends so many ICMP errors a second and no more.
    LimitsErrors {
        /// Which host.
        host: Host,
        /// Errors a second, measured.
        rate: f64,
    },
    /// A router does not answer for its address: the targets behind it cannot be probed.
    Unresolved {
        /// Which router.
        host: Host,
    },
}

/// Where probes and answers went.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LossAccount {
    /// Probes handed to the kernel, retries included.
    pub sent: u64,
    /// Probes that got an answer of their own.
    pub answered: u64,
    /// Answers that came again for a probe already answered.
    pub duplicates: u64,
    /// Frames that looked like answers and proved not to be.
    pub stray: u64,
    /// Estimate: probes or answers lost on the path.
    pub lost_on_path: f64,
    /// Estimate: answers that the target's own limiter held back.
    pub suppressed: f64,
    /// Counted: frames that this kernel dropped on sending.
    pub dropped_sending: u64,
    /// Counted: frames that this kernel dropped on receiving.
    pub dropped_receiving: u64,
    /// Probes never answered.
    pub unanswered: u64,
    /// Estimated probability that a probe or its answer is lost, 0..1.
    pub loss_rate: f64,
    /// Whether that was measured; otherwise too little came back, and it is what is assumed at most.
    pub measured: bool,
    /// Smoothed round-trip time, where one was measured.
    pub srtt: Option<Duration>,
}

/// How the scan ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScanSummary {
    /// Every probe of the plan was made and settled.
    pub complete: bool,
    /// Why the tries ended.
    pub ended: EndReason,
    /// From the first packet to the last event.
    pub elapsed: Duration,
    /// Hosts asked for.
    pub hosts: u64,
    /// Hosts found to be up.
    pub hosts_up: u64,
    /// Ports asked for, per host.
    pub ports: u64,
}

/// How far the scan is; asked for, not an event.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Progress {
    /// Of the work known now, the share done, 0..1.
    pub done: f64,
    /// Probes a second at present.
    pub rate: f64,
    /// Probes handed to the kernel so far in this stage, retries included.
    pub sent: u64,
    /// Estimated probability that a probe or its answer is lost, 0..1.
    pub loss_rate: f64,
    /// Time left at the present pace, where it can be said.
    pub eta: Option<Duration>,
    /// The round of tries, from 1.
    pub round: u8,
    /// Open ports found so far.
    pub open: u64,
    /// Whether hosts are still being looked for.
    pub discovering: bool,
    /// Whether it is the UDP ports' turn.
    pub udp: bool,
}
