//! A lab that outlives the command that started it: a holder process, and a file with its state.
//!
//! The holder's descriptors keep the namespaces alive, and its threads run the services, so everything ends with the
//! holder except the state file. The start time in that file shows whether the holder still runs. This module must not
//! know commands or their output.

use core::fmt::{self, Write as _};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, Signal};
use serde::{Deserialize, Serialize};
use vigie_linux::netns::{self, Namespace, enter_user_namespace, join_user_namespace};

use crate::{Error, Lab, Topology};

/// Line that the holder prints to standard output once the lab runs.
const READY: &str = "ready\n";
/// Maximum time for a holder to end after SIGTERM.
const END_TIMEOUT: Duration = Duration::from_secs(20);

/// State of a running lab, as stored in its state file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabState {
    /// PID of the holder.
    pub pid: u32,
    /// Start time of the holder in clock ticks since boot: distinguishes it from a later process with the same PID.
    pub started: u64,
    /// Topology of the network.
    pub topology: Topology,
    /// Descriptor numbers of the nodes' namespaces in the holder, in the order of the topology.
    pub namespaces: Vec<i32>,
}

/// Whether a lab is running.
#[derive(Debug)]
pub enum LabStatus {
    /// There is no lab.
    None,
    /// The holder with this PID has ended, and the lab with it.
    Stale(u32),
    /// The lab is running.
    Running(Box<LabState>),
}

/// Lifetime of a holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lifetime {
    /// Until it is stopped.
    Independent,
    /// At most as long as the thread that started it, so that nothing needs to be cleaned up.
    WithParent,
}

/// Why the state of a lab could not be read or written.
#[derive(Debug)]
#[non_exhaustive]
pub enum StateError {
    /// A file or directory could not be used.
    File {
        /// Path.
        path: PathBuf,
        /// Error.
        error: io::Error,
    },
    /// The directory for the state belongs to another user.
    Foreign(PathBuf),
    /// The file is not a state file of this program.
    Unreadable(PathBuf),
    /// The holder could not be signalled, or does not end.
    Holder(Errno),
    /// A namespace of the holder could not be entered.
    Enter(netns::Error),
    /// The lab has no such node.
    NoNode(String),
}

/// Why a holder could not start its lab.
#[derive(Debug)]
#[non_exhaustive]
pub enum HoldError {
    /// A user namespace is needed, and the kernel refused it.
    User(netns::Error),
    /// The lab could not be built.
    Lab(Error),
    /// The state could not be written.
    State(StateError),
}

impl fmt::Display for StateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, error } => write!(f, "{}: {error}", path.display()),
            Self::Foreign(path) => write!(f, "{}: belongs to another user", path.display()),
            Self::Unreadable(path) => write!(f, "{}: not a lab's state", path.display()),
            Self::Holder(errno) => write!(f, "the lab's holder: {errno}"),
            Self::Enter(error) => error.fmt(f),
            Self::NoNode(name) => write!(f, "the lab has no node {name}"),
        }
    }
}

impl core::error::Error for StateError {}

