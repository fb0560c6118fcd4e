//! Sockets without a network address: UNIX and packet sockets.

use super::State;
use alloc::boxed::Box;

/// The type of a UNIX socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnixKind {
    /// `SOCK_STREAM`.
    Stream,
    /// `SOCK_DGRAM`.
    Dgram,
    /// `SOCK_SEQPACKET`.
    SeqPacket,
}

impl UnixKind {
    /// Returns the kind for a `SOCK_*` number.
    pub const fn from_kernel(number: u16) -> Option<Self> {
        Some(match number {
            1 => Self::Stream,
            2 => Self::Dgram,
            5 => Self::SeqPacket,
            _ => return None,
        })
    }

    /// Returns `STREAM`, `DGRAM` or `SEQPACKET`, as netstat writes them.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stream => "STREAM",
            Self::Dgram => "DGRAM",
            Self::SeqPacket => "SEQPACKET",
        }
    }
}

/// Name of a UNIX socket; may contain any bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum UnixName {
    /// Not bound.
    #[default]
    None,
    /// Bound to a file.
    Path(Box<[u8]>),
    /// A name in the abstract namespace, without its leading NUL.
    Abstract(Box<[u8]>),
}

/// A UNIX socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnixSocket {
    /// Name that it is bound to.
    pub name: UnixName,
    /// Cookie: the kernel's number of the socket, 0 if unknown.
    pub cookie: u64,
    /// Inode in sockfs; 0 for a connection not yet accepted.
    pub inode: u32,
    /// Inode of the peer, if there is one and it is known.
    pub peer_inode: Option<u32>,
    /// Bytes waiting to be read; for a listener, connections not accepted.
    pub recv_q: u32,
    /// Bytes sent and not read by the peer; 0 for a listener.
    pub send_q: u32,
    /// Backlog of a listener: maximum number of waiting connections. `None` if unknown.
    pub backlog: Option<u32>,
    /// User id of the creator, if known (Linux 5.3 and later).
    pub uid: Option<u32>,
    /// Index of its namespace in [`crate::snapshot::Snapshot::netns`].
    pub netns: u16,
    /// Stream, datagram or sequenced packets.
    pub kind: UnixKind,
    /// `Listen`, `Established`, `Connecting`, `Disconnecting` or `Close`.
    pub state: State,
}

/// The type of a packet socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PacketKind {
    /// `SOCK_RAW`: frames with their link header.
    Raw,
    /// `SOCK_DGRAM`: frames without it.
    Dgram,
    /// `SOCK_PACKET`: the obsolete interface.
    Packet,
}

impl PacketKind {
    /// Returns the kind for a `SOCK_*` number.
    pub const fn from_kernel(number: u16) -> Option<Self> {
        Some(match number {
            3 => Self::Raw,
            2 => Self::Dgram,
            10 => Self::Packet,
            _ => return None,
        })
    }

    /// Returns `RAW`, `DGRAM` or `PACKET`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Raw => "RAW",
            Self::Dgram => "DGRAM",
            Self::Packet => "PACKET",
        }
    }
}

/// A packet socket: its program receives frames (a sniffer, a DHCP client).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PacketSocket {
    /// Cookie: the kernel's number of the socket, 0 if unknown.
    pub cookie: u64,
    /// Inode in sockfs.
    pub inode: u32,
    /// Bytes of frames waiting to be read.
    pub recv_q: u32,
    /// User id of the creator, if known.
    pub uid: Option<u32>,
    /// Index of the interface it listens on, 0 for all.
    pub interface: u32,
    /// EtherType of the frames it receives, 3 (`ETH_P_ALL`) for all.
    pub protocol: u16,
    /// Index of its namespace in [`crate::snapshot::Snapshot::netns`].
    pub netns: u16,
    /// First header of its frames.
    pub kind: PacketKind,
}
