//! Replies about UNIX sockets: `struct unix_diag_msg` (`linux/unix_diag.h`).

use super::{AF_UNIX, Attributes, Malformed, cookie_at, u32_at};
use crate::socket::{State, UnixKind, UnixName, UnixSocket};

/// Length of `struct unix_diag_msg`.
const FIXED: usize = 16;
/// `UNIX_DIAG_NAME`: the bytes of `sun_path`, an abstract name with its NUL.
const NAME: u16 = 0;
/// `UNIX_DIAG_PEER`: the peer's inode.
const PEER: u16 = 2;
/// `UNIX_DIAG_ICONS`: for a listener, the inodes of connections that wait to be accepted.
const ICONS: u16 = 3;
/// `UNIX_DIAG_RQLEN`: the two queues.
const RQLEN: u16 = 4;
/// `UNIX_DIAG_UID`: user id of the creator.
const UID: u16 = 7;

/// Parses a reply about a UNIX socket and passes the socket to `each`; `netns` is copied into it. A listener is followed
/// by the connections in its queue, which the kernel does not report separately.
pub fn parse_unix(
    message: &[u8],
    netns: u16,
    mut each: impl FnMut(UnixSocket),
) -> Result<(), Malformed> {
    let fixed = message.get(..FIXED).ok_or(Malformed::Short {
        needed: FIXED,
        had: message.len(),
    })?;
    if fixed[0] != AF_UNIX {
        return Err(Malformed::Family(fixed[0]));
    }
    let kind = UnixKind::from_kernel(u16::from(fixed[1])).ok_or(Malformed::Kind(fixed[1]))?;
    let state = State::from_kernel(fixed[2]).ok_or(Malformed::State(fixed[2]))?;
    let inode = u32_at(fixed, 4);
    let mut socket = UnixSocket {
        name: UnixName::None,
        cookie: cookie_at(fixed, 8),
        inode,
        peer_inode: None,
        recv_q: 0,
        send_q: 0,
        backlog: None,
        uid: None,
        netns,
        kind,
        state: unix_state(state, inode),
    };
    let mut waiting: &[u8] = &[];
    for (kind, value) in Attributes(&message[FIXED..]) {
        match (kind, value.len()) {
            (NAME, _) => socket.name = name_of(value),
            (PEER, 4) => socket.peer_inode = Some(u32_at(value, 0)).filter(|peer| *peer != 0),
            (ICONS, _) if state == State::Listen => waiting = value,
            (RQLEN, 8) => {
                socket.recv_q = u32_at(value, 0);
                if state == State::Listen {
                    socket.backlog = Some(u32_at(value, 4));
                } else {
                    socket.send_q = u32_at(value, 4);
                }
            }
            (UID, 4) => socket.uid = Some(u32_at(value, 0)),
            _ => {}
        }
    }
    let connecting = UnixSocket {
        cookie: 0,
        inode: 0,
        recv_q: 0,
        backlog: None,
        uid: None,
        state: State::Connecting,
        ..socket.clone()
    };
    each(socket);
    for peer in waiting.chunks_exact(4) {
        let peer_inode = Some(u32_at(peer, 0)).filter(|peer| *peer != 0);
        each(UnixSocket {
            peer_inode,
            ..connecting.clone()
        });
    }
    Ok(())
}

/// Returns the state of a socket. Without an inode no program holds it: it waits in its listener's queue, or is being
/// closed.
pub(crate) fn unix_state(state: State, inode: u32) -> State {
    match (state, inode) {
        (State::Established, 0) => State::Connecting,
        (State::Close, 0) => State::Disconnecting,
        _ => state,
    }
}

/// Parses a name. An abstract name begins with NUL; a path may end with NUL.
fn name_of(bytes: &[u8]) -> UnixName {
    match bytes {
        [] => UnixName::None,
        [0, name @ ..] => UnixName::Abstract(name.into()),
        path => {
            let end = path
                .iter()
                .position(|byte| *byte == 0)
                .unwrap_or(path.len());
            UnixName::Path(path[..end].into())
        }
    }
}
