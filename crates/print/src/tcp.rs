//! TCP lines, with sequence numbers counted from a connection's start.

use alloc::collections::BTreeMap;
use core::net::IpAddr;

use super::{Carried, Line, dns};
use vigie_wire::{
    error::ParseErrorKind,
    tcp::{Flags, TcpOption, View},
};

/// How many connections are remembered; when more come, all are forgotten and counting starts afresh.
const MAX_FLOWS: usize = 1 << 16;

/// Where the counting of each connection's bytes starts.
#[derive(Clone, Debug, Default)]
pub struct Flows {
    known: BTreeMap<(End, End), Base>,
}

type End = (IpAddr, u16);

/// What to subtract from the numbers of the lower end (by address, then port) and of the other.
#[derive(Clone, Copy, Debug)]
struct Base {
    lower: u32,
    upper: u32,
}

/// What to subtract from a segment's numbers. The edges of selective acknowledgements count from the start even where
/// the segment is the first and the other numbers stay as they are.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Start {
    seq: u32,
    ack: u32,
    sack: u32,
}

impl Flows {
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.known.len()
    }

    /// What to subtract from a segment's sequence and acknowledgement numbers. The first segment of a connection that
    /// acknowledges something starts the counting and stays as it is.
    pub(super) fn base(&mut self, source: End, destination: End, view: &View<'_>) -> Start {
        let from_lower = source <= destination;
        let key = if from_lower {
            (source, destination)
        } else {
            (destination, source)
        };
        if let Some(base) = self.known.get(&key)
            && !view.flags().contains(Flags::SYN)
        {
            let (seq, ack) = if from_lower {
                (base.lower, base.upper)
            } else {
                (base.upper, base.lower)
            };
            return Start {
                seq,
                ack,
                sack: ack,
            };
        }
        if self.known.len() >= MAX_FLOWS {
            self.known.clear();
        }
        let (own, other) = (view.seq(), view.ack().wrapping_sub(1));
        let base = if from_lower {
            Base {
                lower: own,
                upper: other,
            }
        } else {
            Base {
                lower: other,
                upper: own,
            }
        };
        self.known.insert(key, base);
        Start {
            seq: 0,
            ack: 0,
            sack: other,
        }
    }
}

pub(super) fn print(line: &mut Line<'_>, carried: &Carried<'_>) {
    let view = match View::parse(carried.bytes) {
        Ok(view) => view,
        Err(error) => return fault(line, carried, error.kind),
    };
    let (source, destination) = (view.src_port(), view.dst_port());
    ends(line, carried, source, destination);
    let flags = view.flags();
    line.text("Flags [");
    letters(line, flags);
    line.text("]");
    if view.header_len() > carried.length {
        let length = view.header_len();
        return line.add(format_args!(
            " [bad hdr length {length} - too long, > {}]",
            carried.length
        ));
    }
    let length = carried.length - view.header_len();
    let (mut seq, mut ack) = (view.seq(), view.ack());
    let mut base = Start::default();
    if !line.options.absolute && flags.contains(Flags::ACK) {
        base = line.flows.base(
            (carried.source, source),
            (carried.destination, destination),
            &view,
        );
        seq = seq.wrapping_sub(base.seq);
        ack = ack.wrapping_sub(base.ack);
    }
    if line.options.verbose > 0 && carried.is_whole() {
        checksum(line, carried, view.checksum());
    }
    if length > 0 {
        line.add(format_args!(
            ", seq {seq}:{}",
            seq.wrapping_add(length as u32)
        ));
    } else if line.options.verbose > 1 || flags.intersects(Flags::SYN | Flags::FIN | Flags::RST) {
        line.add(format_args!(", seq {seq}"));
    }
    if flags.contains(Flags::ACK) {
        line.add(format_args!(", ack {ack}"));
    }
    line.add(format_args!(", win {}", view.window()));
    if flags.contains(Flags::URG) {
        line.add(format_args!(", urg {}", view.urgent()));
    }
    if !view.option_bytes().is_empty() {
        options(line, &view, base.sack);
    }
    line.add(format_args!(", length {length}"));
    if length > 0 && !view.payload().is_empty() {
        let payload = &view.payload()[..length.min(view.payload().len())];
        if line.options.verbose > 0 && flags.contains(Flags::RST) {
            // Some senders say why.
            line.text(" [RST ");
            super::bytes::printable(payload, line.out);
            return line.text("]");
        }
        application(line, source, destination, length, payload);
    }
}

