//! Frames for tests, as a scanner at 10.0.1.2 and its target exchange them.

use std::time::Duration;

use vigie_craft::Offline;
use vigie_craft::build::{Arp, Ether, Icmp, Ip, Ipv6, Raw, Tcp, Udp};
use vigie_scope::{Host, Transport};
use vigie_wire::LinkType;
use vigie_wire::tcp::Flags;

use crate::evidence::{Evidence, Packet};

const NEAR: &str = "10.0.1.2";
const NEAR_MAC: &str = "02:00:00:00:00:01";
const FAR_MAC: &str = "02:00:00:00:00:02";
/// The scanner's port and the number of its probes.
const FROM: u16 = 61_000;
const SEQ: u32 = 0x1234_5678;
const ACKED: u32 = 0x5eed_0001;

pub fn host(text: &str) -> Host {
    Host::new(text.parse().expect("an address"))
}

/// A probe to one port, and its answers.
pub struct Probe {
    ip: String,
    port: u16,
    transport: Transport,
}

impl Probe {
    pub fn tcp(ip: &str, port: u16) -> Probe {
        Probe {
            ip: ip.to_owned(),
            port,
            transport: Transport::Tcp,
        }
    }

    pub fn udp(ip: &str, port: u16) -> Probe {
        Probe {
            transport: Transport::Udp,
            ..Probe::tcp(ip, port)
        }
    }

    pub fn evidence(&self, packets: Vec<Packet>) -> Evidence {
        Evidence {
            host: host(&self.ip),
            port: Some((self.transport, self.port)),
            packets,
            more: 0,
            path: 0,
        }
    }

    /// The datagram that is sent.
    fn datagram(&self) -> Vec<u8> {
        self.asking(Flags::SYN)
    }

    fn asking(&self, flags: Flags) -> Vec<u8> {
        let six = self.ip.contains(':');
        let tcp = || {
            Tcp::new()
                .sport(FROM)
                .dport(self.port)
                .seq(SEQ)
                .ack(if flags.contains(Flags::ACK) { ACKED } else { 0 })
                .flags(flags)
                .window(1024)
        };
        let udp = || Udp::new().sport(FROM).dport(self.port) / Raw::new().load("hello");
        let v4 = || Ip::new().src(NEAR).dst(self.ip.as_str()).id(7);
        let v6 = || Ipv6::new().src("fd00::2").dst(self.ip.as_str());
        let stack = match (self.transport, six) {
            (Transport::Udp, false) => v4() / udp(),
            (Transport::Udp, true) => v6() / udp(),
            (_, false) => v4() / tcp(),
            (_, true) => v6() / tcp(),
        };
        stack.bytes(&Offline).expect("a datagram")
    }

    /// Sent at so many milliseconds.
    pub fn syn(&self, ms: f64) -> Packet {
        framed(ms, true, &self.datagram())
    }

    /// An ACK that belongs to no connection, and what answers it.
    pub fn ack(&self, ms: f64) -> Packet {
        framed(ms, true, &self.asking(Flags::ACK))
    }

    pub fn reset_of_ack(&self) -> Packet {
        let tcp = Tcp::new()
            .sport(self.port)
            .dport(FROM)
            .seq(ACKED)
            .flags(Flags::RST);
        let stack = Ip::new().src(self.ip.as_str()).dst(NEAR).id(0) / tcp;
        framed(1.2, false, &stack.bytes(&Offline).expect("an answer"))
    }

    pub fn syn_ack(&self) -> Packet {
        self.answer(Flags::SYN | Flags::ACK, 1.4)
    }

    pub fn reset(&self) -> Packet {
        self.answer(Flags::RST | Flags::ACK, 1.3)
    }

    fn answer(&self, flags: Flags, ms: f64) -> Packet {
        let tcp = Tcp::new()
            .sport(self.port)
            .dport(FROM)
            .ack(SEQ + 1)
            .flags(flags)
            .window(64_240);
        let stack = if self.ip.contains(':') {
            Ipv6::new().src(self.ip.as_str()).dst("fd00::2") / tcp
        } else {
            Ip::new().src(self.ip.as_str()).dst(NEAR).id(0).flags("DF") / tcp
        };
        framed(ms, false, &stack.bytes(&Offline).expect("an answer"))
    }

    pub fn datagram_back(&self) -> Packet {
        let stack = Ip::new().src(self.ip.as_str()).dst(NEAR)
            / Udp::new().sport(self.port).dport(FROM)
            / Raw::new().load("hello yourself");
        framed(1.6, false, &stack.bytes(&Offline).expect("an answer"))
    }

    /// An ICMP error of a router or of the host.
    pub fn icmp(&self, kind: u8, code: u8, from: &str) -> Packet {
        let quoted = self.datagram();
        if self.ip.contains(':') {
            // ICMPv6: 4 bytes of header, 4 unused, the datagram; the checksum is not looked at.
            let mut message = vec![kind, code, 0, 0, 0, 0, 0, 0];
            message.extend(&quoted);
            let stack = Ipv6::new().src(from).dst("fd00::2").nh(58) / Raw::new().load(message);
            return framed(2.5, false, &stack.bytes(&Offline).expect("an error"));
        }
        let stack = Ip::new().src(from).dst(NEAR)
            / Icmp::new().kind(kind).code(code)
            / Raw::new().load(quoted);
        framed(2.5, false, &stack.bytes(&Offline).expect("an error"))
    }
}

/// A question for a hardware address and its answer.
pub fn arp(ip: &str, answered: bool) -> Evidence {
    let ask = Ether::new().src(NEAR_MAC).dst("ff:ff:ff:ff:ff:ff")
        / Arp::new()
            .op(1)
            .hwsrc(NEAR_MAC)
            .psrc(NEAR)
            .hwdst("00:00:00:00:00:00")
            .pdst(ip);
    let tell = Ether::new().src(FAR_MAC).dst(NEAR_MAC)
        / Arp::new()
            .op(2)
            .hwsrc(FAR_MAC)
            .psrc(ip)
            .hwdst(NEAR_MAC)
            .pdst(NEAR);
    let packet = |ms, sent, bytes| Packet {
        at: time(ms),
        sent,
        link: LinkType::Ethernet,
        bytes,
    };
    let mut packets = vec![packet(0.1, true, ask.bytes(&Offline).expect("a question"))];
    if answered {
        packets.push(packet(0.3, false, tell.bytes(&Offline).expect("an answer")));
    }
    Evidence {
        host: host(ip),
        port: None,
        packets,
        more: 0,
        path: 0,
    }
}

fn time(ms: f64) -> Duration {
    Duration::from_secs_f64(ms / 1e3)
}

fn framed(ms: f64, sent: bool, datagram: &[u8]) -> Packet {
    let (from, to) = if sent {
        (NEAR_MAC, FAR_MAC)
    } else {
        (FAR_MAC, NEAR_MAC)
    };
    let ethertype: u16 = if datagram[0] >> 4 == 6 {
        0x86dd
    } else {
        0x0800
    };
    let head = Ether::new().src(from).dst(to).kind(ethertype);
    let mut bytes = head.bytes(&Offline).expect("a header");
    bytes.extend_from_slice(datagram);
    Packet {
        at: time(ms),
        sent,
        link: LinkType::Ethernet,
        bytes,
    }
}
