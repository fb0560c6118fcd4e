//! DTLS 1.2 (RFC 6347): a ClientHello without cookie, which a server answers with a HelloVerifyRequest,
//! keeping no state, or with its ServerHello or an alert.
//!
//! The token is the client's random, which is not returned.

use super::kit::{Detail, Encoding, TokenField, Reader, Request};
use super::{Answer, Payload};

/// A ClientHello with the cipher suites of the last fifteen years, including pre-shared keys for small devices.
pub(super) static DTLS: Payload = Payload::new(
    "dtls",
    "dtls",
    &[443, 853, 2083, 3391, 4433, 5061, 5349, 5684, 10161],
    Request::new(
        // Record: handshake, version, epoch and sequence number, length.
        b"\x16\xfe\xff\0\0\0\0\0\0\0\0\0\x82\
          \x01\0\0\x76\0\0\0\0\0\0\0\x76\
          \xfe\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\
          \0\0\
          \0\x18\xc0\x2b\xc0\x2c\xc0\x2f\xc0\x30\xcc\xa9\xcc\xa8\xc0\xae\xc0\xa8\x00\x9c\x00\x2f\x00\x35\x00\xff\
          \x01\0\
          \0\x34\
          \0\x0a\0\x08\0\x06\0\x1d\0\x17\0\x18\
          \0\x0b\0\x02\x01\0\
          \0\x0d\0\x12\0\x10\x04\x03\x08\x04\x04\x01\x05\x03\x08\x05\x05\x01\x06\x01\x02\x01\
          \0\x17\0\0\
          \0\x16\0\0\0\x23\0\0",
        &[TokenField { offset: 27,
            encoding: Encoding::Bytes(8),
        }],
    ),
    recognise,
);

fn recognise(_token: u64, reply: &[u8]) -> Option<Answer> {
    let mut reader = Reader::new(reply);
    let (kind, version) = (reader.u8()?, reader.be16()?);
    if !matches!(version, 0xfeff | 0xfefd | 0xfefc) || reader.be16()? != 0 {
        return None;
    }
    reader.take(6)?;
    let len = usize::from(reader.be16()?);
    let fragment = reader.take(len)?;
    match (kind, fragment) {
        // An alert: warning or fatal, and why.
        (21, [1 | 2, why]) => {
            Some(Answer::confirmed(Detail::NONE.info(alloc::format!("alert {why}"))))
        }
        (22, _) => handshake(fragment),
        _ => None,
    }
}

fn handshake(fragment: &[u8]) -> Option<Answer> {
    let mut reader = Reader::new(fragment);
    let kind = reader.u8()?;
    // Length, message sequence, offset and length of this fragment: twelve bytes with the kind.
    reader.take(11)?;
    let version = match (kind, reader.be16()?) {
        (2 | 3, 0xfeff) => "DTLS 1.0",
        (2 | 3, 0xfefd) => "DTLS 1.2",
        _ => return None,
    };
    // A HelloVerifyRequest has the lowest version, whatever version is negotiated later (section 4.2.1).
    let detail = match kind {
        2 => Detail::NONE.info(version),
        _ => Detail::NONE,
    };
    Some(Answer::confirmed(detail))
}
