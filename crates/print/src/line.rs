//! The line that the printers of all protocols append to, and what the IP printer passes to them.

use alloc::string::String;
use core::{fmt, net::IpAddr};

use vigie_wire::checksum::Checksum;

use crate::{DisplayNames, Options, bytes::printable, tcp::Flows};

/// Output and context of one packet's line.
pub(crate) struct Line<'run> {
    pub(crate) out: &'run mut String,
    pub(crate) options: Options,
    pub(crate) names: &'run dyn DisplayNames,
    pub(crate) flows: &'run mut Flows,
    /// Number of IP headers around the current one.
    pub(crate) depth: u8,
}

impl Line<'_> {
    /// Appends text.
    pub(crate) fn text(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// Appends formatted text. Writing to a string cannot fail.
    pub(crate) fn add(&mut self, arguments: fmt::Arguments<'_>) {
        let _ = fmt::Write::write_fmt(self.out, arguments);
    }

    /// Appends the mark of a protocol whose bytes end too early.
    pub(crate) fn truncated(&mut self, protocol: &str) {
        self.add(format_args!(" [|{protocol}]"));
    }

    /// Appends a host as name or address.
    pub(crate) fn host(&mut self, address: IpAddr) {
        match self.names.host(address) {
            Some(name) => printable(name.as_bytes(), self.out),
            None => self.add(format_args!("{address}")),
        }
    }

    /// Appends a port as name or number.
    pub(crate) fn port(&mut self, port: u16, protocol: u8) {
        match self.names.port(port, protocol) {
            Some(name) => printable(name.as_bytes(), self.out),
            None => self.add(format_args!("{port}")),
        }
    }

    /// Appends `address.port`.
    pub(crate) fn endpoint(&mut self, address: IpAddr, port: u16, protocol: u8) {
        self.host(address);
        self.text(".");
        self.port(port, protocol);
    }

    /// Appends `source > destination: `.
    pub(crate) fn addresses(&mut self, message: &IpPayload<'_>) {
        self.host(message.source);
        self.text(" > ");
        self.host(message.destination);
        self.text(": ");
    }

    /// Appends `address.port > address.port: `, or only the ports if the addresses were printed before.
    pub(crate) fn endpoints(&mut self, message: &IpPayload<'_>, source: u16, destination: u16) {
        if message.addressed {
            self.port(source, message.protocol);
            self.text(" > ");
            self.port(destination, message.protocol);
        } else {
            self.endpoint(message.source, source, message.protocol);
            self.text(" > ");
            self.endpoint(message.destination, destination, message.protocol);
        }
        self.text(": ");
    }

    /// Appends the names of the flags that are set, separated by commas, or `none`.
    pub(crate) fn flags(&mut self, flags: u8, names: &[(&str, u8)]) {
        let mut set = names
            .iter()
            .filter(|(_, bit)| flags & bit != 0)
            .map(|(name, _)| *name);
        self.text(set.next().unwrap_or("none"));
        set.for_each(|name| self.add(format_args!(", {name}")));
    }
}

/// Payload of an IP packet, with what its printer needs from the IP header.
#[derive(Clone, Copy)]
pub(crate) struct IpPayload<'bytes> {
    pub(crate) source: IpAddr,
    pub(crate) destination: IpAddr,
    /// IP protocol number.
    pub(crate) protocol: u8,
    /// Captured bytes.
    pub(crate) bytes: &'bytes [u8],
    /// Length on the wire, in bytes.
    pub(crate) length: usize,
    /// Part of a fragmented packet: lengths and checksums cannot be checked.
    pub(crate) fragment: bool,
    /// The addresses were already printed (in IPv6 before extension headers).
    pub(crate) addressed: bool,
}

impl IpPayload<'_> {
    /// Whether the checksum can be verified: the packet is no fragment and all its bytes were captured.
    pub(crate) fn is_whole(&self) -> bool {
        !self.fragment && self.bytes.len() >= self.length
    }

    /// Returns the Internet checksum over the pseudo header and the first `length` bytes; 0 if it is correct.
    pub(crate) fn checksum(&self) -> u16 {
        let bytes = &self.bytes[..self.length.min(self.bytes.len())];
        Checksum::new()
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

/// Returns the correct checksum, given the checksum over all bytes (`computed`) and the field's value (`field`) that is
/// part of them. Of the two representations of zero this is tcpdump's, 0xffff.
pub(crate) fn correct_checksum(computed: u16, field: u16) -> u16 {
    let (sum, carry) = computed.overflowing_add(field);
    sum + u16::from(carry)
}
