//! JSON Lines: one object for each socket, with the schema of `docs/json.md`.
//!
//! Machine formats are never translated. Bytes that are not valid UTF-8 become
//! U+FFFD in names; of a UNIX socket's path the bytes themselves are given too.

use std::borrow::Cow;
use std::io::{self, Write};
use std::net::IpAddr;

use serde::Serialize;
use vigie_host::change::{AnySocket, Change, sockets};
use vigie_host::listener::{Families, Reach};
use vigie_host::owner::Process;
use vigie_host::snapshot::{Note, Snapshot};
use vigie_host::socket::{InetSocket, PacketSocket, Proto, State, UnixName, UnixSocket};
use vigie_host::summary::{Count, Summary};

use crate::json::write_line;

/// The version of the schema: raised when a field changes its meaning or goes.
pub const SCHEMA: u32 = 1;

/// When something happened to a socket, for `--watch`.
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
    socket: SocketOut<'a>,
}

/// The fields of a socket; those that it lacks are left out.
#[derive(Serialize)]
pub(super) struct SocketOut<'a> {
    pub(super) netns: String,
    pub(super) proto: &'static str,
    pub(super) family: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) kind: Option<&'static str>,
    pub(super) state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) local: Option<IpAddr>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) local_port: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) peer: Option<IpAddr>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) peer_port: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) interface: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) protocol: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) path: Option<Cow<'a, str>>,
    #[serde(rename = "abstract", skip_serializing_if = "Option::is_none")]
    pub(super) in_abstract: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) path_bytes: Option<&'a [u8]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) peer_inode: Option<u32>,
    pub(super) recv_q: u32,
    pub(super) send_q: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) backlog: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) uid: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) user: Option<Cow<'a, str>>,
    pub(super) inode: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) owners: Option<Vec<OwnerOut<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reach: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) serves: Option<&'static [&'static str]>,
}

/// One process that holds the socket.
#[derive(Serialize)]
pub(super) struct OwnerOut<'a> {
    pub(super) pid: u32,
    pub(super) name: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cmdline: Option<Vec<Cow<'a, str>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    container: Option<ContainerOut<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    netns: Option<u64>,
}

#[derive(Serialize)]
struct ContainerOut<'a> {
    runtime: &'static str,
    id: Cow<'a, str>,
}

/// Writes every socket of a snapshot, and then what it could not see.
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

/// Writes the sockets of the first look of a watch.
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

/// Writes what changed from one look to the next.
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
            Change::Moved(old, socket) => line(
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
            socket: socket_out(snapshot, socket),
        },
    )
}

/// The state's name in machine formats: the same word for every protocol.
fn state_name(proto: Proto, state: State) -> &'static str {
    match (proto, state) {
        (Proto::Udp | Proto::UdpLite | Proto::Raw | Proto::Unix | Proto::Packet, State::Close) => {
            "UNCONN"
        }
        _ => state.name(),
    }
}

fn state_of(socket: AnySocket<'_>) -> &'static str {
    match socket {
        AnySocket::Inet(s) => state_name(s.proto, s.state),
        AnySocket::Unix(s) => state_name(Proto::Unix, s.state),
        AnySocket::Packet(_) => state_name(Proto::Packet, State::Close),
    }
}

/// The fields of a socket, also for [`super::csv`].
pub(super) fn socket_out<'a>(snapshot: &'a Snapshot, socket: AnySocket<'a>) -> SocketOut<'a> {
    let plain = plain(snapshot, socket);
    match socket {
        AnySocket::Inet(s) => inet(snapshot, s, plain),
        AnySocket::Unix(s) => unix(s, plain),
        AnySocket::Packet(s) => packet(snapshot, s, plain),
    }
}

/// What every sort of socket has.
fn plain<'a>(snapshot: &'a Snapshot, socket: AnySocket<'a>) -> SocketOut<'a> {
    let (proto, family, uid) = match socket {
        AnySocket::Inet(s) => (s.proto, if s.is_v6() { "ipv6" } else { "ipv4" }, s.uid),
        AnySocket::Unix(s) => (Proto::Unix, "unix", s.uid),
        AnySocket::Packet(s) => (Proto::Packet, "packet", s.uid),
    };
    let netns = snapshot.netns.get(usize::from(socket.netns()));
    SocketOut {
        netns: netns.map_or_else(String::new, |netns| match &netns.name {
            Some(name) => text(name).into_owned(),
            None => format!("net:[{}]", netns.inode),
        }),
        proto: proto.name(),
        family,
        kind: None,
        state: state_of(socket),
        local: None,
        local_port: None,
        peer: None,
        peer_port: None,
        interface: None,
        protocol: None,
        path: None,
        in_abstract: None,
        path_bytes: None,
        peer_inode: None,
        recv_q: 0,
        send_q: 0,
        backlog: None,
        uid,
        user: uid.and_then(|uid| snapshot.users.name(uid)).map(text),
        inode: socket.inode(),
        owners: snapshot
            .owners
            .as_ref()
            .map(|owners| owners.of(socket.inode()).map(owner).collect()),
        reach: None,
        serves: None,
    }
}

fn inet<'a>(snapshot: &'a Snapshot, socket: &'a InetSocket, plain: SocketOut<'a>) -> SocketOut<'a> {
    let connected = socket.peer_port != 0 || !socket.peer.is_unspecified();
    let reach = Reach::of(socket);
    let raw = socket.proto == Proto::Raw;
    SocketOut {
        local: Some(socket.local),
        local_port: (!raw).then_some(socket.local_port),
        protocol: raw.then_some(socket.local_port),
        peer: connected.then_some(socket.peer),
        peer_port: (connected && !raw).then_some(socket.peer_port),
        interface: interface(snapshot, socket.netns, socket.interface),
        recv_q: socket.recv_q,
        send_q: socket.send_q,
        backlog: socket.backlog,
        reach: reach.map(reach_name),
        serves: reach.map(serves),
        ..plain
    }
}