impl fmt::Display for HoldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(error) => error.fmt(f),
            Self::Lab(error) => error.fmt(f),
            Self::State(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for HoldError {}

/// The locked directory of a lab's state: until this is dropped, no other command changes the lab.
#[derive(Debug)]
pub struct StateDir {
    directory: PathBuf,
    _lock: OwnedFd,
}

impl StateDir {
    /// Locks the user's directory: `/run/vigie` for root, otherwise `vigie` in `$XDG_RUNTIME_DIR`, otherwise a directory of
    /// the user in the directory for temporary files. Waits until other commands are done.
    ///
    /// # Errors
    /// If the directory cannot be created, or belongs to another user.
    pub fn lock() -> Result<Self, StateError> {
        Self::lock_at(&Self::directory())
    }

    /// Returns the directory that [`StateDir::lock`] uses.
    pub fn directory() -> PathBuf {
        default_directory()
    }

    /// Locks a directory, which is created if needed.
    ///
    /// # Errors
    /// See [`StateDir::lock`].
    pub fn lock_at(directory: &Path) -> Result<Self, StateError> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |error| StateError::File { path, error }
        };
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(directory)
            .map_err(failed(directory))?;
        let owner = fs::metadata(directory).map_err(failed(directory))?.uid();
        if owner != rustix::process::geteuid().as_raw() {
            return Err(StateError::Foreign(directory.to_owned()));
        }
        let path = directory.join("lab.lock");
        let file = File::create(&path).map_err(failed(&path))?;
        rustix::fs::flock(&file, rustix::fs::FlockOperation::LockExclusive)
            .map_err(|errno| failed(&path)(errno.into()))?;
        Ok(Self {
            directory: directory.to_owned(),
            _lock: file.into(),
        })
    }

    /// Returns the path of the file with a running lab's names, in the format of `/etc/hosts`.
    pub fn hosts_file(&self) -> PathBuf {
        self.directory.join("hosts")
    }

    /// Returns the path of the state file.
    pub fn file(&self) -> PathBuf {
        self.directory.join("lab.json")
    }

    /// Reads the state of the lab.
    ///
    /// # Errors
    /// If the state file cannot be read or parsed.
    pub fn read(&self) -> Result<LabStatus, StateError> {
        let path = self.file();
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(LabStatus::None),
            Err(error) => return Err(StateError::File { path, error }),
        };
        let state: LabState =
            serde_json::from_slice(&text).map_err(|_| StateError::Unreadable(path))?;
        if start_time(state.pid) == Some(state.started) {
            Ok(LabStatus::Running(Box::new(state)))
        } else {
            Ok(LabStatus::Stale(state.pid))
        }
    }

    /// Starts a holder: `command` must call [`hold`] with [`StateDir::file`]. Returns the lab's state, or the exit status of
    /// a holder that failed, after it printed the reason to standard error.
    ///
    /// # Errors
    /// If the command or the files cannot be used.
    pub fn start(
        &self,
        command: &mut Command,
    ) -> Result<Result<LabState, Option<i32>>, StateError> {
        let path = self.file();
        let failed = |error| StateError::File {
            path: path.clone(),
            error,
        };
        // A stale state could otherwise be taken for the new one.
        self.forget()?;
        let mut child: Child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        let mut printed = String::new();
        if let Some(stdout) = &mut child.stdout {
            stdout.read_to_string(&mut printed).map_err(failed)?;
        }
        if printed != READY {
            let status = child.wait().map_err(failed)?;
            return Ok(Err(status.code()));
        }
        match self.read()? {
            LabStatus::Running(state) => {
                let path = self.hosts_file();
                fs::write(&path, state.hosts())
                    .map_err(|error| StateError::File { path, error })?;
                Ok(Ok(*state))
            }
            LabStatus::None | LabStatus::Stale(_) => Ok(Err(None)),
        }
    }

    /// Stops the lab, waits until its holder has ended, and removes its state.
    ///
    /// # Errors
    /// If the holder cannot be signalled or does not end, or a file cannot be removed.
    pub fn end(&self, state: &LabState) -> Result<(), StateError> {
        let pid = Pid::from_raw(state.pid.cast_signed()).ok_or(StateError::Holder(Errno::SRCH))?;
        // The descriptor prevents another process from getting the PID meanwhile.
        match rustix::process::pidfd_open(pid, PidfdFlags::empty()) {
            Ok(holder) if start_time(state.pid) == Some(state.started) => finish(&holder)?,
            Ok(_) | Err(Errno::SRCH) => {}
            Err(errno) => return Err(StateError::Holder(errno)),
        }
        self.forget()
    }

    /// Removes the files of the state, if there are any.
    ///
    /// # Errors
    /// If a file cannot be removed.
    pub fn forget(&self) -> Result<(), StateError> {
        for path in [self.hosts_file(), self.file()] {
            match fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(StateError::File { path, error });
                }
                _ => {}
            }
        }
        Ok(())
    }
}

fn finish(holder: &OwnedFd) -> Result<(), StateError> {
    rustix::process::pidfd_send_signal(holder, Signal::TERM).map_err(StateError::Holder)?;
    let mut gone = [rustix::event::PollFd::new(
        holder,
        rustix::event::PollFlags::IN,
    )];
    let limit = rustix::event::Timespec::try_from(END_TIMEOUT).ok();
    match rustix::event::poll(&mut gone, limit.as_ref()) {
        Ok(0) => Err(StateError::Holder(Errno::TIMEDOUT)),
        Ok(_) => Ok(()),
        Err(errno) => Err(StateError::Holder(errno)),
    }
}

impl LabState {
    /// Moves the calling thread into a node of the lab. The process must have one thread.
    ///
    /// # Errors
    /// If there is no such node, or its namespace cannot be entered.
    pub fn enter(&self, node: &str) -> Result<(), StateError> {
        let nodes = &self.topology.nodes;
        let at = nodes.iter().position(|n| n.name == node);
        let descriptor = at.and_then(|at| self.namespaces.get(at));
        let descriptor = *descriptor.ok_or_else(|| StateError::NoNode(node.to_owned()))?;
        join_user_namespace(self.pid)
            .and_then(|()| Namespace::held_by(self.pid, descriptor))
            .and_then(|namespace| namespace.enter())
            .map_err(StateError::Enter)
    }

