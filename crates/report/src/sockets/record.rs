//! A socket in machine formats: the fields of `docs/json.md`, for JSON and CSV.

use std::borrow::Cow;
use std::net::IpAddr;

use serde::Serialize;
use vigie_host::change::AnySocket;
use vigie_host::listener::{Exposure, Families};
use vigie_host::owner::Process;
use vigie_host::snapshot::Snapshot;
use vigie_host::socket::{InetSocket, PacketSocket, Proto, State, UnixName, UnixSocket};

/// The fields of a socket. Fields that it does not have are left out.
#[derive(Serialize)]
pub(super) struct Record<'a> {
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
    pub(super) owners: Option<Vec<Owner<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reach: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) serves: Option<&'static [&'static str]>,
}

/// One owner of the socket.
#[derive(Serialize)]
pub(super) struct Owner<'a> {
    pub(super) pid: u32,
    pub(super) name: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cmdline: Option<Vec<Cow<'a, str>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    container: Option<ContainerRecord<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    netns: Option<u64>,
}

#[derive(Serialize)]
struct ContainerRecord<'a> {
    runtime: &'static str,
    id: Cow<'a, str>,
}

/// Returns the name of a state: the same word for every protocol.
fn state_name(proto: Proto, state: State) -> &'static str {
    match (proto, state) {
        (Proto::Udp | Proto::UdpLite | Proto::Raw | Proto::Unix | Proto::Packet, State::Close) => {
            "UNCONN"
        }
        _ => state.name(),
    }
}

pub(super) fn state_of(socket: AnySocket<'_>) -> &'static str {
    match socket {
        AnySocket::Inet(s) => state_name(s.proto, s.state),
        AnySocket::Unix(s) => state_name(Proto::Unix, s.state),
        AnySocket::Packet(_) => state_name(Proto::Packet, State::Close),
    }
}

/// Returns the fields of a socket.
pub(super) fn record<'a>(snapshot: &'a Snapshot, socket: AnySocket<'a>) -> Record<'a> {
    let plain = plain(snapshot, socket);
    match socket {
        AnySocket::Inet(s) => inet(snapshot, s, plain),
        AnySocket::Unix(s) => unix(s, plain),
        AnySocket::Packet(s) => packet(snapshot, s, plain),
    }
}

/// Returns the fields that every socket has.
fn plain<'a>(snapshot: &'a Snapshot, socket: AnySocket<'a>) -> Record<'a> {
    let (proto, family, uid) = match socket {
        AnySocket::Inet(s) => (s.proto, if s.is_v6() { "ipv6" } else { "ipv4" }, s.uid),
        AnySocket::Unix(s) => (Proto::Unix, "unix", s.uid),
        AnySocket::Packet(s) => (Proto::Packet, "packet", s.uid),
    };
    let netns = snapshot.netns.get(usize::from(socket.netns()));
    Record {
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

fn inet<'a>(snapshot: &'a Snapshot, socket: &'a InetSocket, plain: Record<'a>) -> Record<'a> {
    let connected = socket.peer_port != 0 || !socket.peer.is_unspecified();
    let reach = Exposure::of(socket);
    let raw = socket.proto == Proto::Raw;
    Record {
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

fn unix<'a>(socket: &'a UnixSocket, plain: Record<'a>) -> Record<'a> {
    let name = match &socket.name {
        UnixName::None => None,
        UnixName::Path(name) | UnixName::Abstract(name) => Some(&**name),
    };
    Record {
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

fn packet<'a>(snapshot: &'a Snapshot, socket: &'a PacketSocket, plain: Record<'a>) -> Record<'a> {
    Record {
        kind: Some(kind_name(socket.kind.name())),
        interface: interface(snapshot, socket.netns, socket.interface),
        protocol: Some(socket.protocol),
        recv_q: socket.recv_q,
        ..plain
    }
}

pub(super) fn kind_name(name: &'static str) -> &'static str {
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

const fn reach_name(reach: Exposure) -> &'static str {
    match reach {
        Exposure::Everyone(_) => "everyone",
        Exposure::Machine(_) => "machine",
        Exposure::Address(_) => "address",
        Exposure::Group(_) => "group",
        Exposure::Interface(..) => "interface",
    }
}

/// Returns the address families that a socket certainly serves.
const fn serves(reach: Exposure) -> &'static [&'static str] {
    match reach {
        Exposure::Everyone(families)
        | Exposure::Machine(families)
        | Exposure::Interface(_, families) => match families {
            Families::V4 => &["ipv4"],
            Families::V6 | Families::V6AndPerhapsV4 => &["ipv6"],
            Families::Both => &["ipv6", "ipv4"],
        },
        Exposure::Address(IpAddr::V4(_)) | Exposure::Group(IpAddr::V4(_)) => &["ipv4"],
        Exposure::Address(IpAddr::V6(_)) | Exposure::Group(IpAddr::V6(_)) => &["ipv6"],
    }
}

fn owner(process: &Process) -> Owner<'_> {
    Owner {
        pid: process.pid,
        name: text(&process.name),
        cmdline: process
            .cmdline
            .as_ref()
            .map(|_| process.arguments().map(text).collect()),
        unit: process.unit.as_deref().map(text),
        container: process.container.as_ref().map(|c| ContainerRecord {
            runtime: c.runtime,
            id: text(&c.id),
        }),
        netns: process.netns,
    }
}

fn text(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}
