//! Ubiquiti's discovery, as observed from their devices and other scanners: version 1, one request.
//!
//! The answer is a list of type, length and value. Replies do not return a token.

use super::kit::{Detail, Reader, Request};
use super::{Answer, Payload};

/// Version 1, request, no content.
pub(super) static UBIQUITI: Payload = Payload::new(
    "ubiquiti",
    "ubiquiti-discovery",
    &[10001],
    Request::fixed(b"\x01\0\0\0"),
    recognise,
);

fn recognise(_token: u64, reply: &[u8]) -> Option<Answer> {
    let mut reader = Reader::new(reply);
    reader.expect(b"\x01\0")?;
    let len = usize::from(reader.be16()?);
    if len == 0 || len != reader.rest().len() {
        return None;
    }
    let mut detail = Detail::NONE;
    while !reader.is_empty() {
        let (kind, len) = (reader.u8()?, reader.be16()?);
        let value = reader.take(usize::from(len))?;
        detail = match kind {
            0x03 => detail.version(value),
            0x0b => detail.labelled("host", value),
            0x0c if detail.product.is_none() => detail.product(value),
            0x0d => detail.labelled("essid", value),
            0x14 => detail.product(value),
            _ => detail,
        };
    }
    Some(Answer::confirmed(detail))
}
