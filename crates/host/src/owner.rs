//! Processes that hold sockets, with their units and containers.
//!
//! The files of `/proc/PID` are parsed as bytes: names and command lines can contain any byte except NUL. Escaping them
//! for output is done elsewhere.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

/// A process that holds a socket. Data that was not requested, or not read before the process ended, is `None`.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Process {
    /// PID.
    pub pid: u32,
    /// Name of the program; see [`program_name`].
    pub name: Box<[u8]>,
    /// Arguments, each terminated by NUL, as in `/proc/PID/cmdline`.
    pub cmdline: Option<Box<[u8]>>,
    /// systemd unit.
    pub unit: Option<Box<[u8]>>,
    /// Container.
    pub container: Option<Container>,
    /// Inode of its network namespace.
    pub netns: Option<u64>,
}

impl Process {
    /// Returns the file name of the first argument.
    pub fn program(&self) -> Option<&[u8]> {
        base_name(self.cmdline.as_deref()?)
    }

    /// Returns the arguments.
    pub fn arguments(&self) -> impl Iterator<Item = &[u8]> {
        let whole = self.cmdline.as_deref().unwrap_or(&[]);
        let ended = whole.strip_suffix(&[0]).unwrap_or(whole);
        ended
            .split(|byte| *byte == 0)
            .take(if whole.is_empty() { 0 } else { usize::MAX })
    }
}

/// A container, recognised by the name of its control group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Container {
    /// `docker`, `podman`, `containerd`, `cri-o`, `lxc`, `nspawn` or `kubernetes`.
    pub runtime: &'static str,
    /// Identifier or name that the runtime chose.
    pub id: Box<[u8]>,
}

/// A file descriptor of a process that refers to a socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hold {
    /// Inode of the socket.
    pub inode: u32,
    /// Index in [`Owners::processes`].
    pub process: u32,
    /// File descriptor.
    pub fd: u32,
}

/// Processes and the sockets that they hold.
#[derive(Clone, Debug, Default)]
pub struct Owners {
    /// Processes that hold sockets, sorted by PID.
    pub processes: Vec<Process>,
    holds: Vec<Hold>,
    /// Number of processes whose descriptors may not be read.
    pub hidden_processes: usize,
    /// Whether there may be invisible processes (`hidepid` of procfs).
    pub unseen_processes: bool,
}

impl Owners {
    /// Returns the owners, sorted.
    pub fn new(processes: Vec<Process>, mut holds: Vec<Hold>, hidden_processes: usize) -> Self {
        holds.sort_unstable();
        Self {
            processes,
            holds,
            hidden_processes,
            unseen_processes: false,
        }
    }

    /// Returns the descriptors that refer to the socket with this inode, none for inode 0.
    pub fn holds(&self, inode: u32) -> &[Hold] {
        if inode == 0 {
            return &[];
        }
        let from = self.holds.partition_point(|hold| hold.inode < inode);
        let rest = &self.holds[from..];
        let count = rest.iter().take_while(|hold| hold.inode == inode).count();
        &rest[..count]
    }

    /// Returns the processes that hold the socket with this inode, each once, sorted by PID.
    pub fn of(&self, inode: u32) -> impl Iterator<Item = &Process> {
        let mut last = None;
        self.holds(inode).iter().filter_map(move |hold| {
            let new = last.replace(hold.process) != Some(hold.process);
            if new {
                self.processes.get(hold.process as usize)
            } else {
                None
            }
        })
    }
}

/// Returns the file name of the first argument of a command line.
fn base_name(cmdline: &[u8]) -> Option<&[u8]> {
    let first = cmdline.split(|byte| *byte == 0).next()?;
    let name = first.rsplit(|byte| *byte == b'/').next()?;
    if name.is_empty() { None } else { Some(name) }
}

/// Maximum length in bytes of a name in the kernel (`TASK_COMM_LEN` without the NUL).
const MAX_COMM: usize = 15;

