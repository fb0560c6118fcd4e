//! BACnet/IP (ANSI/ASHRAE 135, annex J): the vendor's name of the device, for any device number; and Who-Is.
//!
//! Reads one property (instance 4194303 means "the receiving device"). The token is the invoke
//! ID; Who-Is has none, and its answer is usually a broadcast.

use alloc::format;

use super::kit::{Detail, Encoding, TokenField, Reader, Request};
use super::{Answer, Payload};

const INVOKE: Encoding = Encoding::Bytes(1);

/// BVLC unicast; NPDU that expects a reply; ReadProperty of (device, 4194303), vendor-name.
pub(super) static BACNET: Payload = Payload::new(
    "bacnet",
    "bacnet",
    &[47808],
    Request::new(
        b"\x81\x0a\0\x11\x01\x04\0\x05\0\x0c\x0c\x02\x3f\xff\xff\x19\x79",
        &[TokenField { offset: 8,
            encoding: INVOKE,
        }],
    ),
    property,
)
.echoing(INVOKE);

/// BVLC unicast; NPDU; Who-Is.
pub(super) static WHO_IS: Payload = Payload::new(
    "bacnet-who-is",
    "bacnet",
    &[47808],
    Request::fixed(b"\x81\x0a\0\x08\x01\0\x10\x08"),
    i_am,
);

/// The APDU behind BVLC and NPDU.
fn apdu(reply: &[u8]) -> Option<Reader<'_>> {
    let mut reader = Reader::new(reply);
    reader.expect(&[0x81])?;
    // Unicast, broadcast, or forwarded by a BBMD with the original address.
    let function = reader.u8()?;
    if usize::from(reader.be16()?) != reply.len() {
        return None;
    }
    match function {
        0x0a | 0x0b => {}
        0x04 => drop(reader.take(6)?),
        _ => return None,
    }
    reader.expect(&[1])?;
    let control = reader.u8()?;
    // A network layer message holds no APDU.
    if control & 0x80 != 0 {
        return None;
    }
    // Destination and source, where they are given; the hop count goes with the destination.
    for given in [0x20, 0x08] {
        if control & given != 0 {
            reader.take(2)?;
            let len = reader.u8()?;
            reader.take(usize::from(len))?;
        }
    }
    if control & 0x20 != 0 {
        reader.u8()?;
    }
    Some(reader)
}

fn property(token: u64, reply: &[u8]) -> Option<Answer> {
    let mut reader = apdu(reply)?;
    let kind = reader.u8()? >> 4;
    let invoke = reader.take(1)?;
    let detail = match kind {
        // ComplexACK of ReadProperty, with the value in a character string; or another value.
        3 => {
            reader.expect(&[0x0c])?;
            vendor(reader).map_or(Detail::NONE, |name| Detail::NONE.product(name))
        }
        // Error, with the service; reject and abort, with a reason.
        5 => {
            reader.expect(&[0x0c])?;
            Detail::NONE
        }
        6 | 7 if reader.rest().len() == 1 => Detail::NONE,
        _ => return None,
    };
    Some(Answer::echoing(INVOKE.is(token, invoke), detail))
}

/// [0] object, [1] property, [3] { character string }.
fn vendor(mut reader: Reader<'_>) -> Option<&[u8]> {
    reader.expect(&[0x0c])?;
    reader.take(4)?;
    reader.expect(b"\x19\x79\x3e")?;
    let len = match reader.u8()? {
        0x75 => match reader.u8()? {
            254 => usize::from(reader.be16()?),
            255 => return None,
            len => usize::from(len),
        },
        tag @ 0x71..=0x74 => usize::from(tag & 7),
        _ => return None,
    };
    // Character set 0 is UTF-8.
    reader.take(len)?.strip_prefix(&[0])
}

fn i_am(_token: u64, reply: &[u8]) -> Option<Answer> {
    let mut reader = apdu(reply)?;
    reader.expect(b"\x10\0\xc4")?;
    let object = reader.be32()?;
    // Object type 8 is a device.
    (object >> 22 == 8).then(|| {
        Answer::confirmed(Detail::NONE.info(format!("device {}", object & 0x003f_ffff)))
    })
}
