//! The trait and configuration of all transmitters, and one type for any of them.
//!
//! It must not know rings or system calls: those are in `packet`, `tx_ring` and `xdp`.

use std::os::fd::BorrowedFd;

use rustix::io::Errno;

use super::error::IoError;
use super::packet::PacketTransmitter;
use super::tx_ring::RingTransmitter;
use super::xdp::{XdpMode, XdpTransmitter};
use crate::net;

/// First header of the frames in a slot, and the kind of socket that sends them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// A whole Ethernet frame without its FCS, from the destination address on (IEEE 802.3).
    Ethernet,
    /// An IPv4 or IPv6 packet on a device without Ethernet headers: tun, WireGuard, PPP, GRE. The kernel adds the
    /// device's header, if it has one.
    Ip,
    /// An IPv4 or IPv6 packet to an address of this machine, through raw IP sockets: the kernel's input routing drops
    /// what a packet socket injects on `lo` as martian. The kernel rewrites the IPv4 header checksum, and the
    /// identification if it is 0.
    Loopback,
}

impl From<net::LinkLayer> for Framing {
    /// Links with an unknown header use the kernel's routing, like loopback.
    fn from(link: net::LinkLayer) -> Self {
        match link {
            net::LinkLayer::Ethernet => Self::Ethernet,
            net::LinkLayer::RawIp => Self::Ip,
            net::LinkLayer::Loopback | net::LinkLayer::Other(_) => Self::Loopback,
        }
    }
}

impl Framing {
    /// Returns the number of bytes before the IP header in an untagged frame: 14 or 0.
    pub fn link_header_len(self) -> usize {
        match self {
            Self::Ethernet => 14,
            Self::Ip | Self::Loopback => 0,
        }
    }
}

/// The kernel interface that sends frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// `sendmmsg` on a packet socket: works on every device, the default.
    Packet,
    /// `PACKET_TX_RING`: measured slower for small frames (docs/performance.md), kept as an option.
    TxRing,
    /// AF_XDP, Ethernet only.
    Xdp(XdpMode),
}

/// Configuration of a [`Transmitter`].
#[derive(Clone, Copy, Debug)]
pub struct TransmitConfig {
    /// Interface index. [`Framing::Loopback`] uses it only as the zone of link-local IPv6 addresses.
    pub ifindex: u32,
    /// First header of the frames.
    pub framing: Framing,
    /// Transmit queue of the device for AF_XDP, one for each transmitter. Other methods choose by CPU.
    pub queue: u32,
    /// Maximum number of slots filled between two flushes, 1 to 1,024.
    pub batch: usize,
    /// Maximum length of a frame in bytes, including the link header.
    pub max_frame: usize,
    /// Whether to bypass the queueing discipline (`PACKET_QDISC_BYPASS`). This is faster, but a flush is "blocked" when
    /// the device cannot accept a frame at once, and local captures do not see the frames.
    pub qdisc_bypass: bool,
    /// Send buffer of the socket in bytes; a small frame in the device's queue takes about 800. With 0 the size is
    /// chosen: large for most devices, but small for a veth pair, so that a flush is "blocked" before the pair's queue of
    /// 256 frames drops any.
    pub send_buffer: i32,
    /// Number of transmitters that share the device's queue.
    pub senders: usize,
}

impl TransmitConfig {
    /// Returns the measured defaults for an interface (docs/performance.md).
    pub fn new(ifindex: u32, framing: Framing) -> Self {
        Self {
            ifindex,
            framing,
            queue: 0,
            batch: 64,
            max_frame: 1600,
            qdisc_bypass: true,
            send_buffer: 0,
            senders: 1,
        }
    }

    /// Returns the size of the send buffer in bytes.
    pub(super) fn send_buffer_size(&self) -> i32 {
        if self.send_buffer > 0 {
            return self.send_buffer;
        }
        let links = net::Network::open().and_then(|mut network| network.links());
        let veth = links.is_ok_and(|links| {
            let found = links.iter().find(|link| link.index == self.ifindex);
            found.is_some_and(|link| link.kind.as_deref() == Some("veth"))
        });
        if veth {
            // One transmitter fills 180 of the queue's 256 frames, several together 240.
            let share = 96_000 / self.senders.max(1);
            share.min(70_000) as i32
        } else {
            4 << 20
        }
    }

    pub(super) fn check(&self) -> Result<(), IoError> {
        if self.batch == 0 || self.batch > 1024 {
            return Err(IoError::BadRequest("batch outside 1..=1024"));
        }
        if self.max_frame < 64 || self.max_frame > 65_536 {
            return Err(IoError::BadRequest("max_frame outside 64..=65536"));
        }
        Ok(())
    }
}

