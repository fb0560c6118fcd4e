//! KNXnet/IP (ISO 22510, EN 13321-2): a description request, which opens no connection.
//!
//! The endpoint given is 0.0.0.0:0, so that the reply returns to the sender (route-back). No
//! token is returned.

use super::kit::{Detail, Reader, Request};
use super::{Answer, Payload};

/// Header, version 1.0, DESCRIPTION_REQUEST, 14 bytes; HPAI for UDP.
pub(super) static KNX: Payload = Payload::new(
    "knx",
    "knxnet-ip",
    &[3671],
    Request::fixed(b"\x06\x10\x02\x03\0\x0e\x08\x01\0\0\0\0\0\0"),
    recognise,
);

fn recognise(_token: u64, reply: &[u8]) -> Option<Answer> {
    let mut reader = Reader::new(reply);
    reader.expect(b"\x06\x10\x02\x04")?;
    if usize::from(reader.be16()?) != reply.len() {
        return None;
    }
    let len = usize::from(reader.u8()?);
    let kind = reader.u8()?;
    let block = reader.take(len.checked_sub(2)?)?;
    // Device information: medium, status, addresses, serial, ..., and 30 bytes of a name.
    let name = (kind == 1).then(|| block.get(22..52)).flatten();
    let name = name.and_then(|name| name.split(|&byte| byte == 0).next());
    Some(Answer::confirmed(
        Detail::NONE.labelled("name", name.unwrap_or_default()),
    ))
}
