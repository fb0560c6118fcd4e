//! Attaches classic BPF programs to sockets. `vigie-pcap-filter` assembles and runs them.

use std::os::fd::{AsRawFd, BorrowedFd};

use vigie_pcap_filter::Program;

use super::error::IoError;

/// Attaches the program to a socket (`SO_ATTACH_FILTER`), in place of an earlier one. The kernel verifies it.
///
/// # Errors
///
/// Every error of setsockopt(2).
pub(crate) fn attach(socket: BorrowedFd<'_>, program: &Program) -> Result<(), IoError> {
    let mut code: Vec<libc::sock_filter> = program
        .instructions()
        .iter()
        .map(|instruction| libc::sock_filter {
            code: instruction.code,
            jt: instruction.jt,
            jf: instruction.jf,
            k: instruction.k,
        })
        .collect();
    let program = libc::sock_fprog {
        len: code.len() as u16,
        filter: code.as_mut_ptr(),
    };
    // SAFETY: `program` points to `len` instructions, which the kernel copies and verifies.
    let result = unsafe {
        libc::setsockopt(
            socket.as_raw_fd(),
            libc::SOL_SOCKET,
            libc::SO_ATTACH_FILTER,
            (&raw const program).cast(),
            size_of::<libc::sock_fprog>() as u32,
        )
    };
    if result < 0 {
        Err(IoError::last("setsockopt(SO_ATTACH_FILTER)"))
    } else {
        Ok(())
    }
}
