//! Who may reach a listening socket, as far as the socket itself tells.
//!
//! This is the inside half of the audit: what a program offers. A firewall may
//! still stand before it, which this module must not know.

use crate::socket::{InetSocket, Proto, V6Only};
use core::net::IpAddr;

/// Index of the loopback interface in every network namespace (`LOOPBACK_IFINDEX`).
pub const LOOPBACK_INTERFACE: u32 = 1;

/// Who may reach a listening socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Whoever can send a packet to any address of this machine.
    Everyone(Families),
    /// Programs of this machine (in the same network namespace).
    Machine(Families),
    /// Whoever can send a packet to this one address.
    Address(IpAddr),
    /// Whoever sends to a multicast or broadcast address.
    Group(IpAddr),
    /// Whoever is heard on one interface, by its index.
    Interface(u32, Families),
}

/// The families a socket serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Families {
    /// IPv4 alone.
    V4,
    /// IPv6 alone.
    V6,
    /// Both: an IPv6 socket without `IPV6_V6ONLY`.
    Both,
    /// IPv6, and IPv4 unless `IPV6_V6ONLY` is set, which was not told.
    V6AndPerhapsV4,
}

impl Families {
    /// Whether IPv4 is surely served.
    pub const fn v4(self) -> bool {
        matches!(self, Self::V4 | Self::Both)
    }

    /// Whether IPv6 is served.
    pub const fn v6(self) -> bool {
        !matches!(self, Self::V4)
    }
}

impl Reach {
    /// Who may reach `socket`; `None` if it does not wait for anyone.
    pub fn of(socket: &InetSocket) -> Option<Self> {
        if !socket.is_listener() {
            return None;
        }
        let families = families(socket);
        // An IPv4-mapped local address serves IPv4 alone.
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

    /// Whether other machines may reach it (if no firewall forbids it).
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

/// One listening socket, as the audit joins it with what is seen from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listener {
    /// What it speaks.
    pub proto: Proto,
    /// The port it listens on.
    pub port: u16,
    /// Who may reach it.
    pub reach: Reach,
    /// Its position in [`crate::snapshot::Snapshot::inet`].
    pub socket: usize,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::socket::State;

    fn reach(
        proto: Proto,
        state: State,
        local: &str,
        interface: u32,
        v6only: V6Only,
    ) -> Option<Reach> {
        Reach::of(&InetSocket {
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
    fn reach_is_told_from_the_bound_address_and_interface() {
        let tcp = |local, interface, v6only| {
            reach(Proto::Tcp, State::Listen, local, interface, v6only).unwrap()
        };
        let unknown = V6Only::Unknown;
        assert_eq!(tcp("0.0.0.0", 0, unknown), Reach::Everyone(Families::V4));
        assert_eq!(tcp("::", 0, V6Only::No), Reach::Everyone(Families::Both));
        assert_eq!(tcp("::", 0, V6Only::Yes), Reach::Everyone(Families::V6));
        assert_eq!(
            tcp("::", 0, unknown),
            Reach::Everyone(Families::V6AndPerhapsV4)
        );
        assert_eq!(tcp("127.0.0.53", 0, unknown), Reach::Machine(Families::V4));
        assert_eq!(tcp("::1", 0, V6Only::No), Reach::Machine(Families::V6));
        assert_eq!(
            tcp("::ffff:127.0.0.1", 0, V6Only::No),
            Reach::Machine(Families::V4)
        );
        assert_eq!(tcp("0.0.0.0", 1, unknown), Reach::Machine(Families::V4));
        assert_eq!(
            tcp("0.0.0.0", 3, unknown),
            Reach::Interface(3, Families::V4)
        );
        assert_eq!(
            tcp("fe80::1", 3, unknown),
            Reach::Interface(3, Families::V6)
        );
        assert_eq!(
            tcp("10.0.0.1", 0, unknown),
            Reach::Address("10.0.0.1".parse().unwrap())
        );
        assert_eq!(
            tcp("::ffff:10.0.0.1", 0, unknown),
            Reach::Address("10.0.0.1".parse().unwrap())
        );
        let udp = |local| reach(Proto::Udp, State::Close, local, 0, unknown);
        assert_eq!(
            udp("224.0.0.251"),
            Some(Reach::Group("224.0.0.251".parse().unwrap()))
        );
        assert!(udp("0.0.0.0").is_some_and(Reach::is_exposed));
        assert!(udp("127.0.0.1").is_some_and(|reach| !reach.is_exposed()));
    }

    #[test]
    fn who_does_not_wait_has_no_reach() {
        assert_eq!(
            reach(
                Proto::Tcp,
                State::Established,
                "0.0.0.0",
                0,
                V6Only::Unknown
            ),
            None
        );
        assert_eq!(
            reach(
                Proto::Udp,
                State::Established,
                "0.0.0.0",
                0,
                V6Only::Unknown
            ),
            None
        );
        assert_eq!(
            reach(Proto::Raw, State::Close, "0.0.0.0", 0, V6Only::Unknown),
            None
        );
    }
}
