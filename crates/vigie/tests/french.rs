//! French output contains no English sentence: help of every command, errors, reports and lessons.
//!
//! Not translated are command lines, filters, the layouts of dig and scapy, reasons, and names of protocol messages.
//! Packets are sent to this machine's loopback only.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use vigie::{cli, help};
use vigie_report::Texts;
use vigie_report::style::Paint;
use vigie_report::text::Lang;

/// Words that occur in nearly every English sentence and in no French one.
const ENGLISH: &[&str] = &[
    "the", "of", "is", "are", "and", "with", "from", "not", "every", "which", "this", "that",
    "write", "more", "than", "cannot", "no", "such", "there", "has", "been", "was", "does", "only",
    "it",
];

/// Returns the English words of a text, with their lines.
fn english(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in text.lines() {
        let start = line.trim_start();
        // Command lines, dig's layout and the filter language are not translated.
        let foreign = start.starts_with("vigie ") && !start.starts_with("vigie :")
            || start.starts_with(';')
            || line.contains("greater,")
            || line.contains("$ vigie ");
        if foreign {
            continue;
        }
        let line = line.replace("[no]", "");
        let quoted = line.split('`').step_by(2).collect::<Vec<_>>().join(" ");
        let words = quoted.split(|c: char| !c.is_alphanumeric() && !"-_'’.".contains(c));
        let english = words.filter(|word| ENGLISH.contains(&word.trim_end_matches('.')));
        found.extend(english.map(|word| format!("{word}: {line}")));
    }
    found
}

#[track_caller]
fn french(what: &str, text: &str) {
    let found = english(text);
    assert!(found.is_empty(), "{what}: {}", found.join("\n"));
}

/// Collects every command and the commands below it, as typed.
fn commands(command: &clap::Command, path: &[OsString], all: &mut Vec<Vec<OsString>>) {
    all.push(path.to_vec());
    for below in command.get_subcommands().filter(|c| !c.is_hide_set()) {
        let path = [path, &[OsString::from(below.get_name())]].concat();
        commands(below, &path, all);
    }
}

#[test]
fn help_is_french() {
    let texts = Texts::new(Lang::Fr);
    let mut all = Vec::new();
    commands(&cli::root(&texts), &[OsString::from("vigie")], &mut all);
    assert!(all.len() > 20, "{all:?}");
    for path in all {
        for flag in ["-h", "--help"] {
            let args = [&path[..], &[OsString::from(flag)]].concat();
            let layout = help::Layout {
                texts: &texts,
                paint: Paint::new(false),
                width: 100,
            };
            french(
                &format!("{args:?}"),
                &help::requested(cli::root(&texts), &args, layout),
            );
        }
    }
}

/// A temporary folder of a test.
struct Place(PathBuf);

impl Place {
    fn new(name: &str) -> Place {
        let folder =
            std::env::temp_dir().join(format!("vigie-french-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder of the test's own");
        Place(folder)
    }

    /// Returns what a command prints on both streams, and its exit code.
    fn vigie(&self, args: &str) -> (String, Option<i32>) {
        let output = Command::new(env!("CARGO_BIN_EXE_vigie"))
            .args(args.split_whitespace())
            .current_dir(&self.0)
            .env("LC_ALL", "fr_FR.UTF-8")
            .env_remove("VIGIE_LANG")
            .env("XDG_STATE_HOME", &self.0)
            .env("XDG_CONFIG_HOME", &self.0)
            .stdin(Stdio::null())
            .output()
            .expect("the program runs");
        let both = [&output.stdout[..], &output.stderr[..]].concat();
        (
            String::from_utf8_lossy(&both).into_owned(),
            output.status.code(),
        )
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn errors_are_french() {
    let place = Place::new("errors");
    std::fs::write(place.0.join("broken.toml"), "who = 1\n").expect("a file");
    std::fs::write(place.0.join("text"), "\u{fffd}zut!\n").expect("a file");
    for args in [
        "",
        "nothing",
        "scna",
        "scan",
        "scan --nope 127.0.0.1",
        "scan --opne 127.0.0.1",
        "scan -sQ 127.0.0.1",
        "scan -D RND:5 127.0.0.1",
        "scan -S 192.0.2.1 127.0.0.1",
        "scan -sI x 127.0.0.1",
        "scan -b x 127.0.0.1",
        "scan -iR 5",
        "scan --script x 127.0.0.1",
        "scan --min-parallelism 5 127.0.0.1",
        "scan --datadir x 127.0.0.1",
        "scan --iflist",
        "scan -p",
        "scan -p 70000 127.0.0.1",
        "scan -p 22-20 127.0.0.1",
        "scan -p nosuchservice 127.0.0.1",
        "scan 10.0.0.256",
        "scan 10.0.0.0/33",
        "scan 10.0.0.0/4 -p 1",
        "scan fe80::1",
        "scan 127.0.0.1 -T9",
        "scan 127.0.0.1 --max-rate x",
        "scan 127.0.0.1 --color red",
        "scan 127.0.0.1 -sS -sT",
        "scan nosuch.invalid",
        "scan -iL missing",
        "scan -iL text",
        "scan -iL .",
        "scan 127.0.0.1 -p 1 -oX missing/x",
        "scan 127.0.0.1 -p 1 -e nosuch0",
        "scan 127.0.0.1 --resume missing",
        "scan 224.0.0.1",
        "scan 192.0.2.1",
        "scan 192.0.2.1 --scope missing.toml",
        "scan 192.0.2.1 --scope broken.toml",
        "scan 192.0.2.1 --authorized=",
        "capture -i nosuch0",
        "capture tcp port",
        "capture port 99999999",
        "capture -r missing",
        "capture -r text",
        "report missing",
        "report text",
        "sockets --port x",
        "sockets --state x",
        "sockets -N 999999999",
        "sockets -K",
        "scan --rate 5 127.0.0.1",
        "capture -z gzip",
        "dns +https example.org",
        "packet show FOO()",
        "packet show IP(dst=",
        "packet show IP(ttl=300)",
        "packet run missing",
        "packet ls Nothing",
        "dns +nope example.org",
        "lab status --dir none",
        "lab run --dir none true",
        "lab up --dir text",
        "learn nothing",
        "scope check",
    ] {
        let (output, code) = place.vigie(args);
        assert!(matches!(code, Some(2..=4)), "{args}: {code:?} {output}");
        assert!(!output.trim().is_empty(), "{args}");
        french(args, &output);
    }
}

#[test]
fn reports_and_lessons_are_french() {
    let place = Place::new("reports");
    for args in [
        "scan 127.0.0.1 -p 1-9 -sT -oJ r.jsonl",
        "scan 127.0.0.1 -p 1-9 -sT -vv --reason --all-ports",
        "scan 127.0.0.1 -p 1-9 -sT --explain",
        "scan 127.0.0.1 -p 1-9 -sT --open",
        "report r.jsonl",
        "sockets -tanpue",
        "sockets -s",
        "sockets -tuan --explain",
        "sockets --tree",
        "sockets -x",
        "capture -D",
        "scope check 127.0.0.1",
        "learn",
        "learn --read",
    ] {
        let (output, code) = place.vigie(args);
        assert_eq!(code, Some(0), "{args}: {output}");
        assert!(!output.trim().is_empty(), "{args}");
        // Names of programs, paths and Unix sockets come from outside.
        let own: String = output
            .lines()
            .filter(|line| !line.starts_with("unix "))
            .flat_map(|line| [line, "\n"])
            .collect();
        french(args, &own);
    }
}
