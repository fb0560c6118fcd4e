//! Port Control Protocol (RFC 6887 section 14.1): ANNOUNCE, which maps nothing.
//!
//! A request contains the address of the client. This one contains `::`, because it is the same for every source, so a
//! server replies ADDRESS_MISMATCH. Replies do not return a token.

use alloc::format;

use super::kit::{Detail, Reader, Request};
use super::{Answer, Payload};

/// Version 2, ANNOUNCE, lifetime 0, client address.
pub(super) static PCP: Payload = Payload::new(
    "pcp",
    "pcp",
    &[5351],
    Request::fixed(b"\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
    recognise,
);

fn recognise(_token: u64, reply: &[u8]) -> Option<Answer> {
    let mut reader = Reader::new(reply);
    let version = reader.u8()?;
    reader.expect(b"\x80\0")?;
    let result = reader.u8()?;
    // RFC 6887 section 7.4 has codes up to 13; a response is at least the common header.
    if !(1..=2).contains(&version) || result > 13 || reply.len() < 24 || !reply.len().is_multiple_of(4) {
        return None;
    }
    let detail = match result {
        0 => Detail::NONE,
        1 => Detail::NONE.info("UNSUPP_VERSION"),
        2 => Detail::NONE.info("NOT_AUTHORIZED"),
        12 => Detail::NONE.info("ADDRESS_MISMATCH"),
        _ => Detail::NONE.info(format!("result {result}")),
    };
    Some(Answer::confirmed(detail))
}
