//! An unconnected UDP socket that sends probes and reads the ICMP errors they cause.
//!
//! It must not know what is sent, nor what an error means.

use std::net::{SocketAddr, UdpSocket};
use std::os::fd::{AsFd, BorrowedFd};

use rustix::io::Errno;
use rustix::net::{SendFlags, sendto, sockopt};

use super::message::{self, Message, Queue};
use super::{report_errors, report_hops};
use crate::io::IoError;

/// Requested size of the receive queue in bytes; the system's limit applies.
const RECEIVE_QUEUE: usize = 4 << 20;

/// A non-blocking UDP socket whose error queue is switched on (`IP_RECVERR`, ip(7)).
#[derive(Debug)]
pub struct ProbeSocket {
    socket: UdpSocket,
    port: u16,
}

/// Result of [`ProbeSocket::send`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// The kernel accepted the datagram.
    Yes,
    /// The queue is full: try again later.
    QueueFull,
    /// The call failed, most likely with the pending error of an earlier datagram (`sock_error` in the kernel): read
    /// the error queue, then try again.
    Error(Errno),
}

impl ProbeSocket {
    /// Opens a socket bound to `address` (port 0: the kernel chooses) and, if given, to the interface `device`.
    ///
    /// # Errors
    /// If the kernel refuses it.
    pub fn open(address: SocketAddr, device: Option<&str>) -> Result<ProbeSocket, IoError> {
        let failed = |call: &'static str| {
            move |error: std::io::Error| {
                IoError::new(call, Errno::from_io_error(&error).unwrap_or(Errno::IO))
            }
        };
        let socket = UdpSocket::bind(address).map_err(failed("bind"))?;
        socket.set_nonblocking(true).map_err(failed("fcntl"))?;
        report_errors(&socket)?;
        report_hops(&socket)?;
        // A shorter queue costs retries, not wrong results.
        let _ = sockopt::set_socket_recv_buffer_size(&socket, RECEIVE_QUEUE);
        if let Some(device) = device {
            let bound = socket2::SockRef::from(&socket).bind_device(Some(device.as_bytes()));
            bound.map_err(failed("setsockopt(SO_BINDTODEVICE)"))?;
        }
        let port = socket.local_addr().map_err(failed("getsockname"))?.port();
        Ok(ProbeSocket { socket, port })
    }

    /// Returns the local port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Sends `payload` to `to`.
    pub fn send(&self, payload: &[u8], to: SocketAddr) -> Sent {
        match sendto(&self.socket, payload, SendFlags::DONTWAIT, &to) {
            Ok(_) => Sent::Yes,
            Err(Errno::AGAIN | Errno::NOBUFS | Errno::NOMEM) => Sent::QueueFull,
            Err(errno) => Sent::Error(errno),
        }
    }

    /// Takes the next message off `queue`; see [`message::take`].
    ///
    /// # Errors
    /// `EAGAIN` if the queue is empty; otherwise the pending error of an earlier datagram, now cleared.
    pub fn take(&self, queue: Queue, data: &mut [u8]) -> Result<Option<Message>, Errno> {
        message::take(self.socket.as_fd(), queue, data)
    }
}

impl AsFd for ProbeSocket {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    #[test]
    fn an_icmp_error_is_read_back_with_its_destination() {
        let socket = ProbeSocket::open("127.0.0.1:0".parse().unwrap(), None).expect("opened");
        let closed = UdpSocket::bind("127.0.0.1:0")
            .and_then(|other| other.local_addr())
            .expect("a port");
        assert_eq!(socket.send(b"probe", closed), Sent::Yes);
        let mut data = [0; 64];
        let until = Instant::now() + Duration::from_secs(5);
        let message = loop {
            match socket.take(Queue::Errors, &mut data) {
                Ok(message) => break message.expect("an address"),
                Err(errno) => assert_eq!(errno, Errno::AGAIN),
            }
            assert!(Instant::now() < until, "no ICMP error arrived");
        };
        assert_eq!(message.address, closed);
        assert_eq!(message.error, Some((closed.ip(), 3, 3)));
        assert_eq!(socket.take(Queue::Data, &mut data), Err(Errno::AGAIN));
    }

    #[test]
    fn an_address_of_another_machine_is_refused() {
        let refused = ProbeSocket::open("192.0.2.1:0".parse().unwrap(), None);
        assert!(matches!(refused, Err(IoError::System { call: "bind", .. })));
    }
}
