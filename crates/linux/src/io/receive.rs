//! Receiving: a filtered packet socket with a ring shared with the kernel, drained without a copy.
//!
//! The filter is attached before the socket is bound, and the socket hooks nothing before that:
//! no stray frame can be in the ring. What the ring could not take is counted by the kernel and
//! reported, never silent.
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

/// How to open a [`Receiver`].
#[derive(Clone, Debug)]
pub struct ReceiveConfig {
    /// The interface's index; 1 (`lo`) for [`Framing::Loopback`] in every namespace; 0 for all of them.
    pub ifindex: u32,
    /// What the frames look like: with [`Framing::Ip`] and [`Framing::Loopback`] they begin with
    /// the IP header, whatever the device puts before it.
    pub framing: Framing,
    /// Which frames to receive.
    pub filter: Program,
    /// How the ring is laid out.
    pub layout: Layout,
    /// Share the interface's frames among several receivers.
    pub fanout: Option<Fanout>,
    /// Also what this machine sends.
    pub outgoing: bool,
    /// Also what is addressed to other machines, where the link lets it come (promiscuous mode).
    pub promiscuous: bool,
}

/// How the ring keeps frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// TPACKET_V3: blocks of frames of any length, given to us when full or after `retire_ms`.
    /// The most frames per byte, but a lone frame waits for the timer: half a millisecond on
    /// Linux 6.18, a whole tick and more (4 to 10 ms) on older kernels.
    Blocks {
        /// Size of a block, bytes: a power of two, at least a page.
        block: usize,
        /// Number of blocks.
        count: usize,
        /// How long a block that is not full may wait, ms.
        retire_ms: u32,
    },
    /// TPACKET_V2: equal frames, each given to us at once (some ten microseconds). What is longer
    /// is cut, and says so by its `wire_len`.
    Frames {
        /// Size of a frame with its header (about 80 bytes): a power of two, at least 128.
        frame: usize,
        /// Number of frames.
        count: usize,
    },
}

/// `PACKET_FANOUT`: the sockets of one group share the frames of an interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fanout {
    /// The group's number, the same for all its sockets, unique in the network namespace.
    pub group: u16,
    /// Who gets a frame.
    pub mode: FanoutMode,
}

/// How a fanout group shares (linux/if_packet.h).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FanoutMode {
    /// By a hash of the flow: a flow stays with one socket.
    Hash,
    /// In turns.
    LoadBalance,
    /// By the CPU that received it.
    Cpu,
    /// By the device's receive queue.
    Queue,
}

/// One received frame, lent from the ring.
#[derive(Clone, Copy, Debug)]
pub struct Received<'a> {
    /// The bytes kept: from the link header (Ethernet) or the IP header on.
    pub bytes: &'a [u8],
    /// The frame's length on the wire, at least `bytes.len()`.
    pub wire_len: usize,
    /// When the kernel took it, ns of `CLOCK_MONOTONIC`.
    pub time_ns: u64,
    /// The same moment, ns since the Unix epoch.
    pub unix_ns: u64,
    /// The VLAN tag's TCI, host byte order, when the kernel took one off.
    pub vlan: Option<u16>,
    /// The transport checksum is not filled in (a sender on this machine left it to the device):
    /// it must not be verified.
    pub checksum_pending: bool,
    /// The kernel's `struct sockaddr_ll` of the frame; see [`Received::origin`].
    pub(super) address: &'a [u8; ADDRESS],
}

/// Size of `struct sockaddr_ll` without the end of its address that few links use.
pub(super) const ADDRESS: usize = size_of::<libc::sockaddr_ll>();

/// Where a frame came in or went out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The interface's index.
    pub ifindex: u32,
    /// The EtherType, host byte order.
    pub ethertype: u16,
    /// The link's hardware type (`ARPHRD_*`).
    pub hardware: u16,
    /// To whom it was sent: 0 this machine, 1 everyone, 2 a group, 3 another machine, 4 sent by this machine
    /// (`PACKET_*` of linux/if_packet.h).
    pub packet_type: u8,
    /// The sender's link-layer address, and how many of its bytes count.
    pub sender: ([u8; 8], u8),
}

impl Origin {
    /// Whether this machine sent it.
    pub fn is_outgoing(&self) -> bool {
        self.packet_type == libc::PACKET_OUTGOING
    }
}

impl Received<'_> {
    /// Where the frame came in or went out, as the kernel tells it.
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
    /// An Ethernet frame as it was on the wire: a VLAN tag that the kernel took off put back. `scratch` holds it then.
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

/// What the kernel counted for this receiver since it was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReceiveStats {
    /// Frames that passed the filter, the dropped ones included.
    pub passed: u64,
    /// Frames that passed the filter and found no room in the ring.
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
    /// The measured defaults (docs/performance.md): whole frames of an Ethernet, at once; 16 MiB.
    /// A TCP scan on a fast path may prefer more and smaller ones.
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
    pub fn open(config: &ReceiveConfig) -> Result<Self, IoError> {
        let kind = match config.framing {
            Framing::Ethernet => libc::SOCK_RAW,
            Framing::Ip | Framing::Loopback => libc::SOCK_DGRAM,
        };
        let socket = socket::open("socket(AF_PACKET)", libc::AF_PACKET, kind, 0)?;
        // Until it has joined its group, a fanout member would see what the others see too.
        let nothing = Program::reject_all();
        let first = if config.fanout.is_some() {
            &nothing
        } else {
            &config.filter
        };
        filter::attach(socket.as_fd(), first)?;
        if !config.outgoing {
            // Kernels before 4.20 do not know it; the filter refuses what we send anyway.
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
            // The kernel counts how many want it, and ends it with the socket.
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
            // The group has a hook of its own, which must be told again.
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

    /// Replaces the filter: for frames that arrive from now on.
    pub fn set_filter(&mut self, filter: &Program) -> Result<(), IoError> {
        filter::attach(self.socket.as_fd(), filter)
    }

    /// Lends every frame that is in the ring now to `look`, in order of arrival, and gives its
    /// room back to the kernel. Never waits. Returns how many there were.
    pub fn for_each(&mut self, look: impl FnMut(Received<'_>)) -> usize {
        let clock = StampClock::sample();
        match &mut self.ring {
            Ring::Blocks(ring) => ring.for_each(clock, look),
            Ring::Frames(ring) => ring.for_each(clock, look),
        }
    }

    /// The kernel's counts so far (`PACKET_STATISTICS`).
    pub fn stats(&mut self) -> Result<ReceiveStats, IoError> {
        // The kernel fills the third word for TPACKET_V3 only, and resets all on reading.
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

/// A `SOL_PACKET` option.
pub(super) fn option<T: Copy>(
    socket: &impl AsFd,
    call: &'static str,
    name: i32,
    value: &T,
) -> Result<(), IoError> {
    socket::set(socket.as_fd(), call, libc::SOL_PACKET, name, value)
}

const _: () = assert!(size_of::<libc::tpacket_stats_v3>() == 12);
