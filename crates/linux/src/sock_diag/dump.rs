//! Dumps of `NETLINK_SOCK_DIAG` in the calling thread's namespace.

use super::Part;
use crate::netlink::{Error, Message, Protocol, Reply, Socket, flag};
use rustix::io::Errno;
use vigie_host::diag::{self, SOCK_DIAG_BY_FAMILY};
use vigie_host::filter::Filter;
use vigie_host::snapshot::Note;
use vigie_host::socket::Proto;

/// Maximum number of attempts to dump a table that changes meanwhile.
const MAX_ATTEMPTS: usize = 4;

/// A table that netlink refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) proto: Proto,
    /// Whether the family is IPv6; `false` for protocols with one family.
    pub(super) v6: bool,
    /// Error number; 0 if netlink was not used.
    pub(super) errno: i32,
}

/// Returns the tables that `filter` needs: protocol, and whether the family is IPv6.
fn tables(filter: &Filter) -> impl Iterator<Item = (Proto, bool)> {
    let families = |proto| match proto {
        Proto::Unix | Proto::Packet => [true, false],
        _ => [filter.v4, filter.v6],
    };
    Proto::ALL
        .into_iter()
        .filter(|proto| filter.wants(*proto))
        .flat_map(move |proto| {
            [false, true]
                .into_iter()
                .zip(families(proto))
                .filter(|(_, wanted)| *wanted)
                .map(move |(v6, _)| (proto, v6))
        })
}

/// Returns every table as refused, for use without netlink.
pub(super) fn everything(filter: &Filter) -> Vec<Refusal> {
    tables(filter)
        .map(|(proto, v6)| Refusal {
            proto,
            v6,
            errno: 0,
        })
        .collect()
}

/// Dumps every table that `filter` needs into `part`, and returns the refused ones.
pub(super) fn all(filter: &Filter, netns: u16, part: &mut Part) -> Vec<Refusal> {
    let errno = |error: &Error| error.errno().map_or(0, Errno::raw_os_error);
    let mut socket = match Socket::open(Protocol::SockDiag) {
        Ok(socket) => socket,
        Err(error) => {
            let errno = errno(&error);
            return everything(filter)
                .into_iter()
                .map(|refusal| Refusal { errno, ..refusal })
                .collect();
        }
    };
    let mut refused = vec![];
    for (proto, v6) in tables(filter) {
        if let Err(error) = table(&mut socket, filter, (proto, v6), netns, part) {
            refused.push(Refusal {
                proto,
                v6,
                errno: errno(&error),
            });
        }
    }
    refused
}

/// Dumps one table into `part`, or nothing of it if it is refused.
fn table(
    socket: &mut Socket,
    filter: &Filter,
    (proto, v6): (Proto, bool),
    netns: u16,
    part: &mut Part,
) -> Result<(), Error> {
    let states = filter.states(proto);
    let request = match proto {
        Proto::Unix => diag::unix_request(states),
        Proto::Packet => diag::packet_request(),
        _ => diag::inet_request(proto, v6, states, &filter.bytecode()),
    };
    let mut message = Message::new(SOCK_DIAG_BY_FAMILY, flag::DUMP);
    message.raw(&request);
    let before = (part.inet.len(), part.packet.len(), part.unix.len());
    let mut interrupted = false;
    let mut unreadable = 0;
    for _ in 0..MAX_ATTEMPTS {
        part.inet.truncate(before.0);
        part.packet.truncate(before.1);
        part.unix.truncate(before.2);
        unreadable = 0;
        let end = socket.dump("list the sockets", &message, |reply| {
            unreadable += usize::from(!take(reply, filter, proto, netns, part));
        });
        match end {
            Ok(end) => interrupted = end.interrupted,
            Err(error) => {
                part.inet.truncate(before.0);
                part.packet.truncate(before.1);
                part.unix.truncate(before.2);
                return Err(error);
            }
        }
        if !interrupted {
            break;
        }
    }
    if interrupted {
        part.notes.push(Note::Interrupted { proto, netns });
    }
    if unreadable > 0 {
        part.notes.push(Note::Unreadable {
            proto,
            count: unreadable,
        });
    }
    Ok(())
}

/// Adds one reply to `part` if it passes the filter. Returns false if it cannot be parsed.
fn take(reply: Reply<'_>, filter: &Filter, proto: Proto, netns: u16, part: &mut Part) -> bool {
    if reply.kind != SOCK_DIAG_BY_FAMILY {
        return true;
    }
    match proto {
        Proto::Unix => {
            let keep = |socket| part.unix.extend(Some(socket).filter(|s| filter.unix(s)));
            return diag::parse_unix(reply.payload, netns, keep).is_ok();
        }
        Proto::Packet => match diag::parse_packet(reply.payload, netns) {
            Ok(socket) if filter.packet(&socket) => part.packet.push(socket),
            Ok(_) => {}
            Err(_) => return false,
        },
        _ => match diag::parse_inet(reply.payload, proto, netns) {
            Ok(socket) if filter.inet(&socket) => part.inet.push(socket),
            Ok(_) => {}
            Err(_) => return false,
        },
    }
    true
}
