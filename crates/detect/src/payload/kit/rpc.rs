//! ONC RPC version 2 (RFC 5531): a call without credentials, and the outcome in its reply.

use alloc::format;
use alloc::string::String;

use super::Reader;
use crate::payload::Answer;

/// A version that no program has. A server answers with the range of versions that it supports (RFC 5531 section 9,
/// PROG_MISMATCH), in a reply smaller than the call.
pub(in crate::payload) const NO_VERSION: u32 = 0x7fff_fff0;

/// Returns a call of `procedure` of a program without credentials. The XID at offset 0 is zero.
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

/// The outcome of a call.
#[derive(Clone, Copy, Debug)]
pub(in crate::payload) enum Outcome<'a> {
    /// Success, with the results.
    Done(&'a [u8]),
    /// The program supports the versions from the first to the second.
    Versions(u32, u32),
    /// The program is not available.
    NoProgram,
    /// The program is available and rejected the call.
    Refused,
}

/// Parses a reply into the bytes of its XID and the outcome.
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

/// Recognises the reply to a call with [`NO_VERSION`]: the versions of the program.
pub(in crate::payload) fn versions(token: u64, bytes: &[u8]) -> Option<Answer> {
    let (xid, outcome) = reply(bytes)?;
    let detail = match outcome {
        Outcome::Versions(low, high) => Answer::detail().version(range(low, high)),
        Outcome::Refused => Answer::detail(),
        // No program accepts that version, and a missing program means another service.
        Outcome::Done(_) | Outcome::NoProgram => return None,
    };
    Some(Answer::echoing(
        super::Encoding::Bytes(4).is(token, xid),
        detail,
    ))
}

/// Formats a range of versions.
pub(in crate::payload) fn range(low: u32, high: u32) -> String {
    if low == high {
        format!("{low}")
    } else {
        format!("{low}-{high}")
    }
}
