//! A packet as one line of text, the way tcpdump's users read it.
//!
//! ```text
//! IP 10.0.0.1.55947 > 10.0.0.2.53: 60135+ A? www.itinet.fr. (31)
//! ```
//!
//! A protocol is a file here; [`Printer::print`] walks from the link header to the one that says most. What is read is hostile:
//! a packet that ends early or contradicts itself gets a mark (`[|tcp]`, `bad length`), never a panic, and text from packets
//! is printed without control characters. Layouts are tcpdump's; nothing here looks up a name or the time ([`Names`], [`Clock`]).
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
mod link;
mod other;
mod tcp;
mod time;
mod udp;

use alloc::{borrow::Cow, string::String};
use core::net::IpAddr;

pub use bytes::{ascii, hex, hex_ascii};
pub use tcp::Flows;
pub use time::{Clock, TimeStyle};

/// What a line shows beyond the usual.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// 0, or 1 for `-v` (the IP header, checksums), 2 for `-vv` (all sections of DNS messages), and so on.
    pub verbose: u8,
    /// The link header (`-e`).
    pub link_header: bool,
    /// TCP sequence numbers as they are, not from the connection's start (`-S`).
    pub absolute: bool,
    /// Which bytes follow the line.
    pub bytes: Bytes,
}

/// Which bytes follow a line, and how. `link` starts them at the link header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Bytes {
    /// None.
    #[default]
    None,
    /// Hexadecimal (`-x`, `-xx`).
    Hex {
        /// From the link header on.
        link: bool,
    },
    /// Hexadecimal and ASCII (`-X`, `-XX`).
    HexAscii {
        /// From the link header on.
        link: bool,
    },
    /// ASCII (`-A`, `-AA`).
    Ascii {
        /// From the link header on.
        link: bool,
    },
}

/// Names for numbers. The answers must come at once: a printer that waits loses packets.
pub trait Names {
    /// A host's name.
    fn host(&self, address: IpAddr) -> Option<Cow<'_, str>>;
    /// The name of a port of an IP protocol (6 TCP, 17 UDP).
    fn port(&self, port: u16, protocol: u8) -> Option<Cow<'_, str>>;
    /// The name of an interface index.
    fn interface(&self, index: u32) -> Option<Cow<'_, str>>;
}

/// No names: `-n`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Numeric;

impl Names for Numeric {
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

/// Prints packets. It remembers the start of TCP connections, to count their bytes from there.
#[derive(Clone, Debug, Default)]
pub struct Printer {
    options: Options,
    flows: Flows,
}

/// What the printers of all protocols work with.
struct Line<'run> {
    out: &'run mut String,
    options: Options,
    names: &'run dyn Names,
    flows: &'run mut Flows,
    /// How deep datagrams are nested in datagrams.
    depth: u8,
}

impl Printer {
    /// A printer that has seen nothing yet.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self {
            options,
            flows: Flows::default(),
        }
    }

    /// Appends a packet's line, without its time and without a line end: `link` is its LINKTYPE number, `length` its length
    /// on the wire in bytes. With [`Options::bytes`] or [`Options::verbose`] there may be several lines.
    pub fn print(
        &mut self,
        link: u16,
        length: u32,
        bytes: &[u8],
        names: &dyn Names,
        out: &mut String,
    ) {
        let Self { options, flows } = self;
        let start = out.len();
        let mut line = Line {
            out,
            options: *options,
            names,
            flows,
            depth: 0,
        };
        let header = link::print(&mut line, link, length as usize, bytes);
        debug_assert!(out.len() >= start, "lines only grow");
        let from = |link: bool| {
            if link {
                bytes
            } else {
                bytes.get(header..).unwrap_or_default()
            }
        };
        match options.bytes {
            Bytes::None => {}
            Bytes::Hex { link } => hex(from(link), out),
            Bytes::HexAscii { link } => hex_ascii(from(link), out),
            Bytes::Ascii { link } => ascii(from(link), out),
        }
    }
}

/// Appends a packet's line with its time of day in UTC (`time` in nanoseconds since 1970), for callers that print single
/// packets and keep no state: TCP sequence numbers are absolute, numbers stay numbers.
pub fn print(time: u64, link: u16, length: u32, bytes: &[u8], options: Options, out: &mut String) {
    Clock::new(TimeStyle::OfDay, 0).print(time, out);
    Printer::new(Options {
        absolute: true,
        ..options
    })
    .print(link, length, bytes, &Numeric, out);
}

impl Line<'_> {
    /// Appends text. Writing to a string cannot fail.
    fn text(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// Appends formatted text.
    fn add(&mut self, arguments: core::fmt::Arguments<'_>) {
        let _ = core::fmt::Write::write_fmt(self.out, arguments);
    }

    /// Marks a protocol whose bytes end too early.
    fn cut(&mut self, protocol: &str) {
        self.add(format_args!(" [|{protocol}]"));
    }

    fn host(&mut self, address: IpAddr) {
        match self.names.host(address) {
            Some(name) => bytes::printable(name.as_bytes(), self.out),
            None => self.add(format_args!("{address}")),
        }
    }

    fn port(&mut self, port: u16, protocol: u8) {
        match self.names.port(port, protocol) {
            Some(name) => bytes::printable(name.as_bytes(), self.out),
            None => self.add(format_args!("{port}")),
        }
    }

    /// `address.port`
    fn end(&mut self, address: IpAddr, port: u16, protocol: u8) {
        self.host(address);
        self.text(".");
        self.port(port, protocol);
    }
}

/// What a transport's printer is told by the network layer.
#[derive(Clone, Copy)]
struct Carried<'bytes> {
    source: IpAddr,
    destination: IpAddr,
    /// The IP protocol number.
    protocol: u8,
    /// The bytes that are there.
    bytes: &'bytes [u8],
    /// How many there were on the wire.
    length: usize,
    /// Part of a fragmented datagram: lengths and checksums cannot be judged.
    fragment: bool,
    /// Addresses were printed before (in IPv6, before extension headers).
    addressed: bool,
}

impl Carried<'_> {
    /// Whether the checksum can be computed: all of a whole datagram is there.
    fn is_whole(&self) -> bool {
        !self.fragment && self.bytes.len() >= self.length
    }

    /// The Internet checksum over the pseudo header and the first `length` bytes; 0 when it is right.
    fn checksum(&self) -> u16 {
        let bytes = &self.bytes[..self.length.min(self.bytes.len())];
        vigie_wire::checksum::Checksum::new()
            .add_pseudo(
                self.source,
                self.destination,
                self.protocol,
                bytes.len() as u32,
            )
            .add_bytes(bytes)
            .finish()
    }
}

/// The checksum that would be right, where the sum over all bytes came out as `left` with `sum` in its field. Of the two
/// zeros of this arithmetic it is tcpdump's, 0xffff.
fn right_sum(left: u16, sum: u16) -> u16 {
    let (all, carried) = left.overflowing_add(sum);
    all + u16::from(carried)
}

#[cfg(test)]
mod tests;
