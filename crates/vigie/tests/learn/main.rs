//! `vigie learn`: every lesson from start to end in a terminal, in both languages, with wrong answers before right ones.
//! The lab must be removed however the lesson ends. Needs root (for the lab's namespaces) and `script` of util-linux
//! (for the terminal); fails without.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use vigie::cmd::learn::lesson::{Answer, Step};
use vigie::cmd::learn::lessons::LESSONS;
use vigie_lab::{StateDir, training};
use vigie_report::Texts;
use vigie_report::text::Lang;

const PROGRAM: &str = env!("CARGO_BIN_EXE_vigie");
/// Maximum time to wait for expected output.
const PATIENCE: Duration = Duration::from_mins(1);

/// Output of a program so far, and whether it has ended.
#[derive(Default)]
struct Screen {
    text: String,
    ended: bool,
}

/// A running lesson and its simulated reader.
struct Reader {
    child: Child,
    keys: Option<ChildStdin>,
    screen: Arc<(Mutex<Screen>, Condvar)>,
    seen: usize,
    home: PathBuf,
}

impl Reader {
    fn start(name: &str, program: &str, arguments: &[&str]) -> Reader {
        let home = std::env::temp_dir().join(format!("vigie-learn-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&home).expect("a folder of the test's own");
        let mut child = Command::new(program)
            .args(arguments)
            .env("TERM", "xterm")
            .env("NO_COLOR", "1")
            .env("COLUMNS", "100")
            .env("XDG_STATE_HOME", &home)
            .env("XDG_CONFIG_HOME", &home)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("script of util-linux gives this test its terminal");
        let screen = Arc::new((Mutex::new(Screen::default()), Condvar::new()));
        let mut output = child.stdout.take().expect("piped");
        let drawn = Arc::clone(&screen);
        std::thread::spawn(move || {
            let (mut chunk, mut held) = ([0; 4096], Vec::new());
            loop {
                let read = output.read(&mut chunk).unwrap_or(0);
                held.extend(chunk[..read].iter().filter(|byte| **byte != b'\r'));
                let (screen, changed) = &*drawn;
                let mut screen = screen.lock().expect("nobody panicked with it");
                screen.text = String::from_utf8_lossy(&held).into_owned();
                screen.ended = read == 0;
                changed.notify_all();
                if read == 0 {
                    return;
                }
            }
        });
        Reader {
            keys: child.stdin.take(),
            child,
            screen,
            seen: 0,
            home,
        }
    }

    /// Waits for a text in the output since the last call. Returns the output before it.
    #[track_caller]
    fn expect(&mut self, wanted: &str) -> String {
        let (screen, changed) = &*self.screen;
        let mut screen = screen.lock().expect("nobody panicked with it");
        loop {
            let fresh = &screen.text[self.seen..];
            if let Some(at) = fresh.find(wanted) {
                let before = fresh[..at].to_owned();
                self.seen += at + wanted.len();
                return before;
            }
            assert!(!screen.ended, "it ended before {wanted:?}: {fresh}");
            let (next, timeout) = changed
                .wait_timeout(screen, PATIENCE)
                .expect("nobody panicked with it");
            screen = next;
            let fresh = &screen.text[self.seen..];
            assert!(!timeout.timed_out(), "it never showed {wanted:?}: {fresh}");
        }
    }

    fn say(&mut self, line: &str) {
        let keys = self.keys.as_mut().expect("not ended yet");
        let line = [line, "\n"].concat();
        keys.write_all(line.as_bytes())
            .and_then(|()| keys.flush())
            .expect("the program reads");
    }

    fn all(&self) -> String {
        let screen = self.screen.0.lock().expect("nobody panicked with it");
        screen.text.clone()
    }

    /// Closes the input. Returns the exit code.
    fn end(&mut self) -> Option<i32> {
        drop(self.keys.take());
        self.child.wait().expect("it ends").code()
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        // Fails if the program has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.home);
    }
}

/// Returns a text without its line breaks.
fn flowing(text: &str) -> String {
    let text = text.replace("\n  - ", "\n- ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns a wrong answer.
fn wrong(answer: &Answer) -> &'static str {
    match answer {
        Answer::Command { .. } => "vigie --version",
        Answer::Filter { .. } => "udp",
        Answer::Ports { .. } => "9",
        Answer::Choice { .. } => "z",
    }
}

fn all_lessons(lang: Lang) {
    let (texts, lab) = (Texts::new(lang), training());
    let line = format!("{PROGRAM} --lang {} learn 1", lang.code());
    let mut reader = Reader::start(lang.code(), "script", &["-qec", &line, "/dev/null"]);
    for (number, lesson) in LESSONS.iter().enumerate() {
        let title = format!("{}. {}", number + 1, texts.get(&lesson.key("title")));
        reader.expect(&title);
        for (at, step) in lesson.steps.iter().enumerate() {
            let prompt = format!("{} {}/{}> ", lesson.name, at + 1, lesson.steps.len());
            match step {
                Step::Say(_) => {}
                Step::Show(show) => {
                    reader.expect(&format!("{}$ {}", show.at, show.line));
                    reader.expect(&prompt);
                    reader.say("");
                }
                Step::Ask(ask) => {
                    reader.expect(&prompt);
                    reader.say(wrong(&ask.answer));
                    reader.expect(&texts.get("learn-wrong"));
                    reader.expect(&prompt);
                    reader.say(&ask.answer.solution(&lab));
                    reader.expect(&texts.get("learn-right"));
                }
            }
        }
        reader.expect(&texts.get("learn-done"));
        if number + 1 < LESSONS.len() {
            reader.expect("\n> ");
            reader.say("");
        }
    }
    reader.expect(&texts.get("learn-last"));
    let code = reader.end();
    let said = flowing(&reader.all());
    assert_eq!(code, Some(0), "{said}");
    // Each command caused the traffic that its explanation describes.
    let otherwise = texts.get("learn-otherwise");
    assert!(!said.contains(&otherwise), "{said}");
    for lesson in LESSONS {
        for step in lesson.steps {
            let end = match step {
                Step::Say(end) => end,
                Step::Show(show) => show.then,
                Step::Ask(ask) => ask.key,
            };
            let text = flowing(&texts.get(&lesson.key(end)));
            assert!(said.contains(&text), "{}: {text}", lesson.name);
        }
    }
    // The progress is recorded.
    let stored = std::fs::read_to_string(reader.home.join("vigie/learn")).expect("the progress");
    let done = stored
        .lines()
        .filter(|line| line.ends_with(" done"))
        .count();
    assert_eq!(done, LESSONS.len(), "{stored}");
}

#[test]
fn all_lessons_in_english() {
    all_lessons(Lang::En);
}

#[test]
fn all_lessons_in_french() {
    all_lessons(Lang::Fr);
}

#[test]
fn a_narrow_terminal_wraps_notes_between_words() {
    let texts = Texts::new(Lang::Fr);
    let line = format!("stty cols 48 rows 24; unset COLUMNS; exec {PROGRAM} --lang fr learn port");
    let mut reader = Reader::start("narrow", "script", &["-qec", &line, "/dev/null"]);
    // The last paragraph before a prompt.
    let note = |shown: &str| {
        let note = shown.rsplit("\n\n").next().unwrap_or_default().to_owned();
        let widest = note.lines().map(|line| line.chars().count()).max();
        assert!(note.trim().contains('\n'), "one line: {note}");
        assert!(widest <= Some(48), "too wide: {note}");
        flowing(&note)
    };
    reader.expect("port 2/5> ");
    reader.say("");
    let how = note(&reader.expect("port 4/5> "));
    assert_eq!(how, flowing(&texts.get("learn-how-ports")));
    reader.say("21,22,23,25,80");
    reader.expect("port 5/5> ");
    reader.say("c");
    let next = note(&reader.expect("\n> "));
    assert!(next.ends_with("q quitte."), "{next}");
    reader.say("q");
    assert_eq!(reader.end(), Some(0));
}

/// Returns the folder of the lab of the lesson that `child` runs.
fn folder(child: &Child) -> PathBuf {
    StateDir::directory().join(format!("learn-{}", child.id()))
}

/// Returns the process ID of the lab's holder.
fn holder(folder: &Path) -> String {
    let state = std::fs::read_to_string(folder.join("lab.json")).expect("a lab is up");
    let after = state.split("\"pid\":").nth(1).expect("a process number");
    after.chars().take_while(char::is_ascii_digit).collect()
}

#[test]
fn an_interrupted_lesson_continues_there_and_its_lab_is_removed() {
    let mut reader = Reader::start("left", PROGRAM, &["--lang", "en", "learn", "port"]);
    reader.expect("port 2/5> ");
    let folder = folder(&reader.child);
    assert!(folder.join("lab.json").exists());
    reader.say("");
    reader.expect("port 4/5> ");
    reader.say("q");
    assert_eq!(reader.end(), Some(0));
    assert!(!folder.exists());
    let run = |arguments: &[&str]| {
        let mut command = Command::new(PROGRAM);
        command
            .args(["--lang", "en", "learn"])
            .args(arguments)
            .env("XDG_STATE_HOME", &reader.home)
            .stdin(Stdio::null());
        let output = command.output().expect("the program runs");
        assert!(output.status.success());
        String::from_utf8(output.stdout).expect("text")
    };
    assert!(run(&[]).contains("at step 4 of 5"));
    let again = run(&["1"]);
    assert!(again.contains("Resuming at step 4"), "{again}");
    assert!(again.contains("port 4/5> "), "{again}");
    let anew = run(&["1", "--restart"]);
    assert!(anew.contains("port 2/5> "), "{anew}");
    run(&["--forget"]);
    assert!(!run(&[]).contains("at step"));
    // Reading runs nothing, and shows the answers.
    let read = run(&["port", "--read"]);
    assert!(read.contains("21,22,23,25,80"), "{read}");
}

#[test]
fn killing_a_lesson_ends_its_lab() {
    let mut reader = Reader::start("killed", PROGRAM, &["--lang", "en", "learn", "port"]);
    reader.expect("port 2/5> ");
    let folder = folder(&reader.child);
    let holder = holder(&folder);
    reader.child.kill().expect("it runs");
    reader.child.wait().expect("it ends");
    // After the signal the process is gone, or a zombie without namespaces.
    while std::fs::read_to_string(format!("/proc/{holder}/stat")).is_ok_and(|s| !s.contains(") Z "))
    {
        std::thread::yield_now();
    }
    // The next lesson removes the remaining files.
    let mut next = Reader::start("next", PROGRAM, &["--lang", "en", "learn", "port"]);
    next.expect("port 2/5> ");
    assert!(!folder.exists());
    assert_eq!(next.end(), Some(0));
}