/// Returns whether the kernel may have cut a name.
pub const fn may_be_cut(comm: &[u8]) -> bool {
    comm.len() >= MAX_COMM
}

/// Returns the name of a program: the kernel's name, completed from the command line if the kernel cut it
/// (`systemd-resolve` becomes `systemd-resolved`).
pub fn program_name<'a>(comm: &'a [u8], cmdline: Option<&'a [u8]>) -> &'a [u8] {
    match cmdline.and_then(base_name) {
        Some(full) if may_be_cut(comm) && full.starts_with(comm) => {
            // A program can overwrite its first argument with a status text.
            let end = full
                .iter()
                .position(|byte| matches!(byte, b' ' | b':'))
                .unwrap_or(full.len())
                .max(comm.len());
            &full[..end]
        }
        _ => comm,
    }
}

/// Parses `/proc/PID/comm`: the name and a newline.
pub fn parse_comm(text: &[u8]) -> &[u8] {
    text.strip_suffix(b"\n").unwrap_or(text)
}

/// Returns the most informative path of `/proc/PID/cgroup`: that of the unified hierarchy, or of systemd's hierarchy in
/// cgroup v1.
fn cgroup_path(text: &[u8]) -> Option<&[u8]> {
    let mut best: Option<&[u8]> = None;
    for line in text.split(|byte| *byte == b'\n') {
        let mut parts = line.splitn(3, |byte| *byte == b':');
        let (Some(_), Some(controllers), Some(path)) = (parts.next(), parts.next(), parts.next())
        else {
            continue;
        };
        let preferred = controllers.is_empty() || controllers == b"name=systemd";
        if path.len() > 1 && (preferred || best.is_none()) {
            best = Some(path);
        }
    }
    best
}

/// Returns the systemd unit and the container of a process, from `/proc/PID/cgroup`.
///
/// ```
/// let (unit, container) = vigie_host::owner::parse_cgroup(b"0::/system.slice/ssh.service\n");
/// assert_eq!(unit.as_deref(), Some(&b"ssh.service"[..]));
/// assert!(container.is_none());
/// ```
pub fn parse_cgroup(text: &[u8]) -> (Option<Box<[u8]>>, Option<Container>) {
    let Some(path) = cgroup_path(text) else {
        return (None, None);
    };
    let parts: Vec<&[u8]> = path
        .split(|byte| *byte == b'/')
        .filter(|part| !part.is_empty())
        .collect();
    let is_unit = |part: &&&[u8]| {
        const KINDS: [&[u8]; 6] = [
            b".service",
            b".scope",
            b".socket",
            b".mount",
            b".swap",
            b".automount",
        ];
        KINDS
            .iter()
            .any(|kind| part.len() > kind.len() && part.ends_with(kind))
    };
    let unit = parts
        .iter()
        .rev()
        .find(is_unit)
        .map(|part| Box::from(*part));
    let container = parts
        .iter()
        .enumerate()
        .rev()
        .find_map(|(at, part)| container_of(&parts[..at], part));
    (unit, container)
}

/// Returns the container that a component of a control group's path names; `above` holds the components before it.
fn container_of(above: &[&[u8]], part: &[u8]) -> Option<Container> {
    const SCOPES: [(&[u8], &str); 5] = [
        (b"docker-", "docker"),
        (b"libpod-", "podman"),
        (b"cri-containerd-", "containerd"),
        (b"nerdctl-", "containerd"),
        (b"crio-", "cri-o"),
    ];
    let found = |runtime, id: &[u8]| {
        Some(Container {
            runtime,
            id: id.into(),
        })
    };
    let scope = part.strip_suffix(b".scope");
    for (prefix, runtime) in SCOPES {
        let id = scope.unwrap_or(part).strip_prefix(prefix);
        if let Some(id) = id.filter(|id| is_container_id(id)) {
            return found(runtime, id);
        }
    }
    if let Some(name) = scope.and_then(|scope| scope.strip_prefix(b"machine-")) {
        return found("nspawn", &unescape(name));
    }
    if let Some(name) = part.strip_prefix(b"lxc.payload.") {
        return found("lxc", name);
    }
    let parent = above.last().copied().unwrap_or_default();
    if parent == b"lxc" {
        return found("lxc", part);
    }
    if is_container_id(part) {
        if parent == b"docker" {
            return found("docker", part);
        }
        if above
            .iter()
            .any(|component| component.starts_with(b"kubepods"))
        {
            return found("kubernetes", part);
        }
    }
    None
}