fn fault(line: &mut Line<'_>, carried: &Carried<'_>, kind: ParseErrorKind) {
    let port = |at| super::bytes::half(carried.bytes, at);
    let (Some(source), Some(destination)) = (port(0), port(2)) else {
        if !carried.addressed {
            super::ip::addresses(line, carried);
        }
        return line.cut("tcp");
    };
    ends(line, carried, source, destination);
    let words = carried
        .bytes
        .get(12)
        .map_or(0, |byte| usize::from(byte >> 4));
    if kind == ParseErrorKind::BadLength {
        let left = carried.length.saturating_sub(words * 4);
        return line.add(format_args!(
            " tcp {left} [bad hdr length {} - too short, < 20]",
            words * 4
        ));
    }
    let Some(flags) = carried.bytes.get(13) else {
        return line.cut("tcp");
    };
    line.text("Flags [");
    letters(line, Flags(u16::from(*flags)));
    line.text("]");
    if words * 4 > carried.length {
        line.add(format_args!(
            " [bad hdr length {} - too long, > {}]",
            words * 4,
            carried.length
        ));
    } else {
        line.cut("tcp");
    }
}

/// `address.port > address.port: `, or the ports alone behind addresses that were printed.
pub(super) fn ends(line: &mut Line<'_>, carried: &Carried<'_>, source: u16, destination: u16) {
    if carried.addressed {
        line.port(source, carried.protocol);
        line.text(" > ");
        line.port(destination, carried.protocol);
    } else {
        line.end(carried.source, source, carried.protocol);
        line.text(" > ");
        line.end(carried.destination, destination, carried.protocol);
    }
    line.text(": ");
}

fn letters(line: &mut Line<'_>, flags: Flags) {
    const LETTERS: [(Flags, char); 8] = [
        (Flags::FIN, 'F'),
        (Flags::SYN, 'S'),
        (Flags::RST, 'R'),
        (Flags::PSH, 'P'),
        (Flags::ACK, '.'),
        (Flags::URG, 'U'),
        (Flags::ECE, 'E'),
        (Flags::CWR, 'W'),
    ];
    let start = line.out.len();
    line.out.extend(
        LETTERS
            .iter()
            .filter(|(flag, _)| flags.contains(*flag))
            .map(|(_, letter)| *letter),
    );
    if line.out.len() == start {
        line.text("none");
    }
}

fn checksum(line: &mut Line<'_>, carried: &Carried<'_>, sum: u16) {
    let left = carried.checksum();
    if left == 0 {
        line.add(format_args!(", cksum {sum:#06x} (correct)"));
    } else {
        // `left` is what all bytes sum up to, inverted, the sum's own field among them.
        let right = super::right_sum(left, sum);
        line.add(format_args!(
            ", cksum {sum:#06x} (incorrect -> {right:#06x})"
        ));
    }
}

fn options(line: &mut Line<'_>, view: &View<'_>, acknowledged: u32) {
    line.text(", options [");
    let mut read = 0;
    for (index, option) in view.options().enumerate() {
        if index > 0 {
            line.text(",");
        }
        read += option.wire_len();
        match option {
            TcpOption::Eol => line.text("eol"),
            TcpOption::Nop => line.text("nop"),
            TcpOption::Mss(size) => line.add(format_args!("mss {size}")),
            TcpOption::WScale(shift) => line.add(format_args!("wscale {shift}")),
            TcpOption::SackOk => line.text("sackOK"),
            TcpOption::Timestamp(value, echo) => {
                line.add(format_args!("TS val {value} ecr {echo}"));
            }
            TcpOption::Sack(edges) => {
                let (pairs, _) = edges.as_chunks::<8>();
                line.add(format_args!("sack {} ", pairs.len()));
                for [a, b, c, d, e, f, g, h] in pairs {
                    let left = u32::from_be_bytes([*a, *b, *c, *d]).wrapping_sub(acknowledged);
                    let right = u32::from_be_bytes([*e, *f, *g, *h]).wrapping_sub(acknowledged);
                    line.add(format_args!("{{{left}:{right}}}"));
                }
            }
            TcpOption::Unknown(kind, data) => {
                match kind {
                    253 | 254 => line.text("exp-"),
                    34 => line.text(if data.is_empty() {
                        "tfo  cookiereq"
                    } else {
                        "tfo  cookie "
                    }),
                    _ => line.add(format_args!("unknown-{kind} 0x")),
                }
                for byte in data {
                    line.add(format_args!("{byte:02x}"));
                }
            }
        }
    }
    // The reader stops at an option whose length is impossible; the end mark may be followed by padding.
    if read < view.option_bytes().len() && !line.out.ends_with("eol") {
        line.text("[bad opt]");
    }
    line.text("]");
}

