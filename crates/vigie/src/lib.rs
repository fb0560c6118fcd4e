//! Vigie: shows a machine the way the network sees it.
//!
//! The command-line program: flags become options, options become a plan, the plan runs, results are printed. The
//! binary only calls [`main`], so that tests can use the commands without starting a process.
//!
//! - [`flags`]: the registry of flags, from which clap commands, help and documentation come.
//! - [`cmd`]: the commands. They must not know each other.
//! - [`scope`]: whether a command may send. [`outputs`]: where results go.
//! - [`cli`], [`help`], [`error`], [`exit`], [`ui`], [`interrupt`], [`kernel`], [`names`]: what all commands share.
//!
//! It must not know how packets are built or sent, or what a reply means: the libraries below it do.
//!
//! ```
//! use vigie::{cli, help};
//! use vigie_report::style::Paint;
//! use vigie_report::{Lang, Texts};
//!
//! let texts = Texts::new(Lang::En);
//! let layout = help::Layout { texts: &texts, paint: Paint::new(false), width: 100 };
//! let args = ["vigie".into(), "scan".into(), "-h".into()];
//! let text = help::requested(cli::root(&texts), &args, layout);
//! assert!(text.contains("--ports PORTS"));
//! ```

use std::ffi::OsString;
use std::process::ExitCode;

use vigie_report::Texts;
use vigie_report::text::{Lang, LangSources};

pub mod capture_file;
pub mod cli;
pub mod cmd;
pub mod error;
pub mod exit;
pub mod filter_error;
pub mod flags;
pub mod help;
pub mod interrupt;
pub mod kernel;
pub mod local_time;
pub mod names;
pub mod outputs;
pub mod resolver;
pub mod scope;
pub mod ui;

use error::Error;
use ui::{Environment, Outcome, Ui};

/// Runs the command of the process's arguments and returns its exit code.
pub fn main() -> ExitCode {
    let args: Vec<OsString> = std::env::args_os().skip(1).collect();
    let texts = Texts::new(language(&args));
    let look = cli::appearance(&args);
    let mut ui = Ui::new(texts, Environment::read(), look.color, look.quiet);
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

/// Parses the arguments and runs their command.
fn run(args: Vec<OsString>, ui: &mut Ui) -> Outcome {
    let args = cli::prepare(args)?;
    match cli::root(ui.texts()).try_get_matches_from(&args) {
        Ok(matches) => match matches.subcommand() {
            Some((name, matches)) => {
                let command = cmd::find(name).expect("clap accepts listed commands only");
                (command.run)(matches, ui)
            }
            None => unreachable!("clap requires a command"),
        },
        Err(error) => cli::explain(&error, &args, ui),
    }
}
