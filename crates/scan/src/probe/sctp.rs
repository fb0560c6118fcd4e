//! Shared by the SCTP techniques: packets of one chunk, written whole and read up to their first chunk.
//!
//! RFC 9260. The CRC32c covers the whole packet, so nothing can be stamped into a template. This file must not know
//! any technique.

use vigie_wire::frame::{Frame, Transport};
use vigie_wire::ipv4::proto;
use vigie_wire::quote::Quote;
use vigie_wire::sctp::crc32c;

use super::{ParsedReply, Template, To, Verdict};
use crate::finding::Reason;

/// Ports, verification tag, checksum (section 3.1).
pub(super) const COMMON: usize = 12;
/// INIT, its two fixed words included (section 3.3.2).
const INIT: usize = 20;
/// Length of an INIT packet in bytes.
pub(super) const INIT_PACKET: usize = COMMON + INIT;
/// Offset of the initiate tag in an INIT packet.
const INITIATE_TAG: usize = COMMON + 4;

const TYPE_INIT: u8 = 1;
const TYPE_INIT_ACK: u8 = 2;
const TYPE_ABORT: u8 = 6;
const TYPE_COOKIE_ECHO: u8 = 10;

/// Writes an INIT whose initiate tag is the cookie: INIT ACK and ABORT return it as their verification tag (sections
/// 3.3.3 and 8.5.1).
pub(super) fn init(source_port: u16, port: u16, cookie: u32) -> [u8; INIT_PACKET] {
    let mut bytes = [0; INIT_PACKET];
    common(&mut bytes, source_port, port, 0);
    bytes[COMMON] = TYPE_INIT;
    bytes[COMMON + 3] = INIT as u8;
    bytes[INITIATE_TAG..INITIATE_TAG + 4].copy_from_slice(&cookie.to_be_bytes());
    // Receiver window, streams out and in, first TSN.
    bytes[20..24].copy_from_slice(&32_768u32.to_be_bytes());
    bytes[24..26].copy_from_slice(&10u16.to_be_bytes());
    bytes[26..28].copy_from_slice(&2_048u16.to_be_bytes());
    bytes[28..32].copy_from_slice(&cookie.to_be_bytes());
    seal(&mut bytes);
    bytes
}

/// Writes an unexpected COOKIE ECHO whose verification tag is the cookie: an ABORT reflects it (section 8.4, rule 8).
pub(super) fn cookie_echo(source_port: u16, port: u16, cookie: u32) -> [u8; COMMON + 8] {
    let mut bytes = [0; COMMON + 8];
    common(&mut bytes, source_port, port, cookie);
    bytes[COMMON] = TYPE_COOKIE_ECHO;
    bytes[COMMON + 3] = 8;
    bytes[COMMON + 4..].copy_from_slice(&cookie.to_be_bytes());
    seal(&mut bytes);
    bytes
}

fn common(bytes: &mut [u8], source_port: u16, port: u16, tag: u32) {
    bytes[..2].copy_from_slice(&source_port.to_be_bytes());
    bytes[2..4].copy_from_slice(&port.to_be_bytes());
    bytes[4..8].copy_from_slice(&tag.to_be_bytes());
}

/// The checksum is the CRC's bytes, least significant first (RFC 9260 appendix A).
fn seal(bytes: &mut [u8]) {
    let sum = crc32c(bytes).to_le_bytes();
    bytes[8..COMMON].copy_from_slice(&sum);
}

/// Writes `packet` as a datagram to `to`. Returns the length in bytes.
pub(super) fn write(template: &Template, slot: &mut [u8], to: &To, packet: &[u8]) -> usize {
    template.datagram_to(to).map_or(0, |datagram| {
        datagram
            .raw(slot, proto::SCTP, packet)
            .map_or(0, |written| written.len)
    })
}

