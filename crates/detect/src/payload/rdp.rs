//! Remote Desktop over UDP (MS-RDPEUDP section 2.2): a SYN, padded as it must be.
//!
//! The token is our first sequence number, which the SYN+ACK acknowledges. The answer is no larger.

use super::kit::{Detail, Encoding, TokenField, Reader, Request};
use super::{Answer, Payload, kit};

const SEQUENCE: Encoding = Encoding::Bytes(4);

/// Nothing acknowledged, window 64, SYN; sequence number, both MTUs 1,232; zeros up to the MTU.
pub(super) static RDP: Payload = Payload::new(
    "rdp-udp",
    "ms-wbt-server",
    &[3389],
    Request::new(
        &kit::padded::<1232>(b"\xff\xff\xff\xff\0\x40\0\x01\0\0\0\0\x04\xd0\x04\xd0"),
        &[TokenField { offset: 8,
            encoding: SEQUENCE,
        }],
    ),
    recognise,
)
.echoing(SEQUENCE);

fn recognise(token: u64, reply: &[u8]) -> Option<Answer> {
    let mut reader = Reader::new(reply);
    let (acknowledged, _window) = (reader.take(4)?, reader.be16()?);
    // SYN and ACK, perhaps with more.
    if reader.be16()? & 0x0005 != 5 {
        return None;
    }
    let (_sequence, up, down) = (reader.be32()?, reader.be16()?, reader.be16()?);
    let mtus = 1132..=1232;
    (mtus.contains(&up) && mtus.contains(&down))
        .then(|| Answer::echoing(SEQUENCE.is(token, acknowledged), Detail::NONE))
}
