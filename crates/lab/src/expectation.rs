//! What a correct scan of a port must find.
//!
//! It must not know scanners.

use core::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::{Node, PacketAction, Topology};

/// A transport with ports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Transport {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
}

/// Behaviour of a port towards the scanner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PortBehavior {
    /// TCP: the port accepts. UDP: the port answers.
    Open,
    /// UDP: a program receives the packet and does not answer.
    Silent,
    /// The node refuses: with a reset, or ICMP port unreachable.
    Closed,
    /// A firewall answers with a reset, as if the port were closed.
    Reset,
    /// A firewall answers with ICMP "destination unreachable" of this code (of the address's family).
    Unreachable(u8),
    /// A firewall drops the packet.
    Dropped,
    /// No host has the address.
    NoHost,
}

impl PortBehavior {
    /// Returns the state that a SYN or a connect scan must report, as named by nmap.
    pub fn tcp_state(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed | Self::Reset => "closed",
            Self::Silent | Self::Unreachable(_) | Self::Dropped | Self::NoHost => "filtered",
        }
    }

    /// Returns the state that a UDP scan must report at `address`, as named by nmap: port unreachable means
    /// closed, regardless of its sender.
    pub fn udp_state(self, address: IpAddr) -> &'static str {
        let port_unreachable = if address.is_ipv4() { 3 } else { 4 };
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Unreachable(code) if code == port_unreachable => "closed",
            Self::Unreachable(_) => "filtered",
            Self::Silent | Self::Reset | Self::Dropped | Self::NoHost => "open|filtered",
        }
    }
}

/// Expected behaviour of all ports of an address.
#[derive(Debug, Clone, Copy)]
pub struct Expectations<'a> {
    node: Option<&'a Node>,
    address: IpAddr,
}

impl Expectations<'_> {
    /// Returns the expected behaviour of a port.
    pub fn port(&self, transport: Transport, port: u16) -> PortBehavior {
        let Some(node) = self.node else {
            return PortBehavior::NoHost;
        };
        let action = match (&node.firewall, transport) {
            (None, _) => PacketAction::Pass,
            (Some(firewall), Transport::Tcp) => firewall.tcp.action(port),
            (Some(firewall), Transport::Udp) => firewall.udp.action(port),
        };
        match (action, transport) {
            (PacketAction::Drop, _) => PortBehavior::Dropped,
            (PacketAction::Reset, _) => PortBehavior::Reset,
            (PacketAction::Icmp { v4, .. }, _) if self.address.is_ipv4() => {
                PortBehavior::Unreachable(v4)
            }
            (PacketAction::Icmp { v6, .. }, _) => PortBehavior::Unreachable(v6),
            (PacketAction::Pass, Transport::Tcp) if node.tcp.contains_key(&port) => {
                PortBehavior::Open
            }
            (PacketAction::Pass, Transport::Udp) if node.udp_echo.contains(&port) => {
                PortBehavior::Open
            }
            (PacketAction::Pass, Transport::Udp) if node.udp_silent.contains(&port) => {
                PortBehavior::Silent
            }
            (PacketAction::Pass, _) => PortBehavior::Closed,
        }
    }
}

impl Topology {
    /// Returns the expected behaviour of every port of an address.
    pub fn expectations(&self, address: IpAddr) -> Expectations<'_> {
        Expectations {
            node: self.owner(address),
            address,
        }
    }

    /// Returns the expected behaviour of a port.
    pub fn expectation(&self, address: IpAddr, transport: Transport, port: u16) -> PortBehavior {
        self.expectations(address).port(transport, port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Connection, Firewall, Interface, PortRules};

    #[test]
    fn services_and_firewall_decide_together() {
        let wall = Firewall::all(PacketAction::Drop)
            .tcp(PortRules::all(PacketAction::PROHIBITED).but([22..=23], PacketAction::Pass))
            .udp(PortRules::all(PacketAction::Pass).but([9..=9], PacketAction::PORT_UNREACHABLE));
        let topology = Topology::new()
            .node(Node::new("a", "scanner"))
            .node(
                Node::new("b", "host")
                    .tcp([22, 80])
                    .udp([53])
                    .udp_silent([69])
                    .firewall(wall),
            )
            .connect(Connection::Veth(
                Interface::new("a", "eth0", &["10.0.0.1/24"]),
                Interface::new("b", "eth0", &["10.0.0.2/24", "fd00::2/64"]),
            ));
        let v4: IpAddr = "10.0.0.2".parse().expect("an address");
        let v6: IpAddr = "fd00::2".parse().expect("an address");
        let tcp = |address, port| topology.expectation(address, Transport::Tcp, port);
        let udp = |port| topology.expectation(v4, Transport::Udp, port);
        assert_eq!(tcp(v4, 22), PortBehavior::Open);
        assert_eq!(tcp(v4, 23), PortBehavior::Closed);
        assert_eq!(tcp(v4, 80), PortBehavior::Unreachable(13));
        assert_eq!(tcp(v6, 80), PortBehavior::Unreachable(1));
        assert_eq!(udp(53), PortBehavior::Open);
        assert_eq!(udp(69).udp_state(v4), "open|filtered");
        assert_eq!(udp(9).udp_state(v4), "closed");
        let unused = "10.0.0.9".parse().expect("an address");
        assert_eq!(tcp(unused, 22).tcp_state(), "filtered");
    }
}
