//! Capture files as lists of packets (`rdpcap`, `wrpcap`).

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::time::Duration;

use vigie_craft::Packet;
use vigie_craft::lang::{Captured, RuntimeError};
use vigie_craft::layers::{self, LayerId};
use vigie_pcap::{Format, Precision, Reader, Step, Writer, WriterOptions};
use vigie_report::Message;
use vigie_wire::LinkType;

use super::error::MachineError;
use super::sniff::Filter;
use crate::capture_file::read_error;

/// Maximum number of packets of one file, which are kept in memory.
const MAX_PACKETS: usize = 4_000_000;
/// Snapshot length of written files, in bytes.
const SNAP: u32 = 262_144;

fn io(path: &str, error: &std::io::Error) -> RuntimeError {
    MachineError::message(
        Message::new("packet-file")
            .outside("path", path)
            .shown("error", error),
    )
}

/// Reads a pcap or pcapng file.
pub fn read(path: &str) -> Result<Vec<Captured>, RuntimeError> {
    read_some(path, 0, None)
}

/// Reads the packets of a file that match the filter, at most `count` (0: all).
pub fn read_some(
    path: &str,
    count: u64,
    mut filter: Option<&mut Filter>,
) -> Result<Vec<Captured>, RuntimeError> {
    let mut file = File::open(path).map_err(|error| io(path, &error))?;
    let mut reader = Reader::new();
    let mut bytes = Vec::new();
    let mut captured = Vec::new();
    let mut chunk = vec![0; 1 << 20];
    let wrong =
        |error: &vigie_pcap::Error| MachineError::message(read_error(Path::new(path), error));
    loop {
        let mut at = 0;
        loop {
            match reader.step(&bytes[at..]).map_err(|error| wrong(&error))? {
                Step::Packet { packet, consumed } => {
                    at += consumed;
                    if let Some(filter) = &mut filter
                        && !filter.matches_in_file(packet.link, packet.bytes, packet.length)?
                    {
                        continue;
                    }
                    if captured.len() >= MAX_PACKETS {
                        return Err(MachineError::message(
                            Message::new("packet-too-many").amount("most", MAX_PACKETS as u64),
                        ));
                    }
                    captured.push(Captured {
                        time: Duration::from_nanos(packet.time.unwrap_or(0)),
                        packet: dissect(LinkType::from_number(packet.link), packet.bytes),
                    });
                    if captured.len() as u64 == count {
                        return Ok(captured);
                    }
                }
                Step::Other { consumed } => at += consumed,
                Step::More { .. } => break,
            }
        }
        bytes.drain(..at);
        let read = file.read(&mut chunk).map_err(|error| io(path, &error))?;
        if read == 0 {
            return match reader.cut_short(bytes.len()) {
                Some(error) if captured.is_empty() => Err(wrong(&error)),
                _ => Ok(captured),
            };
        }
        bytes.extend_from_slice(&chunk[..read]);
    }
}

/// Returns a captured frame as a packet. A frame that cannot be dissected becomes a raw payload.
pub fn dissect(link: Option<LinkType>, bytes: &[u8]) -> Packet {
    let first = match link {
        Some(LinkType::Ethernet) => Some("Ether"),
        Some(LinkType::LinuxSll) => Some("CookedLinux"),
        Some(LinkType::LinuxSll2) => Some("CookedLinuxV2"),
        Some(LinkType::RawIp | LinkType::Ipv4 | LinkType::Ipv6) => first_ip_layer(bytes),
        _ => None,
    };
    let id: Option<LayerId> = first.and_then(layers::find);
    id.and_then(|id| Packet::dissect(id, bytes).ok())
        .unwrap_or_else(|| Packet::raw(bytes.to_vec()))
}

/// Returns the first layer of an IP datagram without link-layer header.
pub fn first_ip_layer(bytes: &[u8]) -> Option<&'static str> {
    match bytes.first().map(|b| b >> 4) {
        Some(4) => Some("IP"),
        Some(6) => Some("IPv6"),
        _ => None,
    }
}

/// Writes a file: pcapng if its name ends in `.pcapng`, otherwise pcap.
pub fn write(
    path: &str,
    link: LinkType,
    packets: &[(Duration, Vec<u8>)],
) -> Result<(), RuntimeError> {
    let writer = Writer::new(WriterOptions {
        format: if path.ends_with(".pcapng") {
            Format::PcapNg
        } else {
            Format::Pcap
        },
        precision: Precision::Micro,
        link,
        snap: SNAP,
        interface: None,
    });
    let mut bytes = Vec::new();
    writer.start(&mut bytes);
    for (time, packet) in packets {
        let nanos = u64::try_from(time.as_nanos()).unwrap_or(0);
        writer.packet(nanos, packet.len() as u32, packet, &mut bytes);
    }
    let mut file = File::create(path).map_err(|error| io(path, &error))?;
    file.write_all(&bytes).map_err(|error| io(path, &error))
}
