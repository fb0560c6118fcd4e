//! QUIC (RFC 8999, RFC 9000 section 6): a long header of a version that is reserved so that no server supports
//! it; the server replies with the versions that it supports, and keeps no state.
//!
//! The request has 1,200 bytes, the minimum that a server answers (RFC 9000 section 14.1); the reply is small. The
//! token is both connection IDs.

use alloc::format;
use alloc::string::String;

use super::kit::{Detail, Encoding, TokenField, Reader, Request};
use super::{Answer, Payload, kit};

const ID: Encoding = Encoding::Bytes(8);

/// First byte, version 0x1a2a3a4a, two connection IDs of eight bytes; then, as in an Initial of version 1, no token,
/// the length of the rest, and zeros.
pub(super) static QUIC: Payload = Payload::new(
    "quic",
    "quic",
    &[80, 443, 784, 853, 4433, 8443, 8853],
    Request::new(
        &kit::padded::<1200>(b"\xc0\x1a\x2a\x3a\x4a\x08\0\0\0\0\0\0\0\0\x08\0\0\0\0\0\0\0\0\0\x44\x96"),
        &[TokenField { offset: 6, encoding: ID }, TokenField { offset: 15, encoding: ID }],
    ),
    recognise,
)
.echoing(ID);

fn recognise(token: u64, reply: &[u8]) -> Option<Answer> {
    let mut reader = Reader::new(reply);
    let first = reader.u8()?;
    if first & 0x80 == 0 || reader.be32()? != 0 {
        return None;
    }
    let len = usize::from(reader.u8()?);
    let destination = reader.take(len)?;
    let len = usize::from(reader.u8()?);
    let source = reader.take(len)?;
    if reader.is_empty() || !reader.rest().len().is_multiple_of(4) {
        return None;
    }
    let mut detail = Detail::NONE;
    while let Some(version) = reader.be32() {
        if let Some(name) = version_name(version) {
            detail = detail.info(name);
        }
    }
    let ours = ID.is(token, destination) && ID.is(token, source);
    Some(Answer::echoing(ours, detail))
}

/// Returns the name of a version; `None` if it is reserved to exercise version negotiation (RFC 9000 section 15).
fn version_name(version: u32) -> Option<String> {
    let bytes = version.to_be_bytes();
    match version {
        1 => Some("v1".into()),
        0x6b33_43cf => Some("v2".into()),
        _ if version & 0x0f0f_0f0f == 0x0a0a_0a0a => None,
        _ if version >> 8 == 0x00ff_0000 => Some(format!("draft-{}", version & 0xff)),
        _ if bytes.iter().all(u8::is_ascii_alphanumeric) => {
            Some(bytes.iter().map(|&byte| char::from(byte)).collect())
        }
        _ => Some(format!("{version:#x}")),
    }
}
