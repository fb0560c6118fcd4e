//! Wires that are a thread: packets read from one TUN or TAP link are written to another.
//!
//! The kernel hands over and takes whole packets with whole checksums, so nothing is changed on the way
//! but the 802.1Q tag of a VLAN wire.

use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::thread::JoinHandle;

use rustix::event::{EventfdFlags, PollFd, PollFlags, eventfd, poll};
use rustix::io::Errno;
use vigie_linux::net::Tun;

/// Larger than any packet of the default MTU, with room for a tag.
const FRAME: usize = 9216;
/// Bytes of the two Ethernet addresses, after which a tag stands.
const ADDRESSES: usize = 12;
/// The 802.1Q tag protocol identifier.
const TPID: [u8; 2] = [0x81, 0x00];
/// Packets taken from one side before the other has its turn.
const TURN: usize = 64;

/// What goes over a cable.
#[derive(Debug)]
pub(crate) enum Kind {
    /// Packets as they are.
    Plain,
    /// Ethernet frames, which carry this tag on the wire: seen on the two lower links, which stand for
    /// the wire's ends, and gone again on the upper ones.
    Tagged { id: u16, wire: [Tun; 2] },
}

/// A running cable; ends when dropped.
#[derive(Debug)]
pub(crate) struct Cable {
    stop: Arc<OwnedFd>,
    thread: Option<JoinHandle<()>>,
}

impl Cable {
    /// Joins two links.
    pub(crate) fn join(ends: [Tun; 2], kind: Kind) -> Result<Self, Errno> {
        for end in &ends {
            rustix::io::ioctl_fionbio(end, true)?;
        }
        if let Kind::Tagged { wire, .. } = &kind {
            for end in wire {
                rustix::io::ioctl_fionbio(end, true)?;
            }
        }
        let stop = Arc::new(eventfd(0, EventfdFlags::CLOEXEC)?);
        let heard = Arc::clone(&stop);
        let thread = std::thread::Builder::new()
            .name("cable".to_owned())
            .spawn(move || pump(&ends, &kind, &heard))
            .map_err(|error| Errno::from_io_error(&error).unwrap_or(Errno::AGAIN))?;
        Ok(Self {
            stop,
            thread: Some(thread),
        })
    }
}

impl Drop for Cable {
    fn drop(&mut self) {
        let _ = rustix::io::write(&*self.stop, &1_u64.to_ne_bytes());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn pump(ends: &[Tun; 2], kind: &Kind, stop: &OwnedFd) {
    let mut buffer = vec![0; FRAME];
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
            for _ in 0..TURN {
                // A link that is down gives an error: the packet is lost, as on a cut wire.
                let Ok(length) = ends[from].receive(&mut buffer[..FRAME - 4]) else {
                    break;
                };
                carry(ends, kind, 1 - from, &mut buffer, length);
            }
        }
    }
}

fn carry(ends: &[Tun; 2], kind: &Kind, to: usize, buffer: &mut [u8], length: usize) {
    if let Kind::Tagged { id, wire } = kind {
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

/// Takes the tag out; `length` is the frame's without it.
fn untag(buffer: &mut [u8], length: usize) {
    buffer.copy_within(ADDRESSES + 4..length + 4, ADDRESSES);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_goes_in_and_comes_out() {
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