fn is_container_id(text: &[u8]) -> bool {
    text.len() == 64 && text.iter().all(u8::is_ascii_hexdigit)
}

/// Undoes systemd's escapes (`\x2d`) in a name.
fn unescape(name: &[u8]) -> Vec<u8> {
    let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let mut plain = Vec::with_capacity(name.len());
    let mut at = 0;
    while at < name.len() {
        let escape = name[at..].starts_with(b"\\x");
        match (digit(name.get(at + 2)), digit(name.get(at + 3))) {
            (Some(high), Some(low)) if escape => {
                plain.push((high * 16 + low) as u8);
                at += 4;
            }
            _ => {
                plain.push(name[at]);
                at += 1;
            }
        }
    }
    plain
}

/// User names by user id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Users(BTreeMap<u32, Box<[u8]>>);

impl Users {
    /// Parses `/etc/passwd`. The first line of an id or a name counts; malformed lines are skipped.
    pub fn parse(passwd: &[u8]) -> Self {
        let mut users = BTreeMap::new();
        for line in passwd.split(|byte| *byte == b'\n') {
            let mut fields = line.split(|byte| *byte == b':');
            let (Some(name), Some(_), Some(number)) = (fields.next(), fields.next(), fields.next())
            else {
                continue;
            };
            let number = core::str::from_utf8(number)
                .ok()
                .and_then(|text| text.parse().ok());
            if let (Some(number), false) = (number, name.is_empty()) {
                users.entry(number).or_insert_with(|| name.into());
            }
        }
        Self(users)
    }

    /// Returns the name of a user.
    pub fn name(&self, uid: u32) -> Option<&[u8]> {
        self.0.get(&uid).map(|name| &**name)
    }

