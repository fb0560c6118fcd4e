//! One socket as a value: internet, UNIX or packet.
//!
//! Numbers are in host byte order. The types must not know whether a value was
//! read from netlink or from `/proc/net`: both fill the same fields.

use alloc::boxed::Box;
use core::net::IpAddr;

/// What a socket speaks. The order is the order of the lists people read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Proto {
    /// TCP (`IPPROTO_TCP`).
    Tcp,
    /// Multipath TCP (`IPPROTO_MPTCP`): the connection above its TCP subflows.
    Mptcp,
    /// SCTP (`IPPROTO_SCTP`): endpoints and associations.
    Sctp,
    /// UDP (`IPPROTO_UDP`).
    Udp,
    /// UDP-Lite (`IPPROTO_UDPLITE`).
    UdpLite,
    /// Raw IP (`SOCK_RAW` of the inet families); the "port" is the IP protocol.
    Raw,
    /// Packet sockets (`AF_PACKET`).
    Packet,
    /// UNIX domain sockets (`AF_UNIX`).
    Unix,
}

impl Proto {
    /// Every protocol, in the order of the lists.
    pub const ALL: [Self; 8] = [
        Self::Tcp,
        Self::Mptcp,
        Self::Sctp,
        Self::Udp,
        Self::UdpLite,
        Self::Raw,
        Self::Packet,
        Self::Unix,
    ];

    /// The protocol's name in machine formats, in lower case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Mptcp => "mptcp",
            Self::Sctp => "sctp",
            Self::Udp => "udp",
            Self::UdpLite => "udplite",
            Self::Raw => "raw",
            Self::Packet => "packet",
            Self::Unix => "unix",
        }
    }

    /// The name with the family, as `netstat` writes it: `tcp`, `tcp6`.
    pub const fn family_name(self, v6: bool) -> &'static str {
        match (self, v6) {
            (Self::Tcp, true) => "tcp6",
            (Self::Mptcp, true) => "mptcp6",
            (Self::Sctp, true) => "sctp6",
            (Self::Udp, true) => "udp6",
            (Self::UdpLite, true) => "udplite6",
            (Self::Raw, true) => "raw6",
            _ => self.name(),
        }
    }

    /// Whether the protocol has connections that end in `LISTEN` on the server's side.
    pub const fn listens(self) -> bool {
        matches!(self, Self::Tcp | Self::Mptcp | Self::Sctp)
    }

    /// Whether ports name its programs (not raw, packet or UNIX sockets).
    pub const fn has_ports(self) -> bool {
        !matches!(self, Self::Raw | Self::Packet | Self::Unix)
    }
}

/// A set of protocols.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct ProtoSet(u16);

impl ProtoSet {
    /// The set that holds every protocol.
    pub const ALL: Self = Self(0xff);

    /// The set with `proto` added.
    #[must_use]
    pub const fn with(self, proto: Proto) -> Self {
        Self(self.0 | 1 << proto as u16)
    }

    /// Whether `proto` is in the set.
    pub const fn has(self, proto: Proto) -> bool {
        self.0 & (1 << proto as u16) != 0
    }

    /// Whether no protocol is in the set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// The state of a socket. The discriminants up to [`State::BoundInactive`] are
/// the kernel's (`include/net/tcp_states.h`), which it uses for every family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum State {
    /// Data may flow both ways; a UDP or UNIX socket that is connected.
    Established = 1,
    /// A connection was asked for, no answer yet.
    SynSent = 2,
    /// A connection was asked for by a peer, the handshake is not complete.
    SynRecv = 3,
    /// This side closed; the peer has not acknowledged it yet.
    FinWait1 = 4,
    /// This side closed and the peer acknowledged; the peer has not closed.
    FinWait2 = 5,
    /// Closed; the address pair is kept a while for late packets.
    TimeWait = 6,
    /// Not connected: unused TCP sockets, and UDP or raw sockets without a peer.
    Close = 7,
    /// The peer closed; the local program has not.
    CloseWait = 8,
    /// Both sides closed; the last acknowledgement is awaited.
    LastAck = 9,
    /// Waiting for connections.
    Listen = 10,
    /// Both sides closed at the same time; the acknowledgement is awaited.
    Closing = 11,
    /// A pending connection request (`TCP_NEW_SYN_RECV`); shown as `SYN_RECV`.
    NewSynRecv = 12,
    /// Bound to a port, neither listening nor connected (Linux 6.8 and later).
    BoundInactive = 13,
    /// A UNIX connection whose server has not accepted it yet.
    Connecting = 32,
    /// A UNIX socket being closed.
    Disconnecting = 33,
    /// SCTP: INIT sent.
    CookieWait = 34,
    /// SCTP: COOKIE-ECHO sent.
    CookieEchoed = 35,
    /// SCTP: closing, data still outstanding.
    ShutdownPending = 36,
    /// SCTP: SHUTDOWN sent.
    ShutdownSent = 37,
    /// SCTP: SHUTDOWN received.
    ShutdownReceived = 38,
    /// SCTP: SHUTDOWN-ACK sent.
    ShutdownAckSent = 39,
}

