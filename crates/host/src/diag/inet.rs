//! Replies about inet sockets: `struct inet_diag_msg` (`linux/inet_diag.h`).

use super::{AF_INET, AF_INET6, Attributes, Malformed, cookie_at, u32_at};
use crate::socket::{InetSocket, Proto, State, V6Only};
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Length of `struct inet_diag_msg`.
const FIXED: usize = 72;
/// `INET_DIAG_SKV6ONLY`: one byte, present for v6 sockets that listen or are closed.
const SKV6ONLY: u16 = 11;

/// Parses a reply about a socket of `proto`; `netns` is copied into the result.
///
/// ```
/// use vigie_host::diag::{Malformed, parse_inet};
/// use vigie_host::socket::Proto;
/// assert_eq!(parse_inet(&[2, 1], Proto::Tcp, 0), Err(Malformed::Short { needed: 72, had: 2 }));
/// ```
pub fn parse_inet(message: &[u8], proto: Proto, netns: u16) -> Result<InetSocket, Malformed> {
    let fixed = message.get(..FIXED).ok_or(Malformed::Short {
        needed: FIXED,
        had: message.len(),
    })?;
    let v6 = match fixed[0] {
        AF_INET => false,
        AF_INET6 => true,
        other => return Err(Malformed::Family(other)),
    };
    let local_port = u16::from_be_bytes([fixed[4], fixed[5]]);
    let peer_port = u16::from_be_bytes([fixed[6], fixed[7]]);
    let state = if proto == Proto::Sctp && peer_port != 0 {
        State::from_sctp(fixed[1])
    } else {
        State::from_kernel(fixed[1])
    };
    let state = state.ok_or(Malformed::State(fixed[1]))?;
    let (queue, limit) = (u32_at(fixed, 56), u32_at(fixed, 60));
    let listening = state == State::Listen;
    let (uid, inode) = (u32_at(fixed, 64), u32_at(fixed, 68));
    let mut v6only = V6Only::Unknown;
    if v6 && fixed.len() < message.len() {
        for (kind, value) in Attributes(&message[FIXED..]) {
            if let (SKV6ONLY, [only]) = (kind, value) {
                v6only = if *only == 0 { V6Only::No } else { V6Only::Yes };
            }
        }
    }
    Ok(InetSocket {
        local: address(&fixed[8..24], v6),
        peer: address(&fixed[24..40], v6),
        cookie: cookie_at(fixed, 44),
        inode,
        recv_q: queue,
        send_q: if listening { 0 } else { limit },
        backlog: listening.then_some(limit),
        uid: uid_of(uid, inode),
        interface: u32_at(fixed, 40),
        local_port,
        peer_port,
        netns,
        proto,
        state,
        v6only,
    })
}

/// Returns the user id, `None` for sockets that no longer have a user: the kernel reports them with id 0 and inode 0.
pub(crate) fn uid_of(uid: u32, inode: u32) -> Option<u32> {
    (inode != 0 || uid != 0).then_some(uid)
}

/// Parses an address in network order; `bytes` has 16 bytes.
fn address(bytes: &[u8], v6: bool) -> IpAddr {
    let mut whole = [0; 16];
    whole.copy_from_slice(bytes);
    if v6 {
        IpAddr::V6(Ipv6Addr::from_octets(whole))
    } else {
        IpAddr::V4(Ipv4Addr::new(whole[0], whole[1], whole[2], whole[3]))
    }
}
