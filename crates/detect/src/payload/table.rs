//! Table from a port to its payloads, built at compile time.

use super::{ALL, Payload};

/// Number of pairs of port and payload.
const PAIRS: usize = {
    let mut pairs = 0;
    let mut i = 0;
    while i < ALL.len() {
        pairs += ALL[i].ports.len();
        i += 1;
    }
    pairs
};

/// Maximum length of a request in bytes.
pub(super) const MAX_LEN: usize = {
    let mut longest = 0;
    let mut i = 0;
    while i < ALL.len() {
        if ALL[i].request.len() > longest {
            longest = ALL[i].request.len();
        }
        i += 1;
    }
    longest
};

/// Ports of all pairs in ascending order. `PAYLOADS` holds the payload of each pair; pairs of one port are in the order of
/// [`ALL`].
static PORTS: [u16; PAIRS] = SORTED.0;
static PAYLOADS: [&Payload; PAIRS] = SORTED.1;

const SORTED: ([u16; PAIRS], [&Payload; PAIRS]) = sorted();

const fn sorted() -> ([u16; PAIRS], [&'static Payload; PAIRS]) {
    let mut ports = [0; PAIRS];
    let mut payloads = [ALL[0]; PAIRS];
    let mut filled = 0;
    let mut i = 0;
    while i < ALL.len() {
        let mut p = 0;
        while p < ALL[i].ports.len() {
            // Insertion sort is stable.
            let port = ALL[i].ports[p];
            let mut at = filled;
            while at > 0 && ports[at - 1] > port {
                ports[at] = ports[at - 1];
                payloads[at] = payloads[at - 1];
                at -= 1;
            }
            ports[at] = port;
            payloads[at] = ALL[i];
            filled += 1;
            p += 1;
        }
        i += 1;
    }
    (ports, payloads)
}

/// Returns the payloads of a port.
#[inline]
pub(super) fn for_port(port: u16) -> &'static [&'static Payload] {
    let start = PORTS.partition_point(|&known| known < port);
    let len = PORTS[start..].partition_point(|&known| known == port);
    &PAYLOADS[start..start + len]
}
