//! The limit of open descriptors.
//!
//! It must not know what descriptors are used for.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::ConnectError;

/// Descriptors left for files, rings and libraries.
const RESERVE: u64 = 48;
/// The kernel's default maximum (`fs.nr_open`), for an infinite limit.
const CEILING: u64 = 1 << 20;

/// Raises the soft limit of open descriptors to the hard limit, if the system allows it, and returns the resulting limit.
pub fn raise_descriptor_limit() -> u64 {
    let now = getrlimit(Resource::Nofile);
    if now.current != now.maximum {
        let raised = Rlimit {
            current: now.maximum,
            maximum: now.maximum,
        };
        // If refused (an infinite hard limit above fs.nr_open), the old limit remains.
        let _ = setrlimit(Resource::Nofile, raised);
    }
    limit()
}

/// Returns the current limit.
pub(super) fn limit() -> u64 {
    getrlimit(Resource::Nofile).current.unwrap_or(CEILING)
}

/// Returns the number of sockets that can be opened, at least one; some descriptors are left for others.
pub(super) fn available() -> Result<usize, ConnectError> {
    let limit = raise_descriptor_limit();
    let open = std::fs::read_dir("/proc/self/fd").map_or(64, |entries| entries.count() as u64);
    let left = limit.saturating_sub(open);
    // With a very low limit, use half of what is left.
    let free = left.saturating_sub(RESERVE).max(left / 2);
    if free == 0 {
        return Err(ConnectError::NoDescriptors { limit });
    }
    Ok(usize::try_from(free).unwrap_or(usize::MAX))
}
