//! GTP, the tunnels of mobile networks: an echo request, version 2 (3GPP TS 29.274 section 7.1) and version 1 (TS 29.060
//! section 7.2) of control, and user data (TS 29.281 section 7.2).
//!
//! The token is the sequence number.

use super::kit::{Detail, Encoding, TokenField, Reader, Request};
use super::{Answer, Payload};

/// Version 1 with a sequence number, echo request, length 4, tunnel 0.
const ECHO_V1: &[u8] = b"\x32\x01\0\x04\0\0\0\0\0\0\0\0";
const SEQUENCE_V1: &[TokenField] = &[TokenField { offset: 8,
    encoding: Encoding::Bytes(2),
}];

/// Version 2, echo request, length 9; sequence of three bytes; recovery 0.
pub(super) static CONTROL: Payload = Payload::new(
    "gtp-control",
    "gtp-control",
    &[2123],
    Request::new(
        b"\x40\x01\0\x09\0\0\0\0\x03\0\x01\0\0",
        &[TokenField { offset: 4,
            encoding: Encoding::Bytes(3),
        }],
    ),
    recognise,
)
.echoing(Encoding::Bytes(2));

/// Version 1 of control, for nodes before LTE.
pub(super) static CONTROL_V1: Payload = Payload::new(
    "gtp-control-v1",
    "gtp-control",
    &[2123],
    Request::new(ECHO_V1, SEQUENCE_V1),
    recognise,
)
.echoing(Encoding::Bytes(2));

/// User data.
pub(super) static USER: Payload = Payload::new(
    "gtp-user",
    "gtp-user",
    &[2152],
    Request::new(ECHO_V1, SEQUENCE_V1),
    recognise,
)
.echoing(Encoding::Bytes(2));

fn recognise(token: u64, reply: &[u8]) -> Option<Answer> {
    let mut reader = Reader::new(reply);
    let (flags, kind, len) = (reader.u8()?, reader.u8()?, reader.be16()?);
    // Echo response, or "version not supported", which a node of another version sends.
    if !matches!(kind, 2 | 3) || usize::from(len) > reader.rest().len() {
        return None;
    }
    let (version, ours) = match flags >> 5 {
        1 if flags & 0x12 == 0x12 => {
            reader.take(4)?;
            ("v1", Encoding::Bytes(2).is(token, reader.take(2)?))
        }
        2 => ("v2", Encoding::Bytes(3).is(token, reader.take(3)?)),
        _ => return None,
    };
    // The other version has no field that holds our number.
    Some(Answer::echoing(
        ours || kind == 3,
        Detail::NONE.version(version),
    ))
}
