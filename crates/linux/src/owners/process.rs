//! Reads one process: its socket descriptors, and its name, unit and container.

use super::Detail;
use rustix::fs::{AtFlags, Mode, OFlags, RawDir, openat, statat};
use rustix::io::Errno;
use std::io::Read;
use std::mem::MaybeUninit;
use std::os::fd::{BorrowedFd, OwnedFd};
use vigie_host::owner::{Process, may_be_cut, parse_cgroup, parse_comm, program_name};

/// Maximum number of bytes stored of a command line, which may have megabytes.
const COMMAND_LINE: u64 = 64 * 1024;

/// The descriptor directory of a process. After the process has ended, reading it fails, even if another process has the
/// same PID.
pub(super) struct Descriptors {
    pub(super) pid: u32,
    fd: OwnedFd,
}

impl Descriptors {
    pub(super) fn open(proc: BorrowedFd<'_>, pid: u32) -> Result<Self, Errno> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let fd = openat(proc, format!("{pid}/fd"), flags, Mode::empty())?;
        Ok(Self { pid, fd })
    }

    /// Returns the numbers of the descriptors.
    pub(super) fn numbers(&self, buffer: &mut [MaybeUninit<u8>]) -> Result<Vec<u32>, Errno> {
        let mut numbers = vec![];
        let mut entries = RawDir::new(&self.fd, buffer);
        while let Some(entry) = entries.next() {
            let entry = entry?;
            // `.` and `..` are not numbers.
            let name = entry.file_name().to_str().ok();
            numbers.extend(name.and_then(|name| name.parse::<u32>().ok()));
        }
        Ok(numbers)
    }

    /// Returns the inode of a descriptor's socket, or `None` if it is not a socket or has been closed.
    pub(super) fn socket(&self, number: u32, sockfs: u64) -> Option<u32> {
        let mut name = [0; 11];
        let stat = statat(&self.fd, decimal(number, &mut name), AtFlags::empty()).ok()?;
        let socket = stat.st_mode & libc::S_IFMT == libc::S_IFSOCK && stat.st_dev == sockfs;
        if socket {
            u32::try_from(stat.st_ino).ok()
        } else {
            None
        }
    }

    /// Returns the process that has these descriptors.
    pub(super) fn process(&self, detail: Detail) -> Process {
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        // Do not open it by PID, which another process may have by now.
        match openat(&self.fd, c"..", flags, Mode::empty()) {
            Ok(directory) => describe(&directory, self.pid, detail),
            Err(_) => Process {
                pid: self.pid,
                ..Process::default()
            },
        }
    }
}

/// Describes a process from its directory, without the parts that cannot be read any more.
fn describe(directory: &OwnedFd, pid: u32, detail: Detail) -> Process {
    let comm = read(directory, c"comm", 64).unwrap_or_default();
    let comm = parse_comm(&comm);
    let full = detail == Detail::Full;
    let cmdline = if full || may_be_cut(comm) {
        read(directory, c"cmdline", COMMAND_LINE)
    } else {
        None
    };
    let name = program_name(comm, cmdline.as_deref()).into();
    let mut process = Process {
        pid,
        name,
        ..Process::default()
    };
    if full {
        (process.unit, process.container) = read(directory, c"cgroup", COMMAND_LINE)
            .map_or((None, None), |text| parse_cgroup(&text));
        let netns = statat(directory, c"ns/net", AtFlags::empty());
        process.netns = netns.ok().map(|stat| stat.st_ino);
        process.cmdline = cmdline.map(Into::into);
    }
    process
}

fn read(directory: &OwnedFd, name: &core::ffi::CStr, max: u64) -> Option<Vec<u8>> {
    let file = openat(
        directory,
        name,
        OFlags::RDONLY | OFlags::CLOEXEC,
        Mode::empty(),
    )
    .ok()?;
    let mut text = vec![];
    std::fs::File::from(file)
        .take(max)
        .read_to_end(&mut text)
        .ok()?;
    Some(text)
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
    fn every_digit_is_written() {
        for number in [0, 7, 10, 65_535, u32::MAX] {
            assert_eq!(
                super::decimal(number, &mut [9; 11]).to_str(),
                Ok(number.to_string().as_str())
            );
        }
    }
}
