//! `sendmmsg` from preallocated slots: on packet sockets, and on raw IP sockets for loopback.
//!
//! Invariants: slots `head..tail` are committed and not sent; the kernel reads a slot only during `sendmmsg`; every
//! pointer in `messages` points into `iovecs`, `names` or `slots`, which never move.
//!
//! It must not know what the frames mean. It reads the IP version and the destination address only because the kernel
//! requires them.

use core::mem::size_of;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

use rustix::io::Errno;

use super::error::{IoError, last_errno};
use super::region::{Pinned, Region};
use super::socket;
use super::transmit::{Flushed, Framing, Transmit, TransmitConfig};

/// Destination address of a message, for sockets that need one for each packet.
#[derive(Clone, Copy)]
#[repr(C)]
union Name {
    link: libc::sockaddr_ll,
    v4: libc::sockaddr_in,
    v6: libc::sockaddr_in6,
}

/// The sockets behind the slots.
#[derive(Debug)]
enum Sockets {
    /// A packet socket bound to the interface; packets need no address.
    Ethernet(OwnedFd),
    /// Each packet needs its protocol.
    Ip { socket: OwnedFd, ifindex: u32 },
    /// Each packet needs its destination, and each family a socket.
    Loopback {
        v4: OwnedFd,
        v6: Option<OwnedFd>,
        zone: u32,
    },
}

/// Sends with `sendmmsg`.
#[derive(Debug)]
pub struct PacketTransmitter {
    sockets: Sockets,
    slots: Region,
    stride: usize,
    max_frame: usize,
    batch: usize,
    messages: Pinned<libc::mmsghdr>,
    iovecs: Pinned<libc::iovec>,
    names: Pinned<Name>,
    /// First committed slot that is not sent.
    head: usize,
    /// First free slot.
    tail: usize,
}

impl core::fmt::Debug for Name {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Name")
    }
}

impl PacketTransmitter {
    /// Opens the sockets and allocates the slots. Needs CAP_NET_RAW.
    ///
    /// # Errors
    /// If `config` is out of range, or the kernel refuses a socket or the memory.
    pub fn open(config: &TransmitConfig) -> Result<Self, IoError> {
        config.check()?;
        let sockets = Sockets::open(config)?;
        // An odd number of cache lines between slots spreads their headers over all cache sets.
        let stride = (config.max_frame.div_ceil(64) | 1) * 64;
        let slots = Region::anonymous(stride * config.batch)?;
        let iovecs = Pinned::new(
            (0..config.batch)
                .map(|i| libc::iovec {
                    iov_base: slots.at(i * stride, stride).cast(),
                    iov_len: 0,
                })
                .collect(),
        );
        // SAFETY: a union of C structures of integers, for which zeros are valid.
        let names = Pinned::new(vec![unsafe { core::mem::zeroed::<Name>() }; config.batch]);
        let messages = Pinned::new(
            (0..config.batch)
                .map(|i| {
                    // SAFETY: a C structure of integers and pointers, for which zeros are valid.
                    let mut m: libc::mmsghdr = unsafe { core::mem::zeroed() };
                    m.msg_hdr.msg_iov = iovecs.at(i);
                    m.msg_hdr.msg_iovlen = 1;
                    if !matches!(sockets, Sockets::Ethernet(_)) {
                        m.msg_hdr.msg_name = names.at(i).cast();
                    }
                    m
                })
                .collect(),
        );
        Ok(Self {
            sockets,
            slots,
            stride,
            max_frame: config.max_frame,
            batch: config.batch,
            messages,
            iovecs,
            names,
            head: 0,
            tail: 0,
        })
    }

    /// Returns the IP version of the packet in a slot.
    fn version(&self, slot: usize) -> u8 {
        // SAFETY: inside the slots, which only this type touches; the kernel is not reading now.
        unsafe { self.slots.at(slot * self.stride, 1).read() >> 4 }
    }

