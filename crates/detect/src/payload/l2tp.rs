//! L2TP version 2 (RFC 2661): a Start-Control-Connection-Request, which is answered with a reply or a stop.
//!
//! The token is our tunnel's ID, to which the answer is addressed. The tunnel is never used, and the
//! server forgets it.

use super::kit::{Detail, Encoding, TokenField, Reader, Request};
use super::{Answer, Payload};

const TUNNEL: Encoding = Encoding::Positive(2);

/// SCCRQ: protocol version, framing, host name, assigned tunnel ID.
pub(super) static L2TP: Payload = Payload::new(
    "l2tp",
    "l2tp",
    &[1701],
    Request::new(
        b"\xc8\x02\0\x39\0\0\0\0\0\0\0\0\
          \x80\x08\0\0\0\0\0\x01\
          \x80\x08\0\0\0\x02\x01\0\
          \x80\x0a\0\0\0\x03\0\0\0\x03\
          \x80\x0b\0\0\0\x07vigie\
          \x80\x08\0\0\0\x09\0\0",
        &[TokenField { offset: 55,
            encoding: TUNNEL,
        }],
    ),
    recognise,
)
.echoing(TUNNEL);

fn recognise(token: u64, reply: &[u8]) -> Option<Answer> {
    let mut reader = Reader::new(reply);
    // A control message of version 2: type, length and sequence bits set; offset, priority and reserved clear.
    if reader.be16()? != 0xc802 || usize::from(reader.be16()?) != reply.len() {
        return None;
    }
    let tunnel = reader.take(2)?;
    reader.take(6)?;
    let mut detail = Detail::NONE;
    let mut stops = false;
    for position in 0..32 {
        if reader.is_empty() {
            break;
        }
        let len = usize::from(reader.be16()? & 0x3ff);
        let (vendor, kind) = (reader.be16()?, reader.be16()?);
        let value = reader.take(len.checked_sub(6)?)?;
        match (vendor, kind, value) {
            // Message Type comes first: SCCRP, or StopCCN.
            (0, 0, [0, 2]) if position == 0 => {}
            (0, 0, [0, 4]) if position == 0 => stops = true,
            _ if position == 0 => return None,
            (0, 7, host) => detail = detail.labelled("host", host),
            (0, 8, vendor) => detail = detail.product(vendor),
            // By common usage the high byte is the version and the low byte the release.
            (0, 6, firmware @ [_, _]) => {
                detail = detail.labelled("firmware", alloc::format!("{:#06x}", u16::from_be_bytes([firmware[0], firmware[1]])));
            }
            _ => {}
        }
    }
    if stops {
        detail = detail.info("StopCCN");
    }
    // An acknowledgement without any AVP (ZLB) is one of the protocol, too.
    Some(Answer::echoing(TUNNEL.is(token, tunnel), detail))
}
