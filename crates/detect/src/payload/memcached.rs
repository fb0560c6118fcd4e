//! Memcached over UDP (memcached's doc/protocol.txt): `version` behind the frame of eight bytes.
//!
//! The token is the frame's request ID.

use super::kit::{Detail, Encoding, TokenField, Reader, Request};
use super::{Answer, Payload};

const ID: Encoding = Encoding::Bytes(2);

/// Request ID, datagram 0 of 1, reserved; the command.
pub(super) static MEMCACHED: Payload = Payload::new(
    "memcached",
    "memcached",
    &[11211],
    Request::new(
        b"\0\0\0\0\0\x01\0\0version\r\n",
        &[TokenField { offset: 0, encoding: ID }],
    ),
    recognise,
)
.echoing(ID);

fn recognise(token: u64, reply: &[u8]) -> Option<Answer> {
    let mut reader = Reader::new(reply);
    let id = reader.take(2)?;
    reader.expect(b"\0\0\0\x01\0\0")?;
    let detail = match reader.rest() {
        [b'V', b'E', b'R', b'S', b'I', b'O', b'N', b' ', version @ .., b'\r', b'\n'] => {
            Detail::NONE.product("Memcached").version(version)
        }
        b"ERROR\r\n" => Detail::NONE,
        _ => return None,
    };
    Some(Answer::echoing(ID.is(token, id), detail))
}
