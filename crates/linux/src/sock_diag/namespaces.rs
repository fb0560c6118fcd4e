//! Finds the network namespaces of a snapshot.

use crate::netns::{Error, Namespace};
use std::collections::BTreeMap;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use vigie_host::procfs::parse_netns_mount;

/// Selects network namespaces.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum NamespaceSelector {
    /// The namespace of the caller.
    #[default]
    Own,
    /// The namespace with this name in `ip netns`.
    Named(String),
    /// The namespace of a process.
    Process(u32),
    /// The namespace that is mounted at this path.
    Mounted(PathBuf),
    /// All namespaces that can be found: the caller's, mounted ones, and those of processes. One that is held only by a
    /// single thread or an open descriptor is not found.
    All,
}

/// A namespace that was found.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) name: Option<Box<[u8]>>,
    pub(super) inode: u64,
    /// `None` for the caller's own, which need not be entered.
    namespace: Option<Namespace>,
}

impl Found {
    /// Runs `work` in this namespace.
    pub(super) fn run<T: Send>(&self, work: impl FnOnce() -> T + Send) -> Result<T, Error> {
        match &self.namespace {
            Some(namespace) => namespace.run(work),
            None => Ok(work()),
        }
    }

    fn here() -> Result<Self, Error> {
        let inode = Namespace::current()?.identity()?.1;
        let name = mounts().remove(&inode).map(|(name, _)| name);
        Ok(Self {
            name,
            inode,
            namespace: None,
        })
    }

    fn of(namespace: Namespace, name: Option<Box<[u8]>>) -> Result<Self, Error> {
        let inode = namespace.identity()?.1;
        Ok(Self {
            name,
            inode,
            namespace: Some(namespace),
        })
    }
}

/// Returns the namespaces of `selector`, the caller's own first, and the number of those that may not be opened.
pub(super) fn find(selector: &NamespaceSelector) -> Result<(Vec<Found>, usize), Error> {
    match selector {
        NamespaceSelector::Own => {
            // Without /proc its number is unknown, which does no harm.
            let inode = rustix::fs::stat(c"/proc/thread-self/ns/net").map_or(0, |stat| stat.st_ino);
            let here = Found {
                name: None,
                inode,
                namespace: None,
            };
            Ok((vec![here], 0))
        }
        NamespaceSelector::Mounted(path) => {
            let name = path.file_name().map(|name| name.as_bytes().into());
            Ok((vec![Found::of(Namespace::at(path)?, name)?], 0))
        }
        NamespaceSelector::Named(name) => {
            let namespace = Namespace::named(name)?;
            Ok((vec![Found::of(namespace, Some(name.as_bytes().into()))?], 0))
        }
        NamespaceSelector::Process(pid) => {
            Ok((vec![Found::of(Namespace::of_process(*pid)?, None)?], 0))
        }
        NamespaceSelector::All => all(),
    }
}

fn all() -> Result<(Vec<Found>, usize), Error> {
    let here = Found::here()?;
    let mut found = BTreeMap::new();
    let mut refused = 0;
    for (inode, (name, path)) in mounts() {
        if inode == here.inode {
            continue;
        }
        match Namespace::at(&path).and_then(|namespace| Found::of(namespace, Some(name))) {
            Ok(place) => drop(found.insert(inode, place)),
            Err(_) => refused += 1,
        }
    }
    for pid in crate::owners::pids() {
        let path = format!("/proc/{pid}/ns/net");
        let Ok(stat) = rustix::fs::stat(path.as_str()) else {
            continue;
        };
        if stat.st_ino == here.inode || found.contains_key(&stat.st_ino) {
            continue;
        }
        // The process may have ended or moved: only what was opened counts.
        if let Ok(place) =
            Namespace::of_process(pid).and_then(|namespace| Found::of(namespace, None))
        {
            found.insert(place.inode, place);
        }
    }
    found.remove(&here.inode);
    let mut places: Vec<_> = found.into_values().collect();
    places.sort_by(|a, b| {
        (a.name.is_none(), &a.name, a.inode).cmp(&(b.name.is_none(), &b.name, b.inode))
    });
    places.insert(0, here);
    Ok((places, refused))
}

/// Returns the mounted namespaces: by inode, name and path. Of several mounts, the one under `/run/netns` gives the
/// name.
fn mounts() -> BTreeMap<u64, (Box<[u8]>, PathBuf)> {
    let text = std::fs::read("/proc/self/mountinfo").unwrap_or_default();
    let mut mounts = BTreeMap::new();
    for (inode, path) in text
        .split(|byte| *byte == b'\n')
        .filter_map(parse_netns_mount)
    {
        let name = path.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
        let value = (
            Box::from(name),
            PathBuf::from(std::ffi::OsStr::from_bytes(&path)),
        );
        if path.starts_with(b"/run/netns/") {
            mounts.insert(inode, value);
        } else {
            mounts.entry(inode).or_insert(value);
        }
    }
    mounts
}
