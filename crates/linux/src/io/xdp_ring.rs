//! The single-producer single-consumer rings of AF_XDP.
//!
//! Invariant: this process is either the only producer or the only consumer of a ring. Entries between consumer and
//! producer belong to the consumer. Counters wrap at 2^32.
//!
//! It must not know what the entries describe.

use core::sync::atomic::{AtomicU32, Ordering};
use std::os::fd::BorrowedFd;

use rustix::io::Errno;

use super::error::IoError;
use super::region::Region;
use super::socket;

#[derive(Debug)]
pub(super) struct Ring {
    memory: Region,
    producer: usize,
    consumer: usize,
    flags: usize,
    entries: usize,
    size: usize,
    mask: u32,
    /// Counter of our side.
    ours: u32,
}

impl Ring {
    /// Maps the ring of `count` entries (a power of two) of `size` bytes at the page offset `at`.
    pub(super) fn map(
        fd: BorrowedFd<'_>,
        offsets: &libc::xdp_ring_offset,
        count: u32,
        size: usize,
        at: i64,
    ) -> Result<Self, IoError> {
        let entries = offsets.desc as usize;
        let memory = Region::of_socket(fd, entries + count as usize * size, at)?;
        Ok(Self {
            memory,
            producer: offsets.producer as usize,
            consumer: offsets.consumer as usize,
            flags: offsets.flags as usize,
            entries,
            size,
            mask: count - 1,
            ours: 0,
        })
    }

    fn counter(&self, at: usize) -> &AtomicU32 {
        // SAFETY: inside the mapping, aligned by the kernel's layout, and touched by atomics only
        // on our side; the kernel uses acquire and release accesses on it.
        unsafe { AtomicU32::from_ptr(self.memory.at(at, 4).cast()) }
    }

    fn entry(&self, index: u32) -> *mut u8 {
        self.memory.at(
            self.entries + (index & self.mask) as usize * self.size,
            self.size,
        )
    }

    /// Writes the descriptor at `ahead` after the last published one. The caller keeps `queued + ahead` below the ring's
    /// size.
    pub(super) fn stage(&mut self, ahead: u32, addr: u64, len: u32) {
        let entry = self.entry(self.ours.wrapping_add(ahead));
        let descriptor = libc::xdp_desc {
            addr,
            len,
            options: 0,
        };
        // SAFETY: an entry between producer and consumer is the producer's: ours.
        unsafe { entry.cast::<libc::xdp_desc>().write_unaligned(descriptor) };
    }

    /// Returns address and length of the descriptor `relative` to the next one that the kernel will take.
    pub(super) fn staged_at(&self, relative: i32) -> (u64, u32) {
        let next = self.counter(self.consumer).load(Ordering::Acquire);
        let entry = self.entry(next.wrapping_add_signed(relative));
        // SAFETY: the kernel only reads the entries of this ring, so reading them here is sound at any time.
        let staged = unsafe { entry.cast::<libc::xdp_desc>().read_unaligned() };
        (staged.addr, staged.len)
    }

    /// Publishes `count` staged descriptors to the kernel.
    pub(super) fn publish(&mut self, count: u32) {
        self.ours = self.ours.wrapping_add(count);
        self.counter(self.producer)
            .store(self.ours, Ordering::Release);
    }

    /// Returns the number of published descriptors that the kernel has not taken.
    pub(super) fn queued(&self) -> u32 {
        self.ours
            .wrapping_sub(self.counter(self.consumer).load(Ordering::Acquire))
    }

    /// Returns whether the kernel needs a call to continue (`XDP_RING_NEED_WAKEUP`).
    pub(super) fn needs_wakeup(&self) -> bool {
        self.counter(self.flags).load(Ordering::Relaxed) & libc::XDP_RING_NEED_WAKEUP != 0
    }

    /// Takes every address that the kernel has added.
    pub(super) fn consume(&mut self, mut take: impl FnMut(u64)) {
        let theirs = self.counter(self.producer).load(Ordering::Acquire);
        while self.ours != theirs {
            let entry = self.entry(self.ours);
            // SAFETY: an entry between consumer and producer is the consumer's: ours.
            take(unsafe { entry.cast::<u64>().read_unaligned() });
            self.ours = self.ours.wrapping_add(1);
        }
        self.counter(self.consumer)
            .store(self.ours, Ordering::Release);
    }
}

/// Returns the layout of each ring of a socket.
pub(super) fn offsets(fd: BorrowedFd<'_>) -> Result<libc::xdp_mmap_offsets, IoError> {
    // SAFETY: a C structure of integers, for which zeros are valid.
    let mut offsets: libc::xdp_mmap_offsets = unsafe { core::mem::zeroed() };
    let call = "getsockopt(XDP_MMAP_OFFSETS)";
    let option = libc::XDP_MMAP_OFFSETS;
    socket::get(fd, call, libc::SOL_XDP, option, &mut offsets)?;
    Ok(offsets)
}

/// Sets a `SOL_XDP` option.
pub(super) fn set<T: Copy>(
    fd: BorrowedFd<'_>,
    call: &'static str,
    option: i32,
    value: &T,
) -> Result<(), IoError> {
    socket::set(fd, call, libc::SOL_XDP, option, value).map_err(unsupported)
}

/// Turns EINVAL into "unsupported": older kernels return it for unknown options, and all for a queue that the device
/// does not have.
pub(super) fn unsupported(error: IoError) -> IoError {
    match error {
        IoError::System { call, errno } if errno == Errno::INVAL => {
            IoError::Unsupported { call, errno }
        }
        other => other,
    }
}
