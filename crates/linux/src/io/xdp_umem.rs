//! The memory of AF_XDP (umem): frames that are registered with the kernel once, and that the sockets of a queue share.
//!
//! Invariant: frame n belongs to socket n / `share`. It is owned by that socket or by the kernel, or waits in `returned`
//! for its socket.
//!
//! It must not know what is sent.

use std::os::fd::BorrowedFd;
use std::sync::{Mutex, PoisonError};

use super::error::IoError;
use super::region::Region;
use super::socket;
use super::xdp_program::PassProgram;
use super::xdp_ring::{Ring, offsets, set};

#[derive(Debug)]
pub(super) struct Umem {
    memory: Region,
    chunk: usize,
    max_frame: usize,
    /// Number of frames of each socket.
    share: usize,
    returned: Mutex<Returned>,
    /// Not used for sending, but the kernel requires it.
    _fill: Ring,
    _program: Option<PassProgram>,
}

/// Frames that the kernel is done with: the only state that the sockets of a queue share.
#[derive(Debug)]
struct Returned {
    completion: Ring,
    /// Frames of each socket that wait for it.
    by_socket: Vec<Vec<u32>>,
}

impl Umem {
    /// Registers `share` frames for each of `sockets` sockets, on the first of them.
    pub(super) fn register(
        first: BorrowedFd<'_>,
        max_frame: usize,
        share: usize,
        sockets: usize,
        program: Option<PassProgram>,
    ) -> Result<Self, IoError> {
        let chunk = (max_frame + 64).next_power_of_two().max(2048);
        if chunk > 4096 {
            return Err(IoError::BadRequest(
                "an AF_XDP frame is at most 4032 bytes long",
            ));
        }
        let memory = Region::anonymous(share * sockets * chunk)?;
        // SAFETY: a C structure of integers, for which zeros are valid.
        let mut area: libc::xdp_umem_reg = unsafe { core::mem::zeroed() };
        area.addr = memory.at(0, memory.len()) as u64;
        area.len = memory.len() as u64;
        area.chunk_size = chunk as u32;
        let entries = (share * sockets).next_power_of_two() as u32;
        let call = "setsockopt(XDP_UMEM_REG)";
        set(first, call, libc::XDP_UMEM_REG, &area)?;
        let call = "setsockopt(XDP_UMEM_FILL_RING)";
        set(first, call, libc::XDP_UMEM_FILL_RING, &entries)?;
        let call = "setsockopt(XDP_UMEM_COMPLETION_RING)";
        set(first, call, libc::XDP_UMEM_COMPLETION_RING, &entries)?;
        let at = offsets(first)?;
        let (completion, fill) = (
            libc::XDP_UMEM_PGOFF_COMPLETION_RING as i64,
            libc::XDP_UMEM_PGOFF_FILL_RING as i64,
        );
        let completion = Ring::map(first, &at.cr, entries, 8, completion)?;
        let by_socket = (0..sockets).map(|_| Vec::with_capacity(share)).collect();
        Ok(Self {
            memory,
            chunk,
            max_frame,
            share,
            returned: Mutex::new(Returned {
                completion,
                by_socket,
            }),
            _fill: Ring::map(first, &at.fr, entries, 8, fill)?,
            _program: program,
        })
    }

    /// Returns the frames of a socket.
    pub(super) fn frames_of(&self, socket: usize) -> Vec<u32> {
        let first = (socket * self.share) as u32;
        (first..first + self.share as u32).rev().collect()
    }

    /// Returns the offset of a frame's bytes in the umem. It varies within the power-of-two chunk, so that the frames are
    /// spread over the sets of the cache.
    pub(super) fn start(&self, frame: u32) -> usize {
        let spare = (self.chunk - self.max_frame) / 64;
        frame as usize * self.chunk + (frame as usize % (spare + 1).min(16)) * 64
    }

    /// Returns a pointer to a frame's `max_frame` bytes.
    pub(super) fn bytes(&self, frame: u32) -> *mut u8 {
        self.memory.at(self.start(frame), self.max_frame)
    }

    /// Returns the frame that contains an address.
    pub(super) fn frame_at(&self, address: u64) -> u32 {
        (address as usize / self.chunk) as u32
    }

    /// Moves the returned frames of `socket` to `free`.
    pub(super) fn reap(&self, socket: usize, free: &mut Vec<u32>) {
        // After a panic elsewhere the lists are still consistent: each step moves one number.
        let mut returned = self.returned.lock().unwrap_or_else(PoisonError::into_inner);
        let Returned {
            completion,
            by_socket,
        } = &mut *returned;
        completion.consume(|address| {
            let frame = self.frame_at(address);
            if let Some(frames) = by_socket.get_mut(frame as usize / self.share) {
                frames.push(frame);
            }
        });
        free.append(&mut by_socket[socket]);
    }
}

/// Returns the address that binds a socket to a queue.
pub(super) fn address(ifindex: u32, queue: u32, flags: u16) -> libc::sockaddr_xdp {
    libc::sockaddr_xdp {
        sxdp_family: libc::AF_XDP as u16,
        sxdp_flags: flags,
        sxdp_ifindex: ifindex,
        sxdp_queue_id: queue,
        sxdp_shared_umem_fd: 0,
    }
}

/// Opens an AF_XDP socket.
pub(super) fn xdp_socket() -> Result<std::os::fd::OwnedFd, IoError> {
    socket::open("socket(AF_XDP)", libc::AF_XDP, libc::SOCK_RAW, 0)
}
