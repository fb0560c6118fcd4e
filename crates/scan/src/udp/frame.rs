//! A UDP probe as a frame, and what an ICMP error quotes of it.
//!
//! The token is in the payload if the protocol has a field for it, and always in the IP header: in the identification
//! (RFC 791, quoted in every ICMP error) or in the flow label (RFC 6437). Four bits of it number the attempt. This
//! file must not know when anything is sent.

use core::net::IpAddr;

use vigie_wire::MacAddr;
use vigie_wire::frame::Frame;
use vigie_wire::ipv4::proto;
use vigie_wire::quote::Quote;
use vigie_wire::udp;
use vigie_wire::write::Datagram;

use super::Context;
use vigie_detect::payload::{self, Payload};

/// Length of the longest probe in bytes: Ethernet, IPv6 and UDP headers, and the longest payload.
pub(crate) const MAX_LEN: usize = 14 + 40 + 8 + payload::MAX_LEN;

/// Salt of the cookies; distinct from those of TCP probes.
const SALT: u32 = 0x7564_7000;

/// Destination and content of a probe.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Probe {
    pub egress: u32,
    pub source: IpAddr,
    pub ip: IpAddr,
    pub mac: MacAddr,
    pub port: u16,
    /// `None` for an empty datagram.
    pub payload: Option<&'static Payload>,
    /// Number of the attempt; four bits count.
    pub number: u8,
}

/// Returns the token of a conversation.
pub(crate) fn token(context: &Context<'_>, source: IpAddr, ip: IpAddr, port: u16) -> u64 {
    // Two of our source addresses must not share a token.
    let salt = SALT ^ fold(source);
    context
        .cookies
        .of(ip, port, context.plan.local.source_port, salt)
}

fn fold(ip: IpAddr) -> u32 {
    match ip {
        IpAddr::V4(a) => a.to_bits(),
        IpAddr::V6(a) => {
            let bits = a.to_bits();
            (bits ^ bits >> 32 ^ bits >> 64 ^ bits >> 96) as u32
        }
    }
}

/// Writes the probe into `slot`. Returns the length in bytes, 0 if the slot is too short.
pub(crate) fn write(context: &Context<'_>, probe: &Probe, slot: &mut [u8]) -> usize {
    let egress = &context.egresses[probe.egress as usize];
    let token = token(context, probe.source, probe.ip, probe.port);
    let mut room = [0u8; payload::MAX_LEN];
    let len = probe
        .payload
        .and_then(|p| p.write(&mut room, token))
        .unwrap_or(0);
    let Ok(datagram) = Datagram::new(probe.source, probe.ip) else {
        return 0;
    };
    let datagram = match crate::egress::ethernet(&egress.route) {
        Some(from) => datagram.ethernet(from, egress.gateway.unwrap_or(probe.mac)),
        None => datagram,
    };
    let header = udp::Header::new()
        .set_src_port(context.plan.local.source_port)
        .set_dst_port(probe.port);
    marked(
        datagram,
        mark(token, probe.number),
        &header,
        &room[..len],
        slot,
    )
}

/// Writes a datagram that carries `mark`. Returns the length in bytes, 0 if the slot is too short.
fn marked(
    datagram: Datagram,
    mark: u32,
    header: &udp::Header,
    content: &[u8],
    slot: &mut [u8],
) -> usize {
    let written = datagram
        .ip_id((mark & 0xffff) as u16)
        .udp(slot, header, content);
    let Ok(written) = written else { return 0 };
    if slot[written.net] >> 4 == 6 {
        let [_, high, middle, low] = mark.to_be_bytes();
        slot[written.net + 1] |= high & 0x0f;
        (slot[written.net + 2], slot[written.net + 3]) = (middle, low);
    }
    written.len
}

/// Writes what an ICMP error quotes of a probe (its first headers, no link header). Returns the length in bytes, 0 if
/// the slot is too short or the families differ.
pub(crate) fn write_quote(context: &Context<'_>, probe: &Quoted, slot: &mut [u8]) -> usize {
    let Ok(datagram) = Datagram::new(probe.source, probe.ip) else {
        return 0;
    };
    let header = udp::Header::new()
        .set_src_port(context.plan.local.source_port)
        .set_dst_port(probe.port);
    let token = token(context, probe.source, probe.ip, probe.port);
    marked(datagram, mark(token, probe.number), &header, &[], slot)
}

