//! Rebuilds the packets behind what a UDP socket received: the engine reads packets.
//!
//! Fields that the engine uses (addresses, ports, TTL, ICMP type and code, payload) have the received values. The
//! kernel does not report the other header fields: they get the values a typical sender would use. This module must not
//! know sockets, or what an answer means.

use core::net::{IpAddr, SocketAddr};

use vigie_wire::write::Datagram;
use vigie_wire::{icmpv4, icmpv6, udp};

/// Maximum length of a datagram in bytes.
pub(crate) const MAX_DATAGRAM: usize = 1 << 16;
/// Length of an IPv6 and a UDP header in bytes.
const HEADERS: usize = 40 + 8;

/// Writes packets into a buffer that fits the longest one.
#[derive(Debug)]
pub(crate) struct PacketWriter(Box<[u8]>);

impl PacketWriter {
    pub(crate) fn new() -> PacketWriter {
        PacketWriter(vec![0; MAX_DATAGRAM + HEADERS].into())
    }

    /// Returns a UDP packet with `payload` to `port` of `to`, or `None` if the families differ or it is too long.
    pub(crate) fn datagram(
        &mut self,
        from: SocketAddr,
        to: IpAddr,
        port: u16,
        ttl: u8,
        payload: &[u8],
    ) -> Option<&[u8]> {
        let header = udp::Header::new()
            .set_src_port(from.port())
            .set_dst_port(port);
        let packet = Datagram::new(from.ip(), to).ok()?.ttl(ttl);
        let written = packet.udp(&mut self.0, &header, payload).ok()?;
        self.0.get(..written.len)
    }

    /// Returns an ICMP or ICMPv6 error packet of this type and code that quotes `quote`.
    pub(crate) fn icmp_error(
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
    fn a_written_packet_parses_to_the_same_values() {
        let mut writer = PacketWriter::new();
        for (from, to) in [("10.0.0.2", "10.0.0.1"), ("fd00::2", "fd00::1")] {
            let (from, to): (IpAddr, IpAddr) = (from.parse().unwrap(), to.parse().unwrap());
            let sender = SocketAddr::new(from, 53);
            let packet = writer.datagram(sender, to, 40_000, 61, b"answer").unwrap();
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
            let packet = writer.icmp_error(from, to, closed, 255, &[7; 48]).unwrap();
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
        let mut writer = PacketWriter::new();
        let v4 = SocketAddr::from(([10, 0, 0, 2], 53));
        let to = IpAddr::from([10, 0, 0, 1]);
        assert!(writer.datagram(v4, to, 1, 64, &vec![0; 65_507]).is_some());
        assert!(writer.datagram(v4, to, 1, 64, &vec![0; 65_508]).is_none());
        let v6 = "fd00::1".parse().unwrap();
        assert!(writer.datagram(v4, v6, 1, 64, b"").is_none());
        assert!(
            writer
                .icmp_error(v4.ip(), v6, (3, 3), 64, &[0; 28])
                .is_none()
        );
    }
}
