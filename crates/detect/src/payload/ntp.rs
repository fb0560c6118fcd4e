//! NTP (RFC 5905): a client's request, and the server's variables by a control message (RFC 9327, mode 6).
//!
//! The token is the client's transmit timestamp, which is returned as the origin timestamp; in the
//! control message it is the sequence number. Only three variables are requested.

use alloc::format;

use super::kit::{Detail, Encoding, TokenField, Reader, Request, between, clean};
use super::{Answer, Payload};

/// Version 4, mode 3: everything zero but the transmit timestamp.
pub(super) static CLIENT: Payload = Payload::new(
    "ntp",
    "ntp",
    &[123],
    Request::new(
        b"\x23\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\
          \0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
        &[TokenField { offset: 40,
            encoding: Encoding::Positive(8),
        }],
    ),
    client,
)
.echoing(Encoding::Positive(8));

/// Version 2, mode 6, READVAR of the system: `version,system,processor`.
pub(super) static CONTROL: Payload = Payload::new(
    "ntp-control",
    "ntp",
    &[123],
    Request::new(
        b"\x16\x02\0\0\0\0\0\0\0\0\0\x18version,system,processor",
        &[TokenField { offset: 2,
            encoding: Encoding::Bytes(2),
        }],
    ),
    control,
)
.echoing(Encoding::Bytes(2));

fn client(token: u64, reply: &[u8]) -> Option<Answer> {
    let mut reader = Reader::new(reply);
    let (head, stratum) = (reader.u8()?, reader.u8()?);
    let version = head >> 3 & 7;
    if head & 7 != 4 || !(1..=4).contains(&version) || stratum > 16 || reply.len() < 48 {
        return None;
    }
    reader.take(10)?;
    let reference = reader.array::<4>()?;
    reader.take(8)?;
    let origin = reader.take(8)?;
    let detail = Detail::NONE
        .version(format!("v{version}"))
        .info(format!("stratum {stratum}"));
    let detail = match (stratum, clean(reference)) {
        // A kiss code or a kind of clock: four letters.
        (0 | 1, Some(word)) if reference[0].is_ascii_uppercase() => detail.info(word),
        _ => detail,
    };
    Some(Answer::echoing(
        Encoding::Positive(8).is(token, origin),
        detail,
    ))
}

fn control(token: u64, reply: &[u8]) -> Option<Answer> {
    let mut reader = Reader::new(reply);
    let (head, operation) = (reader.u8()?, reader.u8()?);
    // Response bit, READVAR; the error bit may be set.
    if head & 7 != 6 || operation & 0x9f != 0x82 {
        return None;
    }
    let sequence = reader.take(2)?;
    let _status_and_association = reader.be32()?;
    let (_offset, count) = (reader.be16()?, reader.be16()?);
    let data = reader.take(usize::from(count))?;
    let mut detail = Detail::NONE;
    if let Some(version) = between(data, b"version=\"", b"\"@") {
        // "ntpd 4.2.8p15@1.3728-o ...", "ntpd ntpsec-1.2.2".
        detail = detail.banner(version);
    }
    for (label, name) in [("system", &b"system=\""[..]), ("processor", b"processor=\"")] {
        detail = detail.labelled(label, between(data, name, b"\"").unwrap_or_default());
    }
    Some(Answer::echoing(Encoding::Bytes(2).is(token, sequence), detail))
}
