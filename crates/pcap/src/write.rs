//! Writes capture files.

use alloc::{string::String, vec::Vec};

use super::format::{
    BYTE_ORDER_MAGIC, ENHANCED_PACKET, INTERFACE, MAGIC_MICRO, MAGIC_NANO, SECTION, STATISTICS,
    option,
};
use vigie_wire::LinkType;

/// File format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// The classic format, which every tool reads.
    #[default]
    Pcap,
    /// The newer format: interface names, statistics and nanoseconds.
    PcapNg,
}

/// Time unit of a pcap file. pcapng files always hold nanoseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Precision {
    /// Microseconds, which every tool reads.
    #[default]
    Micro,
    /// Nanoseconds.
    Nano,
}

/// Properties of a file to write.
#[derive(Clone, Debug)]
pub struct WriterOptions {
    /// File format.
    pub format: Format,
    /// Time unit (pcap only).
    pub precision: Precision,
    /// Link type of all packets.
    pub link: LinkType,
    /// Maximum number of bytes stored per packet.
    pub snap: u32,
    /// Interface name (pcapng only).
    pub interface: Option<String>,
}

/// Packet counts of a capture, written at the end of a pcapng file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Number of packets that the filter accepted.
    pub received: u64,
    /// Number of accepted packets that the kernel dropped because its buffer was full.
    pub dropped: u64,
}

/// Writes a capture file, little-endian, by appending to a buffer that the caller empties. Each packet is copied once;
/// nothing else is allocated.
#[derive(Clone, Debug)]
pub struct Writer {
    options: WriterOptions,
}

impl Writer {
    /// Creates the writer of one file. Writes nothing.
    #[must_use]
    pub fn new(options: WriterOptions) -> Self {
        Self { options }
    }

    /// Appends the file header.
    pub fn start(&self, out: &mut Vec<u8>) {
        match self.options.format {
            Format::Pcap => {
                let magic = match self.options.precision {
                    Precision::Micro => MAGIC_MICRO,
                    Precision::Nano => MAGIC_NANO,
                };
                let link = u32::from(self.options.link.number());
                for word in [magic, 0x0004_0002, 0, 0, self.options.snap, link] {
                    out.extend(word.to_le_bytes());
                }
            }
            Format::PcapNg => {
                Self::section(out);
                self.interface(out);
            }
        }
    }

    /// Appends a packet: `time` in nanoseconds since 1970, `length` in bytes on the wire. Bytes past the snap length
    /// are left out.
    #[inline]
    pub fn packet(&self, time: u64, length: u32, bytes: &[u8], out: &mut Vec<u8>) {
        let stored = bytes.len().min(self.options.snap as usize);
        let bytes = &bytes[..stored];
        let length = length.max(stored as u32);
        match self.options.format {
            Format::Pcap => {
                let (seconds, nanoseconds) = (time / 1_000_000_000, time % 1_000_000_000);
                let fraction = match self.options.precision {
                    Precision::Micro => nanoseconds / 1000,
                    Precision::Nano => nanoseconds,
                };
                let mut header = [0; 16];
                header[..4].copy_from_slice(&(seconds as u32).to_le_bytes());
                header[4..8].copy_from_slice(&(fraction as u32).to_le_bytes());
                header[8..12].copy_from_slice(&(stored as u32).to_le_bytes());
                header[12..].copy_from_slice(&length.to_le_bytes());
                out.extend_from_slice(&header);
                out.extend_from_slice(bytes);
            }
            Format::PcapNg => block(out, ENHANCED_PACKET, |out| {
                for word in [0, (time >> 32) as u32, time as u32, stored as u32, length] {
                    out.extend(word.to_le_bytes());
                }
                out.extend_from_slice(bytes);
                out.resize(out.len() + pad(stored), 0);
            }),
        }
    }

    /// Appends the end of the file: in pcapng the counters at `time` (nanoseconds since 1970), in pcap nothing.
    pub fn finish(&self, time: u64, counters: Counters, out: &mut Vec<u8>) {
        if self.options.format == Format::Pcap {
            return;
        }
        block(out, STATISTICS, |out| {
            for word in [0, (time >> 32) as u32, time as u32] {
                out.extend(word.to_le_bytes());
            }
            put_option(
                out,
                option::STATISTICS_RECEIVED,
                &counters.received.to_le_bytes(),
            );
            put_option(
                out,
                option::STATISTICS_DROPPED,
                &counters.dropped.to_le_bytes(),
            );
            put_option(out, option::END, &[]);
        });
    }

    fn section(out: &mut Vec<u8>) {
        block(out, SECTION, |out| {
            out.extend(BYTE_ORDER_MAGIC.to_le_bytes());
            out.extend(1_u16.to_le_bytes());
            out.extend(0_u16.to_le_bytes());
            // The length of the section is not known yet.
            out.extend(u64::MAX.to_le_bytes());
            put_option(
                out,
                option::SECTION_APPLICATION,
                concat!("vigie ", env!("CARGO_PKG_VERSION")).as_bytes(),
            );
            put_option(out, option::END, &[]);
        });
    }

    fn interface(&self, out: &mut Vec<u8>) {
        block(out, INTERFACE, |out| {
            out.extend(self.options.link.number().to_le_bytes());
            out.extend(0_u16.to_le_bytes());
            out.extend(self.options.snap.to_le_bytes());
            if let Some(name) = &self.options.interface {
                put_option(out, option::INTERFACE_NAME, name.as_bytes());
            }
            put_option(out, option::INTERFACE_RESOLUTION, &[9]);
            put_option(out, option::END, &[]);
        });
    }
}

/// Number of bytes that pad `length` to a multiple of four.
fn pad(length: usize) -> usize {
    length.next_multiple_of(4) - length
}

/// Appends a block around the bytes of `body`. Its length precedes and follows them.
fn block(out: &mut Vec<u8>, kind: u32, body: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    out.extend(kind.to_le_bytes());
    out.extend([0; 4]);
    body(out);
    let length = (out.len() - start + 4) as u32;
    out.extend(length.to_le_bytes());
    out[start + 4..start + 8].copy_from_slice(&length.to_le_bytes());
}

fn put_option(out: &mut Vec<u8>, code: u16, value: &[u8]) {
    let value = &value[..value.len().min(usize::from(u16::MAX))];
    out.extend(code.to_le_bytes());
    out.extend((value.len() as u16).to_le_bytes());
    out.extend_from_slice(value);
    out.resize(out.len() + pad(value.len()), 0);
}
