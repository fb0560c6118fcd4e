//! ONC RPC version 2 (RFC 5531): a call without credentials, and what its reply says.

use alloc::format;
use alloc::string::String;

use super::Reader;
use crate::payload::Answer;

/// A version that no program has: whoever speaks for the program answers with the versions that it has
/// (RFC 5531 section 9, PROG_MISMATCH), in a reply smaller than the call.
pub(in crate::payload) const NO_VERSION: u32 = 0x7fff_fff0;

/// A call of procedure `procedure` of a program, without credentials; the XID at offset 0 is zero.
pub(in crate::payload) const fn call(program: u32, version: u32, procedure: u32) -> [u8; 40] {
    let words = [0, 0, 2, program, version, procedure, 0, 0, 0, 0];
    let mut bytes = [0; 40];
    let mut i = 0;
    while i < 40 {
        bytes[i] = words[i / 4].to_be_bytes()[i % 4];
        i += 1;
    }
    bytes
}

/// What a reply says of the call.
#[derive(Clone, Copy, Debug)]
pub(in crate::payload) enum Outcome<'a> {
    /// It was done; the results.
    Done(&'a [u8]),
    /// The program is there, in versions from the first to the second.
    Versions(u32, u32),
    /// The program is not there.
    NoProgram,
    /// It is there, and did not do it.
    Refused,
}

/// Reads a reply: its XID's bytes and its outcome.
pub(in crate::payload) fn reply(bytes: &[u8]) -> Option<(&[u8], Outcome<'_>)> {
    let mut reader = Reader::new(bytes);
    let xid = reader.take(4)?;
    if reader.be32()? != 1 {
        return None;
    }
    let outcome = match reader.be32()? {
        0 => accepted(reader)?,
        // Denied: an RPC version mismatch (with two versions), or an authentication error.
        1 => match (reader.be32()?, reader.rest().len()) {
            (0, 8) | (1, 4) => Outcome::Refused,
            _ => return None,
        },
        _ => return None,
    };
    Some((xid, outcome))
}

fn accepted(mut reader: Reader<'_>) -> Option<Outcome<'_>> {
    let _flavor = reader.be32()?;
    let verifier = usize::try_from(reader.be32()?).ok().filter(|&n| n <= 400)?;
    reader.take(verifier.next_multiple_of(4))?;
    match (reader.be32()?, reader.rest().len()) {
        (0, _) => Some(Outcome::Done(reader.rest())),
        (1, 0) => Some(Outcome::NoProgram),
        (2, 8) => Some(Outcome::Versions(reader.be32()?, reader.be32()?)),
        (3..=5, 0) => Some(Outcome::Refused),
        _ => None,
    }
}

/// What the reply to a call with [`NO_VERSION`] says: the program's versions.
pub(in crate::payload) fn versions(token: u64, bytes: &[u8]) -> Option<Answer> {
    let (xid, outcome) = reply(bytes)?;
    let detail = match outcome {
        Outcome::Versions(low, high) => Answer::detail().version(range(low, high)),
        Outcome::Refused => Answer::detail(),
        // No program takes that version; and one that is not there is another service.
        Outcome::Done(_) | Outcome::NoProgram => return None,
    };
    Some(Answer::echoing(
        super::Form::Bytes(4).is(token, xid),
        detail,
    ))
}

/// Versions as people write them.
pub(in crate::payload) fn range(low: u32, high: u32) -> String {
    if low == high {
        format!("{low}")
    } else {
        format!("{low}-{high}")
    }
}
