//! Kerberos 5 (RFC 4120): an AS-REQ for a realm and a principal that cannot exist (RFC 2606), which a KDC rejects.
//!
//! No account is named, so no failed logon is counted for anyone. The token is the nonce, which an error
//! does not return.

use alloc::format;

use super::kit::ber::{self, Ber};
use super::kit::{Detail, Encoding, TokenField, Request};
use super::{Answer, Payload};

/// AS-REQ for `vigie@VIGIE.INVALID`, service `krbtgt`, five encryption types.
pub(super) static KERBEROS: Payload = Payload::new(
    "kerberos",
    "kerberos",
    &[88],
    Request::new(
        // AS-REQ, KDC-REQ, pvno 5, msg-type 10, req-body, kdc-options.
        b"\x6a\x81\x93\x30\x81\x90\xa1\x03\x02\x01\x05\xa2\x03\x02\x01\x0a\xa4\x81\x83\x30\x81\x80\
          \xa0\x07\x03\x05\x00\x00\x00\x00\x00\
          \xa1\x12\x30\x10\xa0\x03\x02\x01\x01\xa1\x09\x30\x07\x1b\x05vigie\
          \xa2\x0f\x1b\x0dVIGIE.INVALID\
          \xa3\x22\x30\x20\xa0\x03\x02\x01\x02\xa1\x19\x30\x17\x1b\x06krbtgt\x1b\x0dVIGIE.INVALID\
          \xa5\x11\x18\x0f20370101000000Z\
          \xa7\x06\x02\x04\0\0\0\0\
          \xa8\x11\x30\x0f\x02\x01\x12\x02\x01\x11\x02\x01\x14\x02\x01\x13\x02\x01\x17",
        &[TokenField { offset: 127,
            encoding: Encoding::Positive(4),
        }],
    ),
    recognise,
);

/// Names of the errors that our request may cause (RFC 4120 section 7.5.9).
const ERRORS: &[(i64, &str)] = &[
    (3, "BAD_PVNO"),
    (6, "C_PRINCIPAL_UNKNOWN"),
    (7, "S_PRINCIPAL_UNKNOWN"),
    (12, "POLICY"),
    (13, "BADOPTION"),
    (14, "ETYPE_NOSUPP"),
    (25, "PREAUTH_REQUIRED"),
    (52, "RESPONSE_TOO_BIG"),
    (60, "GENERIC"),
    (61, "FIELD_TOOLONG"),
    (68, "WRONG_REALM"),
];

fn recognise(_token: u64, reply: &[u8]) -> Option<Answer> {
    let mut outer = Ber::new(reply);
    let (tag, content) = outer.next()?;
    let mut fields = Ber::new(content).enter(ber::SEQUENCE)?;
    match tag {
        // KRB-ERROR, msg-type 30.
        0x7e => error(&mut fields),
        // AS-REP, msg-type 11: the principal exists.
        0x6b => {
            let version = fields.enter(0xa0)?.int()?;
            let kind = fields.enter(0xa1)?.int()?;
            (version == 5 && kind == 11).then(|| Answer::confirmed(Detail::NONE))
        }
        _ => None,
    }
}

fn error(fields: &mut Ber<'_>) -> Option<Answer> {
    if fields.enter(0xa0)?.int()? != 5 || fields.enter(0xa1)?.int()? != 30 {
        return None;
    }
    let mut detail = Detail::NONE;
    let (mut code, mut realm, mut text) = (None, None, None);
    for _ in 0..12 {
        let Some((tag, content)) = fields.next() else {
            break;
        };
        let mut field = Ber::new(content);
        match tag {
            0xa6 => code = field.int(),
            0xa9 => realm = field.next().map(|(_, name)| name),
            0xab => text = field.next().map(|(_, text)| text),
            _ => {}
        }
    }
    let code = code?;
    // The server's realm, unless it is ours repeated.
    if let Some(realm) = realm.filter(|realm| *realm != b"VIGIE.INVALID") {
        detail = detail.labelled("realm", realm);
    }
    detail = match ERRORS.iter().find(|(known, _)| *known == code) {
        Some((_, name)) => detail.info(name),
        None => detail.info(format!("error {code}")),
    };
    let text = text.unwrap_or_default();
    // Only MIT's KDC gives the reason as a word in capitals, such as CLIENT_NOT_FOUND.
    let word = text.strip_suffix(b"\0").unwrap_or(text);
    if !word.is_empty() && word.iter().all(|b| b.is_ascii_uppercase() || *b == b'_') {
        detail = detail.product("MIT Kerberos");
    }
    Some(Answer::confirmed(detail.info(text)))
}
