//! A connection that was made and is kept for a while, to hear what comes of it.
//!
//! It must not know what the silence or the words mean.

use core::time::Duration;
use std::os::fd::OwnedFd;

use rustix::io::Errno;
use rustix::net::{self, RecvFlags, sockopt};

/// A connection; closed by reset when dropped.
#[derive(Debug)]
pub struct Held {
    socket: OwnedFd,
}

/// What a connection has said so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// Nothing; it is still there.
    Nothing,
    /// So many bytes.
    Bytes(usize),
    /// The peer closed it.
    End,
    /// The peer reset it, or an error broke it.
    Reset,
}

impl Held {
    pub(super) const fn new(socket: OwnedFd) -> Held {
        Held { socket }
    }

    /// What has come by now, as much of it as `buffer` holds.
    pub fn hear(&self, buffer: &mut [u8]) -> Heard {
        match net::recv(&self.socket, buffer, RecvFlags::DONTWAIT) {
            Ok((0, _)) => Heard::End,
            Ok((length, _)) => Heard::Bytes(length),
            Err(Errno::AGAIN | Errno::INTR) => Heard::Nothing,
            Err(_) => Heard::Reset,
        }
    }
}

impl Drop for Held {
    /// Closes without the long goodbye, and without leaving the port in TIME-WAIT.
    fn drop(&mut self) {
        let _ = sockopt::set_socket_linger(&self.socket, Some(Duration::ZERO));
    }
}
