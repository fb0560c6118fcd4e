//! The differences between two snapshots.

use crate::snapshot::Snapshot;
use crate::socket::{InetSocket, PacketSocket, Proto, UnixName, UnixSocket};
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::net::IpAddr;

/// A socket of a snapshot.
#[derive(Clone, Copy, Debug)]
pub enum AnySocket<'a> {
    /// An inet socket.
    Inet(&'a InetSocket),
    /// A UNIX socket.
    Unix(&'a UnixSocket),
    /// A packet socket.
    Packet(&'a PacketSocket),
}

/// Difference between two snapshots.
#[derive(Clone, Copy, Debug)]
pub enum Change<'a> {
    /// The socket is new.
    Appeared(AnySocket<'a>),
    /// The socket is gone; this is its last state.
    Gone(AnySocket<'a>),
    /// The state of the socket has changed: the socket before, and now.
    StateChanged(AnySocket<'a>, AnySocket<'a>),
}

/// Identifies a socket across changes of its state.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Identity<'a> {
    Cookie(u64),
    Ends(Proto, IpAddr, u16, IpAddr, u16, u32, u32),
    Unix(u32, &'a UnixName),
    Packet(u32),
}

impl<'a> AnySocket<'a> {
    /// Returns the index of its namespace in [`Snapshot::netns`].
    pub const fn netns(self) -> u16 {
        match self {
            Self::Inet(s) => s.netns,
            Self::Unix(s) => s.netns,
            Self::Packet(s) => s.netns,
        }
    }

    /// Returns the inode, 0 for none.
    pub const fn inode(self) -> u32 {
        match self {
            Self::Inet(s) => s.inode,
            Self::Unix(s) => s.inode,
            Self::Packet(s) => s.inode,
        }
    }

    fn identity(self) -> Identity<'a> {
        match self {
            Self::Inet(InetSocket { cookie, .. })
            | Self::Unix(UnixSocket { cookie, .. })
            | Self::Packet(PacketSocket { cookie, .. })
                if *cookie != 0 =>
            {
                Identity::Cookie(*cookie)
            }
            Self::Inet(s) => {
                // Listeners can share a port; a connection loses its inode when it ends.
                let inode = if s.peer_port == 0 { s.inode } else { 0 };
                Identity::Ends(
                    s.proto,
                    s.local,
                    s.local_port,
                    s.peer,
                    s.peer_port,
                    s.interface,
                    inode,
                )
            }
            Self::Unix(s) => Identity::Unix(s.inode, &s.name),
            Self::Packet(s) => Identity::Packet(s.inode),
        }
    }

    fn same_state(self, other: Self) -> bool {
        match (self, other) {
            (Self::Inet(a), Self::Inet(b)) => {
                a.state == b.state && a.peer == b.peer && a.peer_port == b.peer_port
            }
            (Self::Unix(a), Self::Unix(b)) => a.state == b.state && a.name == b.name,
            _ => true,
        }
    }
}

/// Returns every socket of a snapshot, in its order.
pub fn sockets(snapshot: &Snapshot) -> impl Iterator<Item = AnySocket<'_>> {
    let inet = snapshot.inet.iter().map(AnySocket::Inet);
    let packet = snapshot.packet.iter().map(AnySocket::Packet);
    inet.chain(packet)
        .chain(snapshot.unix.iter().map(AnySocket::Unix))
}

/// Returns the differences from `before` to `now`: sockets that are gone or changed, in the order of the snapshots, then
/// the new ones.
///
/// Namespaces are identified by their inode, since their positions may differ.
pub fn changes<'a>(before: &'a Snapshot, now: &'a Snapshot) -> Vec<Change<'a>> {
    let netns_inode = |snapshot: &Snapshot, socket: AnySocket<'_>| {
        snapshot
            .netns
            .get(usize::from(socket.netns()))
            .map_or(0, |netns| netns.inode)
    };
    // Sockets without cookie and inode can have the same identity: they are matched one by one.
    let mut known: BTreeMap<_, Vec<AnySocket<'a>>> = BTreeMap::new();
    for socket in sockets(before) {
        known
            .entry((netns_inode(before, socket), socket.identity()))
            .or_default()
            .push(socket);
    }
    for list in known.values_mut() {
        list.reverse();
    }
    let mut moved = Vec::new();
    let mut appeared = Vec::new();
    for socket in sockets(now) {
        match known
            .get_mut(&(netns_inode(now, socket), socket.identity()))
            .and_then(Vec::pop)
        {
            Some(old) if old.same_state(socket) => {}
            Some(old) => moved.push(Change::StateChanged(old, socket)),
            None => appeared.push(Change::Appeared(socket)),
        }
    }
    let gone = known.into_values().flatten().map(Change::Gone);
    gone.chain(moved).chain(appeared).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::socket::{State, V6Only};
    use std::vec;

    fn socket(state: State, cookie: u64, inode: u32, peer_port: u16) -> InetSocket {
        InetSocket {
            local: "127.0.0.1".parse().unwrap(),
            peer: "127.0.0.1".parse().unwrap(),
            cookie,
            inode,
            recv_q: 0,
            send_q: 0,
            backlog: None,
            uid: None,
            interface: 0,
            local_port: 80,
            peer_port,
            netns: 0,
            proto: Proto::Tcp,
            state,
            v6only: V6Only::Unknown,
        }
    }

    fn snapshot_of(inet: Vec<InetSocket>) -> Snapshot {
        Snapshot {
            inet,
            ..Snapshot::default()
        }
    }

    fn summary(before: &Snapshot, now: &Snapshot) -> Vec<(&'static str, u64)> {
        let cookie = |s: &AnySocket<'_>| {
            if let AnySocket::Inet(s) = s {
                s.cookie
            } else {
                0
            }
        };
        let entry = |change: &Change<'_>| match change {
            Change::Appeared(s) => ("appeared", cookie(s)),
            Change::Gone(s) => ("gone", cookie(s)),
            Change::StateChanged(_, s) => ("moved", cookie(s)),
        };
        changes(before, now).iter().map(entry).collect()
    }

    #[test]
    fn sockets_are_followed_by_their_cookie() {
        let before = snapshot_of(vec![
            socket(State::Listen, 1, 1, 0),
            socket(State::Established, 2, 2, 5),
            socket(State::Established, 3, 3, 6),
        ]);
        let now = snapshot_of(vec![
            socket(State::Listen, 1, 1, 0),
            socket(State::TimeWait, 2, 0, 5),
            socket(State::Established, 4, 4, 7),
        ]);
        assert_eq!(
            summary(&before, &now),
            [("gone", 3), ("moved", 2), ("appeared", 4)]
        );
        assert!(summary(&now, &now).is_empty());
    }

    #[test]
    fn without_cookies_addresses_and_inodes_identify_sockets() {
        let two = snapshot_of(vec![
            socket(State::Listen, 0, 1, 0),
            socket(State::Listen, 0, 2, 0),
        ]);
        let one = snapshot_of(vec![socket(State::Listen, 0, 2, 0)]);
        assert_eq!(summary(&two, &one), [("gone", 0)]);
        let open = snapshot_of(vec![socket(State::Established, 0, 8, 9)]);
        let closed = snapshot_of(vec![socket(State::TimeWait, 0, 0, 9)]);
        assert_eq!(summary(&open, &closed), [("moved", 0)]);
    }
}
