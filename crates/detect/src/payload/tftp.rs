//! TFTP (RFC 1350): a read request for a file that does not exist, so that the reply is an error.
//!
//! The answer comes from another port (section 4) and returns no token; the token is part of the
//! file name, so that the file does not exist.

use super::kit::{Detail, Encoding, TokenField, Reader, Request};
use super::{Answer, Payload};

/// RRQ `vigie-<token>`, mode `octet`.
pub(super) static TFTP: Payload = Payload::new(
    "tftp",
    "tftp",
    &[69],
    Request::new(
        b"\0\x01vigie-0000000000000000\0octet\0",
        &[TokenField { offset: 8,
            encoding: Encoding::Hex(16),
        }],
    ),
    recognise,
)
.replying_from_other_port();

fn recognise(_token: u64, reply: &[u8]) -> Option<Answer> {
    let mut reader = Reader::new(reply);
    match (reader.be16()?, reader.be16()?) {
        // The first block of a file that exists.
        (3, 1) if reader.rest().len() <= 512 => Some(Answer::confirmed(Detail::NONE)),
        (5, 0..=8) => {
            let message = reader.until(0)?;
            reader
                .is_empty()
                .then(|| Answer::confirmed(Detail::NONE.info(message)))
        }
        _ => None,
    }
}