    /// Writes the address that the kernel needs for the packet in `slot`.
    fn address(&mut self, slot: usize, len: usize) {
        let version = self.version(slot);
        let name = self.names.at(slot);
        let name_len = match &self.sockets {
            Sockets::Ethernet(_) => return,
            Sockets::Ip { ifindex, .. } => {
                let protocol = if version == 6 {
                    libc::ETH_P_IPV6
                } else {
                    libc::ETH_P_IP
                };
                let link = socket::link_address(*ifindex, protocol as u16);
                // SAFETY: `name` is ours, inside the array, and no call is reading it.
                unsafe { name.write(Name { link }) };
                size_of::<libc::sockaddr_ll>()
            }
            Sockets::Loopback { zone, .. } if version == 6 => {
                let mut to = [0u8; 16];
                if len >= 40 {
                    // SAFETY: 24..40 lies inside the slot, which is at least 64 bytes long.
                    to = unsafe {
                        self.slots
                            .at(slot * self.stride + 24, 16)
                            .cast::<[u8; 16]>()
                            .read()
                    };
                }
                let local = to[0] == 0xfe && to[1] & 0xc0 == 0x80;
                let v6 = libc::sockaddr_in6 {
                    sin6_family: libc::AF_INET6 as u16,
                    sin6_port: 0,
                    sin6_flowinfo: 0,
                    sin6_addr: libc::in6_addr { s6_addr: to },
                    sin6_scope_id: if local { *zone } else { 0 },
                };
                // SAFETY: as above.
                unsafe { name.write(Name { v6 }) };
                size_of::<libc::sockaddr_in6>()
            }
            Sockets::Loopback { .. } => {
                // SAFETY: 16..20 lies inside the slot, which is at least 64 bytes long.
                let to = unsafe {
                    self.slots
                        .at(slot * self.stride + 16, 4)
                        .cast::<[u8; 4]>()
                        .read()
                };
                let v4 = libc::sockaddr_in {
                    sin_family: libc::AF_INET as u16,
                    sin_port: 0,
                    sin_addr: libc::in_addr {
                        s_addr: u32::from_ne_bytes(to),
                    },
                    sin_zero: [0; 8],
                };
                // SAFETY: as above.
                unsafe { name.write(Name { v4 }) };
                size_of::<libc::sockaddr_in>()
            }
        };
        // SAFETY: `messages[slot]` is ours and no call is reading it.
        unsafe { (*self.messages.at(slot)).msg_hdr.msg_namelen = name_len as u32 };
    }

    /// Returns the socket for the slot at `head`, and the number of committed slots from there on that it can send.
    fn run(&self) -> Option<(BorrowedFd<'_>, usize)> {
        let all = self.tail - self.head;
        match &self.sockets {
            Sockets::Ethernet(s) | Sockets::Ip { socket: s, .. } => Some((s.as_fd(), all)),
            Sockets::Loopback { v4, v6, .. } => {
                let six = self.version(self.head) == 6;
                let same = |slot: &usize| (self.version(*slot) == 6) == six;
                let run = (self.head..self.tail).take_while(same).count();
                let socket = if six { v6.as_ref()? } else { v4 };
                Some((socket.as_fd(), run))
            }
        }
    }
}

impl Sockets {
    fn open(config: &TransmitConfig) -> Result<Self, IoError> {
        match config.framing {
            Framing::Ethernet => Ok(Self::Ethernet(packet_socket(config, libc::SOCK_RAW)?)),
            Framing::Ip => Ok(Self::Ip {
                // DGRAM, not RAW: the kernel then builds the header of PPP and GRE devices too.
                socket: packet_socket(config, libc::SOCK_DGRAM)?,
                ifindex: config.ifindex,
            }),
            Framing::Loopback => {
                let call = "socket(AF_INET, SOCK_RAW, IPPROTO_RAW)";
                let v4 = socket::open(call, libc::AF_INET, libc::SOCK_RAW, libc::IPPROTO_RAW)?;
                let call = "socket(AF_INET6, SOCK_RAW, IPPROTO_RAW)";
                // A kernel without IPv6 has no IPv6 targets.
                let v6 = socket::open(call, libc::AF_INET6, libc::SOCK_RAW, libc::IPPROTO_RAW);
                let v6 = match v6 {
                    Err(IoError::Unsupported { .. }) => None,
                    other => Some(other?),
                };
                for s in [Some(&v4), v6.as_ref()].into_iter().flatten() {
                    socket::request_send_buffer(s.as_fd(), config.send_buffer_size());
                }
                Ok(Self::Loopback {
                    v4,
                    v6,
                    zone: config.ifindex,
                })
            }
        }
    }
}

