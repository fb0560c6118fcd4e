//! Probes: how one is made, and what its answers look like. One file per kind.
//!
//! A probe is prepared once per route as a [`Template`] and stamped per packet
//! with destination, port and cookie (the habit of zmap's probe modules). A new
//! kind is one file here and one word in `KINDS`. This room must not know
//! rounds, pace or ledgers.

mod icmp_echo;
mod icmp_mask;
mod icmp_timestamp;
mod ip_protocol;
mod neighbour;
mod sctp;
mod sctp_cookie_echo;
mod sctp_init;
mod tcp_ack;
mod tcp_fin;
mod tcp_maimon;
mod tcp_null;
mod tcp_segment;
mod tcp_syn;
mod tcp_window;
mod tcp_xmas;
mod template;
mod udp_ping;
pub mod unreachable;

use core::net::IpAddr;

use vigie_wire::frame::Frame;
use vigie_wire::quote::Quote;
use vigie_wire::tcp::Flags;
use vigie_wire::{MacAddr, WriteError};

use crate::finding::{PortState, Reason};
use crate::ledger::Reply;
use crate::plan::Route;

pub use template::Template;

/// A kind of probe.
pub trait Probe: Sync {
    /// Its name in machine formats.
    fn name(&self) -> &'static str;

    /// The probe as it leaves by `route`, all but destination, port and cookie.
    fn prepare(&self, route: &Route, source_port: u16) -> Result<Template, WriteError>;

    /// The same with TCP flags that the user chose; a probe that is no TCP segment has none.
    fn prepare_with(
        &self,
        route: &Route,
        source_port: u16,
        flags: Flags,
    ) -> Result<Template, WriteError> {
        let _ = flags;
        self.prepare(route, source_port)
    }

    /// Writes the probe to `to` into `slot`; its length. The default stamps the template.
    fn write(&self, template: &Template, slot: &mut [u8], to: &To) -> usize {
        template.stamp(slot, to)
    }

    /// Reads a frame that may answer a probe of this kind.
    fn answer(&self, frame: &Frame<'_>, source_port: u16) -> Option<ParsedReply>;

    /// The same for a probe that was sent with TCP flags that the user chose.
    fn answer_to(&self, frame: &Frame<'_>, source_port: u16, sent: Flags) -> Option<ParsedReply> {
        let _ = sent;
        self.answer(frame, source_port)
    }

    /// What an ICMP error about a probe of this kind proves; `from_target` where nobody on the way sent it.
    fn error(&self, reason: Reason, from_target: bool) -> Verdict {
        let _ = from_target;
        Verdict::filtered(reason)
    }

    /// What the quote in an ICMP error says of a probe of this kind: port and the cookie's 32 bits.
    fn quoted(&self, quote: &Quote<'_>, source_port: u16) -> Option<(u16, u32)>;

    /// The state of a port that stayed silent.
    fn silence(&self) -> PortState {
        PortState::Filtered
    }

    /// State and reason of [`Reply::Negative`]: what most ports answer.
    fn common(&self) -> (PortState, Reason) {
        (PortState::Closed, Reason::Reset)
    }
}

/// Every kind, each in its own file.
const KINDS: &[&dyn Probe] = &[
    &tcp_syn::TcpSyn,
    &tcp_ack::ACK,
    &icmp_echo::IcmpEcho,
    &icmp_timestamp::IcmpTimestamp,
    &neighbour::Neighbour,
    &tcp_window::WINDOW,
    &tcp_fin::FIN,
    &tcp_null::NULL,
    &tcp_xmas::XMAS,
    &tcp_maimon::MAIMON,
    &ip_protocol::IpProtocol,
    &sctp_init::SctpInit,
    &sctp_cookie_echo::SctpCookieEcho,
    &icmp_mask::IcmpMask,
    &udp_ping::UdpPing,
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
    /// An ACK whose reset's window is looked at (`-sW`).
    pub const WINDOW: Kind = Kind(5);
    /// A bare FIN (`-sF`).
    pub const FIN: Kind = Kind(6);
    /// A segment without flags (`-sN`).
    pub const NULL: Kind = Kind(7);
    /// FIN, PSH and URG (`-sX`).
    pub const XMAS: Kind = Kind(8);
    /// FIN and ACK (`-sM`).
    pub const MAIMON: Kind = Kind(9);
    /// A datagram of an IP protocol (`-sO`, `-PO`).
    pub const IP_PROTOCOL: Kind = Kind(10);
    /// An SCTP INIT (`-sY`, `-PY`).
    pub const SCTP_INIT: Kind = Kind(11);
    /// An SCTP COOKIE ECHO (`-sZ`).
    pub const SCTP_COOKIE_ECHO: Kind = Kind(12);
    /// An ICMP address mask request (`-PM`).
    pub const MASK: Kind = Kind(13);
    /// A UDP datagram to a port that is probably closed (`-PU`).
    pub const UDP_PING: Kind = Kind(14);

    /// All of them, in order.
    pub fn all() -> impl Iterator<Item = Kind> {
        (0..KINDS.len() as u8).map(Kind)
    }

    /// What it does.
    #[inline]
    pub fn probe(self) -> &'static dyn Probe {
        KINDS[usize::from(self.0)]
    }

    /// The kind of this name, if there is one.
    pub fn from_name(name: &str) -> Option<Kind> {
        Kind::all().find(|kind| kind.probe().name() == name)
    }

    /// Whether IPv6 has such a probe.
    pub fn is_v4_only(self) -> bool {
        matches!(self, Kind::TIMESTAMP | Kind::MASK)
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
    /// How many ports behind the first one it is sent from, for probes whose tries take turns.
    pub turn: u16,
}

/// What a frame says, if it is the answer that it looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParsedReply {
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
    pub reply: Reply,
    /// The port's state.
    pub state: PortState,
    /// Why.
    pub reason: Reason,
}

impl Verdict {
    /// An open port, or a host that is up.
    pub const fn open(reason: Reason) -> Verdict {
        Verdict {
            reply: Reply::Positive,
            state: PortState::Open,
            reason,
        }
    }

    /// A closed port.
    pub const fn closed(reason: Reason) -> Verdict {
        Verdict {
            reply: Reply::Negative,
            state: PortState::Closed,
            reason,
        }
    }

    /// A filtered port.
    pub const fn filtered(reason: Reason) -> Verdict {
        Verdict {
            reply: Reply::Error,
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
            Kind::WINDOW,
            Kind::FIN,
            Kind::NULL,
            Kind::XMAS,
            Kind::MAIMON,
            Kind::IP_PROTOCOL,
            Kind::SCTP_INIT,
            Kind::SCTP_COOKIE_ECHO,
            Kind::MASK,
            Kind::UDP_PING,
        ];
        let names = [
            "tcp-syn",
            "tcp-ack",
            "icmp-echo",
            "icmp-timestamp",
            "neighbour",
            "tcp-window",
            "tcp-fin",
            "tcp-null",
            "tcp-xmas",
            "tcp-maimon",
            "ip-protocol",
            "sctp-init",
            "sctp-cookie-echo",
            "icmp-mask",
            "udp-ping",
        ];
        assert_eq!(known.map(|k| k.probe().name()), names);
        assert_eq!(Kind::all().count(), known.len());
    }
}
