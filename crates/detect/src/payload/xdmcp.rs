//! XDMCP (X.Org, "X Display Manager Control Protocol"): asks whether the host manages displays.
//!
//! The query starts no session. Replies do not return a token.

use super::kit::{Detail, Reader, Request};
use super::{Answer, Payload};

/// Version 1, Query, no authentication names.
pub(super) static XDMCP: Payload = Payload::new(
    "xdmcp",
    "xdmcp",
    &[177],
    Request::fixed(b"\0\x01\0\x02\0\x01\0"),
    recognise,
);

fn recognise(_token: u64, reply: &[u8]) -> Option<Answer> {
    let mut reader = Reader::new(reply);
    reader.expect(b"\0\x01")?;
    let (operation, len) = (reader.be16()?, reader.be16()?);
    if usize::from(len) != reader.rest().len() {
        return None;
    }
    let willing = match operation {
        5 => {
            let _authentication = array(&mut reader)?;
            "willing"
        }
        6 => "unwilling",
        _ => return None,
    };
    let (host, status) = (array(&mut reader)?, array(&mut reader)?);
    let detail = Detail::NONE
        .info(willing)
        .labelled("host", host)
        .info(status);
    Some(Answer::confirmed(detail))
}

/// An ARRAY8.
fn array<'a>(reader: &mut Reader<'a>) -> Option<&'a [u8]> {
    let len = reader.be16()?;
    reader.take(usize::from(len))
}
