//! Groups connections under the listening socket that accepted them.

use crate::listener::Exposure;
use crate::listener::Families;
use crate::snapshot::Snapshot;
use crate::socket::{InetSocket, State};
use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;

/// A listening socket and the connections that it accepted, as indices in [`Snapshot::inet`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// The listening socket.
    pub listener: usize,
    /// Connections that it accepted.
    pub clients: Vec<usize>,
}

/// The inet sockets of a snapshot, grouped.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Tree {
    /// Each listening socket with its connections.
    pub servers: Vec<Server>,
    /// Connections without a listening socket: outgoing ones, and those whose server no longer listens.
    pub others: Vec<usize>,
    /// For a connection within this machine: its other end.
    pub other_end: BTreeMap<usize, usize>,
}

impl Tree {
    /// Groups the sockets of `snapshot`.
    pub fn new(snapshot: &Snapshot) -> Self {
        let sockets = &snapshot.inet;
        let mut servers = vec![];
        let mut by_port: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for listener in snapshot.listeners() {
            let socket = &sockets[listener.socket];
            by_port
                .entry((socket.netns, socket.proto, socket.local_port))
                .or_default()
                .push(servers.len());
            servers.push(Server {
                listener: listener.socket,
                clients: vec![],
            });
        }
        let mut others = vec![];
        for (at, socket) in sockets
            .iter()
            .enumerate()
            .filter(|(_, socket)| !socket.is_listener())
        {
            let candidates = by_port.get(&(socket.netns, socket.proto, socket.local_port));
            let candidates = candidates.into_iter().flatten().copied();
            let ranked = candidates.filter_map(|server| {
                let listener = &sockets[servers[server].listener];
                let closeness = closeness(listener, socket)?;
                Some((
                    closeness,
                    shares_holder(snapshot, listener, socket),
                    core::cmp::Reverse(server),
                ))
            });
            match ranked.max() {
                Some((_, _, core::cmp::Reverse(server))) => servers[server].clients.push(at),
                None => others.push(at),
            }
        }
        Self {
            servers,
            others,
            other_end: other_ends(sockets),
        }
    }
}

/// Returns how specifically a listening socket matches a connection, or `None` if it cannot have accepted it, for example
/// because this machine started the connection.
fn closeness(listener: &InetSocket, socket: &InetSocket) -> Option<u8> {
    if socket.state == State::SynSent {
        return None;
    }
    let local = socket.local.to_canonical();
    let bound = listener.local.to_canonical();
    let device = match (listener.interface, socket.interface) {
        (0, _) => 0,
        (a, b) if a == b => 1,
        _ => return None,
    };
    if bound == local {
        return Some(4 + device);
    }
    if !bound.is_unspecified() {
        return None;
    }
    let families = match Exposure::of(listener)? {
        Exposure::Everyone(families)
        | Exposure::Interface(_, families)
        | Exposure::Machine(families) => families,
        Exposure::Address(_) | Exposure::Group(_) => return None,
    };
    let served = if local.is_ipv4() {
        // If unknown, an IPv4-mapped connection shows that it does.
        families.v4() || families == Families::V6AndPerhapsV4
    } else {
        families.v6()
    };
    let same_family = listener.is_v6() == socket.is_v6();
    served.then_some(device + 2 * u8::from(same_family))
}

fn shares_holder(snapshot: &Snapshot, a: &InetSocket, b: &InetSocket) -> bool {
    snapshot.holders(a.inode).any(|holder| {
        snapshot
            .holders(b.inode)
            .any(|other| other.pid == holder.pid)
    })
}

/// Pairs the two ends of connections within this machine.
fn other_ends(sockets: &[InetSocket]) -> BTreeMap<usize, usize> {
    let ends = |s: &InetSocket| {
        (
            s.proto,
            (s.local.to_canonical(), s.local_port),
            (s.peer.to_canonical(), s.peer_port),
        )
    };
    let connected = || sockets.iter().enumerate().filter(|(_, s)| s.peer_port != 0);
    let known: BTreeMap<_, usize> = connected().map(|(at, s)| (ends(s), at)).collect();
    connected()
        .filter_map(|(at, socket)| {
            let (proto, local, peer) = ends(socket);
            known
                .get(&(proto, peer, local))
                .filter(|other| **other != at)
                .map(|other| (at, *other))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::socket::{Proto, V6Only};

    fn socket(state: State, local: (&str, u16), peer: (&str, u16)) -> InetSocket {
        InetSocket {
            local: local.0.parse().unwrap(),
            peer: peer.0.parse().unwrap(),
            cookie: 0,
            inode: 0,
            recv_q: 0,
            send_q: 0,
            backlog: None,
            uid: None,
            interface: 0,
            local_port: local.1,
            peer_port: peer.1,
            netns: 0,
            proto: Proto::Tcp,
            state,
            v6only: V6Only::No,
        }
    }

    #[test]
    fn a_connection_goes_to_the_closest_listener() {
        let inet = vec![
            socket(State::Listen, ("0.0.0.0", 22), ("0.0.0.0", 0)),
            socket(State::Listen, ("10.0.0.1", 22), ("0.0.0.0", 0)),
            socket(State::Listen, ("::", 22), ("::", 0)),
            socket(State::Established, ("10.0.0.1", 22), ("10.0.0.9", 5000)),
            socket(State::Established, ("10.0.0.2", 22), ("10.0.0.9", 5001)),
            socket(
                State::Established,
                ("::ffff:10.0.0.2", 22),
                ("::ffff:10.0.0.9", 5002),
            ),
            socket(
                State::Established,
                ("2001:db8::1", 22),
                ("2001:db8::2", 5003),
            ),
            socket(State::Established, ("10.0.0.1", 40000), ("10.0.0.9", 22)),
            socket(State::SynSent, ("10.0.0.1", 22), ("10.0.0.9", 5004)),
        ];
        let tree = Tree::new(&Snapshot {
            inet,
            ..Snapshot::default()
        });
        let clients: Vec<_> = tree.servers.iter().map(|s| s.clients.clone()).collect();
        assert_eq!(clients, [vec![4], vec![3], vec![5, 6]]);
        assert_eq!(tree.others, [7, 8]);
    }

    #[test]
    fn both_ends_within_the_machine_are_paired() {
        let inet = vec![
            socket(State::Established, ("127.0.0.1", 80), ("127.0.0.1", 5000)),
            socket(
                State::Established,
                ("::ffff:127.0.0.1", 5000),
                ("::ffff:127.0.0.1", 80),
            ),
        ];
        let tree = Tree::new(&Snapshot {
            inet,
            ..Snapshot::default()
        });
        assert_eq!(
            tree.other_end.into_iter().collect::<Vec<_>>(),
            [(0, 1), (1, 0)]
        );
    }
}
