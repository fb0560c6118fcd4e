//! LIFX lamps (lan.developer.lifx.com): GetService, which every lamp answers with StateService.
//!
//! The token is the source, which the reply returns.

use super::kit::{Detail, Encoding, TokenField, Reader, Request};
use super::{Answer, Payload};

const SOURCE: Encoding = Encoding::Positive(4);

/// Size, protocol 1024 tagged, source; no target; type 2.
pub(super) static LIFX: Payload = Payload::new(
    "lifx",
    "lifx",
    &[56700],
    Request::new(
        b"\x24\0\0\x34\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x02\0\0\0",
        &[TokenField { offset: 4,
            encoding: SOURCE,
        }],
    ),
    recognise,
)
.echoing(SOURCE);

fn recognise(token: u64, reply: &[u8]) -> Option<Answer> {
    let mut reader = Reader::new(reply);
    if usize::from(reader.le16()?) != reply.len() || reader.le16()? & 0x0fff != 0x0400 {
        return None;
    }
    let source = reader.take(4)?;
    reader.take(24)?;
    // StateService: service and port.
    if reader.le16()? != 3 || reader.le16()? != 0 || reader.rest().len() != 5 {
        return None;
    }
    Some(Answer::echoing(SOURCE.is(token, source), Detail::NONE))
}
