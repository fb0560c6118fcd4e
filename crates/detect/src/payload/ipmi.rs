//! Service processors: the presence ping of ASF (DMTF DSP0136, section 3.2.4) and IPMI's Get Channel
//! Authentication Capabilities (IPMI 2.0, section 22.13), which needs no session.
//!
//! The ping's token is the message tag; the IPMI message is fixed, as its checksum covers its sequence number.

use alloc::format;

use super::kit::{Detail, Encoding, TokenField, Reader, Request, enterprise};
use super::{Answer, Payload};

const TAG: Encoding = Encoding::Positive(1);

/// RMCP without acknowledgement, class ASF; ASF's enterprise number, presence ping.
pub(super) static ASF: Payload = Payload::new(
    "asf-ping",
    "asf-rmcp",
    &[623],
    Request::new(
        b"\x06\0\xff\x06\0\0\x11\xbe\x80\0\0\0",
        &[TokenField { offset: 9, encoding: TAG }],
    ),
    pong,
)
.echoing(TAG);

/// RMCP, class IPMI; no session; to the BMC, application 0x38: channel "this one", version 2.0, administrator.
pub(super) static IPMI: Payload = Payload::new(
    "ipmi",
    "asf-rmcp",
    &[623],
    Request::fixed(
        b"\x06\0\xff\x07\0\0\0\0\0\0\0\0\0\x09\x20\x18\xc8\x81\0\x38\x8e\x04\xb5",
    ),
    capabilities,
);

fn pong(token: u64, reply: &[u8]) -> Option<Answer> {
    let mut reader = Reader::new(reply);
    reader.expect(b"\x06\0")?;
    reader.u8()?;
    reader.expect(b"\x06\0\0\x11\xbe\x40")?;
    let tag = reader.take(1)?;
    reader.u8()?;
    reader.expect(&[16])?;
    let maker = reader.be32()?;
    reader.take(4)?;
    let entities = reader.u8()?;
    let mut detail = Detail::NONE;
    if maker != 4542 {
        detail = detail.info(enterprise::shown(maker));
    }
    if entities & 0x80 != 0 {
        detail = detail.info("IPMI");
    }
    Some(Answer::echoing(TAG.is(token, tag), detail))
}

fn capabilities(_token: u64, reply: &[u8]) -> Option<Answer> {
    let mut reader = Reader::new(reply);
    reader.expect(b"\x06\0")?;
    reader.u8()?;
    reader.expect(&[7])?;
    // No authentication, no session.
    reader.expect(&[0; 9])?;
    let len = usize::from(reader.u8()?);
    let mut message = Reader::new(reader.take(len)?);
    // To us, application response; checksum; from the BMC, sequence 0, our command; done.
    message.expect(b"\x81\x1c")?;
    message.u8()?;
    message.expect(b"\x20\0\x38")?;
    if message.u8()? != 0 {
        return Some(Answer::confirmed(Detail::NONE));
    }
    let (_channel, kinds) = (message.u8()?, message.u8()?);
    let (status, extended) = (message.u8()?, message.u8()?);
    let maker = message.array::<3>()?;
    let two = kinds & 0x80 != 0 && extended & 2 != 0;
    let mut detail = Detail::NONE.info(if two { "IPMI 2.0" } else { "IPMI 1.5" });
    // Facts for the report (section 22.13, table 22-15).
    for (set, what) in [
        (kinds & 0x01 != 0, "no authentication offered"),
        (status & 0x01 != 0, "anonymous login"),
        (status & 0x02 != 0, "null user names"),
    ] {
        if set {
            detail = detail.info(what);
        }
    }
    match u32::from_le_bytes([maker[0], maker[1], maker[2], 0]) {
        0 => {}
        maker => detail = detail.info(format!("OEM {}", enterprise::shown(maker))),
    }
    Some(Answer::confirmed(detail))
}
