//! Vigie: shows a machine the way the network sees it.
//!
//! Arguments become a command, and a command becomes an exit code. The binary is
//! this library's [`main`], so that tests and tools can ask for the same commands.
//! This file must not know any command; they are listed in [`cmd`].

use std::ffi::OsString;
use std::process::ExitCode;

use vigie_report::Texts;
use vigie_report::text::{Lang, LangSources};

pub mod cli;
pub mod cmd;
pub mod error;
pub mod exit;
pub mod flags;
pub mod help;
pub mod interrupt;
pub mod kernel;
pub mod local_time;
pub mod names;
pub mod outputs;
pub mod scope;
pub mod ui;

use error::Error;
use ui::{Outcome, Surroundings, Ui};

/// Runs the command that the process was started with.
pub fn main() -> ExitCode {
    let args: Vec<OsString> = std::env::args_os().skip(1).collect();
    let texts = Texts::new(language(&args));
    let look = cli::appearance(&args);
    let mut ui = Ui::new(texts, Surroundings::look(), look.color, look.quiet);
    let outcome = run(args, &mut ui);
    let outcome = outcome.and_then(|exit| ui.flush().map(|()| exit).map_err(Error::from));
    let exit = outcome.unwrap_or_else(|error| {
        ui.error(&error);
        error.exit
    });
    ExitCode::from(exit.code())
}

fn language(args: &[OsString]) -> Lang {
    let set = |name| std::env::var(name).ok();
    let (vigie_lang, lc_all, lc_messages, lang) = (
        set("VIGIE_LANG"),
        set("LC_ALL"),
        set("LC_MESSAGES"),
        set("LANG"),
    );
    Lang::choose(&LangSources {
        argument: cli::value_of("--lang", args).as_deref(),
        vigie_lang: vigie_lang.as_deref(),
        lc_all: lc_all.as_deref(),
        lc_messages: lc_messages.as_deref(),
        lang: lang.as_deref(),
    })
}

/// Finds the command in the arguments and runs it.
fn run(args: Vec<OsString>, ui: &mut Ui) -> Outcome {
    let args = cli::prepare(args)?;
    match cli::root(ui.texts()).try_get_matches_from(&args) {
        Ok(matches) => match matches.subcommand() {
            Some((name, matches)) => {
                let command = cmd::find(name).expect("clap knows the listed commands only");
                (command.run)(matches, ui)
            }
            None => unreachable!("clap asks for a command"),
        },
        Err(error) => cli::explain(&error, &args, ui),
    }
}
