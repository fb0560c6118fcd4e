//! Finds the processes that hold sockets, by reading `/proc`.
//!
//! The inode of a socket comes from a `stat` of `/proc/PID/fd/N`; reading the link instead would produce and parse the
//! text `socket:[N]`. Processes are distributed over one worker per CPU, and so are the descriptors of a large process.
//!
//! Processes start and end meanwhile. One that ends is left out; one that may not be read is counted. The search never
//! fails. This module must not know what the sockets are.

mod process;
mod workers;

use vigie_host::owner::Owners;

/// Level of detail about the processes that hold sockets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Detail {
    /// Nothing.
    #[default]
    None,
    /// PIDs and names.
    Names,
    /// Also command lines, units, containers and namespaces.
    Full,
}

/// Finds the processes that hold the sockets with these inodes (in ascending order).
///
/// Like other tools, it misses the descriptor table of a single thread (`unshare(CLONE_FILES)`).
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

/// Returns the PIDs of all processes, in ascending order.
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

/// Returns the device number of sockfs. A descriptor can also refer to the file of a UNIX socket (opened with `O_PATH`),
/// whose inode belongs to another file system.
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
