//! What a correct scan of a port must find.

use core::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::{Fate, Node, Topology};

/// A transport with ports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Transport {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
}

/// How a port answers a packet from the scanner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Truth {
    /// TCP: it accepts. UDP: it sends something back.
    Open,
    /// UDP: a program takes the packet and says nothing.
    Silent,
    /// The node itself refuses: a reset, or ICMP port unreachable.
    Closed,
    /// A firewall answers with a reset, as if the port were closed.
    Reset,
    /// A firewall answers with ICMP "destination unreachable" of this code (of the address's family).
    Unreachable(u8),
    /// A firewall drops it.
    Dropped,
    /// No machine has the address.
    Nobody,
}

impl Truth {
    /// The state that a SYN or a connect scan must report, in nmap's words.
    pub fn tcp_state(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed | Self::Reset => "closed",
            Self::Silent | Self::Unreachable(_) | Self::Dropped | Self::Nobody => "filtered",
        }
    }

    /// The state that a UDP scan must report at `address`, in nmap's words: port unreachable means
    /// closed, whoever sends it.
    pub fn udp_state(self, address: IpAddr) -> &'static str {
        let port_unreachable = if address.is_ipv4() { 3 } else { 4 };
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Unreachable(code) if code == port_unreachable => "closed",
            Self::Unreachable(_) => "filtered",
            Self::Silent | Self::Reset | Self::Dropped | Self::Nobody => "open|filtered",
        }
    }
}

/// One address and who answers there.
#[derive(Debug, Clone, Copy)]
pub struct Truths<'a> {
    node: Option<&'a Node>,
    address: IpAddr,
}

impl Truths<'_> {
    /// What the port is to a scanner whose packets pass the firewall declared for it.
    pub fn port(&self, transport: Transport, port: u16) -> Truth {
        let Some(node) = self.node else {
            return Truth::Nobody;
        };
        let fate = match (&node.firewall, transport) {
            (None, _) => Fate::Pass,
            (Some(firewall), Transport::Tcp) => firewall.tcp.fate(port),
            (Some(firewall), Transport::Udp) => firewall.udp.fate(port),
        };
        match (fate, transport) {
            (Fate::Drop, _) => Truth::Dropped,
            (Fate::Reset, _) => Truth::Reset,
            (Fate::Icmp { v4, .. }, _) if self.address.is_ipv4() => Truth::Unreachable(v4),
            (Fate::Icmp { v6, .. }, _) => Truth::Unreachable(v6),
            (Fate::Pass, Transport::Tcp) if node.tcp.contains_key(&port) => Truth::Open,
            (Fate::Pass, Transport::Udp) if node.udp_echo.contains(&port) => Truth::Open,
            (Fate::Pass, Transport::Udp) if node.udp_silent.contains(&port) => Truth::Silent,
            (Fate::Pass, _) => Truth::Closed,
        }
    }
}

impl Topology {
    /// The truth of every port at one address.
    pub fn truths(&self, address: IpAddr) -> Truths<'_> {
        Truths {
            node: self.owner(address),
            address,
        }
    }

    /// The truth of one port.
    pub fn truth(&self, address: IpAddr, transport: Transport, port: u16) -> Truth {
        self.truths(address).port(transport, port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{End, Firewall, Wall, Wire};

    #[test]
    fn truth_joins_services_and_firewall() {
        let wall = Firewall::all(Fate::Drop)
            .tcp(Wall::all(Fate::PROHIBITED).but([22..=23], Fate::Pass))
            .udp(Wall::all(Fate::Pass).but([9..=9], Fate::PORT_UNREACHABLE));
        let topology = Topology::new()
            .node(Node::new("a", "scanner"))
            .node(
                Node::new("b", "host")
                    .tcp([22, 80])
                    .udp([53])
                    .udp_silent([69])
                    .firewall(wall),
            )
            .wire(Wire::Veth(
                End::new("a", "eth0", &["10.0.0.1/24"]),
                End::new("b", "eth0", &["10.0.0.2/24", "fd00::2/64"]),
            ));
        let v4: IpAddr = "10.0.0.2".parse().expect("an address");
        let v6: IpAddr = "fd00::2".parse().expect("an address");
        let tcp = |address, port| topology.truth(address, Transport::Tcp, port);
        let udp = |port| topology.truth(v4, Transport::Udp, port);
        assert_eq!(tcp(v4, 22), Truth::Open);
        assert_eq!(tcp(v4, 23), Truth::Closed);
        assert_eq!(tcp(v4, 80), Truth::Unreachable(13));
        assert_eq!(tcp(v6, 80), Truth::Unreachable(1));
        assert_eq!(udp(53), Truth::Open);
        assert_eq!(udp(69).udp_state(v4), "open|filtered");
        assert_eq!(udp(9).udp_state(v4), "closed");
        let ghost = "10.0.0.9".parse().expect("an address");
        assert_eq!(tcp(ghost, 22).tcp_state(), "filtered");
    }
}
