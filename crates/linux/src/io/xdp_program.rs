//! An XDP program that passes every packet (`return XDP_PASS`): zero-copy sending needs one on many drivers.
//!
//! It must not know sockets or rings.

use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

use super::error::IoError;

// linux/bpf.h
const BPF_PROG_LOAD: i32 = 5;
const BPF_LINK_CREATE: i32 = 28;
const BPF_PROG_TYPE_XDP: u32 = 6;
const BPF_XDP: u32 = 37;
/// Run in the driver, not in the generic hook (linux/if_link.h).
const XDP_FLAGS_DRV_MODE: u32 = 1 << 2;
/// `r0 = XDP_PASS; exit`: two `struct bpf_insn` in host byte order.
const CODE: [u64; 2] = [
    u64::from_ne_bytes(instruction(0xb7, 2)),
    u64::from_ne_bytes(instruction(0x95, 0)),
];

const fn instruction(code: u8, immediate: i32) -> [u8; 8] {
    let i = immediate.to_ne_bytes();
    [code, 0, 0, 0, i[0], i[1], i[2], i[3]]
}

/// The first members of `union bpf_attr` for `BPF_PROG_LOAD`.
#[repr(C)]
struct Load {
    kind: u32,
    instructions: u32,
    code: u64,
    license: u64,
    log_level: u32,
    log_size: u32,
    log_buf: u64,
    kernel_version: u32,
    flags: u32,
}

/// The first members of `union bpf_attr` for `BPF_LINK_CREATE`.
#[repr(C)]
struct Link {
    program: u32,
    ifindex: u32,
    attach_type: u32,
    flags: u32,
}

/// An attached program, detached on drop.
#[derive(Debug)]
pub(super) struct PassProgram {
    _link: OwnedFd,
}

impl PassProgram {
    /// Loads the program and attaches it to an interface. Needs CAP_BPF and CAP_NET_ADMIN.
    pub(super) fn attach(ifindex: u32) -> Result<Self, IoError> {
        let load = Load {
            kind: BPF_PROG_TYPE_XDP,
            instructions: CODE.len() as u32,
            code: CODE.as_ptr() as u64,
            license: c"MIT".as_ptr() as u64,
            log_level: 0,
            log_size: 0,
            log_buf: 0,
            kernel_version: 0,
            flags: 0,
        };
        let program = bpf("bpf(BPF_PROG_LOAD)", BPF_PROG_LOAD, &load)?;
        let link = Link {
            program: program.as_raw_fd() as u32,
            ifindex,
            attach_type: BPF_XDP,
            flags: XDP_FLAGS_DRV_MODE,
        };
        Ok(Self {
            _link: bpf("bpf(BPF_LINK_CREATE)", BPF_LINK_CREATE, &link)?,
        })
    }
}

fn bpf<T>(call: &'static str, command: i32, attributes: &T) -> Result<OwnedFd, IoError> {
    let attributes: *const T = attributes;
    // SAFETY: the pointer is valid for the size given, and the addresses in it (code, licence)
    // are of statics; the kernel copies all of it.
    let fd = unsafe { libc::syscall(libc::SYS_bpf, command, attributes, size_of::<T>()) };
    if fd < 0 {
        return Err(IoError::last(call));
    }
    // SAFETY: a fresh descriptor that nobody else owns.
    Ok(unsafe { OwnedFd::from_raw_fd(fd as i32) })
}
