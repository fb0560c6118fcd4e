//! A UDP probe as a frame, and what an ICMP error quotes of it.
//!
//! The token stands in the payload where the protocol has room for it, and always in the IP header's
//! identification (RFC 791, quoted in every ICMP error) or flow label (RFC 6437), four bits of which
//! number the attempt. This file must not know when anything is sent.

use core::net::IpAddr;

use vigie_packet::MacAddr;
use vigie_packet::frame::Frame;
use vigie_packet::layers::ipv4::proto;
use vigie_packet::layers::udp;
use vigie_packet::quote::Quote;
use vigie_packet::write::Datagram;

use super::Context;
use crate::payload::{self, Payload};

/// The longest probe in bytes: Ethernet, IPv6 and UDP headers, and the longest payload.
pub(crate) const LONGEST: usize = 14 + 40 + 8 + payload::LONGEST;

/// Salt of the cookies, apart from those of TCP probes.
const SALT: u32 = 0x7564_7000;

/// Where a probe goes and what it carries.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Probe {
    pub lane: u32,
    pub source: IpAddr,
    pub ip: IpAddr,
    pub mac: MacAddr,
    pub port: u16,
    /// None: an empty datagram.
    pub payload: Option<&'static Payload>,
    /// The number of the attempt, of which four bits count.
    pub number: u8,
}

/// The token of a conversation.
pub(crate) fn token(context: &Context<'_>, source: IpAddr, ip: IpAddr, port: u16) -> u64 {
    // Two of this machine's addresses must not share a token; the first half of a sum of both would do.
    let salt = SALT ^ fold(source);
    context.cookies.of(ip, port, context.plan.source_port, salt)
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

/// Writes the probe into `slot`; its length, 0 where the slot is too short.
pub(crate) fn write(context: &Context<'_>, probe: &Probe, slot: &mut [u8]) -> usize {
    let lane = &context.lanes[probe.lane as usize];
    let token = token(context, probe.source, probe.ip, probe.port);
    let mut room = [0u8; payload::LONGEST];
    let len = probe
        .payload
        .and_then(|p| p.write(&mut room, token))
        .unwrap_or(0);
    let Ok(datagram) = Datagram::new(probe.source, probe.ip) else {
        return 0;
    };
    let datagram = match crate::lane::ethernet(&lane.route) {
        Some(from) => datagram.ethernet(from, lane.gateway.unwrap_or(probe.mac)),
        None => datagram,
    };
    let header = udp::Header::new()
        .set_src_port(context.plan.source_port)
        .set_dst_port(probe.port);
    let mark = mark(token, probe.number);
    let written = datagram
        .ip_id((mark & 0xffff) as u16)
        .udp(slot, &header, &room[..len]);
    let Ok(written) = written else { return 0 };
    if probe.ip.is_ipv6() {
        let [_, high, middle, low] = mark.to_be_bytes();
        slot[written.net + 1] |= high & 0x0f;
        (slot[written.net + 2], slot[written.net + 3]) = (middle, low);
    }
    written.len
}

/// Twenty bits of the token, the last four the attempt's number.
fn mark(token: u64, number: u8) -> u32 {
    ((token >> 40) as u32 & 0xffff) << 4 | u32::from(number & 15)
}

/// An ICMP error about a probe of ours.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quoted {
    pub source: IpAddr,
    pub ip: IpAddr,
    pub port: u16,
    pub number: u8,
}

/// What `bytes`, quoted in an ICMP error, say of a probe of ours; none where it is not ours.
pub(crate) fn quoted(context: &Context<'_>, bytes: &[u8]) -> Option<Quoted> {
    let quote = Quote::parse(bytes).ok()?;
    let (from, port) = quote.ports()?;
    if quote.proto != proto::UDP || from != context.plan.source_port {
        return None;
    }
    let token = token(context, quote.src, quote.dst, port);
    // What an IPv4 header holds of the mark, and what an IPv6 header does.
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

/// A datagram to one of our addresses: who sent it from which port, and to which address.
pub(crate) fn answer<'a>(
    context: &Context<'_>,
    frame: &Frame<'a>,
) -> Option<(IpAddr, u16, IpAddr, &'a [u8])> {
    let vigie_packet::frame::Transport::Udp(datagram) = frame.transport else {
        return None;
    };
    if datagram.dst_port() != context.plan.source_port {
        return None;
    }
    let (from, to) = frame.addresses()?;
    Some((from, datagram.src_port(), to, datagram.payload()))
}
