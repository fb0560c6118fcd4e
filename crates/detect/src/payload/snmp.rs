//! SNMP (RFC 1157, RFC 3416): a get of sysDescr.0 and sysObjectID.0 with the community `public`, in
//! version 1 and version 2c; and the discovery of a version 3 engine (RFC 3414 section 4), which
//! answers without credentials.
//!
//! The token is the request-id, in version 3 the msgID.

use alloc::format;
use alloc::string::String;

use super::kit::ber::{self, Ber};
use super::kit::{Detail, Encoding, TokenField, Request, enterprise};
use super::{Answer, Payload};

const TOKEN: Encoding = Encoding::Positive(4);

const AT: &[TokenField] = &[TokenField { offset: 17,
    encoding: TOKEN,
}];

/// Community `public`, GetRequest-PDU { request-id, 0, 0, { sysDescr.0, sysObjectID.0 } }.
const fn get(version: u8) -> [u8; 57] {
    let mut message = *b"\x30\x37\x02\x01\x00\x04\x06public\xa0\x2a\x02\x04\0\0\0\0\x02\x01\x00\x02\x01\x00\
        \x30\x1c\x30\x0c\x06\x08\x2b\x06\x01\x02\x01\x01\x01\x00\x05\x00\
        \x30\x0c\x06\x08\x2b\x06\x01\x02\x01\x01\x02\x00\x05\x00";
    message[4] = version;
    message
}

/// Version 1, community `public`.
pub(super) static V1: Payload =
    Payload::new("snmp-v1", "snmp", &[161], Request::new(&get(0), AT), |token, reply| {
        community(token, reply, 0)
    })
    .echoing(TOKEN)
    .silent(super::Silence::MayNeedKey);

/// Version 2c, community `public`.
pub(super) static V2C: Payload =
    Payload::new("snmp-v2c", "snmp", &[161], Request::new(&get(1), AT), |token, reply| {
        community(token, reply, 1)
    })
    .echoing(TOKEN)
    .silent(super::Silence::MayNeedKey);

/// Version 3: an empty, reportable, unauthenticated request without an engine ID.
pub(super) static V3: Payload = Payload::new(
    "snmp-v3",
    "snmp",
    &[161],
    Request::new(
        b"\x30\x3e\x02\x01\x03\
          \x30\x11\x02\x04\0\0\0\0\x02\x03\x00\xff\xe3\x04\x01\x04\x02\x01\x03\
          \x04\x10\x30\x0e\x04\x00\x02\x01\x00\x02\x01\x00\x04\x00\x04\x00\x04\x00\
          \x30\x14\x04\x00\x04\x00\xa0\x0e\x02\x04\0\0\0\0\x02\x01\x00\x02\x01\x00\x30\x00",
        &[
            TokenField { offset: 9, encoding: TOKEN },
            TokenField { offset: 52,
                encoding: TOKEN,
            },
        ],
    ),
    engine,
)
.echoing(TOKEN);

fn community(token: u64, reply: &[u8], version: i64) -> Option<Answer> {
    let mut message = Ber::new(reply).enter(ber::SEQUENCE)?;
    if message.int()? != version {
        return None;
    }
    message.expect(ber::OCTET_STRING)?;
    // GetResponse-PDU.
    let mut pdu = message.enter(0xa2)?;
    let id = pdu.expect(ber::INTEGER)?;
    let (_status, _index) = (pdu.int()?, pdu.int()?);
    let mut bindings = pdu.enter(ber::SEQUENCE)?;
    let mut detail = Detail::NONE;
    for _ in 0..2 {
        let Some(mut binding) = bindings.enter(ber::SEQUENCE) else {
            break;
        };
        binding.expect(ber::OID)?;
        match binding.next()? {
            (ber::OCTET_STRING, description) => detail = detail.info(description),
            (ber::OID, object) => {
                if let Some(name) = enterprise_of(object).and_then(enterprise::name) {
                    detail = detail.product(name);
                }
                detail = detail.labelled("sysObjectID", dotted(object));
            }
            _ => {}
        }
    }
    Some(Answer::echoing(TOKEN.is(token, id), detail))
}

fn engine(token: u64, reply: &[u8]) -> Option<Answer> {
    let mut message = Ber::new(reply).enter(ber::SEQUENCE)?;
    if message.int()? != 3 {
        return None;
    }
    let mut header = message.enter(ber::SEQUENCE)?;
    let id = header.expect(ber::INTEGER)?;
    let mut security = message.enter(ber::OCTET_STRING)?.enter(ber::SEQUENCE)?;
    let engine = security.expect(ber::OCTET_STRING)?;
    let (boots, time) = (security.int()?, security.int()?);
    let mut scoped = message.enter(ber::SEQUENCE)?;
    scoped.expect(ber::OCTET_STRING)?;
    scoped.expect(ber::OCTET_STRING)?;
    // Report-PDU; a server without the need to discover answers with a Response.
    let (0xa8 | 0xa2, _) = scoped.next()? else {
        return None;
    };
    let mut detail = Detail::NONE;
    if let Some(number) = engine.first_chunk().map(|first| u32::from_be_bytes(*first)) {
        // RFC 3411 section 5, SnmpEngineID: the highest bit is not part of the enterprise number.
        let number = number & 0x7fff_ffff;
        detail = detail.info(enterprise::shown(number));
        // Net-SNMP writes its own number here, not that of the product that contains it.
        if number == 8072 {
            detail = detail.product("Net-SNMP");
        }
    }
    if boots > 0 || time > 0 {
        detail = detail.info(format!("boots {boots}, up {time} s"));
    }
    Some(Answer::echoing(
        TOKEN.is(token, id),
        detail,
    ))
}

/// The arcs of an object identifier; at most 32.
fn arcs(object: &[u8]) -> impl Iterator<Item = u32> {
    let mut rest = object.iter();
    core::iter::from_fn(move || {
        let mut arc: u32 = 0;
        loop {
            let byte = rest.next()?;
            arc = arc.checked_mul(128)? | u32::from(byte & 0x7f);
            if byte & 0x80 == 0 {
                return Some(arc);
            }
        }
    })
    .take(32)
}

fn dotted(object: &[u8]) -> String {
    let mut text = String::new();
    for (i, arc) in arcs(object).enumerate() {
        // The first two arcs share a byte (X.690 section 8.19.4).
        let part = match i {
            0 => format!("{}.{}", (arc / 40).min(2), arc - 40 * (arc / 40).min(2)),
            _ => format!(".{arc}"),
        };
        text.push_str(&part);
    }
    text
}

/// The vendor number in an object below 1.3.6.1.4.1.
fn enterprise_of(object: &[u8]) -> Option<u32> {
    arcs(object.strip_prefix(&[0x2b, 6, 1, 4, 1])?).next()
}
