//! The interpreter's interface to the network, files and the screen. The binary implements [`Runtime`], so that
//! evaluation performs no I/O itself.

use crate::env::Env;
use crate::packet::Packet;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;
use vigie_wire::frame::LinkType;

/// Error of an implementation of [`Runtime`].
pub type RuntimeError = Box<dyn core::error::Error>;

/// Layer at which packets are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// As a frame with its link header (`sendp`, `srp`).
    Link,
    /// As an IP datagram, which the machine routes (`send`, `sr`).
    Network,
}

/// Options for sending packets.
#[derive(Clone, Debug, PartialEq)]
pub struct SendOptions {
    /// Layer at which packets are sent.
    pub level: Level,
    /// The interface, if one was named.
    pub interface: Option<String>,
    /// Time between packets.
    pub interval: Duration,
    /// Number of times that all packets are sent.
    pub count: u64,
}

/// Options for sending packets and waiting for replies.
#[derive(Clone, Debug, PartialEq)]
pub struct ExchangeOptions {
    /// Options for sending.
    pub send: SendOptions,
    /// Time to wait after the last packet; `None` waits until all packets are answered.
    pub timeout: Option<Duration>,
    /// Number of times that unanswered packets are sent again.
    pub retry: u64,
    /// Whether to stop after the first reply (`sr1`).
    pub first: bool,
    /// Whether a packet may have several answers.
    pub multi: bool,
    /// A capture filter on what is received.
    pub filter: Option<String>,
    /// Whether progress is printed.
    pub verbose: bool,
}

/// Options for capturing.
#[derive(Clone, Debug, PartialEq)]
pub struct SniffOptions {
    /// The interface, if one was named.
    pub interface: Option<String>,
    /// Maximum number of packets; 0 for no limit.
    pub count: u64,
    /// Maximum time.
    pub timeout: Option<Duration>,
    /// A capture filter.
    pub filter: Option<String>,
    /// Capture file to read instead of the network.
    pub offline: Option<String>,
}

/// A packet that was sent or captured.
#[derive(Clone, Debug)]
pub struct Captured {
    /// Time since 1970-01-01 00:00 UTC.
    pub time: Duration,
    /// The packet.
    pub packet: Packet,
}

/// Result of an exchange.
#[derive(Clone, Debug, Default)]
pub struct Exchange {
    /// Packets and their replies.
    pub answered: Vec<(Captured, Captured)>,
    /// Packets without reply.
    pub unanswered: Vec<Captured>,
}

/// The host of the interpreter.
pub trait Runtime: Env {
    /// Prints text, without adding a newline.
    fn print(&mut self, text: &str);

    /// Returns a random 64-bit number.
    fn random(&mut self) -> u64;

    /// Returns whether the user interrupted (Ctrl-C). Checked between items and between statements.
    fn is_interrupted(&self) -> bool {
        false
    }

    /// Clears an earlier interruption, before the next input runs.
    fn resume(&mut self) {}

    /// Sends packets. Returns their number.
    ///
    /// # Errors
    /// If a packet cannot be sent.
    fn send(&mut self, packets: &[Packet], options: &SendOptions) -> Result<u64, RuntimeError>;

    /// Sends packets and matches replies to them.
    ///
    /// # Errors
    /// If packets cannot be sent or received.
    fn exchange(
        &mut self,
        packets: &[Packet],
        options: &ExchangeOptions,
    ) -> Result<Exchange, RuntimeError>;

    /// Captures packets.
    ///
    /// # Errors
    /// If packets cannot be captured.
    fn sniff(&mut self, options: &SniffOptions) -> Result<Vec<Captured>, RuntimeError>;

    /// Reads a capture file.
    ///
    /// # Errors
    /// If the file cannot be read.
    fn read_capture(&mut self, path: &str) -> Result<Vec<Captured>, RuntimeError>;

    /// Writes a capture file.
    ///
    /// # Errors
    /// If the file cannot be written.
    fn write_capture(
        &mut self,
        path: &str,
        link: LinkType,
        packets: &[(Duration, Vec<u8>)],
    ) -> Result<(), RuntimeError>;
}

/// A runtime that collects what is printed and has no network and no files.
#[derive(Clone, Debug, Default)]
pub struct NoRuntime {
    /// Printed text.
    pub printed: String,
}

/// The error of [`NoRuntime`].
#[derive(Clone, Copy, Debug)]
struct Nowhere;

impl core::fmt::Display for Nowhere {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("there is no network and no file here")
    }
}
impl core::error::Error for Nowhere {}

impl Env for NoRuntime {}

impl Runtime for NoRuntime {
    fn print(&mut self, text: &str) {
        self.printed.push_str(text);
    }
    fn random(&mut self) -> u64 {
        0
    }
    fn send(&mut self, _packets: &[Packet], _options: &SendOptions) -> Result<u64, RuntimeError> {
        Err(Nowhere.into())
    }
    fn exchange(
        &mut self,
        _packets: &[Packet],
        _options: &ExchangeOptions,
    ) -> Result<Exchange, RuntimeError> {
        Err(Nowhere.into())
    }
    fn sniff(&mut self, _options: &SniffOptions) -> Result<Vec<Captured>, RuntimeError> {
        Err(Nowhere.into())
    }
    fn read_capture(&mut self, _path: &str) -> Result<Vec<Captured>, RuntimeError> {
        Err(Nowhere.into())
    }
    fn write_capture(
        &mut self,
        _: &str,
        _: LinkType,
        _: &[(Duration, Vec<u8>)],
    ) -> Result<(), RuntimeError> {
        Err(Nowhere.into())
    }
}
