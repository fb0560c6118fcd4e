//! The netlink socket: sends a request and reads every message of the answer.
//!
//! Invariant: between calls no answer is pending. A message with another sequence number is therefore stray and skipped.
//! Only messages from the kernel (port 0) are accepted.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags};
use rustix::io::Errno;
use rustix::net::netlink::SocketAddrNetlink;
use rustix::net::{self, AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, sockopt};

use super::error::{Complaint, Error};
use super::message::{Attributes, HEADER, Message, Reply, aligned, flag, u32_at};

const NLMSG_NOOP: u16 = 1;
const NLMSG_ERROR: u16 = 2;
const NLMSG_DONE: u16 = 3;
const NLMSG_OVERRUN: u16 = 4;
/// The acknowledgement echoes only the request's header.
const NLM_F_CAPPED: u16 = 0x100;
/// Attributes follow the acknowledgement.
const NLM_F_ACK_TLVS: u16 = 0x200;
const NLMSGERR_ATTR_MSG: u16 = 1;
const NLMSGERR_ATTR_OFFS: u16 = 2;

/// Size of the read buffer in bytes. The kernel fills at most 32 KiB per read of a dump, except for a single larger
/// message.
const BUFFER: usize = 256 * 1024;
/// Requested size of the receive queue in bytes, for multicast and batches of errors.
const QUEUE: usize = 4 * 1024 * 1024;
/// Maximum wait for an answer: the kernel normally answers within the system call.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(20);

/// A netlink protocol (`NETLINK_*`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Protocol {
    /// Links, addresses, routes, neighbours.
    Route,
    /// The sockets of this machine.
    SockDiag,
    /// nf_tables.
    Netfilter,
}

impl Protocol {
    fn number(self) -> i32 {
        match self {
            Self::Route => libc::NETLINK_ROUTE,
            Self::SockDiag => libc::NETLINK_SOCK_DIAG,
            Self::Netfilter => libc::NETLINK_NETFILTER,
        }
    }
}

/// Result of a dump.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "an interrupted dump may have missed or repeated entries"]
pub struct DumpEnd {
    /// Whether the table changed meanwhile (`NLM_F_DUMP_INTR`): entries may be missing or doubled.
    pub interrupted: bool,
}

/// A netlink socket in the network namespace of the thread that opened it.
#[derive(Debug)]
pub struct Socket {
    fd: OwnedFd,
    sequence: u32,
    buffer: Vec<u8>,
}

impl Socket {
    /// Opens a socket. `Route` sockets request strict checking of dump requests, so that the kernel applies their filters
    /// instead of ignoring them.
    ///
    /// # Errors
    /// If the kernel refuses.
    pub fn open(protocol: Protocol) -> Result<Self, Error> {
        Self::open_in(protocol, 0)
    }

    /// Opens a socket that receives the notifications of `groups` (a mask of the protocol's first 32 groups), for
    /// [`Socket::wait`].
    ///
    /// # Errors
    /// If the kernel refuses.
    pub fn listen(protocol: Protocol, groups: u32) -> Result<Self, Error> {
        Self::open_in(protocol, groups)
    }

    fn open_in(protocol: Protocol, groups: u32) -> Result<Self, Error> {
        const OPERATION: &str = "open a netlink socket";
        let failed = |call| {
            move |errno| Error::System {
                operation: OPERATION,
                call,
                errno,
            }
        };
        let number = u32::try_from(protocol.number())
            .ok()
            .and_then(core::num::NonZeroU32::new);
        let fd = net::socket_with(
            AddressFamily::NETLINK,
            SocketType::RAW,
            SocketFlags::CLOEXEC,
            number.map(net::Protocol::from_raw),
        )
        .map_err(failed("socket"))?;
        // The forced size needs CAP_NET_ADMIN; the plain one is limited by the system.
        if sockopt::set_socket_recv_buffer_size_force(&fd, QUEUE).is_err() {
            sockopt::set_socket_recv_buffer_size(&fd, QUEUE).map_err(failed("SO_RCVBUF"))?;
        }
        sockopt::set_socket_timeout(&fd, sockopt::Timeout::Recv, Some(ANSWER_TIMEOUT))
            .map_err(failed("SO_RCVTIMEO"))?;
        net::bind(&fd, &SocketAddrNetlink::new(0, groups)).map_err(failed("bind"))?;
        // Older kernels lack these two: answers then carry less detail.
        let _ = set_option(fd.as_fd(), libc::NETLINK_EXT_ACK);
        let _ = set_option(fd.as_fd(), libc::NETLINK_CAP_ACK);
        if protocol == Protocol::Route {
            let _ = set_option(fd.as_fd(), libc::NETLINK_GET_STRICT_CHK);
        }
        Ok(Self {
            fd,
            sequence: 0,
            buffer: vec![0; BUFFER],
        })
    }