fn unix<'a>(socket: &'a UnixSocket, plain: SocketOut<'a>) -> SocketOut<'a> {
    let name = match &socket.name {
        UnixName::None => None,
        UnixName::Path(name) | UnixName::Abstract(name) => Some(&**name),
    };
    SocketOut {
        kind: Some(kind_name(socket.kind.name())),
        path: name.map(text),
        in_abstract: name.map(|_| matches!(socket.name, UnixName::Abstract(_))),
        path_bytes: name.filter(|name| std::str::from_utf8(name).is_err()),
        peer_inode: socket.peer_inode,
        recv_q: socket.recv_q,
        send_q: socket.send_q,
        backlog: socket.backlog,
        ..plain
    }
}

fn packet<'a>(
    snapshot: &'a Snapshot,
    socket: &'a PacketSocket,
    plain: SocketOut<'a>,
) -> SocketOut<'a> {
    SocketOut {
        kind: Some(kind_name(socket.kind.name())),
        interface: interface(snapshot, socket.netns, socket.interface),
        protocol: Some(socket.protocol),
        recv_q: socket.recv_q,
        ..plain
    }
}

fn kind_name(name: &'static str) -> &'static str {
    match name {
        "STREAM" => "stream",
        "DGRAM" => "dgram",
        "SEQPACKET" => "seqpacket",
        "RAW" => "raw",
        _ => "packet",
    }
}

fn interface(snapshot: &Snapshot, netns: u16, index: u32) -> Option<Cow<'_, str>> {
    let names = || {
        snapshot
            .netns
            .get(usize::from(netns))?
            .interfaces
            .get(&index)
    };
    (index != 0).then(|| names().map_or_else(|| Cow::Owned(format!("#{index}")), |name| text(name)))
}

const fn reach_name(reach: Reach) -> &'static str {
    match reach {
        Reach::Everyone(_) => "everyone",
        Reach::Machine(_) => "machine",
        Reach::Address(_) => "address",
        Reach::Group(_) => "group",
        Reach::Interface(..) => "interface",
    }
}

/// The families that are surely served.
const fn serves(reach: Reach) -> &'static [&'static str] {
    match reach {
        Reach::Everyone(families) | Reach::Machine(families) | Reach::Interface(_, families) => {
            match families {
                Families::V4 => &["ipv4"],
                Families::V6 | Families::V6AndPerhapsV4 => &["ipv6"],
                Families::Both => &["ipv6", "ipv4"],
            }
        }
        Reach::Address(IpAddr::V4(_)) | Reach::Group(IpAddr::V4(_)) => &["ipv4"],
        Reach::Address(IpAddr::V6(_)) | Reach::Group(IpAddr::V6(_)) => &["ipv6"],
    }
}

fn owner(process: &Process) -> OwnerOut<'_> {
    OwnerOut {
        pid: process.pid,
        name: text(&process.name),
        cmdline: process
            .cmdline
            .as_ref()
            .map(|_| process.arguments().map(text).collect()),
        unit: process.unit.as_deref().map(text),
        container: process.container.as_ref().map(|c| ContainerOut {
            runtime: c.runtime,
            id: text(&c.id),
        }),
        netns: process.netns,
    }
}

fn text(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

#[derive(Serialize)]
struct NoteLine {
    #[serde(rename = "type")]
    kind: &'static str,
    schema: u32,
    #[serde(flatten)]
    note: NoteOut,
}

/// What a snapshot could not see.
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

/// The counts with the names that machine formats give their rows.
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
