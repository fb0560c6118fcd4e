//! Rx, the RPC of AFS (OpenAFS, `rx/rx_packet.h` and `rx/rx.h`): a version packet, which any server answers.
//!
//! The token is the connection and the call number, which the reply returns.

use super::kit::{Detail, Encoding, TokenField, Reader, Request};
use super::{Answer, Payload};

const CALL: Encoding = Encoding::Bytes(4);

/// Epoch, connection, call, sequence, serial; type 13, from the client, last packet.
pub(super) static RX: Payload = Payload::new(
    "afs-rx",
    "afs",
    &[7000, 7001, 7002, 7003, 7005, 7007],
    Request::new(
        b"\0\0\x03\xe7\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x0d\x05\0\0\0\0\0\0\0",
        &[TokenField { offset: 8, encoding: CALL }],
    ),
    recognise,
)
.echoing(CALL);

fn recognise(token: u64, reply: &[u8]) -> Option<Answer> {
    let mut reader = Reader::new(reply);
    reader.expect(b"\0\0\x03\xe7\0\0\0\0")?;
    let call = reader.take(4)?;
    reader.take(8)?;
    let (kind, flags) = (reader.u8()?, reader.u8()?);
    reader.take(6)?;
    // A version packet that is not from a client.
    if kind != 13 || flags & 1 != 0 {
        return None;
    }
    let text = reader.rest().split(|&byte| byte == 0).next();
    Some(Answer::echoing(
        CALL.is(token, call),
        Detail::NONE.banner(text.unwrap_or_default().trim_ascii()),
    ))
}