/// Reads an INIT ACK or an ABORT to our port. A packet with a wrong checksum is ignored (section 6.8).
pub(super) fn answer(frame: &Frame<'_>, source_port: u16) -> Option<ParsedReply> {
    let Transport::Other { proto, payload } = frame.transport else {
        return None;
    };
    if proto != proto::SCTP || payload.len() < COMMON + 4 {
        return None;
    }
    let half = |at: usize| u16::from_be_bytes([payload[at], payload[at + 1]]);
    let word = |at: usize| u32::from(half(at)) << 16 | u32::from(half(at + 2));
    if half(2) != source_port || !sum_is_right(payload) {
        return None;
    }
    let verdict = match payload[COMMON] {
        TYPE_INIT_ACK => Verdict::open(Reason::InitAck),
        TYPE_ABORT => Verdict::closed(Reason::Abort),
        _ => return None,
    };
    Some(ParsedReply {
        ip: frame.addresses()?.0,
        port: half(0),
        echoed: Some(word(4)),
        verdict,
        mac: None,
    })
}

fn sum_is_right(payload: &[u8]) -> bool {
    // Replies to these probes are shorter than an Ethernet frame; anything longer is ignored.
    let mut bytes = [0; 1500];
    let Some(copy) = bytes.get_mut(..payload.len()) else {
        return false;
    };
    copy.copy_from_slice(payload);
    copy[8..COMMON].fill(0);
    crc32c(copy).to_le_bytes() == payload[8..COMMON]
}

/// Returns what a quoted INIT of ours says; a quote of 8 bytes ends before its tag.
pub(super) fn quoted_init(quote: &Quote<'_>, source_port: u16) -> Option<(u16, u32)> {
    quoted_at(quote, source_port, INITIATE_TAG)
}

/// Returns what a quoted COOKIE ECHO of ours says.
pub(super) fn quoted_cookie_echo(quote: &Quote<'_>, source_port: u16) -> Option<(u16, u32)> {
    quoted_at(quote, source_port, 4)
}

fn quoted_at(quote: &Quote<'_>, source_port: u16, at: usize) -> Option<(u16, u32)> {
    let (from, to) = quote.ports()?;
    let tag = quote.transport.get(at..)?.first_chunk()?;
    (quote.proto == proto::SCTP && from == source_port).then_some((to, u32::from_be_bytes(*tag)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use vigie_wire::frame::LinkType;

    fn packet(kind: u8, tag: u32, spoil: bool) -> std::vec::Vec<u8> {
        let mut sctp = [0u8; 16];
        common(&mut sctp, 80, 61_000, tag);
        (sctp[12], sctp[15]) = (kind, 4);
        seal(&mut sctp);
        sctp[9] ^= u8::from(spoil);
        let mut out = [0u8; 128];
        let to = "10.0.0.2".parse().unwrap();
        let from = "10.0.0.1".parse().unwrap();
        let written = vigie_wire::write::Datagram::new(from, to)
            .unwrap()
            .raw(&mut out, proto::SCTP, &sctp)
            .unwrap();
        out[..written.len].to_vec()
    }

    #[test]
    fn answers_are_read_with_their_tag_and_a_true_checksum() {
        let read = |bytes: &[u8]| answer(&Frame::parse(LinkType::RawIp, bytes).unwrap(), 61_000);
        let open = read(&packet(TYPE_INIT_ACK, 7, false)).unwrap();
        assert_eq!(
            (open.port, open.echoed, open.verdict),
            (80, Some(7), Verdict::open(Reason::InitAck))
        );
        let closed = read(&packet(TYPE_ABORT, 9, false)).unwrap();
        assert_eq!(
            (closed.echoed, closed.verdict),
            (Some(9), Verdict::closed(Reason::Abort))
        );
        assert_eq!(read(&packet(TYPE_ABORT, 9, true)), None);
        assert_eq!(read(&packet(3, 9, false)), None);
    }

    #[test]
    fn an_init_is_as_long_as_it_says_and_its_sum_is_right() {
        let bytes = init(61_000, 80, 0x0102_0304);
        assert!(sum_is_right(&bytes));
        assert_eq!(&bytes[16..20], &[1, 2, 3, 4]);
        assert_eq!(usize::from(bytes[15]), bytes.len() - COMMON);
        assert!(sum_is_right(&cookie_echo(61_000, 80, 5)));
    }
}
