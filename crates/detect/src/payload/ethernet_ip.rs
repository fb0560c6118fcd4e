//! EtherNet/IP (ODVA, CIP volume 2, section 2-4.2): ListIdentity, a device's name and revision.
//!
//! The token is the last six bytes of the sender context; the first two are the maximum response delay.

use alloc::format;

use super::kit::{Detail, Encoding, TokenField, Reader, Request};
use super::{Answer, Payload};

const CONTEXT: Encoding = Encoding::Bytes(6);

/// Command 0x63, no data, no session, status 0, context, options 0.
pub(super) static ETHERNET_IP: Payload = Payload::new(
    "ethernet-ip",
    "ethernet-ip",
    &[44818],
    Request::new(
        b"\x63\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0",
        &[TokenField { offset: 14,
            encoding: CONTEXT,
        }],
    ),
    recognise,
)
.echoing(CONTEXT);

fn recognise(token: u64, reply: &[u8]) -> Option<Answer> {
    let mut reader = Reader::new(reply);
    reader.expect(b"\x63\0")?;
    let len = reader.le16()?;
    let (_session, _status) = (reader.le32()?, reader.le32()?);
    let (_delay, context) = (reader.take(2)?, reader.take(6)?);
    if reader.le32()? != 0 || usize::from(len) != reader.rest().len() {
        return None;
    }
    let detail = identity(&mut reader)?;
    Some(Answer::echoing(CONTEXT.is(token, context), detail))
}

/// The first item: a CIP identity.
fn identity(reader: &mut Reader<'_>) -> Option<Detail> {
    let (_items, kind, _len) = (reader.le16()?, reader.le16()?, reader.le16()?);
    if kind != 0x0c {
        return None;
    }
    // Version of the encapsulation, socket address.
    reader.take(18)?;
    let (vendor, device) = (reader.le16()?, reader.le16()?);
    let _code = reader.le16()?;
    let [major, minor] = reader.array()?;
    let (_status, _serial) = (reader.le16()?, reader.le32()?);
    let len = reader.u8()?;
    let name = reader.take(usize::from(len))?;
    Some(
        Detail::NONE
            .product(name)
            .version(format!("{major}.{minor}"))
            .info(format!("vendor {vendor}, device type {device}")),
    )
}
