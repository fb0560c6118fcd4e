//! Firewalls as data: what becomes of which ports, and the packet filter that does it.

use core::net::IpAddr;
use core::ops::RangeInclusive;

use serde::{Deserialize, Serialize};
use vigie_linux::net::Prefix;
use vigie_linux::nft::{Chain, Hook, Match, Policy, Reject, Rule, Table, Verdict};

/// What becomes of a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fate {
    /// It arrives.
    Pass,
    /// It disappears.
    Drop,
    /// It is answered with a TCP reset. For TCP only.
    Reset,
    /// It is answered with ICMP "destination unreachable" of this code.
    Icmp {
        /// The code in ICMP for IPv4.
        v4: u8,
        /// The code in ICMPv6.
        v6: u8,
    },
}

impl Fate {
    /// Administratively prohibited.
    pub const PROHIBITED: Self = Self::Icmp { v4: 13, v6: 1 };
    /// Port unreachable.
    pub const PORT_UNREACHABLE: Self = Self::Icmp { v4: 3, v6: 4 };
    /// Host (IPv6: address) unreachable.
    pub const HOST_UNREACHABLE: Self = Self::Icmp { v4: 1, v6: 3 };
}

/// What happens to one transport's packets, by destination port: the first range decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wall {
    /// Ports and their fates, in order.
    pub rules: Vec<(Vec<RangeInclusive<u16>>, Fate)>,
    /// The fate of every other port.
    pub otherwise: Fate,
}

impl Wall {
    /// One fate for all ports.
    pub fn all(otherwise: Fate) -> Self {
        Self {
            rules: Vec::new(),
            otherwise,
        }
    }

    /// The same, with another fate for some ports that no earlier rule names.
    #[must_use]
    pub fn but(mut self, ports: impl IntoIterator<Item = RangeInclusive<u16>>, fate: Fate) -> Self {
        self.rules.push((ports.into_iter().collect(), fate));
        self
    }

    /// The fate of a port.
    pub fn fate(&self, port: u16) -> Fate {
        self.rules
            .iter()
            .find(|(ports, _)| ports.iter().any(|range| range.contains(&port)))
            .map_or(self.otherwise, |(_, fate)| *fate)
    }
}

/// A firewall before one node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Firewall {
    /// The router that filters; the node itself if none.
    pub at: Option<String>,
    /// What happens to TCP.
    pub tcp: Wall,
    /// What happens to UDP.
    pub udp: Wall,
    /// What happens to echo requests (ping).
    pub echo: Fate,
    /// Addresses whose packets pass whatever their port: what the others meet is no truth for them.
    #[serde(default)]
    pub friends: Vec<IpAddr>,
}

impl Firewall {
    /// A firewall on the node itself, of one fate for all ports of both transports, that passes pings.
    pub fn all(fate: Fate) -> Self {
        let udp = if fate == Fate::Reset {
            Fate::Pass
        } else {
            fate
        };
        Self {
            at: None,
            tcp: Wall::all(fate),
            udp: Wall::all(udp),
            echo: Fate::Pass,
            friends: Vec::new(),
        }
    }

    /// The same with other rules for TCP.
    #[must_use]
    pub fn tcp(mut self, wall: Wall) -> Self {
        self.tcp = wall;
        self
    }

    /// The same with other rules for UDP.
    #[must_use]
    pub fn udp(mut self, wall: Wall) -> Self {
        self.udp = wall;
        self
    }

    /// The same with another fate for pings.
    #[must_use]
    pub fn echo(mut self, fate: Fate) -> Self {
        self.echo = fate;
        self
    }

    /// The same, but open to these addresses.
    #[must_use]
    pub fn friends(mut self, addresses: impl IntoIterator<Item = IpAddr>) -> Self {
        self.friends.extend(addresses);
        self
    }

    /// The same, but done by a router.
    #[must_use]
    pub fn at(mut self, router: &str) -> Self {
        self.at = Some(router.to_owned());
        self
    }

    /// The packet filter's rules; with `protects`, only for packets to these addresses.
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
                judge(&[to.clone(), from].concat(), Fate::Pass, &mut rules);
            }
            for (transport, wall) in [(Match::TCP, &self.tcp), (Match::UDP, &self.udp)] {
                let of = [to.clone(), vec![transport]].concat();
                for (ports, fate) in &wall.rules {
                    let ports = Match::DestinationPorts(ports.clone());
                    judge(&[of.clone(), vec![ports]].concat(), *fate, &mut rules);
                }
                judge(&of, wall.otherwise, &mut rules);
            }
            // Echo request: type 8 of protocol 1, type 128 of protocol 58.
            for (protocol, kind) in [(1, 8), (58, 128)] {
                let ping = vec![Match::Protocol(protocol), Match::IcmpType(kind)];
                judge(&[to.clone(), ping].concat(), self.echo, &mut rules);
            }
        }
        rules
    }
}

/// The packet filter of a node: its own firewall, and those that it does for others (with the
/// addresses that each protects). None if there are none.
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

fn judge(matches: &[Match], fate: Fate, rules: &mut Vec<Rule>) {
    let verdicts: &[Verdict] = match fate {
        Fate::Pass => &[Verdict::Accept],
        Fate::Drop => &[Verdict::Drop],
        Fate::Reset => &[Verdict::Reject(Reject::TcpReset)],
        // Each fits its own family's packets only.
        Fate::Icmp { v4, v6 } => &[
            Verdict::Reject(Reject::Icmp4(v4)),
            Verdict::Reject(Reject::Icmp6(v6)),
        ],
    };
    // A rule for one family's addresses needs no ICMP code of the other.
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
    fn the_first_range_that_names_a_port_decides() {
        let wall = Wall::all(Fate::Drop)
            .but([22..=22, 80..=90], Fate::Pass)
            .but([1..=1023], Fate::Reset);
        assert_eq!(wall.fate(22), Fate::Pass);
        assert_eq!(wall.fate(91), Fate::Reset);
        assert_eq!(wall.fate(1024), Fate::Drop);
    }
}
