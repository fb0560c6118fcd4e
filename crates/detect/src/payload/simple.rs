//! The small services: echo (RFC 862), daytime (RFC 867), time (RFC 868), chargen (RFC 864) and the
//! quote of the day (RFC 865).
//!
//! Echo returns the whole request with the token; the others answer any datagram, here an empty one.

use super::kit::{Detail, Encoding, TokenField, Request};
use super::{Answer, Payload};

const TOKEN: Encoding = Encoding::Hex(16);

/// `vigie <token>`, which the server returns unchanged.
pub(super) static ECHO: Payload = Payload::new(
    "echo",
    "echo",
    &[7],
    Request::new(
        b"vigie 0000000000000000",
        &[TokenField { offset: 6, encoding: TOKEN }],
    ),
    |token, reply| {
        let returned = reply.strip_prefix(b"vigie ")?;
        (returned.len() == 16).then(|| Answer::echoing(TOKEN.is(token, returned), Detail::NONE))
    },
)
.echoing(TOKEN);

/// A line with the date and the time.
pub(super) static DAYTIME: Payload = Payload::new(
    "daytime",
    "daytime",
    &[13],
    Request::EMPTY,
    |_token, reply| {
        let clock = reply
            .windows(5)
            .any(|w| w[0].is_ascii_digit() && w[1].is_ascii_digit() && w[2] == b':' && w[3].is_ascii_digit());
        (text(reply, 128) && clock).then(|| Answer::confirmed(Detail::NONE.info(reply)))
    },
);

/// Seconds since 1900, of this century.
pub(super) static TIME: Payload = Payload::new(
    "time",
    "time",
    &[37],
    Request::EMPTY,
    |_token, reply| {
        let seconds = u32::from_be_bytes(reply.try_into().ok()?);
        // The year 2000 in that count (RFC 868 gives 1980 as 2,524,521,600).
        (seconds >= 3_155_673_600).then(|| Answer::confirmed(Detail::NONE))
    },
);

/// Characters in the order of ASCII.
pub(super) static CHARGEN: Payload = Payload::new(
    "chargen",
    "chargen",
    &[19],
    Request::EMPTY,
    |_token, reply| {
        let start = reply.get(..8)?;
        let next = |byte: u8| if byte == b'~' { [b' ', b'!'] } else { [byte + 1; 2] };
        let ordered = start
            .windows(2)
            .all(|pair| (b' '..=b'~').contains(&pair[0]) && next(pair[0]).contains(&pair[1]));
        ordered.then(|| Answer::confirmed(Detail::NONE))
    },
);

/// A text of at most 512 characters.
pub(super) static QOTD: Payload = Payload::new(
    "qotd",
    "qotd",
    &[17],
    Request::EMPTY,
    |_token, reply| text(reply, 512).then(|| Answer::confirmed(Detail::NONE.info(reply))),
);

/// Whether `bytes` is a text of 4 to `max` bytes, ASCII or UTF-8.
fn text(reply: &[u8], max: usize) -> bool {
    let printable = |c: char| !c.is_control() || matches!(c, '\r' | '\n' | '\t' | '\0');
    (4..=max).contains(&reply.len())
        && core::str::from_utf8(reply).is_ok_and(|text| text.chars().all(printable))
}
