//! Counts of sockets.

use crate::listener::Exposure;
use crate::snapshot::Snapshot;
use crate::socket::{Proto, State, UnixKind};
use alloc::collections::BTreeMap;

/// Counts of the inet sockets of one protocol and family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Count {
    /// All sockets.
    pub total: usize,
    /// Listening sockets.
    pub listening: usize,
    /// Listening sockets that other machines can reach.
    pub exposed: usize,
    /// Connected sockets.
    pub established: usize,
    /// Sockets in `TIME_WAIT`.
    pub time_wait: usize,
}

/// Counts of sockets by kind.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Summary {
    /// Inet sockets by protocol, and whether their family is IPv6.
    pub inet: BTreeMap<(Proto, bool), Count>,
    /// UNIX sockets, by type.
    pub unix: BTreeMap<UnixKind, Count>,
    /// Packet sockets.
    pub packet: usize,
    /// Sockets by protocol and state.
    pub states: BTreeMap<(Proto, State), usize>,
}

impl Summary {
    /// Counts the sockets of `snapshot`.
    pub fn new(snapshot: &Snapshot) -> Self {
        let mut summary = Self {
            packet: snapshot.packet.len(),
            ..Self::default()
        };
        for socket in &snapshot.inet {
            let count = summary
                .inet
                .entry((socket.proto, socket.is_v6()))
                .or_default();
            count.add(
                socket.state,
                socket.is_listener(),
                Exposure::of(socket).is_some_and(Exposure::is_exposed),
            );
            *summary
                .states
                .entry((socket.proto, socket.state))
                .or_default() += 1;
        }
        for socket in &snapshot.unix {
            let count = summary.unix.entry(socket.kind).or_default();
            count.add(socket.state, socket.state == State::Listen, false);
            *summary
                .states
                .entry((Proto::Unix, socket.state))
                .or_default() += 1;
        }
        summary
    }
}

impl Count {
    fn add(&mut self, state: State, listening: bool, exposed: bool) {
        self.total += 1;
        self.listening += usize::from(listening);
        self.exposed += usize::from(exposed);
        self.established += usize::from(state == State::Established);
        self.time_wait += usize::from(state == State::TimeWait);
    }
}
