//! Service Location Protocol version 2 (RFC 2608 section 10.1): which service types exist.
//!
//! It requests the types only, not the services. The token is the XID.

use super::kit::{Detail, Encoding, TokenField, Reader, Request};
use super::{Answer, Payload};

const XID: Encoding = Encoding::Bytes(2);

/// SrvTypeRqst, language `en`; no previous responders, IANA's types, scope DEFAULT.
pub(super) static SLP: Payload = Payload::new(
    "slp",
    "svrloc",
    &[427],
    Request::new(
        b"\x02\x09\0\0\x1d\0\0\0\0\0\0\0\0\x02en\0\0\0\0\0\x07DEFAULT",
        &[TokenField { offset: 10, encoding: XID }],
    ),
    recognise,
)
.echoing(XID);

fn recognise(token: u64, reply: &[u8]) -> Option<Answer> {
    let mut reader = Reader::new(reply);
    reader.expect(b"\x02\x0a")?;
    let len = reader.array::<3>()?;
    let len = u32::from_be_bytes([0, len[0], len[1], len[2]]);
    if usize::try_from(len).ok()? != reply.len() {
        return None;
    }
    reader.take(5)?;
    let xid = reader.take(2)?;
    let language = reader.be16()?;
    reader.take(usize::from(language))?;
    let _error = reader.be16()?;
    // A responder without services may omit the list.
    let list = reader
        .be16()
        .and_then(|len| reader.take(usize::from(len)))
        .unwrap_or_default();
    Some(Answer::echoing(XID.is(token, xid), Detail::NONE.info(list)))
}
