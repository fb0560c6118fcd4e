//! The ways to probe a port, with their flags and names.
//!
//! This file must not know how a probe looks: that is [`crate::probe`].

use crate::probe::Kind;
use vigie_scope::Transport;

/// How ports are probed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Technique {
    /// A bare SYN; the connection is never completed. Needs packet sockets, like every technique except
    /// [`Technique::Connect`].
    Syn,
    /// A full connection made by the kernel. Needs no privilege.
    Connect,
    /// A bare ACK: shows which ports a firewall lets through.
    Ack,
    /// A bare ACK; the window of the reset distinguishes open from closed ports on some systems.
    Window,
    /// A bare FIN.
    Fin,
    /// A segment without flags.
    Null,
    /// FIN, PSH and URG.
    Xmas,
    /// FIN and ACK.
    Maimon,
    /// A datagram of each IP protocol.
    IpProtocol,
    /// INIT, the first packet of an SCTP association.
    SctpInit,
    /// COOKIE ECHO, the third packet of an SCTP association, without the first two.
    SctpCookieEcho,
}

impl Technique {
    /// Every technique.
    pub const ALL: &'static [Technique] = &[
        Technique::Syn,
        Technique::Connect,
        Technique::Ack,
        Technique::Window,
        Technique::Fin,
        Technique::Null,
        Technique::Xmas,
        Technique::Maimon,
        Technique::IpProtocol,
        Technique::SctpInit,
        Technique::SctpCookieEcho,
    ];

    /// Returns the technique with this name in machine formats.
    pub fn from_word(word: &str) -> Option<Technique> {
        Technique::ALL.iter().copied().find(|t| t.as_str() == word)
    }

    /// The command-line flag that selects the technique, without the dash.
    pub const fn flag(self) -> &'static str {
        self.row().0
    }

    /// Name in machine formats, spelled as in nmap's XML.
    pub const fn as_str(self) -> &'static str {
        self.row().1
    }

    /// Transport of the ports that the technique probes.
    pub const fn transport(self) -> Transport {
        self.row().2
    }

    /// The probe that the technique sends; `None` if the kernel makes the packets.
    pub const fn kind(self) -> Option<Kind> {
        self.row().3
    }

    const fn row(self) -> (&'static str, &'static str, Transport, Option<Kind>) {
        use Transport::{Ip, Sctp, Tcp};
        match self {
            Technique::Syn => ("sS", "syn", Tcp, Some(Kind::SYN)),
            Technique::Connect => ("sT", "connect", Tcp, None),
            Technique::Ack => ("sA", "ack", Tcp, Some(Kind::ACK)),
            Technique::Window => ("sW", "window", Tcp, Some(Kind::WINDOW)),
            Technique::Fin => ("sF", "fin", Tcp, Some(Kind::FIN)),
            Technique::Null => ("sN", "null", Tcp, Some(Kind::NULL)),
            Technique::Xmas => ("sX", "xmas", Tcp, Some(Kind::XMAS)),
            Technique::Maimon => ("sM", "maimon", Tcp, Some(Kind::MAIMON)),
            Technique::IpProtocol => ("sO", "ipproto", Ip, Some(Kind::IP_PROTOCOL)),
            Technique::SctpInit => ("sY", "sctpinit", Sctp, Some(Kind::SCTP_INIT)),
            Technique::SctpCookieEcho => {
                ("sZ", "sctpcookieecho", Sctp, Some(Kind::SCTP_COOKIE_ECHO))
            }
        }
    }
}
