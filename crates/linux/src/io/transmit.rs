//! The contract of every way to send, its settings, and the one type that holds any of them.
//!
//! It must not know rings or system calls: those are in `packet`, `tx_ring` and `xdp`.

use std::os::fd::BorrowedFd;

use rustix::io::Errno;

use super::error::IoError;
use super::packet::PacketTransmitter;
use super::tx_ring::RingTransmitter;
use super::xdp::{XdpMode, XdpTransmitter};
use crate::net;

/// What a slot holds, and how it reaches the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// A whole Ethernet frame without its FCS, from the destination address on (IEEE 802.3).
    Ethernet,
    /// An IPv4 or IPv6 packet on a device without a link layer of ours: tun, WireGuard, PPP, GRE.
    /// The kernel adds whatever header the device wants.
    Ip,
    /// An IPv4 or IPv6 packet to an address of this very machine, through raw IP sockets: what a
    /// packet socket injects on `lo` is refused as martian by the kernel's input routing.
    /// The kernel rewrites the IPv4 header checksum, and the identification if it is 0.
    Loopback,
}

impl From<net::Framing> for Framing {
    /// Links whose header nobody here writes are left to the kernel's own routing, as loopback is.
    fn from(link: net::Framing) -> Self {
        match link {
            net::Framing::Ethernet => Self::Ethernet,
            net::Framing::RawIp => Self::Ip,
            net::Framing::Loopback | net::Framing::Other(_) => Self::Loopback,
        }
    }
}

impl Framing {
    /// Bytes before the IP header in an untagged frame: 14 or 0.
    pub fn link_header_len(self) -> usize {
        match self {
            Self::Ethernet => 14,
            Self::Ip | Self::Loopback => 0,
        }
    }
}

/// The way frames take to the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// `sendmmsg` on a packet socket: works on every device, the default.
    Packet,
    /// `PACKET_TX_RING`: measured slower for small frames (docs/performance.md), kept as an option.
    TxRing,
    /// AF_XDP, Ethernet only.
    Xdp(XdpMode),
}

/// How to open a [`Transmitter`].
#[derive(Clone, Copy, Debug)]
pub struct TransmitConfig {
    /// The interface's index; not used by [`Framing::Loopback`] save as the zone of link-local
    /// IPv6 addresses.
    pub ifindex: u32,
    /// What the slots hold.
    pub framing: Framing,
    /// The device's transmit queue, for AF_XDP: one transmitter each. Others choose by CPU.
    pub queue: u32,
    /// Slots filled between two flushes, 1 to 1,024.
    pub batch: usize,
    /// The longest frame that a slot must hold, bytes, link header included.
    pub max_frame: usize,
    /// Skip the queueing discipline (`PACKET_QDISC_BYPASS`): faster, but frames that the
    /// device cannot take at once come back as "blocked" and local captures do not see them.
    pub qdisc_bypass: bool,
    /// The socket's send buffer, bytes: about 800 go for each small frame that the device has not
    /// let go of. 0 chooses: little for a veth pair, whose queue of 256 drops what comes beyond
    /// (so that a full pair says "blocked" instead), much for others.
    pub send_buffer: i32,
    /// How many transmitters share the device's queue.
    pub senders: usize,
}

impl TransmitConfig {
    /// The measured defaults for an interface.
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

    /// The send buffer to ask for.
    pub(super) fn wanted_send_buffer(&self) -> i32 {
        if self.send_buffer > 0 {
            return self.send_buffer;
        }
        let links = net::Network::open().and_then(|mut network| network.links());
        let veth = links.is_ok_and(|links| {
            let found = links.iter().find(|link| link.index == self.ifindex);
            found.is_some_and(|link| link.kind.as_deref() == Some("veth"))
        });
        if veth {
            // Of the queue's 256 frames one sender fills 180, and several together 240.
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

/// What one flush did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flushed {
    /// Frames that the kernel took.
    pub sent: usize,
    /// Frames not sent yet: the next flush goes on with them. Zero unless `blocked`, or the device
    /// works through them on its own (AF_XDP without copy).
    pub pending: usize,
    /// The device or the socket had no room (EAGAIN, ENOBUFS): wait until writable, or a little.
    pub blocked: bool,
    /// Frames that the kernel refused for good and that are gone: too long for the device, or
    /// (on loopback) refused by the local firewall. Never counted as sent.
    pub refused: usize,
    /// Why the last of them was refused.
    pub refusal: Option<Errno>,
}

impl Flushed {
    /// Adds what a further flush did.
    pub fn absorb(&mut self, later: Self) {
        self.sent += later.sent;
        self.refused += later.refused;
        self.refusal = later.refusal.or(self.refusal);
        self.pending = later.pending;
        self.blocked = later.blocked;
    }
}

/// Sends frames written in place.
///
/// `slot` then `commit`, as often as `slot` gives one; then `flush`. A slot not committed is
/// simply given again. A committed frame is either sent, refused (both counted) or still
/// pending: none is lost in silence.
pub trait Transmit {
    /// The next free slot, at least [`TransmitConfig::max_frame`] bytes long, with stale contents
    /// (a frame written there earlier, or zeros). `None`: flush first.
    fn slot(&mut self) -> Option<&mut [u8]>;

    /// Queues the first `len` bytes of the slot given last.
    ///
    /// # Panics
    /// When no slot was given, or `len` is longer than it: a fault of the caller.
    fn commit(&mut self, len: usize);

    /// Hands the committed frames to the kernel, without waiting.
    fn flush(&mut self) -> Result<Flushed, IoError>;

    /// What to wait for after a flush was `blocked`, until it is writable; none where only time
    /// helps (some ten microseconds).
    fn writable(&self) -> Option<BorrowedFd<'_>>;

    /// Committed frames that no flush has got rid of yet.
    fn pending(&self) -> usize;
}

/// Any of the ways to send.
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
    /// Opens the way `method` on an interface; needs CAP_NET_RAW.
    ///
    /// An [`IoError::Unsupported`] for [`Method::Xdp`] means: fall back to [`Method::Packet`].
    pub fn open(config: &TransmitConfig, method: Method) -> Result<Self, IoError> {
        let mut one = Self::open_many(config, method, 1)?;
        one.pop().ok_or(IoError::BadRequest("no transmitter"))
    }

    /// The same for `count` threads, one transmitter each.
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
