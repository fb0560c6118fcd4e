//! Service names, and the order in which ports are scanned by default.
//!
//! The table is `data/services.tsv`. It was compiled for this project from the IANA registry and from common deployments;
//! its head states the sources. The build script sorts it into arrays, so a lookup neither allocates nor parses.

use core::cmp::Ordering;

use vigie_wire::ipv4::PROTOCOLS;

use crate::Transport;

include!(concat!(env!("OUT_DIR"), "/services.rs"));

/// An entry of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Service {
    /// Usual name of the service: lower-case letters, digits and dashes.
    pub name: &'static str,
    /// Transport of the service.
    pub transport: Transport,
    /// Port of the service.
    pub port: u16,
}

/// Returns the usual name of the service on a port, or the name of an IP protocol.
pub fn name(transport: Transport, port: u16) -> Option<&'static str> {
    if transport == Transport::Ip {
        let named = PROTOCOLS
            .iter()
            .find(|(number, _)| *number == u64::from(port));
        return named.map(|(_, name)| *name);
    }
    let key = (transport, port);
    let found = ALL.binary_search_by_key(&key, |s| (s.transport, s.port));
    found.ok().map(|i| ALL[i].name)
}

/// Returns the ports of a service name, TCP first, in ascending order. Ignores case.
pub fn ports_of(name: &str) -> impl Iterator<Item = (Transport, u16)> {
    let service = |i: &u16| &ALL[usize::from(*i)];
    let first = BY_NAME.partition_point(|i| compare(service(i).name, name) == Ordering::Less);
    let after = BY_NAME.partition_point(|i| compare(service(i).name, name) != Ordering::Greater);
    BY_NAME[first..after]
        .iter()
        .map(move |i| (service(i).transport, service(i).port))
}

/// Compares a name of the table with user input.
fn compare(name: &str, typed: &str) -> Ordering {
    name.bytes()
        .cmp(typed.bytes().map(|b| b.to_ascii_lowercase()))
}

/// Returns the `n` most common ports, most common first; fewer if the table is shorter.
pub fn top(transport: Transport, n: usize) -> &'static [u16] {
    let order: &[u16] = match transport {
        Transport::Tcp => &TOP_TCP,
        Transport::Udp => &TOP_UDP,
        Transport::Sctp => &TOP_SCTP,
        Transport::Ip => &[],
    };
    &order[..n.min(order.len())]
}

/// Iterates over the table in order of transport and port.
pub fn all() -> impl Iterator<Item = Service> {
    ALL.iter().copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeSet;
    use alloc::vec::Vec;

    const TABLE: &str = include_str!("../data/services.tsv");

    #[test]
    fn the_table_is_sorted_without_duplicates() {
        assert!(
            ALL.windows(2)
                .all(|p| (p[0].transport, p[0].port) < (p[1].transport, p[1].port))
        );
        let ports: Vec<u16> = TABLE
            .lines()
            .filter(|l| l.starts_with(|c: char| c.is_ascii_digit()))
            .map(|l| l.split('\t').next().unwrap().parse().unwrap())
            .collect();
        assert!(ports.is_sorted(), "the table is sorted by port");
    }

    #[test]
    fn there_are_enough_names_and_ranks() {
        assert!(all().count() >= 1_500);
        for (transport, least) in [(Transport::Tcp, 1_000), (Transport::Udp, 200)] {
            let ports = top(transport, usize::MAX);
            assert!(ports.len() >= least, "{transport}: {}", ports.len());
            let distinct: BTreeSet<u16> = ports.iter().copied().collect();
            assert_eq!(distinct.len(), ports.len());
            assert!(!distinct.contains(&0));
        }
    }

    #[test]
    fn every_ranking_states_its_reason() {
        for line in TABLE.lines().filter(|l| l.starts_with('@')) {
            let why = line.split('\t').nth(1).unwrap();
            assert!(why.len() > 20, "{line}");
        }
    }

    #[test]
    fn well_known_ports_rank_first() {
        let tcp = top(Transport::Tcp, 20);
        for port in [
            21, 22, 23, 25, 53, 80, 110, 139, 143, 443, 445, 3306, 3389, 8080,
        ] {
            assert!(tcp.contains(&port), "{port}");
        }
        let udp = top(Transport::Udp, 20);
        for port in [53, 67, 123, 137, 161, 500, 1900, 5353] {
            assert!(udp.contains(&port), "{port}");
        }
        let sctp = top(Transport::Sctp, 10);
        assert!(sctp.contains(&36_412) && sctp.contains(&3_868));
    }

    #[test]
    fn names_and_ports_map_to_each_other() {
        for (port, known) in [
            (22, "ssh"),
            (80, "http"),
            (443, "https"),
            (5432, "postgresql"),
        ] {
            assert_eq!(name(Transport::Tcp, port), Some(known));
        }
        assert_eq!(name(Transport::Udp, 53), Some("domain"));
        assert_eq!(name(Transport::Tcp, 65_534), None);
        assert_eq!(ports_of("HTTPS").next(), Some((Transport::Tcp, 443)));
        assert_eq!(ports_of("no-such-service").count(), 0);
        for service in all() {
            assert_eq!(name(service.transport, service.port), Some(service.name));
            assert!(ports_of(service.name).any(|p| p == (service.transport, service.port)));
        }
    }
}
