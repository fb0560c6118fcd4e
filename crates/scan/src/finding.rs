//! What a scan finds: hosts and port states, each with its reason.
//!
//! The words are nmap's, because people and scripts know them. This file must not know how a finding was made or how
//! it is shown.

use alloc::boxed::Box;
use core::fmt;
use core::net::IpAddr;
use core::time::Duration;

use vigie_detect::payload::Detail;
use vigie_scope::{Host, Transport};
use vigie_wire::MacAddr;

/// Defines an enum whose variants have one spelling each, and the list of all variants.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$doc])* $variant,)+ }

        impl $name {
            /// Every value, in the order of the declaration.
            pub const ALL: &'static [$name] = &[$($name::$variant,)+];

            /// The word for it in machine formats. Never translated.
            pub const fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text,)+ }
            }

            /// Returns the value with this word.
            pub fn from_word(word: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|v| v.as_str() == word)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

words! {
    /// State of a port, as seen from where the scan was sent.
    PortState {
        /// Something accepts connections or datagrams.
        Open = "open",
        /// The host answered that nothing listens.
        Closed = "closed",
        /// Something on the path drops the probe or its reply.
        Filtered = "filtered",
        /// Reachable, but this technique cannot tell whether it is open.
        Unfiltered = "unfiltered",
        /// Silent, and with this technique an open port may be silent.
        OpenFiltered = "open|filtered",
        /// Closed or filtered; the technique cannot tell which.
        ClosedFiltered = "closed|filtered",
        /// Not probed, or not proven before the scan ended.
        Unknown = "unknown",
    }
}

words! {
    /// Why a port or a host has its state.
    Reason {
        /// A SYN/ACK answered the SYN.
        SynAck = "syn-ack",
        /// A RST answered.
        Reset = "reset",
        /// The kernel reported that the peer refused the connection (connect scan).
        ConnRefused = "conn-refused",
        /// No reply.
        NoResponse = "no-response",
        /// A SYN without ACK answered: a simultaneous open (RFC 9293 section 3.5).
        SplitHandshakeSyn = "split-handshake-syn",
        /// ICMP destination unreachable with a code that has no reason of its own.
        DestUnreach = "dest-unreach",
        /// ICMP network unreachable.
        NetUnreach = "net-unreach",
        /// ICMP host unreachable.
        HostUnreach = "host-unreach",
        /// ICMP protocol unreachable.
        ProtoUnreach = "proto-unreach",
        /// ICMP port unreachable.
        PortUnreach = "port-unreach",
        /// ICMP network administratively prohibited.
        NetProhibited = "net-prohibited",
        /// ICMP host administratively prohibited.
        HostProhibited = "host-prohibited",
        /// ICMP communication administratively prohibited.
        AdminProhibited = "admin-prohibited",
        /// ICMPv6 beyond the scope of the source address.
        BeyondScope = "beyond-scope",
        /// ICMPv6 address unreachable.
        AddrUnreach = "addr-unreach",
        /// ICMPv6 source address failed the ingress or egress policy.
        PolicyFail = "policy-fail",
        /// ICMPv6 reject route to the destination.
        RejectRoute = "reject-route",
        /// ICMP source quench.
        SourceQuench = "source-quench",
        /// ICMP time exceeded: the hop limit ran out on the path.
        TimeExceeded = "time-exceeded",
        /// ICMP parameter problem.
        ParamProblem = "param-prob",
        /// A datagram of the scanned protocol answered.
        UdpResponse = "udp-response",
        /// A reply in the IP protocol that was probed.
        ProtoResponse = "proto-response",
        /// An SCTP INIT ACK answered.
        InitAck = "init-ack",
        /// An SCTP ABORT answered.
        Abort = "abort",
        /// An ICMP echo reply answered.
        EchoReply = "echo-reply",
        /// An ICMP timestamp reply answered.
        TimestampReply = "timestamp-reply",
        /// An ICMP address mask reply answered.
        AddressMaskReply = "addressmask-reply",
        /// An ARP reply answered.
        ArpResponse = "arp-response",
        /// A neighbour advertisement answered (RFC 4861).
        NdResponse = "nd-response",
        /// The address is one of this machine's.
        LocalhostResponse = "localhost-response",
        /// The user asked to take the host as up.
        UserSet = "user-set",
        /// This machine has no route to the address.
        NoRoute = "no-route",
        /// The scan ended before the probe was sent.
        NotProbed = "not-probed",
        /// The budget ended before the state was proven.
        Unproven = "unproven",
        /// A reply that is none of the above.
        OddResponse = "unexpected-response",
    }
}

words! {
    /// Whether a host is up.
    HostState {
        /// It answered, or the user asked to take it as up.
        Up = "up",
        /// It answered nothing.
        Down = "down",
        /// The scan ended before its state was known.
        Unknown = "unknown",
    }
}

/// State of one port, with everything that supports it.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Host.
    pub host: Host,
    /// Transport of the port.
    pub transport: Transport,
    /// Port number.
    pub port: u16,
    /// State.
    pub state: PortState,
    /// Reason for the state.
    pub reason: Reason,
    /// Sender of the deciding reply, if it was not the host itself.
    pub from: Option<IpAddr>,
    /// Time to live (IPv4) or hop limit (IPv6) of the deciding reply.
    pub ttl: Option<u8>,
    /// Time from the answered probe to its reply.
    pub rtt: Option<Duration>,
    /// Number of probes sent to the port; 0 only if it was never probed.
    pub tries: u8,
    /// Probability that a reply existed and was lost every time; 0 if a reply came.
    pub miss_probability: f64,
    /// What the content of the reply says about the service, if it has content.
    pub service: Option<ServiceMatch>,
    /// What the service says about itself: unproven, and cleaned of control characters.
    pub detail: Option<Box<Detail>>,
}

/// What the content of a reply says about the service behind a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceMatch {
    /// A valid reply in the protocol of the request: the service is certain. Holds the name of the request
    /// ([`vigie_detect::payload::by_name`]).
    Service(&'static str),
    /// A reply in none of the protocols that were tried.
    Unknown,
}

impl ServiceMatch {
    /// Usual name of the service, if it is certain.
    pub fn service(self) -> Option<&'static str> {
        match self {
            ServiceMatch::Service(payload) => {
                vigie_detect::payload::by_name(payload).map(|p| p.service)
            }
            ServiceMatch::Unknown => None,
        }
    }
}

/// A host that was probed, and whether it is up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HostFinding {
    /// Host.
    pub host: Host,
    /// Whether it is up.
    pub state: HostState,
    /// Reason for the state.
    pub reason: Reason,
    /// Time from the probe to its reply, if it was measured.
    pub rtt: Option<Duration>,
    /// Hardware address, if the host is on the same link.
    pub mac: Option<MacAddr>,
    /// Time to live or hop limit of the reply.
    pub ttl: Option<u8>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back_and_is_unique() {
        for (i, reason) in Reason::ALL.iter().enumerate() {
            assert_eq!(Reason::from_word(reason.as_str()), Some(*reason));
            assert!(
                Reason::ALL[..i]
                    .iter()
                    .all(|r| r.as_str() != reason.as_str()),
                "{reason} twice"
            );
        }
        for state in PortState::ALL {
            assert_eq!(PortState::from_word(state.as_str()), Some(*state));
        }
        assert_eq!(PortState::from_word("ajar"), None);
    }
}
