//! The command line as a whole: the root command, help in the user's language, and errors in the arguments.
//!
//! clap parses, but its English messages never reach the user. This file must not know any command; commands come from
//! [`crate::cmd`].

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command};
use vigie_report::{Message, Texts};

use crate::cmd;
use crate::error::Error;
use crate::exit::Exit;
use crate::flags::global::GlobalFlags;
use crate::flags::{self, compat};
use crate::help::{self, Layout};
use crate::ui::{ColorChoice, Outcome, Ui};

/// Returns the root command with every command below it.
pub fn root(texts: &Texts) -> Command {
    let exits: Vec<String> = Exit::ALL
        .iter()
        .map(|e| format!("  {:>3}  {}", e.code(), texts.get(e.key())))
        .collect();
    let after = texts.format("cli-after", &[("exits", exits.join("\n").into())]);
    let globals = flags::args::<GlobalFlags>("", texts);
    let command = Command::new("vigie")
        .version(env!("CARGO_PKG_VERSION"))
        .about(texts.get("cli-about"))
        .override_usage(texts.get("cli-usage"))
        .after_long_help(after)
        .subcommand_help_heading(texts.get("cli-commands"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_version_flag(true)
        .disable_help_subcommand(true)
        .infer_long_args(false)
        .color(clap::ColorChoice::Never);
    let command = with_help(command, texts)
        .next_help_heading(texts.get("cli-global"))
        .args(globals.into_iter().map(|arg| arg.global(true)))
        .arg(
            Arg::new("version")
                .long("version")
                .short('V')
                .action(ArgAction::Version)
                .help(texts.get("cli-version")),
        );
    cmd::COMMANDS.iter().fold(command, |root, c| {
        root.subcommand(with_help((c.build)(texts), texts))
    })
}

/// Returns the command with its help option. Subcommands need their own.
pub fn with_help(command: Command, texts: &Texts) -> Command {
    command.disable_help_flag(true).arg(
        Arg::new("help")
            .short('h')
            .long("help")
            .action(ArgAction::Help)
            .help(texts.get("cli-help"))
            .help_heading(texts.get("cli-global"))
            .display_order(1000),
    )
}

/// Colours and verbosity, needed before the arguments are parsed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Appearance {
    /// When colours are used.
    pub color: ColorChoice,
    /// Write nothing but errors to standard error.
    pub quiet: bool,
}

/// Returns the appearance that unparsed arguments ask for, so that errors in them have it too.
pub fn appearance(args: &[OsString]) -> Appearance {
    let has = |flag: &str| before_dashes(args).any(|a| a == flag);
    let color = match value_of("--color", args).as_deref() {
        Some("always") => ColorChoice::Always,
        Some("never") => ColorChoice::Never,
        _ if has("--no-color") => ColorChoice::Never,
        _ => ColorChoice::Auto,
    };
    Appearance {
        color,
        quiet: has("-q") || has("--quiet"),
    }
}

/// Returns the last value of a long option among unparsed arguments: `--lang fr` or `--lang=fr`.
pub fn value_of(option: &str, args: &[OsString]) -> Option<String> {
    let mut found = None;
    let mut args = before_dashes(args);
    while let Some(arg) = args.next() {
        if arg == option {
            found = args.next().map(str::to_owned);
        } else if let Some(value) = arg.strip_prefix(option).and_then(|v| v.strip_prefix('=')) {
            found = Some(value.to_owned());
        }
    }
    found
}

fn before_dashes(args: &[OsString]) -> impl Iterator<Item = &str> {
    args.iter()
        .map(|a| a.to_str().unwrap_or("\u{fffd}"))
        .take_while(|a| *a != "--")
}

/// Returns the arguments for clap: the program's name first, `help X` as `X --help`, nmap's spellings rewritten.
///
/// # Errors
/// See [`compat::rewrite`].
pub fn prepare(mut args: Vec<OsString>) -> Result<Vec<OsString>, Error> {
    let name = |args: &[OsString]| command_at(args);
    if let Some(at) = name(&args)
        && args[at] == "help"
    {
        args.remove(at);
        args.push("--help".into());
    }
    let mut prepared = vec![OsString::from("vigie")];
    match name(&args).and_then(|at| Some((at, cmd::find(args[at].to_str()?)?))) {
        Some((at, command)) => {
            let rest = args.split_off(at + 1);
            prepared.append(&mut args);
            prepared.extend(compat::rewrite(command.name, &(command.rows)(), rest)?);
        }
        None => prepared.append(&mut args),
    }
    Ok(prepared)
}

/// Returns the index of the command's name: the first argument that is neither a flag nor the value of one.
fn command_at(args: &[OsString]) -> Option<usize> {
    let mut skip = false;
    for (i, arg) in args.iter().enumerate() {
        let arg = arg.to_str().unwrap_or("");
        if std::mem::take(&mut skip) {
            continue;
        }
        match arg {
            "--lang" | "--color" => skip = true,
            _ if arg.starts_with('-') => {}
            _ => return Some(i),
        }
    }
    None
}

/// Prints the requested help, or returns clap's error in the user's language.
///
/// # Errors
/// The arguments are wrong, or the output cannot be written.
pub fn explain(error: &clap::Error, args: &[OsString], ui: &mut Ui) -> Outcome {
    let help = |ui: &Ui, paint, width| {
        let texts = ui.texts();
        let layout = Layout {
            texts,
            paint,
            width,
        };
        help::requested(root(texts), args, layout)
    };
    match error.kind() {
        ErrorKind::DisplayHelp => {
            let text = help(ui, ui.paint(), ui.width().unwrap_or(100));
            ui.out().write_all(text.as_bytes())?;
            Ok(Exit::Done)
        }
        ErrorKind::DisplayVersion => {
            let version = env!("CARGO_PKG_VERSION");
            let line = ui
                .texts()
                .format("version-line", &[("version", version.into())]);
            ui.line(&line)?;
            Ok(Exit::Done)
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let text = help(ui, ui.err_paint(), ui.err_width());
            ui.err_text(&text);
            Ok(Exit::Usage)
        }
        _ => Err(argument_error(error)),
    }
}

/// Returns clap's error in the user's language.
fn argument_error(error: &clap::Error) -> Error {
    // clap names an option with its value: `--ports <PORTS>`. Users type the name alone.
    let context = |kind| words(error.get(kind));
    let bare = |text: String| {
        text.split(" <")
            .next()
            .unwrap_or("")
            .trim_end_matches("...")
            .to_owned()
    };
    let arg = || bare(context(ContextKind::InvalidArg));
    let value = || context(ContextKind::InvalidValue);
    let suggestion = [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedValue,
    ]
    .into_iter()
    .map(context)
    .find(|s| !s.is_empty());
    let plain = |key| Error::usage(Message::new(key));
    let about = |key| Error::usage(Message::new(key).outside("arg", arg()));
    let found = match error.kind() {
        ErrorKind::UnknownArgument => {
            let command = command_of(&context(ContextKind::Usage));
            let foreign = cmd::find(&command)
                .and_then(|found| compat::foreign_option(found.name, &(found.rows)(), &arg()));
            if let Some(error) = foreign {
                return error;
            }
            about("arg-unknown").hint(Message::new("arg-unknown-hint").outside("command", command))
        }
        ErrorKind::InvalidSubcommand => {
            let above = command_of(&context(ContextKind::Usage));
            let names: Vec<&str> = cmd::COMMANDS.iter().map(|c| c.name).collect();
            let message = Message::new("command-unknown")
                .outside("command", context(ContextKind::InvalidSubcommand));
            Error::usage(message).hint(if above.is_empty() {
                Message::new("command-unknown-hint").outside("commands", names.join(", "))
            } else {
                Message::new("arg-unknown-hint").outside("command", above)
            })
        }
        ErrorKind::InvalidValue if value().is_empty() => about("arg-missing-value"),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let message = Message::new("arg-bad-value")
                .outside("value", value())
                .outside("arg", arg());
            let values = context(ContextKind::ValidValue);
            let found = Error::usage(message);
            if values.is_empty() {
                found
            } else {
                found.hint(Message::new("arg-bad-value-hint").outside("values", values))
            }
        }
        ErrorKind::NoEquals | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            about("arg-missing-value")
        }
        ErrorKind::TooManyValues => Error::usage(
            Message::new("arg-extra-value")
                .outside("arg", arg())
                .outside("value", value()),
        ),
        ErrorKind::ArgumentConflict => {
            let other = bare(context(ContextKind::PriorArg));
            if other == arg() {
                about("arg-repeated")
            } else {
                Error::usage(
                    Message::new("arg-conflict")
                        .outside("arg", arg())
                        .outside("other", other),
                )
            }
        }
        ErrorKind::MissingRequiredArgument => about("arg-missing"),
        ErrorKind::InvalidUtf8 => plain("arg-not-utf8"),
        _ => plain("arg-wrong"),
    };
    match suggestion {
        Some(s) => found.hint(Message::new("arg-did-you-mean").outside("suggestion", s)),
        None => found,
    }
}

/// Returns a value of clap's error context as text.
fn words(value: Option<&ContextValue>) -> String {
    match value {
        Some(ContextValue::String(s)) => s.clone(),
        Some(ContextValue::Strings(list)) => list.join(", "),
        Some(ContextValue::StyledStr(s)) => s.to_string(),
        Some(ContextValue::StyledStrs(list)) => list
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(", "),
        Some(ContextValue::Number(n)) => n.to_string(),
        _ => String::new(),
    }
}

/// Returns the command of a usage line.
fn command_of(usage: &str) -> String {
    let mut words = usage
        .split_whitespace()
        .skip_while(|w| *w != "vigie")
        .skip(1);
    words
        .find(|w| cmd::find(w).is_some())
        .unwrap_or_default()
        .to_owned()
}
