//! The exit codes of the program.
//!
//! `vigie --help` and README.md list them; a test compares the two.

/// An exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Everything was done.
    Done,
    /// Everything was done, and the result is negative (a comparison, a policy, a DNS query).
    Failed,
    /// The command line is wrong; nothing was sent.
    Usage,
    /// The command could not run: permission, route, file, interface.
    CouldNotRun,
    /// The targets are out of scope; nothing was sent.
    OutOfScope,
    /// Interrupted by a signal (128 + SIGINT); results are partial.
    Interrupted,
    /// The reader of standard output closed it (128 + SIGPIPE).
    PipeClosed,
}

impl Exit {
    /// Every code, in ascending order.
    pub const ALL: &'static [Exit] = &[
        Exit::Done,
        Exit::Failed,
        Exit::Usage,
        Exit::CouldNotRun,
        Exit::OutOfScope,
        Exit::Interrupted,
        Exit::PipeClosed,
    ];

    /// Returns the exit status of the process.
    pub const fn code(self) -> u8 {
        match self {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::CouldNotRun => 3,
            Exit::OutOfScope => 4,
            Exit::Interrupted => 130,
            Exit::PipeClosed => 141,
        }
    }

    /// Returns the key of its description.
    pub const fn key(self) -> &'static str {
        match self {
            Exit::Done => "exit-done",
            Exit::Failed => "exit-failed",
            Exit::Usage => "exit-usage",
            Exit::CouldNotRun => "exit-could-not-run",
            Exit::OutOfScope => "exit-out-of-scope",
            Exit::Interrupted => "exit-interrupted",
            Exit::PipeClosed => "exit-pipe-closed",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vigie_report::{Lang, Texts};

    #[test]
    fn the_readme_lists_every_code_as_help_does() {
        let readme = include_str!("../../../README.md");
        let texts = Texts::new(Lang::En);
        let rows: Vec<String> = Exit::ALL
            .iter()
            .map(|exit| format!("| {} | {} |\n", exit.code(), texts.get(exit.key())))
            .collect();
        assert!(readme.contains(&rows.concat()), "{}", rows.concat());
    }

    #[test]
    fn codes_are_distinct_and_ascend() {
        assert!(
            Exit::ALL
                .windows(2)
                .all(|pair| pair[0].code() < pair[1].code())
        );
    }
}
