//! A lab that outlives the command that made it: a process that holds it, and a file that says which.
//!
//! The namespaces live in the holder's descriptors and the services in its threads, so that its end,
//! however it comes, takes everything with it: nothing is left but the state file, which is then
//! recognised as stale by the holder's start time.

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

/// What the holder says on its standard output once the lab is up.
const READY: &str = "ready\n";
/// How long a holder may take to end once it is told to.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running lab, as its state file tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// The holder's process.
    pub pid: u32,
    /// The holder's start, in clock ticks since boot: tells it from a later process of that number.
    pub started: u64,
    /// The network.
    pub topology: Topology,
    /// The holder's descriptors of the nodes' namespaces, in the topology's order.
    pub namespaces: Vec<i32>,
}

/// What is known of a lab.
#[derive(Debug)]
pub enum Holder {
    /// There is none.
    None,
    /// There was one; its holder, of this process number, is gone and took it along.
    Stale(u32),
    /// It is up.
    Up(Box<State>),
}

/// How long a holder lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Life {
    /// Until it is ended.
    Own,
    /// No longer than the thread that started it: nobody needs to clean up.
    Starter,
}

/// Why the state of a lab could not be read or kept.
#[derive(Debug)]
#[non_exhaustive]
pub enum StateError {
    /// A file or directory failed.
    File {
        /// Which.
        path: PathBuf,
        /// How.
        error: io::Error,
    },
    /// The directory for the state belongs to another user.
    Foreign(PathBuf),
    /// The state file is not of this program's making.
    Unreadable(PathBuf),
    /// The holder could not be signalled, or does not end.
    Holder(Errno),
    /// A namespace of the holder could not be entered.
    Enter(netns::Error),
    /// The lab has no such node.
    NoNode(String),
}

/// Why a holder could not put up its lab.
#[derive(Debug)]
#[non_exhaustive]
pub enum HoldError {
    /// A user namespace was needed and refused.
    User(netns::Error),
    /// The lab was not built.
    Lab(Error),
    /// The state was not written.
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

/// The place of a lab's state; while this lives, no other command changes the lab.
#[derive(Debug)]
pub struct Place {
    directory: PathBuf,
    _lock: OwnedFd,
}

impl Place {
    /// The caller's place: `/run/vigie` for root, else `vigie` in `$XDG_RUNTIME_DIR`, else a directory
    /// of the user's own under the one for temporary files. Waits for other commands to be done.
    pub fn lock() -> Result<Self, StateError> {
        Self::lock_at(&Self::directory())
    }

    /// The directory that [`Place::lock`] uses.
    pub fn directory() -> PathBuf {
        default_directory()
    }

    /// The same at a directory of the caller's choice, made if it is not there.
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

    /// Where a running lab's names stand, in the form of `/etc/hosts`.
    pub fn hosts_file(&self) -> PathBuf {
        self.directory.join("hosts")
    }

    /// Where the state is written.
    pub fn file(&self) -> PathBuf {
        self.directory.join("lab.json")
    }

