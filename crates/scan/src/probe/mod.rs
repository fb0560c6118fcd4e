//! Probes: how one is made, and what its answers look like. One file per kind.
//!
//! A probe is prepared once per route as a [`Template`] and stamped per packet
//! with destination, port and cookie (the habit of zmap's probe modules). A new
//! kind is one file here and one word in `KINDS`. This room must not know
//! rounds, pace or ledgers.

mod icmp_echo;
mod icmp_timestamp;
mod neighbour;
mod tcp_ack;
mod tcp_syn;
mod template;
pub mod unreachable;

use core::net::IpAddr;

use vigie_packet::frame::Frame;
use vigie_packet::quote::Quote;
use vigie_packet::{MacAddr, WriteError};

use crate::finding::{PortState, Reason};
use crate::ledger::Known;
use crate::plan::Route;

pub use template::Template;

/// A kind of probe.
pub trait Probe: Sync {
    /// Its name in machine formats.
    fn name(&self) -> &'static str;

    /// The probe as it leaves by `route`, all but destination, port and cookie.
    fn prepare(&self, route: &Route, source_port: u16) -> Result<Template, WriteError>;

    /// Writes the probe to `to` into `slot`; its length. The default stamps the template.
    fn write(&self, template: &Template, slot: &mut [u8], to: &To) -> usize {
        template.stamp(slot, to)
    }

    /// Reads a frame that may answer a probe of this kind.
    fn answer(&self, frame: &Frame<'_>, source_port: u16) -> Option<Answer>;

    /// What the quote in an ICMP error says of a probe of this kind: port and the cookie's 32 bits.
    fn quoted(&self, quote: &Quote<'_>, source_port: u16) -> Option<(u16, u32)>;

    /// The state of a port that stayed silent.
    fn silence(&self) -> PortState {
        PortState::Filtered
    }
}

/// Every kind, each in its own file.
const KINDS: &[&dyn Probe] = &[
    &tcp_syn::TcpSyn,
    &tcp_ack::TcpAck,
    &icmp_echo::IcmpEcho,
    &icmp_timestamp::IcmpTimestamp,
    &neighbour::Neighbour,
];

/// A kind of probe, by its place in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind(u8);

impl Kind {
    /// A bare SYN (`-sS`, `-PS`).
    pub const SYN: Kind = Kind(0);
    /// A bare ACK (`-PA`).
    pub const ACK: Kind = Kind(1);
    /// An ICMP or ICMPv6 echo request (`-PE`).
    pub const ECHO: Kind = Kind(2);
    /// An ICMP timestamp request (`-PP`).
    pub const TIMESTAMP: Kind = Kind(3);
    /// An ARP request or a neighbour solicitation (`-PR`).
    pub const NEIGHBOUR: Kind = Kind(4);

    /// All of them, in order.
    pub fn all() -> impl Iterator<Item = Kind> {
        (0..KINDS.len() as u8).map(Kind)
    }

    /// What it does.
    #[inline]
    pub fn probe(self) -> &'static dyn Probe {
        KINDS[usize::from(self.0)]
    }

    /// Its place in the list.
    #[inline]
    pub const fn place(self) -> usize {
        self.0 as usize
    }
}

/// Where a probe goes.
#[derive(Clone, Copy, Debug)]
pub struct To {
    /// The target.
    pub ip: IpAddr,
    /// The hardware address that the frame is for, on links that have them.
    pub mac: MacAddr,
    /// The port, for probes that have one.
    pub port: u16,
    /// The cookie's 32 bits.
    pub cookie: u32,
}

/// What a frame says, if it is the answer that it looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The host that it speaks of.
    pub ip: IpAddr,
    /// The port that it speaks of; 0 for probes without one.
    pub port: u16,
    /// The value that must be the probe's cookie; none where the protocol gives nothing back.
    pub echoed: Option<u32>,
    /// What it proves.
    pub verdict: Verdict,
    /// The hardware address it tells, for neighbour probes.
    pub mac: Option<MacAddr>,
}

/// A state and its reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What goes into the ledger.
    pub known: Known,
    /// The port's state.
    pub state: PortState,
    /// Why.
    pub reason: Reason,
}

impl Verdict {
    /// An open port, or a host that is up.
    pub const fn open(reason: Reason) -> Verdict {
        Verdict {
            known: Known::Positive,
            state: PortState::Open,
            reason,
        }
    }

    /// A closed port.
    pub const fn closed(reason: Reason) -> Verdict {
        Verdict {
            known: Known::Negative,
            state: PortState::Closed,
            reason,
        }
    }

    /// A filtered port.
    pub const fn filtered(reason: Reason) -> Verdict {
        Verdict {
            known: Known::Other,
            state: PortState::Filtered,
            reason,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_places_agree() {
        let known = [
            Kind::SYN,
            Kind::ACK,
            Kind::ECHO,
            Kind::TIMESTAMP,
            Kind::NEIGHBOUR,
        ];
        let names = [
            "tcp-syn",
            "tcp-ack",
            "icmp-echo",
            "icmp-timestamp",
            "neighbour",
        ];
        assert_eq!(known.map(|k| k.probe().name()), names);
        assert_eq!(Kind::all().count(), known.len());
    }
}
