//! The project's chores: `cargo xtask tidy`, `cargo xtask test`, `cargo xtask ci`.
//!
//! This crate knows the layout of the repository and nothing about networks. It is never shipped.

use std::process::ExitCode;

mod ci;
mod new;
mod runner;
mod shell;
mod test;
mod tidy;
mod tools;

const HELP: &str = "\
cargo xtask COMMAND

  tidy    check the project rules that the compiler does not (layers, purity, lists, vocabulary)
  test    install or name what the tests need, then run every test; --quick: what needs neither root nor tools
  ci      what must pass before a change lands: format, lints, docs, licences, tidy, test
  new     write every place of a recipe: cargo xtask new layer|probe|payload NAME [PORT]
  needs   list the programs that the tests call, with their Debian packages";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["tidy"] => tidy::run(),
        ["test", rest @ ..] => test::run(rest),
        ["ci"] => ci::run(),
        ["new", rest @ ..] => new::run(rest),
        ["needs"] => {
            tools::list();
            Ok(())
        }
        [] | ["help" | "-h" | "--help"] => {
            println!("{HELP}");
            Ok(())
        }
        _ => Err(format!("unknown command: {}\n\n{HELP}", words.join(" "))),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("xtask: {why}");
            ExitCode::FAILURE
        }
    }
}
