//! RIPng (RFC 2080 section 2.4.1): the metric of one address, as with RIP.
//!
//! The token is the interface identifier of the requested address, in 2001:db8::/64, which the answer repeats.

use super::kit::{Detail, Encoding, TokenField, Reader, Request};
use super::{Answer, Payload};

const INTERFACE: Encoding = Encoding::Bytes(8);

/// Request: 2001:db8::token/128, metric 16.
pub(super) static RIPNG: Payload = Payload::new(
    "ripng",
    "ripng",
    &[521],
    Request::new(
        b"\x01\x01\0\0\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x80\x10",
        &[TokenField { offset: 12,
            encoding: INTERFACE,
        }],
    ),
    recognise,
)
.echoing(INTERFACE);

fn recognise(token: u64, reply: &[u8]) -> Option<Answer> {
    let mut reader = Reader::new(reply);
    reader.expect(b"\x02\x01\0\0")?;
    if reader.is_empty() || !reader.rest().len().is_multiple_of(20) {
        return None;
    }
    let mut ours = false;
    while !reader.is_empty() {
        let (network, interface) = (reader.take(8)?, reader.take(8)?);
        let (_tag, len, metric) = (reader.be16()?, reader.u8()?, reader.u8()?);
        // 0xff marks a next hop.
        if len > 128 || !matches!(metric, 1..=16 | 0xff) {
            return None;
        }
        ours |= network == b"\x20\x01\x0d\xb8\0\0\0\0" && INTERFACE.is(token, interface);
    }
    Some(Answer::echoing(ours, Detail::NONE))
}
