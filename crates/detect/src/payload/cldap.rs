//! Connectionless LDAP (RFC 1798, MS-ADTS section 6.3.3): four attributes of the root DSE.
//!
//! Only named attributes are requested, because the whole root DSE of a domain controller is large. The
//! token is the messageID.

use super::kit::ber::{self, Ber};
use super::kit::{Detail, Encoding, TokenField, Request};
use super::{Answer, Payload};

const ID: Encoding = Encoding::Positive(4);

/// SearchRequest, base object "", present(objectClass).
pub(super) static CLDAP: Payload = Payload::new(
    "cldap",
    "ldap",
    &[389],
    Request::new(
        b"\x30\x66\x02\x04\0\0\0\0\
          \x63\x5e\x04\x00\x0a\x01\x00\x0a\x01\x00\x02\x01\x01\x02\x01\x00\x01\x01\x00\x87\x0bobjectClass\
          \x30\x3e\x04\x0bdnsHostName\x04\x14defaultNamingContext\x04\x0avendorName\x04\x0dvendorVersion",
        &[TokenField { offset: 4, encoding: ID }],
    ),
    recognise,
)
.echoing(ID);

fn recognise(token: u64, reply: &[u8]) -> Option<Answer> {
    let mut message = Ber::new(reply).enter(ber::SEQUENCE)?;
    let id = message.expect(ber::INTEGER)?;
    let (operation, content) = message.next()?;
    let mut detail = Detail::NONE;
    match operation {
        // SearchResultEntry.
        0x64 => {
            let mut entry = Ber::new(content);
            entry.expect(ber::OCTET_STRING)?;
            let mut attributes = entry.enter(ber::SEQUENCE)?;
            for _ in 0..16 {
                let Some(mut attribute) = attributes.enter(ber::SEQUENCE) else {
                    break;
                };
                let name = attribute.expect(ber::OCTET_STRING)?;
                let value = attribute.enter(0x31)?.expect(ber::OCTET_STRING);
                detail = reported(detail, name, value.unwrap_or_default());
            }
        }
        // SearchResultDone: the result's code, and two strings.
        0x65 => {
            let mut result = Ber::new(content);
            ber::number(result.expect(ber::ENUMERATED)?)?;
            result.expect(ber::OCTET_STRING)?;
            result.expect(ber::OCTET_STRING)?;
        }
        _ => return None,
    }
    Some(Answer::echoing(ID.is(token, id), detail))
}

fn reported(detail: Detail, name: &[u8], value: &[u8]) -> Detail {
    match name.to_ascii_lowercase().as_slice() {
        b"dnshostname" => detail.labelled("host", value),
        b"defaultnamingcontext" => detail.labelled("context", value),
        b"vendorname" => detail.product(value),
        b"vendorversion" => detail.version(value),
        _ => detail,
    }
}
