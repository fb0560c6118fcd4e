//! TPACKET_V2: a ring of equal slots, each handed over as soon as its frame arrived.
//!
//! Invariant: a slot whose status has `TP_STATUS_USER` is ours until we write `TP_STATUS_KERNEL`. The slots are read in
//! the kernel's order.
//!
//! Source: linux/if_packet.h, Documentation/networking/packet_mmap.rst.

use core::sync::atomic::{AtomicU32, Ordering};
use std::os::fd::BorrowedFd;

use super::error::IoError;
use super::receive::{ADDRESS, Received, option};
use super::region::Region;
use crate::clock::StampClock;

/// Offset of `struct sockaddr_ll` from the start of a frame's header (`TPACKET_ALIGN`).
const HEADER: usize = size_of::<libc::tpacket2_hdr>().next_multiple_of(libc::TPACKET_ALIGNMENT);

#[derive(Debug)]
pub(super) struct FrameRing {
    ring: Region,
    frame: usize,
    count: usize,
    next: usize,
}

impl FrameRing {
    pub(super) fn open(
        socket: BorrowedFd<'_>,
        frame: usize,
        count: usize,
    ) -> Result<Self, IoError> {
        let block = frame.max(1 << 16);
        if !frame.is_power_of_two() || frame < 128 || count == 0 || frame * count > 1 << 30 {
            return Err(IoError::BadRequest("ring of frames"));
        }
        let count = count.next_multiple_of(block / frame);
        let version = libc::tpacket_versions::TPACKET_V2 as i32;
        option(
            &socket,
            "setsockopt(PACKET_VERSION)",
            libc::PACKET_VERSION,
            &version,
        )?;
        let request = libc::tpacket_req {
            tp_block_size: block as u32,
            tp_block_nr: (count * frame / block) as u32,
            tp_frame_size: frame as u32,
            tp_frame_nr: count as u32,
        };
        option(
            &socket,
            "setsockopt(PACKET_RX_RING)",
            libc::PACKET_RX_RING,
            &request,
        )?;
        let ring = Region::of_socket(socket, count * frame, 0)?;
        Ok(Self {
            ring,
            frame,
            count,
            next: 0,
        })
    }

    fn status(&self) -> &AtomicU32 {
        let at = self.next * self.frame;
        // SAFETY: the first word of a frame, aligned, touched by atomics only; the kernel
        // writes it with plain aligned stores and its own barriers.
        unsafe { AtomicU32::from_ptr(self.ring.at(at, 4).cast()) }
    }

    pub(super) fn for_each(
        &mut self,
        clock: StampClock,
        mut visit: impl FnMut(Received<'_>),
    ) -> usize {
        // At most one pass over the ring: the caller also has to send.
        for seen in 0..self.count {
            let status = self.status().load(Ordering::Acquire);
            if status & libc::TP_STATUS_USER == 0 {
                return seen;
            }
            if let Some(received) = self.frame(status, clock) {
                visit(received);
            }
            self.status()
                .store(libc::TP_STATUS_KERNEL, Ordering::Release);
            self.next = (self.next + 1) % self.count;
        }
        self.count
    }

    fn frame(&self, status: u32, clock: StampClock) -> Option<Received<'_>> {
        let base = self.next * self.frame;
        let header = self.ring.at(base, size_of::<libc::tpacket2_hdr>());
        // SAFETY: a whole header inside a frame that is ours; integers only.
        let header = unsafe { header.cast::<libc::tpacket2_hdr>().read_unaligned() };
        let (start, len) = (usize::from(header.tp_mac), header.tp_snaplen as usize);
        if start.checked_add(len)? > self.frame {
            return None;
        }
        // SAFETY: bytes of a frame that is ours until `for_each` gives it back, which it does
        // only after `visit` returned; the lifetime is tied to `self`.
        let bytes = unsafe { core::slice::from_raw_parts(self.ring.at(base + start, len), len) };
        let address = HEADER;
        if address + ADDRESS > self.frame {
            return None;
        }
        // SAFETY: as for the bytes of the frame: inside the same frame, lent no longer; bytes have no alignment.
        let address = unsafe {
            &*self
                .ring
                .at(base + address, ADDRESS)
                .cast::<[u8; ADDRESS]>()
        };
        let unix_ns = u64::from(header.tp_sec) * 1_000_000_000 + u64::from(header.tp_nsec);
        let tagged = status & libc::TP_STATUS_VLAN_VALID != 0;
        Some(Received {
            bytes,
            wire_len: header.tp_len as usize,
            time_ns: clock.to_monotonic(unix_ns),
            unix_ns,
            vlan: tagged.then_some(header.tp_vlan_tci),
            checksum_pending: status & libc::TP_STATUS_CSUMNOTREADY != 0,
            address,
        })
    }
}
