//! Groups of results that are explained together.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use vigie_scan::event::ErrorLimit;
use vigie_scan::open_port_check::OpenPortCheck;
use vigie_scan::{PortState, Reason};
use vigie_scope::{Host, Transport};

use crate::scan::gather::HostResult;

/// A kind of results that are explained together. The order is that of the explanations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// This machine itself.
    Own,
    /// Hosts that are up for this reason.
    Up(Reason),
    /// A host whose ports all appear open.
    AllOpen(Host),
    /// Ports of this state for this reason.
    Ports(Rank, PortState, Reason, Transport),
    /// Hosts without an answer.
    Down,
    /// Hosts behind routers whose route was traced.
    Traced,
}

/// Rank of a port state: the most interesting states come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    Open,
    PerhapsOpen,
    Filtered,
    Closed,
    Unknown,
}

impl Rank {
    pub(super) const fn of(state: PortState) -> Rank {
        match state {
            PortState::Open => Rank::Open,
            PortState::OpenFiltered | PortState::Unfiltered => Rank::PerhapsOpen,
            PortState::Filtered | PortState::ClosedFiltered => Rank::Filtered,
            PortState::Closed => Rank::Closed,
            PortState::Unknown => Rank::Unknown,
        }
    }
}

/// Results with the same outcome.
#[derive(Clone, Debug, Default)]
pub(super) struct Group {
    /// The hosts with their ports.
    pub(super) places: BTreeMap<Host, Place>,
    /// Number of ports, or of hosts.
    pub(super) total: u64,
    /// Senders of the answers other than the host itself.
    pub(super) from: BTreeSet<IpAddr>,
    /// For silent ports: how certain the result is, and for how many ports.
    pub(super) certainties: BTreeMap<Certainty, Share>,
    /// Ports whose servers may be silent by design, by reason (a text key).
    pub(super) by_design: BTreeMap<&'static str, Vec<u16>>,
    /// Whether some ports were probed with the protocol that is registered for them, and whether some were not.
    pub(super) probed: (bool, bool),
    /// The connections to a host whose ports all appear open.
    pub(super) check: Option<Box<OpenPortCheck>>,
}

/// How certain the result for a silent port is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Certainty {
    /// Bits of the miss probability. The bits of numbers that are not negative sort like the numbers.
    pub(super) miss: u64,
    pub(super) tries: u8,
    /// What the host's other ports did.
    pub(super) others: Others,
}

/// What the other ports of a host did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Others {
    /// Some answered.
    Answered,
    /// None did.
    Silent,
    /// The host never reported a closed UDP port.
    Unresponsive,
}

/// Number of ports, and their hosts.
#[derive(Clone, Debug, Default)]
pub(super) struct Share {
    pub(super) ports: u64,
    pub(super) hosts: BTreeSet<Host>,
}

/// The ports of one host.
#[derive(Clone, Debug, Default)]
pub(super) struct Place {
    /// Ports with a number.
    pub(super) listed: Vec<u16>,
    /// Number of further ports.
    pub(super) counted: u64,
}

impl Group {
    /// Adds silent ports of a host and how certain their result is.
    pub(super) fn add_silent(
        &mut self,
        miss: f64,
        tries: u8,
        others: Others,
        (host, ports): (Host, u64),
    ) {
        let certainty = Certainty {
            miss: miss.max(0.0).to_bits(),
            tries,
            others,
        };
        let share = self.certainties.entry(certainty).or_default();
        share.ports = share.ports.saturating_add(ports);
        share.hosts.insert(host);
    }
}

/// Returns what the other ports of a host did.
pub(super) fn others(result: &HostResult, transport: Transport) -> Others {
    let udp = transport == Transport::Udp;
    if udp
        && result
            .udp
            .as_ref()
            .is_some_and(|u| u.limit == ErrorLimit::Unresponsive)
    {
        return Others::Unresponsive;
    }
    let answered = |reason: Reason| {
        !matches!(
            reason,
            Reason::NoResponse | Reason::NotProbed | Reason::Unproven
        )
    };
    let mut counts = result.counts.iter().filter(|c| c.count > 0);
    if result.ports.iter().any(|p| answered(p.reason)) || counts.any(|c| answered(c.reason)) {
        Others::Answered
    } else {
        Others::Silent
    }
}
