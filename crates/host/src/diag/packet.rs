//! Replies about packet sockets: `struct packet_diag_msg` (`linux/packet_diag.h`).

use super::{AF_PACKET, Attributes, Malformed, cookie_at, u16_at, u32_at};
use crate::socket::{PacketKind, PacketSocket};

/// Length of `struct packet_diag_msg`.
const FIXED: usize = 16;
/// `PACKET_DIAG_INFO`: `struct packet_diag_info`, the interface first.
const INFO: u16 = 0;
/// `PACKET_DIAG_UID`: user id of the creator.
const UID: u16 = 5;
/// `PACKET_DIAG_MEMINFO`: words of memory use, the receive queue first.
const MEMINFO: u16 = 6;

/// Parses a reply about a packet socket; `netns` is copied into the result.
pub fn parse_packet(message: &[u8], netns: u16) -> Result<PacketSocket, Malformed> {
    let fixed = message.get(..FIXED).ok_or(Malformed::Short {
        needed: FIXED,
        had: message.len(),
    })?;
    if fixed[0] != AF_PACKET {
        return Err(Malformed::Family(fixed[0]));
    }
    let mut socket = PacketSocket {
        cookie: cookie_at(fixed, 8),
        inode: u32_at(fixed, 4),
        recv_q: 0,
        uid: None,
        interface: 0,
        // The kernel has already converted it to host byte order (`ntohs(po->num)`).
        protocol: u16_at(fixed, 2),
        netns,
        kind: PacketKind::from_kernel(u16::from(fixed[1])).ok_or(Malformed::Kind(fixed[1]))?,
    };
    for (kind, value) in Attributes(&message[FIXED..]) {
        match kind {
            INFO if value.len() >= 4 => socket.interface = u32_at(value, 0),
            UID if value.len() >= 4 => socket.uid = Some(u32_at(value, 0)),
            MEMINFO if value.len() >= 4 => socket.recv_q = u32_at(value, 0),
            _ => {}
        }
    }
    Ok(socket)
}
