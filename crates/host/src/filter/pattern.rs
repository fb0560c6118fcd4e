//! Selects processes by PID or by a pattern for their name.

use crate::owner::Process;
use alloc::boxed::Box;

/// Selects processes by PID, or by a pattern for the program's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProcessPattern {
    /// The process with this PID.
    Pid(u32),
    /// Programs whose name matches; `*` stands for any bytes, `?` for any single byte.
    Name(Box<[u8]>),
}

impl ProcessPattern {
    /// Parses a pattern: digits are a PID, anything else is a name.
    pub fn new(text: &str) -> Self {
        text.parse()
            .map_or_else(|_| Self::Name(text.as_bytes().into()), Self::Pid)
    }

    /// Returns whether `process` matches: by its name, or by the file name of its program.
    pub fn matches(&self, process: &Process) -> bool {
        match self {
            Self::Pid(pid) => process.pid == *pid,
            Self::Name(pattern) => {
                glob(pattern, &process.name)
                    || process
                        .program()
                        .is_some_and(|program| glob(pattern, program))
            }
        }
    }
}

/// Returns whether the whole of `text` matches `pattern`. Takes quadratic time at worst, because only the last `*` is
/// tried again.
pub(super) fn glob(pattern: &[u8], text: &[u8]) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut star = None;
    while t < text.len() {
        if pattern.get(p) == Some(&b'*') {
            star = Some((p, t));
            p += 1;
        } else if pattern.get(p).is_some_and(|c| *c == b'?' || *c == text[t]) {
            p += 1;
            t += 1;
        } else if let Some((at, from)) = star {
            star = Some((at, from + 1));
            (p, t) = (at + 1, from + 1);
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|c| *c == b'*')
}
