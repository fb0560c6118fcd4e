//! The packets that a link of the lab saw, and what is true of them.
//!
//! Nothing here touches a socket or a file: a capture comes in as bytes.

use vigie_pcap::{Reader, Step};
use vigie_pcap_filter::{Expr, NoNames, ProgramInput};
use vigie_print::{Numeric, Options, Printer};
use vigie_wire::LinkType;

use super::lesson::Sight;

/// Bytes of a packet that filters look at: all of them.
const SNAP: u32 = 262_144;

/// Packets in the order in which they went.
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
    /// The packets of a capture file; what is broken ends it.
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

    /// The places of the packets that a filter takes; `None` if it is no filter.
    pub fn taken(&self, filter: &str) -> Option<Vec<usize>> {
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

    /// Whether the link saw what it must have seen.
    pub fn shows(&self, sights: &[Sight]) -> bool {
        sights.iter().all(|sight| match sight {
            Sight::Seen(filter) => self.taken(filter).is_some_and(|taken| !taken.is_empty()),
            Sight::Never(filter) => self.taken(filter).is_some_and(|taken| taken.is_empty()),
        })
    }

    /// The packets that a filter takes, as `vigie capture -n -t` prints them; at most `most` of them.
    pub fn lines(&self, filter: &str, most: usize) -> Vec<String> {
        let mut printer = Printer::new(Options::default());
        let taken = self.taken(filter).unwrap_or_default();
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
            if lines.len() == most {
                break;
            }
        }
        lines
    }
}
