//! Filters that select sockets.
//!
//! A filter is applied in two steps: [`Filter::inet`], [`Filter::unix`] and [`Filter::packet`] need only the socket,
//! [`Filter::owner`] needs its owners. [`Filter::states`] and [`Filter::bytecode`] return the part that the kernel can
//! apply. This module must not know command-line options.

mod ends;
mod pattern;

pub use ends::{Endpoint, PortRange, Prefix};
pub use pattern::ProcessPattern;

use crate::diag::{Bytecode, Comparison};
use crate::listener::Exposure;
use crate::owner::Process;
use crate::socket::{
    InetSocket, PacketSocket, Proto, ProtoSet, State, StateSet, UnixKind, UnixName, UnixSocket,
};
use alloc::vec;
use alloc::vec::Vec;
use core::net::IpAddr;

/// A part of a filter that could not be parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilterError {
    /// Not an IPv4 or IPv6 address.
    Address,
    /// The prefix length is not a number, or longer than the address.
    PrefixLength,
    /// Not a port or a range of ports.
    Port,
    /// No state has this name.
    State,
}

/// Selects listeners or connections if no state is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Side {
    /// Connections only (netstat without `-a`).
    #[default]
    Connections,
    /// Listeners only (`-l`).
    Listeners,
    /// Both (`-a`).
    All,
}

/// Selects sockets; by default the connections of every protocol.
#[derive(Clone, Debug)]
pub struct Filter {
    /// Selected protocols.
    pub protos: ProtoSet,
    /// Whether IPv4 sockets are selected.
    pub v4: bool,
    /// Whether IPv6 sockets are selected.
    pub v6: bool,
    /// Connections, listeners or both.
    pub side: Side,
    /// Selected states; overrides `side`.
    pub named_states: Option<StateSet>,
    /// The local or the peer's port must be in one of these ranges, if there are any.
    pub ports: Vec<PortRange>,
    /// The local end must match one of these, if there are any.
    pub local: Vec<Endpoint>,
    /// The peer's end must match one of these, if there are any.
    pub peer: Vec<Endpoint>,
    /// The socket must belong to one of these users, if there are any.
    pub users: Vec<u32>,
    /// One of the owners must match one of these, if there are any.
    pub processes: Vec<ProcessPattern>,
    /// Whether only listeners are selected that other machines can reach.
    pub exposed: bool,
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            protos: ProtoSet::ALL,
            v4: true,
            v6: true,
            side: Side::default(),
            named_states: None,
            ports: vec![],
            local: vec![],
            peer: vec![],
            users: vec![],
            processes: vec![],
            exposed: false,
        }
    }
}

impl Filter {
    /// Returns whether any socket of `proto` can pass. Conditions on addresses and ports exclude all but inet sockets.
    pub fn wants(&self, proto: Proto) -> bool {
        let inet_only = !self.local.is_empty() || !self.peer.is_empty() || self.exposed;
        let inet = !matches!(proto, Proto::Unix | Proto::Packet);
        self.protos.has(proto)
            && (inet || !inet_only)
            && (proto.has_ports() || self.ports.is_empty())
    }

    /// Returns the states to request from the kernel.
    pub fn states(&self, proto: Proto) -> StateSet {
        if let Some(named) = self.named_states {
            return named;
        }
        let waiting = if proto.listens() {
            StateSet::default().with(State::Listen)
        } else if proto == Proto::Unix {
            StateSet::default().with(State::Listen).with(State::Close)
        } else {
            StateSet::default().with(State::Close)
        };
        match (self.side, proto) {
            _ if self.exposed => waiting,
            // UNIX connections that wait in a listener's queue are reported with it.
            (Side::All, _) | (Side::Connections, Proto::Unix) => StateSet::ALL,
            (Side::Listeners, _) => waiting,
            (Side::Connections, Proto::Udp | Proto::UdpLite | Proto::Raw) => {
                StateSet::ALL.without(State::Listen).without(State::Close)
            }
            (Side::Connections, _) => StateSet::ALL.without(State::Listen),
        }
    }

