//! Steam's discovery of clients on a network, for streaming between them (the published protocol buffers
//! `steammessages_remoteclient_discovery`).
//!
//! Eight bytes of signature, then header and message, each behind its length. Replies do not return a token.

use super::kit::protobuf::{self, Value};
use super::kit::{Detail, Reader, Request};
use super::{Answer, Payload};

/// Header { client_id 1, msg_type discovery }, discovery { seq_num 1 }.
pub(super) static STEAM: Payload = Payload::new(
    "steam",
    "steam",
    &[27036],
    Request::fixed(b"\xff\xff\xff\xff\x21\x4c\x5f\xa0\x04\0\0\0\x08\x01\x10\0\x02\0\0\0\x08\x01"),
    recognise,
);

fn recognise(_token: u64, reply: &[u8]) -> Option<Answer> {
    let mut reader = Reader::new(reply);
    reader.expect(b"\xff\xff\xff\xff\x21\x4c\x5f\xa0")?;
    let len = usize::try_from(reader.le32()?).ok()?;
    let mut header = Reader::new(reader.take(len)?);
    let len = usize::try_from(reader.le32()?).ok()?;
    let mut message = Reader::new(reader.take(len)?);
    let mut kind = 0;
    while let Some((field, value)) = protobuf::next(&mut header) {
        if let (2, Value::Number(number)) = (field, value) {
            kind = number;
        }
    }
    // Status; its fourth field is the host's name.
    if kind != 1 {
        return None;
    }
    let mut detail = Detail::NONE;
    while let Some((field, value)) = protobuf::next(&mut message) {
        if let (4, Value::Bytes(name)) = (field, value) {
            detail = detail.labelled("host", name);
        }
    }
    Some(Answer::confirmed(detail))
}
