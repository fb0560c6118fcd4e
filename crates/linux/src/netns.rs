//! Network namespaces: creates, finds and enters them.
//!
//! A namespace exists as long as a thread is in it, a [`Namespace`] is open, or a name is mounted on it. This module must
//! not know links or addresses; for those see [`crate::net`].
//!
//! Source: namespaces(7), network_namespaces(7), user_namespaces(7), setns(2).

use core::fmt;
use std::fs::{self, File};
use std::io::Write;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use rustix::io::Errno;
use rustix::mount::MountPropagationFlags;
use rustix::thread::{LinkNameSpaceType, UnshareFlags, move_into_link_name_space};

/// Directory with the names of `ip netns`.
const NAMES: &str = "/run/netns";

/// A failed operation on namespaces or their settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// Operation, for example "enter the namespace".
    pub operation: &'static str,
    /// File concerned, if any.
    pub path: Option<PathBuf>,
    /// Error number.
    pub errno: Errno,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.operation)?;
        if let Some(path) = &self.path {
            write!(f, "{}: ", path.display())?;
        }
        self.errno.fmt(f)
    }
}

impl core::error::Error for Error {}

fn failed(operation: &'static str) -> impl Fn(Errno) -> Error {
    move |errno| Error {
        operation,
        path: None,
        errno,
    }
}

fn failed_at(operation: &'static str, path: &Path) -> impl Fn(std::io::Error) -> Error {
    move |error| Error {
        operation,
        path: Some(path.to_owned()),
        errno: Errno::from_io_error(&error).unwrap_or(Errno::IO),
    }
}

/// An open network namespace.
#[derive(Debug)]
pub struct Namespace {
    fd: OwnedFd,
}

impl Namespace {
    /// Returns the calling thread's namespace.
    ///
    /// # Errors
    /// If the kernel refuses.
    pub fn current() -> Result<Self, Error> {
        Self::at(Path::new("/proc/thread-self/ns/net"))
    }

    /// Creates a namespace that contains only a loopback link, switched off. Needs `CAP_SYS_ADMIN` (see
    /// [`enter_user_namespace`]). The calling thread stays in its namespace.
    ///
    /// # Errors
    /// If the kernel refuses.
    pub fn create() -> Result<Self, Error> {
        on_new_thread(|| {
            // SAFETY: this thread shares no descriptor table or namespace afterwards with code that
            // relies on them; it ends with this closure.
            unsafe { rustix::thread::unshare_unsafe(UnshareFlags::NEWNET) }
                .map_err(failed("create a network namespace"))?;
            Self::current()
        })
    }

    /// Returns the namespace called `name` in `ip netns`.
    ///
    /// # Errors
    /// If there is none, or it cannot be opened.
    pub fn named(name: &str) -> Result<Self, Error> {
        Self::at(&Path::new(NAMES).join(name))
    }

    /// Returns the namespace of a process.
    ///
    /// # Errors
    /// If there is no such process, or it cannot be opened.
    pub fn of_process(pid: u32) -> Result<Self, Error> {
        Self::at(&PathBuf::from(format!("/proc/{pid}/ns/net")))
    }

    /// Returns the namespace that a process holds open as `descriptor` (see [`Namespace::descriptor`]).
    ///
    /// # Errors
    /// If it cannot be opened.
    pub fn held_by(pid: u32, descriptor: i32) -> Result<Self, Error> {
        Self::at(&PathBuf::from(format!("/proc/{pid}/fd/{descriptor}")))
    }

    /// Returns the descriptor number of this process, for [`Namespace::held_by`] in another process.
    pub fn descriptor(&self) -> i32 {
        self.fd.as_raw_fd()
    }

    /// Moves the calling thread into this namespace.
    ///
    /// # Errors
    /// If the kernel refuses.
    pub fn enter(&self) -> Result<(), Error> {
        move_into_link_name_space(self.fd.as_fd(), Some(LinkNameSpaceType::Network))
            .map_err(failed("enter the network namespace"))
    }

    /// Runs `work` on a new thread in this namespace, and waits for it. A panic of `work` continues in the caller.
    ///
    /// # Errors
    /// If the kernel refuses.
    pub fn run<T: Send>(&self, work: impl FnOnce() -> T + Send) -> Result<T, Error> {
        on_new_thread(|| {
            self.enter()?;
            Ok(work())
        })
    }

