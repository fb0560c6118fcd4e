//! NAT-PMP (RFC 6886 section 3.2): the external address of the gateway. It creates no mapping.
//!
//! Replies do not return a token.

use alloc::format;

use super::kit::{Detail, Reader, Request};
use super::{Answer, Payload};

/// Version 0, operation 0.
pub(super) static NAT_PMP: Payload = Payload::new(
    "nat-pmp",
    "nat-pmp",
    &[5351],
    Request::fixed(b"\0\0"),
    recognise,
);

fn recognise(_token: u64, reply: &[u8]) -> Option<Answer> {
    let mut reader = Reader::new(reply);
    reader.expect(b"\0\x80")?;
    let (result, _epoch) = (reader.be16()?, reader.be32()?);
    let detail = match (result, reader.rest()) {
        (0, [a, b, c, d]) => Detail::NONE.info(format!("external address {a}.{b}.{c}.{d}")),
        (1..=5, [] | [_, _, _, _]) => Detail::NONE.info(format!("result {result}")),
        _ => return None,
    };
    Some(Answer::confirmed(detail))
}