impl State {
    /// Every state, in the order of the kernel's numbers.
    pub const ALL: [Self; 21] = [
        Self::Established,
        Self::SynSent,
        Self::SynRecv,
        Self::FinWait1,
        Self::FinWait2,
        Self::TimeWait,
        Self::Close,
        Self::CloseWait,
        Self::LastAck,
        Self::Listen,
        Self::Closing,
        Self::NewSynRecv,
        Self::BoundInactive,
        Self::Connecting,
        Self::Disconnecting,
        Self::CookieWait,
        Self::CookieEchoed,
        Self::ShutdownPending,
        Self::ShutdownSent,
        Self::ShutdownReceived,
        Self::ShutdownAckSent,
    ];

    /// The state for a number of `include/net/tcp_states.h`. `None` for a number
    /// this crate does not know.
    pub const fn from_kernel(number: u8) -> Option<Self> {
        Some(match number {
            1 => Self::Established,
            2 => Self::SynSent,
            3 | 12 => Self::SynRecv,
            4 => Self::FinWait1,
            5 => Self::FinWait2,
            6 => Self::TimeWait,
            7 => Self::Close,
            8 => Self::CloseWait,
            9 => Self::LastAck,
            10 => Self::Listen,
            11 => Self::Closing,
            13 => Self::BoundInactive,
            _ => return None,
        })
    }

    /// The state of an SCTP association (`sctp_state_t` of `linux/sctp.h`,
    /// which `sctp_diag` reports unchanged for sockets that have a peer).
    pub const fn from_sctp(number: u8) -> Option<Self> {
        Some(match number {
            0 => Self::Close,
            1 => Self::CookieWait,
            2 => Self::CookieEchoed,
            3 => Self::Established,
            4 => Self::ShutdownPending,
            5 => Self::ShutdownSent,
            6 => Self::ShutdownReceived,
            7 => Self::ShutdownAckSent,
            _ => return None,
        })
    }

    /// The state's name as `netstat` writes it for TCP (`CLOSE` is the state of
    /// unconnected sockets: [`State::name_for`] tells them apart).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Established => "ESTABLISHED",
            Self::SynSent => "SYN_SENT",
            Self::SynRecv | Self::NewSynRecv => "SYN_RECV",
            Self::FinWait1 => "FIN_WAIT1",
            Self::FinWait2 => "FIN_WAIT2",
            Self::TimeWait => "TIME_WAIT",
            Self::Close => "CLOSE",
            Self::CloseWait => "CLOSE_WAIT",
            Self::LastAck => "LAST_ACK",
            Self::Listen => "LISTEN",
            Self::Closing => "CLOSING",
            Self::BoundInactive => "BOUND",
            Self::Connecting => "CONNECTING",
            Self::Disconnecting => "DISCONNECTING",
            Self::CookieWait => "COOKIE_WAIT",
            Self::CookieEchoed => "COOKIE_ECHOED",
            Self::ShutdownPending => "SHUTDOWN_PENDING",
            Self::ShutdownSent => "SHUTDOWN_SENT",
            Self::ShutdownReceived => "SHUTDOWN_RECEIVED",
            Self::ShutdownAckSent => "SHUTDOWN_ACK_SENT",
        }
    }

    /// The state's name for a socket of `proto`: `UNCONN` for a socket without a
    /// peer where no connection could be, `CONNECTED` and `LISTENING` for UNIX.
    pub const fn name_for(self, proto: Proto) -> &'static str {
        match (self, proto) {
            (
                Self::Close,
                Proto::Udp | Proto::UdpLite | Proto::Raw | Proto::Unix | Proto::Packet,
            ) => "UNCONN",
            (Self::Listen, Proto::Unix) => "LISTENING",
            (Self::Established, Proto::Unix) => "CONNECTED",
            _ => self.name(),
        }
    }
}