    /// What is known of the lab here.
    pub fn read(&self) -> Result<Holder, StateError> {
        let path = self.file();
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Holder::None),
            Err(error) => return Err(StateError::File { path, error }),
        };
        let state: State =
            serde_json::from_slice(&text).map_err(|_| StateError::Unreadable(path))?;
        if start_time(state.pid) == Some(state.started) {
            Ok(Holder::Up(Box::new(state)))
        } else {
            Ok(Holder::Stale(state.pid))
        }
    }

    /// Starts a holder: `command` must come to [`hold`] with [`Place::file`]. Gives the lab's state, or
    /// the holder's exit status, after it said on its standard error why it failed.
    pub fn start(&self, command: &mut Command) -> Result<Result<State, Option<i32>>, StateError> {
        let path = self.file();
        let failed = |error| StateError::File {
            path: path.clone(),
            error,
        };
        // A stale state would otherwise be taken for the new one.
        self.forget()?;
        let mut child: Child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        let mut said = String::new();
        if let Some(stdout) = &mut child.stdout {
            stdout.read_to_string(&mut said).map_err(failed)?;
        }
        if said != READY {
            let status = child.wait().map_err(failed)?;
            return Ok(Err(status.code()));
        }
        match self.read()? {
            Holder::Up(state) => {
                let path = self.hosts_file();
                fs::write(&path, state.hosts())
                    .map_err(|error| StateError::File { path, error })?;
                Ok(Ok(*state))
            }
            Holder::None | Holder::Stale(_) => Ok(Err(None)),
        }
    }

    /// Ends the lab, waits until its holder is gone, and removes its state.
    pub fn end(&self, state: &State) -> Result<(), StateError> {
        let pid = Pid::from_raw(state.pid.cast_signed()).ok_or(StateError::Holder(Errno::SRCH))?;
        // The descriptor keeps the number from being given to another process meanwhile.
        match rustix::process::pidfd_open(pid, PidfdFlags::empty()) {
            Ok(holder) if start_time(state.pid) == Some(state.started) => finish(&holder)?,
            Ok(_) | Err(Errno::SRCH) => {}
            Err(errno) => return Err(StateError::Holder(errno)),
        }
        self.forget()
    }

    /// Removes the state's files, if there are any.
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
    let limit = rustix::event::Timespec::try_from(PATIENCE).ok();
    match rustix::event::poll(&mut gone, limit.as_ref()) {
        Ok(0) => Err(StateError::Holder(Errno::TIMEDOUT)),
        Ok(_) => Ok(()),
        Err(errno) => Err(StateError::Holder(errno)),
    }
}

impl State {
    /// Moves the calling thread into a node of the lab. Must be called while the process has one thread.
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

    /// The lab's names as `/etc/hosts` has them: its nodes and ghosts.
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

/// The holder's life: builds the lab (as an ordinary user inside a user namespace), writes its state to
/// `file`, says so on standard output, and stays until it is ended by a signal. Must be called while
/// the process has one thread.
pub fn hold(
    topology: Topology,
    file: &Path,
    life: Life,
) -> Result<core::convert::Infallible, HoldError> {
    let starter = rustix::process::getppid();
    if !may_make_namespaces() {
        enter_user_namespace().map_err(HoldError::User)?;
    }
    if life == Life::Starter {
        // After the user namespace: entering one takes the wish back.
        let _ = rustix::process::set_parent_process_death_signal(Some(Signal::TERM));
        if rustix::process::getppid() != starter {
            std::process::exit(0);
        }
    }
    let names: Vec<String> = topology.nodes.iter().map(|n| n.name.clone()).collect();
    let lab = Lab::build(topology).map_err(HoldError::Lab)?;
    let pid = std::process::id();
    let state = State {
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

/// Writes the state, leaves the starter's session, terminal and directory, and tells it to go on.
fn publish(state: &State, file: &Path) -> io::Result<()> {
    let whole = file.with_extension("new");
    let text = serde_json::to_vec(state)?;
    let mut written = File::create(&whole)?;
    written.write_all(&text)?;
    fs::rename(&whole, file)?;
    // Refused only to a group's leader, which needs no session of its own.
    let _ = rustix::process::setsid();
    std::env::set_current_dir("/")?;
    let null = File::options().read(true).write(true).open("/dev/null")?;
    io::stdout().write_all(READY.as_bytes())?;
    io::stdout().flush()?;
    rustix::stdio::dup2_stderr(null.as_fd())?;
    rustix::stdio::dup2_stdout(null.as_fd())?;
    Ok(())
}

/// Whether this process has what namespaces and their links need, without a user namespace.
fn may_make_namespaces() -> bool {
    use rustix::thread::CapabilitySet;
    let needed = CapabilitySet::SYS_ADMIN | CapabilitySet::NET_ADMIN;
    rustix::thread::capabilities(None).is_ok_and(|sets| sets.effective.contains(needed))
}

/// A process's start in clock ticks since boot: field 22 of `/proc/PID/stat`. None if there is none.
fn start_time(pid: u32) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The second field, the program's name, is in parentheses and may hold anything.
    let (_, fields) = text.rsplit_once(')')?;
    let mut fields = fields.split_ascii_whitespace();
    let state = fields.next()?;
    // A zombie holds nothing any more.
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