/// What a segment carries, by its ports.
fn application(line: &mut Line<'_>, source: u16, destination: u16, length: usize, payload: &[u8]) {
    let on = |ports: &[u16]| ports.contains(&source) || ports.contains(&destination);
    if on(&[25]) {
        text_protocol(line, "SMTP", length, payload, |_| true);
    } else if on(&[22]) {
        ssh(line, payload);
    } else if on(&[21]) {
        text_protocol(line, "FTP", length, payload, |_| true);
    } else if on(&[80, 8080, 3128]) {
        text_protocol(line, "HTTP", length, payload, |first| {
            speaks(first, b"HTTP/", HTTP_METHODS)
        });
    } else if on(&[554, 8554]) {
        text_protocol(line, "RTSP", length, payload, |first| {
            speaks(first, b"RTSP/", RTSP_METHODS)
        });
    } else if on(&[53]) && payload.len() > 2 {
        line.text(" ");
        dns::print(line, length - 2, &payload[2..], false);
    }
}

/// Methods of HTTP (RFC 9110, WebDAV) and RTSP (RFC 7826).
const HTTP_METHODS: &[&str] = &[
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "DELETE",
    "CONNECT",
    "OPTIONS",
    "TRACE",
    "PATCH",
    "COPY",
    "MOVE",
    "LOCK",
    "UNLOCK",
    "MKCOL",
    "PROPFIND",
    "PROPPATCH",
    "SEARCH",
    "REPORT",
    "NOTIFY",
    "SUBSCRIBE",
    "UNSUBSCRIBE",
    "POLL",
];
const RTSP_METHODS: &[&str] = &[
    "DESCRIBE",
    "ANNOUNCE",
    "GET_PARAMETER",
    "OPTIONS",
    "PAUSE",
    "PLAY",
    "RECORD",
    "REDIRECT",
    "SETUP",
    "SET_PARAMETER",
    "TEARDOWN",
];

/// Whether a line starts an answer, or a request with one of the methods.
fn speaks(first: &[u8], answer: &[u8], methods: &[&str]) -> bool {
    let word = first
        .split(u8::is_ascii_whitespace)
        .next()
        .unwrap_or_default();
    first.starts_with(answer) || methods.iter().any(|method| method.as_bytes() == word)
}

/// Protocols of text lines: the first one, or with `-v` all, where it is the protocol's.
fn text_protocol(
    line: &mut Line<'_>,
    name: &str,
    length: usize,
    payload: &[u8],
    expected: impl FnOnce(&[u8]) -> bool,
) {
    let is_text = |text: &[u8]| {
        !text.is_empty()
            && text
                .iter()
                .all(|byte| byte.is_ascii_graphic() || b" \t\r".contains(byte))
    };
    let payload = payload.strip_suffix(b"\n").unwrap_or(payload);
    let mut lines = payload.split(|&byte| byte == b'\n');
    let first = lines.next().unwrap_or_default();
    let known = is_text(first) && expected(first);
    if line.options.verbose == 0 || !known {
        line.add(format_args!(": {name}"));
        if known {
            line.text(": ");
            super::bytes::printable(first.trim_ascii_end(), line.out);
        }
        return;
    }
    line.add(format_args!(": {name}, length: {length}"));
    for text in core::iter::once(first)
        .chain(lines)
        .take_while(|text| text.trim_ascii().is_empty() || is_text(text))
    {
        line.text("\n\t");
        super::bytes::printable(text.trim_ascii_end(), line.out);
    }
}

/// SSH: who speaks; what follows is encrypted.
fn ssh(line: &mut Line<'_>, payload: &[u8]) {
    if payload.starts_with(b"SSH-") {
        let first = payload
            .split(|&byte| byte == b'\n')
            .next()
            .unwrap_or_default();
        line.text(": SSH: ");
        super::bytes::printable(first.trim_ascii_end(), line.out);
    }
}
