//! Packets as text: one line per packet, in tcpdump's layout.
//!
//! ```
//! use vigie_print::{Numeric, Options, Printer};
//! use vigie_wire::LinkType;
//!
//! // An ICMP echo request from 10.0.0.1 to 10.0.0.2.
//! let packet = [
//!     0x45, 0, 0, 28, 0, 0, 0, 0, 64, 1, 0x66, 0xdf, 10, 0, 0, 1, 10, 0, 0, 2, 8, 0, 0xf7, 0xf5, 0, 7, 0, 3,
//! ];
//! let mut line = String::new();
//! Printer::new(Options::default()).print(LinkType::RawIp.number(), 28, &packet, &Numeric, &mut line);
//! assert_eq!(line, "IP 10.0.0.1 > 10.0.0.2: ICMP echo request, id 7, seq 3, length 8");
//! ```
//!
//! Each protocol has one file; [`Printer::print`] starts at the link header. Packets are untrusted: one that ends early
//! or contradicts itself gets a mark (`[|tcp]`, `bad length`), and text from packets is printed without control
//! characters.
//!
//! This crate looks up no name and reads no clock (see [`DisplayNames`] and [`Clock`]). It must not know capture files,
//! filters or packet expressions.
#![no_std]
extern crate alloc;
#[cfg(test)]
extern crate std;

mod arp;
mod bytes;
mod dns;
mod icmp;
mod icmpv6;
mod ip;
mod line;
mod link;
mod other;
mod tcp;
mod text_protocol;
mod time;
mod udp;

use alloc::{borrow::Cow, string::String};
use core::net::IpAddr;

pub use bytes::{ascii, hex, hex_ascii};
pub use time::{Clock, TimeStyle};

use line::Line;
use tcp::Flows;

/// Options for what lines show beyond the default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Verbosity: 1 for `-v` (IP header, checksums), 2 for `-vv` (all sections of DNS messages), and so on.
    pub verbose: u8,
    /// Show the link header (`-e`).
    pub link_header: bool,
    /// Show TCP sequence numbers as they are, not relative to the start of the connection (`-S`).
    pub absolute_sequence: bool,
    /// Dump after the line.
    pub dump: Dump,
}

/// Dump of the packet's bytes after a line. With `link_header` it starts at the link header, otherwise behind it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dump {
    /// No dump.
    #[default]
    None,
    /// Hexadecimal (`-x`, `-xx`).
    Hex {
        /// Include the link header.
        link_header: bool,
    },
    /// Hexadecimal and ASCII (`-X`, `-XX`).
    HexAscii {
        /// Include the link header.
        link_header: bool,
    },
    /// ASCII (`-A`, `-AA`).
    Ascii {
        /// Include the link header.
        link_header: bool,
    },
}

/// Names for addresses, ports and interfaces. Implementations must not block: a printer that waits loses packets.
pub trait DisplayNames {
    /// Returns the name of a host.
    fn host(&self, address: IpAddr) -> Option<Cow<'_, str>>;
    /// Returns the name of a port of an IP protocol (6 TCP, 17 UDP).
    fn port(&self, port: u16, protocol: u8) -> Option<Cow<'_, str>>;
    /// Returns the name of an interface index.
    fn interface(&self, index: u32) -> Option<Cow<'_, str>>;
}

/// No names, only numbers: `-n`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Numeric;

impl DisplayNames for Numeric {
    fn host(&self, _: IpAddr) -> Option<Cow<'_, str>> {
        None
    }

    fn port(&self, _: u16, _: u8) -> Option<Cow<'_, str>> {
        None
    }

    fn interface(&self, _: u32) -> Option<Cow<'_, str>> {
        None
    }
}

/// Prints packets. Stores where each TCP connection starts, to print relative sequence numbers.
#[derive(Clone, Debug, Default)]
pub struct Printer {
    options: Options,
    flows: Flows,
}

impl Printer {
    /// Creates a printer that has seen no packet.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self {
            options,
            flows: Flows::default(),
        }
    }

    /// Appends the line of a packet, without its time and without a line end. `link` is the LINKTYPE number, `length`
    /// the length on the wire in bytes. With [`Options::dump`] or [`Options::verbose`] there may be several lines.
    pub fn print(
        &mut self,
        link: u16,
        length: u32,
        bytes: &[u8],
        names: &dyn DisplayNames,
        out: &mut String,
    ) {
        let Self { options, flows } = self;
        let mut line = Line {
            out,
            options: *options,
            names,
            flows,
            depth: 0,
        };
        let header_len = link::print(&mut line, link, length as usize, bytes);
        let dumped = |link_header: bool| {
            if link_header {
                bytes
            } else {
                bytes.get(header_len..).unwrap_or_default()
            }
        };
        match options.dump {
            Dump::None => {}
            Dump::Hex { link_header } => hex(dumped(link_header), out),
            Dump::HexAscii { link_header } => hex_ascii(dumped(link_header), out),
            Dump::Ascii { link_header } => ascii(dumped(link_header), out),
        }
    }
}

/// Appends the line of a single packet with its time of day in UTC (`time` in nanoseconds since 1970). Stores no
/// connection: TCP sequence numbers are absolute, addresses and ports are numbers.
pub fn print(time: u64, link: u16, length: u32, bytes: &[u8], options: Options, out: &mut String) {
    Clock::new(TimeStyle::OfDay, 0).print(time, out);
    Printer::new(Options {
        absolute_sequence: true,
        ..options
    })
    .print(link, length, bytes, &Numeric, out);
}

#[cfg(test)]
mod tests;
