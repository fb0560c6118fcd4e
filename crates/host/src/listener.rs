//! Who can reach a listening socket, judging by the socket alone.
//!
//! A firewall may still protect it: this module must not know firewalls.

use crate::socket::{InetSocket, Proto, V6Only};
use core::net::IpAddr;

/// Index of the loopback interface in every network namespace (`LOOPBACK_IFINDEX`).
pub const LOOPBACK_INTERFACE: u32 = 1;

/// Who can reach a listening socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exposure {
    /// Everyone who can send a packet to any address of this machine.
    Everyone(Families),
    /// Programs on this machine, in the same network namespace.
    Machine(Families),
    /// Everyone who can send a packet to this address.
    Address(IpAddr),
    /// Everyone who sends to this multicast or broadcast address.
    Group(IpAddr),
    /// Everyone who can send a packet to the interface with this index.
    Interface(u32, Families),
}

/// Address families that a socket accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Families {
    /// IPv4 only.
    V4,
    /// IPv6 only.
    V6,
    /// Both: an IPv6 socket without `IPV6_V6ONLY`.
    Both,
    /// IPv6, and IPv4 unless `IPV6_V6ONLY` is set, which is unknown.
    V6AndPerhapsV4,
}

impl Families {
    /// Returns whether IPv4 is certainly accepted.
    pub const fn v4(self) -> bool {
        matches!(self, Self::V4 | Self::Both)
    }

    /// Returns whether IPv6 is accepted.
    pub const fn v6(self) -> bool {
        !matches!(self, Self::V4)
    }
}

impl Exposure {
    /// Returns who can reach `socket`, or `None` if it does not listen.
    pub fn of(socket: &InetSocket) -> Option<Self> {
        if !socket.is_listener() {
            return None;
        }
        let families = families(socket);
        // A socket with an IPv4-mapped address accepts only IPv4.
        let local = socket.local.to_canonical();
        Some(
            if local.is_loopback() || socket.interface == LOOPBACK_INTERFACE {
                Self::Machine(families)
            } else if local.is_multicast() || local == IpAddr::V4(core::net::Ipv4Addr::BROADCAST) {
                Self::Group(local)
            } else if local.is_unspecified() {
                if socket.interface == 0 {
                    Self::Everyone(families)
                } else {
                    Self::Interface(socket.interface, families)
                }
            } else if is_link_local_v6(local) && socket.interface != 0 {
                Self::Interface(socket.interface, families)
            } else {
                Self::Address(local)
            },
        )
    }

    /// Returns whether other machines can reach the socket, unless a firewall prevents it.
    pub const fn is_exposed(self) -> bool {
        !matches!(self, Self::Machine(_))
    }
}

fn is_link_local_v6(address: IpAddr) -> bool {
    matches!(address, IpAddr::V6(v6) if v6.is_unicast_link_local())
}

fn families(socket: &InetSocket) -> Families {
    match socket.local {
        IpAddr::V4(_) => Families::V4,
        IpAddr::V6(v6) if v6.to_ipv4_mapped().is_some() => Families::V4,
        IpAddr::V6(v6) if !v6.is_unspecified() => Families::V6,
        IpAddr::V6(_) => match socket.v6only {
            V6Only::Yes => Families::V6,
            V6Only::No => Families::Both,
            V6Only::Unknown => Families::V6AndPerhapsV4,
        },
    }
}

/// A listening socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listener {
    /// Protocol.
    pub proto: Proto,
    /// Port.
    pub port: u16,
    /// Who can reach it.
    pub exposure: Exposure,
    /// Index in [`crate::snapshot::Snapshot::inet`].
    pub socket: usize,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::socket::State;

    fn exposure(
        proto: Proto,
        state: State,
        local: &str,
        interface: u32,
        v6only: V6Only,
    ) -> Option<Exposure> {
        Exposure::of(&InetSocket {
            local: local.parse().unwrap(),
            peer: "::".parse().unwrap(),
            cookie: 0,
            inode: 1,
            recv_q: 0,
            send_q: 0,
            backlog: None,
            uid: None,
            interface,
            local_port: 80,
            peer_port: 0,
            netns: 0,
            proto,
            state,
            v6only,
        })
    }

    #[test]
    fn exposure_depends_on_the_bound_address_and_interface() {
        let tcp = |local, interface, v6only| {
            exposure(Proto::Tcp, State::Listen, local, interface, v6only).unwrap()
        };
        let unknown = V6Only::Unknown;
        assert_eq!(tcp("0.0.0.0", 0, unknown), Exposure::Everyone(Families::V4));
        assert_eq!(tcp("::", 0, V6Only::No), Exposure::Everyone(Families::Both));
        assert_eq!(tcp("::", 0, V6Only::Yes), Exposure::Everyone(Families::V6));
        assert_eq!(
            tcp("::", 0, unknown),
            Exposure::Everyone(Families::V6AndPerhapsV4)
        );
        assert_eq!(
            tcp("127.0.0.53", 0, unknown),
            Exposure::Machine(Families::V4)
        );
        assert_eq!(tcp("::1", 0, V6Only::No), Exposure::Machine(Families::V6));
        assert_eq!(
            tcp("::ffff:127.0.0.1", 0, V6Only::No),
            Exposure::Machine(Families::V4)
        );
        assert_eq!(tcp("0.0.0.0", 1, unknown), Exposure::Machine(Families::V4));
        assert_eq!(
            tcp("0.0.0.0", 3, unknown),
            Exposure::Interface(3, Families::V4)
        );
        assert_eq!(
            tcp("fe80::1", 3, unknown),
            Exposure::Interface(3, Families::V6)
        );
        assert_eq!(
            tcp("10.0.0.1", 0, unknown),
            Exposure::Address("10.0.0.1".parse().unwrap())
        );
        assert_eq!(
            tcp("::ffff:10.0.0.1", 0, unknown),
            Exposure::Address("10.0.0.1".parse().unwrap())
        );
        let udp = |local| exposure(Proto::Udp, State::Close, local, 0, unknown);
        assert_eq!(
            udp("224.0.0.251"),
            Some(Exposure::Group("224.0.0.251".parse().unwrap()))
        );
        assert!(udp("0.0.0.0").is_some_and(Exposure::is_exposed));
        assert!(udp("127.0.0.1").is_some_and(|exposure| !exposure.is_exposed()));
    }

    #[test]
    fn only_listening_sockets_have_an_exposure() {
        assert_eq!(
            exposure(
                Proto::Tcp,
                State::Established,
                "0.0.0.0",
                0,
                V6Only::Unknown
            ),
            None
        );
        assert_eq!(
            exposure(
                Proto::Udp,
                State::Established,
                "0.0.0.0",
                0,
                V6Only::Unknown
            ),
            None
        );
        assert_eq!(
            exposure(Proto::Raw, State::Close, "0.0.0.0", 0, V6Only::Unknown),
            None
        );
    }
}