/// Returns the attempt number (0 to 15) in the mark of a probe without a link header.
pub(crate) fn attempt(packet: &[u8]) -> Option<u8> {
    let low = match packet.first()? >> 4 {
        4 => *packet.get(5)?,
        6 => *packet.get(3)?,
        _ => return None,
    };
    Some(low & 15)
}

/// Returns 20 bits of the token; the last four are the number of the attempt.
fn mark(token: u64, number: u8) -> u32 {
    ((token >> 40) as u32 & 0xffff) << 4 | u32::from(number & 15)
}

/// A UDP probe, as an ICMP error about it shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quoted {
    /// Source address.
    pub source: IpAddr,
    /// Target.
    pub ip: IpAddr,
    /// Port of the target.
    pub port: u16,
    /// Number of the attempt; four bits count.
    pub number: u8,
}

/// Returns what the `bytes` quoted in an ICMP error say about a probe of ours; `None` if it is not ours.
pub(crate) fn quoted(context: &Context<'_>, bytes: &[u8]) -> Option<Quoted> {
    let quote = Quote::parse(bytes).ok()?;
    let (from, port) = quote.ports()?;
    if quote.proto != proto::UDP || from != context.plan.local.source_port {
        return None;
    }
    let token = token(context, quote.src, quote.dst, port);
    // An IPv4 header holds 16 bits of the mark, an IPv6 header all 20.
    let (found, bits) = if let Some(id) = quote.ip_id {
        (u32::from(id), 0xffff)
    } else {
        (u32::from_be_bytes(*bytes.first_chunk()?), 0xf_ffff)
    };
    let number = (found & 15) as u8;
    if (found ^ mark(token, number)) & bits != 0 {
        return None;
    }
    Some(Quoted {
        source: quote.src,
        ip: quote.dst,
        port,
        number,
    })
}

/// Returns sender, source port, destination address and payload of a datagram to our source port.
pub(crate) fn answer<'a>(
    context: &Context<'_>,
    frame: &Frame<'a>,
) -> Option<(IpAddr, u16, IpAddr, &'a [u8])> {
    let vigie_wire::frame::Transport::Udp(datagram) = frame.transport else {
        return None;
    };
    if datagram.dst_port() != context.plan.local.source_port {
        return None;
    }
    let (from, to) = frame.addresses()?;
    Some((from, datagram.src_port(), to, datagram.payload()))
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::cookie::Cookies;
    use crate::egress::Egress;
    use crate::plan::{Framing, NextHop, Plan, Route};

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    fn plan(source: IpAddr) -> Plan {
        let route = Route {
            link: 1,
            link_name: "eth0".into(),
            framing: Framing::Ip,
            source,
            hop: NextHop::Direct,
            mtu: 1_500,
            local: false,
        };
        let mut plan = Plan::empty();
        plan.local.routes = alloc::vec![route];
        plan.local.source_port = 61_001;
        plan
    }

    #[test]
    fn a_written_quote_is_the_probes_own() {
        for (source, target) in [("10.0.0.1", "10.0.0.2"), ("fd00::1", "fd00::2")] {
            let plan = plan(ip(source));
            let egresses = [
                Egress::new(plan.local.routes[0].clone(), plan.local.source_port)
                    .expect("a egress"),
            ];
            let cookies = Cookies::new(plan.spec.seed);
            let context = Context {
                plan: &plan,
                egresses: &egresses,
                cookies: &cookies,
            };
            for number in 0..16 {
                let probe = Probe {
                    egress: 0,
                    source: ip(source),
                    ip: ip(target),
                    mac: MacAddr::ZERO,
                    port: 53,
                    payload: None,
                    number,
                };
                let mut slot = [0; MAX_LEN];
                let sent = write(&context, &probe, &mut slot);
                assert_eq!(attempt(&slot[..sent]), Some(number));
                let of_sent = quoted(&context, &slot[..sent]).expect("ours");
                let mut slot = [0; 64];
                let len = write_quote(&context, &of_sent, &mut slot);
                assert_eq!(quoted(&context, &slot[..len]), Some(of_sent));
                assert_eq!((of_sent.number, of_sent.port), (number, 53));
            }
        }
        assert_eq!(attempt(&[]), None);
        assert_eq!(attempt(&[0x60, 0, 0]), None);
        assert_eq!(attempt(&[0; 40]), None);
    }
}
