//! Writes packet filters of nf_tables: an `inet` table with chains and rules.
//!
//! The supported subset covers the firewalls that a scanner encounters: dropping, rejecting by ICMP or by reset, stateful,
//! rate-limited. Rules are written over netlink, without the `nft` program. This module must not know what the firewall
//! protects, and reads no rules.
//!
//! Source: `include/uapi/linux/netfilter/nf_tables.h`, `nfnetlink.h`.

mod encode;

use core::ops::RangeInclusive;

use crate::net::Prefix;
use crate::netlink::{Error, Protocol, Socket};

/// A table of the `inet` family, for IPv4 and IPv6.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Name of the table.
    pub name: String,
    /// Chains of the table.
    pub chains: Vec<Chain>,
}

/// A base chain of type `filter`, priority 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// Packets that pass through the chain.
    pub hook: Hook,
    /// Verdict on packets that match no rule.
    pub policy: Policy,
    /// Rules, tried in this order.
    pub rules: Vec<Rule>,
}

/// Position of a chain in the path of packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hook {
    /// Packets to this machine.
    Input,
    /// Packets forwarded by this machine.
    Forward,
    /// Packets from this machine.
    Output,
}

/// Verdict of a chain on packets that match no rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// Accepts the packet.
    Accept,
    /// Drops the packet silently.
    Drop,
}

/// A rule: packets that fulfil every match get the verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Conditions; without any, every packet matches.
    pub matches: Vec<Match>,
    /// Verdict.
    pub verdict: Verdict,
}

impl Rule {
    /// Returns a rule.
    pub fn new(matches: impl Into<Vec<Match>>, verdict: Verdict) -> Self {
        Self {
            matches: matches.into(),
            verdict,
        }
    }
}

/// A condition on a packet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Match {
    /// IPv4 packets only.
    Ipv4,
    /// IPv6 packets only.
    Ipv6,
    /// The protocol above IP, by IANA's number (6 TCP, 17 UDP, 1 ICMP, 58 ICMPv6).
    Protocol(u8),
    /// The destination port is in one of these ranges. Give the protocol before it.
    DestinationPorts(Vec<RangeInclusive<u16>>),
    /// The source port is in one of these ranges. Give the protocol before it.
    SourcePorts(Vec<RangeInclusive<u16>>),
    /// The source address is in this prefix (its family's packets only).
    Source(Prefix),
    /// The destination address is in this prefix (its family's packets only).
    Destination(Prefix),
    /// The TCP flags under `mask` equal `value`. Give the protocol before it.
    TcpFlags {
        /// Flags that are compared.
        mask: u8,
        /// Flags that must be set.
        value: u8,
    },
    /// The ICMP or ICMPv6 type. Give the protocol before it.
    IcmpType(u8),
    /// The packet arrived on the link with this name.
    InLink(String),
    /// The packet belongs or relates to a connection that the kernel tracks.
    Established,
    /// The packet is within this rate; packets beyond it do not match.
    Rate {
        /// Packets per second.
        per_second: u64,
        /// Number of packets in a burst.
        burst: u32,
    },
}

impl Match {
    /// Matches TCP.
    pub const TCP: Self = Self::Protocol(6);
    /// Matches UDP.
    pub const UDP: Self = Self::Protocol(17);
}

/// Verdict on a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Accepts the packet.
    Accept,
    /// Drops the packet silently.
    Drop,
    /// Drops the packet and notifies the sender.
    Reject(Reject),
}

/// Notification of the sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reject {
    /// A TCP reset; fits only TCP packets.
    TcpReset,
    /// ICMP or ICMPv6 "port unreachable".
    Port,
    /// ICMP "host unreachable" (code 1), ICMPv6 "address unreachable" (code 3).
    Host,
    /// ICMP "network unreachable" (code 0), ICMPv6 "no route" (code 0).
    NoRoute,
    /// ICMP "communication administratively prohibited" (code 13), ICMPv6 (code 1).
    Admin,
    /// ICMP destination unreachable with this code; IPv4 packets only.
    Icmp4(u8),
    /// ICMPv6 destination unreachable with this code; IPv6 packets only.
    Icmp6(u8),
}

/// Installs a table in the calling thread's namespace, in place of one of the same name, in one
/// transaction. Needs `CAP_NET_ADMIN` there.
pub fn install(table: &Table) -> Result<(), Error> {
    let mut batch = encode::replace(table);
    encode::chains(table, &mut batch);
    send("install the packet filter", batch)
}

/// Removes a table from the calling thread's namespace; no error when there is none.
pub fn remove(name: &str) -> Result<(), Error> {
    let table = Table {
        name: name.to_owned(),
        chains: Vec::new(),
    };
    let mut batch = encode::replace(&table);
    // A replacement without its last message, which creates the new table, is a removal.
    batch.pop();
    send("remove the packet filter", batch)
}

fn send(operation: &'static str, batch: Vec<crate::netlink::Message>) -> Result<(), Error> {
    let mut socket = Socket::open(Protocol::Netfilter)?;
    let batch = encode::enclosed(batch);
    socket.batch(operation, &batch).map_err(|(_, error)| error)
}
