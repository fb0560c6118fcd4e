//! Command lines of other programs with which a reader can check a result. They are the same in every language.

use std::net::IpAddr;

use vigie_scan::{PortState, Reason};
use vigie_scope::{Host, Transport};
use vigie_wire::frame::{Frame, Transport as Carried};

use super::Kind;
use crate::escape;
use vigie_findings::ScanInfo;
use vigie_findings::evidence::{Evidence, Subject};

const DNS: u16 = 53;
const MDNS: u16 = 5353;
/// Maximum length of a datagram's content in bytes that is written into a command.
const MAX_TYPED: usize = 128;

/// Returns commands, each with its program.
pub(super) fn commands(
    scan: &ScanInfo,
    kind: Kind,
    subject: Subject,
    example: Option<&Evidence>,
) -> Vec<(&'static str, String)> {
    let (host, port) = subject;
    let target = Target::new(scan, host);
    match (kind, port) {
        (Kind::Own, _) => vec![
            ("vigie", "vigie sockets -l".to_owned()),
            ("ss", "ss -ltnp".to_owned()),
        ],
        (Kind::Up(_) | Kind::Down, _) => target.host(kind),
        (Kind::Traced, _) => vec![
            ("traceroute", format!("traceroute -n {}", target.text)),
            ("nmap", target.nmap("-sn -n --traceroute")),
        ],
        (Kind::AllOpen(_), _) => vec![("nmap", target.nmap("-sT -Pn -n --top-ports 20 --reason"))],
        (Kind::Ports(_, state, _, _), Some((transport, port))) => {
            let flag = scan.plan.spec.technique().flag();
            target.port(flag, transport, port, state, example)
        }
        (Kind::Ports(..), None) => Vec::new(),
    }
}

struct Target {
    /// The address as programs expect it, with its interface if needed.
    text: String,
    ip: IpAddr,
    interface: Option<String>,
}

impl Target {
    fn new(scan: &ScanInfo, host: Host) -> Target {
        let targets = &scan.plan.local.targets;
        let route = targets
            .index_of(host.ip, host.zone)
            .map(|i| targets.at(i).1);
        let route = route.and_then(|number| scan.plan.local.routes.get(number as usize));
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

    /// Returns the network layer of a scapy expression.
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
                    ("scapy", self.ask(echo)),
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
        example: Option<&Evidence>,
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
            (Transport::Tcp, flag) if flag != "sT" => {
                Some(format!("TCP(dport={port}, flags=\"{}\")", letters(flag)))
            }
            _ => None,
        };
        let question = match layer {
            Some(layer) => Some(self.ask(&layer)),
            None if transport == Transport::Udp => self.ask_by_datagram(example, port),
            None => None,
        };
        commands.extend(question.map(|question| ("scapy", question)));
        if flag == "sT" {
            commands.push(("nc", format!("nc -vz {} {port}", self.text)));
        }
        commands.extend(self.dig(transport, port, state));
        commands
    }

    /// Returns the scapy expression of a UDP probe with its content. `None` if that is too long.
    fn ask_by_datagram(&self, example: Option<&Evidence>, port: u16) -> Option<String> {
        // scapy's default source port is 53, like a name server's.
        let empty = format!("UDP(sport=RandShort(), dport={port})");
        let hex = match content(example).as_slice() {
            [] => return Some(self.ask(&empty)),
            content if content.len() > MAX_TYPED => return None,
            content => escape::hex(content),
        };
        // scapy matches answers to a dissected packet; a packet that ends in raw bytes gets no match.
        let layer = if self.ip.is_ipv6() { "IPv6" } else { "IP" };
        let ip = self.ip();
        Some(self.sr1(&format!(
            "{layer}(raw({ip}/{empty}/bytes.fromhex(\"{hex}\")))"
        )))
    }

    /// Returns the scapy call that sends a packet and prints its answer.
    fn ask(&self, layers: &str) -> String {
        self.sr1(&[&self.ip(), "/", layers].concat())
    }

    fn sr1(&self, packet: &str) -> String {
        // A link-local address needs its interface.
        let on = match (&self.interface, self.ip) {
            (Some(interface), IpAddr::V6(ip)) if ip.is_unicast_link_local() => {
                format!(", iface=\"{interface}\"")
            }
            _ => String::new(),
        };
        format!("sr1({packet}, timeout=2{on})")
    }

    /// Returns the dig command for a name server.
    fn dig(
        &self,
        transport: Transport,
        port: u16,
        state: PortState,
    ) -> Option<(&'static str, String)> {
        let question = match (transport, port) {
            (Transport::Udp, DNS) => ". NS +tries=1",
            (Transport::Tcp, DNS) if state == PortState::Open => ". NS +tcp",
            (Transport::Udp, MDNS) => "_services._dns-sd._udp.local PTR +tries=1",
            _ => return None,
        };
        Some(("dig", format!("dig @{} -p {port} {question}", self.text)))
    }
}

/// Returns the content of the UDP probe.
fn content(example: Option<&Evidence>) -> Vec<u8> {
    let packet = example.and_then(|e| e.packets.iter().find(|p| p.sent));
    let frame = packet.and_then(|p| Frame::parse(p.link, &p.bytes).ok());
    match frame.map(|f| f.transport) {
        Some(Carried::Udp(udp)) => udp.payload().to_vec(),
        _ => Vec::new(),
    }
}

/// Returns the TCP flags of a technique's probe, in scapy's letters.
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
