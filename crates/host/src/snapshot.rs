//! A snapshot of the machine: its sockets, their owners, and what could not be read.

use crate::listener::{Exposure, Listener};
use crate::owner::{Owners, Process, Users};
use crate::socket::{InetSocket, PacketSocket, Proto, UnixSocket};
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::net::IpAddr;

/// A network namespace of a snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Netns {
    /// Name given by `ip netns`, or by another mount.
    pub name: Option<Box<[u8]>>,
    /// Inode of its nsfs file, which identifies it.
    pub inode: u64,
    /// Names of the interfaces that sockets are bound to, by index.
    pub interfaces: BTreeMap<u32, Box<[u8]>>,
}

/// Something that a snapshot lacks, to be reported with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// The kernel's table changed during every attempt to read it: sockets may be missing.
    Interrupted {
        /// Protocol of the table.
        proto: Proto,
        /// Index in [`Snapshot::netns`].
        netns: u16,
    },
    /// Netlink was refused, and `/proc/net` was read instead.
    Fallback {
        /// Protocol of the sockets.
        proto: Proto,
        /// Error number of netlink.
        errno: i32,
    },
    /// Messages or lines could not be parsed.
    Unreadable {
        /// Protocol of the sockets.
        proto: Proto,
        /// Number of messages or lines.
        count: usize,
    },
    /// This user may not see the owners of some sockets.
    HiddenOwners {
        /// Number of sockets.
        sockets: usize,
        /// Number of processes whose descriptors may not be read.
        processes: usize,
    },
    /// Network namespaces could not be entered.
    NetnsRefused {
        /// Number of namespaces.
        count: usize,
    },
}

/// The sockets of a machine at one moment.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// Network namespaces; sockets refer to them by index.
    pub netns: Vec<Netns>,
    /// Inet sockets, sorted after [`Snapshot::sort`].
    pub inet: Vec<InetSocket>,
    /// Packet sockets.
    pub packet: Vec<PacketSocket>,
    /// UNIX sockets.
    pub unix: Vec<UnixSocket>,
    /// Owners, or `None` if they were not requested.
    pub owners: Option<Owners>,
    /// User names.
    pub users: Users,
    /// What the snapshot lacks.
    pub notes: Vec<Note>,
}

/// Sort key of inet sockets, complete for IPv4.
type Key = (u64, u64, u64);

impl Snapshot {
    /// Sorts the sockets for people: by namespace, protocol and family; listeners first; then by port and address. A
    /// socket that the kernel reported twice (it moved while the table was read) is kept once, in its last state.
    pub fn sort(&mut self) {
        let sockets = core::mem::take(&mut self.inet);
        let mut keys: Vec<Key> = sockets
            .iter()
            .enumerate()
            .map(|(at, socket)| key(socket, at))
            .collect();
        let at = |key: &Key| &sockets[(key.2 & 0xffff_ffff) as usize];
        keys.sort_unstable_by(|a, b| {
            let heads = (a.0, a.1).cmp(&(b.0, b.1));
            heads
                .then_with(|| {
                    if at(a).is_v6() {
                        compare_v6(at(a), at(b))
                    } else {
                        Ordering::Equal
                    }
                })
                .then(a.2.cmp(&b.2))
        });
        self.inet.reserve_exact(keys.len());
        for key in &keys {
            let socket = at(key);
            match self.inet.last_mut() {
                Some(last) if same(last, socket) => *last = socket.clone(),
                _ => self.inet.push(socket.clone()),
            }
        }
        self.packet
            .sort_by_key(|s| (s.netns, s.interface, s.protocol, s.inode));
        self.unix.sort_by(|a, b| {
            let class = |s: &UnixSocket| (s.netns, s.state != crate::socket::State::Listen);
            class(a)
                .cmp(&class(b))
                .then_with(|| a.name.cmp(&b.name))
                .then(a.inode.cmp(&b.inode))
                .then(a.cookie.cmp(&b.cookie))
        });
    }

    /// Returns the number of sockets.
    pub fn len(&self) -> usize {
        self.inet.len() + self.packet.len() + self.unix.len()
    }

    /// Returns whether there are no sockets.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the listening sockets.
    pub fn listeners(&self) -> impl Iterator<Item = Listener> {
        self.inet.iter().enumerate().filter_map(|(socket, s)| {
            Exposure::of(s).map(|exposure| Listener {
                proto: s.proto,
                port: s.local_port,
                exposure,
                socket,
            })
        })
    }

    /// Returns the processes that hold the socket with this inode, if owners were requested.
    pub fn holders(&self, inode: u32) -> impl Iterator<Item = &Process> {
        self.owners.iter().flat_map(move |owners| owners.of(inode))
    }

    /// Keeps the sockets that `wanted` selects by owners and inode.
    pub fn retain_owned(&mut self, mut wanted: impl FnMut(&Owners, u32) -> bool) {
        let Some(owners) = self.owners.take() else {
            return;
        };
        self.inet.retain(|socket| wanted(&owners, socket.inode));
        self.packet.retain(|socket| wanted(&owners, socket.inode));
        self.unix.retain(|socket| wanted(&owners, socket.inode));
        self.owners = Some(owners);
    }

