//! Parses `/proc/net/unix` (`unix_seq_show`).
//!
//! The kernel does not escape names: one with a newline breaks its line, and a crafted one can forge a line. That is why
//! this file is only a fallback.

use super::{decimal, hex};
use crate::socket::{State, UnixKind, UnixName, UnixSocket};

/// `__SO_ACCEPTCON`: the socket listens.
const ACCEPTCON: u32 = 1 << 16;

/// Parses one line (not the heading); `netns` is copied into the result.
///
/// ```
/// use vigie_host::{procfs::parse_unix_line, socket::{State, UnixName}};
/// let line = b"0000000000000000: 00000002 00000000 00010000 0001 01 17 /run/a b";
/// let socket = parse_unix_line(line, 0).unwrap();
/// assert_eq!((socket.state, socket.inode), (State::Listen, 17));
/// assert_eq!(socket.name, UnixName::Path((*b"/run/a b").into()));
/// ```
pub fn parse_unix_line(line: &[u8], netns: u16) -> Option<UnixSocket> {
    let mut rest = line;
    let mut field = || {
        let start = rest.iter().position(|byte| *byte != b' ')?;
        let end = rest[start..]
            .iter()
            .position(|byte| *byte == b' ')
            .map_or(rest.len(), |n| start + n);
        let field = &rest[start..end];
        rest = &rest[end..];
        Some(field)
    };
    field()?.strip_suffix(b":")?;
    let _references = hex(field()?)?;
    let _protocol = hex(field()?)?;
    let flags = hex(field()?)?;
    let kind = UnixKind::from_kernel(u16::try_from(hex(field()?)?).ok()?)?;
    let state = hex(field()?)?;
    let inode = decimal(field()?)?;
    let name = match rest.strip_prefix(b" ") {
        None | Some([]) => UnixName::None,
        Some([b'@', name @ ..]) => UnixName::Abstract(name.into()),
        Some(path) => UnixName::Path(path.into()),
    };
    Some(UnixSocket {
        name,
        cookie: 0,
        inode,
        peer_inode: None,
        recv_q: 0,
        send_q: 0,
        backlog: None,
        uid: None,
        netns,
        kind,
        // `socket_state` of linux/net.h, as the kernel derives it from the TCP one.
        state: match state {
            1 if flags & ACCEPTCON != 0 => State::Listen,
            1 => State::Close,
            2 => State::Connecting,
            3 => State::Established,
            4 => State::Disconnecting,
            _ => return None,
        },
    })
}