    /// Returns the lab's names (nodes and ghosts) in the format of `/etc/hosts`.
    pub fn hosts(&self) -> String {
        let mut text = String::from("127.0.0.1 localhost\n::1 localhost\n");
        let nodes = self.topology.nodes.iter();
        let nodes = nodes.map(|node| (&node.name, self.topology.addresses(&node.name)));
        let ghosts = self.topology.ghosts.iter();
        let ghosts = ghosts.map(|(name, addresses)| (name, addresses.clone()));
        for (name, addresses) in nodes.chain(ghosts) {
            for address in addresses {
                // Writing to a string cannot fail.
                let _ = writeln!(text, "{address} {name}");
            }
        }
        text
    }
}

/// Runs the holder: builds the lab (as an ordinary user inside a user namespace), writes its state to
/// `file`, reports that on standard output, and runs until a signal ends it. The process must have one thread.
///
/// # Errors
/// If a user namespace is refused, the lab cannot be built, or the state cannot be written.
pub fn hold(
    topology: Topology,
    file: &Path,
    life: Lifetime,
) -> Result<core::convert::Infallible, HoldError> {
    let starter = rustix::process::getppid();
    if !can_create_namespaces() {
        enter_user_namespace().map_err(HoldError::User)?;
    }
    if life == Lifetime::WithParent {
        // After the user namespace, since entering one resets this setting.
        let _ = rustix::process::set_parent_process_death_signal(Some(Signal::TERM));
        if rustix::process::getppid() != starter {
            std::process::exit(0);
        }
    }
    let names: Vec<String> = topology.nodes.iter().map(|n| n.name.clone()).collect();
    let lab = Lab::build(topology).map_err(HoldError::Lab)?;
    let pid = std::process::id();
    let state = LabState {
        pid,
        started: start_time(pid).unwrap_or(0),
        topology: lab.topology().clone(),
        namespaces: names
            .iter()
            .filter_map(|name| Some(lab.namespace(name)?.descriptor()))
            .collect(),
    };
    publish(&state, file).map_err(|error| {
        let path = file.to_owned();
        HoldError::State(StateError::File { path, error })
    })?;
    loop {
        std::thread::park();
    }
}

/// Writes the state, leaves the parent's session, terminal and directory, and reports that the lab runs.
fn publish(state: &LabState, file: &Path) -> io::Result<()> {
    let whole = file.with_extension("new");
    let text = serde_json::to_vec(state)?;
    let mut written = File::create(&whole)?;
    written.write_all(&text)?;
    fs::rename(&whole, file)?;
    // Fails only for a group leader, which does not need its own session.
    let _ = rustix::process::setsid();
    std::env::set_current_dir("/")?;
    let null = File::options().read(true).write(true).open("/dev/null")?;
    io::stdout().write_all(READY.as_bytes())?;
    io::stdout().flush()?;
    rustix::stdio::dup2_stderr(null.as_fd())?;
    rustix::stdio::dup2_stdout(null.as_fd())?;
    Ok(())
}

/// Returns whether this process can create namespaces and links without a user namespace.
fn can_create_namespaces() -> bool {
    use rustix::thread::CapabilitySet;
    let needed = CapabilitySet::SYS_ADMIN | CapabilitySet::NET_ADMIN;
    rustix::thread::capabilities(None).is_ok_and(|sets| sets.effective.contains(needed))
}

/// Returns the start time of a process in clock ticks since boot (field 22 of `/proc/PID/stat`), if it exists.
fn start_time(pid: u32) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The second field, the name of the program, is in parentheses and can contain any character.
    let (_, fields) = text.rsplit_once(')')?;
    let mut fields = fields.split_ascii_whitespace();
    let state = fields.next()?;
    // A zombie has no descriptors.
    (state != "Z").then(|| fields.nth(18)?.parse().ok())?
}

fn default_directory() -> PathBuf {
    let uid = rustix::process::geteuid().as_raw();
    if uid == 0 {
        return PathBuf::from("/run/vigie");
    }
    match std::env::var_os("XDG_RUNTIME_DIR") {
        Some(directory) if !directory.is_empty() => PathBuf::from(directory).join("vigie"),
        _ => std::env::temp_dir().join(format!("vigie-{uid}")),
    }
}
