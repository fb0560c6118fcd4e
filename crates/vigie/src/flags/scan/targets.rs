//! Flags for what is scanned: targets, and how hosts are discovered.

use std::net::{IpAddr, SocketAddr};

use vigie_report::Message;
use vigie_scan::plan::DiscoveryProbe;
use vigie_scan::probe::Kind;
use vigie_scope::Transport;
use vigie_scope::ports::PortList;
use vigie_scope::target::Family;

use super::{ScanFlag, ScanFlags, masscan};
use crate::error::Error;
use crate::flags::foreign::{nmap, nmap_bare};
use crate::flags::{Spelling, Takes, Value};

pub(super) const TARGETS: &[ScanFlag] = &[
    ScanFlag::operand("target", Takes::Many("TARGET"), "10.0.0.1", |o, value| {
        value.string().map(|target| o.targets.push(target))
    }),
    ScanFlag::value("input-list", Takes::One("FILE"), "hosts.txt", |o, value| {
        o.input_list = Some(value.path());
        Ok(())
    })
    .hyphens()
    .spelled(&[nmap("-iL"), masscan("-iL"), masscan("--includefile")]),
    ScanFlag::value("exclude", Takes::Many("TARGETS"), "10.0.0.9", |o, value| {
        value.string().map(|targets| o.exclude.push(targets))
    })
    .hyphens()
    .spelled(&[nmap("--exclude"), masscan("--exclude")]),
    ScanFlag::value(
        "exclude-file",
        Takes::One("FILE"),
        "never.txt",
        |o, value| {
            o.exclude_file = Some(value.path());
            Ok(())
        },
    )
    .hyphens()
    .rare()
    .spelled(&[nmap("--excludefile"), masscan("--excludefile")]),
    ScanFlag::switch("ipv6", |o| o.family = Some(Family::V6))
        .short('6')
        .spelled(&[nmap("-6")]),
    ScanFlag::switch("ipv4", |o| o.family = Some(Family::V4))
        .short('4')
        .conflicts(&["ipv6"])
        .rare(),
    ScanFlag::switch("no-dns", |o| o.no_dns = true)
        .short('n')
        .rare()
        .spelled(&[nmap("-n")]),
    ScanFlag::value(
        "dns-servers",
        Takes::One("SERVERS"),
        "10.0.0.53",
        |o, value| {
            o.dns_servers = servers(value)?;
            Ok(())
        },
    )
    .hyphens()
    .rare()
    .conflicts(&["no-dns"])
    .spelled(&[nmap("--dns-servers")]),
];

pub(super) const DISCOVERY: &[ScanFlag] = &[
    ScanFlag::switch("hosts-only", |o| o.hosts_only = true).spelled(&[
        nmap("-sn"),
        nmap("-sP"),
        masscan("--ping"),
    ]),
    ScanFlag::switch("no-discovery", |o| o.no_discovery = true).spelled(&[
        nmap("-Pn"),
        nmap("-P0"),
        nmap("-PN"),
        masscan("-Pn"),
    ]),
    ScanFlag::switch("traceroute", |o| o.traceroute = true)
        .rare()
        .spelled(&[nmap("--traceroute")]),
    ScanFlag::value("on-link", Takes::Many("IFACE"), "eth0", |o, value| {
        value.string().map(|name| o.on_link.push(name))
    })
    .hyphens()
    .rare(),
    probe("ask-echo", &[nmap("-PE")], |o| o.add_probe(Kind::ECHO)),
    probe("ask-timestamp", &[nmap("-PP")], |o| {
        o.add_probe(Kind::TIMESTAMP);
    }),
    probe("ask-mask", &[nmap("-PM")], |o| o.add_probe(Kind::MASK)),
    port_probe(
        "ask-syn",
        "PORTS",
        "22,443",
        &[nmap_bare("-PS", "80")],
        |o, value| o.add_port_probes("-PS", Kind::SYN, Transport::Tcp, value),
    ),
    port_probe(
        "ask-ack",
        "PORTS",
        "80",
        &[nmap_bare("-PA", "80")],
        |o, value| o.add_port_probes("-PA", Kind::ACK, Transport::Tcp, value),
    ),
    port_probe(
        "ask-udp",
        "PORTS",
        "53",
        &[nmap_bare("-PU", "40125")],
        |o, value| o.add_port_probes("-PU", Kind::UDP_PING, Transport::Udp, value),
    ),
    port_probe(
        "ask-sctp",
        "PORTS",
        "80",
        &[nmap_bare("-PY", "80")],
        |o, value| o.add_port_probes("-PY", Kind::SCTP_INIT, Transport::Sctp, value),
    ),
    port_probe(
        "ask-protocols",
        "NUMBERS",
        "1,2,4",
        &[nmap_bare("-PO", "1,2,4")],
        |o, value| o.add_port_probes("-PO", Kind::IP_PROTOCOL, Transport::Ip, value),
    ),
    ScanFlag::switch("ask-neighbours", |o| o.ask_neighbours = true)
        .rare()
        .spelled(&[nmap("-PR")]),
];

const fn probe(
    name: &'static str,
    spellings: &'static [Spelling],
    set: fn(&mut ScanFlags),
) -> ScanFlag {
    ScanFlag::switch(name, set)
        .rare()
        .conflicts(&["no-discovery"])
        .spelled(spellings)
}

const fn port_probe(
    name: &'static str,
    numbers: &'static str,
    example: &'static str,
    spellings: &'static [Spelling],
    set: fn(&mut ScanFlags, Value<'_>) -> Result<(), Error>,
) -> ScanFlag {
    ScanFlag::value(name, Takes::One(numbers), example, set)
        .hyphens()
        .rare()
        .conflicts(&["no-discovery"])
        .spelled(spellings)
}

impl ScanFlags {
    fn add_probe(&mut self, kind: Kind) {
        self.discovery_probes.push(DiscoveryProbe::new(kind, 0));
    }

    /// Adds a probe for each port; `flag` is nmap's spelling, for errors.
    fn add_port_probes(
        &mut self,
        flag: &'static str,
        kind: Kind,
        transport: Transport,
        value: Value<'_>,
    ) -> Result<(), Error> {
        let ports = PortList::parse(value.text()?, transport);
        let ports = ports.map_err(|error| Error::grammar(flag, &error))?;
        if ports.iter().any(|(t, _)| t != transport) {
            let message = Message::new("scan-ports-of-another")
                .safe("flag", flag)
                .safe("transport", transport.as_str().to_uppercase());
            return Err(Error::usage(message).hint(Message::new("scan-ports-of-another-hint")));
        }
        let probes = ports
            .iter()
            .map(|(_, port)| DiscoveryProbe::new(kind, port));
        self.discovery_probes.extend(probes);
        Ok(())
    }
}

fn servers(value: Value<'_>) -> Result<Vec<SocketAddr>, Error> {
    let server = |text: &str| {
        let address = text.parse::<IpAddr>().map(|ip| SocketAddr::new(ip, 53));
        address
            .or_else(|_| text.parse::<SocketAddr>())
            .map_err(|_| {
                let message = Message::new("dns-servers-wrong").outside("value", text);
                Error::usage(message).hint(Message::new("dns-servers-wrong-hint"))
            })
    };
    value.text()?.split(',').map(server).collect()
}
