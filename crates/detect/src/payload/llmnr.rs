//! LLMNR (RFC 4795): a query for `localhost`, which only a host that accepts unicast answers.
//!
//! LLMNR queries go by multicast, and unicast queries over TCP (section 2.4), so a host may ignore this one. The token
//! is the ID.

use super::dns::Message;
use super::kit::{Detail, Encoding, TokenField, Request};
use super::{Answer, Payload};

/// `localhost A IN`.
pub(super) static LLMNR: Payload = Payload::new(
    "llmnr",
    "llmnr",
    &[5355],
    Request::new(
        b"\0\0\0\0\0\x01\0\0\0\0\0\0\x09localhost\0\0\x01\0\x01",
        &[TokenField { offset: 0,
            encoding: Encoding::Bytes(2),
        }],
    ),
    recognise,
)
.echoing(Encoding::Bytes(2))
.silent(super::Silence::MulticastOnly);

fn recognise(token: u64, reply: &[u8]) -> Option<Answer> {
    let message = Message::response(reply)?;
    message.answers_question(&LLMNR.request.bytes()[12..])?;
    Some(Answer::echoing(message.is_ours(token), Detail::NONE))
}
