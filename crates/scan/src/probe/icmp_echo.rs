//! The echo request (RFC 792, RFC 4443 section 4.1). Identifier and sequence number are the cookie.

use vigie_wire::WriteError;
use vigie_wire::frame::{Frame, Transport};
use vigie_wire::quote::Quote;
use vigie_wire::{icmpv4, icmpv6};

use super::template::{FieldOffsets, MAX, datagram};
use super::{ParsedReply, Probe, Template, Verdict};
use crate::finding::Reason;
use crate::plan::Route;

pub(super) struct IcmpEcho;

impl Probe for IcmpEcho {
    fn name(&self) -> &'static str {
        "icmp-echo"
    }

    fn prepare(&self, route: &Route, _source_port: u16) -> Result<Template, WriteError> {
        let mut bytes = [0; MAX];
        let written = datagram(route)?.echo(&mut bytes, 0, 0, &[])?;
        let offsets = FieldOffsets {
            port: None,
            source: None,
            cookie: 4,
            cookie_copy: None,
            checksum: 2,
            pseudo: route.source.is_ipv6(),
        };
        Ok(Template::new(&bytes, written, offsets, route))
    }

    fn answer(&self, frame: &Frame<'_>, _source_port: u16) -> Option<ParsedReply> {
        let echoed = match frame.transport {
            Transport::Icmpv4(m) if m.kind() == icmpv4::kind::ECHO_REPLY => m.rest(),
            Transport::Icmpv6(m) if m.kind() == icmpv6::kind::ECHO_REPLY => {
                u32::from(m.id()) << 16 | u32::from(m.seq())
            }
            _ => return None,
        };
        let verdict = Verdict::open(Reason::EchoReply);
        Some(ParsedReply {
            ip: frame.addresses()?.0,
            port: 0,
            echoed: Some(echoed),
            verdict,
            mac: None,
        })
    }

    fn quoted(&self, quote: &Quote<'_>, _source_port: u16) -> Option<(u16, u32)> {
        let (id, seq) = quote.echo()?;
        Some((0, u32::from(id) << 16 | u32::from(seq)))
    }
}
