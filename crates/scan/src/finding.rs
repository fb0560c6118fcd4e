//! What a scan finds: hosts and port states, each with its reason.
//!
//! The words are the field's own, spelled as nmap spells them, because people
//! and scripts know them. This file must not know how a finding was made or how
//! it is shown.

use alloc::boxed::Box;
use core::fmt;
use core::net::IpAddr;
use core::time::Duration;

use vigie_detect::payload::Detail;
use vigie_scope::{Host, Transport};
use vigie_wire::MacAddr;

/// Makes an enum whose variants each have one spelling, and the list of them all.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$doc])* $variant,)+ }

        impl $name {
            /// Every value, in the order of the declaration.
            pub const ALL: &'static [$name] = &[$($name::$variant,)+];

            /// The word that people and programs know it by. Never translated.
            pub const fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text,)+ }
            }

            /// The value that `word` names, if any.
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
    /// The state of a port, as seen from where the scan was sent.
    PortState {
        /// Something accepts connections or datagrams there.
        Open = "open",
        /// The host answered that nothing listens there.
        Closed = "closed",
        /// Something between here and there keeps the probe or its answer away.
        Filtered = "filtered",
        /// Reachable, but this technique cannot tell whether it is open.
        Unfiltered = "unfiltered",
        /// Silent, and an open port may be silent in this technique.
        OpenFiltered = "open|filtered",
        /// Closed or filtered; the technique cannot tell which.
        ClosedFiltered = "closed|filtered",
        /// Not probed, or nothing is proven: the scan ended before.
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
        /// The kernel refused the connection for the peer (connect scan).
        ConnRefused = "conn-refused",
        /// Nothing came.
        NoResponse = "no-response",
        /// A SYN without ACK answered: a simultaneous open (RFC 9293 section 3.5).
        SplitHandshakeSyn = "split-handshake-syn",
        /// ICMP destination unreachable of a code without a reason of its own.
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
        /// ICMP time exceeded: the hop limit ran out on the way.
        TimeExceeded = "time-exceeded",
        /// ICMP parameter problem.
        ParamProblem = "param-prob",
        /// A datagram of the scanned protocol answered.
        UdpResponse = "udp-response",
        /// An answer of the IP protocol that was probed.
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
        /// It is an address of this machine.
        LocalhostResponse = "localhost-response",
        /// The user detail to take the host as up.
        UserSet = "user-set",
        /// This machine has no route to it.
        NoRoute = "no-route",
        /// The probe was never sent: the scan ended before.
        NotProbed = "not-probed",
        /// The budget ended before the state could be proven.
        Unproven = "unproven",
        /// An answer that is none of the above.
        OddResponse = "unexpected-response",
    }
}

words! {
    /// Whether a host is there.
    HostState {
        /// It answered, or was detail to be there.
        Up = "up",
        /// It did not answer anything.
        Down = "down",
        /// The scan ended before that was known.
        Unknown = "unknown",
    }
}

/// The state of one port with everything that supports it.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Whose port.
    pub host: Host,
    /// What carries the port number.
    pub transport: Transport,
    /// The port number.
    pub port: u16,
    /// The state.
    pub state: PortState,
    /// Why.
    pub reason: Reason,
    /// Who sent the deciding answer, where it was not the host itself.
    pub from: Option<IpAddr>,
    /// Time to live (IPv4) or hop limit (IPv6) of the deciding answer.
    pub ttl: Option<u8>,
    /// From the answered probe to its answer.
    pub rtt: Option<Duration>,
    /// How many probes this port got, at least 1 where it was probed at all.
    pub tries: u8,
    /// The probability that an answer existed and was lost every time: 0 where an answer came.
    pub miss_probability: f64,
    /// What the content of the answer says of the service, where an answer has content.
    pub service: Option<ServiceMatch>,
    /// What the service says of itself in its answer, where it does: its own word, cleaned, and no proof.
    pub detail: Option<Box<Detail>>,
}

/// What the content of an answer says of the service behind a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceMatch {
    /// It is a true answer of the protocol that was asked: the service is certain. The name of the
    /// request ([`vigie_detect::payload::by_name`]).
    Service(&'static str),
    /// It is of no protocol that was asked.
    Unknown,
}

impl ServiceMatch {
    /// The service's usual name, where it is certain.
    pub fn service(self) -> Option<&'static str> {
        match self {
            ServiceMatch::Service(payload) => {
                vigie_detect::payload::by_name(payload).map(|p| p.service)
            }
            ServiceMatch::Unknown => None,
        }
    }
}

/// A host that was looked for, and whether it is there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HostFinding {
    /// Which host.
    pub host: Host,
    /// Whether it is there.
    pub state: HostState,
    /// Why.
    pub reason: Reason,
    /// From the probe to its answer, where one was timed.
    pub rtt: Option<Duration>,
    /// Its hardware address, where it is on the same link.
    pub mac: Option<MacAddr>,
    /// Time to live or hop limit of the answer.
    pub ttl: Option<u8>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back_and_none_stands_twice() {
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
