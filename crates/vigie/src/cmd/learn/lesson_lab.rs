//! The temporary lab of a lesson, and commands that run inside it.
//!
//! Commands run in other processes, through `vigie lab run`: entering a namespace cannot be undone in this process. The
//! lab's holder ends with this process, even if it is killed. This file must not know any lesson.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use vigie_lab::{LabState, StateDir, StateError, Topology};
use vigie_report::Message;

use super::wire::Wire;
use crate::error::Error;

/// The link of every node; the router's link towards the scanner.
const LINK: &str = "eth0";

/// A running lab.
pub struct LessonLab {
    program: PathBuf,
    lang: &'static str,
    state: LabState,
    folder: PathBuf,
}

/// A command line split into words, and the node where it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The node.
    pub at: String,
    /// The program and its arguments.
    pub words: Vec<String>,
}

impl LessonLab {
    /// Builds a lab for this process.
    ///
    /// # Errors
    /// The lab cannot be built; its holder has printed why.
    pub fn up(lang: &'static str) -> Result<Self, Error> {
        let program = std::env::current_exe()?;
        let above = StateDir::directory();
        remove_stale(&above);
        let folder = above.join(format!("{PREFIX}{}", std::process::id()));
        let place = StateDir::lock_at(&folder).map_err(|error| state_error(&error))?;
        let mut command = Command::new(&program);
        command.args(["--lang", lang, "lab", "hold", "--starter"]);
        command.arg(place.file());
        let started = place.start(&mut command);
        // Commands read the state while they run.
        drop(place);
        let Ok(state) = started.map_err(|error| state_error(&error))? else {
            // The holder has printed the error.
            let _ = std::fs::remove_dir_all(&folder);
            let error = Error::could_not_run(Message::new("learn-no-lab"));
            return Err(error.hint(Message::new("learn-no-lab-hint")));
        };
        Ok(Self {
            program,
            lang,
            state,
            folder,
        })
    }

    /// Returns the lab's topology.
    pub fn topology(&self) -> &Topology {
        &self.state.topology
    }

    /// Runs a command to its end, with the output of this process.
    ///
    /// # Errors
    /// The command cannot be started.
    pub fn run(&self, line: &Line) -> Result<ExitStatus, Error> {
        self.command(line).status().map_err(Error::from)
    }

    /// Runs a command that listens (`line`) and, once it does, another that sends (`beside`).
    ///
    /// # Errors
    /// A command cannot be started.
    pub fn run_beside(&self, line: &Line, beside: &Line) -> Result<ExitStatus, Error> {
        let mut listener = self.command(line).stderr(Stdio::piped()).spawn()?;
        wait_until_listening(&mut listener, true);
        let mut traffic = self.command(beside);
        traffic
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()?;
        // It prints what it has captured when it ends.
        end(&mut listener)
    }

    /// Runs `work` while a node's link is captured, and returns its result with the packets.
    ///
    /// # Errors
    /// The capture cannot be started or read, or `work` fails.
    pub fn run_captured<T>(
        &self,
        node: &str,
        work: impl FnOnce() -> Result<T, Error>,
    ) -> Result<(T, Wire), Error> {
        let file = self.folder.join("wire.pcapng");
        let words = ["vigie", "capture", "-n", "-U", "-i", LINK, "-w"];
        let mut words: Vec<String> = words.map(str::to_owned).to_vec();
        words.push(file.to_string_lossy().into_owned());
        let line = Line {
            at: node.to_owned(),
            words,
        };
        let mut command = self.command(&line);
        let mut tap = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?;
        if !wait_until_listening(&mut tap, false) {
            let _ = tap.wait();
            return Err(Error::could_not_run(Message::new("learn-no-tap")));
        }
        let done = work();
        end(&mut tap)?;
        let bytes = std::fs::read(&file)?;
        let _ = std::fs::remove_file(&file);
        Ok((done?, Wire::read(&bytes)))
    }

    fn command(&self, line: &Line) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(["--lang", self.lang, "lab", "run", "--dir"])
            .arg(&self.folder)
            .args(["--node", &line.at, "--"]);
        let mut words = line.words.iter();
        if let Some(first) = words.next() {
            if first == "vigie" {
                command.arg(&self.program);
            } else {
                command.arg(first);
            }
        }
        command.args(words).env("VIGIE_LANG", self.lang);
        command
    }
}

