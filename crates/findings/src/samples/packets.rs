//! Frames between a scanner at 10.0.1.2 and its target.

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
/// Source port and sequence number of the probes.
const FROM: u16 = 61_000;
const SEQ: u32 = 0x1234_5678;
const ACKED: u32 = 0x5eed_0001;

/// Returns the host with an address.
///
/// # Panics
/// Panics if `text` is no address.
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
    /// Returns a TCP probe.
    pub fn tcp(ip: &str, port: u16) -> Probe {
        Probe {
            ip: ip.to_owned(),
            port,
            transport: Transport::Tcp,
        }
    }

    /// Returns a UDP probe.
    pub fn udp(ip: &str, port: u16) -> Probe {
        Probe {
            transport: Transport::Udp,
            ..Probe::tcp(ip, port)
        }
    }

    /// Returns packets as evidence about the port.
    pub fn evidence(&self, packets: Vec<Packet>) -> Evidence {
        Evidence {
            host: host(&self.ip),
            port: Some((self.transport, self.port)),
            packets,
            more: 0,
            path: 0,
        }
    }

    /// Returns the probe from its IP header on.
    fn datagram(&self) -> Vec<u8> {
        self.segment(Flags::SYN)
    }

    fn segment(&self, flags: Flags) -> Vec<u8> {
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

    /// Returns the probe, sent at `ms` milliseconds.
    pub fn syn(&self, ms: f64) -> Packet {
        framed(ms, true, &self.datagram())
    }

    /// Returns an ACK that belongs to no connection.
    pub fn ack(&self, ms: f64) -> Packet {
        framed(ms, true, &self.segment(Flags::ACK))
    }

    /// Returns the RST that answers [`Probe::ack`].
    pub fn reset_of_ack(&self) -> Packet {
        let tcp = Tcp::new()
            .sport(self.port)
            .dport(FROM)
            .seq(ACKED)
            .flags(Flags::RST);
        let stack = Ip::new().src(self.ip.as_str()).dst(NEAR).id(0) / tcp;
        framed(1.2, false, &stack.bytes(&Offline).expect("an answer"))
    }

    /// Returns a SYN/ACK that answers the probe.
    pub fn syn_ack(&self) -> Packet {
        self.answer(Flags::SYN | Flags::ACK, 1.4)
    }

    /// Returns a RST that answers the probe.
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

    /// Returns a UDP datagram that answers the probe.
    pub fn datagram_back(&self) -> Packet {
        let stack = Ip::new().src(self.ip.as_str()).dst(NEAR)
            / Udp::new().sport(self.port).dport(FROM)
            / Raw::new().load("hello yourself");
        framed(1.6, false, &stack.bytes(&Offline).expect("an answer"))
    }

    /// Returns an ICMP error from a router or from the host.
    pub fn icmp(&self, kind: u8, code: u8, from: &str) -> Packet {
        let quoted = self.datagram();
        if self.ip.contains(':') {
            // ICMPv6: 4 bytes of header, 4 unused, the datagram; the checksum is not checked.
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

/// Returns an ARP request and, if `answered`, its reply.
pub fn arp(ip: &str, answered: bool) -> Evidence {
    let request = Ether::new().src(NEAR_MAC).dst("ff:ff:ff:ff:ff:ff")
        / Arp::new()
            .op(1)
            .hwsrc(NEAR_MAC)
            .psrc(NEAR)
            .hwdst("00:00:00:00:00:00")
            .pdst(ip);
    let reply = Ether::new().src(FAR_MAC).dst(NEAR_MAC)
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
    let mut packets = vec![packet(
        0.1,
        true,
        request.bytes(&Offline).expect("a request"),
    )];
    if answered {
        packets.push(packet(
            0.3,
            false,
            reply.bytes(&Offline).expect("an answer"),
        ));
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
