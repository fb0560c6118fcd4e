//! The UDP discovery probe (`-PU`): a datagram to a port where probably nothing listens.
//!
//! Port unreachable from the host itself, or any answer, shows that the host is up. The content is the cookie, which
//! an ICMP error quotes if it quotes more than the header; a UDP answer echoes only the ports.

use vigie_wire::WriteError;
use vigie_wire::frame::{Frame, Transport};
use vigie_wire::ipv4::proto;
use vigie_wire::quote::Quote;
use vigie_wire::udp::Header;

use super::template::{FieldOffsets, MAX, datagram};
use super::{ParsedReply, Probe, Template, Verdict};
use crate::finding::{PortState, Reason};
use crate::plan::Route;

pub(super) struct UdpPing;

/// Offset of the content.
const CONTENT: usize = 8;

impl Probe for UdpPing {
    fn name(&self) -> &'static str {
        "udp-ping"
    }

    fn prepare(&self, route: &Route, source_port: u16) -> Result<Template, WriteError> {
        let mut bytes = [0; MAX];
        let header = Header::new().set_src_port(source_port).set_dst_port(0);
        let written = datagram(route)?.udp(&mut bytes, &header, &[0; 4])?;
        let offsets = FieldOffsets {
            port: Some(2),
            source: None,
            cookie: CONTENT,
            cookie_copy: None,
            checksum: 6,
            pseudo: true,
        };
        Ok(Template::new(&bytes, written, offsets, route))
    }

    fn answer(&self, frame: &Frame<'_>, source_port: u16) -> Option<ParsedReply> {
        let Transport::Udp(udp) = frame.transport else {
            return None;
        };
        (udp.dst_port() == source_port).then_some(ParsedReply {
            ip: frame.addresses()?.0,
            port: udp.src_port(),
            echoed: None,
            verdict: Verdict::open(Reason::UdpResponse),
            mac: None,
        })
    }

    fn quoted(&self, quote: &Quote<'_>, source_port: u16) -> Option<(u16, u32)> {
        let (from, to) = quote.ports()?;
        let content = quote.transport.get(CONTENT..)?.first_chunk()?;
        let is_ours = quote.proto == proto::UDP && from == source_port;
        is_ours.then_some((to, u32::from_be_bytes(*content)))
    }

    fn silence(&self) -> PortState {
        PortState::OpenFiltered
    }
}
