//! The ICMP timestamp request (RFC 792). IPv6 has none. Identifier and sequence number are the cookie.

use vigie_wire::WriteError;
use vigie_wire::frame::{Frame, Transport};
use vigie_wire::icmpv4::{Header, kind};
use vigie_wire::quote::Quote;

use super::template::{FieldOffsets, MAX, datagram};
use super::{ParsedReply, Probe, Template, Verdict};
use crate::finding::Reason;
use crate::plan::Route;

pub(super) struct IcmpTimestamp;

impl Probe for IcmpTimestamp {
    fn name(&self) -> &'static str {
        "icmp-timestamp"
    }

    fn prepare(&self, route: &Route, _source_port: u16) -> Result<Template, WriteError> {
        let mut bytes = [0; MAX];
        // Originate, receive and transmit timestamps: the receiver fills in two of them.
        let header = Header::new()
            .set_kind(kind::TIMESTAMP_REQUEST)
            .set_code(0)
            .set_rest(0);
        let written = datagram(route)?.icmpv4(&mut bytes, &header, &[0; 12])?;
        Ok(Template::new(
            &bytes,
            written,
            FieldOffsets {
                port: None,
                source: None,
                cookie: 4,
                cookie_copy: None,
                checksum: 2,
                pseudo: false,
            },
            route,
        ))
    }

    fn answer(&self, frame: &Frame<'_>, _source_port: u16) -> Option<ParsedReply> {
        let Transport::Icmpv4(message) = frame.transport else {
            return None;
        };
        if message.kind() != kind::TIMESTAMP_REPLY {
            return None;
        }
        let verdict = Verdict::open(Reason::TimestampReply);
        Some(ParsedReply {
            ip: frame.addresses()?.0,
            port: 0,
            echoed: Some(message.rest()),
            verdict,
            mac: None,
        })
    }

    fn quoted(&self, quote: &Quote<'_>, _source_port: u16) -> Option<(u16, u32)> {
        let rest = quote.transport.get(4..)?.first_chunk()?;
        let is_ours = quote.proto == vigie_wire::ipv4::proto::ICMP
            && quote.transport.first() == Some(&kind::TIMESTAMP_REQUEST);
        is_ours.then_some((0, u32::from_be_bytes(*rest)))
    }
}
