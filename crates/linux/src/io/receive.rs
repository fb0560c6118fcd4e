//! Receiving: a filtered packet socket with a ring shared with the kernel, drained without a copy.
//!
//! The filter is attached before the socket is bound, so no unwanted frame can be in the ring. The kernel counts the
//! frames that find a full ring, and the receiver reports the count.
//!
//! It must not know what the frames mean.

use core::mem::size_of;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use vigie_pcap_filter::Program;

use super::error::IoError;
use super::filter;
use super::ring_v2::FrameRing;
use super::ring_v3::BlockRing;
use super::socket;
use super::transmit::Framing;
use crate::clock::StampClock;

/// Configuration of a [`Receiver`].
#[derive(Clone, Debug)]
pub struct ReceiveConfig {
    /// Interface index: 1 (`lo`) for [`Framing::Loopback`] in every namespace, 0 for all interfaces.
    pub ifindex: u32,
    /// First header of the frames: with [`Framing::Ip`] and [`Framing::Loopback`] the IP header, whatever the device
    /// puts before it.
    pub framing: Framing,
    /// Selects the frames to receive.
    pub filter: Program,
    /// Layout of the ring.
    pub layout: Layout,
    /// Shares the interface's frames among several receivers.
    pub fanout: Option<Fanout>,
    /// Whether frames that this machine sends are received too.
    pub outgoing: bool,
    /// Whether frames to other machines are received too, if the link delivers them (promiscuous mode).
    pub promiscuous: bool,
}

/// Layout of a receive ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// TPACKET_V3: blocks of frames of any length, handed over when full or after `retire_ms`. Stores the most frames
    /// per byte, but a lone frame waits for the timer: half a millisecond on Linux 6.18, 4 to 10 ms on older kernels.
    Blocks {
        /// Size of a block in bytes: a power of two, at least a page.
        block: usize,
        /// Number of blocks.
        count: usize,
        /// Time in ms after which a block is handed over although it is not full.
        retire_ms: u32,
    },
    /// TPACKET_V2: slots of equal size, each handed over at once (about ten microseconds). A longer frame is cut, which
    /// its `wire_len` shows.
    Frames {
        /// Size of a slot in bytes, with its header of about 80 bytes: a power of two, at least 128.
        frame: usize,
        /// Number of slots.
        count: usize,
    },
}

/// `PACKET_FANOUT`: the sockets of one group share the frames of an interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fanout {
    /// Number of the group, unique in the network namespace.
    pub group: u16,
    /// How a socket is chosen for a frame.
    pub mode: FanoutMode,
}

/// How a fanout group distributes frames (linux/if_packet.h).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FanoutMode {
    /// By a hash of the flow: all frames of a flow go to one socket.
    Hash,
    /// In turn.
    LoadBalance,
    /// By the CPU that received it.
    Cpu,
    /// By the device's receive queue.
    Queue,
}

/// One received frame, lent from the ring.
#[derive(Clone, Copy, Debug)]
pub struct Received<'a> {
    /// Stored bytes, beginning with the Ethernet or the IP header.
    pub bytes: &'a [u8],
    /// Length of the frame on the wire in bytes, at least `bytes.len()`.
    pub wire_len: usize,
    /// Time of reception, `CLOCK_MONOTONIC` in ns.
    pub time_ns: u64,
    /// Time of reception, ns since the Unix epoch.
    pub unix_ns: u64,
    /// TCI of the VLAN tag in host byte order, if the kernel removed one.
    pub vlan: Option<u16>,
    /// Whether the transport checksum is not filled in yet (a sender on this machine left it to the device). It must not
    /// be verified then.
    pub checksum_pending: bool,
    /// The kernel's `struct sockaddr_ll` of the frame; see [`Received::origin`].
    pub(super) address: &'a [u8; ADDRESS],
}

/// Size of `struct sockaddr_ll` in bytes.
pub(super) const ADDRESS: usize = size_of::<libc::sockaddr_ll>();

