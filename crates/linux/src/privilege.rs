//! Reads the capabilities of this process from the kernel, and drops them once the sockets are open.
//!
//! It must not know what the privileges are needed for, or how a missing one is explained to people.
//!
//! Source: capabilities(7), `linux/capability.h`, prctl(2).

use core::fmt;

use rustix::io::Errno;
use rustix::thread::{
    CapabilitySet, CapabilitySets, capabilities, clear_ambient_capability_set,
    remove_capability_from_bounding_set, set_capabilities, set_no_new_privs,
};

/// The kernel refused to drop a privilege.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DropError {
    /// System call, for example `"capset"`.
    pub call: &'static str,
    /// Error number.
    pub errno: Errno,
}

impl fmt::Display for DropError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.call, self.errno)
    }
}

impl core::error::Error for DropError {}

/// Returns whether raw and packet sockets may be opened (effective `CAP_NET_RAW`).
pub fn has_net_raw() -> bool {
    effective().contains(CapabilitySet::NET_RAW)
}

/// Returns whether interfaces, routes and send buffers may be changed (effective `CAP_NET_ADMIN`).
pub fn has_net_admin() -> bool {
    effective().contains(CapabilitySet::NET_ADMIN)
}

/// Returns whether ports below 1024 may be bound (effective `CAP_NET_BIND_SERVICE`).
pub fn has_net_bind_service() -> bool {
    effective().contains(CapabilitySet::NET_BIND_SERVICE)
}

/// Returns whether other users' processes can be looked into, to name the owner of a socket (effective
/// `CAP_SYS_PTRACE`).
pub fn has_sys_ptrace() -> bool {
    effective().contains(CapabilitySet::SYS_PTRACE)
}

/// Returns whether any capability is effective.
pub fn has_any() -> bool {
    !effective().is_empty()
}

/// Returns the calling thread's effective set, empty if it cannot be read.
fn effective() -> CapabilitySet {
    capabilities(None).map_or(CapabilitySet::empty(), |sets| sets.effective)
}

/// Drops every capability of the calling thread permanently: the permitted, inheritable and ambient sets, the bounding
/// set if that is allowed; and sets `no_new_privs`, so that no program run later gains any.
///
/// Open sockets, rings and files keep working. What is opened later is opened without privilege: with user id 0 but no
/// `CAP_DAC_OVERRIDE`, files of other users cannot be written.
///
/// Capabilities belong to threads: call this before other threads start (they inherit the rest), or in each of them. It
/// may be called again, or without any privilege.
///
/// # Errors
/// If the kernel refuses a step.
pub fn drop_privileges() -> Result<(), DropError> {
    let failed = |call| move |errno| DropError { call, errno };
    set_no_new_privs(true).map_err(failed("prctl(PR_SET_NO_NEW_PRIVS)"))?;
    clear_ambient_capability_set().map_err(failed("prctl(PR_CAP_AMBIENT_CLEAR_ALL)"))?;
    if effective().contains(CapabilitySet::SETPCAP) {
        for capability in CapabilitySet::all() {
            match remove_capability_from_bounding_set(capability) {
                // A capability that this kernel does not know cannot be gained either.
                Ok(()) | Err(Errno::INVAL) => {}
                Err(errno) => return Err(failed("prctl(PR_CAPBSET_DROP)")(errno)),
            }
        }
    }
    let none = CapabilitySets {
        effective: CapabilitySet::empty(),
        permitted: CapabilitySet::empty(),
        inheritable: CapabilitySet::empty(),
    };
    set_capabilities(None, none).map_err(failed("capset"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::{Framing, IoError, PacketTransmitter, TransmitConfig};

    /// On a thread of its own, because capabilities belong to threads.
    #[test]
    fn dropping_leaves_no_capability_and_can_be_repeated() {
        let thread = std::thread::spawn(|| {
            drop_privileges().expect("dropped");
            assert!(!has_any() && !has_net_raw() && !has_net_admin());
            assert!(!has_net_bind_service() && !has_sys_ptrace());
            let wanted = TransmitConfig::new(1, Framing::Ethernet);
            let refused = PacketTransmitter::open(&wanted).expect_err("no privilege");
            assert!(matches!(refused, IoError::NotPermitted { .. }), "{refused}");
            drop_privileges().expect("dropped again");
            let status = std::fs::read_to_string("/proc/thread-self/status").expect("readable");
            let line = |name: &str| {
                let line = status
                    .lines()
                    .find_map(|l| l.strip_prefix(name))
                    .expect("a line");
                line.trim().trim_start_matches('0').to_owned()
            };
            for set in ["CapInh:", "CapPrm:", "CapEff:", "CapAmb:"] {
                assert_eq!(line(set), "", "{set}");
            }
            assert_eq!(line("NoNewPrivs:"), "1");
        });
        thread.join().expect("the checks hold");
    }
}
