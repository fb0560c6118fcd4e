//! The IP protocol probe (`-sO`, `-PO`): a datagram of each protocol number. The "port" is the protocol number.
//!
//! Protocols with replies get a well-formed request (an echo request, an ACK, an INIT, a UDP datagram). All others get
//! eight bytes that begin with the cookie, because an ICMP error quotes at least eight bytes (RFC 792). States as nmap
//! defines them for `-sO`: a reply in the protocol, or port unreachable: open; protocol unreachable (IPv6:
//! unrecognised next header, RFC 4443 section 3.4): closed; silence: open|filtered.

use vigie_wire::WriteError;
use vigie_wire::checksum::Checksum;
use vigie_wire::frame::{Frame, Transport};
use vigie_wire::ipv4::proto;
use vigie_wire::quote::Quote;
use vigie_wire::write::Datagram;
use vigie_wire::{icmpv4, icmpv6, tcp, udp};

use super::{ParsedReply, Probe, Template, To, Verdict, sctp, tcp_segment};
use crate::finding::{PortState, Reason};
use crate::plan::Route;

pub(super) struct IpProtocol;

/// Destination port of the TCP and SCTP probes.
const PORT: u16 = 80;
/// Destination port of the UDP probe: nothing listens there, so the reply is port unreachable.
const UDP_PORT: u16 = 40_125;
/// IPv6 extension headers (RFC 8200 section 4), and "no next header".
const HOP_BY_HOP: u8 = 0;
const ROUTING: u8 = 43;
const FRAGMENT: u8 = 44;
const DESTINATION: u8 = 60;
const NO_NEXT: u8 = 59;

impl Probe for IpProtocol {
    fn name(&self) -> &'static str {
        "ip-protocol"
    }

    fn prepare(&self, route: &Route, source_port: u16) -> Result<Template, WriteError> {
        Ok(Template::whole(route, source_port))
    }

    fn write(&self, template: &Template, slot: &mut [u8], to: &To) -> usize {
        let Some(datagram) = template.datagram_to(to) else {
            return 0;
        };
        let source_port = template.source_port();
        let written = question(&datagram, slot, to, source_port);
        written.map_or(0, |w| w.len)
    }

    fn answer(&self, frame: &Frame<'_>, source_port: u16) -> Option<ParsedReply> {
        let (number, echoed, reason) = match frame.transport {
            Transport::Icmpv4(m) if m.kind() == icmpv4::kind::ECHO_REPLY => {
                (proto::ICMP, Some(m.rest()), Reason::EchoReply)
            }
            Transport::Icmpv6(m) if m.kind() == icmpv6::kind::ECHO_REPLY => {
                let echoed = u32::from(m.id()) << 16 | u32::from(m.seq());
                (proto::ICMPV6, Some(echoed), Reason::EchoReply)
            }
            Transport::Tcp(t) if t.dst_port() == source_port => (
                proto::TCP,
                Some(tcp_segment::echoed_cookie(&t, tcp::Flags::ACK)?),
                Reason::ProtoResponse,
            ),
            Transport::Udp(u) if (u.src_port(), u.dst_port()) == (UDP_PORT, source_port) => {
                (proto::UDP, None, Reason::ProtoResponse)
            }
            Transport::Other { proto, .. } if proto == proto::SCTP => (
                proto,
                sctp::answer(frame, source_port)?.echoed,
                Reason::ProtoResponse,
            ),
            Transport::Other { proto, .. } => (proto, None, Reason::ProtoResponse),
            _ => return None,
        };
        Some(ParsedReply {
            ip: frame.addresses()?.0,
            port: number.into(),
            echoed,
            verdict: Verdict::open(reason),
            mac: None,
        })
    }

    fn quoted(&self, quote: &Quote<'_>, source_port: u16) -> Option<(u16, u32)> {
        let cookie = match quote.proto {
            proto::TCP => tcp_segment::quoted(quote, source_port)?.1,
            proto::SCTP => sctp::quoted_init(quote, source_port)?.1,
            proto::ICMP | proto::ICMPV6 if is_icmp(quote.proto, quote.dst.is_ipv6()) => {
                let (id, seq) = quote.echo()?;
                u32::from(id) << 16 | u32::from(seq)
            }
            // The cookie is the content, after the header of eight bytes.
            proto::UDP => u32::from_be_bytes(*quote.transport.get(8..)?.first_chunk()?),
            _ => u32::from_be_bytes(*quote.transport.first_chunk()?),
        };
        Some((quote.proto.into(), cookie))
    }

    fn error(&self, reason: Reason, from_target: bool) -> Verdict {
        match reason {
            Reason::ProtoUnreach if from_target => Verdict::closed(reason),
            Reason::PortUnreach if from_target => Verdict::open(reason),
            _ => Verdict::filtered(reason),
        }
    }

    fn silence(&self) -> PortState {
        PortState::OpenFiltered
    }

    fn common(&self) -> (PortState, Reason) {
        (PortState::Closed, Reason::ProtoUnreach)
    }
}

fn question(
    datagram: &Datagram,
    slot: &mut [u8],
    to: &To,
    source_port: u16,
) -> Result<vigie_wire::write::Written, WriteError> {
    let (number, cookie, v6) = (to.port as u8, to.cookie, to.ip.is_ipv6());
    let [a, b, c, d] = cookie.to_be_bytes();
    match number {
        _ if is_icmp(number, v6) => datagram.echo(slot, (cookie >> 16) as u16, cookie as u16, &[]),
        proto::TCP => {
            let header = tcp::Header::new()
                .set_src_port(source_port)
                .set_dst_port(PORT)
                .set_seq(cookie)
                .set_ack(cookie)
                .set_flags(tcp::Flags::ACK)
                .set_window(1024);
            datagram.tcp(slot, &header, &[], &[])
        }
        proto::UDP => {
            let header = udp::Header::new()
                .set_src_port(source_port)
                .set_dst_port(UDP_PORT);
            datagram.udp(slot, &header, &[a, b, c, d])
        }
        proto::SCTP => datagram.raw(slot, number, &sctp::init(source_port, PORT, cookie)),
        // Extension headers of minimum size with nothing behind them: valid, and answered by no host.
        HOP_BY_HOP | DESTINATION if v6 => {
            datagram.raw(slot, number, &[NO_NEXT, 0, 1, 4, 0, 0, 0, 0])
        }
        // A routing header of an experimental type (RFC 4727) without segments left is skipped.
        ROUTING if v6 => datagram.raw(slot, number, &[NO_NEXT, 0, 253, 0, 0, 0, 0, 0]),
        FRAGMENT if v6 => datagram.raw(slot, number, &[NO_NEXT, 0, 0, 0, a, b, c, d]),
        _ => {
            // A packet that sums up to zero has a valid checksum wherever a protocol puts it. A firewall that rejects
            // packets checks that first.
            let [e, f] = Checksum::new()
                .add_bytes(&[a, b, c, d])
                .finish()
                .to_be_bytes();
            datagram.raw(slot, number, &[a, b, c, d, e, f, 0, 0])
        }
    }
}

/// Whether `number` is the ICMP of the family.
const fn is_icmp(number: u8, v6: bool) -> bool {
    number == if v6 { proto::ICMPV6 } else { proto::ICMP }
}
