//! How many descriptors this process may still open.
//!
//! It must not know what they are for.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::ConnectError;

/// Left free for files, rings and libraries that open some later.
const RESERVE: u64 = 48;
/// The kernel's default ceiling (`fs.nr_open`), for a limit that says "infinite".
const CEILING: u64 = 1 << 20;

/// Raises the soft limit of open descriptors to the hard limit, as far as the system lets us, and
/// returns the limit now in force.
pub fn raise_descriptor_limit() -> u64 {
    let now = getrlimit(Resource::Nofile);
    if now.current != now.maximum {
        let raised = Rlimit {
            current: now.maximum,
            maximum: now.maximum,
        };
        // Refused (an infinite hard limit above fs.nr_open): what there was is kept.
        let _ = setrlimit(Resource::Nofile, raised);
    }
    limit()
}

/// The limit in force.
pub(super) fn limit() -> u64 {
    getrlimit(Resource::Nofile).current.unwrap_or(CEILING)
}

/// How many sockets can be opened with some to spare; at least one.
pub(super) fn available() -> Result<usize, ConnectError> {
    let limit = raise_descriptor_limit();
    let open = std::fs::read_dir("/proc/self/fd").map_or(64, |entries| entries.count() as u64);
    let left = limit.saturating_sub(open);
    // With a very low limit, half of what is left is better than nothing.
    let free = left.saturating_sub(RESERVE).max(left / 2);
    if free == 0 {
        return Err(ConnectError::NoDescriptors { limit });
    }
    Ok(usize::try_from(free).unwrap_or(usize::MAX))
}
