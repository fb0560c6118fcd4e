//! Workers of the search, which take tasks from a queue and can add tasks.

use super::Detail;
use super::process::Descriptors;
use rustix::fs::{Mode, OFlags};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use vigie_host::owner::{Hold, Owners, Process};

/// Descriptors handled at once; the others of a process become tasks.
const BATCH: usize = 2048;
/// Size in bytes of the buffer for directory entries.
const ENTRIES: usize = 64 * 1024;

/// Sockets to search for.
pub(super) struct Walk<'a> {
    /// Inodes of the sockets, in ascending order.
    pub(super) inodes: &'a [u32],
    pub(super) detail: Detail,
    /// Device number of sockfs.
    pub(super) sockfs: u64,
}

enum Task {
    Process(u32),
    Descriptors {
        of: Arc<Descriptors>,
        numbers: Vec<u32>,
    },
}

/// Sockets that a process holds: PID, and inode with descriptor.
type Found = (Process, Vec<(u32, u32)>);

#[derive(Default)]
struct TaskQueue {
    tasks: Vec<Task>,
    /// Number of tasks in progress, which can still add tasks.
    running: usize,
}

struct Shared<'a> {
    walk: &'a Walk<'a>,
    proc: BorrowedFd<'a>,
    queue: Mutex<TaskQueue>,
    more: Condvar,
}

/// Searches `pids` with this number of workers.
pub(super) fn run(walk: &Walk<'_>, pids: Vec<u32>, workers: usize) -> Owners {
    let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let Ok(proc) = rustix::fs::open(c"/proc", flags, Mode::empty()) else {
        return Owners::default();
    };
    // Tasks are taken from the end: the lowest PIDs first.
    let tasks = pids.into_iter().rev().map(Task::Process).collect();
    let queue = Mutex::new(TaskQueue { tasks, running: 0 });
    let shared = Shared {
        walk,
        proc: proc.as_fd(),
        queue,
        more: Condvar::new(),
    };
    let results: Vec<Outcome> = std::thread::scope(|scope| {
        let spawn = |_| {
            std::thread::Builder::new()
                .name("owners".to_owned())
                .spawn_scoped(scope, || shared.work())
        };
        // If a thread cannot be started, the other workers take its tasks.
        let others: Vec<_> = (1..workers).map(spawn).filter_map(Result::ok).collect();
        let own = shared.work();
        let joined = others.into_iter().map(|thread| {
            thread
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        });
        joined.chain([own]).collect()
    });
    gather(results)
}

#[derive(Default)]
struct Outcome {
    found: Vec<Found>,
    hidden: usize,
}

/// Merges the results of the workers. Several of them may have worked on one process.
fn gather(results: Vec<Outcome>) -> Owners {
    let hidden = results.iter().map(|outcome| outcome.hidden).sum();
    let mut found: Vec<Found> = results
        .into_iter()
        .flat_map(|outcome| outcome.found)
        .collect();
    found.sort_by_key(|(process, _)| process.pid);
    let mut processes: Vec<Process> = vec![];
    let mut holds = Vec::with_capacity(found.iter().map(|(_, sockets)| sockets.len()).sum());
    for (process, sockets) in found {
        if processes.last().is_none_or(|last| last.pid != process.pid) {
            processes.push(process);
        }
        let index = processes.len() as u32 - 1;
        holds.extend(sockets.into_iter().map(|(inode, fd)| Hold {
            inode,
            process: index,
            fd,
        }));
    }
    Owners::new(processes, holds, hidden)
}

impl Shared<'_> {
    fn work(&self) -> Outcome {
        let mut outcome = Outcome::default();
        let mut buffer = vec![MaybeUninit::uninit(); ENTRIES];
        while let Some(task) = self.take() {
            match task {
                Task::Process(pid) => self.process(pid, &mut buffer, &mut outcome),
                Task::Descriptors { of, numbers } => self.descriptors(&of, &numbers, &mut outcome),
            }
            self.finish();
        }
        outcome
    }

    fn process(&self, pid: u32, buffer: &mut [MaybeUninit<u8>], outcome: &mut Outcome) {
        use rustix::io::Errno;
        let opened = Descriptors::open(self.proc, pid);
        match opened.and_then(|all| Ok((all.numbers(buffer)?, all))) {
            Ok((mut numbers, all)) => {
                let rest = numbers.split_off(numbers.len().min(BATCH));
                if rest.is_empty() {
                    return self.descriptors(&all, &numbers, outcome);
                }
                let of = Arc::new(all);
                let task = |numbers: &[u32]| Task::Descriptors {
                    of: Arc::clone(&of),
                    numbers: numbers.into(),
                };
                self.lock().tasks.extend(rest.chunks(BATCH).map(task));
                self.more.notify_all();
                self.descriptors(&of, &numbers, outcome);
            }
            Err(Errno::ACCESS | Errno::PERM) => outcome.hidden += 1,
            // The process has ended.
            Err(_) => {}
        }
    }

    fn descriptors(&self, of: &Descriptors, numbers: &[u32], outcome: &mut Outcome) {
        let socket = |fd: &u32| {
            let inode = of.socket(*fd, self.walk.sockfs)?;
            let wanted = self.walk.inodes.binary_search(&inode);
            wanted.ok().map(|_| (inode, *fd))
        };
        let sockets: Vec<_> = numbers.iter().filter_map(socket).collect();
        if !sockets.is_empty() {
            outcome.found.push((of.process(self.walk.detail), sockets));
        }
    }

    /// Returns the next task, or `None` when all are done. Waits while other workers can still add tasks.
    fn take(&self) -> Option<Task> {
        let mut queue = self.lock();
        loop {
            if let Some(task) = queue.tasks.pop() {
                queue.running += 1;
                return Some(task);
            }
            if queue.running == 0 {
                return None;
            }
            queue = self
                .more
                .wait(queue)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn finish(&self) {
        let mut queue = self.lock();
        queue.running -= 1;
        if queue.running == 0 && queue.tasks.is_empty() {
            self.more.notify_all();
        }
    }

    /// A worker that panicked is reported where it is joined, not here.
    fn lock(&self) -> MutexGuard<'_, TaskQueue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
