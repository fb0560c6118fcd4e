//! MGCP (RFC 3435 section 2.3.10): AuditEndpoint of an endpoint that does not exist, which is rejected.
//!
//! The transaction number is decimal, and fixed.

use super::kit::{Detail, Request, clean};
use super::{Answer, Payload};

pub(super) static MGCP: Payload = Payload::new(
    "mgcp",
    "mgcp",
    &[2427, 2727],
    Request::fixed(b"AUEP 847362901 vigie@vigie.invalid MGCP 1.0\r\n"),
    recognise,
);

fn recognise(_token: u64, reply: &[u8]) -> Option<Answer> {
    let line = reply.split(|&byte| byte == b'\r' || byte == b'\n').next()?;
    let (code, rest) = line.split_at_checked(3)?;
    let number = code.iter().all(u8::is_ascii_digit);
    let rest = rest.strip_prefix(b" 847362901")?;
    if !number || !matches!(rest.first(), None | Some(b' ')) {
        return None;
    }
    Some(Answer::confirmed(
        Detail::NONE.info(clean(line).unwrap_or_default().replace("847362901 ", "")),
    ))
}
