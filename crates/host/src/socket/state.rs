//! The states of sockets, and sets of them.

use super::Proto;

/// The state of a socket. The discriminants up to [`State::BoundInactive`] are the kernel's
/// (`include/net/tcp_states.h`), which it uses for every family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum State {
    /// Established connection, or connected UDP or UNIX socket.
    Established = 1,
    /// SYN sent, no answer yet.
    SynSent = 2,
    /// SYN received, the handshake is not complete.
    SynRecv = 3,
    /// This side closed; the peer has not acknowledged it yet.
    FinWait1 = 4,
    /// This side closed and the peer acknowledged; the peer has not closed.
    FinWait2 = 5,
    /// Closed; the address pair is reserved for a while because of late packets.
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

    /// Returns the state for a number in `include/net/tcp_states.h`, `None` for an unknown number.
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

    /// Returns the state of an SCTP association: `sctp_state_t` of `linux/sctp.h`, which `sctp_diag` reports unchanged
    /// for sockets that have a peer.
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

    /// Returns the state's name as `netstat` writes it for TCP. `CLOSE` is also the state of unconnected sockets:
    /// [`State::name_for`] distinguishes them.
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

    /// Returns the state's name for a socket of `proto`: `UNCONN` for a socket of a connectionless protocol without a
    /// peer, `CONNECTED` and `LISTENING` for UNIX.
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
    /// All states except [`State::BoundInactive`], which other tools do not list.
    pub const ALL: Self = Self(!(1 << State::BoundInactive as u64));

    /// Returns the set with `state` added.
    #[must_use]
    pub const fn with(self, state: State) -> Self {
        Self(self.0 | 1 << state as u64)
    }

    /// Returns the set with `state` removed.
    #[must_use]
    pub const fn without(self, state: State) -> Self {
        Self(self.0 & !(1 << state as u64))
    }

    /// Returns the union of the sets.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns whether `state` is in the set.
    pub const fn has(self, state: State) -> bool {
        self.0 & (1 << state as u64) != 0
    }

    /// Returns the kernel's mask of states (`idiag_states`, `udiag_states`): bit n for state number n. A pending request
    /// counts as `SYN_RECV`.
    pub const fn kernel_mask(self) -> u32 {
        let mut mask = (self.0 & 0x3fff) as u32;
        if self.has(State::NewSynRecv) {
            mask |= 1 << State::SynRecv as u32;
        }
        mask & !(1 << State::NewSynRecv as u32)
    }
}
