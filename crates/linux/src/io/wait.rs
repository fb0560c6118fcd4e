//! Waiting for several rings and sockets at once, to the nanosecond (`ppoll`).
//!
//! It must not know what the descriptors are.

use core::time::Duration;
use std::os::fd::BorrowedFd;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use super::error::IoError;

/// Event to wait for on a descriptor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interest {
    /// Data to read.
    Read,
    /// Free space to write.
    Write,
}

/// Waits on several descriptors, and keeps its memory between waits.
#[derive(Debug, Default)]
pub struct Waiter {
    ready: Vec<bool>,
}

impl Waiter {
    /// Returns a waiter.
    pub fn new() -> Self {
        Self::default()
    }

    /// Waits until one of `on` is ready or has failed, `timeout` has passed (`None`: wait for ever), or a signal arrived.
    /// Returns for each descriptor, in the order given, whether it is ready.
    ///
    /// # Errors
    /// If `ppoll` fails.
    pub fn wait(
        &mut self,
        on: &[(BorrowedFd<'_>, Interest)],
        timeout: Option<Duration>,
    ) -> Result<&[bool], IoError> {
        let mut fds: Vec<PollFd<'_>> = on
            .iter()
            .map(|(fd, interest)| {
                let flags = match interest {
                    Interest::Read => PollFlags::IN,
                    Interest::Write => PollFlags::OUT,
                };
                PollFd::from_borrowed_fd(*fd, flags)
            })
            .collect();
        let timeout = timeout.map(|t| Timespec {
            tv_sec: t.as_secs().min(i64::MAX as u64) as i64,
            tv_nsec: t.subsec_nanos().into(),
        });
        match poll(&mut fds, timeout.as_ref()) {
            Ok(_) => {}
            Err(Errno::INTR) => fds.iter_mut().for_each(PollFd::clear_revents),
            Err(errno) => return Err(IoError::new("ppoll", errno)),
        }
        self.ready.clear();
        self.ready
            .extend(fds.iter().map(|fd| fd.revents() != PollFlags::empty()));
        Ok(&self.ready)
    }
}
