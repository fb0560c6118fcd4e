//! DNS (RFC 1035): the server's version (`version.bind` in class CHAOS, RFC 4892), and a small query.
//!
//! The token is the message's ID. Both ask without recursion, so that the server looks up nothing
//! for us; a refused query is an answer too. The file also holds the message parser that mDNS, LLMNR and NetBIOS share.

use vigie_wire::dns_name::{Labels, encoded_len};

use super::kit::{Detail, Encoding, TokenField, Reader, Request};
use super::{Answer, Payload};

const TXT: u16 = 16;
const CHAOS: u16 = 3;

/// The port of DNS, and the usual ports of resolvers that run behind another DNS server.
const PORTS: &[u16] = &[53, 1053, 2053, 5300, 5335, 5354, 8053, 9953];

const ID: &[TokenField] = &[TokenField { offset: 0,
    encoding: Encoding::Bytes(2),
}];

/// `version.bind CH TXT`.
pub(super) static VERSION: Payload = Payload::new(
    "dns-version",
    "domain",
    PORTS,
    Request::new(
        b"\0\0\0\0\0\x01\0\0\0\0\0\0\x07version\x04bind\0\0\x10\0\x03",
        ID,
    ),
    version,
)
.echoing(Encoding::Bytes(2));

/// `localhost IN A`, which every kind of server answers or refuses without asking another (RFC 6761).
pub(super) static QUERY: Payload = Payload::new(
    "dns",
    "domain",
    &[53],
    Request::new(
        b"\0\0\0\0\0\x01\0\0\0\0\0\0\x09localhost\0\0\x01\0\x01",
        ID,
    ),
    query,
)
.echoing(Encoding::Bytes(2));

fn version(token: u64, reply: &[u8]) -> Option<Answer> {
    let message = Message::response(reply)?;
    message.answers_question(&VERSION.request.bytes()[12..])?;
    let text = message
        .answers()
        .find(|record| record.kind == TXT && record.class == CHAOS)
        .and_then(|record| Reader::new(record.data).split_string());
    let detail = match text {
        // Only BIND answers with a bare release number.
        Some(text) if text.starts_with(b"9.") => Detail::NONE.product("BIND").version(text),
        Some(text) => Detail::NONE.banner(text),
        None => message.error_code(),
    };
    Some(Answer::echoing(message.is_ours(token), detail))
}

fn query(token: u64, reply: &[u8]) -> Option<Answer> {
    let message = Message::response(reply)?;
    message.answers_question(&QUERY.request.bytes()[12..])?;
    Some(Answer::echoing(message.is_ours(token), message.error_code()))
}

/// A DNS message with its parsed header.
#[derive(Clone, Copy, Debug)]
pub(super) struct Message<'a> {
    bytes: &'a [u8],
    pub(super) id: u16,
    pub(super) flags: u16,
    /// Numbers of questions, answers, authorities and additional records, as the header states them.
    pub(super) counts: [u16; 4],
}

impl<'a> Message<'a> {
    /// A response (QR set) to a standard query.
    pub(super) fn response(bytes: &'a [u8]) -> Option<Message<'a>> {
        let mut reader = Reader::new(bytes);
        let (id, flags) = (reader.be16()?, reader.be16()?);
        let counts = [reader.be16()?, reader.be16()?, reader.be16()?, reader.be16()?];
        // The opcode must be QUERY.
        (flags & 0xf800 == 0x8000).then_some(Message {
            bytes,
            id,
            flags,
            counts,
        })
    }

    /// Whether the ID is the token's.
    pub(super) fn is_ours(&self, token: u64) -> bool {
        Encoding::Bytes(2).is(token, &self.id.to_be_bytes())
    }

    /// Returns `None` unless the response repeats this question (ignoring case), or is the bare header with which some
    /// servers refuse.
    pub(super) fn answers_question(&self, question: &[u8]) -> Option<()> {
        let body = &self.bytes[12..];
        let bare = self.counts == [0; 4] && body.is_empty() && self.flags & 15 != 0;
        let asked = self.counts[0] == 1
            && body
                .get(..question.len())
                .is_some_and(|found| found.eq_ignore_ascii_case(question));
        (bare || asked).then_some(())
    }

    /// Returns the name of the response code, if it is an error.
    pub(super) fn error_code(&self) -> Detail {
        let code = match self.flags & 15 {
            1 => "FORMERR",
            2 => "SERVFAIL",
            4 => "NOTIMP",
            5 => "REFUSED",
            _ => return Detail::NONE,
        };
        Detail::NONE.info(code)
    }

    /// The answer records, as far as they can be read; at most 32.
    pub(super) fn answers(&self) -> impl Iterator<Item = Record<'a>> {
        let mut reader = Reader::new(&self.bytes[12..]);
        let readable = (0..self.counts[0].min(4)).all(|_| {
            skip_name(&mut reader).is_some() && reader.take(4).is_some()
        });
        let count = if readable { self.counts[1].min(32) } else { 0 };
        (0..count).map_while(move |_| Record::read(&mut reader))
    }

    /// Returns the name at the start of `data`, a part of this message: labels as they are, joined with dots.
    pub(super) fn name(&self, data: &[u8]) -> Option<alloc::vec::Vec<u8>> {
        let mut name = alloc::vec::Vec::new();
        for label in Labels::in_part(self.bytes, data) {
            if !name.is_empty() {
                name.push(b'.');
            }
            name.extend_from_slice(label.ok()?);
        }
        Some(name)
    }
}

/// A resource record.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record<'a> {
    pub(super) kind: u16,
    pub(super) class: u16,
    pub(super) data: &'a [u8],
}

impl<'a> Record<'a> {
    fn read(reader: &mut Reader<'a>) -> Option<Record<'a>> {
        skip_name(reader)?;
        let (kind, class, _ttl) = (reader.be16()?, reader.be16()?, reader.be32()?);
        let len = reader.be16()?;
        let data = reader.take(usize::from(len))?;
        Some(Record { kind, class, data })
    }
}

impl<'a> Reader<'a> {
    /// A character-string (RFC 1035 section 3.3).
    fn split_string(mut self) -> Option<&'a [u8]> {
        let len = self.u8()?;
        self.take(usize::from(len))
    }
}

fn skip_name(reader: &mut Reader<'_>) -> Option<()> {
    let length = encoded_len(reader.rest()).ok()?;
    reader.take(length).map(drop)
}
