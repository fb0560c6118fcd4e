//! DNS and multicast DNS (RFC 1035, RFC 6762, RFC 6891).

use alloc::string::String;
use core::net::{Ipv4Addr, Ipv6Addr};

use vigie_wire::dns_name::Labels;

use crate::{
    bytes::{be16, be32, printable},
    line::Line,
};

const OPCODES: [&str; 16] = [
    "",
    " inv_q",
    " stat",
    " op3",
    " notify",
    " update",
    " op6",
    " op7",
    " op8",
    " updateA",
    " updateD",
    " updateDA",
    " updateM",
    " updateMA",
    " zoneInit",
    " zoneRef",
];
const RESPONSE_CODES: [&str; 16] = [
    "",
    " FormErr",
    " ServFail",
    " NXDomain",
    " NotImp",
    " Refused",
    " YXDomain",
    " YXRRSet",
    " NXRRSet",
    " NotAuth",
    " NotZone",
    " Resp11",
    " Resp12",
    " Resp13",
    " Resp14",
    " NoChange",
];
/// A record ends early or is malformed: the line gets the mark `[|domain]`.
struct Truncated;

/// Prints a message of `length` bytes on the wire.
pub(crate) fn print(line: &mut Line<'_>, length: usize, message: &[u8], multicast: bool) {
    if length < 12 {
        return line.add(format_args!("domain [length {length} < 12] (invalid)"));
    }
    let Some(head) = message.first_chunk::<12>() else {
        return line.text("[|domain]");
    };
    let flags = u16::from_be_bytes([head[2], head[3]]);
    line.add(format_args!("{}", u16::from_be_bytes([head[0], head[1]])));
    line.text(OPCODES[usize::from((flags >> 11) & 15)]);
    let printed = if flags & 0x8000 != 0 {
        response(line, message, flags, multicast)
    } else {
        query(line, message, flags, multicast)
    };
    match printed {
        Ok(()) => line.add(format_args!(" ({length})")),
        Err(Truncated) => line.truncated("domain"),
    }
}

/// Returns the number of records that the header claims for each section.
fn counts(message: &[u8]) -> [u16; 4] {
    [4, 6, 8, 10].map(|at| be16(message, at).unwrap_or(0))
}

fn query(
    line: &mut Line<'_>,
    message: &[u8],
    flags: u16,
    multicast: bool,
) -> Result<(), Truncated> {
    if flags & 0x0100 != 0 {
        line.text("+");
    }
    if flags & 0x0010 != 0 {
        line.text("%");
    }
    let [questions, answers, authorities, additionals] = counts(message);
    for (count, usual, unit) in [
        (questions, 1, "q"),
        (answers, 0, "a"),
        (authorities, 0, "n"),
        (additionals, 0, "au"),
    ] {
        if count != usual {
            line.add(format_args!(" [{count}{unit}]"));
        }
    }
    let mut at = 12;
    for _ in 0..questions {
        at = question(line, message, at, multicast)?;
    }
    if line.options.verbose > 1 {
        sections(
            line,
            message,
            at,
            &[(answers, "an"), (authorities, "ns"), (additionals, "ar")],
            multicast,
        )?;
    }
    Ok(())
}

fn response(
    line: &mut Line<'_>,
    message: &[u8],
    flags: u16,
    multicast: bool,
) -> Result<(), Truncated> {
    line.text(RESPONSE_CODES[usize::from(flags & 15)]);
    for (set, mark) in [
        (flags & 0x0400 != 0, "*"),
        (flags & 0x0080 == 0, "-"),
        (flags & 0x0200 != 0, "|"),
        (flags & 0x0020 != 0, "$"),
    ] {
        if set {
            line.text(mark);
        }
    }
    let [questions, answers, authorities, additionals] = counts(message);
    if questions != 1 {
        line.add(format_args!(" [{questions}q]"));
    }
    let mut at = 12;
    for number in 0..questions {
        if line.options.verbose > 1 {
            line.text(if number == 0 { " q:" } else { "," });
            at = question(line, message, at, multicast)?;
        } else {
            at = skip_name(message, at).ok_or(Truncated)? + 4;
        }
    }
    line.add(format_args!(" {answers}/{authorities}/{additionals}"));
    let mut after = at;
    for number in 0..answers {
        if number > 0 {
            line.text(",");
        }
        after = record(line, message, after, multicast)?;
    }
    if line.options.verbose > 1 {
        sections(
            line,
            message,
            after,
            &[(authorities, "ns"), (additionals, "ar")],
            multicast,
        )?;
    }
    Ok(())
}

