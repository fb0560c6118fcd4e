//! A program in a pseudo-terminal: types lines and returns the output up to the next prompt.

use std::io::{Read as _, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};

use vigie_linux::netns::Namespace;

use crate::wires::PATIENCE;

const PROMPT: &str = ">>> ";

/// Output so far, and whether the program has ended.
#[derive(Default)]
struct Screen {
    bytes: Vec<u8>,
    ended: bool,
}

/// The terminal.
pub(crate) struct Terminal {
    child: Child,
    keys: Arc<Mutex<ChildStdin>>,
    screen: Arc<(Mutex<Screen>, Condvar)>,
    seen: usize,
}

impl Terminal {
    /// Starts `vigie` in a terminal in a namespace.
    pub(crate) fn start(namespace: &Namespace, arguments: &[&str]) -> Self {
        let program = format!(
            "{} --lang en {}",
            env!("CARGO_BIN_EXE_vigie"),
            arguments.join(" ")
        );
        let mut command = Command::new("script");
        namespace.command(&mut command).expect("entered");
        let home = std::env::temp_dir().join("vigie-packet-home");
        let mut child = command
            .args(["-qec", &program, "/dev/null"])
            .env("TERM", "xterm")
            .env("NO_COLOR", "1")
            .env("XDG_STATE_HOME", home)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("script of util-linux gives this test its terminal");
        let keys = Arc::new(Mutex::new(child.stdin.take().expect("piped")));
        let screen = Arc::new((Mutex::new(Screen::default()), Condvar::new()));
        let mut shown = child.stdout.take().expect("piped");
        let (typed, drawn) = (Arc::clone(&keys), Arc::clone(&screen));
        std::thread::spawn(move || {
            let mut chunk = [0; 4096];
            loop {
                let read = shown.read(&mut chunk).unwrap_or(0);
                let (screen, changed) = &*drawn;
                let mut screen = screen.lock().expect("nobody panicked with it");
                screen.bytes.extend_from_slice(&chunk[..read]);
                screen.ended = read == 0;
                changed.notify_all();
                if read == 0 {
                    return;
                }
                // Answer the query for the cursor position, as a terminal does.
                for _ in chunk[..read]
                    .windows(4)
                    .filter(|window| window == b"\x1b[6n")
                {
                    let mut keys = typed.lock().expect("nobody panicked with it");
                    keys.write_all(b"\x1b[1;1R")
                        .and_then(|()| keys.flush())
                        .expect("the program reads");
                }
            }
        });
        Self {
            child,
            keys,
            screen,
            seen: 0,
        }
    }

    /// Waits for a text in the output since the last call. Returns the output up to it.
    pub(crate) fn expect(&mut self, wanted: &str) -> String {
        let (screen, changed) = &*self.screen;
        let mut screen = screen.lock().expect("nobody panicked with it");
        loop {
            let shown = plain(&screen.bytes[self.seen..]);
            if let Some(at) = shown.rfind(wanted) {
                self.seen = screen.bytes.len();
                return shown[..at].to_owned();
            }
            assert!(
                !screen.ended,
                "it ended before it showed {wanted:?}: {shown}"
            );
            let (next, timeout) = changed
                .wait_timeout(screen, PATIENCE)
                .expect("nobody panicked with it");
            screen = next;
            assert!(
                !timeout.timed_out(),
                "it never showed {wanted:?}: {}",
                plain(&screen.bytes[self.seen..])
            );
        }
    }

    /// Types keys.
    pub(crate) fn press(&self, keys: &str) {
        let mut stdin = self.keys.lock().expect("nobody panicked with it");
        stdin
            .write_all(keys.as_bytes())
            .and_then(|()| stdin.flush())
            .expect("the program reads");
    }

    /// Types a line and Return. Returns the output up to the next prompt.
    pub(crate) fn say(&mut self, line: &str) -> String {
        self.press(line);
        self.press("\r");
        // The prompt is redrawn for every key. Only the last one, after the answer, counts.
        let mark = format!("done-{}", self.seen);
        let shown = self.answer(line);
        assert!(!shown.contains(&mark));
        shown
    }

    /// Returns the output between the typed line and the next prompt.
    fn answer(&mut self, line: &str) -> String {
        let (screen, changed) = &*self.screen;
        let mut screen = screen.lock().expect("nobody panicked with it");
        loop {
            let shown = plain(&screen.bytes[self.seen..]);
            // The typed line, the answer, a new prompt.
            let typed = shown.rfind(&format!("{PROMPT}{line}\n"));
            if let Some((start, end)) = typed.and_then(|at| {
                let start = at + PROMPT.len() + line.len() + 1;
                shown[start..].rfind(PROMPT).map(|end| (start, start + end))
            }) {
                self.seen = screen.bytes.len();
                return shown[start..end].to_owned();
            }
            assert!(!screen.ended, "it ended after {line:?}: {shown}");
            let (next, timeout) = changed
                .wait_timeout(screen, PATIENCE)
                .expect("nobody panicked with it");
            screen = next;
            assert!(
                !timeout.timed_out(),
                "no answer to {line:?}: {}",
                plain(&screen.bytes[self.seen..])
            );
        }
    }

    /// Types Ctrl-D. Returns whether the program ended without error.
    pub(crate) fn end(mut self) -> bool {
        self.press("\x04");
        self.child.wait().is_ok_and(|status| status.success())
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // Fails if the program has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Returns the text without escape sequences, with lines ending in a newline.
fn plain(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut out = String::new();
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\x1b' => match rest.next() {
                Some('[') => {
                    while rest
                        .next()
                        .is_some_and(|c| !c.is_ascii_alphabetic() && c != '~')
                    {}
                }
                Some(']') => while rest.next().is_some_and(|c| c != '\x07' && c != '\x1b') {},
                _ => {}
            },
            '\r' => {}
            c => out.push(c),
        }
    }
    out
}