    /// Adds a note about sockets without a visible owner, if there are processes whose descriptors may not be read.
    pub fn note_hidden_owners(&mut self) {
        let Some(owners) = &self.owners else { return };
        if owners.hidden_processes == 0 && !owners.unseen_processes {
            return;
        }
        let inodes = self.inet.iter().map(|s| s.inode);
        let inodes = inodes
            .chain(self.packet.iter().map(|s| s.inode))
            .chain(self.unix.iter().map(|s| s.inode));
        let sockets = inodes
            .filter(|inode| *inode != 0 && owners.holds(*inode).is_empty())
            .count();
        if sockets > 0 {
            self.notes.push(Note::HiddenOwners {
                sockets,
                processes: owners.hidden_processes,
            });
        }
    }
}

/// Returns whether two entries are the same socket: same cookie, or without one the same inode.
fn same(a: &InetSocket, b: &InetSocket) -> bool {
    let named = if a.cookie != 0 || b.cookie != 0 {
        a.cookie == b.cookie
    } else {
        a.inode != 0 && a.inode == b.inode
    };
    named && a.proto == b.proto && a.netns == b.netns
}

fn key(socket: &InetSocket, at: usize) -> Key {
    let class = u64::from(!socket.is_listener());
    let head = u64::from(socket.netns) << 40
        | (socket.proto as u64) << 34
        | u64::from(socket.is_v6()) << 33
        | class << 32
        | u64::from(socket.local_port);
    let middle = match (socket.local, socket.peer) {
        (IpAddr::V4(local), IpAddr::V4(peer)) => {
            u64::from(local.to_bits()) << 32 | u64::from(peer.to_bits())
        }
        (IpAddr::V6(local), _) => (local.to_bits() >> 64) as u64,
        (IpAddr::V4(local), IpAddr::V6(_)) => u64::from(local.to_bits()) << 32,
    };
    // The position fits in 32 bits, as a socket takes more than one byte.
    (head, middle, u64::from(socket.peer_port) << 32 | at as u64)
}

fn compare_v6(a: &InetSocket, b: &InetSocket) -> Ordering {
    (a.local, a.peer).cmp(&(b.local, b.peer))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::socket::{State, V6Only};
    use proptest::prelude::*;
    use std::vec;

    fn socket(
        proto: Proto,
        state: State,
        local: &str,
        ports: (u16, u16),
        cookie: u64,
    ) -> InetSocket {
        InetSocket {
            local: local.parse().unwrap(),
            peer: local.parse().unwrap(),
            cookie,
            inode: 1,
            recv_q: 0,
            send_q: 0,
            backlog: None,
            uid: None,
            interface: 0,
            local_port: ports.0,
            peer_port: ports.1,
            netns: 0,
            proto,
            state,
            v6only: V6Only::Unknown,
        }
    }

    #[test]
    fn sockets_are_sorted_for_people() {
        let wanted = [
            socket(Proto::Tcp, State::Listen, "0.0.0.0", (22, 0), 1),
            socket(Proto::Tcp, State::Listen, "0.0.0.0", (80, 0), 2),
            socket(Proto::Tcp, State::Established, "10.0.0.1", (22, 9), 3),
            socket(Proto::Tcp, State::Established, "10.0.0.1", (22, 10), 4),
            socket(Proto::Tcp, State::Listen, "::", (22, 0), 5),
            socket(Proto::Tcp, State::Established, "2001:db8::1", (22, 7), 6),
            socket(Proto::Tcp, State::Established, "2001:db8::2", (22, 1), 7),
            socket(Proto::Udp, State::Close, "0.0.0.0", (53, 0), 8),
        ];
        let mut snapshot = Snapshot {
            inet: wanted.iter().rev().cloned().collect(),
            ..Snapshot::default()
        };
        snapshot.sort();
        assert_eq!(snapshot.inet, wanted);
        assert_eq!(
            snapshot.listeners().map(|l| l.port).collect::<Vec<_>>(),
            [22, 80, 22, 53]
        );
    }

    #[test]
    fn a_socket_reported_twice_has_its_last_state() {
        let mut later = socket(Proto::Tcp, State::TimeWait, "10.0.0.1", (22, 9), 3);
        later.inode = 0;
        let inet = vec![
            socket(Proto::Tcp, State::Established, "10.0.0.1", (22, 9), 3),
            later.clone(),
        ];
        let mut snapshot = Snapshot {
            inet,
            ..Snapshot::default()
        };
        snapshot.sort();
        assert_eq!(snapshot.inet, [later]);
        let shared = || socket(Proto::Tcp, State::Listen, "0.0.0.0", (80, 0), 0);
        let other = InetSocket {
            inode: 2,
            ..shared()
        };
        snapshot.inet = vec![shared(), other];
        snapshot.sort();
        assert_eq!(snapshot.inet.len(), 2, "two sockets on one port are two");
    }

    proptest! {
        #[test]
        fn sorting_loses_nothing_and_is_stable(ports in prop::collection::vec((0u16..4, 0u16..4, any::<bool>()), 0..40)) {
            let make = |(n, (local, peer, v6)): (usize, &(u16, u16, bool))| {
                let address = if *v6 { "2001:db8::1" } else { "10.0.0.1" };
                socket(Proto::Tcp, State::Established, address, (*local, *peer), n as u64 + 1)
            };
            let inet: Vec<_> = ports.iter().enumerate().map(make).collect();
            let mut snapshot = Snapshot { inet: inet.clone(), ..Snapshot::default() };
            snapshot.sort();
            let mut plain = inet;
            plain.sort_by_key(|s| (s.is_v6(), s.local_port, s.local, s.peer, s.peer_port));
            prop_assert_eq!(snapshot.inet, plain);
        }
    }
}