    /// Sends a request that changes something, and waits for the acknowledgement.
    ///
    /// # Errors
    /// If the kernel refuses.
    pub fn request(&mut self, operation: &'static str, message: &Message) -> Result<(), Error> {
        self.query(operation, message, |_| ())
    }

    /// Sends a request and passes every message of the answer to `each`, up to the acknowledgement.
    ///
    /// # Errors
    /// If the kernel refuses.
    pub fn query(
        &mut self,
        operation: &'static str,
        message: &Message,
        mut each: impl FnMut(Reply<'_>),
    ) -> Result<(), Error> {
        let sequence = self.send(operation, message, flag::REQUEST | flag::ACK)?;
        loop {
            let mut acknowledged = None;
            self.receive(operation, |reply| {
                if reply.sequence != sequence {
                    return;
                }
                match reply.kind {
                    NLMSG_ERROR | NLMSG_DONE => {
                        acknowledged = Some(acknowledgement(operation, reply));
                    }
                    NLMSG_NOOP | NLMSG_OVERRUN => {}
                    _ => each(reply),
                }
            })?;
            if let Some(result) = acknowledged {
                return result;
            }
        }
    }

    /// Sends a dump request and passes every entry to `each`.
    ///
    /// # Errors
    /// If the kernel refuses.
    pub fn dump(
        &mut self,
        operation: &'static str,
        message: &Message,
        mut each: impl FnMut(Reply<'_>),
    ) -> Result<DumpEnd, Error> {
        let sequence = self.send(operation, message, flag::REQUEST | flag::DUMP)?;
        let mut interrupted = false;
        loop {
            let mut end = None;
            self.receive(operation, |reply| {
                if reply.sequence != sequence {
                    return;
                }
                interrupted |= reply.flags & flag::DUMP_INTR != 0;
                match reply.kind {
                    NLMSG_ERROR | NLMSG_DONE => end = Some(acknowledgement(operation, reply)),
                    NLMSG_NOOP | NLMSG_OVERRUN => {}
                    _ => each(reply),
                }
            })?;
            if let Some(result) = end {
                return result.map(|()| DumpEnd { interrupted });
            }
        }
    }

    /// Dumps a table into a list, and repeats this a few times if the table changes meanwhile. `parse` returns `None` for
    /// an unwanted entry.
    ///
    /// # Errors
    /// If the kernel refuses, or the table changes during every attempt.
    pub fn collect<T>(
        &mut self,
        operation: &'static str,
        message: &Message,
        mut parse: impl FnMut(Reply<'_>) -> Option<T>,
    ) -> Result<Vec<T>, Error> {
        const ATTEMPTS: usize = 8;
        for _ in 0..ATTEMPTS {
            let mut entries = Vec::new();
            let end = self.dump(operation, message, |reply| entries.extend(parse(reply)))?;
            if !end.interrupted {
                return Ok(entries);
            }
        }
        Err(Error::Interrupted { operation })
    }

    /// Sends messages in one write, which the kernel processes before the write returns (nf_tables' transactions), and
    /// reads the acknowledgement of each message with `ACK`.
    ///
    /// The write must fit the socket's send queue: about 400 kB for an unprivileged caller.
    ///
    /// # Errors
    /// The first refusal, with the index of its message.
    pub fn batch(
        &mut self,
        operation: &'static str,
        messages: &[Message],
    ) -> Result<(), (usize, Error)> {
        let first = self.sequence.wrapping_add(1);
        let mut bytes = Vec::new();
        for message in messages {
            self.sequence = self.sequence.wrapping_add(1);
            bytes.extend_from_slice(&message.sealed(flag::REQUEST, self.sequence));
        }
        let queue = bytes.len() * 2 + BUFFER;
        if sockopt::set_socket_send_buffer_size_force(&self.fd, queue).is_err() {
            // Limited by the system; the write fails if that is too little.
            let _ = sockopt::set_socket_send_buffer_size(&self.fd, queue);
        }
        self.write(operation, &bytes).map_err(|error| (0, error))?;
        let mut unanswered = messages.iter().filter(|m| m.wants_ack()).count();
        let mut refused: Option<(usize, Error)> = None;
        // Every answer is in the queue already.
        loop {
            let received = self.receive_with(operation, RecvFlags::DONTWAIT, |reply| {
                let index = reply.sequence.wrapping_sub(first) as usize;
                if reply.kind != NLMSG_ERROR || index >= messages.len() {
                    return;
                }
                unanswered = unanswered.saturating_sub(1);
                if let Err(error) = acknowledgement(operation, reply)
                    && refused.is_none()
                {
                    refused = Some((index, error));
                }
            });
            match received {
                Ok(()) => {}
                Err(error) if error.errno() == Some(Errno::AGAIN) => break,
                Err(error) => return Err(refused.unwrap_or((0, error))),
            }
        }
        match refused {
            Some(refusal) => Err(refusal),
            None if unanswered == 0 => Ok(()),
            None => Err((
                0,
                Error::Malformed {
                    operation,
                    what: "a message was not acknowledged",
                },
            )),
        }
    }

    /// Waits at most `timeout` for a notification, and discards all that arrived. Callers read the whole state again after
    /// any notification, so lost notifications do no harm.
    ///
    /// # Errors
    /// If the kernel refuses.
    pub fn wait(&mut self, operation: &'static str, timeout: Duration) -> Result<(), Error> {
        let limit = rustix::event::Timespec::try_from(timeout).ok();
        let mut ready = [PollFd::new(&self.fd, PollFlags::IN)];
        match rustix::event::poll(&mut ready, limit.as_ref()) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(errno) => {
                return Err(Error::System {
                    operation,
                    call: "poll",
                    errno,
                });
            }
        }
        loop {
            match self.receive_with(operation, RecvFlags::DONTWAIT, |_| ()) {
                Ok(()) => {}
                Err(error) if error.errno() == Some(Errno::AGAIN) => return Ok(()),
                // The queue overflowed: lost notifications do no harm here.
                Err(error) if error.errno() == Some(Errno::NOBUFS) => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn send(
        &mut self,
        operation: &'static str,
        message: &Message,
        extra: u16,
    ) -> Result<u32, Error> {
        self.sequence = self.sequence.wrapping_add(1);
        let bytes = message.sealed(extra, self.sequence);
        self.write(operation, &bytes)?;
        Ok(self.sequence)
    }

    fn write(&self, operation: &'static str, bytes: &[u8]) -> Result<(), Error> {
        let kernel = SocketAddrNetlink::new(0, 0);
        rustix::io::retry_on_intr(|| net::sendto(&self.fd, bytes, SendFlags::empty(), &kernel))
            .map(drop)
            .map_err(|errno| Error::System {
                operation,
                call: "sendto",
                errno,
            })
    }

    /// Reads one datagram from the kernel and passes on its messages.
    fn receive(
        &mut self,
        operation: &'static str,
        each: impl FnMut(Reply<'_>),
    ) -> Result<(), Error> {
        self.receive_with(operation, RecvFlags::empty(), each)
    }

    fn receive_with(
        &mut self,
        operation: &'static str,
        flags: RecvFlags,
        mut each: impl FnMut(Reply<'_>),
    ) -> Result<(), Error> {
        let (_, length, sender) = rustix::io::retry_on_intr(|| {
            net::recvfrom(
                &self.fd,
                self.buffer.as_mut_slice(),
                flags | RecvFlags::TRUNC,
            )
        })
        .map_err(|errno| Error::System {
            operation,
            call: "recvfrom",
            errno,
        })?;
        let from_kernel = sender
            .and_then(|address| SocketAddrNetlink::try_from(address).ok())
            .is_some_and(|address| address.pid() == 0);
        if !from_kernel {
            return Ok(());
        }
        let Some(mut rest) = self.buffer.get(..length) else {
            return Err(Error::Malformed {
                operation,
                what: "the answer is larger than the buffer",
            });
        };
        while !rest.is_empty() {
            let Some(reply) = Reply::take(&mut rest) else {
                return Err(Error::Malformed {
                    operation,
                    what: "a message runs past the end of the answer",
                });
            };
            each(reply);
        }
        Ok(())
    }
}

impl AsFd for Socket {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

/// Reads an acknowledgement or the end of a dump: zero, or a negative errno with the kernel's message.
fn acknowledgement(operation: &'static str, reply: Reply<'_>) -> Result<(), Error> {
    let code = match u32_at(reply.payload, 0) {
        Some(code) => code.cast_signed(),
        // The end of a dump without a code means success.
        None if reply.kind == NLMSG_DONE => 0,
        None => {
            return Err(Error::Malformed {
                operation,
                what: "an acknowledgement without a code",
            });
        }
    };
    if code >= 0 {
        return Ok(());
    }
    let mut complaint = Complaint::default();
    if reply.flags & NLM_F_ACK_TLVS != 0 || reply.kind == NLMSG_DONE {
        // After the code an error echoes the request: whole, or only its header.
        let echo = if reply.kind == NLMSG_DONE {
            0
        } else if reply.flags & NLM_F_CAPPED != 0 {
            HEADER
        } else {
            u32_at(reply.payload, 4).map_or(HEADER, |length| aligned(length as usize))
        };
        let rest = reply.payload.get(4 + echo..).unwrap_or(&[]);
        let attributes = Attributes::new(rest);
        complaint.message = attributes
            .first(NLMSGERR_ATTR_MSG)
            .and_then(|attribute| attribute.text())
            .map(str::to_owned);
        complaint.offset = attributes
            .first(NLMSGERR_ATTR_OFFS)
            .and_then(|attribute| attribute.u32());
    }
    Err(Error::Refused {
        operation,
        errno: Errno::from_raw_os_error(code.checked_neg().unwrap_or(libc::EIO)),
        complaint,
    })
}

fn set_option(fd: BorrowedFd<'_>, option: i32) -> Result<(), Errno> {
    use std::os::fd::AsRawFd;
    let on: libc::c_int = 1;
    // SAFETY: the descriptor is open for the borrow's life, and the kernel reads one int from `on`.
    let result = unsafe {
        libc::setsockopt(
            fd.as_raw_fd(),
            libc::SOL_NETLINK,
            option,
            (&raw const on).cast(),
            size_of::<libc::c_int>() as libc::socklen_t,
        )
    };
    if result == 0 {
        Ok(())
    } else {
        Err(Errno::from_raw_os_error(
            std::io::Error::last_os_error()
                .raw_os_error()
                .unwrap_or(libc::EIO),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RTM_GETLINK: u16 = 18;
    const IFINFOMSG: usize = 16;

    #[test]
    fn a_dump_finds_the_loopback_link() {
        let mut socket = Socket::open(Protocol::Route).expect("a netlink socket");
        let mut message = Message::new(RTM_GETLINK, 0);
        message.raw(&[0; IFINFOMSG]);
        let names = socket
            .collect("list the links", &message, |reply| {
                let name = reply.attributes(IFINFOMSG).first(3)?;
                name.text().map(str::to_owned)
            })
            .expect("a dump of the links");
        assert!(names.iter().any(|name| name == "lo"), "{names:?}");
    }

    #[test]
    fn an_error_has_operation_and_errno_and_the_socket_stays_usable() {
        let mut socket = Socket::open(Protocol::Route).expect("a netlink socket");
        let mut message = Message::new(RTM_GETLINK, 0);
        message.raw(&[0; IFINFOMSG]).string(3, "no-such-link");
        let error = socket
            .query("find the link", &message, |_| ())
            .expect_err("no such link");
        assert_eq!(error.operation(), "find the link");
        assert_eq!(error.errno(), Some(Errno::NODEV));
        let mut message = Message::new(RTM_GETLINK, 0);
        message.raw(&[0; IFINFOMSG]).string(3, "lo");
        let mut found = 0;
        socket
            .query("find the link", &message, |_| found += 1)
            .expect("the loopback link");
        assert_eq!(found, 1);
    }

    #[test]
    fn the_kernels_message_is_in_the_error() {
        let mut socket = Socket::open(Protocol::Route).expect("a netlink socket");
        // Strict checking refuses an address dump whose header asks for a prefix length.
        let mut message = Message::new(22, 0);
        message.raw(&[libc::AF_INET as u8, 24, 0, 0, 0, 0, 0, 0]);
        let error = socket
            .dump("list the addresses", &message, |_| ())
            .expect_err("a malformed header");
        let Error::Refused { complaint, .. } = error else {
            panic!("{error:?}");
        };
        assert!(complaint.message.is_some());
    }
}
