//! RakNet (its published source, `ID_UNCONNECTED_PING`): servers of Minecraft's Bedrock edition and other games.
//!
//! The token is the time, which the pong returns.

use super::kit::{Detail, Encoding, TokenField, Reader, Request};
use super::{Answer, Payload};

const TIME: Encoding = Encoding::Bytes(8);
const MAGIC: &[u8; 16] =
    b"\x00\xff\xff\x00\xfe\xfe\xfe\xfe\xfd\xfd\xfd\xfd\x12\x34\x56\x78";

/// Unconnected ping, time, magic, our GUID.
pub(super) static RAKNET: Payload = Payload::new(
    "raknet",
    "raknet",
    &[19132, 19133],
    Request::new(
        b"\x01\0\0\0\0\0\0\0\0\
          \x00\xff\xff\x00\xfe\xfe\xfe\xfe\xfd\xfd\xfd\xfd\x12\x34\x56\x78\
          \0\0\0\0vigi",
        &[TokenField { offset: 1, encoding: TIME }],
    ),
    recognise,
)
.echoing(TIME);

fn recognise(token: u64, reply: &[u8]) -> Option<Answer> {
    let mut reader = Reader::new(reply);
    reader.expect(&[0x1c])?;
    let (time, _guid) = (reader.take(8)?, reader.take(8)?);
    reader.expect(MAGIC)?;
    let mut detail = Detail::NONE;
    if let Some(len) = reader.be16() {
        // "MCPE;message of the day;protocol;version;..."
        let mut words = reader
            .take(usize::from(len))?
            .split(|&byte| byte == b';');
        let (game, name) = (words.next(), words.next());
        detail = detail
            .product(match game {
                Some(b"MCPE" | b"MCEE") => b"Minecraft",
                other => other.unwrap_or_default(),
            })
            .labelled("name", name.unwrap_or_default())
            .version(words.nth(1).unwrap_or_default());
    }
    Some(Answer::echoing(TIME.is(token, time), detail))
}
