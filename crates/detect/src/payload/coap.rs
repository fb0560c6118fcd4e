//! CoAP (RFC 7252): GET /.well-known/core, the list of resources (RFC 6690), in blocks of 64 bytes (RFC 7959)
//! so that only the first one is sent.
//!
//! The token is CoAP's own, of eight bytes; an empty acknowledgement returns the message ID.

use super::kit::{Detail, Encoding, TokenField, Reader, Request};
use super::{Answer, Payload};

const TOKEN: Encoding = Encoding::Bytes(8);
const MESSAGE: Encoding = Encoding::Bytes(2);

/// Confirmable GET; Uri-Path twice; Block2 0, 64 bytes.
pub(super) static COAP: Payload = Payload::new(
    "coap",
    "coap",
    &[5683],
    Request::new(
        b"\x48\x01\0\0\0\0\0\0\0\0\0\0\xbb.well-known\x04core\xc1\x02",
        &[
            TokenField { offset: 2,
                encoding: MESSAGE,
            },
            TokenField { offset: 4, encoding: TOKEN },
        ],
    ),
    recognise,
)
.echoing(MESSAGE);

fn recognise(token: u64, reply: &[u8]) -> Option<Answer> {
    let mut reader = Reader::new(reply);
    let (head, code) = (reader.u8()?, reader.u8()?);
    let (version, kind, len) = (head >> 6, head >> 4 & 3, head & 15);
    let message = reader.take(2)?;
    if version != 1 || len > 8 {
        return None;
    }
    if code == 0 {
        // Acknowledged (the answer follows), or reset.
        let empty = kind >= 2 && len == 0 && reader.is_empty();
        return empty.then(|| Answer::echoing(MESSAGE.is(token, message), Detail::NONE));
    }
    // A response of class 2, 4 or 5; not a reset.
    if !matches!(code >> 5, 2 | 4 | 5) || kind == 3 {
        return None;
    }
    let echoed = reader.take(usize::from(len))?;
    let mut detail = Detail::NONE;
    let rest = reader.rest();
    if code == 0x45 && let Some(at) = rest.iter().position(|&byte| byte == 0xff) {
        detail = detail.info(&rest[at + 1..]);
    } else {
        detail = detail.info(alloc::format!("{}.{:02}", code >> 5, code & 31));
    }
    Some(Answer::echoing(TOKEN.is(token, echoed), detail))
}