/// Result of a flush.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flushed {
    /// Frames that the kernel accepted.
    pub sent: usize,
    /// Frames not sent yet: the next flush continues with them. Zero unless `blocked`, or the device sends them on its
    /// own (AF_XDP without copy).
    pub pending: usize,
    /// Whether the queue of the device or the socket was full (EAGAIN, ENOBUFS): wait (see [`Transmit::writable`]).
    pub blocked: bool,
    /// Frames that the kernel refused and that were discarded: too long for the device, or rejected by the local
    /// firewall (on loopback). They do not count as sent.
    pub refused: usize,
    /// Error of the last refused frame.
    pub last_error: Option<Errno>,
}

impl Flushed {
    /// Adds the result of a later flush.
    pub fn absorb(&mut self, later: Self) {
        self.sent += later.sent;
        self.refused += later.refused;
        self.last_error = later.last_error.or(self.last_error);
        self.pending = later.pending;
        self.blocked = later.blocked;
    }
}

/// Sends frames written in place.
///
/// Call order: `slot`, then `commit`, as long as `slot` returns one; then `flush`. A slot that was not committed is
/// returned again. A committed frame is sent, refused or pending, and each is counted.
pub trait Transmit {
    /// Returns the next free slot, at least [`TransmitConfig::max_frame`] bytes long, with an earlier frame or zeros in
    /// it. `None`: flush first.
    fn slot(&mut self) -> Option<&mut [u8]>;

    /// Queues the first `len` bytes of the last slot returned.
    ///
    /// # Panics
    /// If no slot was returned, or `len` exceeds its length: a bug of the caller.
    fn commit(&mut self, len: usize);

    /// Hands the committed frames to the kernel, without waiting.
    ///
    /// # Errors
    /// If the device or the socket is unusable.
    fn flush(&mut self) -> Result<Flushed, IoError>;

    /// Returns what to wait for after a flush was `blocked`, until it is writable. `None`: wait about ten microseconds.
    fn writable(&self) -> Option<BorrowedFd<'_>>;

    /// Returns the number of committed frames that are neither sent nor refused.
    fn pending(&self) -> usize;
}

/// A transmitter of any method.
#[derive(Debug)]
pub enum Transmitter {
    /// `sendmmsg`.
    Packet(PacketTransmitter),
    /// `PACKET_TX_RING`.
    TxRing(RingTransmitter),
    /// AF_XDP.
    Xdp(XdpTransmitter),
}

impl Transmitter {
    /// Opens a transmitter on an interface. Needs CAP_NET_RAW.
    ///
    /// # Errors
    /// If `config` is out of range or the kernel refuses. After [`IoError::Unsupported`] for [`Method::Xdp`], fall back
    /// to [`Method::Packet`].
    pub fn open(config: &TransmitConfig, method: Method) -> Result<Self, IoError> {
        let mut one = Self::open_many(config, method, 1)?;
        one.pop().ok_or(IoError::BadRequest("no transmitter"))
    }

    /// Opens a transmitter for each of `count` threads.
    ///
    /// # Errors
    /// As [`Transmitter::open`], or if `count` is 0 or more than 256.
    pub fn open_many(
        config: &TransmitConfig,
        method: Method,
        count: usize,
    ) -> Result<Vec<Self>, IoError> {
        if count == 0 || count > 256 {
            return Err(IoError::BadRequest("count outside 1..=256"));
        }
        let config = &TransmitConfig {
            senders: count,
            ..*config
        };
        match method {
            Method::Packet => (0..count)
                .map(|_| PacketTransmitter::open(config).map(Self::Packet))
                .collect(),
            Method::TxRing => (0..count)
                .map(|_| RingTransmitter::open(config).map(Self::TxRing))
                .collect(),
            Method::Xdp(mode) => {
                let all = XdpTransmitter::open(config, mode, count)?;
                Ok(all.into_iter().map(Self::Xdp).collect())
            }
        }
    }
}

impl Transmit for Transmitter {
    #[inline]
    fn slot(&mut self) -> Option<&mut [u8]> {
        match self {
            Self::Packet(t) => t.slot(),
            Self::TxRing(t) => t.slot(),
            Self::Xdp(t) => t.slot(),
        }
    }

    #[inline]
    fn commit(&mut self, len: usize) {
        match self {
            Self::Packet(t) => t.commit(len),
            Self::TxRing(t) => t.commit(len),
            Self::Xdp(t) => t.commit(len),
        }
    }

    fn flush(&mut self) -> Result<Flushed, IoError> {
        match self {
            Self::Packet(t) => t.flush(),
            Self::TxRing(t) => t.flush(),
            Self::Xdp(t) => t.flush(),
        }
    }

    fn writable(&self) -> Option<BorrowedFd<'_>> {
        match self {
            Self::Packet(t) => t.writable(),
            Self::TxRing(t) => t.writable(),
            Self::Xdp(t) => t.writable(),
        }
    }

    fn pending(&self) -> usize {
        match self {
            Self::Packet(t) => t.pending(),
            Self::TxRing(t) => t.pending(),
            Self::Xdp(t) => t.pending(),
        }
    }
}