    /// Returns the part of the filter that the kernel can apply to inet sockets.
    pub fn bytecode(&self) -> Bytecode {
        use Comparison::{Local, LocalPortFrom, LocalPortTo, Peer, PeerPortFrom, PeerPortTo};
        let local_ports =
            |range: PortRange| vec![LocalPortFrom(range.first), LocalPortTo(range.last)];
        let peer_ports = |range: PortRange| vec![PeerPortFrom(range.first), PeerPortTo(range.last)];
        let mut clauses = vec![];
        if !self.ports.is_empty() {
            clauses.push(
                self.ports
                    .iter()
                    .flat_map(|range| [local_ports(*range), peer_ports(*range)])
                    .collect(),
            );
        }
        let ends = |ends: &[Endpoint],
                    address: fn(IpAddr, u8) -> Comparison,
                    ports: &dyn Fn(PortRange) -> Vec<_>| {
            let alternative = |end: &Endpoint| {
                let mut all = vec![];
                all.extend(
                    end.prefix
                        .map(|prefix| address(prefix.address, prefix.bits)),
                );
                all.extend(end.ports.into_iter().flat_map(ports));
                all
            };
            ends.iter().map(alternative).collect::<Vec<_>>()
        };
        for clause in [
            ends(&self.local, Local, &local_ports),
            ends(&self.peer, Peer, &peer_ports),
        ] {
            // An end without conditions matches every socket, so its clause is left out.
            if !clause.is_empty() && !clause.iter().any(Vec::is_empty) {
                clauses.push(clause);
            }
        }
        Bytecode::new(&clauses)
    }

    /// Returns whether an inet socket passes, ignoring its owners.
    pub fn inet(&self, socket: &InetSocket) -> bool {
        let family = if socket.is_v6() { self.v6 } else { self.v4 };
        let any = |ends: &[Endpoint], address, port| {
            ends.is_empty() || ends.iter().any(|e| e.contains(address, port))
        };
        family
            && self.wants(socket.proto)
            && self.states(socket.proto).has(socket.state)
            && (self.ports.is_empty()
                || self.ports.iter().any(|r| {
                    r.contains(socket.local_port)
                        || (socket.peer_port != 0 && r.contains(socket.peer_port))
                }))
            && any(&self.local, socket.local, socket.local_port)
            && any(&self.peer, socket.peer, socket.peer_port)
            && self.user(socket.uid)
            && (!self.exposed || Exposure::of(socket).is_some_and(Exposure::is_exposed))
    }

    /// Returns whether a UNIX socket passes, ignoring its owners.
    pub fn unix(&self, socket: &UnixSocket) -> bool {
        let state = match (self.named_states, self.side) {
            (Some(named), _) => named.has(socket.state),
            (None, Side::All) => true,
            (None, Side::Connections) => socket.state != State::Listen,
            // A named datagram socket accepts messages from everyone.
            (None, Side::Listeners) => {
                let waits = socket.kind == UnixKind::Dgram && socket.name != UnixName::None;
                socket.state == State::Listen || (socket.state == State::Close && waits)
            }
        };
        state && self.wants(Proto::Unix) && self.user(socket.uid)
    }

    /// Returns whether a packet socket passes, ignoring its owners.
    pub fn packet(&self, socket: &PacketSocket) -> bool {
        let state = self
            .named_states
            .map_or(self.side != Side::Connections, |named| {
                named.has(State::Close)
            });
        state && self.wants(Proto::Packet) && self.user(socket.uid)
    }

    /// Returns whether a socket with these owners passes.
    pub fn owner<'a>(&self, mut holders: impl Iterator<Item = &'a Process>) -> bool {
        self.processes.is_empty()
            || holders.any(|process| self.processes.iter().any(|p| p.matches(process)))
    }

    fn user(&self, uid: Option<u32>) -> bool {
        self.users.is_empty() || uid.is_some_and(|uid| self.users.contains(&uid))
    }
}

/// Returns the states that a word names: a state as netstat or ss spells it, in upper or lower case, or one of the groups
/// `all`, `connected`, `listening`, `unconnected`.
pub fn states_named(word: &str) -> Result<StateSet, FilterError> {
    let word: alloc::string::String = word
        .chars()
        .filter(|c| !matches!(c, '-' | '_'))
        .map(|c| c.to_ascii_uppercase())
        .collect();
    let set = StateSet::default();
    Ok(match word.as_str() {
        "ALL" => StateSet::ALL,
        "LISTENING" => set.with(State::Listen),
        "CONNECTED" => StateSet::ALL.without(State::Listen).without(State::Close),
        "ESTAB" => set.with(State::Established),
        "UNCONN" | "UNCONNECTED" | "CLOSED" => set.with(State::Close),
        "BOUNDINACTIVE" => set.with(State::BoundInactive),
        _ => State::ALL
            .iter()
            .filter(|state| state.name().bytes().filter(|c| *c != b'_').eq(word.bytes()))
            .fold(None, |set: Option<StateSet>, state| {
                Some(set.unwrap_or_default().with(*state))
            })
            .ok_or(FilterError::State)?,
    })
}

#[cfg(test)]
mod tests;
