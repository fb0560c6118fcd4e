//! RADIUS (RFC 2865): Status-Server (RFC 5997), the request to check whether a server is alive.
//!
//! A server answers only configured clients with a valid Message-Authenticator and ignores all others. The token is the
//! identifier and the authenticator.

use super::kit::{Detail, Encoding, TokenField, Reader, Request};
use super::{Answer, Payload, Silence};

const IDENTIFIER: Encoding = Encoding::Bytes(1);

/// Status-Server, identifier, length, authenticator, an empty Message-Authenticator.
pub(super) static RADIUS: Payload = Payload::new(
    "radius",
    "radius",
    &[1645, 1646, 1812, 1813],
    Request::new(
        b"\x0c\0\0\x26\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\
          \x50\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
        &[
            TokenField { offset: 1,
                encoding: IDENTIFIER,
            },
            TokenField { offset: 4,
                encoding: Encoding::Bytes(8),
            },
            TokenField { offset: 12,
                encoding: Encoding::Bytes(8),
            },
        ],
    ),
    recognise,
)
.echoing(IDENTIFIER)
.silent(Silence::KnownPeersOnly);

fn recognise(token: u64, reply: &[u8]) -> Option<Answer> {
    let mut reader = Reader::new(reply);
    // Access-Accept, -Reject, Accounting-Response, Access-Challenge.
    if !matches!(reader.u8()?, 2 | 3 | 5 | 11) {
        return None;
    }
    let identifier = reader.take(1)?;
    let len = usize::from(reader.be16()?);
    if !(20..=4096).contains(&len) || len > reply.len() {
        return None;
    }
    let mut attributes = Reader::new(&reply[20..len]);
    while !attributes.is_empty() {
        let (_kind, len) = (attributes.u8()?, attributes.u8()?);
        attributes.take(usize::from(len).checked_sub(2)?)?;
    }
    Some(Answer::echoing(
        IDENTIFIER.is(token, identifier),
        Detail::NONE,
    ))
}
