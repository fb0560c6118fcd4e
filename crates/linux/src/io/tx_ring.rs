//! `PACKET_TX_RING` (TPACKET_V2): slots in memory shared with the kernel, sent by one `send`.
//!
//! Invariant: a frame whose status is `AVAILABLE` is ours; `SEND_REQUEST` and `SENDING` are the
//! kernel's. Frames `done..head` are the kernel's, `head..tail` committed and not yet offered.
//!
//! `packet` is faster for small frames (docs/performance.md).

use core::mem::{offset_of, size_of};
use core::sync::atomic::{AtomicU32, Ordering};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

use rustix::io::Errno;

use super::error::{IoError, last_errno};
use super::packet::{SendFailure, classify, packet_socket};
use super::region::Region;
use super::socket;
use super::transmit::{Flushed, Framing, Transmit, TransmitConfig};

/// Offset of the frame from the start of its header (`tpacket_snd` without `PACKET_TX_HAS_OFF`).
const DATA: usize = libc::TPACKET2_HDRLEN - size_of::<libc::sockaddr_ll>();
const AVAILABLE: u32 = libc::TP_STATUS_AVAILABLE;

/// Sends through a ring shared with the kernel. Ethernet only.
#[derive(Debug)]
pub struct RingTransmitter {
    socket: OwnedFd,
    ring: Region,
    stride: usize,
    frames: usize,
    batch: usize,
    max_frame: usize,
    /// Numbers of frames since the start; a frame's index is its number modulo `frames`.
    done: u64,
    head: u64,
    tail: u64,
}

impl RingTransmitter {
    /// Opens the ring. Needs CAP_NET_RAW.
    ///
    /// # Errors
    /// If `config` is out of range or not for Ethernet, or the kernel refuses the socket or the ring.
    pub fn open(config: &TransmitConfig) -> Result<Self, IoError> {
        config.check()?;
        if config.framing != Framing::Ethernet {
            let call = "setsockopt(PACKET_TX_RING)";
            return Err(IoError::Unsupported {
                call,
                errno: Errno::OPNOTSUPP,
            });
        }
        let socket = packet_socket(config, libc::SOCK_RAW)?;
        let version = libc::tpacket_versions::TPACKET_V2 as i32;
        socket::set(
            socket.as_fd(),
            "setsockopt(PACKET_VERSION)",
            libc::SOL_PACKET,
            libc::PACKET_VERSION,
            &version,
        )?;
        // A malformed frame must not stop the ring.
        socket::set(
            socket.as_fd(),
            "setsockopt(PACKET_LOSS)",
            libc::SOL_PACKET,
            libc::PACKET_LOSS,
            &1i32,
        )?;
        let stride = (DATA + config.max_frame).next_power_of_two().max(256);
        let block = stride.max(1 << 16);
        let frames = (config.batch * 8).next_multiple_of(block / stride);
        let request = libc::tpacket_req {
            tp_block_size: block as u32,
            tp_block_nr: (frames * stride / block) as u32,
            tp_frame_size: stride as u32,
            tp_frame_nr: frames as u32,
        };
        socket::set(
            socket.as_fd(),
            "setsockopt(PACKET_TX_RING)",
            libc::SOL_PACKET,
            libc::PACKET_TX_RING,
            &request,
        )?;
        let ring = Region::of_socket(socket.as_fd(), frames * stride, 0)?;
        Ok(Self {
            socket,
            ring,
            stride,
            frames,
            batch: config.batch,
            max_frame: config.max_frame,
            done: 0,
            head: 0,
            tail: 0,
        })
    }

    fn offset(&self, frame: u64) -> usize {
        (frame % self.frames as u64) as usize * self.stride
    }

    fn status(&self, frame: u64) -> &AtomicU32 {
        let at = self.offset(frame) + offset_of!(libc::tpacket2_hdr, tp_status);
        // SAFETY: inside the mapping, aligned (frames are), and touched by atomics only; the
        // kernel writes it with plain aligned stores and its own barriers.
        unsafe { AtomicU32::from_ptr(self.ring.at(at, 4).cast()) }
    }

    /// Reclaims the frames that the kernel is done with. Returns the number of malformed ones.
    fn reap(&mut self) -> usize {
        let mut refused = 0;
        while self.done < self.head {
            match self.status(self.done).load(Ordering::Acquire) {
                AVAILABLE => {}
                libc::TP_STATUS_WRONG_FORMAT => {
                    self.status(self.done).store(AVAILABLE, Ordering::Relaxed);
                    refused += 1;
                }
                _ => break,
            }
            self.done += 1;
        }
        refused
    }
}

impl Transmit for RingTransmitter {
    fn slot(&mut self) -> Option<&mut [u8]> {
        let full = self.tail - self.done >= self.frames as u64;
        if self.tail - self.head >= self.batch as u64 || full {
            return None;
        }
        let base = self.ring.at(self.offset(self.tail) + DATA, self.max_frame);
        // SAFETY: frame `tail` is available, hence ours, and the borrow of `self` is exclusive.
        Some(unsafe { core::slice::from_raw_parts_mut(base, self.max_frame) })
    }

    fn commit(&mut self, len: usize) {
        assert!(
            len <= self.max_frame && self.tail - self.done < self.frames as u64,
            "len fits"
        );
        let at = self.offset(self.tail) + offset_of!(libc::tpacket2_hdr, tp_len);
        let length = self.ring.at(at, 4).cast::<[u8; 4]>();
        // SAFETY: the length field of a frame that is ours.
        unsafe { length.write((len as u32).to_ne_bytes()) };
        self.tail += 1;
    }

    fn flush(&mut self) -> Result<Flushed, IoError> {
        let mut done = Flushed::default();
        let offered = self.done;
        while self.head < self.tail {
            self.status(self.head)
                .store(libc::TP_STATUS_SEND_REQUEST, Ordering::Release);
            self.head += 1;
        }
        // SAFETY: no pointer is passed.
        let r = unsafe {
            let (fd, none) = (self.socket.as_raw_fd(), core::ptr::null());
            libc::send(fd, none, 0, libc::MSG_DONTWAIT)
        };
        if r < 0 {
            match classify("send(PACKET_TX_RING)", last_errno()) {
                SendFailure::Blocked => done.blocked = true,
                SendFailure::Refused => done.last_error = Some(last_errno()),
                SendFailure::Fatal(error) => return Err(error),
            }
        }
        done.refused = self.reap();
        done.sent = (self.done - offered) as usize - done.refused;
        done.pending = (self.tail - self.done) as usize;
        Ok(done)
    }

    fn writable(&self) -> Option<BorrowedFd<'_>> {
        Some(self.socket.as_fd())
    }

    fn pending(&self) -> usize {
        (self.tail - self.done) as usize
    }
}
