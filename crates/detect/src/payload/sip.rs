//! SIP (RFC 3261): OPTIONS with Max-Forwards 0, which no proxy forwards: the recipient answers it itself
//! (section 16.3).
//!
//! The token is the branch of the Via, which every response repeats. `rport` (RFC 3581) brings the answer
//! back to our source port.

use alloc::format;

use super::kit::{Detail, Encoding, TokenField, Request, between, field};
use super::{Answer, Payload};

const BRANCH: Encoding = Encoding::Hex(16);

pub(super) static SIP: Payload = Payload::new(
    "sip",
    "sip",
    &[5060],
    Request::new(
        b"OPTIONS sip:vigie.invalid SIP/2.0\r\n\
          Via: SIP/2.0/UDP vigie.invalid;branch=z9hG4bK0000000000000000;rport\r\n\
          Max-Forwards: 0\r\n\
          From: <sip:vigie.invalid>;tag=0000000000000000\r\n\
          To: <sip:vigie.invalid>\r\n\
          Call-ID: 0000000000000000@vigie.invalid\r\n\
          CSeq: 1 OPTIONS\r\n\
          Contact: <sip:vigie.invalid>\r\n\
          Accept: application/sdp\r\n\
          Content-Length: 0\r\n\r\n",
        &[
            TokenField { offset: 80, encoding: BRANCH },
            TokenField { offset: 151,
                encoding: BRANCH,
            },
            TokenField { offset: 203,
                encoding: BRANCH,
            },
        ],
    ),
    recognise,
)
.echoing(BRANCH);

fn recognise(token: u64, reply: &[u8]) -> Option<Answer> {
    let status = reply.strip_prefix(b"SIP/2.0 ")?;
    let code = status.get(..3).filter(|code| code.iter().all(u8::is_ascii_digit))?;
    let via = field(reply, "Via").or_else(|| field(reply, "v"))?;
    let branch = between(via, b"branch=z9hG4bK", b";, \t\r\n").unwrap_or_default();
    let server = field(reply, "Server").or_else(|| field(reply, "User-Agent"));
    let line = between(status, b" ", b"\r\n").unwrap_or_default();
    let detail = Detail::NONE
        .banner(server.unwrap_or_default())
        .info(format!(
            "{} {}",
            core::str::from_utf8(code).unwrap_or_default(),
            super::kit::clean(line).unwrap_or_default()
        ));
    Some(Answer::echoing(BRANCH.is(token, branch), detail))
}
