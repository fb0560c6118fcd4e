//! Packet filters by nf_tables, as plain values: one `inet` table, its chains, their rules.
//!
//! Enough to build the firewalls that a scanner meets (dropping, rejecting by ICMP or by reset,
//! stateful, rate-limited), and no more. Rules are written by netlink: no `nft` program is needed.
//! This module knows no host of a lab and reads no rules back.
//!
//! Source: `include/uapi/linux/netfilter/nf_tables.h`, `nfnetlink.h`.

mod encode;

use core::ops::RangeInclusive;

use crate::net::Prefix;
use crate::netlink::{Error, Protocol, Socket};

/// A table of the `inet` family: it sees IPv4 and IPv6.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its chains.
    pub chains: Vec<Chain>,
}

/// A base chain of type `filter`, priority 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// Which packets come through.
    pub hook: Hook,
    /// What becomes of those that no rule decided.
    pub policy: Policy,
    /// The rules, tried in this order.
    pub rules: Vec<Rule>,
}

/// Where in a packet's way a chain stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hook {
    /// To this machine.
    Input,
    /// Through this machine.
    Forward,
    /// From this machine.
    Output,
}

/// A chain's last word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// Let through.
    Accept,
    /// Drop in silence.
    Drop,
}

/// Packets that every match fits get the verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// All must fit; none fits everything.
    pub matches: Vec<Match>,
    /// What then happens.
    pub verdict: Verdict,
}

impl Rule {
    /// A rule.
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
        /// Which flags are looked at.
        mask: u8,
        /// Which of them must be set.
        value: u8,
    },
    /// The ICMP or ICMPv6 type. Give the protocol before it.
    IcmpType(u8),
    /// Came in through the link of this name.
    InLink(String),
    /// Belongs to a conversation that the kernel already tracks, or relates to one.
    Established,
    /// Within a rate; packets beyond it do not fit.
    Rate {
        /// Packets a second.
        per_second: u64,
        /// Packets at once.
        burst: u32,
    },
}

impl Match {
    /// IANA's number of TCP, as a match.
    pub const TCP: Self = Self::Protocol(6);
    /// IANA's number of UDP, as a match.
    pub const UDP: Self = Self::Protocol(17);
}

/// What happens to a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Let through.
    Accept,
    /// Drop in silence.
    Drop,
    /// Drop and tell the sender.
    Reject(Reject),
}

/// How the sender is told.
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
    // Without its last message (the new table) a replacement is a removal.
    batch.pop();
    send("remove the packet filter", batch)
}

fn send(operation: &'static str, batch: Vec<crate::netlink::Message>) -> Result<(), Error> {
    let mut socket = Socket::open(Protocol::Netfilter)?;
    let batch = encode::enclosed(batch);
    socket.batch(operation, &batch).map_err(|(_, error)| error)
}
