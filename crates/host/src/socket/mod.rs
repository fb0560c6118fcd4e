//! Sockets as values: inet, UNIX and packet sockets.
//!
//! Numbers are in host byte order. Netlink and `/proc/net` fill the same fields, and the types must not know which of
//! them a value comes from.

mod local;
mod state;

use core::net::IpAddr;

pub use local::{PacketKind, PacketSocket, UnixKind, UnixName, UnixSocket};
pub use state::{State, StateSet};

/// Protocol of a socket, in the order of lists for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Proto {
    /// TCP (`IPPROTO_TCP`).
    Tcp,
    /// Multipath TCP (`IPPROTO_MPTCP`): the connection above its TCP subflows.
    Mptcp,
    /// SCTP (`IPPROTO_SCTP`): endpoints and associations.
    Sctp,
    /// UDP (`IPPROTO_UDP`).
    Udp,
    /// UDP-Lite (`IPPROTO_UDPLITE`).
    UdpLite,
    /// Raw IP (`SOCK_RAW` of the inet families); the "port" is the IP protocol.
    Raw,
    /// Packet sockets (`AF_PACKET`).
    Packet,
    /// UNIX domain sockets (`AF_UNIX`).
    Unix,
}

impl Proto {
    /// All protocols, in the order of lists.
    pub const ALL: [Self; 8] = [
        Self::Tcp,
        Self::Mptcp,
        Self::Sctp,
        Self::Udp,
        Self::UdpLite,
        Self::Raw,
        Self::Packet,
        Self::Unix,
    ];

    /// Returns the protocol's name in machine formats, in lower case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Mptcp => "mptcp",
            Self::Sctp => "sctp",
            Self::Udp => "udp",
            Self::UdpLite => "udplite",
            Self::Raw => "raw",
            Self::Packet => "packet",
            Self::Unix => "unix",
        }
    }

    /// Returns the name with the family, as `netstat` writes it: `tcp`, `tcp6`.
    pub const fn family_name(self, v6: bool) -> &'static str {
        match (self, v6) {
            (Self::Tcp, true) => "tcp6",
            (Self::Mptcp, true) => "mptcp6",
            (Self::Sctp, true) => "sctp6",
            (Self::Udp, true) => "udp6",
            (Self::UdpLite, true) => "udplite6",
            (Self::Raw, true) => "raw6",
            _ => self.name(),
        }
    }

    /// Returns whether the protocol has connections that end in `LISTEN` on the server's side.
    pub const fn listens(self) -> bool {
        matches!(self, Self::Tcp | Self::Mptcp | Self::Sctp)
    }

    /// Returns whether the protocol has ports (not raw, packet or UNIX sockets).
    pub const fn has_ports(self) -> bool {
        !matches!(self, Self::Raw | Self::Packet | Self::Unix)
    }
}

/// A set of protocols.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct ProtoSet(u16);

impl ProtoSet {
    /// The set of all protocols.
    pub const ALL: Self = Self(0xff);

    /// Returns the set with `proto` added.
    #[must_use]
    pub const fn with(self, proto: Proto) -> Self {
        Self(self.0 | 1 << proto as u16)
    }

    /// Returns whether `proto` is in the set.
    pub const fn has(self, proto: Proto) -> bool {
        self.0 & (1 << proto as u16) != 0
    }

    /// Returns whether no protocol is in the set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// Whether an IPv6 socket also accepts IPv4 (`IPV6_V6ONLY`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum V6Only {
    /// `IPV6_V6ONLY` is set: IPv6 only.
    Yes,
    /// Not set: IPv4 arrives as IPv4-mapped IPv6.
    No,
    /// Unknown (`/proc/net` does not contain it), or not an IPv6 socket.
    #[default]
    Unknown,
}

/// A socket of the inet families.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InetSocket {
    /// Local address. Its family is the family of the socket: an IPv4-mapped address stays [`IpAddr::V6`].
    pub local: IpAddr,
    /// Address of the peer, unspecified if there is none.
    pub peer: IpAddr,
    /// Cookie: the kernel's number of the socket, 0 if unknown. It stays the same in `TIME_WAIT` and is never reused.
    pub cookie: u64,
    /// Inode in sockfs; 0 when no program can hold it (`TIME_WAIT`, orphans).
    pub inode: u32,
    /// Bytes that the local program has not read; for a listener, connections that it has not accepted.
    pub recv_q: u32,
    /// Bytes that the peer has not acknowledged; 0 for a listener.
    pub send_q: u32,
    /// Backlog of a listener: maximum number of waiting connections. `None` if unknown.
    pub backlog: Option<u32>,
    /// User id of the creator, if the kernel reports it.
    pub uid: Option<u32>,
    /// Index of the interface that it is bound to, 0 for none.
    pub interface: u32,
    /// Local port; for raw sockets the IP protocol.
    pub local_port: u16,
    /// Port of the peer, 0 if there is none.
    pub peer_port: u16,
    /// Index of its namespace in [`crate::snapshot::Snapshot::netns`].
    pub netns: u16,
    /// Protocol.
    pub proto: Proto,
    /// State.
    pub state: State,
    /// Whether an IPv6 socket also accepts IPv4.
    pub v6only: V6Only,
}

impl InetSocket {
    /// Returns whether the socket is of the IPv6 family.
    pub const fn is_v6(&self) -> bool {
        self.local.is_ipv6()
    }

    /// Returns whether the socket listens: in state `LISTEN`, or bound to a UDP port without a peer.
    pub fn is_listener(&self) -> bool {
        match self.proto {
            Proto::Udp | Proto::UdpLite => self.state == State::Close && self.local_port != 0,
            _ => self.state == State::Listen,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kernel_numbers_and_masks_agree() {
        for state in State::ALL {
            let n = state as u8;
            if n < 14 && state != State::NewSynRecv {
                assert_eq!(State::from_kernel(n), Some(state));
                assert_eq!(StateSet::default().with(state).kernel_mask(), 1 << n);
            }
        }
        assert_eq!(State::from_kernel(12), Some(State::SynRecv));
        assert_eq!(StateSet::default().with(State::NewSynRecv).kernel_mask(), 8);
        assert_eq!(State::from_kernel(0), None);
        assert_eq!(State::from_kernel(14), None);
        assert_eq!(StateSet::ALL.kernel_mask(), 0x0ffe | 1);
    }

    #[test]
    fn proto_sets_contain_what_was_added() {
        let set = ProtoSet::default().with(Proto::Tcp).with(Proto::Unix);
        for proto in Proto::ALL {
            assert_eq!(set.has(proto), matches!(proto, Proto::Tcp | Proto::Unix));
            assert!(ProtoSet::ALL.has(proto));
        }
    }
}
