//! JSON Lines: one object for each socket, with the schema of `docs/json.md`.
//!
//! Nothing is translated. Bytes that are not valid UTF-8 become U+FFFD in names; for the path of a UNIX socket the bytes
//! are also written.

use std::io::{self, Write};

use serde::Serialize;
use vigie_host::change::{AnySocket, Change, sockets};
use vigie_host::snapshot::{Note, Snapshot};
use vigie_host::socket::Proto;
use vigie_host::summary::{Count, Summary};

use super::record::{Record, kind_name, record, state_of};
use vigie_findings::json::write_line;

/// Version of the schema. It grows when a field changes its meaning or goes away.
pub const SCHEMA: u32 = 1;

/// The event of a socket, for `--watch`.
#[derive(Clone, Copy, Serialize)]
struct Event<'a> {
    time: &'a str,
    #[serde(rename = "event")]
    what: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    was: Option<&'static str>,
}

/// One socket.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    schema: u32,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    event: Option<Event<'a>>,
    #[serde(flatten)]
    socket: Record<'a>,
}

/// Writes every socket of a snapshot, and then notes about what it could not read.
pub fn write(snapshot: &Snapshot, out: &mut dyn Write) -> io::Result<()> {
    let mut out = io::BufWriter::with_capacity(256 * 1024, out);
    for socket in sockets(snapshot) {
        line(&mut out, snapshot, socket, None)?;
    }
    for note in &snapshot.notes {
        write_line(
            &mut out,
            &NoteLine {
                kind: "note",
                schema: SCHEMA,
                note: note_out(snapshot, note),
            },
        )?;
    }
    out.flush()
}

/// Writes the sockets of the first snapshot of a watch.
pub fn write_first(snapshot: &Snapshot, time: &str, out: &mut dyn Write) -> io::Result<()> {
    for socket in sockets(snapshot) {
        line(
            &mut *out,
            snapshot,
            socket,
            Some(Event {
                time,
                what: "present",
                was: None,
            }),
        )?;
    }
    Ok(())
}

/// Writes the changes from one snapshot to the next.
pub fn write_changes(
    before: &Snapshot,
    now: &Snapshot,
    changes: &[Change<'_>],
    time: &str,
    out: &mut dyn Write,
) -> io::Result<()> {
    for change in changes {
        let event = |what, was| Some(Event { time, what, was });
        match change {
            Change::Appeared(socket) => line(&mut *out, now, *socket, event("appeared", None))?,
            Change::Gone(socket) => line(&mut *out, before, *socket, event("gone", None))?,
            Change::StateChanged(old, socket) => line(
                &mut *out,
                now,
                *socket,
                event("changed", Some(state_of(*old))),
            )?,
        }
    }
    Ok(())
}

fn line(
    mut out: impl Write,
    snapshot: &Snapshot,
    socket: AnySocket<'_>,
    event: Option<Event<'_>>,
) -> io::Result<()> {
    write_line(
        &mut out,
        &Line {
            kind: "socket",
            schema: SCHEMA,
            event,
            socket: record(snapshot, socket),
        },
    )
}

#[derive(Serialize)]
struct NoteLine {
    #[serde(rename = "type")]
    kind: &'static str,
    schema: u32,
    #[serde(flatten)]
    note: NoteOut,
}

/// A note about what a snapshot could not read.
#[derive(Serialize)]
#[serde(tag = "note", rename_all = "kebab-case")]
enum NoteOut {
    Interrupted { proto: &'static str, netns: String },
    Fallback { proto: &'static str, errno: i32 },
    Unreadable { proto: &'static str, count: usize },
    HiddenOwners { sockets: usize, processes: usize },
    NetnsRefused { count: usize },
}

fn note_out(snapshot: &Snapshot, note: &Note) -> NoteOut {
    match note {
        Note::Interrupted { proto, netns } => {
            let netns = snapshot
                .netns
                .get(usize::from(*netns))
                .map(super::cells::netns);
            NoteOut::Interrupted {
                proto: proto.name(),
                netns: netns.unwrap_or_default(),
            }
        }
        Note::Fallback { proto, errno } => NoteOut::Fallback {
            proto: proto.name(),
            errno: *errno,
        },
        Note::Unreadable { proto, count } => NoteOut::Unreadable {
            proto: proto.name(),
            count: *count,
        },
        Note::HiddenOwners { sockets, processes } => NoteOut::HiddenOwners {
            sockets: *sockets,
            processes: *processes,
        },
        Note::NetnsRefused { count } => NoteOut::NetnsRefused { count: *count },
    }
}

#[derive(Serialize)]
struct CountLine {
    #[serde(rename = "type")]
    kind: &'static str,
    schema: u32,
    proto: &'static str,
    family: &'static str,
    #[serde(rename = "kind", skip_serializing_if = "Option::is_none")]
    of_kind: Option<&'static str>,
    total: usize,
    listening: usize,
    exposed: usize,
    established: usize,
    time_wait: usize,
}

/// Writes the counts, one object for each protocol and family.
pub fn write_summary(snapshot: &Snapshot, out: &mut dyn Write) -> io::Result<()> {
    for ((proto, family, of_kind), count) in counts(snapshot) {
        let line = CountLine {
            kind: "count",
            schema: SCHEMA,
            proto: proto.name(),
            family,
            of_kind,
            total: count.total,
            listening: count.listening,
            exposed: count.exposed,
            established: count.established,
            time_wait: count.time_wait,
        };
        write_line(&mut &mut *out, &line)?;
    }
    Ok(())
}

/// A row of the counts: protocol, family and kind.
pub(super) type Sort = (Proto, &'static str, Option<&'static str>);

/// Returns the counts with the row names of the machine formats.
pub(super) fn counts(snapshot: &Snapshot) -> Vec<(Sort, Count)> {
    let summary = Summary::new(snapshot);
    let family = |v6: bool| if v6 { "ipv6" } else { "ipv4" };
    let inet = summary
        .inet
        .iter()
        .map(|((proto, v6), count)| ((*proto, family(*v6), None), *count));
    let packet = Count {
        total: summary.packet,
        ..Count::default()
    };
    let packet = (summary.packet > 0).then_some(((Proto::Packet, "packet", None), packet));
    let unix = summary
        .unix
        .iter()
        .map(|(kind, count)| ((Proto::Unix, "unix", Some(kind_name(kind.name()))), *count));
    inet.chain(packet).chain(unix).collect()
}
