//! The packets that were captured at a link of the lab, and conditions on them.
//!
//! Nothing here uses sockets or files: a capture file comes in as bytes.

use vigie_pcap::{Reader, Step};
use vigie_pcap_filter::{Expr, NoNames, ProgramInput};
use vigie_print::{Numeric, Options, Printer};
use vigie_wire::LinkType;

use super::lesson::Expectation;

/// Snapshot length for filters, in bytes: whole packets.
const SNAP: u32 = 262_144;

/// Captured packets in their order.
#[derive(Clone, Debug, Default)]
pub struct Wire {
    packets: Vec<Packet>,
}

#[derive(Clone, Debug)]
struct Packet {
    link: u16,
    length: u32,
    bytes: Vec<u8>,
}

impl Wire {
    /// Reads the packets of a capture file, up to the first that is malformed.
    pub fn read(file: &[u8]) -> Self {
        let (mut reader, mut packets, mut at) = (Reader::new(), Vec::new(), 0);
        loop {
            match reader.step(&file[at..]) {
                Ok(Step::Packet { packet, consumed }) => {
                    packets.push(Packet {
                        link: packet.link,
                        length: packet.length,
                        bytes: packet.bytes.to_vec(),
                    });
                    at += consumed;
                }
                Ok(Step::Other { consumed }) => at += consumed,
                Ok(Step::More { .. }) | Err(_) => break,
            }
        }
        Self { packets }
    }

    /// Returns the indices of the packets that a filter matches; `None` if it is malformed.
    pub fn matches(&self, filter: &str) -> Option<Vec<usize>> {
        let program = Expr::parse(filter, &NoNames)
            .and_then(|expr| expr.compile(LinkType::Ethernet, ProgramInput::CapturedBytes, SNAP))
            .ok()?;
        let packets = self.packets.iter().enumerate();
        Some(
            packets
                .filter(|(_, packet)| packet.link == LinkType::Ethernet.number())
                .filter(|(_, packet)| program.accepts(&packet.bytes, packet.length))
                .map(|(at, _)| at)
                .collect(),
        )
    }

    /// Whether the packets meet every expectation.
    pub fn meets(&self, expectations: &[Expectation]) -> bool {
        expectations.iter().all(|expectation| match expectation {
            Expectation::Seen(filter) => {
                self.matches(filter).is_some_and(|taken| !taken.is_empty())
            }
            Expectation::Never(filter) => {
                self.matches(filter).is_some_and(|taken| taken.is_empty())
            }
        })
    }

    /// Returns the packets that a filter matches, at most `max`, as `vigie capture -n -t` prints them.
    pub fn lines(&self, filter: &str, max: usize) -> Vec<String> {
        let mut printer = Printer::new(Options::default());
        let taken = self.matches(filter).unwrap_or_default();
        let mut lines = Vec::new();
        for packet in taken.into_iter().filter_map(|at| self.packets.get(at)) {
            let mut line = String::new();
            printer.print(
                packet.link,
                packet.length,
                &packet.bytes,
                &Numeric,
                &mut line,
            );
            lines.push(line);
            if lines.len() == max {
                break;
            }
        }
        lines
    }
}