/// Prints the sections `of` the message, each with its name.
fn sections(
    line: &mut Line<'_>,
    message: &[u8],
    mut at: usize,
    of: &[(u16, &str)],
    multicast: bool,
) -> Result<(), Truncated> {
    for &(count, name) in of {
        for number in 0..count {
            if number == 0 {
                line.add(format_args!(" {name}:"));
            } else {
                line.text(",");
            }
            at = record(line, message, at, multicast)?;
        }
    }
    Ok(())
}

/// Prints a question, such as `A? www.example.org.`. Returns the position behind it.
fn question(
    line: &mut Line<'_>,
    message: &[u8],
    at: usize,
    multicast: bool,
) -> Result<usize, Truncated> {
    let mut text = String::new();
    let after = name(message, at, &mut text).ok_or(Truncated)?;
    let (kind, class) = (
        be16(message, after).ok_or(Truncated)?,
        be16(message, after + 2).ok_or(Truncated)?,
    );
    line.text(" ");
    type_name(line, kind);
    class_name(line, class & if multicast { 0x7fff } else { 0xffff });
    if multicast {
        line.text(if class & 0x8000 != 0 {
            " (QU)"
        } else {
            " (QM)"
        });
    }
    line.add(format_args!("? {text}"));
    Ok(after + 4)
}

fn class_name(line: &mut Line<'_>, class: u16) {
    match class {
        1 => {}
        3 => line.text(" CHAOS"),
        4 => line.text(" HS"),
        255 => line.text(" ANY"),
        other => line.add(format_args!(" Class {other}")),
    }
}

/// Prints a record: with `-v` the name, then type and data. Returns the position behind it.
fn record(
    line: &mut Line<'_>,
    message: &[u8],
    at: usize,
    multicast: bool,
) -> Result<usize, Truncated> {
    let mut owner = String::new();
    let after = name(message, at, &mut owner).ok_or(Truncated)?;
    let (kind, class) = (
        be16(message, after).ok_or(Truncated)?,
        be16(message, after + 2).ok_or(Truncated)?,
    );
    let (ttl, length) = (
        be32(message, after + 4).ok_or(Truncated)?,
        be16(message, after + 8).ok_or(Truncated)?,
    );
    let start = after + 10;
    let end = start + usize::from(length);
    let data = message.get(start..end).ok_or(Truncated)?;
    if line.options.verbose > 0 {
        line.add(format_args!(" {owner}"));
    }
    if line.options.verbose > 2 && kind != 41 {
        lifetime(line, ttl);
    }
    line.text(" ");
    type_name(line, kind);
    if kind != 41 {
        class_name(line, class & if multicast { 0x7fff } else { 0xffff });
        if multicast && class & 0x8000 != 0 {
            line.text(" (Cache flush)");
        }
    }
    let printed = data_of(line, message, kind, class, ttl, start, data);
    printed.map(|()| end).ok_or(Truncated)
}