/// A set of states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct StateSet(u64);

impl StateSet {
    /// Every state but [`State::BoundInactive`], which other tools do not list.
    pub const ALL: Self = Self(!(1 << State::BoundInactive as u64));

    /// The set with `state` added.
    #[must_use]
    pub const fn with(self, state: State) -> Self {
        Self(self.0 | 1 << state as u64)
    }

    /// The set with `state` taken out.
    #[must_use]
    pub const fn without(self, state: State) -> Self {
        Self(self.0 & !(1 << state as u64))
    }

    /// Both sets joined.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether `state` is in the set.
    pub const fn has(self, state: State) -> bool {
        self.0 & (1 << state as u64) != 0
    }

    /// The kernel's mask of states (`idiag_states`, `udiag_states`): bit n for
    /// state number n. A pending request counts as `SYN_RECV`.
    pub const fn kernel_mask(self) -> u32 {
        let mut mask = (self.0 & 0x3fff) as u32;
        if self.has(State::NewSynRecv) {
            mask |= 1 << State::SynRecv as u32;
        }
        mask & !(1 << State::NewSynRecv as u32)
    }
}

/// Whether a v6 socket also serves IPv4 (`IPV6_V6ONLY`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum V6Only {
    /// `IPV6_V6ONLY` is set: IPv6 alone.
    Yes,
    /// Not set: IPv4 arrives as IPv4-mapped IPv6.
    No,
    /// Not told (the texts of `/proc/net`), or not a v6 socket.
    #[default]
    Unknown,
}

/// A socket of the inet families.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InetSocket {
    /// The address it is bound to. The family of this address is the family of
    /// the socket: an IPv4-mapped address stays [`IpAddr::V6`].
    pub local: IpAddr,
    /// The address of its peer, unspecified when there is none.
    pub peer: IpAddr,
    /// The kernel's number for the socket, 0 where it was not told. It outlives
    /// the change to `TIME_WAIT`, and does not repeat.
    pub cookie: u64,
    /// The inode in sockfs; 0 when no program can hold it (`TIME_WAIT`, orphans).
    pub inode: u32,
    /// Bytes the local program has not read; of a listener: connections not accepted.
    pub recv_q: u32,
    /// Bytes the peer has not acknowledged; 0 for a listener.
    pub send_q: u32,
    /// Of a listener: how many connections may wait. `None` where not told.
    pub backlog: Option<u32>,
    /// Who created it; `None` where the kernel does not keep it.
    pub uid: Option<u32>,
    /// Index of the interface it is bound to, 0 for none.
    pub interface: u32,
    /// The local port; for raw sockets the IP protocol.
    pub local_port: u16,
    /// The port of its peer, 0 when there is none.
    pub peer_port: u16,
    /// Which entry of [`crate::snapshot::Snapshot::netns`] it lives in.
    pub netns: u16,
    /// What it speaks.
    pub proto: Proto,
    /// Its state.
    pub state: State,
    /// Whether it serves IPv4 too.
    pub v6only: V6Only,
}

impl InetSocket {
    /// Whether the socket is of the IPv6 family.
    pub const fn is_v6(&self) -> bool {
        self.local.is_ipv6()
    }

