//! IKE: version 2 (RFC 7296) and version 1 (RFC 2409 main mode in RFC 2408's format), on port 500, and on
//! 4500 behind the marker that distinguishes them from ESP (RFC 3948).
//!
//! Each is a regular first proposal. A gateway accepts or rejects it, and keeps
//! no state. The token is the initiator's SPI, or cookie.

use alloc::format;

use super::kit::{Detail, Encoding, TokenField, Reader, Request};
use super::{Answer, Payload};

const SPI: Encoding = Encoding::Bytes(8);
const FIRST: &[TokenField] = &[TokenField { offset: 0, encoding: SPI }];
const MARKED: &[TokenField] = &[TokenField { offset: 4, encoding: SPI }];

/// IKE_SA_INIT: SA of AES-CBC-256 and -128, SHA-256, Curve25519 and MODP 2048; KE for Curve25519; a nonce.
const INIT: &[u8; 168] = b"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x21\x20\x22\x08\0\0\0\0\0\0\0\xa8\
    \x22\0\0\x44\0\0\0\x40\x01\x01\0\x06\
    \x03\0\0\x0c\x01\0\0\x0c\x80\x0e\x01\0\
    \x03\0\0\x0c\x01\0\0\x0c\x80\x0e\0\x80\
    \x03\0\0\x08\x02\0\0\x05\
    \x03\0\0\x08\x03\0\0\x0c\
    \x03\0\0\x08\x04\0\0\x1f\
    \0\0\0\x08\x04\0\0\x0e\
    \x28\0\0\x28\0\x1f\0\0\
    \x09\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\
    \0\0\0\x20vigie asks who is there.\x01\x02\x03\x04";

/// Identity protection: AES with SHA-256 or SHA-1, then 3DES with SHA-1, by shared key and by signature.
const MAIN: &[u8; 220] = b"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x10\x02\0\0\0\0\0\0\0\0\xdc\
    \0\0\0\xc0\0\0\0\x01\0\0\0\x01\0\0\0\xb4\x01\x01\0\x05\
    \x03\0\0\x24\x01\x01\0\0\x80\x01\0\x07\x80\x0e\x01\0\x80\x02\0\x04\x80\x04\0\x0e\
    \x80\x03\0\x01\x80\x0b\0\x01\x80\x0c\x70\x80\
    \x03\0\0\x24\x02\x01\0\0\x80\x01\0\x07\x80\x0e\0\x80\x80\x02\0\x02\x80\x04\0\x02\
    \x80\x03\0\x01\x80\x0b\0\x01\x80\x0c\x70\x80\
    \x03\0\0\x20\x03\x01\0\0\x80\x01\0\x05\x80\x02\0\x02\x80\x04\0\x02\
    \x80\x03\0\x01\x80\x0b\0\x01\x80\x0c\x70\x80\
    \x03\0\0\x24\x04\x01\0\0\x80\x01\0\x07\x80\x0e\x01\0\x80\x02\0\x04\x80\x04\0\x0e\
    \x80\x03\0\x03\x80\x0b\0\x01\x80\x0c\x70\x80\
    \0\0\0\x20\x05\x01\0\0\x80\x01\0\x05\x80\x02\0\x02\x80\x04\0\x02\
    \x80\x03\0\x03\x80\x0b\0\x01\x80\x0c\x70\x80";

/// Version 2 on its own port.
pub(super) static V2: Payload = Payload::new(
    "ikev2",
    "isakmp",
    &[500],
    Request::new(INIT, FIRST),
    |token, reply| recognise(token, reply, 2),
)
.echoing(SPI);

/// Version 1 on its own port.
pub(super) static V1: Payload = Payload::new(
    "ikev1",
    "isakmp",
    &[500],
    Request::new(MAIN, FIRST),
    |token, reply| recognise(token, reply, 1),
)
.echoing(SPI);

/// Version 2 behind the non-ESP marker.
pub(super) static V2_NAT: Payload = Payload::new(
    "ikev2-nat-t",
    "ipsec-nat-t",
    &[4500],
    Request::new(&marked::<172>(INIT), MARKED),
    |token, reply| recognise(token, reply.strip_prefix(&[0; 4])?, 2),
)
.echoing(SPI);

/// Version 1 behind the non-ESP marker.
pub(super) static V1_NAT: Payload = Payload::new(
    "ikev1-nat-t",
    "ipsec-nat-t",
    &[4500],
    Request::new(&marked::<224>(MAIN), MARKED),
    |token, reply| recognise(token, reply.strip_prefix(&[0; 4])?, 1),
)
.echoing(SPI);

