//! STUN (RFC 8489): a binding request.
//!
//! The token is eight of the twelve bytes of the transaction ID.

use super::kit::{Detail, Encoding, TokenField, Reader, Request};
use super::{Answer, Payload};

const ID: Encoding = Encoding::Bytes(8);

/// Type, length, magic cookie, transaction ID.
pub(super) static STUN: Payload = Payload::new(
    "stun",
    "stun",
    &[3478, 3479, 19302],
    Request::new(
        b"\0\x01\0\0\x21\x12\xa4\x42vigi\0\0\0\0\0\0\0\0",
        &[TokenField { offset: 12, encoding: ID }],
    ),
    recognise,
)
.echoing(ID);

fn recognise(token: u64, reply: &[u8]) -> Option<Answer> {
    let mut reader = Reader::new(reply);
    // Success or error response to Binding.
    if !matches!(reader.be16()?, 0x0101 | 0x0111) {
        return None;
    }
    let len = usize::from(reader.be16()?);
    reader.expect(b"\x21\x12\xa4\x42")?;
    let (fixed, id) = (reader.take(4)?, reader.take(8)?);
    let mut attributes = Reader::new(reader.take(len)?);
    let mut detail = Detail::NONE;
    for _ in 0..32 {
        let (Some(kind), Some(len)) = (attributes.be16(), attributes.be16()) else {
            break;
        };
        let Some(value) = attributes.take(usize::from(len)) else {
            break;
        };
        // SOFTWARE.
        if kind == 0x8022 {
            detail = detail.banner(value);
        }
        // Values are padded to four bytes.
        attributes.take(usize::from(len).next_multiple_of(4) - usize::from(len));
    }
    Some(Answer::echoing(fixed == b"vigi" && ID.is(token, id), detail))
}
