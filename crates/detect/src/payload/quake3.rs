//! Servers of Quake III and derived games (id's published source, `SVC_Info`): getinfo.
//!
//! The token is the challenge, which the reply returns.

use super::kit::{Detail, Encoding, TokenField, Request};
use super::{Answer, Payload};

const CHALLENGE: Encoding = Encoding::Hex(16);

pub(super) static QUAKE3: Payload = Payload::new(
    "quake3",
    "quake3",
    &[26000, 27960, 27961, 27962, 30720],
    Request::new(
        b"\xff\xff\xff\xffgetinfo 0000000000000000\0",
        &[TokenField { offset: 12,
            encoding: CHALLENGE,
        }],
    ),
    recognise,
)
.echoing(CHALLENGE);

fn recognise(token: u64, reply: &[u8]) -> Option<Answer> {
    let pairs = reply.strip_prefix(b"\xff\xff\xff\xffinfoResponse\n\\")?;
    let value = |name: &[u8]| {
        let mut words = pairs.split(|&byte| byte == b'\\');
        while let Some(word) = words.next() {
            let value = words.next()?;
            if word.eq_ignore_ascii_case(name) {
                return Some(value);
            }
        }
        None
    };
    let challenge = value(b"challenge").unwrap_or_default();
    let detail = Detail::NONE
        .product(value(b"gamename").unwrap_or_default())
        .labelled("name", value(b"hostname").unwrap_or_default())
        .labelled("map", value(b"mapname").unwrap_or_default())
        .labelled("protocol", value(b"protocol").unwrap_or_default());
    let ours = challenge
        .split(|byte| b"\n\0 ".contains(byte))
        .next()
        .is_some_and(|word| CHALLENGE.is(token, word));
    Some(Answer::echoing(ours, detail))
}
