//! The commands by which other programs check a finding, as one would type them.
//!
//! Commands are the same in every language. This file must not know why
//! something is checked.

use std::net::IpAddr;

use vigie_scan::{Host, PortState, Reason, Transport};

use super::Kind;
use crate::escape;
use crate::scan::ScanInfo;
use crate::scan::evidence::Subject;

/// Programs with their commands.
pub(super) fn commands(
    scan: &ScanInfo,
    kind: Kind,
    subject: Subject,
) -> Vec<(&'static str, String)> {
    let (host, port) = subject;
    let target = Target::new(scan, host);
    match (kind, port) {
        (Kind::Own, _) => vec![
            ("vigie", "vigie sockets -l".to_owned()),
            ("ss", "ss -ltnp".to_owned()),
        ],
        (Kind::Up(_) | Kind::Down, _) => target.host(kind),
        (Kind::AllOpen(_), _) => vec![("nmap", target.nmap("-sT -Pn -n --top-ports 20 --reason"))],
        (Kind::Ports(_, state, _, _), Some((transport, port))) => {
            let flag = scan.plan.technique.flag();
            target.port(flag, transport, port, state)
        }
        (Kind::Ports(..), None) => Vec::new(),
    }
}

struct Target {
    /// As programs take it, with its interface where it needs one.
    text: String,
    ip: IpAddr,
    interface: Option<String>,
}

impl Target {
    fn new(scan: &ScanInfo, host: Host) -> Target {
        let targets = &scan.plan.targets;
        let route = targets
            .index_of(host.ip, host.zone)
            .map(|i| targets.at(i).1);
        let route = route.and_then(|number| scan.plan.routes.get(number as usize));
        Target {
            text: escape::line(&scan.address(host)).into_owned(),
            ip: host.ip,
            interface: route.map(|r| escape::line(&r.link_name).into_owned()),
        }
    }

    fn nmap(&self, flags: &str) -> String {
        let six = if self.ip.is_ipv6() { "-6 " } else { "" };
        format!("nmap {six}{flags} {}", self.text)
    }

    /// The network layer of an expression.
    fn ip(&self) -> String {
        let layer = if self.ip.is_ipv6() { "IPv6" } else { "IP" };
        format!("{layer}(dst=\"{}\")", self.ip)
    }

    fn host(&self, kind: Kind) -> Vec<(&'static str, String)> {
        let interface = self.interface.as_deref().unwrap_or("eth0");
        match (kind, self.ip) {
            (Kind::Up(Reason::ArpResponse), _) => vec![
                ("nmap", self.nmap("-sn -PR -n --reason")),
                (
                    "scapy",
                    format!(
                        "srp1(Ether(dst=\"ff:ff:ff:ff:ff:ff\")/ARP(pdst=\"{}\"), iface=\"{interface}\", timeout=2)",
                        self.ip
                    ),
                ),
            ],
            (Kind::Up(Reason::EchoReply | Reason::NdResponse), _) => {
                let echo = if self.ip.is_ipv6() {
                    "ICMPv6EchoRequest()"
                } else {
                    "ICMP()"
                };
                vec![
                    ("ping", format!("ping -c 1 {}", self.text)),
                    ("scapy", format!("sr1({}/{echo}, timeout=2)", self.ip())),
                ]
            }
            (Kind::Down, _) => vec![("nmap", self.nmap("-Pn -n --reason"))],
            _ => vec![("nmap", self.nmap("-sn -n --reason"))],
        }
    }

    fn port(
        &self,
        flag: &str,
        transport: Transport,
        port: u16,
        state: PortState,
    ) -> Vec<(&'static str, String)> {
        let flag = match transport {
            Transport::Udp => "sU",
            _ => flag,
        };
        let mut commands = vec![(
            "nmap",
            self.nmap(&format!("-{flag} -Pn -n -p {port} --reason")),
        )];
        let layer = match (transport, flag) {
            (Transport::Udp, _) => Some(format!("UDP(dport={port})")),
            (Transport::Tcp, flag) if flag != "sT" => {
                Some(format!("TCP(dport={port}, flags=\"{}\")", letters(flag)))
            }
            _ => None,
        };
        if let Some(layer) = layer {
            commands.push(("scapy", format!("sr1({}/{layer}, timeout=2)", self.ip())));
        }
        if flag == "sT" {
            commands.push(("nc", format!("nc -vz {} {port}", self.text)));
        }
        if port == 53 && state == PortState::Open {
            let tcp = if transport == Transport::Tcp {
                " +tcp"
            } else {
                ""
            };
            commands.push(("dig", format!("dig @{} . NS{tcp}", self.text)));
        }
        commands
    }
}

/// The flags of a technique's probe, in scapy's letters.
fn letters(flag: &str) -> &'static str {
    match flag {
        "sA" | "sW" => "A",
        "sF" => "F",
        "sN" => "",
        "sX" => "FPU",
        "sM" => "FA",
        _ => "S",
    }
}
