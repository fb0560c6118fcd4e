//! The gossip of Serf, Consul and Nomad (hashicorp/memberlist, `net.go`): a ping for any node.
//!
//! A member answers with an ack of the same SeqNo, which is the token. An encrypted cluster stays silent.

use super::kit::{Detail, Encoding, TokenField, Reader, Request, lzw};
use super::{Answer, Payload, Silence};

const SEQUENCE: Encoding = Encoding::Positive(4);

/// Message type ping; MessagePack: { Node: "", SeqNo: token }.
pub(super) static MEMBERLIST: Payload = Payload::new(
    "memberlist",
    "memberlist",
    &[4648, 7946, 8301, 8302],
    Request::new(
        b"\0\x82\xa4Node\xa0\xa5SeqNo\xce\0\0\0\0",
        &[TokenField { offset: 15,
            encoding: SEQUENCE,
        }],
    ),
    recognise,
)
.echoing(SEQUENCE)
.silent(Silence::MayNeedKey);

fn recognise(token: u64, reply: &[u8]) -> Option<Answer> {
    let packed = Reader::new(reply);
    match reply.first()? {
        // Compressed: { Algo: 0, Buf: bytes }, LZW with the least significant bit first.
        9 => ack(token, &lzw::unpack(buffer(packed)?, 2048)?),
        _ => ack(token, reply),
    }
}

/// The buffer of a compressed message.
fn buffer(mut reader: Reader<'_>) -> Option<&[u8]> {
    reader.expect(b"\x09\x82\xa4Algo\0\xa3Buf")?;
    let len = match reader.u8()? {
        short @ 0xa0..=0xbf => usize::from(short & 0x1f),
        0xc4 | 0xd9 => usize::from(reader.u8()?),
        0xc5 | 0xda => usize::from(reader.be16()?),
        _ => return None,
    };
    reader.take(len)
}

fn ack(token: u64, message: &[u8]) -> Option<Answer> {
    let mut reader = Reader::new(message);
    match reader.u8()? {
        2 => {}
        // Compound: a count, the length of each, and the messages; the ack comes first.
        7 => {
            let count = usize::from(reader.u8()?);
            reader.take(2 * count)?;
            reader.expect(&[2])?;
        }
        _ => return None,
    }
    // A map of Payload and SeqNo, in either order; the number appears nowhere else.
    let (0x81 | 0x82) = reader.u8()? else {
        return None;
    };
    let rest = reader.rest();
    let at = rest.windows(6).position(|window| window == b"\xa5SeqNo")?;
    let mut value = Reader::new(&rest[at + 6..]);
    value.expect(&[0xce])?;
    Some(Answer::echoing(
        SEQUENCE.is(token, value.take(4)?),
        Detail::NONE,
    ))
}
