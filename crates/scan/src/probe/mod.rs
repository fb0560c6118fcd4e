//! Probes: how each kind is written, and what its replies look like. One file per kind.
//!
//! A probe is prepared once per route as a [`Template`] and stamped per packet with destination, port and cookie, as
//! in zmap's probe modules. A new kind is one file here and one word in `KINDS`. This folder must not know rounds,
//! rates or ledgers.

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
    /// Name in machine formats.
    fn name(&self) -> &'static str;

    /// Prepares the probe for `route`: everything except destination, port and cookie.
    fn prepare(&self, route: &Route, source_port: u16) -> Result<Template, WriteError>;

    /// Prepares the probe with TCP flags that the user chose. Only TCP segments have flags.
    fn prepare_with(
        &self,
        route: &Route,
        source_port: u16,
        flags: Flags,
    ) -> Result<Template, WriteError> {
        let _ = flags;
        self.prepare(route, source_port)
    }

    /// Writes the probe to `to` into `slot`. Returns the length in bytes. The default stamps the template.
    fn write(&self, template: &Template, slot: &mut [u8], to: &To) -> usize {
        template.stamp(slot, to)
    }

    /// Reads a frame that may answer a probe of this kind.
    fn answer(&self, frame: &Frame<'_>, source_port: u16) -> Option<ParsedReply>;

    /// Reads a frame that may answer a probe that was sent with TCP flags that the user chose.
    fn answer_to(&self, frame: &Frame<'_>, source_port: u16, sent: Flags) -> Option<ParsedReply> {
        let _ = sent;
        self.answer(frame, source_port)
    }

    /// Returns what an ICMP error about a probe of this kind proves; `from_target` if the target sent it, not a
    /// router.
    fn error(&self, reason: Reason, from_target: bool) -> Verdict {
        let _ = from_target;
        Verdict::filtered(reason)
    }

    /// Returns port and cookie (32 bits) of the probe that an ICMP error quotes.
    fn quoted(&self, quote: &Quote<'_>, source_port: u16) -> Option<(u16, u32)>;

    /// State of a port that stayed silent.
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

/// A kind of probe, as an index into the list.
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
    /// An ACK; the window of the reset is examined (`-sW`).
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

    /// Returns every kind, in order.
    pub fn all() -> impl Iterator<Item = Kind> {
        (0..KINDS.len() as u8).map(Kind)
    }

    /// Returns how the kind is written and read.
    #[inline]
    pub fn probe(self) -> &'static dyn Probe {
        KINDS[usize::from(self.0)]
    }

    /// Returns the kind with this name.
    pub fn from_name(name: &str) -> Option<Kind> {
        Kind::all().find(|kind| kind.probe().name() == name)
    }

    /// Whether IPv6 has no such probe.
    pub fn is_v4_only(self) -> bool {
        matches!(self, Kind::TIMESTAMP | Kind::MASK)
    }

    /// Index in the list.
    #[inline]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// Destination of a probe.
#[derive(Clone, Copy, Debug)]
pub struct To {
    /// Target.
    pub ip: IpAddr,
    /// Destination hardware address, on links that have them.
    pub mac: MacAddr,
    /// Port, for probes with ports.
    pub port: u16,
    /// Cookie (32 bits).
    pub cookie: u32,
    /// Offset from the first source port, for probes that rotate through several.
    pub turn: u16,
}

/// What a frame says, if it is a reply to a probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParsedReply {
    /// Host that the reply is about.
    pub ip: IpAddr,
    /// Port that the reply is about; 0 for probes without ports.
    pub port: u16,
    /// Value that must equal the probe's cookie; `None` if the protocol echoes nothing.
    pub echoed: Option<u32>,
    /// What the reply proves.
    pub verdict: Verdict,
    /// Hardware address in the reply, for neighbour probes.
    pub mac: Option<MacAddr>,
}

/// A state and its reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Entry for the ledger.
    pub reply: Reply,
    /// State of the port.
    pub state: PortState,
    /// Reason.
    pub reason: Reason,
}

impl Verdict {
    /// Returns the verdict for an open port, or a host that is up.
    pub const fn open(reason: Reason) -> Verdict {
        Verdict {
            reply: Reply::Positive,
            state: PortState::Open,
            reason,
        }
    }

    /// Returns the verdict for a closed port.
    pub const fn closed(reason: Reason) -> Verdict {
        Verdict {
            reply: Reply::Negative,
            state: PortState::Closed,
            reason,
        }
    }

    /// Returns the verdict for a filtered port.
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
    fn names_and_indices_agree() {
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