/// Four zero bytes, and the message (RFC 3948 section 2.2).
const fn marked<const N: usize>(message: &[u8]) -> [u8; N] {
    let mut all = [0; N];
    let mut i = 4;
    while i < N {
        all[i] = message[i - 4];
        i += 1;
    }
    all
}

/// Vendor IDs that name a program: the MD5 of its name (Cisco's with a version in the last two bytes).
const VENDORS: &[(&[u8], &str)] = &[
    (
        b"\x88\x2f\xe5\x6d\x6f\xd2\x0d\xbc\x22\x51\x61\x3b\x2e\xbe\x5b\xeb",
        "strongSwan",
    ),
    (
        b"\x1e\x2b\x51\x69\x05\x99\x1c\x7d\x7c\x96\xfc\xbf\xb5\x87\xe4\x61",
        "Windows",
    ),
    (b"\x12\xf5\xf2\x8c\x45\x71\x68\xa9\x70\x2d\x9f\xe2\x74\xcc", "Cisco Unity"),
    (
        b"\x70\x03\xcb\xc1\x09\x7d\xbe\x9c\x26\x00\xba\x69\x83\xbc\x8b\x35",
        "racoon",
    ),
    (b"OE-Libreswan", "Libreswan"),
];

fn recognise(token: u64, reply: &[u8], major: u8) -> Option<Answer> {
    let mut reader = Reader::new(reply);
    let (initiator, responder) = (reader.take(8)?, reader.take(8)?);
    let (next, version) = (reader.u8()?, reader.u8()?);
    let (exchange, flags) = (reader.u8()?, reader.u8()?);
    let (_message, len) = (reader.be32()?, reader.be32()?);
    if usize::try_from(len).ok()? != reply.len() {
        return None;
    }
    // A server of either version may answer a message of the other; the header holds its version.
    // Acceptance contains the responder's cookie, and version 2 marks what answers.
    let right = match version >> 4 {
        1 => exchange == 5 || matches!(exchange, 2 | 4) && responder != [0; 8],
        2 => matches!(exchange, 34 | 37) && flags & 0x28 == 0x20,
        _ => false,
    };
    if !right {
        return None;
    }
    let mut detail = Detail::NONE.info(format!("IKEv{}", version >> 4));
    detail = payloads(detail, next, reader);
    // A reply of the other version is a reply all the same: the SPI identifies it.
    let ours = SPI.is(token, initiator);
    if version >> 4 != major && !ours {
        return None;
    }
    Some(Answer::echoing(ours, detail))
}

/// What the chain of payloads contains: acceptance, a notification, the name of the program.
fn payloads(mut detail: Detail, mut next: u8, mut reader: Reader<'_>) -> Detail {
    for _ in 0..32 {
        let kind = next;
        let Some(body) = payload(&mut next, &mut reader) else {
            return detail;
        };
        match kind {
            // SA in version 1, and in version 2.
            1 | 33 => detail = detail.info("accepts a proposal"),
            // Notify: version 1 has a domain of interpretation first.
            11 => detail = notified(detail, body.get(6..8)),
            41 => detail = notified(detail, body.get(2..4)),
            // Vendor ID.
            13 | 43 => {
                if let Some((_, name)) = VENDORS.iter().find(|(id, _)| body.starts_with(id)) {
                    detail = detail.product(name);
                }
            }
            _ => {}
        }
    }
    detail
}

/// A payload's body, behind its head of four bytes; sets the kind of the next.
fn payload<'a>(next: &mut u8, reader: &mut Reader<'a>) -> Option<&'a [u8]> {
    if *next == 0 {
        return None;
    }
    *next = reader.u8()?;
    reader.u8()?;
    let len = reader.be16()?;
    reader.take(usize::from(len).checked_sub(4)?)
}

fn notified(detail: Detail, kind: Option<&[u8]>) -> Detail {
    let name = match kind {
        Some([0, 1]) => "UNSUPPORTED_CRITICAL_PAYLOAD",
        Some([0, 5]) => "INVALID_MAJOR_VERSION",
        Some([0, 7]) => "INVALID_SYNTAX",
        Some([0, 14]) => "NO_PROPOSAL_CHOSEN",
        Some([0, 17]) => "INVALID_KE_PAYLOAD",
        Some([0x40, 6]) => "COOKIE",
        _ => return detail,
    };
    detail.info(name)
}
