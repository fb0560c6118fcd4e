//! What a scan reports while it runs and when it ends.
//!
//! Everything that prints, stores, converts or compares scans reads this one stream. This file must not know any
//! output format.

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

/// One event of a scan.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A host is up, or its state was settled at the end.
    Host(HostFinding),
    /// The state of a port is settled.
    Port(Finding),
    /// The route to a host; reported before its last event.
    Path(Box<Path>),
    /// Everything about one host is known. The last event of that host.
    HostDone(Box<HostSummary>),
    /// Something that the user should know about the results.
    Warning(Warning),
    /// Where probes and replies went. Reported once, before the end.
    Loss(LossAccount),
    /// The last event of the scan.
    End(ScanSummary),
}

/// The routers on the route to a host.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// The host.
    pub host: Host,
    /// The probe that traced the route; `None` for a neighbour, whose route is known.
    pub probe: Option<DiscoveryProbe>,
    /// The hops, from the nearest router to the host itself.
    pub hops: Vec<Hop>,
}

/// Number of ports of a host with the same state and reason.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StateCount {
    /// State.
    pub state: PortState,
    /// Reason.
    pub reason: Reason,
    /// Number of ports.
    pub count: u64,
    /// Whether each of these ports also has an [`Event::Port`].
    pub listed: bool,
    /// Largest miss probability among them; 0 if all answered.
    pub miss_probability: f64,
    /// Largest number of tries among them.
    pub tries: u8,
}

/// Results of one host in numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct HostSummary {
    /// Whether the host is up, and why.
    pub host: HostFinding,
    /// Counts by state and reason; their sum is the number of ports scanned.
    pub counts: Vec<StateCount>,
    /// Why the tries at the silent ports of this host ended.
    pub ended: EndReason,
    /// Summary of the UDP ports; `None` if none were scanned.
    pub udp: Option<UdpSummary>,
}

/// How a host reports closed UDP ports, and what is known about the ports that are not proven.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UdpSummary {
    /// How the host limits its ICMP errors.
    pub limit: ErrorLimit,
    /// Number of ports whose state is not proven.
    pub unproven: u64,
    /// Bound on the unproven ports, from a random sample.
    pub sample: Option<Sample>,
}

/// How a host limits its ICMP errors.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ErrorLimit {
    /// The host sent no error at all: its silence proves nothing.
    Unresponsive,
    /// The host answered every probe.
    Unlimited,
    /// The host sends errors at a limited rate.
    Limited {
        /// Measured errors per second.
        rate: f64,
        /// Errors sent at once after a pause, if that was observed.
        burst: Option<u32>,
    },
}

/// Why no more tries were made at silent ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndReason {
    /// No port was left unknown, or the miss probability is below the limit.
    Complete,
    /// The maximum number of tries was made, and the miss probability is above the limit.
    MaxTries,
    /// The maximum time for the host was over.
    HostTimeout,
    /// The maximum time for the scan was over.
    MaxTime,
    /// The user stopped the scan.
    Interrupted,
    /// This machine could not continue: the link went down, a router did not answer, or the kernel refused.
    Failed,
    /// The time for proving closed ports was over (`--complete` removes that limit).
    Budget,
}

impl EndReason {
    /// Whether the scan ended before every probe had its tries.
    pub const fn is_early(self) -> bool {
        !matches!(self, EndReason::Complete | EndReason::MaxTries)
    }
}

impl EndReason {
    /// Returns why the whole ended, for two parts of a scan that ended for these reasons.
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

/// Something that the user should know about the results.
#[derive(Clone, Debug, PartialEq)]
pub enum Warning {
    /// This kernel dropped frames before the scan could read them.
    KernelDropped {
        /// Number of frames.
        frames: u64,
    },
    /// Every port of the host answers as open: probably a SYN proxy or a tarpit, unless full connections show
    /// otherwise.
    AllOpen {
        /// The host.
        host: Host,
        /// Result of the full connections to some of the ports, if any were made.
        handshakes: Option<Box<OpenPortCheck>>,
    },
    /// Replies came from an address that was not probed.
    StrangeSource {
        /// The address.
        from: IpAddr,
        /// Number of replies.
        count: u64,
    },
    /// Ports that answered early in the scan no longer do.
    StoppedAnswering {
        /// The host.
        host: Host,
    },
    /// The resets of a host come from another distance than its own replies: a device in front of it sends them on its
    /// behalf, so closed ports describe that device.
    ForeignResets {
        /// The host.
        host: Host,
        /// Number of ports that were reset.
        count: u64,
        /// Time to live of the resets; all have the same.
        ttl: u8,
        /// Time to live of the host's own replies.
        own_ttl: u8,
    },
    /// The host limits its resets.
    LimitsResets {
        /// The host.
        host: Host,
        /// Measured resets per second.
        rate: f64,
    },
    /// The host limits its ICMP errors.
    LimitsErrors {
        /// The host.
        host: Host,
        /// Measured errors per second.
        rate: f64,
    },
    /// A router did not answer for its address. The targets behind it cannot be probed.
    Unresolved {
        /// The router.
        host: Host,
    },
}

/// Where probes and replies went.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LossAccount {
    /// Probes handed to the kernel, retries included.
    pub sent: u64,
    /// Probes that got a reply.
    pub answered: u64,
    /// Further replies to a probe that was already answered.
    pub duplicates: u64,
    /// Frames that looked like replies and proved not to be.
    pub stray: u64,
    /// Estimate: probes or replies lost on the path.
    pub lost_on_path: f64,
    /// Estimate: replies that the target's own limiter suppressed.
    pub suppressed: f64,
    /// Frames that this kernel dropped on sending.
    pub dropped_sending: u64,
    /// Frames that this kernel dropped on receiving.
    pub dropped_receiving: u64,
    /// Probes that were never answered.
    pub unanswered: u64,
    /// Estimated probability (0 to 1) that a probe or its reply is lost.
    pub loss_rate: f64,
    /// Whether the loss rate was measured. If too little came back, it is the assumed maximum.
    pub measured: bool,
    /// Smoothed round-trip time, if one was measured.
    pub srtt: Option<Duration>,
}

/// How the scan ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScanSummary {
    /// Whether every probe of the plan was made and settled.
    pub complete: bool,
    /// Why the tries ended.
    pub ended: EndReason,
    /// Time from the first packet to the last event.
    pub elapsed: Duration,
    /// Number of targets.
    pub hosts: u64,
    /// Number of hosts that are up.
    pub hosts_up: u64,
    /// Number of ports scanned on each host.
    pub ports: u64,
}

/// How far the scan is. Polled, not an event.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Progress {
    /// Share of the known work that is done (0 to 1).
    pub done: f64,
    /// Current probes per second.
    pub rate: f64,
    /// Probes handed to the kernel in this phase, retries included.
    pub sent: u64,
    /// Estimated probability (0 to 1) that a probe or its reply is lost.
    pub loss_rate: f64,
    /// Time left at the current rate, if it can be estimated.
    pub eta: Option<Duration>,
    /// Round of tries, from 1.
    pub round: u8,
    /// Open ports found so far.
    pub open: u64,
    /// Whether hosts are still being discovered.
    pub discovering: bool,
    /// Whether UDP ports are being scanned.
    pub udp: bool,
}
