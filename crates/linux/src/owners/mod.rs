//! Who holds which socket, from one walk over `/proc`.
//!
//! A socket's descriptor leads to its inode: a `stat` through
//! `/proc/PID/fd/N` gives it as a number, where reading the link would make the
//! kernel write, and us read, the text `socket:[N]`. Processes are shared out to
//! one worker per processor; the descriptors of a large one are shared out again.
//!
//! Processes come and go while they are walked over. One that vanishes is left
//! out; one that may not be looked into is counted. The walk must not fail.

mod process;
mod workers;

use vigie_host::owner::Owners;

/// How much to find out about those who hold sockets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Detail {
    /// Nothing.
    #[default]
    None,
    /// Their PIDs and names.
    Names,
    /// Their command lines, units, containers and namespaces too.
    Full,
}

/// Finds who holds the sockets of these inodes (in ascending order).
///
/// A descriptor table that a single thread has made its own
/// (`unshare(CLONE_FILES)`) is not seen, as with other tools.
pub fn find(inodes: &[u32], detail: Detail) -> Owners {
    if inodes.is_empty() || detail == Detail::None {
        return Owners::default();
    }
    let Some(sockfs) = socket_device() else {
        return Owners::default();
    };
    let walk = workers::Walk {
        inodes,
        detail,
        sockfs,
    };
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let mut owners = workers::run(&walk, pids(), processors.min(8));
    owners.unseen_processes = !rustix::process::geteuid().is_root();
    owners
}

/// The processes there are, in ascending order.
pub(crate) fn pids() -> Vec<u32> {
    let Ok(entries) = std::fs::read_dir("/proc") else {
        return vec![];
    };
    let pid =
        |entry: std::io::Result<std::fs::DirEntry>| entry.ok()?.file_name().to_str()?.parse().ok();
    let mut pids: Vec<u32> = entries.filter_map(pid).collect();
    pids.sort_unstable();
    pids
}

/// The device of sockfs. A descriptor may also be of a UNIX socket's file (opened
/// with `O_PATH`), whose inode is a number of another file system.
fn socket_device() -> Option<u64> {
    use rustix::net::{AddressFamily, SocketFlags, SocketType, socket_with};
    let socket = socket_with(
        AddressFamily::UNIX,
        SocketType::DGRAM,
        SocketFlags::CLOEXEC,
        None,
    )
    .ok()?;
    rustix::fs::fstat(&socket).ok().map(|stat| stat.st_dev)
}

#[cfg(test)]
mod tests;
