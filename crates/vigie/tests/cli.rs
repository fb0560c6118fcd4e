//! Command lines that are wrong or ask for help: output, language and exit code.
//!
//! No test here sends a packet.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Output, Stdio};

/// Returns the program with these arguments, the language `lang` and otherwise an empty environment.
fn vigie(args: &[&str], lang: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command
        .args(args)
        .env_clear()
        .env("LANG", lang)
        .stdin(Stdio::null());
    command
}

struct Run {
    code: Option<i32>,
    out: String,
    err: String,
}

fn run(args: &[&str], lang: &str) -> Run {
    finished(vigie(args, lang).output().unwrap())
}

fn finished(output: Output) -> Run {
    Run {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

#[test]
fn help_goes_to_stdout() {
    for args in [
        &["--help"][..],
        &["-h"],
        &["help"],
        &["scan", "-h"],
        &["help", "scan"],
        &["scan", "-sS", "--help"],
    ] {
        let result = run(args, "C");
        assert_eq!(
            (result.code, result.err.as_str()),
            (Some(0), ""),
            "{args:?}"
        );
        assert!(
            result.out.contains("Usage: vigie"),
            "{args:?}: {}",
            result.out
        );
    }
    let result = run(&[], "C");
    assert_eq!((result.code, result.out.as_str()), (Some(2), ""));
    assert!(result.err.contains("Usage: vigie"));
    assert_eq!(
        run(&["--version"], "C").out,
        concat!("vigie ", env!("CARGO_PKG_VERSION"), "\n")
    );
}

#[test]
fn the_language_follows_the_environment() {
    for (args, lang) in [
        (&["-h"][..], "fr_FR.UTF-8"),
        (&["--lang", "fr", "-h"], "C"),
        (&["scan", "-h", "--lang=fr"], "de_DE"),
    ] {
        let result = run(args, lang);
        assert!(
            result.out.contains("Usage\u{a0}: vigie"),
            "{args:?}: {}",
            result.out
        );
    }
    assert!(
        run(&["-h", "--lang", "en"], "fr_FR")
            .out
            .contains("Usage: vigie")
    );
}

/// Command line, exit code, and the beginning of the lines on stderr in English and in French.
const WRONG: &[(&[&str], i32, &str, &str)] = &[
    (
        &["skan"],
        2,
        "vigie: unknown command “skan”\nhint: did you mean “scan”?",
        "vigie\u{a0}: commande inconnue «\u{a0}skan\u{a0}»",
    ),
    (
        &["scan", "--prots", "22", "x"],
        2,
        "vigie: unknown option “--prots”\nhint: did you mean “--ports”?",
        "vigie\u{a0}: option inconnue",
    ),
    (
        &["scan"],
        2,
        "vigie: no targets given\nhint: give at least one target",
        "vigie\u{a0}: aucune cible indiquée\nconseil\u{a0}: ",
    ),
    (
        &["scan", "-p"],
        2,
        "vigie: “-p” needs a value\nhint: for example: “-p 22,80”",
        "vigie\u{a0}: «\u{a0}-p\u{a0}» attend une valeur",
    ),
    (
        &["scan", "-p", "22,70000", "x"],
        2,
        "vigie: 70000 is too large: the maximum is 65535\n  -p 22,70000\n        ^^^^^\nhint: ",
        "vigie\u{a0}: 70000 est trop grand",
    ),
    (
        &["scan", "-p", "80-22", "x"],
        2,
        "vigie: the range 80-22 is reversed\n  -p 80-22\n     ^^^^^\n",
        "vigie\u{a0}: la plage 80-22 est inversée",
    ),
    (
        &["scan", "10.0.0.300"],
        2,
        "vigie: 300 is too large: the maximum is 255\n  10.0.0.300\n         ^^^\n",
        "vigie\u{a0}: 300 est trop grand",
    ),
    (
        &["scan", "0.0.0.0/0"],
        2,
        "vigie: “0.0.0.0/0” has more than 268,435,456 addresses\n",
        "vigie\u{a0}: «\u{a0}0.0.0.0/0\u{a0}» compte plus de 268\u{202f}435\u{202f}456 adresses\n",
    ),
    (
        &["scan", "fe80::1"],
        2,
        "vigie: fe80::1 is a link-local address",
        "vigie\u{a0}: fe80::1 est une adresse de lien local",
    ),
    (
        &["scan", "x", "--max-rate", "fast"],
        2,
        "vigie: invalid number “fast” for “--max-rate”\nhint: a number from",
        "vigie\u{a0}: nombre invalide «\u{a0}fast\u{a0}»",
    ),
    (
        &["scan", "x", "--host-timeout", "never"],
        2,
        "vigie: invalid duration “never” for “--host-timeout”\nhint: ",
        "vigie\u{a0}: durée invalide «\u{a0}never\u{a0}»",
    ),
    (
        &["scan", "-iL", "/nonexistent/list"],
        3,
        "vigie: cannot read /nonexistent/list: ",
        "vigie\u{a0}: impossible de lire /nonexistent/list\u{a0}: ",
    ),
    (
        &["scan", "-D", "RND:5", "x"],
        2,
        "vigie: Vigie does not support “-D”: it hides the source of a scan",
        "vigie\u{a0}: Vigie n'a pas l'option «\u{a0}-D\u{a0}»",
    ),
    (
        &["scan", "-sS", "-sT", "x"],
        2,
        "vigie: -sS cannot be combined with -sT: ",
        "vigie\u{a0}: -sS ne se combine pas avec -sT",
    ),
    (
        &["scan", "-6", "-4", "x"],
        2,
        "vigie: “--ipv6” cannot be combined with “--ipv4”",
        "vigie\u{a0}: «\u{a0}--ipv6\u{a0}» ne se combine pas avec",
    ),
    (
        &["scan", "-oJ", "-", "-o", "json", "x"],
        2,
        "vigie: two outputs write to standard output\nhint: ",
        "vigie\u{a0}: deux sorties écrivent",
    ),
    (
        &["scan", "-o", "picture", "x"],
        2,
        "vigie: invalid value “picture” for “--output”\nhint: valid values: ",
        "vigie\u{a0}: valeur invalide «\u{a0}picture\u{a0}» pour «\u{a0}--output\u{a0}»",
    ),
    (
        &["scan", "--rate", "1000", "x"],
        2,
        "vigie: unknown option “--rate”\nhint: the option “--rate” of masscan is “--max-rate” in Vigie",
        "vigie\u{a0}: option inconnue",
    ),
    (
        &["sockets", "-tanK"],
        2,
        "vigie: Vigie does not support “-K”: ",
        "vigie\u{a0}: Vigie ",
    ),
    (
        &["capture", "-y", "EN10MB"],
        2,
        "vigie: this version of Vigie does not support “-y”\nhint: “vigie capture --help” lists",
        "vigie\u{a0}: ",
    ),
    (
        &["dns", "+yaml", "example.org"],
        2,
        "vigie: this version of Vigie does not support “+yaml”\nhint: “vigie dns --help” lists",
        "vigie\u{a0}: ",
    ),
    (
        &["--lang", "de", "scan", "x"],
        2,
        "vigie: invalid value “de” for “--lang”\nhint: valid values: en, fr",
        "vigie: invalid value “de”",
    ),
];

#[test]
fn errors_are_one_line_with_a_hint() {
    for (args, code, en, fr) in WRONG {
        for (lang, begins) in [("C", en), ("fr_FR.UTF-8", fr)] {
            let result = run(args, lang);
            assert_eq!(result.code, Some(*code), "{args:?}: {}", result.err);
            assert!(
                result.err.starts_with(begins),
                "{args:?} {lang}:\n{}",
                result.err
            );
            assert_eq!(result.out, "", "{args:?}");
            assert!(result.err.lines().count() <= 4, "{args:?}: {}", result.err);
        }
    }
}

#[test]
fn errors_in_a_list_name_the_line() {
    let list = std::env::temp_dir().join(format!("vigie-cli-{}.txt", std::process::id()));
    fs::write(&list, "10.0.0.1 # one\n\n10.0.0.1/40\n").unwrap();
    let result = run(&["scan", "-iL", list.to_str().unwrap()], "C");
    fs::remove_file(&list).unwrap();
    assert_eq!(result.code, Some(2));
    assert!(
        result
            .err
            .contains(", line 3: “40” is not a prefix length\n  10.0.0.1/40\n           ^^\n"),
        "{}",
        result.err
    );

    let mut child = vigie(&["scan", "-iL", "-"], "C")
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(b"ok.example\nnot\xffok\n")
        .unwrap();
    let result = finished(child.wait_with_output().unwrap());
    assert_eq!(result.code, Some(3));
    assert!(
        result.err.starts_with("vigie: -, line 2: not valid UTF-8"),
        "{}",
        result.err
    );
}

#[test]
fn hostile_arguments_do_not_reach_the_terminal() {
    for args in [
        &["\x1b[2J"][..],
        &["scan", "a\x1b]0;title\x07b"],
        &["scan", "--\u{202e}x"],
        &["scan", "-p", "\u{9b}31m", "x"],
    ] {
        let result = run(args, "C");
        assert_eq!(result.code, Some(2), "{args:?}");
        let plain = |c: char| c == '\n' || !(c.is_control() || c == '\u{202e}');
        assert!(result.err.chars().all(plain), "{args:?}: {:?}", result.err);
    }
}

#[test]
fn colours_are_used_on_terminals_or_on_request() {
    let colored = |args: &[&str]| run(args, "C").out.contains('\x1b');
    assert!(!colored(&["-h"]));
    assert!(colored(&["-h", "--color", "always"]));
    assert!(!colored(&["-h", "--color=never"]));
    let result = finished(
        vigie(&["skan", "--color", "always"], "C")
            .env("NO_COLOR", "1")
            .output()
            .unwrap(),
    );
    assert!(
        result.err.contains('\x1b'),
        "the command line takes precedence"
    );
}

#[test]
fn a_closed_output_ends_the_program_without_a_message() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let result = finished(
        vigie(&["scan", "--help"], "C")
            .stdout(writer)
            .output()
            .unwrap(),
    );
    assert_eq!((result.code, result.err.as_str()), (Some(141), ""));
}