/// Prints the data of a record after a space; nothing for types that are shown by name alone.
fn data_of(
    line: &mut Line<'_>,
    message: &[u8],
    kind: u16,
    class: u16,
    ttl: u32,
    start: usize,
    data: &[u8],
) -> Option<()> {
    match kind {
        1 => line.add(format_args!(
            " {}",
            Ipv4Addr::from(*data.first_chunk::<4>()?)
        )),
        28 => line.add(format_args!(
            " {}",
            Ipv6Addr::from(*data.first_chunk::<16>()?)
        )),
        2 | 5 | 12 | 39 => {
            line.text(" ");
            name(message, start, line.out)?;
        }
        6 => soa(line, message, start)?,
        15 => {
            line.text(" ");
            name(message, start + 2, line.out)?;
            line.add(format_args!(" {}", be16(data, 0)?));
        }
        16 => {
            let mut rest = data;
            while let Some((&length, after)) = rest.split_first() {
                let (text, next) = after.split_at_checked(usize::from(length))?;
                line.text(" \"");
                printable(text, line.out);
                line.text("\"");
                rest = next;
            }
        }
        33 => {
            line.text(" ");
            name(message, start + 6, line.out)?;
            line.add(format_args!(
                ":{} {} {}",
                be16(data, 4)?,
                be16(data, 0)?,
                be16(data, 2)?
            ));
        }
        41 => {
            line.add(format_args!(" UDPsize={class}"));
            if ttl & 0x8000 != 0 {
                line.text(" DO");
            }
        }
        _ => {}
    }
    Some(())
}

fn soa(line: &mut Line<'_>, message: &[u8], start: usize) -> Option<()> {
    if line.options.verbose == 0 {
        return Some(());
    }
    line.text(" ");
    let after = name(message, start, line.out)?;
    line.text(" ");
    let after = name(message, after, line.out)?;
    for number in 0..5 {
        line.add(format_args!(" {}", be32(message, after + 4 * number)?));
    }
    Some(())
}

/// Prints a time to live as `[1d2h]`, without units that are zero.
fn lifetime(line: &mut Line<'_>, seconds: u32) {
    line.text(" [");
    let parts = [(86_400 * 7, 'w'), (86_400, 'd'), (3600, 'h'), (60, 'm')];
    let mut left = seconds;
    for (unit, letter) in parts {
        if left >= unit {
            line.add(format_args!("{}{letter}", left / unit));
            left %= unit;
        }
    }
    if left > 0 || seconds == 0 {
        line.add(format_args!("{left}s"));
    }
    line.text("]");
}

/// Appends the name at `at` as an absolute name; returns the position behind it. `None` if the name is malformed.
fn name(message: &[u8], at: usize, out: &mut String) -> Option<usize> {
    let mut labels = Labels::new(message, at);
    let start = out.len();
    for label in labels.by_ref() {
        printable(label.ok()?, out);
        out.push('.');
    }
    if out.len() == start {
        out.push('.');
    }
    Some(at + labels.consumed())
}

/// Returns the position behind the name at `at`.
fn skip_name(message: &[u8], at: usize) -> Option<usize> {
    let mut labels = Labels::new(message, at);
    labels
        .by_ref()
        .all(|label| label.is_ok())
        .then(|| at + labels.consumed())
}

fn type_name(line: &mut Line<'_>, kind: u16) {
    const NAMES: &[(u16, &str)] = &[
        (1, "A"),
        (2, "NS"),
        (5, "CNAME"),
        (6, "SOA"),
        (10, "NULL"),
        (12, "PTR"),
        (13, "HINFO"),
        (15, "MX"),
        (16, "TXT"),
        (17, "RP"),
        (18, "AFSDB"),
        (24, "SIG"),
        (25, "KEY"),
        (28, "AAAA"),
        (29, "LOC"),
        (33, "SRV"),
        (35, "NAPTR"),
        (37, "CERT"),
        (39, "DNAME"),
        (41, "OPT"),
        (43, "DS"),
        (44, "SSHFP"),
        (45, "IPSECKEY"),
        (46, "RRSIG"),
        (47, "NSEC"),
        (48, "DNSKEY"),
        (50, "NSEC3"),
        (52, "TLSA"),
        (64, "SVCB"),
        (65, "HTTPS"),
        (99, "SPF"),
        (250, "TSIG"),
        (251, "IXFR"),
        (252, "AXFR"),
        (255, "ANY"),
        (256, "URI"),
        (257, "CAA"),
    ];
    match NAMES.iter().find(|(number, _)| *number == kind) {
        Some((_, name)) => line.text(name),
        None => line.add(format_args!("Type{kind}")),
    }
}
