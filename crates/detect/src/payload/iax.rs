//! IAX2 (RFC 5456 section 6.7): POKE, which checks whether a peer is alive and starts no call.
//!
//! The token is the time-stamp, which PONG repeats.

use super::kit::{Detail, Encoding, TokenField, Reader, Request};
use super::{Answer, Payload};

const STAMP: Encoding = Encoding::Positive(4);

/// Full frame from call 1 to no call; time-stamp; sequence 0 and 0; IAX, POKE.
pub(super) static IAX: Payload = Payload::new(
    "iax",
    "iax",
    &[4569],
    Request::new(
        b"\x80\x01\0\0\0\0\0\0\0\0\x06\x1e",
        &[TokenField { offset: 4, encoding: STAMP }],
    ),
    recognise,
)
.echoing(STAMP);

fn recognise(token: u64, reply: &[u8]) -> Option<Answer> {
    let mut reader = Reader::new(reply);
    let (source, destination) = (reader.be16()?, reader.be16()?);
    let stamp = reader.take(4)?;
    let (_out, _in) = (reader.u8()?, reader.u8()?);
    // A full frame to our call, of the IAX type: PONG, ACK, INVAL.
    let right = source & 0x8000 != 0 && destination & 0x7fff == 1;
    if !right || reader.u8()? != 6 || !matches!(reader.u8()?, 0x03 | 0x04 | 0x0a) {
        return None;
    }
    Some(Answer::echoing(STAMP.is(token, stamp), Detail::NONE))
}
