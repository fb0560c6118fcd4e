//! What the language may ask of the world: the network, files, the screen. The binary implements it; the evaluator
//! stays pure.

use crate::env::Env;
use crate::packet::Packet;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;
use vigie_wire::frame::LinkType;

/// Why the world refused, in the words of whoever implements [`Runtime`].
pub type RuntimeError = Box<dyn core::error::Error>;

/// Where a packet is handed to the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// As a frame with its link header (`sendp`, `srp`).
    Link,
    /// As an IP datagram; the machine finds the way (`send`, `sr`).
    Network,
}

/// How packets are sent.
#[derive(Clone, Debug, PartialEq)]
pub struct SendOptions {
    /// Where.
    pub level: Level,
    /// The interface, if one was named.
    pub interface: Option<String>,
    /// Wait between packets.
    pub interval: Duration,
    /// How often the whole is sent.
    pub count: u64,
}

/// How answers are awaited.
#[derive(Clone, Debug, PartialEq)]
pub struct ExchangeOptions {
    /// How packets are sent.
    pub send: SendOptions,
    /// Wait after the last packet; none: until all are answered.
    pub timeout: Option<Duration>,
    /// How often unanswered packets are sent again.
    pub retry: u64,
    /// Whether one answer to one packet is enough for all (`sr1`).
    pub first: bool,
    /// Whether a packet may have several answers.
    pub multi: bool,
    /// A capture filter on what is received.
    pub filter: Option<String>,
    /// Whether progress is told.
    pub verbose: bool,
}

/// How packets are captured.
#[derive(Clone, Debug, PartialEq)]
pub struct SniffOptions {
    /// The interface, if one was named.
    pub interface: Option<String>,
    /// Stop after so many; 0: no bound.
    pub count: u64,
    /// Stop after so long.
    pub timeout: Option<Duration>,
    /// A capture filter.
    pub filter: Option<String>,
    /// The capture file whose packets are taken instead of those on the wire.
    pub offline: Option<String>,
}

/// A packet as it was seen.
#[derive(Clone, Debug)]
pub struct Captured {
    /// When, since 1970-01-01 00:00 UTC.
    pub time: Duration,
    /// What.
    pub packet: Packet,
}

/// What came of an exchange.
#[derive(Clone, Debug, Default)]
pub struct Exchange {
    /// Packets with their answers.
    pub answered: Vec<(Captured, Captured)>,
    /// Packets without.
    pub unanswered: Vec<Captured>,
}

/// The world.
pub trait Runtime: Env {
    /// Shows a text; it ends where it ends.
    fn print(&mut self, text: &str);

    /// A random number, of 64 bits.
    fn random(&mut self) -> u64;

    /// Whether the user wants what is running to stop (Ctrl-C). Asked between items and between statements.
    fn is_interrupted(&self) -> bool {
        false
    }

    /// Forgets an earlier wish to stop: what the user typed next begins.
    fn resume(&mut self) {}

    /// Sends packets; returns how many.
    fn send(&mut self, packets: &[Packet], options: &SendOptions) -> Result<u64, RuntimeError>;

    /// Sends packets and matches what comes back.
    fn exchange(
        &mut self,
        packets: &[Packet],
        options: &ExchangeOptions,
    ) -> Result<Exchange, RuntimeError>;

    /// Captures packets.
    fn sniff(&mut self, options: &SniffOptions) -> Result<Vec<Captured>, RuntimeError>;

    /// Reads a capture file.
    fn read_capture(&mut self, path: &str) -> Result<Vec<Captured>, RuntimeError>;

    /// Writes a capture file.
    fn write_capture(
        &mut self,
        path: &str,
        link: LinkType,
        packets: &[(Duration, Vec<u8>)],
    ) -> Result<(), RuntimeError>;
}

/// A world that only shows: what is printed is kept, everything else is refused.
#[derive(Clone, Debug, Default)]
pub struct NoRuntime {
    /// What was printed.
    pub printed: String,
}

/// There is no network and no file here.
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
