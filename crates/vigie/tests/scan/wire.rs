//! Captures frames at the target, as an independent record of what the scanner sent.
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

/// A captured frame and its time.
pub(crate) struct Seen {
    /// Bytes from the Ethernet header on.
    pub(crate) bytes: Vec<u8>,
    /// Monotonic time of capture in ns.
    pub(crate) at: u64,
}

impl Seen {
    /// Returns source port, destination port and flags of a TCP segment.
    pub(crate) fn tcp(&self) -> Option<(u16, u16, Flags)> {
        match Frame::parse(LinkType::Ethernet, &self.bytes)
            .ok()?
            .transport
        {
            Transport::Tcp(tcp) => Some((tcp.src_port(), tcp.dst_port(), tcp.flags())),
            _ => None,
        }
    }

    /// Returns the destination port of a SYN.
    pub(crate) fn syn(&self) -> Option<u16> {
        let (_, port, flags) = self.tcp()?;
        (flags == Flags::SYN).then_some(port)
    }

    /// Whether the scanner's kernel sent the frame because a link came up: router solicitations, multicast listener
    /// reports, duplicate address detection.
    fn is_kernel_traffic(&self) -> bool {
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

/// A capture of the frames that arrive at a node.
pub(crate) struct Capture {
    receiver: Receiver,
    marker: u32,
}

impl Capture {
    /// Starts a capture on the link `net0` of `node`.
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
            // Fills the neighbour table, so that the kernel sends no ARP request later.
            capture.take(net);
        }
        capture
    }

    /// Returns the frames since the last call. A datagram sent by the scanner's kernel marks the end: earlier frames
    /// arrive before it.
    pub(crate) fn take(&mut self, net: &Net) -> Vec<Seen> {
        self.marker += 1;
        let text = format!("end of capture {}", self.marker);
        send(net, net.v4(), &text);
        self.until(|frame| frame.ends_with(text.as_bytes()))
    }

    /// Returns the frames since the last call at a node that is not the target. An ARP request of the scanner's kernel
    /// for `unused`, an unused address of the subnet, marks the end.
    pub(crate) fn take_until_arp_for(&mut self, net: &Net, unused: [u8; 4]) -> Vec<Seen> {
        send(net, unused.into(), "");
        self.until(|frame| frame[12..14] == [8, 6] && frame[38..42] == unused)
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
        seen.retain(|s| !s.is_kernel_traffic());
        seen
    }
}

/// Sends a datagram through the scanner's kernel.
pub(crate) fn send(net: &Net, to: IpAddr, text: &str) {
    let to = SocketAddr::new(to, 9);
    let send = || UdpSocket::bind("0.0.0.0:0")?.send_to(text.as_bytes(), to);
    let sent = net.lab.run(Shape::SCANNER, send).expect("inside");
    sent.expect("the marker is sent");
}
