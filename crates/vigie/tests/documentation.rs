//! Every command line in the documentation, the README and the lessons is parsed by the program.

use std::ffi::OsString;
use std::path::Path;

use vigie::cli;
use vigie::cmd::learn::lesson::{Answer, Step};
use vigie::cmd::learn::lesson_lab::Line;
use vigie::cmd::learn::lessons::LESSONS;
use vigie_report::Texts;
use vigie_report::text::Lang;

/// Parses a command line as the program does.
fn parse(line: &str) -> Result<(), String> {
    let words = Line::parse(line, "").map_or_else(Vec::new, |line| line.words);
    let args: Vec<OsString> = words.iter().skip(1).map(OsString::from).collect();
    if let [name] = &args[..]
        && name
            .to_str()
            .is_some_and(|name| vigie::cmd::find(name).is_some())
    {
        // A mention of the command, not a command line.
        return Ok(());
    }
    let args = cli::prepare(args).map_err(|error| format!("{error:?}"))?;
    match cli::root(&Texts::new(Lang::En)).try_get_matches_from(args) {
        Ok(_) => Ok(()),
        Err(error) if !error.use_stderr() => Ok(()),
        // The documentation may omit operands.
        Err(error) if error.kind() == clap::error::ErrorKind::MissingRequiredArgument => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}

/// Returns the command lines between backticks.
fn commands(page: &str) -> Vec<&str> {
    let quoted = page.split('`').skip(1).step_by(2);
    let plain = |text: &&str| {
        text.starts_with("vigie ")
            && !text.contains(['|', '\n', '…'])
            && !text.contains("...")
            && !text.contains("TARGET")
    };
    quoted.map(str::trim).filter(plain).collect()
}

#[test]
fn every_command_line_in_the_documentation_is_parsed() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    let mut pages: Vec<_> = std::fs::read_dir(&docs)
        .expect("the folder exists")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|e| e == "md"))
        .collect();
    pages.push(docs.join("../README.md"));
    let (mut seen, mut wrong) = (0, Vec::new());
    for path in pages {
        let page = std::fs::read_to_string(&path).expect("a page");
        for line in commands(&page) {
            seen += 1;
            if let Err(error) = parse(line) {
                wrong.push(format!("{}: {line}: {error}", path.display()));
            }
        }
    }
    assert!(seen > 50, "too few command lines found: {seen}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_command_line_in_the_lessons_is_parsed() {
    for lesson in LESSONS {
        for step in lesson.steps {
            let lines = match step {
                Step::Show(show) => vec![Some(show.line), show.meanwhile.map(|(_, line)| line)],
                Step::Ask(ask) => match &ask.answer {
                    Answer::Command { solution, .. } => vec![Some(*solution)],
                    _ => Vec::new(),
                },
                Step::Say(_) => Vec::new(),
            };
            for line in lines.into_iter().flatten() {
                assert_eq!(parse(line), Ok(()), "{}: {line}", lesson.name);
            }
        }
    }
}
