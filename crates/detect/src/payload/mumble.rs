//! Mumble's ping (mumble.info, "Mumble protocol", the connectionless ping): version and number of users.
//!
//! The token is the identifier, which the reply returns.

use alloc::format;

use super::kit::{Detail, Encoding, TokenField, Reader, Request};
use super::{Answer, Payload};

const IDENTIFIER: Encoding = Encoding::Bytes(8);

/// Type 0, identifier.
pub(super) static MUMBLE: Payload = Payload::new(
    "mumble",
    "mumble",
    &[64738],
    Request::new(
        b"\0\0\0\0\0\0\0\0\0\0\0\0",
        &[TokenField { offset: 4,
            encoding: IDENTIFIER,
        }],
    ),
    recognise,
)
.echoing(IDENTIFIER);

fn recognise(token: u64, reply: &[u8]) -> Option<Answer> {
    let mut reader = Reader::new(reply);
    let [zero, major, minor, patch] = reader.array()?;
    let identifier = reader.take(8)?;
    let (users, most, _bandwidth) = (reader.be32()?, reader.be32()?, reader.be32()?);
    if zero != 0 || major == 0 || !reader.is_empty() {
        return None;
    }
    let detail = Detail::NONE
        .product("Mumble server")
        .version(format!("{major}.{minor}.{patch}"))
        .info(format!("{users} of {most} users"));
    Some(Answer::echoing(IDENTIFIER.is(token, identifier), detail))
}
