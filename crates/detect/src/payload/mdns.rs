//! Multicast DNS (RFC 6762) by unicast: asks for the service types that the host announces
//! (RFC 6763 section 9).
//!
//! The query does not come from port 5353, so the host answers as to a legacy resolver (section 6.7): the
//! reply goes to the source port and repeats the ID, which is the token.

use super::dns::Message;
use super::kit::{Detail, Encoding, TokenField, Request};
use super::{Answer, Payload};

/// `_services._dns-sd._udp.local PTR IN`, a unicast answer welcome.
pub(super) static MDNS: Payload = Payload::new(
    "mdns",
    "mdns",
    &[5353],
    Request::new(
        b"\0\0\0\0\0\x01\0\0\0\0\0\0\x09_services\x07_dns-sd\x04_udp\x05local\0\0\x0c\x80\x01",
        &[TokenField { offset: 0,
            encoding: Encoding::Bytes(2),
        }],
    ),
    recognise,
)
.echoing(Encoding::Bytes(2))
.silent(super::Silence::MulticastOnly);

fn recognise(token: u64, reply: &[u8]) -> Option<Answer> {
    let message = Message::response(reply)?;
    // The first name is that of the repeated question, or of an answer; it must be the requested one.
    let first = message.name(reply.get(12..)?)?;
    if message.counts[1] == 0 || !first.eq_ignore_ascii_case(b"_services._dns-sd._udp.local") {
        return None;
    }
    let mut detail = Detail::NONE;
    for record in message.answers().filter(|record| record.kind == 12) {
        let name = message.name(record.data)?;
        detail = detail.info(name.strip_suffix(b".local").unwrap_or(&name));
    }
    let ours = message.is_ours(token) || message.id == 0;
    Some(Answer::echoing(ours, detail))
}
