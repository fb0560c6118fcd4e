//! Connections between TUN or TAP links: a thread forwards packets from one to the other.
//!
//! The kernel delivers and accepts packets with complete checksums, so only the 802.1Q tag of a VLAN connection is added
//! and removed. This module must not know topologies.

use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::thread::JoinHandle;

use rustix::event::{EventfdFlags, PollFd, PollFlags, eventfd, poll};
use rustix::io::Errno;
use vigie_linux::net::Tun;

/// Maximum length of a frame in bytes: more than the default MTU with a tag.
const MAX_FRAME: usize = 9216;
/// Length of the two Ethernet addresses in bytes; the tag follows them.
const ADDRESSES: usize = 12;
/// 802.1Q tag protocol identifier.
const TPID: [u8; 2] = [0x81, 0x00];
/// Packets read from one side before the other side's turn.
const BATCH: usize = 64;

/// How packets are forwarded.
#[derive(Debug)]
pub(crate) enum Forwarding {
    /// Unchanged.
    Plain,
    /// Ethernet frames with this 802.1Q tag. The two lower links of the connection show the tagged frames, the upper ones
    /// the untagged frames.
    Tagged { id: u16, wire: [Tun; 2] },
}

/// A running connection, which ends on drop.
#[derive(Debug)]
pub(crate) struct TunLink {
    stop: Arc<OwnedFd>,
    thread: Option<JoinHandle<()>>,
}

impl TunLink {
    /// Connects two links.
    pub(crate) fn connect(ends: [Tun; 2], kind: Forwarding) -> Result<Self, Errno> {
        for end in &ends {
            rustix::io::ioctl_fionbio(end, true)?;
        }
        if let Forwarding::Tagged { wire, .. } = &kind {
            for end in wire {
                rustix::io::ioctl_fionbio(end, true)?;
            }
        }
        let stop = Arc::new(eventfd(0, EventfdFlags::CLOEXEC)?);
        let stopped = Arc::clone(&stop);
        let thread = std::thread::Builder::new()
            .name("tun link".to_owned())
            .spawn(move || forward(&ends, &kind, &stopped))
            .map_err(|error| Errno::from_io_error(&error).unwrap_or(Errno::AGAIN))?;
        Ok(Self {
            stop,
            thread: Some(thread),
        })
    }
}

impl Drop for TunLink {
    fn drop(&mut self) {
        let _ = rustix::io::write(&*self.stop, &1_u64.to_ne_bytes());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn forward(ends: &[Tun; 2], kind: &Forwarding, stop: &OwnedFd) {
    let mut buffer = vec![0; MAX_FRAME];
    loop {
        let mut ready = [
            PollFd::new(stop, PollFlags::IN),
            PollFd::new(&ends[0], PollFlags::IN),
            PollFd::new(&ends[1], PollFlags::IN),
        ];
        match poll(&mut ready, None) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(_) => return,
        }
        if !ready[0].revents().is_empty() {
            return;
        }
        for from in 0..2 {
            for _ in 0..BATCH {
                // Reading from a link that is down fails. Its packets are lost, as if the cable were cut.
                let Ok(length) = ends[from].receive(&mut buffer[..MAX_FRAME - 4]) else {
                    break;
                };
                send(ends, kind, 1 - from, &mut buffer, length);
            }
        }
    }
}

fn send(ends: &[Tun; 2], kind: &Forwarding, to: usize, buffer: &mut [u8], length: usize) {
    if let Forwarding::Tagged { id, wire } = kind {
        if length < ADDRESSES {
            return;
        }
        tag(buffer, length, *id);
        let _ = wire[to].send(&buffer[..length + 4]);
        untag(buffer, length);
    }
    let _ = ends[to].send(&buffer[..length]);
}

/// Inserts the tag into a frame of `length` bytes.
fn tag(buffer: &mut [u8], length: usize, id: u16) {
    buffer.copy_within(ADDRESSES..length, ADDRESSES + 4);
    buffer[ADDRESSES..ADDRESSES + 2].copy_from_slice(&TPID);
    buffer[ADDRESSES + 2..ADDRESSES + 4].copy_from_slice(&(id & 0x0fff).to_be_bytes());
}

/// Removes the tag; `length` is the length of the frame without it.
fn untag(buffer: &mut [u8], length: usize) {
    buffer.copy_within(ADDRESSES + 4..length + 4, ADDRESSES);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_inserted_and_removed() {
        let frame: Vec<u8> = (0..60).collect();
        let mut buffer = frame.clone();
        buffer.resize(64, 0);
        tag(&mut buffer, 60, 10);
        assert_eq!(buffer[..12], frame[..12]);
        assert_eq!(buffer[12..16], [0x81, 0, 0, 10]);
        assert_eq!(buffer[16..64], frame[12..]);
        untag(&mut buffer, 60);
        assert_eq!(buffer[..60], frame);
    }
}
