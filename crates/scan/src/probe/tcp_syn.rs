//! The SYN probe: the first segment of a handshake that is never completed.
//!
//! States and reasons as nmap defines them for `-sS`. The cookie is the initial sequence number, the same for every
//! try. Tries rotate through the source ports, two from each (`plan::SOURCE_PORTS`), so that a listener answers all of
//! them; the second from a port is a true retransmission (RFC 9293 section 3.10.7). A SYN/ACK or RST returns the
//! cookie, plus one, as its acknowledgement number.

use vigie_wire::WriteError;
use vigie_wire::frame::{Frame, Transport};
use vigie_wire::quote::Quote;
use vigie_wire::tcp::{Flags, Header};

use super::template::{FieldOffsets, MAX, datagram};
use super::{ParsedReply, Probe, Template, Verdict, tcp_segment};
use crate::finding::{PortState, Reason};
use crate::ledger::Reply;
use crate::plan::Route;

pub(super) struct TcpSyn;

/// Option kind 2, length 4 (RFC 9293 section 3.2): every real client sends a maximum segment size.
const MSS_1460: [u8; 4] = [2, 4, 0x05, 0xb4];
const OFFSETS: FieldOffsets = FieldOffsets {
    port: Some(2),
    source: Some(0),
    cookie: 4,
    cookie_copy: None,
    checksum: 16,
    pseudo: true,
};

impl Probe for TcpSyn {
    fn name(&self) -> &'static str {
        "tcp-syn"
    }

    fn prepare(&self, route: &Route, source_port: u16) -> Result<Template, WriteError> {
        let mut bytes = [0; MAX];
        let header = Header::new()
            .set_src_port(source_port)
            .set_dst_port(0)
            .set_seq(0)
            .set_flags(Flags::SYN)
            .set_window(64_240);
        let written = datagram(route)?.tcp(&mut bytes, &header, &MSS_1460, &[])?;
        Ok(Template::new(&bytes, written, OFFSETS, route))
    }

    /// With other flags the segment has no options.
    fn prepare_with(
        &self,
        route: &Route,
        source_port: u16,
        flags: Flags,
    ) -> Result<Template, WriteError> {
        tcp_segment::prepare(route, source_port, flags)
    }

    #[inline]
    fn answer(&self, frame: &Frame<'_>, source_port: u16) -> Option<ParsedReply> {
        self.answer_to(frame, source_port, Flags::SYN)
    }

    #[inline]
    fn answer_to(&self, frame: &Frame<'_>, source_port: u16, sent: Flags) -> Option<ParsedReply> {
        let Transport::Tcp(tcp) = frame.transport else {
            return None;
        };
        if tcp.dst_port() != source_port {
            return None;
        }
        let flags = tcp.flags();
        let echoed_cookie = tcp_segment::echoed_cookie(&tcp, sent);
        let (verdict, echoed) = if flags.contains(Flags::RST) {
            // A reset without ACK does not prove which segment it answers.
            (Verdict::closed(Reason::Reset), Some(echoed_cookie?))
        } else if flags.contains(Flags::SYN | Flags::ACK) {
            (Verdict::open(Reason::SynAck), echoed_cookie)
        } else if flags.contains(Flags::SYN) {
            // A simultaneous open (RFC 9293 section 3.5) acknowledges nothing: only the 4-tuple ties it to the probe.
            let verdict = Verdict {
                reply: Reply::Positive,
                state: PortState::Open,
                reason: Reason::SplitHandshakeSyn,
            };
            (verdict, None)
        } else if flags.contains(Flags::ACK) {
            // A challenge ACK from a listener that holds our first SYN (RFC 5961 section 4).
            (Verdict::open(Reason::OddResponse), echoed_cookie)
        } else {
            return None;
        };
        Some(ParsedReply {
            ip: frame.addresses()?.0,
            port: tcp.src_port(),
            echoed,
            verdict,
            mac: None,
        })
    }

    fn quoted(&self, quote: &Quote<'_>, source_port: u16) -> Option<(u16, u32)> {
        tcp_segment::quoted(quote, source_port)
    }
}

#[cfg(test)]
mod tests {
    use core::net::IpAddr;

    use vigie_wire::checksum::Checksum;
    use vigie_wire::frame::LinkType;

    use super::*;
    use crate::plan::{Framing, NextHop};
    use crate::probe::To;

    #[test]
    fn each_turn_has_its_port_and_a_right_checksum() {
        for (source, target) in [("10.0.0.1", "10.0.0.2"), ("fd00::1", "fd00::2")] {
            let ip = |text: &str| text.parse::<IpAddr>().expect("an address");
            let route = Route {
                link: 1,
                link_name: "eth0".into(),
                framing: Framing::Ip,
                source: ip(source),
                hop: NextHop::Direct,
                mtu: 1_500,
                local: false,
            };
            let template = TcpSyn.prepare(&route, 65_532).expect("a template");
            for turn in 0..4 {
                let to = To {
                    ip: ip(target),
                    mac: vigie_wire::MacAddr::ZERO,
                    port: 80,
                    cookie: 0xfffe_fdfc,
                    turn,
                };
                let mut slot = [0; MAX];
                let len = TcpSyn.write(&template, &mut slot, &to);
                let frame = Frame::parse(LinkType::RawIp, &slot[..len]).expect("a packet");
                let Transport::Tcp(tcp) = frame.transport else {
                    panic!("a segment");
                };
                assert_eq!((tcp.src_port(), tcp.dst_port()), (65_532 + turn, 80));
                let segment = &slot[len - 24..len];
                let sum = Checksum::new()
                    .add_pseudo(ip(source), ip(target), 6, 24)
                    .add_bytes(segment);
                assert!(sum.is_valid(), "{source}, turn {turn}");
            }
        }
    }
}