    /// Returns the id of the user with this name.
    pub fn number(&self, name: &[u8]) -> Option<u32> {
        self.0
            .iter()
            .find(|(_, known)| &***known == name)
            .map(|(uid, _)| *uid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::format;
    use std::vec;

    const ID: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    #[test]
    fn names_are_completed_only_from_what_continues_them() {
        assert_eq!(
            program_name(b"systemd-resolve", Some(b"/lib/systemd/systemd-resolved\0")),
            b"systemd-resolved"
        );
        assert_eq!(program_name(b"sshd", Some(b"sshd: root@pts/0\0")), b"sshd");
        assert_eq!(
            program_name(b"abcdefghijklmno", Some(b"/bin/other\0")),
            b"abcdefghijklmno"
        );
        assert_eq!(
            program_name(b"postgres-worker", Some(b"postgres-worker: idle in db\0")),
            b"postgres-worker"
        );
        assert_eq!(program_name(b"kworker/0:1", None), b"kworker/0:1");
        assert_eq!(parse_comm(b"a) (b\n\n"), b"a) (b\n");
    }

    #[test]
    fn arguments_are_split_at_nul_bytes() {
        let process = |cmdline: &[u8]| Process {
            cmdline: Some(cmdline.into()),
            ..Process::default()
        };
        let of = |p: &Process| p.arguments().map(<[u8]>::to_vec).collect::<Vec<_>>();
        assert_eq!(of(&process(b"a\0\0b c\0")), [&b"a"[..], b"", b"b c"]);
        assert!(of(&process(b"")).is_empty());
        assert!(of(&Process::default()).is_empty());
    }

    #[test]
    fn units_and_containers_are_read_from_control_groups() {
        let read = |text: &str| {
            let (unit, container) = parse_cgroup(text.as_bytes());
            let text = |bytes: &[u8]| std::string::String::from_utf8(bytes.to_vec()).unwrap();
            (
                unit.map(|u| text(&u)),
                container.map(|c| (c.runtime, text(&c.id))),
            )
        };
        let unit = |name: &str| Some(std::string::String::from(name));
        let id = |runtime| Some((runtime, std::string::String::from(ID)));
        assert_eq!(read("0::/\n"), (None, None));
        assert_eq!(
            read("0::/system.slice/ssh.service\n"),
            (unit("ssh.service"), None)
        );
        assert_eq!(
            read("0::/user.slice/user-1000.slice/user@1000.service/app.slice/app-foo.scope\n"),
            (unit("app-foo.scope"), None)
        );
        let docker = format!("docker-{ID}.scope");
        assert_eq!(
            read(&format!("0::/system.slice/{docker}\n")),
            (unit(&docker), id("docker"))
        );
        assert_eq!(
            read(&format!(
                "12:cpu:/docker/{ID}\n1:name=systemd:/docker/{ID}\n"
            )),
            (None, id("docker"))
        );
        let pod = format!("0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-{ID}.scope\n");
        assert_eq!(read(&pod).1, id("containerd"));
        assert_eq!(
            read(&format!("0::/kubepods/burstable/pod1/{ID}\n")).1,
            id("kubernetes")
        );
        let podman = format!("0::/user.slice/libpod-{ID}.scope/container\n");
        assert_eq!(read(&podman).1, id("podman"));
        assert_eq!(
            read("0::/lxc.payload.web/system.slice/ssh.service\n").1,
            Some(("lxc", "web".into()))
        );
        assert_eq!(
            read("0::/machine.slice/machine-my\\x2dbox.scope\n").1,
            Some(("nspawn", "my-box".into()))
        );
        assert_eq!(read("0::/docker-short.scope\n").1, None);
    }

    #[test]
    fn users_are_parsed_and_malformed_lines_skipped() {
        let users = Users::parse(b"root:x:0:0:root:/root:/bin/sh\n#x\nbad:x:y\ntoor:x:0:0::\nwww-data:x:33:33::\n:x:5:5\n");
        assert_eq!(users.name(0), Some(&b"root"[..]));
        assert_eq!(users.number(b"www-data"), Some(33));
        assert_eq!(users.name(5), None);
    }

    #[test]
    fn each_holder_is_named_once() {
        let process = |pid| Process {
            pid,
            ..Process::default()
        };
        let hold = |inode, process, fd| Hold { inode, process, fd };
        let owners = Owners::new(
            vec![process(10), process(20)],
            vec![
                hold(7, 1, 3),
                hold(7, 0, 5),
                hold(7, 0, 4),
                hold(8, 1, 9),
                hold(9, 77, 1),
            ],
            0,
        );
        let pids = |inode| owners.of(inode).map(|p| p.pid).collect::<Vec<_>>();
        assert_eq!(pids(7), [10, 20]);
        assert_eq!(pids(8), [20]);
        assert!(pids(0).is_empty() && pids(6).is_empty() && pids(9).is_empty());
        assert_eq!(owners.holds(7).len(), 3);
    }

    proptest! {
        #[test]
        fn texts_of_any_bytes_are_read(text in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = parse_cgroup(&text);
            let _ = Users::parse(&text);
            let _ = program_name(&text, Some(&text));
            let _ = unescape(&text);
            let process = Process { cmdline: Some(text.clone().into()), ..Process::default() };
            let joined = process.arguments().map(<[u8]>::to_vec).collect::<Vec<_>>().join(&0);
            prop_assert!(text.starts_with(&joined));
        }
    }
}
