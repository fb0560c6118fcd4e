//! One process: its descriptors that are sockets, and what it is.

use super::Detail;
use rustix::fs::{AtFlags, Mode, OFlags, RawDir, openat, statat};
use rustix::io::Errno;
use std::io::Read;
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use vigie_host::owner::{Process, may_be_cut, parse_cgroup, parse_comm, program_name};

/// Longest command line kept, in bytes: a program may have megabytes of it.
const COMMAND_LINE: u64 = 64 * 1024;

/// The directory of a process. It goes on meaning this process when the PID is
/// used anew: reading from it then fails.
pub(super) struct Directory {
    pub(super) pid: u32,
    fd: OwnedFd,
}

impl Directory {
    pub(super) fn open(proc: BorrowedFd<'_>, pid: u32) -> Result<Self, Errno> {
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        Ok(Self {
            pid,
            fd: openat(proc, pid.to_string(), flags, Mode::empty())?,
        })
    }

    /// The numbers of its open descriptors, and the directory to look them up in.
    pub(super) fn descriptors(
        &self,
        buffer: &mut [MaybeUninit<u8>],
    ) -> Result<(OwnedFd, Vec<u32>), Errno> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let directory = openat(&self.fd, c"fd", flags, Mode::empty())?;
        let mut numbers = vec![];
        let mut entries = RawDir::new(&directory, buffer);
        while let Some(entry) = entries.next() {
            let entry = entry?;
            // `.` and `..` are no numbers.
            numbers.extend(
                entry
                    .file_name()
                    .to_str()
                    .ok()
                    .and_then(|name| name.parse::<u32>().ok()),
            );
        }
        Ok((directory, numbers))
    }

    /// What it is; what cannot be read any more is left out.
    pub(super) fn describe(&self, detail: Detail) -> Process {
        let comm = self.read(c"comm", 64).unwrap_or_default();
        let comm = parse_comm(&comm);
        let full = detail == Detail::Full;
        let cmdline = if full || may_be_cut(comm) {
            self.read(c"cmdline", COMMAND_LINE)
        } else {
            None
        };
        let name = program_name(comm, cmdline.as_deref()).into();
        let mut process = Process {
            pid: self.pid,
            name,
            ..Process::default()
        };
        if full {
            (process.unit, process.container) = self
                .read(c"cgroup", COMMAND_LINE)
                .map_or((None, None), |text| parse_cgroup(&text));
            process.netns = statat(&self.fd, c"ns/net", AtFlags::empty())
                .ok()
                .map(|stat| stat.st_ino);
            process.cmdline = cmdline.map(Into::into);
        }
        process
    }

    fn read(&self, name: &core::ffi::CStr, most: u64) -> Option<Vec<u8>> {
        let file = openat(
            &self.fd,
            name,
            OFlags::RDONLY | OFlags::CLOEXEC,
            Mode::empty(),
        )
        .ok()?;
        let mut text = vec![];
        std::fs::File::from(file)
            .take(most)
            .read_to_end(&mut text)
            .ok()?;
        Some(text)
    }
}

/// The inode of the socket that a descriptor leads to; `None` if it leads
/// elsewhere, or is closed by now.
pub(super) fn socket_inode(directory: impl AsFd, fd: u32, sockfs: u64) -> Option<u32> {
    let mut name = [0; 11];
    let stat = statat(directory, decimal(fd, &mut name), AtFlags::empty()).ok()?;
    let socket = stat.st_mode & libc::S_IFMT == libc::S_IFSOCK && stat.st_dev == sockfs;
    if socket {
        u32::try_from(stat.st_ino).ok()
    } else {
        None
    }
}

/// Writes a number as a C string into `buffer`, without allocating.
fn decimal(mut number: u32, buffer: &mut [u8; 11]) -> &core::ffi::CStr {
    let mut at = buffer.len() - 1;
    buffer[at] = 0;
    loop {
        at -= 1;
        buffer[at] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    core::ffi::CStr::from_bytes_with_nul(&buffer[at..]).expect("digits, and one NUL at the end")
}

#[cfg(test)]
mod tests {
    #[test]
    fn numbers_are_written_whole() {
        for number in [0, 7, 10, 65_535, u32::MAX] {
            assert_eq!(
                super::decimal(number, &mut [9; 11]).to_str(),
                Ok(number.to_string().as_str())
            );
        }
    }
}
