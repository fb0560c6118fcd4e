//! TPACKET_V3: a ring of blocks, each holding frames of any length.
//!
//! Invariant: a block whose status has `TP_STATUS_USER` is ours until we write `TP_STATUS_KERNEL`. The blocks are read in
//! the kernel's order.
//!
//! Source: linux/if_packet.h, Documentation/networking/packet_mmap.rst.

use core::mem::offset_of;
use core::sync::atomic::{AtomicU32, Ordering};
use std::os::fd::BorrowedFd;

use super::error::IoError;
use super::receive::{ADDRESS, Received, option};
use super::region::Region;
use crate::clock::StampClock;

/// Offset of the status word in the header of a V3 block.
const STATUS: usize = offset_of!(libc::tpacket_block_desc, hdr);
/// Offset of the number of frames in a block.
const COUNT: usize = STATUS + offset_of!(libc::tpacket_hdr_v1, num_pkts);
/// Offset of the offset of the first frame in a block.
const FIRST: usize = STATUS + offset_of!(libc::tpacket_hdr_v1, offset_to_first_pkt);

/// Offset of `struct sockaddr_ll` from the start of a frame's header (`TPACKET_ALIGN`).
const HEADER: usize = size_of::<libc::tpacket3_hdr>().next_multiple_of(libc::TPACKET_ALIGNMENT);

#[derive(Debug)]
pub(super) struct BlockRing {
    ring: Region,
    block: usize,
    count: usize,
    next: usize,
}

impl BlockRing {
    pub(super) fn open(
        socket: BorrowedFd<'_>,
        block: usize,
        count: usize,
        retire_ms: u32,
    ) -> Result<Self, IoError> {
        if !block.is_power_of_two() || block < 4096 || count == 0 || block * count > 1 << 30 {
            return Err(IoError::BadRequest("ring of blocks"));
        }
        let version = libc::tpacket_versions::TPACKET_V3 as i32;
        option(
            &socket,
            "setsockopt(PACKET_VERSION)",
            libc::PACKET_VERSION,
            &version,
        )?;
        // The frame size only has to divide the block size: V3 stores frames by their actual length.
        let frame = 2048;
        let request = libc::tpacket_req3 {
            tp_block_size: block as u32,
            tp_block_nr: count as u32,
            tp_frame_size: frame,
            tp_frame_nr: (block * count) as u32 / frame,
            tp_retire_blk_tov: retire_ms,
            tp_sizeof_priv: 0,
            tp_feature_req_word: 0,
        };
        option(
            &socket,
            "setsockopt(PACKET_RX_RING)",
            libc::PACKET_RX_RING,
            &request,
        )?;
        let ring = Region::of_socket(socket, block * count, 0)?;
        Ok(Self {
            ring,
            block,
            count,
            next: 0,
        })
    }

    fn status(&self) -> &AtomicU32 {
        let at = self.next * self.block + STATUS;
        // SAFETY: inside the mapping, aligned (blocks are), and touched by atomics only; the
        // kernel writes it with plain aligned stores and its own barriers.
        unsafe { AtomicU32::from_ptr(self.ring.at(at, 4).cast()) }
    }

    fn word(&self, at: usize) -> usize {
        // SAFETY: four bytes of a block that is ours; read unaligned, so any offset will do.
        unsafe { self.ring.at(at, 4).cast::<u32>().read_unaligned() as usize }
    }

    pub(super) fn for_each(
        &mut self,
        clock: StampClock,
        mut visit: impl FnMut(Received<'_>),
    ) -> usize {
        let mut seen = 0;
        // At most one pass over the ring: the caller also has to send.
        for _ in 0..self.count {
            if self.status().load(Ordering::Acquire) & libc::TP_STATUS_USER == 0 {
                break;
            }
            let base = self.next * self.block;
            let frames = self.word(base + COUNT);
            let mut at = self.word(base + FIRST);
            for _ in 0..frames {
                let Some((received, next)) = self.frame(base, at, clock) else {
                    break;
                };
                visit(received);
                seen += 1;
                at += next;
            }
            self.status()
                .store(libc::TP_STATUS_KERNEL, Ordering::Release);
            self.next = (self.next + 1) % self.count;
        }
        seen
    }

    /// Returns the frame whose header is at offset `at` of the block at `base`, and the distance to the next header.
    fn frame(&self, base: usize, at: usize, clock: StampClock) -> Option<(Received<'_>, usize)> {
        let header_end = at.checked_add(size_of::<libc::tpacket3_hdr>())?;
        if header_end > self.block {
            return None;
        }
        let header = self.ring.at(base + at, size_of::<libc::tpacket3_hdr>());
        // SAFETY: a whole header inside a block that is ours; integers only.
        let header = unsafe { header.cast::<libc::tpacket3_hdr>().read_unaligned() };
        let (start, len) = (at + usize::from(header.tp_mac), header.tp_snaplen as usize);
        if start.checked_add(len)? > self.block {
            return None;
        }
        // SAFETY: bytes of a block that is ours until `for_each` gives it back, which it does
        // only after `visit` returned; the lifetime is tied to `self`.
        let bytes = unsafe { core::slice::from_raw_parts(self.ring.at(base + start, len), len) };
        let address = at + HEADER;
        if address + ADDRESS > self.block {
            return None;
        }
        // SAFETY: as for the bytes of the frame: inside the same block, lent no longer; bytes have no alignment.
        let address = unsafe {
            &*self
                .ring
                .at(base + address, ADDRESS)
                .cast::<[u8; ADDRESS]>()
        };
        let unix_ns = u64::from(header.tp_sec) * 1_000_000_000 + u64::from(header.tp_nsec);
        let tagged = header.tp_status & libc::TP_STATUS_VLAN_VALID != 0;
        let received = Received {
            bytes,
            wire_len: header.tp_len as usize,
            time_ns: clock.to_monotonic(unix_ns),
            unix_ns,
            vlan: tagged.then_some(header.hv1.tp_vlan_tci as u16),
            checksum_pending: header.tp_status & libc::TP_STATUS_CSUMNOTREADY != 0,
            address,
        };
        Some((received, header.tp_next_offset as usize))
    }
}
