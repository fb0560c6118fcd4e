//! Snapshots of the machine's sockets: netlink dumps, `/proc/net` where netlink is refused, and the owners, in one or more
//! network namespaces.
//!
//! [`vigie_host::diag`] and [`vigie_host::procfs`] parse the bytes; this module only reads them. It must not know how a
//! snapshot is shown.

mod dump;
mod namespaces;
mod proc_net;

use crate::netns;
use crate::owners::{self, Detail};
use core::fmt;
use std::collections::BTreeSet;
use vigie_host::filter::Filter;
use vigie_host::owner::Users;
use vigie_host::snapshot::{Netns, Note, Snapshot};
use vigie_host::socket::{InetSocket, PacketSocket, UnixSocket};

pub use namespaces::NamespaceSelector;

/// Source of the sockets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Source {
    /// Netlink, and `/proc/net` for what netlink refuses.
    #[default]
    Best,
    /// `/proc/net` only.
    ProcNet,
}

/// Options of a snapshot.
#[derive(Clone, Debug, Default)]
pub struct SnapshotRequest {
    /// Selects sockets.
    pub filter: Filter,
    /// Selects network namespaces.
    pub namespaces: NamespaceSelector,
    /// Level of detail about the processes that hold the sockets. A filter by process implies [`Detail::Names`].
    pub owners: Detail,
    /// Where to read sockets from.
    pub source: Source,
}

/// Why no snapshot could be taken.
#[derive(Debug)]
pub enum Error {
    /// A network namespace could not be found or entered.
    Netns(netns::Error),
    /// Netlink refused a table, and its file in `/proc/net` could not be read.
    ProcNet {
        /// Path of the file.
        path: String,
        /// Error of the read.
        source: std::io::Error,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Netns(error) => error.fmt(f),
            Self::ProcNet { path, source } => write!(f, "read {path}: {source}"),
        }
    }
}

impl core::error::Error for Error {}

impl From<netns::Error> for Error {
    fn from(error: netns::Error) -> Self {
        Self::Netns(error)
    }
}

/// Sockets of one namespace.
#[derive(Debug, Default)]
struct Part {
    inet: Vec<InetSocket>,
    packet: Vec<PacketSocket>,
    unix: Vec<UnixSocket>,
    netns: Netns,
    notes: Vec<Note>,
}

/// Takes a snapshot. It is sorted, and contains only the sockets that `request` selects.
///
/// # Errors
/// If a namespace cannot be entered, or a table cannot be read.
pub fn snapshot(request: &SnapshotRequest) -> Result<Snapshot, Error> {
    let (found, refused) = namespaces::find(&request.namespaces)?;
    let mut snapshot = Snapshot {
        users: users(),
        ..Snapshot::default()
    };
    let mut refused = refused;
    for (index, namespace) in found.into_iter().enumerate() {
        let index = u16::try_from(index).unwrap_or(u16::MAX);
        let part = match namespace.run(|| one_namespace(request, index)) {
            Ok(part) => part?,
            // Of all namespaces, one that disappeared or is forbidden is skipped. A requested one is an error.
            Err(_) if request.namespaces == NamespaceSelector::All => {
                refused += 1;
                Part::default()
            }
            Err(error) => return Err(error.into()),
        };
        snapshot.inet.extend(part.inet);
        snapshot.packet.extend(part.packet);
        snapshot.unix.extend(part.unix);
        snapshot.notes.extend(part.notes);
        snapshot.netns.push(Netns {
            name: namespace.name,
            inode: namespace.inode,
            ..part.netns
        });
    }
    if refused > 0 {
        snapshot.notes.push(Note::NetnsRefused { count: refused });
    }
    snapshot.sort();
    add_owners(request, &mut snapshot);
    Ok(snapshot)
}

fn add_owners(request: &SnapshotRequest, snapshot: &mut Snapshot) {
    let by_process = !request.filter.processes.is_empty();
    let detail = if by_process {
        request.owners.max(Detail::Names)
    } else {
        request.owners
    };
    if detail == Detail::None {
        return;
    }
    let inodes = snapshot.inet.iter().map(|s| s.inode);
    let inodes = inodes
        .chain(snapshot.packet.iter().map(|s| s.inode))
        .chain(snapshot.unix.iter().map(|s| s.inode));
    let mut inodes: Vec<u32> = inodes.filter(|inode| *inode != 0).collect();
    inodes.sort_unstable();
    snapshot.owners = Some(owners::find(&inodes, detail));
    snapshot.note_hidden_owners();
    if by_process {
        snapshot.retain_owned(|owners, inode| request.filter.owner(owners.of(inode)));
    }
}

/// Returns the sockets of the calling thread's namespace.
fn one_namespace(request: &SnapshotRequest, index: u16) -> Result<Part, Error> {
    let mut part = Part::default();
    let refused = match request.source {
        Source::Best => dump::all(&request.filter, index, &mut part),
        Source::ProcNet => dump::everything(&request.filter),
    };
    for refusal in refused {
        proc_net::read(&request.filter, refusal, index, &mut part)?;
    }
    let bound = part
        .inet
        .iter()
        .map(|s| s.interface)
        .chain(part.packet.iter().map(|s| s.interface));
    let bound: BTreeSet<u32> = bound.filter(|interface| *interface != 0).collect();
    if !bound.is_empty() {
        part.netns.interfaces = interface_names(&bound);
    }
    Ok(part)
}

/// Returns the names of interfaces in the calling thread's namespace.
fn interface_names(bound: &BTreeSet<u32>) -> std::collections::BTreeMap<u32, Box<[u8]>> {
    use rustix::net::{AddressFamily, SocketFlags, SocketType, netdevice, socket_with};
    // Any socket will do; UNIX sockets exist in every kernel.
    let Ok(any) = socket_with(
        AddressFamily::UNIX,
        SocketType::DGRAM,
        SocketFlags::CLOEXEC,
        None,
    ) else {
        return std::collections::BTreeMap::new();
    };
    let name = |index: &u32| {
        let name = netdevice::index_to_name_inlined(&any, *index).ok()?;
        Some((*index, name.as_bytes().into()))
    };
    bound.iter().filter_map(name).collect()
}

/// Returns the users in `/etc/passwd`. Directory services are not queried, because a list of sockets must not wait for
/// a server.
pub fn users() -> Users {
    std::fs::read("/etc/passwd")
        .map(|text| Users::parse(&text))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;