/// Interface and link-layer data of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Interface index.
    pub ifindex: u32,
    /// EtherType in host byte order.
    pub ethertype: u16,
    /// Hardware type of the link (`ARPHRD_*`).
    pub hardware: u16,
    /// Packet type: to this machine (0), broadcast (1), multicast (2), to another machine (3), sent by this machine (4)
    /// (`PACKET_*` of linux/if_packet.h).
    pub packet_type: u8,
    /// Link-layer address of the sender, and its length in bytes.
    pub sender: ([u8; 8], u8),
}

impl Origin {
    /// Returns whether this machine sent the frame.
    pub fn is_outgoing(&self) -> bool {
        self.packet_type == libc::PACKET_OUTGOING
    }
}

impl Received<'_> {
    /// Returns the interface and link-layer data that the kernel reported.
    pub fn origin(&self) -> Origin {
        // `struct sockaddr_ll`: family (u16), protocol (u16, network order), ifindex (i32), hardware type (u16),
        // packet type (u8), address length (u8), address (8 bytes).
        let [
            _,
            _,
            p0,
            p1,
            i0,
            i1,
            i2,
            i3,
            h0,
            h1,
            packet_type,
            length,
            sender @ ..,
        ] = *self.address;
        Origin {
            ifindex: u32::from_ne_bytes([i0, i1, i2, i3]),
            ethertype: u16::from_be_bytes([p0, p1]),
            hardware: u16::from_ne_bytes([h0, h1]),
            packet_type,
            sender: (sender, length.min(8)),
        }
    }
}

impl<'ring> Received<'ring> {
    /// Returns the Ethernet frame as it was on the wire: a VLAN tag that the kernel removed is put back, in `scratch`.
    pub fn with_tag<'bytes>(&self, scratch: &'bytes mut Vec<u8>) -> &'bytes [u8]
    where
        'ring: 'bytes,
    {
        let (Some(tag), Some((addresses, rest))) = (self.vlan, self.bytes.split_at_checked(12))
        else {
            return self.bytes;
        };
        scratch.clear();
        scratch.extend_from_slice(addresses);
        scratch.extend([0x81, 0x00]);
        scratch.extend(tag.to_be_bytes());
        scratch.extend_from_slice(rest);
        scratch
    }
}

/// The kernel's counters of a receiver since it was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReceiveStats {
    /// Frames that passed the filter, including dropped ones.
    pub passed: u64,
    /// Frames that passed the filter and found the ring full.
    pub dropped: u64,
}

#[derive(Debug)]
enum Ring {
    Blocks(BlockRing),
    Frames(FrameRing),
}

/// A filtered receive ring.
#[derive(Debug)]
pub struct Receiver {
    ring: Ring,
    socket: OwnedFd,
    stats: ReceiveStats,
}

impl ReceiveConfig {
    /// Returns the measured defaults (docs/performance.md): slots for whole Ethernet frames, 16 MiB in all. A TCP scan
    /// on a fast path is better off with more and smaller slots.
    pub fn new(ifindex: u32, framing: Framing, filter: Program) -> Self {
        let layout = Layout::Frames {
            frame: 2048,
            count: 8192,
        };
        Self {
            ifindex,
            framing,
            filter,
            layout,
            fanout: None,
            outgoing: false,
            promiscuous: false,
        }
    }
}

