//! AF_XDP sending: frames are written to memory registered with the kernel (the umem) and handed over by descriptors in a
//! ring. Copy mode works on any Ethernet device; zero copy needs support by the driver.
//!
//! Receiving stays on the packet ring. Replies redirected to AF_XDP would not reach the kernel's TCP, which would then not
//! reset the half-open connections of a SYN scan.
//!
//! Invariant: a umem frame is in exactly one place: in `free`, in `lent` (with the caller), in the transmit ring, or in
//! flight until the completion ring returns it (`xdp_umem`).
//!
//! Source: linux/if_xdp.h, Documentation/networking/af_xdp.rst.

use core::time::Duration;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::sync::Arc;

use rustix::io::Errno;

use super::error::{IoError, last_errno};
use super::socket;
use super::transmit::{Flushed, Framing, Transmit, TransmitConfig};
use super::xdp_program::PassProgram;
use super::xdp_ring::{Ring, offsets, set, unsupported};
use super::xdp_umem::{Umem, address, xdp_socket};

/// `XDP_MAX_TX_SKB_BUDGET` (linux/if_xdp.h since 6.17): frames per `sendto` in copy mode.
const MAX_TX_SKB_BUDGET: i32 = 9;

/// Whether frames are copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XdpMode {
    /// Zero copy if the driver supports it, otherwise copy mode.
    Auto,
    /// The kernel copies each frame into its own buffer. Works with any driver.
    Copy,
    /// The device reads the umem. This attaches an XDP program that passes every packet, because many drivers set up
    /// their XDP queues only with a program; it is detached with the transmitter.
    ZeroCopy,
}

/// Sends through AF_XDP, on one queue of an Ethernet device.
#[derive(Debug)]
pub struct XdpTransmitter {
    transmit: Ring,
    socket: OwnedFd,
    umem: Arc<Umem>,
    /// Index of this socket among those that share the umem.
    index: usize,
    /// Free frames, last in first out: the frame used last is still in the cache.
    free: Vec<u32>,
    lent: Option<u32>,
    max_frame: usize,
    batch: usize,
    /// Frames committed since the last flush, not yet published to the kernel.
    staged: usize,
    /// Frames published to the kernel, not yet reported as sent.
    unsent: usize,
    /// Descriptors that the kernel has taken without moving its visible counter (see `requeue`).
    ahead: u32,
    zero_copy: bool,
}

impl XdpTransmitter {
    /// Opens `count` transmitters on [`TransmitConfig::queue`], one for each thread. Needs CAP_NET_RAW; zero copy also
    /// needs CAP_NET_ADMIN and CAP_BPF.
    ///
    /// # Errors
    /// [`IoError::Unsupported`] if the kernel or the device has no AF_XDP or no such queue; [`IoError::Busy`] if another
    /// socket uses the queue: use another method then. Others if `config` is out of range or the kernel refuses.
    pub fn open(
        config: &TransmitConfig,
        mode: XdpMode,
        count: usize,
    ) -> Result<Vec<Self>, IoError> {
        config.check()?;
        if config.framing != Framing::Ethernet {
            let call = "bind(AF_XDP)";
            let errno = Errno::OPNOTSUPP;
            return Err(IoError::Unsupported { call, errno });
        }
        let copying = || Self::bind(config, count, libc::XDP_COPY, None);
        match mode {
            XdpMode::Copy => copying(),
            XdpMode::ZeroCopy => Self::zero_copy(config, count),
            XdpMode::Auto => Self::zero_copy(config, count).or_else(|_| copying()),
        }
    }

    fn zero_copy(config: &TransmitConfig, count: usize) -> Result<Vec<Self>, IoError> {
        let program = PassProgram::attach(config.ifindex)?;
        Self::bind(config, count, libc::XDP_ZEROCOPY, Some(program))
    }

    /// Returns whether the device reads the umem itself.
    pub fn is_zero_copy(&self) -> bool {
        self.zero_copy
    }

    fn bind(
        config: &TransmitConfig,
        count: usize,
        flags: u16,
        program: Option<PassProgram>,
    ) -> Result<Vec<Self>, IoError> {
        let share = (config.batch * 2)
            .next_power_of_two()
            .max(256 / count.max(1));
        let first = xdp_socket()?;
        let umem = Umem::register(first.as_fd(), config.max_frame, share, count, program)?;
        let umem = Arc::new(umem);
        let (index, queue) = (config.ifindex, config.queue);
        let mut sockets = vec![first];
        for _ in 1..count {
            sockets.push(xdp_socket()?);
        }
        let mut made: Vec<Self> = Vec::with_capacity(count);
        for (number, socket) in sockets.into_iter().enumerate() {
            let transmit = transmit_ring(socket.as_fd(), config, share)?;
            let mut to = address(index, queue, flags | libc::XDP_USE_NEED_WAKEUP);
            if let Some(first) = made.first() {
                to = address(index, queue, libc::XDP_SHARED_UMEM);
                to.sxdp_shared_umem_fd = first.socket.as_raw_fd() as u32;
            }
            bind_with_retry(socket.as_fd(), &to)?;
            made.push(Self {
                transmit,
                socket,
                free: umem.frames_of(number),
                umem: Arc::clone(&umem),
                index: number,
                lent: None,
                max_frame: config.max_frame,
                batch: config.batch,
                staged: 0,
                unsent: 0,
                ahead: 0,
                zero_copy: flags & libc::XDP_ZEROCOPY != 0,
            });
        }
        Ok(made)
    }

    fn reap(&mut self) {
        self.umem.reap(self.index, &mut self.free);
    }

