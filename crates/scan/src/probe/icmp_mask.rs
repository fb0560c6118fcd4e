//! The ICMP address mask request (RFC 950, `-PM`). IPv6 has none. Identifier and sequence number are the cookie.
//!
//! Few hosts still answer it (RFC 6918 deprecates it); those that do are old.

use vigie_wire::WriteError;
use vigie_wire::frame::{Frame, Transport};
use vigie_wire::icmpv4::{Header, kind};
use vigie_wire::quote::Quote;

use super::template::{FieldOffsets, MAX, datagram};
use super::{ParsedReply, Probe, Template, Verdict};
use crate::finding::Reason;
use crate::plan::Route;

pub(super) struct IcmpMask;

impl Probe for IcmpMask {
    fn name(&self) -> &'static str {
        "icmp-mask"
    }

    fn prepare(&self, route: &Route, _source_port: u16) -> Result<Template, WriteError> {
        let mut bytes = [0; MAX];
        // The mask, which the receiver fills in.
        let header = Header::new()
            .set_kind(kind::MASK_REQUEST)
            .set_code(0)
            .set_rest(0);
        let written = datagram(route)?.icmpv4(&mut bytes, &header, &[0; 4])?;
        let offsets = FieldOffsets {
            port: None,
            source: None,
            cookie: 4,
            cookie_copy: None,
            checksum: 2,
            pseudo: false,
        };
        Ok(Template::new(&bytes, written, offsets, route))
    }

    fn answer(&self, frame: &Frame<'_>, _source_port: u16) -> Option<ParsedReply> {
        let Transport::Icmpv4(message) = frame.transport else {
            return None;
        };
        if message.kind() != kind::MASK_REPLY {
            return None;
        }
        Some(ParsedReply {
            ip: frame.addresses()?.0,
            port: 0,
            echoed: Some(message.rest()),
            verdict: Verdict::open(Reason::AddressMaskReply),
            mac: None,
        })
    }

    fn quoted(&self, quote: &Quote<'_>, _source_port: u16) -> Option<(u16, u32)> {
        let rest = quote.transport.get(4..)?.first_chunk()?;
        let is_ours = quote.proto == vigie_wire::ipv4::proto::ICMP
            && quote.transport.first() == Some(&kind::MASK_REQUEST);
        is_ours.then_some((0, u32::from_be_bytes(*rest)))
    }
}
