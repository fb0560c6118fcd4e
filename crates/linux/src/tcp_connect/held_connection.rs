//! An established connection that is held open to read what the peer sends.
//!
//! It must not know what the bytes mean.

use core::time::Duration;
use std::os::fd::OwnedFd;

use rustix::io::Errno;
use rustix::net::{self, RecvFlags, sockopt};

/// An established connection, closed with a reset on drop.
#[derive(Debug)]
pub struct HeldConnection {
    socket: OwnedFd,
}

/// Result of [`HeldConnection::recv`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recv {
    /// No data; the connection is still open.
    NoData,
    /// This number of bytes was read.
    Bytes(usize),
    /// The peer closed the connection.
    End,
    /// The peer reset the connection, or it failed otherwise.
    Reset,
}

impl HeldConnection {
    pub(super) const fn new(socket: OwnedFd) -> HeldConnection {
        HeldConnection { socket }
    }

    /// Reads what has arrived into `buffer`, without waiting.
    pub fn recv(&self, buffer: &mut [u8]) -> Recv {
        match net::recv(&self.socket, buffer, RecvFlags::DONTWAIT) {
            Ok((0, _)) => Recv::End,
            Ok((length, _)) => Recv::Bytes(length),
            Err(Errno::AGAIN | Errno::INTR) => Recv::NoData,
            Err(_) => Recv::Reset,
        }
    }
}

impl Drop for HeldConnection {
    /// Closes with a reset, so that the port does not stay in TIME-WAIT.
    fn drop(&mut self) {
        let _ = sockopt::set_socket_linger(&self.socket, Some(Duration::ZERO));
    }
}