    /// Whether it waits for packets from anyone: `LISTEN`, or a bound UDP socket
    /// without a peer.
    pub fn is_listener(&self) -> bool {
        match self.proto {
            Proto::Udp | Proto::UdpLite => self.state == State::Close && self.local_port != 0,
            _ => self.state == State::Listen,
        }
    }
}

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
    /// The kind for a `SOCK_*` number.
    pub const fn from_kernel(number: u16) -> Option<Self> {
        Some(match number {
            1 => Self::Stream,
            2 => Self::Dgram,
            5 => Self::SeqPacket,
            _ => return None,
        })
    }

    /// `STREAM`, `DGRAM`, `SEQPACKET`, as netstat writes them.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stream => "STREAM",
            Self::Dgram => "DGRAM",
            Self::SeqPacket => "SEQPACKET",
        }
    }
}

/// The name of a UNIX socket: any bytes at all.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum UnixName {
    /// Not bound.
    #[default]
    None,
    /// Bound to a file.
    Path(Box<[u8]>),
    /// A name of the abstract space (without its leading NUL).
    Abstract(Box<[u8]>),
}

/// A UNIX socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnixSocket {
    /// The name it is bound to.
    pub name: UnixName,
    /// The kernel's number for the socket, 0 where it was not told.
    pub cookie: u64,
    /// The inode in sockfs; 0 for a connection not yet accepted.
    pub inode: u32,
    /// The inode of the socket at the other end, where there is one and it was told.
    pub peer_inode: Option<u32>,
    /// Bytes waiting to be read; of a listener: connections not accepted.
    pub recv_q: u32,
    /// Bytes sent and not read by the peer; 0 for a listener.
    pub send_q: u32,
    /// Of a listener: how many connections may wait. `None` where not told.
    pub backlog: Option<u32>,
    /// Who created it, where told (Linux 5.3 and later).
    pub uid: Option<u32>,
    /// Which entry of [`crate::snapshot::Snapshot::netns`] it lives in.
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
    /// `SOCK_PACKET`: the old interface.
    Packet,
}

impl PacketKind {
    /// The kind for a `SOCK_*` number.
    pub const fn from_kernel(number: u16) -> Option<Self> {
        Some(match number {
            3 => Self::Raw,
            2 => Self::Dgram,
            10 => Self::Packet,
            _ => return None,
        })
    }

    /// `RAW`, `DGRAM` or `PACKET`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Raw => "RAW",
            Self::Dgram => "DGRAM",
            Self::Packet => "PACKET",
        }
    }
}

/// A packet socket: a program that sees frames (a sniffer, a DHCP client).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PacketSocket {
    /// The kernel's number for the socket, 0 where it was not told.
    pub cookie: u64,
    /// The inode in sockfs.
    pub inode: u32,
    /// Bytes of frames waiting to be read.
    pub recv_q: u32,
    /// Who created it, where told.
    pub uid: Option<u32>,
    /// Index of the interface it listens on, 0 for all.
    pub interface: u32,
    /// The Ethernet protocol it receives, 3 (`ETH_P_ALL`) for all.
    pub protocol: u16,
    /// Which entry of [`crate::snapshot::Snapshot::netns`] it lives in.
    pub netns: u16,
    /// What its frames look like.
    pub kind: PacketKind,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kernel_numbers_and_masks_agree() {
        for state in State::ALL {
            let n = state as u8;
            if n < 14 && state != State::NewSynRecv {
                assert_eq!(State::from_kernel(n), Some(state));
                assert_eq!(StateSet::default().with(state).kernel_mask(), 1 << n);
            }
        }
        assert_eq!(State::from_kernel(12), Some(State::SynRecv));
        assert_eq!(StateSet::default().with(State::NewSynRecv).kernel_mask(), 8);
        assert_eq!(State::from_kernel(0), None);
        assert_eq!(State::from_kernel(14), None);
        assert_eq!(StateSet::ALL.kernel_mask(), 0x0ffe | 1);
    }

    #[test]
    fn proto_sets_hold_what_was_put_in() {
        let set = ProtoSet::default().with(Proto::Tcp).with(Proto::Unix);
        for proto in Proto::ALL {
            assert_eq!(set.has(proto), matches!(proto, Proto::Tcp | Proto::Unix));
            assert!(ProtoSet::ALL.has(proto));
        }
    }
}
