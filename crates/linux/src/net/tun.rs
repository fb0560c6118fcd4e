//! TUN and TAP links: packets written to a file arrive on a link, and the reverse.
//!
//! Source: `Documentation/networking/tuntap.rst`, `include/uapi/linux/if_tun.h`.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};

use rustix::io::Errno;

use crate::netlink::Error;

const TUNSETIFF: libc::Ioctl = 0x4004_54ca_u32 as libc::Ioctl;
const IFF_TUN: i16 = 0x0001;
const IFF_TAP: i16 = 0x0002;
const IFF_NO_PI: i16 = 0x1000;

/// What a [`Tun`] transports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TunMode {
    /// IP packets.
    Ip,
    /// Ethernet frames.
    Ethernet,
}

/// The file side of a TUN or TAP link, which is removed on drop. One read or write is one packet, without a header before
/// it. Packets that are read have complete checksums and respect the link's MTU.
#[derive(Debug)]
pub struct Tun {
    file: File,
}

impl Tun {
    /// Creates the link `name` in the calling thread's namespace. Needs `CAP_NET_ADMIN` there and access to
    /// `/dev/net/tun`.
    ///
    /// # Errors
    /// If the kernel refuses.
    pub fn create(name: &str, mode: TunMode) -> Result<Self, Error> {
        const OPERATION: &str = "create a TUN link";
        let system = |call, error: &io::Error| Error::System {
            operation: OPERATION,
            call,
            errno: Errno::from_io_error(error).unwrap_or(Errno::IO),
        };
        let file = File::options()
            .read(true)
            .write(true)
            .open("/dev/net/tun")
            .map_err(|error| system("open /dev/net/tun", &error))?;
        // SAFETY: ifreq is a plain C structure for which all zeroes is a valid value.
        let mut request: libc::ifreq = unsafe { core::mem::zeroed() };
        let bytes = name.as_bytes();
        if bytes.is_empty() || bytes.len() >= request.ifr_name.len() {
            return Err(Error::System {
                operation: OPERATION,
                call: "TUNSETIFF",
                errno: Errno::INVAL,
            });
        }
        for (to, from) in request.ifr_name.iter_mut().zip(bytes) {
            *to = from.cast_signed() as libc::c_char;
        }
        request.ifr_ifru.ifru_flags = IFF_NO_PI
            | match mode {
                TunMode::Ip => IFF_TUN,
                TunMode::Ethernet => IFF_TAP,
            };
        // SAFETY: the descriptor is open and the kernel reads and writes one ifreq, which lives on.
        let result = unsafe { libc::ioctl(file.as_raw_fd(), TUNSETIFF, &raw mut request) };
        if result < 0 {
            return Err(system("TUNSETIFF", &io::Error::last_os_error()));
        }
        Ok(Self { file })
    }

    /// Reads one packet; bytes beyond the buffer are lost.
    ///
    /// # Errors
    /// If the read fails.
    pub fn receive(&self, buffer: &mut [u8]) -> io::Result<usize> {
        io::Read::read(&mut &self.file, buffer)
    }

    /// Writes one packet, which arrives on the link as if from outside.
    ///
    /// # Errors
    /// If the write fails.
    pub fn send(&self, packet: &[u8]) -> io::Result<()> {
        io::Write::write(&mut &self.file, packet).map(drop)
    }
}

impl AsFd for Tun {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }
}
