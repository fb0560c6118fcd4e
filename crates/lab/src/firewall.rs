//! Firewalls as data, and the packet filters that implement them.
//!
//! It must not know how packet filters are installed.

use core::net::IpAddr;
use core::ops::RangeInclusive;

use serde::{Deserialize, Serialize};
use vigie_linux::net::Prefix;
use vigie_linux::nft::{Chain, Hook, Match, Policy, Reject, Rule, Table, Verdict};

/// What a firewall does with a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PacketAction {
    /// Lets it pass.
    Pass,
    /// Drops it silently.
    Drop,
    /// Answers with a TCP reset. For TCP only.
    Reset,
    /// Answers with ICMP "destination unreachable" and this code.
    Icmp {
        /// Code for IPv4.
        v4: u8,
        /// Code for IPv6.
        v6: u8,
    },
}

impl PacketAction {
    /// Answers with ICMP administratively prohibited.
    pub const PROHIBITED: Self = Self::Icmp { v4: 13, v6: 1 };
    /// Answers with ICMP port unreachable.
    pub const PORT_UNREACHABLE: Self = Self::Icmp { v4: 3, v6: 4 };
    /// Answers with ICMP host (IPv6: address) unreachable.
    pub const HOST_UNREACHABLE: Self = Self::Icmp { v4: 1, v6: 3 };
}

/// Actions for the packets of one transport, by destination port: the first matching range applies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortRules {
    /// Port ranges and their actions, in order.
    pub rules: Vec<(Vec<RangeInclusive<u16>>, PacketAction)>,
    /// Action for all other ports.
    pub default: PacketAction,
}

impl PortRules {
    /// Returns rules with one action for all ports.
    pub fn all(default: PacketAction) -> Self {
        Self {
            rules: Vec::new(),
            default,
        }
    }

    /// Adds an action for some ports; earlier rules take precedence.
    #[must_use]
    pub fn but(
        mut self,
        ports: impl IntoIterator<Item = RangeInclusive<u16>>,
        action: PacketAction,
    ) -> Self {
        self.rules.push((ports.into_iter().collect(), action));
        self
    }

    /// Returns the action for a port.
    pub fn action(&self, port: u16) -> PacketAction {
        self.rules
            .iter()
            .find(|(ports, _)| ports.iter().any(|range| range.contains(&port)))
            .map_or(self.default, |(_, action)| *action)
    }
}

/// The firewall of a node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Firewall {
    /// Router that filters; the node itself if none.
    pub at: Option<String>,
    /// Rules for TCP.
    pub tcp: PortRules,
    /// Rules for UDP.
    pub udp: PortRules,
    /// Action for echo requests (ping).
    pub echo: PacketAction,
    /// Source addresses whose packets always pass. [`PortBehavior`](crate::PortBehavior)s do not apply to them.
    #[serde(default)]
    pub friends: Vec<IpAddr>,
}

impl Firewall {
    /// Returns a firewall on the node itself with one action for all ports of both transports. Pings pass.
    pub fn all(action: PacketAction) -> Self {
        let udp = if action == PacketAction::Reset {
            PacketAction::Pass
        } else {
            action
        };
        Self {
            at: None,
            tcp: PortRules::all(action),
            udp: PortRules::all(udp),
            echo: PacketAction::Pass,
            friends: Vec::new(),
        }
    }

    /// Sets the rules for TCP.
    #[must_use]
    pub fn tcp(mut self, wall: PortRules) -> Self {
        self.tcp = wall;
        self
    }

    /// Sets the rules for UDP.
    #[must_use]
    pub fn udp(mut self, wall: PortRules) -> Self {
        self.udp = wall;
        self
    }

    /// Sets the action for pings.
    #[must_use]
    pub fn echo(mut self, action: PacketAction) -> Self {
        self.echo = action;
        self
    }

    /// Lets all packets from these addresses pass.
    #[must_use]
    pub fn friends(mut self, addresses: impl IntoIterator<Item = IpAddr>) -> Self {
        self.friends.extend(addresses);
        self
    }

    /// Makes a router do the filtering.
    #[must_use]
    pub fn at(mut self, router: &str) -> Self {
        self.at = Some(router.to_owned());
        self
    }

