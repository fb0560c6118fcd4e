//! Parses `/proc/net/packet` (`packet_seq_show`).

use super::{decimal, fields, hex};
use crate::socket::{PacketKind, PacketSocket};

/// Parses one line (not the heading); `netns` is copied into the result.
///
/// ```
/// use vigie_host::{procfs::parse_packet_line, socket::PacketKind};
/// let line = b"0000000000000000 3      3    0003   2     1       0        0      4711  ";
/// let socket = parse_packet_line(line, 0).unwrap();
/// assert_eq!((socket.kind, socket.interface, socket.inode), (PacketKind::Raw, 2, 4711));
/// ```
pub fn parse_packet_line(line: &[u8], netns: u16) -> Option<PacketSocket> {
    let mut fields = fields(line);
    let _address = fields.next()?;
    let _references = decimal(fields.next()?)?;
    let kind = PacketKind::from_kernel(u16::try_from(decimal(fields.next()?)?).ok()?)?;
    let protocol = u16::try_from(hex(fields.next()?)?).ok()?;
    let interface = decimal(fields.next()?)?;
    let _running = fields.next()?;
    let recv_q = decimal(fields.next()?)?;
    let uid = decimal(fields.next()?)?;
    let inode = decimal(fields.next()?)?;
    Some(PacketSocket {
        cookie: 0,
        inode,
        recv_q,
        uid: Some(uid),
        interface,
        protocol,
        netns,
        kind,
    })
}