/// Opens a packet socket that only sends: protocol 0 installs no receive hook.
pub(super) fn packet_socket(config: &TransmitConfig, kind: i32) -> Result<OwnedFd, IoError> {
    let s = socket::open("socket(AF_PACKET)", libc::AF_PACKET, kind, 0)?;
    let address = socket::link_address(config.ifindex, 0);
    socket::bind(s.as_fd(), "bind(AF_PACKET)", &address)?;
    if config.qdisc_bypass {
        let call = "setsockopt(PACKET_QDISC_BYPASS)";
        // If refused, frames pass the queueing discipline: slower, but correct.
        let _ = socket::set(
            s.as_fd(),
            call,
            libc::SOL_PACKET,
            libc::PACKET_QDISC_BYPASS,
            &1i32,
        );
    }
    socket::request_send_buffer(s.as_fd(), config.send_buffer_size());
    Ok(s)
}

/// Effect of a failed send on the frame at the head of the queue.
pub(super) enum SendFailure {
    /// The queue is full: the frame stays in it.
    Blocked,
    /// This frame can never be sent.
    Refused,
    /// The device or the socket is unusable.
    Fatal(IoError),
}

pub(super) fn classify(call: &'static str, errno: Errno) -> SendFailure {
    match errno {
        Errno::AGAIN | Errno::NOBUFS | Errno::NOMEM => SendFailure::Blocked,
        Errno::MSGSIZE
        | Errno::INVAL
        | Errno::PERM
        | Errno::ACCESS
        | Errno::NETUNREACH
        | Errno::HOSTUNREACH
        | Errno::ADDRNOTAVAIL
        | Errno::CONNREFUSED => SendFailure::Refused,
        _ => SendFailure::Fatal(IoError::new(call, errno)),
    }
}

impl Transmit for PacketTransmitter {
    #[inline]
    fn slot(&mut self) -> Option<&mut [u8]> {
        if self.tail == self.batch {
            return None;
        }
        let base = self.slots.at(self.tail * self.stride, self.max_frame);
        // SAFETY: slot `tail` is free: the kernel reads slots only inside `flush`, and the
        // borrow of `self` makes this the only reference.
        Some(unsafe { core::slice::from_raw_parts_mut(base, self.max_frame) })
    }

    #[inline]
    fn commit(&mut self, len: usize) {
        assert!(
            self.tail < self.batch && len <= self.max_frame,
            "commit follows slot, and len fits the slot"
        );
        // SAFETY: `iovecs[tail]` is ours; the kernel reads it only inside `flush`.
        unsafe { (*self.iovecs.at(self.tail)).iov_len = len };
        self.address(self.tail, len);
        self.tail += 1;
    }

    fn flush(&mut self) -> Result<Flushed, IoError> {
        let mut done = Flushed::default();
        while self.head < self.tail {
            let Some((socket, count)) = self.run() else {
                done.refused += 1;
                done.last_error = Some(Errno::AFNOSUPPORT);
                self.head += 1;
                continue;
            };
            // SAFETY: `head..head + count` are initialised messages whose pointers are valid for
            // the lengths they state; the kernel keeps none of them after the call.
            let r = unsafe {
                let first = self.messages.at(self.head);
                libc::sendmmsg(socket.as_raw_fd(), first, count as u32, libc::MSG_DONTWAIT)
            };
            if r > 0 {
                self.head += r as usize;
                done.sent += r as usize;
                continue;
            }
            let errno = last_errno();
            if errno == Errno::INTR {
                continue;
            }
            match classify("sendmmsg", errno) {
                SendFailure::Blocked => {
                    done.blocked = true;
                    break;
                }
                SendFailure::Refused => {
                    done.refused += 1;
                    done.last_error = Some(errno);
                    self.head += 1;
                }
                SendFailure::Fatal(error) => return Err(error),
            }
        }
        if self.head == self.tail {
            self.head = 0;
            self.tail = 0;
        }
        done.pending = self.tail - self.head;
        Ok(done)
    }

    fn writable(&self) -> Option<BorrowedFd<'_>> {
        let (socket, _) = self.run()?;
        Some(socket)
    }

    fn pending(&self) -> usize {
        self.tail - self.head
    }
}