    /// Returns the number of published descriptors that the kernel has not taken.
    fn left(&self) -> usize {
        self.transmit.queued().saturating_sub(self.ahead) as usize
    }

    /// Queues a frame again after EBUSY: the device's queue was full, and the kernel has already taken the frame off the
    /// ring and "completed" it (`__xsk_generic_xmit`, net/xdp/xsk.c). Its bytes are unchanged. On a kernel that does this
    /// in another order, a frame is sent twice at worst. Returns false if the frame is not found.
    fn requeue(&mut self, visible: bool) -> bool {
        let (address, len) = if visible {
            self.transmit.staged_at(-1)
        } else {
            // The kernel moves its private counter, and publishes it only when it has sent something.
            self.ahead += 1;
            self.transmit.staged_at(self.ahead as i32 - 1)
        };
        self.reap();
        let frame = self.umem.frame_at(address);
        let Some(position) = self.free.iter().rposition(|free| *free == frame) else {
            return false;
        };
        self.free.swap_remove(position);
        self.transmit.stage(0, address, len);
        self.transmit.publish(1);
        true
    }

    /// Makes the kernel work on the transmit ring.
    fn kick(&self) -> Result<(), Errno> {
        // SAFETY: no pointer is passed.
        let r = unsafe {
            let (fd, none) = (self.socket.as_raw_fd(), core::ptr::null());
            libc::sendto(fd, none, 0, libc::MSG_DONTWAIT, core::ptr::null(), 0)
        };
        if r < 0 { Err(last_errno()) } else { Ok(()) }
    }
}

/// Binds a socket, and retries while the queue is busy: the kernel frees a queue a few milliseconds after its last socket
/// was closed.
fn bind_with_retry(fd: BorrowedFd<'_>, address: &libc::sockaddr_xdp) -> Result<(), IoError> {
    let mut answer = Ok(());
    for _ in 0..50 {
        answer = socket::bind(fd, "bind(AF_XDP)", address);
        if !matches!(answer, Err(IoError::Busy { .. })) {
            break;
        }
        std::thread::sleep(Duration::from_millis(4));
    }
    answer.map_err(unsupported)
}

/// Creates a socket's transmit ring and maps it.
fn transmit_ring(
    fd: BorrowedFd<'_>,
    config: &TransmitConfig,
    share: usize,
) -> Result<Ring, IoError> {
    // Space for frames that are queued a second time.
    let entries = share.next_power_of_two() as u32 * 2;
    set(fd, "setsockopt(XDP_TX_RING)", libc::XDP_TX_RING, &entries)?;
    let call = "setsockopt(XDP_MAX_TX_SKB_BUDGET)";
    // Kernels before 6.17 send 32 frames per call.
    let _ = set(fd, call, MAX_TX_SKB_BUDGET, &entries);
    socket::request_send_buffer(fd, config.send_buffer_size());
    let at = libc::XDP_PGOFF_TX_RING;
    Ring::map(fd, &offsets(fd)?.tx, entries, 16, at)
}

impl Transmit for XdpTransmitter {
    #[inline]
    fn slot(&mut self) -> Option<&mut [u8]> {
        if self.staged == self.batch {
            return None;
        }
        if self.lent.is_none() && self.free.is_empty() {
            self.reap();
        }
        let frame = match self.lent {
            Some(frame) => frame,
            None => self.free.pop()?,
        };
        self.lent = Some(frame);
        let base = self.umem.bytes(frame);
        // SAFETY: the frame is lent: neither free nor with the kernel; `self` is borrowed.
        Some(unsafe { core::slice::from_raw_parts_mut(base, self.max_frame) })
    }

    #[inline]
    fn commit(&mut self, len: usize) {
        let frame = self.lent.take().expect("commit follows slot");
        assert!(len <= self.max_frame, "the slot holds len");
        let address = self.umem.start(frame) as u64;
        self.transmit.stage(self.staged as u32, address, len as u32);
        self.staged += 1;
    }

    fn flush(&mut self) -> Result<Flushed, IoError> {
        let mut done = Flushed::default();
        self.transmit.publish(self.staged as u32);
        // The ring's own count is not sufficient, because waiting for space (ppoll) also makes the kernel send.
        let offered = self.unsent + self.staged;
        self.staged = 0;
        let mut left = self.left();
        while left > 0 && (!self.zero_copy || self.transmit.needs_wakeup()) {
            let queued = self.transmit.queued();
            let answer = self.kick();
            let progress = self.transmit.queued() < queued;
            if progress {
                self.ahead = 0;
            }
            match answer {
                Ok(()) | Err(Errno::AGAIN | Errno::INTR | Errno::NOBUFS | Errno::NOMEM) => {}
                Err(Errno::BUSY) => {
                    done.blocked = true;
                    if !self.requeue(progress) {
                        done.refused += 1;
                        done.last_error = Some(Errno::BUSY);
                    }
                }
                Err(errno) => return Err(IoError::new("sendto(AF_XDP)", errno)),
            }
            left = self.left();
            self.reap();
            if !progress || done.blocked {
                done.blocked = true;
                break;
            }
        }
        self.reap();
        done.sent = (offered - left).saturating_sub(done.refused);
        done.blocked &= left > 0;
        done.pending = left;
        self.unsent = left;
        Ok(done)
    }

    /// Returns `None`: polling an AF_XDP socket makes the kernel send, and hides what it drops.
    fn writable(&self) -> Option<BorrowedFd<'_>> {
        None
    }

    fn pending(&self) -> usize {
        self.unsent + self.staged
    }
}
