//! BitTorrent's distributed hash table (BEP 5): ping from a read-only node (BEP 43), which
//! no node adds to its routing table.
//!
//! The token is the transaction ID.

use super::kit::{Detail, Encoding, TokenField, Request, between};
use super::{Answer, Payload};

const TRANSACTION: Encoding = Encoding::Hex(8);

pub(super) static DHT: Payload = Payload::new(
    "bittorrent-dht",
    "bittorrent-dht",
    &[6881, 51413],
    Request::new(
        b"d1:ad2:id20:vigie-asks-who-is-ite1:q4:ping2:roi1e1:t8:000000001:y1:qe",
        &[TokenField { offset: 54,
            encoding: TRANSACTION,
        }],
    ),
    recognise,
)
.echoing(TRANSACTION);

/// Client letters of BEP 20 and the programs that use them.
const PROGRAMS: &[(&[u8], &str)] = &[
    (b"A2", "aria2"),
    (b"LT", "libtorrent"),
    (b"TR", "Transmission"),
    (b"UT", "uTorrent"),
    (b"lt", "rTorrent"),
];

fn recognise(token: u64, reply: &[u8]) -> Option<Answer> {
    let body = reply.strip_prefix(b"d")?.strip_suffix(b"e")?;
    // A response holds the node's ID, an error a list.
    let node = between(body, b"1:rd", b"")
        .is_some_and(|dictionary| between(dictionary, b"2:id20:", b"").is_some());
    let kind = between(body, b"1:y1:", b"").and_then(<[u8]>::first)?;
    if !matches!((kind, node), (b'r', true) | (b'e', _)) {
        return None;
    }
    let mut detail = Detail::NONE;
    if let Some([a, b, ..]) = between(body, b"1:v4:", b"") {
        detail = match PROGRAMS.iter().find(|(letters, _)| *letters == [*a, *b]) {
            Some((_, name)) => detail.product(name),
            None => detail,
        };
    }
    let transaction = between(body, b"1:t8:", b"").and_then(|rest| rest.get(..8));
    let ours = transaction.is_some_and(|found| TRANSACTION.is(token, found));
    Some(Answer::echoing(ours, detail))
}
