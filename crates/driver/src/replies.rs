//! What sockets were handed, as the packets that brought it: the engine reads frames.
//!
//! The header fields that the kernel keeps to itself are written as a sender would have set them; what the engine
//! concludes from (addresses, ports, time to live, type, code and content) is what came. This file must not know
//! sockets, nor what an answer means.

use core::net::{IpAddr, SocketAddr};

use vigie_wire::write::Datagram;
use vigie_wire::{icmpv4, icmpv6, udp};

/// The longest datagram, and the headers before it.
pub(super) const LONGEST: usize = 1 << 16;
const HEADERS: usize = 40 + 8;

/// Room for a packet of any length.
#[derive(Debug)]
pub(super) struct Reply(Box<[u8]>);

impl Reply {
    pub(super) fn new() -> Reply {
        Reply(vec![0; LONGEST + HEADERS].into())
    }

    /// A datagram with `content` to `port` of `to`.
    pub(super) fn datagram(
        &mut self,
        from: SocketAddr,
        to: IpAddr,
        port: u16,
        ttl: u8,
        content: &[u8],
    ) -> Option<&[u8]> {
        let header = udp::Header::new()
            .set_src_port(from.port())
            .set_dst_port(port);
        let packet = Datagram::new(from.ip(), to).ok()?.ttl(ttl);
        let written = packet.udp(&mut self.0, &header, content).ok()?;
        self.0.get(..written.len)
    }

    /// An ICMP error of this type and code that quotes `quote`.
    pub(super) fn error(
        &mut self,
        from: IpAddr,
        to: IpAddr,
        (kind, code): (u8, u8),
        ttl: u8,
        quote: &[u8],
    ) -> Option<&[u8]> {
        let packet = Datagram::new(from, to).ok()?.ttl(ttl);
        let written = if from.is_ipv4() {
            let header = icmpv4::Header::new()
                .set_kind(kind)
                .set_code(code)
                .set_rest(0);
            packet.icmpv4(&mut self.0, &header, quote)
        } else {
            let header = icmpv6::Header::new().set_kind(kind).set_code(code);
            packet.icmpv6(&mut self.0, &header, quote)
        };
        self.0.get(..written.ok()?.len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vigie_scan::Reason;
    use vigie_scan::probe::unreachable;
    use vigie_wire::frame::{Frame, LinkType, Transport};

    #[test]
    fn what_came_can_be_read_again() {
        let mut reply = Reply::new();
        for (from, to) in [("10.0.0.2", "10.0.0.1"), ("fd00::2", "fd00::1")] {
            let (from, to): (IpAddr, IpAddr) = (from.parse().unwrap(), to.parse().unwrap());
            let sender = SocketAddr::new(from, 53);
            let packet = reply.datagram(sender, to, 40_000, 61, b"answer").unwrap();
            let frame = Frame::parse(LinkType::RawIp, packet).unwrap();
            let Transport::Udp(datagram) = frame.transport else {
                panic!("no datagram: {frame:?}");
            };
            let ports = (datagram.src_port(), datagram.dst_port());
            assert_eq!((ports, datagram.payload()), ((53, 40_000), &b"answer"[..]));
            assert_eq!(
                (frame.addresses(), frame.ttl()),
                (Some((from, to)), Some(61))
            );

            let closed = if from.is_ipv4() { (3, 3) } else { (1, 4) };
            let packet = reply.error(from, to, closed, 255, &[7; 48]).unwrap();
            let frame = Frame::parse(LinkType::RawIp, packet).unwrap();
            let read = unreachable::read(&frame);
            assert_eq!(read, Some((Reason::PortUnreach, &[7; 48][..])));
            assert_eq!(
                (frame.addresses(), frame.ttl()),
                (Some((from, to)), Some(255))
            );
        }
    }

    #[test]
    fn the_longest_datagram_fits_and_mixed_families_do_not() {
        let mut reply = Reply::new();
        let v4 = SocketAddr::from(([10, 0, 0, 2], 53));
        let to = IpAddr::from([10, 0, 0, 1]);
        assert!(reply.datagram(v4, to, 1, 64, &vec![0; 65_507]).is_some());
        assert!(reply.datagram(v4, to, 1, 64, &vec![0; 65_508]).is_none());
        let v6 = "fd00::1".parse().unwrap();
        assert!(reply.datagram(v4, v6, 1, 64, b"").is_none());
        assert!(reply.error(v4.ip(), v6, (3, 3), 64, &[0; 28]).is_none());
    }
}
