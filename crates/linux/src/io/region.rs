//! Memory at a fixed address that the kernel knows: slots, rings, umem, and the header arrays of `sendmmsg`.
//!
//! The types return raw pointers with checked bounds. Each ring documents who may access the bytes when, this process or
//! the kernel.

use core::ptr::NonNull;
use std::os::fd::{AsRawFd, BorrowedFd};

use super::error::IoError;

/// A memory mapping, unmapped on drop.
#[derive(Debug)]
pub(super) struct Region {
    base: NonNull<u8>,
    len: usize,
}

// SAFETY: a mapping belongs to the process, not to a thread; `Region` gives raw pointers only.
unsafe impl Send for Region {}
// SAFETY: as above; code that turns a pointer into a reference states why it may.
unsafe impl Sync for Region {}

impl Region {
    /// Maps zeroed memory, populated at once so that sending causes no page faults.
    pub(super) fn anonymous(len: usize) -> Result<Self, IoError> {
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_POPULATE;
        Self::map(len, flags, -1, 0)
    }

    /// Maps the shared memory of a socket's ring at page offset `at`.
    pub(super) fn of_socket(fd: BorrowedFd<'_>, len: usize, at: i64) -> Result<Self, IoError> {
        Self::map(
            len,
            libc::MAP_SHARED | libc::MAP_POPULATE,
            fd.as_raw_fd(),
            at,
        )
    }

    fn map(len: usize, flags: i32, fd: i32, at: i64) -> Result<Self, IoError> {
        let prot = libc::PROT_READ | libc::PROT_WRITE;
        // SAFETY: a new mapping at an address of the kernel's choice touches no existing memory.
        let base = unsafe { libc::mmap(core::ptr::null_mut(), len, prot, flags, fd, at) };
        if base == libc::MAP_FAILED {
            return Err(IoError::last("mmap"));
        }
        let base = NonNull::new(base.cast()).ok_or(IoError::BadRequest("mapping at address 0"))?;
        Ok(Self { base, len })
    }

    /// Returns the length of the mapping in bytes.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Returns a pointer to `len` bytes at offset `at`.
    ///
    /// # Panics
    /// If they are not inside the mapping: a bug in this crate.
    pub(super) fn at(&self, at: usize, len: usize) -> *mut u8 {
        assert!(at <= self.len && len <= self.len - at, "inside the mapping");
        // SAFETY: just checked to stay inside one allocation.
        unsafe { self.base.as_ptr().add(at) }
    }
}

impl Drop for Region {
    fn drop(&mut self) {
        // SAFETY: base and len are those of our own mmap, and nothing borrowed outlives `self`.
        unsafe { libc::munmap(self.base.as_ptr().cast(), self.len) };
    }
}

/// A heap array that is accessed through raw pointers only: kernel structures that point into it stay valid when the
/// owner moves.
#[derive(Debug)]
pub(super) struct Pinned<T: Copy> {
    base: NonNull<T>,
    len: usize,
}

// SAFETY: the array is owned like a Box; the pointers inside it point to memory that moves along.
unsafe impl<T: Copy> Send for Pinned<T> {}

impl<T: Copy> Pinned<T> {
    pub(super) fn new(items: Vec<T>) -> Self {
        let items = Box::leak(items.into_boxed_slice());
        Self {
            len: items.len(),
            base: NonNull::from(items).cast(),
        }
    }

    /// Returns a pointer to the item at `index`.
    ///
    /// # Panics
    /// If `index` is out of bounds: a bug in this crate.
    #[inline]
    pub(super) fn at(&self, index: usize) -> *mut T {
        assert!(index < self.len, "inside the array");
        // SAFETY: just checked.
        unsafe { self.base.as_ptr().add(index) }
    }
}

impl<T: Copy> Drop for Pinned<T> {
    fn drop(&mut self) {
        let slice = core::ptr::slice_from_raw_parts_mut(self.base.as_ptr(), self.len);
        // SAFETY: base and len come from the leaked box of `new`, given back once.
        drop(unsafe { Box::from_raw(slice) });
    }
}
