//! Names from this host: hosts from `/etc/hosts`, ports from the table of services, interfaces from the kernel.
//!
//! Nothing is looked up over the network when packets are printed: that would be slow, and add packets to the capture.
//! This file must not know who needs names.

use std::borrow::Cow;
use std::collections::HashMap;
use std::net::{IpAddr, ToSocketAddrs as _};

use vigie_linux::net::Network;
use vigie_scope::{Transport, services};

/// Names of hosts, ports and interfaces, read once.
#[derive(Clone, Debug, Default)]
pub struct LocalNames {
    hosts: HashMap<IpAddr, String>,
    interfaces: HashMap<u32, String>,
    /// Whether addresses and ports stay numbers (`-n`).
    numeric: bool,
}

impl LocalNames {
    /// Reads the names. Sources that cannot be read are skipped.
    #[must_use]
    pub fn read(numeric: bool) -> Self {
        let hosts = if numeric {
            HashMap::new()
        } else {
            std::fs::read_to_string("/etc/hosts")
                .map_or_else(|_| HashMap::new(), |text| hosts(&text))
        };
        let links = Network::open()
            .and_then(|mut network| network.links())
            .unwrap_or_default();
        let interfaces = links
            .into_iter()
            .map(|link| (link.index, link.name))
            .collect();
        Self {
            hosts,
            interfaces,
            numeric,
        }
    }
}

/// Parses `/etc/hosts` (hosts(5)). The first name of each address counts.
fn hosts(text: &str) -> HashMap<IpAddr, String> {
    let mut hosts = HashMap::new();
    for line in text.lines() {
        let line = line.split('#').next().unwrap_or_default();
        let mut words = line.split_whitespace();
        if let (Some(Ok(address)), Some(name)) = (words.next().map(str::parse), words.next()) {
            hosts.entry(address).or_insert_with(|| name.to_owned());
        }
    }
    hosts
}

fn transport(protocol: u8) -> Option<Transport> {
    match protocol {
        6 => Some(Transport::Tcp),
        17 => Some(Transport::Udp),
        132 => Some(Transport::Sctp),
        _ => None,
    }
}

impl vigie_print::DisplayNames for LocalNames {
    fn host(&self, address: IpAddr) -> Option<Cow<'_, str>> {
        self.hosts
            .get(&address)
            .map(|name| Cow::Borrowed(name.as_str()))
    }

    fn port(&self, port: u16, protocol: u8) -> Option<Cow<'_, str>> {
        let known = || services::name(transport(protocol)?, port);
        if self.numeric {
            None
        } else {
            known().map(Cow::Borrowed)
        }
    }

    fn interface(&self, index: u32) -> Option<Cow<'_, str>> {
        self.interfaces
            .get(&index)
            .map(|name| Cow::Borrowed(name.as_str()))
    }
}

/// Resolves names in filters. A host name is resolved once, over the network if necessary, before the capture begins.
impl vigie_pcap_filter::FilterNames for LocalNames {
    fn host(&self, name: &str) -> Vec<IpAddr> {
        let mut addresses: Vec<IpAddr> = (name, 0)
            .to_socket_addrs()
            .map_or_else(|_| Vec::new(), |list| list.map(|end| end.ip()).collect());
        addresses.dedup();
        addresses
    }

    fn port(&self, name: &str) -> Option<(u16, Vec<u8>)> {
        let found: Vec<(Transport, u16)> = services::ports_of(name).collect();
        let (_, port) = *found.first()?;
        let number = |transport| match transport {
            Transport::Tcp => Some(6),
            Transport::Udp => Some(17),
            Transport::Sctp => Some(132),
            Transport::Ip => None,
        };
        let protocols = found
            .iter()
            .filter(|(_, other)| *other == port)
            .filter_map(|(transport, _)| number(*transport));
        Some((port, protocols.collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vigie_print::DisplayNames as _;

    #[test]
    fn the_first_name_of_an_address_counts() {
        let hosts = hosts(
            "127.0.0.1 localhost me # home\n::1 localhost ip6-localhost\n127.0.0.1 again\nnonsense x\n",
        );
        assert_eq!(hosts.len(), 2);
        assert_eq!(hosts[&"127.0.0.1".parse::<IpAddr>().unwrap()], "localhost");
    }

    #[test]
    fn ports_have_the_names_of_the_table() {
        let names = LocalNames::default();
        assert_eq!(names.port(53, 17).as_deref(), Some("domain"));
        assert_eq!(
            LocalNames {
                numeric: true,
                ..names.clone()
            }
            .port(53, 17),
            None
        );
        assert_eq!(
            vigie_pcap_filter::FilterNames::port(&names, "domain"),
            Some((53, vec![6, 17]))
        );
    }
}
