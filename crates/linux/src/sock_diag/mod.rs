//! A look at the machine's sockets: netlink's dumps, the texts of `/proc/net`
//! where netlink is refused, the namespaces asked for, and the owners.
//!
//! The bytes are read by [`vigie_host::diag`] and [`vigie_host::procfs`]; this
//! module only fetches them. It must not know how a look is shown.

mod dump;
mod places;
mod texts;

use crate::netns;
use crate::owners::{self, Detail};
use core::fmt;
use std::collections::BTreeSet;
use vigie_host::filter::Filter;
use vigie_host::owner::Users;
use vigie_host::snapshot::{Netns, Note, Snapshot};
use vigie_host::socket::{InetSocket, PacketSocket, UnixSocket};

pub use places::Place;

/// Where the sockets are read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Source {
    /// From netlink, and from `/proc/net` what netlink refuses.
    #[default]
    Best,
    /// From `/proc/net` alone.
    Texts,
}

/// What to look at.
#[derive(Clone, Debug, Default)]
pub struct Look {
    /// The sockets wanted.
    pub filter: Filter,
    /// The namespaces to look into.
    pub place: Place,
    /// Whether to find out who holds the sockets, and how much to tell of them.
    /// A filter by process asks for [`Detail::Names`] by itself.
    pub owners: Detail,
    /// Where to read from.
    pub source: Source,
}

/// Why nothing could be seen.
#[derive(Debug)]
pub enum Error {
    /// A network namespace could not be found or entered.
    Netns(netns::Error),
    /// A table of `/proc/net` could not be read, and netlink had refused it.
    Texts {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Netns(error) => error.fmt(f),
            Self::Texts { path, source } => write!(f, "read {path}: {source}"),
        }
    }
}

impl core::error::Error for Error {}

impl From<netns::Error> for Error {
    fn from(error: netns::Error) -> Self {
        Self::Netns(error)
    }
}

/// The sockets of one namespace.
#[derive(Debug, Default)]
struct Part {
    inet: Vec<InetSocket>,
    packet: Vec<PacketSocket>,
    unix: Vec<UnixSocket>,
    netns: Netns,
    notes: Vec<Note>,
}

/// Looks once. The snapshot is sorted, and holds only sockets that `look` wants.
pub fn look(look: &Look) -> Result<Snapshot, Error> {
    let (places, refused) = places::find(&look.place)?;
    let mut snapshot = Snapshot {
        users: users(),
        ..Snapshot::default()
    };
    let mut refused = refused;
    for (index, place) in places.into_iter().enumerate() {
        let index = u16::try_from(index).unwrap_or(u16::MAX);
        let part = match place.run(|| one_place(look, index)) {
            Ok(part) => part?,
            // Of many, one may go away or be forbidden; the only one must not.
            Err(_) if look.place == Place::All => {
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
            name: place.name,
            inode: place.inode,
            ..part.netns
        });
    }
    if refused > 0 {
        snapshot.notes.push(Note::NetnsRefused { count: refused });
    }
    snapshot.sort();
    add_owners(look, &mut snapshot);
    Ok(snapshot)
}

fn add_owners(look: &Look, snapshot: &mut Snapshot) {
    let by_process = !look.filter.processes.is_empty();
    let detail = if by_process {
        look.owners.max(Detail::Names)
    } else {
        look.owners
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
        snapshot.retain_owned(|owners, inode| look.filter.owner(owners.of(inode)));
    }
}

/// The sockets of the calling thread's namespace.
fn one_place(look: &Look, index: u16) -> Result<Part, Error> {
    let mut part = Part::default();
    let refused = match look.source {
        Source::Best => dump::all(&look.filter, index, &mut part),
        Source::Texts => dump::everything(&look.filter),
    };
    for refusal in refused {
        texts::read(&look.filter, refusal, index, &mut part)?;
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

/// The names of interfaces in the calling thread's namespace.
fn interface_names(bound: &BTreeSet<u32>) -> std::collections::BTreeMap<u32, Box<[u8]>> {
    use rustix::net::{AddressFamily, SocketFlags, SocketType, netdevice, socket_with};
    // UNIX sockets exist in every kernel; any socket answers this question.
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

/// The users of this machine's own list. Directories on the network are not
/// asked: a table of sockets must not wait for a server.
pub fn users() -> Users {
    std::fs::read("/etc/passwd")
        .map(|text| Users::parse(&text))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;