impl Drop for LessonLab {
    fn drop(&mut self) {
        if let Ok(place) = StateDir::lock_at(&self.folder) {
            let _ = place.end(&self.state);
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Prefix of the folders of lessons' labs. The process number follows.
const PREFIX: &str = "learn-";

/// Removes the folders of lessons that were killed. Their labs ended with them.
fn remove_stale(above: &std::path::Path) {
    for entry in std::fs::read_dir(above).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let number = name.to_str().and_then(|name| name.strip_prefix(PREFIX));
        if let Some(pid) = number.and_then(|number| number.parse::<u32>().ok())
            && !std::path::Path::new(&format!("/proc/{pid}")).exists()
        {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

/// Waits until a capture reports on its standard error that it is listening. With `echo`, its standard error is copied.
fn wait_until_listening(child: &mut Child, echo: bool) -> bool {
    let Some(stderr) = child.stderr.take() else {
        return false;
    };
    let mut stderr = BufReader::new(stderr);
    let mut line = String::new();
    let listens = loop {
        line.clear();
        match stderr.read_line(&mut line) {
            Ok(n) if n > 0 => {
                if echo {
                    eprint!("{line}");
                }
                if line.contains(LINK) {
                    break true;
                }
            }
            _ => break false,
        }
    };
    // Read the rest, or the program would block when the pipe is full.
    std::thread::spawn(move || {
        for line in stderr.lines().map_while(Result::ok) {
            if echo {
                eprintln!("{line}");
            }
        }
    });
    listens
}

/// Ends a capture with SIGINT and waits for it.
fn end(child: &mut Child) -> Result<ExitStatus, Error> {
    if child.try_wait()?.is_none() {
        let pid = Pid::from_child(child);
        let _ = kill_process(pid, Signal::INT);
    }
    child.wait().map_err(Error::from)
}

fn state_error(error: &StateError) -> Error {
    Error::could_not_run(
        Message::new("lab-cannot-state").text("error", crate::kernel::state(error)),
    )
}

impl Line {
    /// Parses a command line: words, quotes, backslashes. A leading `sudo` is dropped, and a leading `vigie lab run
    /// [--node NODE]` sets the node. `None` for an empty line.
    pub fn parse(text: &str, at: &str) -> Option<Self> {
        let mut words = split(text);
        let mut at = at.to_owned();
        if words.first().is_some_and(|word| word == "sudo") {
            words.remove(0);
        }
        let prefix = ["vigie", "lab", "run"];
        if words.len() > 3
            && words
                .iter()
                .zip(prefix)
                .all(|(word, wanted)| word == wanted)
        {
            words.drain(..3);
            super::lesson::SCANNER.clone_into(&mut at);
            if words.first().is_some_and(|word| word == "--node") && words.len() > 2 {
                at = words.remove(1);
                words.remove(0);
            }
            if words.first().is_some_and(|word| word == "--") {
                words.remove(0);
            }
        }
        (!words.is_empty()).then_some(Self { at, words })
    }
}

/// Splits a line into words as a shell does, without variables or patterns.
fn split(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None | Some('"'), '\\') => word.get_or_insert_default().extend(rest.next()),
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_split_as_a_shell_does() {
        assert_eq!(
            split(r#"vigie packet sr1 "IP(dst='plain')/TCP()" a\ b '' 'x"y'"#),
            [
                "vigie",
                "packet",
                "sr1",
                "IP(dst='plain')/TCP()",
                "a b",
                "",
                "x\"y"
            ]
        );
        assert_eq!(split("  "), Vec::<String>::new());
    }

    #[test]
    fn a_prefix_sets_the_node() {
        let line = |text| Line::parse(text, "walled").map(|l| (l.at, l.words.join(" ")));
        let is = |at: &str, words: &str| Some((at.to_owned(), words.to_owned()));
        assert_eq!(line("vigie scan plain"), is("walled", "vigie scan plain"));
        assert_eq!(line("sudo nmap plain"), is("walled", "nmap plain"));
        assert_eq!(
            line("vigie lab run -- vigie scan plain"),
            is("scanner", "vigie scan plain")
        );
        assert_eq!(
            line("sudo vigie lab run --node plain vigie sockets"),
            is("plain", "vigie sockets")
        );
        assert_eq!(line(" "), None);
    }
}
