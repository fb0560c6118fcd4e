//! What one look at the machine gave: the sockets, who holds them, and what the
//! look could not see.

use crate::listener::{Listener, Reach};
use crate::owner::{Owners, Process, Users};
use crate::socket::{InetSocket, PacketSocket, Proto, UnixSocket};
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::net::IpAddr;

/// A network namespace that was looked into.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Netns {
    /// The name it was given with `ip netns`, or by whoever mounted it.
    pub name: Option<Box<[u8]>>,
    /// The inode of its file in nsfs, which tells namespaces apart.
    pub inode: u64,
    /// The names of the interfaces that sockets are bound to, by index.
    pub interfaces: BTreeMap<u32, Box<[u8]>>,
}

/// Something a snapshot lacks, which must be said beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// The kernel's table changed during every reading: sockets may be missing.
    Interrupted {
        /// Whose table.
        proto: Proto,
        /// Position in [`Snapshot::netns`].
        netns: u16,
    },
    /// Netlink was refused and the texts of `/proc/net` were read instead.
    Fallback {
        /// Whose sockets.
        proto: Proto,
        /// The error number netlink gave.
        errno: i32,
    },
    /// Messages or lines that could not be read.
    Unreadable {
        /// Whose sockets.
        proto: Proto,
        /// How many.
        count: usize,
    },
    /// Sockets whose program may not be seen by this user.
    HiddenOwners {
        /// How many sockets.
        sockets: usize,
        /// How many processes kept their descriptors to themselves.
        processes: usize,
    },
    /// Network namespaces that could not be entered.
    NetnsRefused {
        /// How many.
        count: usize,
    },
}

/// One look at the machine.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// The namespaces looked into; sockets refer to them by position.
    pub netns: Vec<Netns>,
    /// Inet sockets, in order once [`Snapshot::sort`] was called.
    pub inet: Vec<InetSocket>,
    /// Packet sockets.
    pub packet: Vec<PacketSocket>,
    /// UNIX sockets.
    pub unix: Vec<UnixSocket>,
    /// Who holds them; `None` if that was not asked.
    pub owners: Option<Owners>,
    /// The names of users.
    pub users: Users,
    /// What could not be seen.
    pub notes: Vec<Note>,
}

/// What inet sockets are ordered by. IPv4 sockets are ordered by it alone.
type Key = (u64, u64, u64);

impl Snapshot {
    /// Puts the sockets in the order people read: by namespace, protocol and
    /// family; those who listen first; then by port and address. A socket that
    /// the kernel reported twice (it moved while the table was read) stays once,
    /// as it was reported last.
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

    /// How many sockets there are.
    pub fn len(&self) -> usize {
        self.inet.len() + self.packet.len() + self.unix.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Those who wait for connections or packets.
    pub fn listeners(&self) -> impl Iterator<Item = Listener> {
        self.inet.iter().enumerate().filter_map(|(socket, s)| {
            Reach::of(s).map(|reach| Listener {
                proto: s.proto,
                port: s.local_port,
                reach,
                socket,
            })
        })
    }

    /// The processes that hold the socket of an inode, if that was asked.
    pub fn holders(&self, inode: u32) -> impl Iterator<Item = &Process> {
        self.owners.iter().flat_map(move |owners| owners.of(inode))
    }

    /// Keeps the sockets that pass, by what they tell and by who holds them.
    pub fn retain_owned(&mut self, mut wanted: impl FnMut(&Owners, u32) -> bool) {
        let Some(owners) = self.owners.take() else {
            return;
        };
        self.inet.retain(|socket| wanted(&owners, socket.inode));
        self.packet.retain(|socket| wanted(&owners, socket.inode));
        self.unix.retain(|socket| wanted(&owners, socket.inode));
        self.owners = Some(owners);
    }

    /// Counts the sockets that a program must hold although none was seen to,
    /// and notes them if there were processes that could not be looked into.
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

/// One socket reported twice: the same cookie, or without one the same inode.
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
    // The position fits 32 bits: a socket is larger than the bytes that counts.
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
    fn the_order_is_the_one_people_read() {
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
    fn a_socket_reported_twice_stays_as_it_was_last() {
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
