//! The memory of AF_XDP: frames registered with the kernel once, shared by the sockets that send
//! on one queue, and the way the frames come back.
//!
//! Invariant: frame n belongs to socket n / `share` for good. It is with that socket, with the
//! kernel, or in `back` on its way home.
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
    /// Frames of each socket.
    share: usize,
    back: Mutex<Back>,
    /// Never used by us, but the kernel wants it, and some drivers want it filled.
    _fill: Ring,
    _program: Option<PassProgram>,
}

/// Frames that the kernel is done with. Only here do the sockets of a queue meet.
#[derive(Debug)]
struct Back {
    completion: Ring,
    home: Vec<Vec<u32>>,
}

impl Umem {
    /// Registers `share` frames for each of `sockets` sockets, by the first of them.
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
        let home = (0..sockets).map(|_| Vec::with_capacity(share)).collect();
        Ok(Self {
            memory,
            chunk,
            max_frame,
            share,
            back: Mutex::new(Back { completion, home }),
            _fill: Ring::map(first, &at.fr, entries, 8, fill)?,
            _program: program,
        })
    }

    /// The frames of a socket.
    pub(super) fn frames_of(&self, socket: usize) -> Vec<u32> {
        let first = (socket * self.share) as u32;
        (first..first + self.share as u32).rev().collect()
    }

    /// Where a frame's bytes begin in the umem: not at the start of each power-of-two chunk, but
    /// spread over the cache's sets.
    pub(super) fn start(&self, frame: u32) -> usize {
        let spare = (self.chunk - self.max_frame) / 64;
        frame as usize * self.chunk + (frame as usize % (spare + 1).min(16)) * 64
    }

    /// The memory of a frame, `max_frame` bytes.
    pub(super) fn bytes(&self, frame: u32) -> *mut u8 {
        self.memory.at(self.start(frame), self.max_frame)
    }

    /// The frame that an address lies in.
    pub(super) fn frame_at(&self, address: u64) -> u32 {
        (address as usize / self.chunk) as u32
    }

    /// Moves the frames of `socket` that came back to `free`.
    pub(super) fn reap(&self, socket: usize, free: &mut Vec<u32>) {
        // A panic elsewhere leaves the lists whole: each step moves one number.
        let mut back = self.back.lock().unwrap_or_else(PoisonError::into_inner);
        let Back { completion, home } = &mut *back;
        completion.consume(|address| {
            let frame = self.frame_at(address);
            if let Some(home) = home.get_mut(frame as usize / self.share) {
                home.push(frame);
            }
        });
        free.append(&mut home[socket]);
    }
}

/// The queue and the mode in which a socket is bound.
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
