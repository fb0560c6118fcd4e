//! TCP, with sequence numbers relative to the start of the connection.

use alloc::collections::BTreeMap;
use core::net::IpAddr;

use crate::{
    bytes::{be16, printable},
    dns,
    line::{IpPayload, Line, correct_checksum},
    text_protocol,
};
use vigie_wire::{
    error::ParseErrorKind,
    tcp::{Flags, TcpOption, View},
};

/// Maximum number of connections stored. When another one starts, all are dropped, and the next segment of each becomes
/// its new base.
const MAX_FLOWS: usize = 1 << 16;

/// First sequence numbers of the connections seen.
#[derive(Clone, Debug, Default)]
pub(crate) struct Flows {
    known: BTreeMap<(Endpoint, Endpoint), Base>,
}

type Endpoint = (IpAddr, u16);

/// First sequence numbers of the two endpoints, ordered by address, then port.
#[derive(Clone, Copy, Debug)]
struct Base {
    lower: u32,
    upper: u32,
}

/// Numbers to subtract from those of a segment. Selective acknowledgements are relative even in the first segment, where
/// the other numbers are absolute.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Start {
    seq: u32,
    ack: u32,
    sack: u32,
}

impl Flows {
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.known.len()
    }

    /// Returns the numbers to subtract from those of a segment. The first segment with an acknowledgement defines the
    /// base of its connection, and its own numbers stay absolute.
    pub(crate) fn base(
        &mut self,
        source: Endpoint,
        destination: Endpoint,
        view: &View<'_>,
    ) -> Start {
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

pub(crate) fn print(line: &mut Line<'_>, message: &IpPayload<'_>) {
    let view = match View::parse(message.bytes) {
        Ok(view) => view,
        Err(error) => return malformed(line, message, error.kind),
    };
    let (source, destination) = (view.src_port(), view.dst_port());
    line.endpoints(message, source, destination);
    let flags = view.flags();
    line.text("Flags [");
    flag_letters(line, flags);
    line.text("]");
    if view.header_len() > message.length {
        let length = view.header_len();
        return line.add(format_args!(
            " [bad hdr length {length} - too long, > {}]",
            message.length
        ));
    }
    let length = message.length - view.header_len();
    let (mut seq, mut ack) = (view.seq(), view.ack());
    let mut base = Start::default();
    if !line.options.absolute_sequence && flags.contains(Flags::ACK) {
        base = line.flows.base(
            (message.source, source),
            (message.destination, destination),
            &view,
        );
        seq = seq.wrapping_sub(base.seq);
        ack = ack.wrapping_sub(base.ack);
    }
    if line.options.verbose > 0 && message.is_whole() {
        checksum(line, message, view.checksum());
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
            // Some senders put a reason into the payload (RFC 9293 section 3.5.3).
            line.text(" [RST ");
            printable(payload, line.out);
            return line.text("]");
        }
        application(line, source, destination, length, payload);
    }
}

/// Prints the readable part of a segment with a malformed header.
fn malformed(line: &mut Line<'_>, message: &IpPayload<'_>, kind: ParseErrorKind) {
    let port = |at| be16(message.bytes, at);
    let (Some(source), Some(destination)) = (port(0), port(2)) else {
        if !message.addressed {
            line.addresses(message);
        }
        return line.truncated("tcp");
    };
    line.endpoints(message, source, destination);
    let words = message
        .bytes
        .get(12)
        .map_or(0, |byte| usize::from(byte >> 4));
    if kind == ParseErrorKind::BadLength {
        let left = message.length.saturating_sub(words * 4);
        return line.add(format_args!(
            " tcp {left} [bad hdr length {} - too short, < 20]",
            words * 4
        ));
    }
    let Some(flags) = message.bytes.get(13) else {
        return line.truncated("tcp");
    };
    line.text("Flags [");
    flag_letters(line, Flags(u16::from(*flags)));
    line.text("]");
    if words * 4 > message.length {
        line.add(format_args!(
            " [bad hdr length {} - too long, > {}]",
            words * 4,
            message.length
        ));
    } else {
        line.truncated("tcp");
    }
}

/// Appends one letter per flag, `.` for ACK.
fn flag_letters(line: &mut Line<'_>, flags: Flags) {
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

fn checksum(line: &mut Line<'_>, message: &IpPayload<'_>, field: u16) {
    let computed = message.checksum();
    if computed == 0 {
        line.add(format_args!(", cksum {field:#06x} (correct)"));
    } else {
        let correct = correct_checksum(computed, field);
        line.add(format_args!(
            ", cksum {field:#06x} (incorrect -> {correct:#06x})"
        ));
    }
}

/// Prints the options; `acknowledged` is the base of selective acknowledgements.
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
    // The options iterator stops at an impossible length. Padding may follow the end of the list.
    if read < view.option_bytes().len() && !line.out.ends_with("eol") {
        line.text("[bad opt]");
    }
    line.text("]");
}

/// Prints the payload of a segment, chosen by its ports.
fn application(line: &mut Line<'_>, source: u16, destination: u16, length: usize, payload: &[u8]) {
    let on = |ports: &[u16]| ports.contains(&source) || ports.contains(&destination);
    if on(&[25]) {
        text_protocol::print(line, "SMTP", length, payload, |_| true);
    } else if on(&[22]) {
        text_protocol::ssh(line, payload);
    } else if on(&[21]) {
        text_protocol::print(line, "FTP", length, payload, |_| true);
    } else if on(&[80, 8080, 3128]) {
        text_protocol::print(line, "HTTP", length, payload, text_protocol::is_http);
    } else if on(&[554, 8554]) {
        text_protocol::print(line, "RTSP", length, payload, text_protocol::is_rtsp);
    } else if on(&[53]) && payload.len() > 2 {
        line.text(" ");
        dns::print(line, length - 2, &payload[2..], false);
    }
}
