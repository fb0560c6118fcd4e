//! What really arrives at the target's end of the wire, as the witness of what was sent.
//!
//! This file must not know the program under test.

use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use vigie_lab::shapes::Shape;
use vigie_linux::io::{Framing, ReceiveConfig, Receiver};
use vigie_pcap_filter::Program;
use vigie_wire::frame::{Frame, LinkType, Net as NetLayer, Transport};
use vigie_wire::tcp::Flags;

use crate::support::Net;

/// A frame and when the kernel took it, in ns of the monotonic clock.
pub(crate) struct Seen {
    /// From the Ethernet header on.
    pub(crate) bytes: Vec<u8>,
    /// When.
    pub(crate) at: u64,
}

impl Seen {
    /// Source and destination port and the flags, of a TCP segment.
    pub(crate) fn tcp(&self) -> Option<(u16, u16, Flags)> {
        match Frame::parse(LinkType::Ethernet, &self.bytes)
            .ok()?
            .transport
        {
            Transport::Tcp(tcp) => Some((tcp.src_port(), tcp.dst_port(), tcp.flags())),
            _ => None,
        }
    }

    /// The destination port, of a SYN.
    pub(crate) fn syn(&self) -> Option<u16> {
        let (_, port, flags) = self.tcp()?;
        (flags == Flags::SYN).then_some(port)
    }

    /// What the scanner's kernel says by itself when a link comes up: router solicitations,
    /// multicast listener reports, the check that its address is free.
    fn is_chatter(&self) -> bool {
        let Ok(frame) = Frame::parse(LinkType::Ethernet, &self.bytes) else {
            return false;
        };
        match (&frame.net, &frame.transport) {
            (NetLayer::Ipv6(_), Transport::Icmpv6(m)) if matches!(m.kind(), 133 | 143) => true,
            (NetLayer::Ipv6(ip), Transport::Icmpv6(m)) if m.kind() == 135 => {
                ip.src().is_unspecified()
            }
            _ => false,
        }
    }
}

/// A capture of what arrives at the target, from its beginning on.
pub(crate) struct Capture {
    receiver: Receiver,
    marker: u32,
}

impl Capture {
    /// Begins to listen at the link `net0` of `node`.
    pub(crate) fn at(net: &Net, node: &str) -> Capture {
        let link = net.lab.link(node, "net0").expect("a link");
        let open = || {
            let config = ReceiveConfig::new(link.index, Framing::Ethernet, Program::accept_all());
            Receiver::open(&config)
        };
        let receiver = net.lab.run(node, open).expect("inside");
        let receiver = receiver.expect("these tests open packet sockets: run them as root");
        let mut capture = Capture {
            receiver,
            marker: 0,
        };
        if node == "target" {
            // So that the kernel has no address to ask for later.
            capture.take(net);
        }
        capture
    }

    /// What was sent since the last call. A datagram of the kernel's own marks the end: whatever
    /// was sent before it has arrived before it.
    pub(crate) fn take(&mut self, net: &Net) -> Vec<Seen> {
        self.marker += 1;
        let text = format!("end of capture {}", self.marker);
        send(net, net.v4(), &text);
        self.until(|frame| frame.ends_with(text.as_bytes()))
    }

    /// What has come to a node that is not the target, until the scanner's kernel asks all for
    /// `nobody`, an address of the subnet that nobody has and that nothing asked for before.
    pub(crate) fn take_until_asked_for(&mut self, net: &Net, nobody: [u8; 4]) -> Vec<Seen> {
        send(net, nobody.into(), "");
        self.until(|frame| frame[12..14] == [8, 6] && frame[38..42] == nobody)
    }

    fn until(&mut self, is_end: impl Fn(&[u8]) -> bool) -> Vec<Seen> {
        let mut seen: Vec<Seen> = Vec::new();
        let patience = Instant::now() + Duration::from_secs(30);
        loop {
            self.receiver.for_each(|frame| {
                seen.push(Seen {
                    bytes: frame.bytes.to_vec(),
                    at: frame.time_ns,
                });
            });
            if let Some(end) = seen.iter().position(|s| is_end(&s.bytes)) {
                seen.truncate(end);
                break;
            }
            assert!(Instant::now() < patience, "the marker never came");
            std::thread::yield_now();
        }
        let dropped = self.receiver.stats().expect("counts").dropped;
        assert_eq!(dropped, 0, "the witness missed frames");
        seen.retain(|s| !s.is_chatter());
        seen
    }
}

/// A datagram of the scanner's kernel.
pub(crate) fn send(net: &Net, to: IpAddr, text: &str) {
    let to = SocketAddr::new(to, 9);
    let send = || UdpSocket::bind("0.0.0.0:0")?.send_to(text.as_bytes(), to);
    let sent = net.lab.run(Shape::SCANNER, send).expect("inside");
    sent.expect("the marker is sent");
}
