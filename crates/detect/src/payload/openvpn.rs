//! OpenVPN's control channel (openvpn.net, "OpenVPN wire protocol" draft): P_CONTROL_HARD_RESET_CLIENT_V2.
//!
//! The token is our session ID, which the server's reset acknowledges. A server with `tls-auth` or
//! `tls-crypt` drops it silently.

use super::kit::{Detail, Encoding, TokenField, Reader, Request};
use super::{Answer, Payload, Silence};

const SESSION: Encoding = Encoding::Positive(8);

/// Opcode 7 and key 0, session ID, no acknowledgements, packet 0.
pub(super) static OPENVPN: Payload = Payload::new(
    "openvpn",
    "openvpn",
    &[1194],
    Request::new(
        b"\x38\0\0\0\0\0\0\0\0\0\0\0\0\0",
        &[TokenField { offset: 1,
            encoding: SESSION,
        }],
    ),
    recognise,
)
.echoing(SESSION)
.silent(Silence::MayNeedKey);

fn recognise(token: u64, reply: &[u8]) -> Option<Answer> {
    let mut reader = Reader::new(reply);
    // P_CONTROL_HARD_RESET_SERVER_V2 with key 0.
    reader.expect(&[0x40])?;
    let _own = reader.take(8)?;
    let acknowledged = reader.u8().filter(|count| (1..=8).contains(count))?;
    reader.take(4 * usize::from(acknowledged))?;
    let session = reader.take(8)?;
    if reader.be32()? != 0 {
        return None;
    }
    Some(Answer::echoing(SESSION.is(token, session), Detail::NONE))
}
