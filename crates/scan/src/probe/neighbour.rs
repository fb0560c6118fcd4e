//! Resolution of a hardware address: ARP (RFC 826) or neighbour solicitation (RFC 4861).
//!
//! Neither protocol echoes a value that could carry a cookie. A reply counts if it comes from the link itself to our
//! own hardware address.

use core::net::IpAddr;

use vigie_wire::WriteError;
use vigie_wire::frame::{Frame, Net, Transport};
use vigie_wire::quote::Quote;
use vigie_wire::write::{arp_request, neighbour_solicitation};
use vigie_wire::{arp, icmpv6};

use super::template::{MAX, ethernet};
use super::{ParsedReply, Probe, Template, To, Verdict};
use crate::finding::Reason;
use crate::plan::Route;

pub(super) struct Neighbour;

/// A received advertisement must not have crossed a router (RFC 4861 section 7.1.2).
const NEVER_FORWARDED: u8 = 255;

impl Probe for Neighbour {
    fn name(&self) -> &'static str {
        "neighbour"
    }

    /// The template stores only the sender; each request is written whole.
    fn prepare(&self, route: &Route, _source_port: u16) -> Result<Template, WriteError> {
        let mut bytes = [0; MAX];
        let (mac, _) = ethernet(route).unwrap_or_default();
        let written = match route.source {
            IpAddr::V4(ip) => {
                arp_request(&mut bytes, mac, ip, core::net::Ipv4Addr::UNSPECIFIED, None)?
            }
            IpAddr::V6(ip) => {
                neighbour_solicitation(&mut bytes, mac, ip, core::net::Ipv6Addr::UNSPECIFIED, None)?
            }
        };
        Ok(Template::neighbour(&bytes, written.len, mac, route.source))
    }

    fn write(&self, template: &Template, slot: &mut [u8], to: &To) -> usize {
        let (mac, source) = template.sender();
        let written = match (source, to.ip) {
            (IpAddr::V4(from), IpAddr::V4(target)) => arp_request(slot, mac, from, target, None),
            (IpAddr::V6(from), IpAddr::V6(target)) => {
                neighbour_solicitation(slot, mac, from, target, None)
            }
            _ => return 0,
        };
        written.map_or(0, |w| w.len)
    }

    fn answer(&self, frame: &Frame<'_>, _source_port: u16) -> Option<ParsedReply> {
        let verdict = |reason| Verdict::open(reason);
        match (&frame.net, &frame.transport) {
            (Net::Arp(message), _) if message.op() == arp::REPLY => Some(ParsedReply {
                ip: message.sender_ip().into(),
                port: 0,
                echoed: None,
                verdict: verdict(Reason::ArpResponse),
                mac: Some(message.sender_mac()),
            }),
            (Net::Ipv6(ip), Transport::Icmpv6(message))
                if message.kind() == icmpv6::kind::NEIGHBOUR_ADVERT
                    && ip.hop_limit() == NEVER_FORWARDED =>
            {
                // Without the option, the sender of the frame is the answer (RFC 4861 section 4.4).
                let mac = message
                    .link_layer_address()
                    .or(frame.ethernet.map(|e| e.src()));
                Some(ParsedReply {
                    ip: message.target()?.into(),
                    port: 0,
                    echoed: None,
                    verdict: verdict(Reason::NdResponse),
                    mac,
                })
            }
            _ => None,
        }
    }

    fn quoted(&self, _quote: &Quote<'_>, _source_port: u16) -> Option<(u16, u32)> {
        None
    }
}

impl Template {
    /// Returns a template that stores only the sender.
    fn neighbour(bytes: &[u8], len: usize, mac: vigie_wire::MacAddr, source: IpAddr) -> Template {
        let mut template = Template::blank(&bytes[..len]);
        template.sender = Some((mac, source));
        template
    }

    fn sender(&self) -> (vigie_wire::MacAddr, IpAddr) {
        self.sender.unwrap_or((
            vigie_wire::MacAddr::ZERO,
            core::net::Ipv4Addr::UNSPECIFIED.into(),
        ))
    }
}
