//! Reads the tables of `/proc/net` that netlink refused.

use super::dump::Refusal;
use super::{Error, Part};
use rustix::io::Errno;
use std::io::ErrorKind;
use vigie_host::filter::Filter;
use vigie_host::procfs::{parse_inet_line, parse_packet_line, parse_unix_line};
use vigie_host::snapshot::Note;
use vigie_host::socket::Proto;

/// Returns the file of a table under `/proc/net`; multipath TCP and SCTP have none with the same content.
const fn file(proto: Proto, v6: bool) -> Option<&'static str> {
    match proto {
        Proto::Mptcp | Proto::Sctp => None,
        _ => Some(proto.family_name(v6)),
    }
}

/// Reads a refused table into `part`.
pub(super) fn read(
    filter: &Filter,
    refusal: Refusal,
    netns: u16,
    part: &mut Part,
) -> Result<(), Error> {
    let Some(name) = file(refusal.proto, refusal.v6) else {
        return Ok(());
    };
    // The file of the thread, not of the process: the thread may be in another namespace.
    let path = format!("/proc/thread-self/net/{name}");
    let text = match std::fs::read(&path) {
        Ok(text) => text,
        // A kernel without the protocol (no IPv6, no UDP-Lite) has no sockets of it.
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(source) => return Err(Error::ProcNet { path, source }),
    };
    let mut unreadable = 0;
    for line in text
        .split(|byte| *byte == b'\n')
        .skip(1)
        .filter(|line| !line.is_empty())
    {
        let read = match refusal.proto {
            Proto::Unix => keep(&mut part.unix, parse_unix_line(line, netns), |s| {
                filter.unix(s)
            }),
            Proto::Packet => keep(&mut part.packet, parse_packet_line(line, netns), |s| {
                filter.packet(s)
            }),
            proto => keep(&mut part.inet, parse_inet_line(line, proto, netns), |s| {
                filter.inet(s)
            }),
        };
        unreadable += usize::from(!read);
    }
    if unreadable > 0 {
        part.notes.push(Note::Unreadable {
            proto: refusal.proto,
            count: unreadable,
        });
    }
    // Many kernels lack the sock_diag module for raw sockets; the file has the same content.
    let lacking = refusal.proto == Proto::Raw && refusal.errno == Errno::NOENT.raw_os_error();
    let known = part
        .notes
        .iter()
        .any(|note| matches!(note, Note::Fallback { proto, .. } if *proto == refusal.proto));
    if refusal.errno != 0 && !lacking && !known {
        part.notes.push(Note::Fallback {
            proto: refusal.proto,
            errno: refusal.errno,
        });
    }
    Ok(())
}

/// Adds what was read if it passes the filter. Returns false if it could not be parsed.
fn keep<T>(list: &mut Vec<T>, read: Option<T>, wanted: impl Fn(&T) -> bool) -> bool {
    let could = read.is_some();
    list.extend(read.filter(wanted));
    could
}