impl Receiver {
    /// Opens the ring on an interface. Needs CAP_NET_RAW.
    ///
    /// # Errors
    /// If the layout is out of range, or the kernel refuses the socket, the filter or the ring.
    pub fn open(config: &ReceiveConfig) -> Result<Self, IoError> {
        let kind = match config.framing {
            Framing::Ethernet => libc::SOCK_RAW,
            Framing::Ip | Framing::Loopback => libc::SOCK_DGRAM,
        };
        let socket = socket::open("socket(AF_PACKET)", libc::AF_PACKET, kind, 0)?;
        // A fanout member receives the frames of all members until it has joined its group.
        let nothing = Program::reject_all();
        let first = if config.fanout.is_some() {
            &nothing
        } else {
            &config.filter
        };
        filter::attach(socket.as_fd(), first)?;
        if !config.outgoing {
            // Kernels before 4.20 do not know this option; the filter rejects what we send anyway.
            let _ = option(
                &socket,
                "PACKET_IGNORE_OUTGOING",
                libc::PACKET_IGNORE_OUTGOING,
                &1i32,
            );
        }
        let ring = match config.layout {
            Layout::Blocks {
                block,
                count,
                retire_ms,
            } => Ring::Blocks(BlockRing::open(socket.as_fd(), block, count, retire_ms)?),
            Layout::Frames { frame, count } => {
                Ring::Frames(FrameRing::open(socket.as_fd(), frame, count)?)
            }
        };
        let every = libc::ETH_P_ALL as u16;
        socket::bind(
            socket.as_fd(),
            "bind(AF_PACKET)",
            &socket::link_address(config.ifindex, every),
        )?;
        if config.promiscuous && config.ifindex != 0 {
            // The kernel counts the requests for promiscuous mode and drops this one with the socket.
            let membership = libc::packet_mreq {
                mr_ifindex: config.ifindex as i32,
                mr_type: libc::PACKET_MR_PROMISC as u16,
                mr_alen: 0,
                mr_address: [0; 8],
            };
            let call = "setsockopt(PACKET_ADD_MEMBERSHIP)";
            option(&socket, call, libc::PACKET_ADD_MEMBERSHIP, &membership)?;
        }
        if let Some(fanout) = config.fanout {
            // The group has its own receive hook, which needs the flag again.
            let flags = libc::PACKET_FANOUT_FLAG_IGNORE_OUTGOING;
            let value = u32::from(fanout.group) | (fanout.mode.number() | flags) << 16;
            let call = "setsockopt(PACKET_FANOUT)";
            option(&socket, call, libc::PACKET_FANOUT, &value)?;
            filter::attach(socket.as_fd(), &config.filter)?;
        }
        Ok(Self {
            ring,
            socket,
            stats: ReceiveStats::default(),
        })
    }

    /// Replaces the filter for frames that arrive from now on.
    ///
    /// # Errors
    /// If the kernel refuses it.
    pub fn set_filter(&mut self, filter: &Program) -> Result<(), IoError> {
        filter::attach(self.socket.as_fd(), filter)
    }

    /// Passes every frame in the ring to `visit`, in order of arrival, and returns its slot to the kernel. Never waits.
    /// Returns the number of frames.
    pub fn for_each(&mut self, visit: impl FnMut(Received<'_>)) -> usize {
        let clock = StampClock::sample();
        match &mut self.ring {
            Ring::Blocks(ring) => ring.for_each(clock, visit),
            Ring::Frames(ring) => ring.for_each(clock, visit),
        }
    }

    /// Returns the kernel's counters (`PACKET_STATISTICS`).
    ///
    /// # Errors
    /// If the kernel refuses the call.
    pub fn stats(&mut self) -> Result<ReceiveStats, IoError> {
        // The kernel fills the third word for TPACKET_V3 only, and resets all words on reading.
        let mut words = [0u32; 3];
        let call = "getsockopt(PACKET_STATISTICS)";
        socket::get(
            self.socket.as_fd(),
            call,
            libc::SOL_PACKET,
            libc::PACKET_STATISTICS,
            &mut words,
        )?;
        self.stats.passed += u64::from(words[0]);
        self.stats.dropped += u64::from(words[1]);
        Ok(self.stats)
    }
}

impl AsFd for Receiver {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

impl FanoutMode {
    fn number(self) -> u32 {
        match self {
            Self::Hash => libc::PACKET_FANOUT_HASH,
            Self::LoadBalance => libc::PACKET_FANOUT_LB,
            Self::Cpu => libc::PACKET_FANOUT_CPU,
            Self::Queue => libc::PACKET_FANOUT_QM,
        }
    }
}

/// Sets a `SOL_PACKET` option.
pub(super) fn option<T: Copy>(
    socket: &impl AsFd,
    call: &'static str,
    name: i32,
    value: &T,
) -> Result<(), IoError> {
    socket::set(socket.as_fd(), call, libc::SOL_PACKET, name, value)
}

const _: () = assert!(size_of::<libc::tpacket_stats_v3>() == 12);
