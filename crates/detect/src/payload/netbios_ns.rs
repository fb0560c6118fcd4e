//! NetBIOS name service (RFC 1002 section 4.2.17): node status, which lists the names of a host.
//!
//! The token is the transaction's ID.

use alloc::format;

use super::dns::Message;
use super::kit::{Detail, Encoding, TokenField, Reader, Request, clean};
use super::{Answer, Payload};

/// Node status of the name `*`.
pub(super) static NODE_STATUS: Payload = Payload::new(
    "netbios-ns",
    "netbios-ns",
    &[137],
    Request::new(
        b"\0\0\0\0\0\x01\0\0\0\0\0\0\x20CKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\0\0\x21\0\x01",
        &[TokenField { offset: 0,
            encoding: Encoding::Bytes(2),
        }],
    ),
    node_status,
)
.echoing(Encoding::Bytes(2));

fn node_status(token: u64, reply: &[u8]) -> Option<Answer> {
    let message = Message::response(reply)?;
    let record = message.answers().find(|record| record.kind == 0x21)?;
    let mut reader = Reader::new(record.data);
    let mut detail = Detail::NONE;
    let mut samba = false;
    for _ in 0..reader.u8()? {
        let (name, suffix, flags) = (reader.take(15)?, reader.u8()?, reader.be16()?);
        // Suffix 0 is the host itself, or as a group name its workgroup or domain.
        match (suffix, flags & 0x8000 != 0, name.trim_ascii_end()) {
            (0, true, b"__SAMBA__") => samba = true,
            (0, false, name) => detail = detail.labelled("name", name),
            (0, true, name) => detail = detail.labelled("workgroup", name),
            _ => {}
        }
    }
    let unit = reader.array::<6>().filter(|unit| *unit != [0; 6]);
    if samba {
        // This implementation marks itself so and has no unit ID; the field is meaningless.
        detail = detail.product("Samba");
    } else if let Some([a, b, c, d, e, f]) = unit {
        detail = detail.info(format!("MAC {a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{f:02x}"));
    }
    // A node without a unique name is identified by its first name.
    if detail.info.is_none() {
        detail = detail.labelled("name", clean(record.data.get(1..16)?).unwrap_or_default());
    }
    Some(Answer::echoing(message.is_ours(token), detail))
}
