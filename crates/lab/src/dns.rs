//! A minimal name server: every name has the addresses of the node that is queried.
//!
//! Source: RFC 1035, sections 3 and 4; RFC 3596 for IPv6. This module must not know sockets.

use core::net::IpAddr;

use vigie_wire::dns_name::Labels;

/// Length of a message header in bytes.
const HEADER: usize = 12;
/// Record type of an IPv4 address.
const A: u16 = 1;
/// Record type of an IPv6 address.
const AAAA: u16 = 28;
/// Internet class.
const IN: u16 = 1;
/// Time to live of answers in seconds.
const TTL: u32 = 60;

/// Returns the answer to a query, or `None` if this is not a valid query.
pub(crate) fn answer(query: &[u8], addresses: &[IpAddr]) -> Option<Vec<u8>> {
    let header = query.get(..HEADER)?;
    let number = |at: usize| u16::from_be_bytes([header[at], header[at + 1]]);
    // A response is not answered: two servers would answer each other for ever.
    let is_query = header[2] & 0x80 == 0;
    let questions = number(4);
    if !is_query || questions > 1 || number(6) != 0 {
        return None;
    }
    let question = if questions == 1 {
        Some(question(&query[HEADER..])?)
    } else {
        None
    };
    let mut out = Vec::with_capacity(128);
    out.extend_from_slice(&header[..2]);
    // QR and AA are set, RD is copied. The answer to an empty message is a format error.
    out.push(0x84 | header[2] & 0x01);
    out.push(u8::from(question.is_none()));
    out.extend(questions.to_be_bytes());
    let answers: Vec<Vec<u8>> = question.map_or_else(Vec::new, |asked| records(asked, addresses));
    out.extend((answers.len() as u16).to_be_bytes());
    out.extend([0; 4]);
    if let Some(asked) = question {
        out.extend_from_slice(asked.bytes);
    }
    out.extend(answers.concat());
    Some(out)
}

/// A question of a query.
#[derive(Clone, Copy)]
struct Question<'query> {
    bytes: &'query [u8],
    kind: u16,
    class: u16,
}

/// Returns the question at the beginning of `bytes`.
fn question(bytes: &[u8]) -> Option<Question<'_>> {
    // Nothing precedes the name that it could point to, so there is no message for pointers.
    let mut name = Labels::in_part(&[], bytes);
    name.by_ref().try_for_each(|label| label.map(drop)).ok()?;
    let at = name.consumed();
    let tail = bytes.get(at..at + 4)?;
    Some(Question {
        bytes: &bytes[..at + 4],
        kind: u16::from_be_bytes([tail[0], tail[1]]),
        class: u16::from_be_bytes([tail[2], tail[3]]),
    })
}

fn records(asked: Question<'_>, addresses: &[IpAddr]) -> Vec<Vec<u8>> {
    let wanted = addresses.iter().filter_map(|address| match address {
        IpAddr::V4(v4) if asked.kind == A => Some(v4.octets().to_vec()),
        IpAddr::V6(v6) if asked.kind == AAAA => Some(v6.octets().to_vec()),
        _ => None,
    });
    wanted
        .filter(|_| asked.class == IN)
        .map(|data| {
            // The name is a pointer to that of the question.
            let mut record = vec![0xc0, HEADER as u8];
            record.extend(asked.kind.to_be_bytes());
            record.extend(IN.to_be_bytes());
            record.extend(TTL.to_be_bytes());
            record.extend((data.len() as u16).to_be_bytes());
            record.extend(data);
            record
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUERY: &[u8] =
        b"\xab\xcd\x01\x20\x00\x01\x00\x00\x00\x00\x00\x01\x03www\x07example\x00\x00\x01\x00\x01\
        \x00\x00\x29\x04\xd0\x00\x00\x00\x00\x00\x00";

    fn addresses() -> [IpAddr; 2] {
        [
            IpAddr::from([10, 0, 0, 2]),
            IpAddr::from([0xfd00, 0, 0, 0, 0, 0, 0, 2]),
        ]
    }

    #[test]
    fn a_query_is_answered_with_the_addresses() {
        let out = answer(QUERY, &addresses()).expect("an answer");
        assert_eq!(
            &out[..12],
            b"\xab\xcd\x85\x00\x00\x01\x00\x01\x00\x00\x00\x00"
        );
        assert_eq!(&out[12..29], &QUERY[12..29]);
        assert_eq!(
            &out[29..],
            b"\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04\x0a\x00\x00\x02"
        );
    }

    #[test]
    fn only_queries_are_answered() {
        let mut response = QUERY.to_vec();
        response[2] |= 0x80;
        for other in [&response[..], b"hi", &QUERY[..20], &QUERY[..27]] {
            assert_eq!(answer(other, &addresses()), None);
        }
        // A header alone is a message with a format error.
        let mut empty = QUERY[..12].to_vec();
        empty[5] = 0;
        let out = answer(&empty, &addresses()).expect("an answer");
        assert_eq!(out[3] & 0x0f, 1);
    }
}