    /// Makes `command` run in this namespace once it is spawned. This value must live until then.
    ///
    /// # Errors
    /// If the kernel refuses.
    pub fn command<'a>(&self, command: &'a mut Command) -> Result<&'a mut Command, Error> {
        let fd = self
            .fd
            .try_clone()
            .map_err(|error| failed_at("hold the network namespace", Path::new("fd"))(error))?;
        let enter = move || {
            move_into_link_name_space(fd.as_fd(), Some(LinkNameSpaceType::Network))
                .map_err(Into::into)
        };
        // SAFETY: between fork and exec the closure makes one system call and allocates nothing.
        Ok(unsafe { command.pre_exec(enter) })
    }

    /// Names this namespace under `/run/netns`, so that `ip netns exec NAME` finds it. The name keeps it until
    /// [`Namespace::forget`]. Needs root outside any user namespace.
    ///
    /// # Errors
    /// If the kernel refuses.
    pub fn persist(&self, name: &str) -> Result<(), Error> {
        const OPERATION: &str = "name the network namespace";
        let names = Path::new(NAMES);
        fs::create_dir_all(names).map_err(failed_at(OPERATION, names))?;
        let path = names.join(name);
        File::create_new(&path).map_err(failed_at(OPERATION, &path))?;
        let own = format!("/proc/self/fd/{}", self.fd.as_raw_fd());
        rustix::mount::mount_bind(own.as_str(), &path).map_err(|errno| {
            // The empty file would otherwise look like a namespace of that name.
            let _ = fs::remove_file(&path);
            failed_at(OPERATION, &path)(errno.into())
        })
    }

    /// Removes a name.
    ///
    /// # Errors
    /// If the kernel refuses.
    pub fn forget(name: &str) -> Result<(), Error> {
        const OPERATION: &str = "remove the namespace's name";
        let path = Path::new(NAMES).join(name);
        rustix::mount::unmount(&path, rustix::mount::UnmountFlags::DETACH)
            .map_err(|errno| failed_at(OPERATION, &path)(errno.into()))?;
        fs::remove_file(&path).map_err(failed_at(OPERATION, &path))
    }

    /// Returns device and inode, which identify a namespace.
    ///
    /// # Errors
    /// If the kernel refuses.
    pub fn identity(&self) -> Result<(u64, u64), Error> {
        let stat = rustix::fs::fstat(&self.fd).map_err(failed("identify the namespace"))?;
        Ok((stat.st_dev, stat.st_ino))
    }

    /// Returns the namespace whose nsfs file is mounted or linked at `path`.
    ///
    /// # Errors
    /// If it cannot be opened.
    pub fn at(path: &Path) -> Result<Self, Error> {
        let file = File::open(path).map_err(failed_at("open the network namespace", path))?;
        Ok(Self { fd: file.into() })
    }
}

impl AsFd for Namespace {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

/// Enters a new user namespace, in which the caller is root over everything it creates from now on. This lets an ordinary
/// user create network namespaces, if the system allows it.
///
/// # Errors
/// If the kernel refuses; `EINVAL` if the process has a second thread.
pub fn enter_user_namespace() -> Result<(), Error> {
    const OPERATION: &str = "enter a user namespace";
    let uid = rustix::process::geteuid().as_raw();
    let gid = rustix::process::getegid().as_raw();
    // SAFETY: the process has one thread (the kernel checks it), so no other thread loses what it shared.
    unsafe { rustix::thread::unshare_unsafe(UnshareFlags::NEWUSER) }.map_err(failed(OPERATION))?;
    // A process may write its own group map only after it has disabled setgroups(2).
    for (path, text) in [
        ("/proc/self/setgroups", "deny".to_owned()),
        ("/proc/self/uid_map", format!("0 {uid} 1")),
        ("/proc/self/gid_map", format!("0 {gid} 1")),
    ] {
        let path = Path::new(path);
        fs::write(path, text).map_err(failed_at(OPERATION, path))?;
    }
    Ok(())
}

/// Enters the user namespace of a process, unless it is the caller's own.
///
/// # Errors
/// If the kernel refuses; `EINVAL` if this process has a second thread.
pub fn join_user_namespace(pid: u32) -> Result<(), Error> {
    const OPERATION: &str = "join the user namespace";
    let path = PathBuf::from(format!("/proc/{pid}/ns/user"));
    let theirs = File::open(&path).map_err(failed_at(OPERATION, &path))?;
    let own_path = Path::new("/proc/self/ns/user");
    let own = File::open(own_path).map_err(failed_at(OPERATION, own_path))?;
    let inode = |file: &File| rustix::fs::fstat(file).map(|stat| stat.st_ino);
    let same = inode(&theirs).and_then(|theirs| Ok(theirs == inode(&own)?));
    if same.map_err(failed(OPERATION))? {
        return Ok(());
    }
    move_into_link_name_space(theirs.as_fd(), Some(LinkNameSpaceType::User))
        .map_err(failed(OPERATION))
}

/// Replaces `/etc/hosts` for this process and its children: `with` is mounted over it in a new mount namespace. Needs
/// `CAP_SYS_ADMIN` over the user namespace, and a process with one thread.
///
/// # Errors
/// If the kernel refuses.
pub fn replace_hosts(with: &Path) -> Result<(), Error> {
    const OPERATION: &str = "show another hosts file";
    const HOSTS: &str = "/etc/hosts";
    // SAFETY: the process has one thread, so no other thread loses its view of the mounts.
    unsafe { rustix::thread::unshare_unsafe(UnshareFlags::NEWNS) }.map_err(failed(OPERATION))?;
    let root = Path::new("/");
    // Otherwise the mount would be visible outside.
    let private = MountPropagationFlags::PRIVATE | MountPropagationFlags::REC;
    rustix::mount::mount_change(root, private)
        .map_err(|errno| failed_at(OPERATION, root)(errno.into()))?;
    rustix::mount::mount_bind(with, HOSTS)
        .map_err(|errno| failed_at(OPERATION, Path::new(HOSTS))(errno.into()))
}

/// Writes a sysctl of the calling thread's network namespace, for example `net/ipv4/ip_forward`.
///
/// # Errors
/// If the kernel refuses.
pub fn set_sysctl(name: &str, value: &str) -> Result<(), Error> {
    const OPERATION: &str = "write the kernel's setting";
    let path = Path::new("/proc/sys").join(name);
    let mut file = fs::OpenOptions::new()
        .write(true)
        .open(&path)
        .map_err(failed_at(OPERATION, &path))?;
    file.write_all(value.as_bytes())
        .map_err(failed_at(OPERATION, &path))
}

/// Runs `work` on a new thread, so that the caller stays in its own namespaces.
fn on_new_thread<T: Send>(work: impl FnOnce() -> Result<T, Error> + Send) -> Result<T, Error> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .name("netns".to_owned())
            .spawn_scoped(scope, work)
            .map_err(|error| Error {
                operation: "start a thread",
                path: None,
                errno: Errno::from_io_error(&error).unwrap_or(Errno::AGAIN),
            })?;
        thread
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}
