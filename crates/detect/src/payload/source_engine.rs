//! Servers of Source and GoldSrc games (Valve's developer wiki, "Server queries"): A2S_INFO.
//!
//! Newer servers reply with a challenge first, which is smaller than the request. Replies do not return a token.

use super::kit::{Detail, Reader, Request};
use super::{Answer, Payload};

pub(super) static SOURCE: Payload = Payload::new(
    "source-engine",
    "source-engine",
    &[2303, 27015, 27016, 27017, 27018, 27019, 27020, 28015],
    Request::fixed(b"\xff\xff\xff\xffTSource Engine Query\0"),
    recognise,
);

fn recognise(_token: u64, reply: &[u8]) -> Option<Answer> {
    let mut reader = Reader::new(reply);
    reader.expect(b"\xff\xff\xff\xff")?;
    let detail = match reader.u8()? {
        // A challenge of four bytes.
        b'A' if reader.rest().len() == 4 => Detail::NONE,
        b'I' => {
            let _protocol = reader.u8()?;
            let (name, map) = (reader.until(0)?, reader.until(0)?);
            let (_folder, game) = (reader.until(0)?, reader.until(0)?);
            let (_app, _players) = (reader.le16()?, reader.array::<7>()?);
            let version = reader.until(0)?;
            reported(name, map, game).version(version)
        }
        // GoldSrc before 2008: its address first.
        b'm' => {
            let _address = reader.until(0)?;
            let (name, map) = (reader.until(0)?, reader.until(0)?);
            let (_folder, game) = (reader.until(0)?, reader.until(0)?);
            reported(name, map, game)
        }
        _ => return None,
    };
    Some(Answer::confirmed(detail))
}

fn reported(name: &[u8], map: &[u8], game: &[u8]) -> Detail {
    Detail::NONE
        .product(game)
        .labelled("name", name)
        .labelled("map", map)
}
