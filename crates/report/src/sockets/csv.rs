//! CSV (RFC 4180): one line for each socket, with the fields of the JSON.
//!
//! Lists of the JSON are one field, separated by `;`: owners as `PID/name`, and families. Names are escaped as in the
//! lists for people.

use std::fmt::Write as _;
use std::io::{self, Write};

use vigie_host::change::{AnySocket, Change, sockets};
use vigie_host::snapshot::Snapshot;

use super::json;
use super::record::{Record, record};
use crate::escape;

/// The columns of a socket, named as in JSON.
const COLUMNS: &str = "netns,proto,family,kind,state,local,local_port,peer,peer_port,interface,protocol,path,abstract,\
                       peer_inode,recv_q,send_q,backlog,uid,user,inode,owners,reach,serves";
/// The columns before them with `--watch`.
const EVENT: &str = "time,event";

/// Writes every socket of a snapshot; with `header`, after the names of the columns.
pub fn write(snapshot: &Snapshot, header: bool, out: &mut dyn Write) -> io::Result<()> {
    let mut out = io::BufWriter::with_capacity(256 * 1024, out);
    if header {
        write!(out, "{COLUMNS}\r\n")?;
    }
    let mut line = String::new();
    for socket in sockets(snapshot) {
        line.clear();
        put(&mut line, snapshot, socket);
        out.write_all(line.as_bytes())?;
    }
    out.flush()
}

/// Writes the sockets of the first snapshot of a watch.
pub fn write_first(
    snapshot: &Snapshot,
    time: &str,
    header: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    if header {
        write!(out, "{EVENT},{COLUMNS}\r\n")?;
    }
    for socket in sockets(snapshot) {
        event(out, snapshot, socket, time, "present")?;
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
        match change {
            Change::Appeared(socket) => event(out, now, *socket, time, "appeared")?,
            Change::Gone(socket) => event(out, before, *socket, time, "gone")?,
            Change::StateChanged(_, socket) => event(out, now, *socket, time, "changed")?,
        }
    }
    Ok(())
}

fn event(
    out: &mut dyn Write,
    snapshot: &Snapshot,
    socket: AnySocket<'_>,
    time: &str,
    event: &str,
) -> io::Result<()> {
    let mut line = format!("{time},{event},");
    put(&mut line, snapshot, socket);
    out.write_all(line.as_bytes())
}

/// Writes the counts.
pub fn write_summary(snapshot: &Snapshot, header: bool, out: &mut dyn Write) -> io::Result<()> {
    if header {
        write!(
            out,
            "proto,family,kind,total,listening,exposed,established,time_wait\r\n"
        )?;
    }
    for ((proto, family, kind), count) in json::counts(snapshot) {
        let (kind, proto) = (kind.unwrap_or_default(), proto.name());
        let (total, listening, exposed) = (count.total, count.listening, count.exposed);
        let (established, time_wait) = (count.established, count.time_wait);
        write!(
            out,
            "{proto},{family},{kind},{total},{listening},{exposed},{established},{time_wait}\r\n"
        )?;
    }
    Ok(())
}

/// Appends the line of a socket.
fn put(line: &mut String, snapshot: &Snapshot, socket: AnySocket<'_>) {
    let Record {
        netns,
        proto,
        family,
        kind,
        state,
        local,
        local_port,
        peer,
        peer_port,
        interface,
        protocol,
        path,
        in_abstract,
        path_bytes: _,
        peer_inode,
        recv_q,
        send_q,
        backlog,
        uid,
        user,
        inode,
        owners,
        reach,
        serves,
    } = record(snapshot, socket);
    outside(line, Some(&netns));
    for word in [proto, family, kind.unwrap_or_default(), state] {
        field(line, word);
    }
    shown(line, local);
    shown(line, local_port);
    shown(line, peer);
    shown(line, peer_port);
    outside(line, interface.as_deref());
    shown(line, protocol);
    outside(line, path.as_deref());
    shown(line, in_abstract);
    shown(line, peer_inode);
    shown(line, Some(recv_q));
    shown(line, Some(send_q));
    shown(line, backlog);
    shown(line, uid);
    outside(line, user.as_deref());
    shown(line, Some(inode));
    let names: Vec<String> = owners
        .iter()
        .flatten()
        .map(|owner| format!("{}/{}", owner.pid, owner.name))
        .collect();
    outside(line, Some(&names.join(";")));
    field(line, reach.unwrap_or_default());
    field(line, &serves.unwrap_or_default().join(";"));
    // The last comma is replaced by the line end.
    line.pop();
    line.push_str("\r\n");
}

/// Appends a field that needs no quotes: a number, an address, a word.
fn shown(line: &mut String, value: Option<impl std::fmt::Display>) {
    if let Some(value) = value {
        write!(line, "{value}").expect("a String takes all writes");
    }
    line.push(',');
}

/// Appends a field of text from outside.
fn outside(line: &mut String, value: Option<&str>) {
    field(line, &escape::line(value.unwrap_or_default()));
}

/// Appends a field, quoted if RFC 4180 requires it.
fn field(line: &mut String, value: &str) {
    if value.contains(['"', ',', '\r', '\n']) {
        line.push('"');
        for part in value.split_inclusive('"') {
            line.push_str(part);
            if part.ends_with('"') {
                line.push('"');
            }
        }
        line.push('"');
    } else {
        line.push_str(value);
    }
    line.push(',');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_where_needed() {
        let mut line = String::new();
        for value in ["plain", "a,b", "say \"hi\"", "two\nlines", ""] {
            field(&mut line, value);
        }
        assert_eq!(line, "plain,\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",,");
    }
}