    /// Returns the packet filter's rules; with `protects`, only for packets to these addresses.
    fn rules(&self, protects: &[IpAddr]) -> Vec<Rule> {
        let to: Vec<Vec<Match>> = if protects.is_empty() {
            vec![Vec::new()]
        } else {
            let one = |&address| vec![Match::Destination(Prefix::host(address))];
            protects.iter().map(one).collect()
        };
        let mut rules = Vec::new();
        for to in to {
            for &friend in &self.friends {
                let from = vec![Match::Source(Prefix::host(friend))];
                add_rules(&[to.clone(), from].concat(), PacketAction::Pass, &mut rules);
            }
            for (transport, wall) in [(Match::TCP, &self.tcp), (Match::UDP, &self.udp)] {
                let of = [to.clone(), vec![transport]].concat();
                for (ports, action) in &wall.rules {
                    let ports = Match::DestinationPorts(ports.clone());
                    add_rules(&[of.clone(), vec![ports]].concat(), *action, &mut rules);
                }
                add_rules(&of, wall.default, &mut rules);
            }
            // Echo request: type 8 of protocol 1, type 128 of protocol 58.
            for (protocol, kind) in [(1, 8), (58, 128)] {
                let ping = vec![Match::Protocol(protocol), Match::IcmpType(kind)];
                add_rules(&[to.clone(), ping].concat(), self.echo, &mut rules);
            }
        }
        rules
    }
}

/// Returns the packet filter of a node: its own firewall, and those that it applies for other nodes (with the addresses
/// that each protects). `None` if there are none.
pub(crate) fn table(own: Option<&Firewall>, others: &[(&Firewall, Vec<IpAddr>)]) -> Option<Table> {
    let mut chains = Vec::new();
    if let Some(own) = own.filter(|own| own.at.is_none()) {
        chains.push(Chain {
            hook: Hook::Input,
            policy: Policy::Accept,
            rules: own.rules(&[]),
        });
    }
    if !others.is_empty() {
        let rules = others
            .iter()
            .flat_map(|(wall, protects)| wall.rules(protects));
        chains.push(Chain {
            hook: Hook::Forward,
            policy: Policy::Accept,
            rules: rules.collect(),
        });
    }
    (!chains.is_empty()).then(|| Table {
        name: "lab".to_owned(),
        chains,
    })
}

/// Appends the rules that apply `action` to packets that fulfil `matches`.
fn add_rules(matches: &[Match], action: PacketAction, rules: &mut Vec<Rule>) {
    let verdicts: &[Verdict] = match action {
        PacketAction::Pass => &[Verdict::Accept],
        PacketAction::Drop => &[Verdict::Drop],
        PacketAction::Reset => &[Verdict::Reject(Reject::TcpReset)],
        // Each rule applies only to packets of its family.
        PacketAction::Icmp { v4, v6 } => &[
            Verdict::Reject(Reject::Icmp4(v4)),
            Verdict::Reject(Reject::Icmp6(v6)),
        ],
    };
    // A rule for addresses of one family does not need the ICMP code of the other family.
    let family = matches.iter().find_map(|condition| match condition {
        Match::Destination(prefix) => Some(prefix.address.is_ipv4()),
        Match::Protocol(1) => Some(true),
        Match::Protocol(58) => Some(false),
        _ => None,
    });
    let fits = |verdict: &&Verdict| match (verdict, family) {
        (Verdict::Reject(Reject::Icmp4(_)), Some(is_v4)) => is_v4,
        (Verdict::Reject(Reject::Icmp6(_)), Some(is_v4)) => !is_v4,
        _ => true,
    };
    let of = verdicts.iter().filter(fits);
    rules.extend(of.map(|&verdict| Rule::new(matches, verdict)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_matching_range_applies() {
        let wall = PortRules::all(PacketAction::Drop)
            .but([22..=22, 80..=90], PacketAction::Pass)
            .but([1..=1023], PacketAction::Reset);
        assert_eq!(wall.action(22), PacketAction::Pass);
        assert_eq!(wall.action(91), PacketAction::Reset);
        assert_eq!(wall.action(1024), PacketAction::Drop);
    }
}
