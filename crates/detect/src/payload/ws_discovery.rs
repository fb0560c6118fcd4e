//! WS-Discovery (2005/04, as used by Windows, printers and cameras): a probe for any device.
//!
//! The token is in the message's UUID, which the answer relates to.

use super::kit::{Detail, Encoding, TokenField, Request, between};
use super::{Answer, Payload, Silence};

const HIGH: Encoding = Encoding::HexFrom {
    shift: 32,
    digits: 8,
};
const LOW: Encoding = Encoding::Hex(8);

/// A probe whose body is `$body`.
macro_rules! probe {
    ($body:literal) => {
        concat!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>",
            "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" ",
            "xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\" ",
            "xmlns:d=\"http://schemas.xmlsoap.org/ws/2005/04/discovery\">",
            "<s:Header>",
            "<a:MessageID>urn:uuid:00000000-0000-4000-8000-000000000000</a:MessageID>",
            "<a:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To>",
            "<a:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</a:Action>",
            "</s:Header>",
            "<s:Body>",
            $body,
            "</s:Body></s:Envelope>"
        )
    };
}

const UUID: &[TokenField] = &[
    TokenField { offset: 249,
        encoding: HIGH,
    },
    TokenField { offset: 277, encoding: LOW },
];

/// A probe for any device.
pub(super) static ANY: Payload = Payload::new(
    "ws-discovery",
    "ws-discovery",
    &[3702],
    Request::new(probe!("<d:Probe/>").as_bytes(), UUID),
    recognise,
)
.echoing(Encoding::Hex(16))
.silent(Silence::MulticastOnly);

/// A probe for the Devices Profile for Web Services; some programs answer no other.
pub(super) static DEVICE: Payload = Payload::new(
    "ws-discovery-device",
    "ws-discovery",
    &[3702],
    Request::new(
        probe!(
            "<d:Probe><d:Types xmlns:wsdp=\"http://schemas.xmlsoap.org/ws/2006/02/devprof\">wsdp:Device</d:Types></d:Probe>"
        )
        .as_bytes(),
        UUID,
    ),
    recognise,
)
.echoing(Encoding::Hex(16))
.silent(Silence::MulticastOnly);

fn recognise(token: u64, reply: &[u8]) -> Option<Answer> {
    // Not an XML parser: the reply must contain the words of the protocol, and the UUID after RelatesTo.
    between(reply, b"Envelope", b">")?;
    between(reply, b"/discovery/ProbeMatches", b"<")?;
    let related = between(reply, b"RelatesTo", b"<")?;
    let related = between(related, b"urn:uuid:", b" \r\n\t<")?;
    let ours = related.len() == 36
        && HIGH.is(token, &related[..8])
        && LOW.is(token, &related[28..]);
    let types = between(reply, b"Types>", b"<").unwrap_or_default();
    Some(Answer::echoing(ours, Detail::NONE.info(types)))
}
