//! Safe wrappers for the socket calls that no crate wraps.
//!
//! It must not know rings or frames.

use core::mem::size_of;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd};

use super::error::IoError;

/// Opens a socket: `socket(domain, kind | CLOEXEC | NONBLOCK, protocol)`.
pub(crate) fn open(
    call: &'static str,
    domain: i32,
    kind: i32,
    protocol: i32,
) -> Result<OwnedFd, IoError> {
    let kind = kind | libc::SOCK_CLOEXEC | libc::SOCK_NONBLOCK;
    // SAFETY: no pointer is passed.
    let fd = unsafe { libc::socket(domain, kind, protocol) };
    if fd < 0 {
        return Err(IoError::last(call));
    }
    // SAFETY: a fresh descriptor that nobody else owns.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// Calls `setsockopt` with any plain C value.
pub(crate) fn set<T: Copy>(
    fd: BorrowedFd<'_>,
    call: &'static str,
    level: i32,
    option: i32,
    value: &T,
) -> Result<(), IoError> {
    let value: *const T = value;
    // SAFETY: the pointer is valid for `size_of::<T>()` bytes, which the kernel copies.
    let r = unsafe {
        libc::setsockopt(
            fd.as_raw_fd(),
            level,
            option,
            value.cast(),
            size_of::<T>() as u32,
        )
    };
    if r < 0 {
        Err(IoError::last(call))
    } else {
        Ok(())
    }
}

/// Calls `getsockopt` with any plain C value whose bit patterns are all valid, and returns the length in bytes that the
/// kernel filled. The rest of `value` is unchanged.
pub(crate) fn get<T: Copy>(
    fd: BorrowedFd<'_>,
    call: &'static str,
    level: i32,
    option: i32,
    value: &mut T,
) -> Result<usize, IoError> {
    let value: *mut T = value;
    let mut len = size_of::<T>() as u32;
    // SAFETY: the pointer is valid for `len` bytes; `T` is a C structure of integers.
    let r = unsafe { libc::getsockopt(fd.as_raw_fd(), level, option, value.cast(), &raw mut len) };
    if r < 0 {
        Err(IoError::last(call))
    } else {
        Ok(len as usize)
    }
}

/// Calls `bind` with any plain C socket address.
pub(crate) fn bind<T: Copy>(
    fd: BorrowedFd<'_>,
    call: &'static str,
    address: &T,
) -> Result<(), IoError> {
    let address: *const T = address;
    // SAFETY: the pointer is valid for `size_of::<T>()` bytes.
    let r = unsafe { libc::bind(fd.as_raw_fd(), address.cast(), size_of::<T>() as u32) };
    if r < 0 {
        Err(IoError::last(call))
    } else {
        Ok(())
    }
}

/// Returns the `sockaddr_ll` of an interface; `protocol` is an EtherType in host byte order, 0 for none.
pub(crate) fn link_address(ifindex: u32, protocol: u16) -> libc::sockaddr_ll {
    // SAFETY: a C structure of integers, for which zeros are valid.
    let mut address: libc::sockaddr_ll = unsafe { core::mem::zeroed() };
    address.sll_family = libc::AF_PACKET as u16;
    address.sll_protocol = protocol.to_be();
    address.sll_ifindex = ifindex as i32;
    address
}

/// Requests a send buffer of `bytes`, beyond `net.core.wmem_max` if permitted. A smaller one is no error.
pub(crate) fn request_send_buffer(fd: BorrowedFd<'_>, bytes: i32) {
    let call = "setsockopt(SO_SNDBUFFORCE)";
    if set(fd, call, libc::SOL_SOCKET, libc::SO_SNDBUFFORCE, &bytes).is_err() {
        let _ = set(fd, call, libc::SOL_SOCKET, libc::SO_SNDBUF, &bytes);
    }
}
