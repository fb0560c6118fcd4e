//! `vigie lab`: a practice network of namespaces on this machine.
//!
//! A separate process holds the lab: this program with the hidden action `hold`. Entering namespaces requires a process
//! with one thread, so nothing here may start another thread before that.

use std::os::unix::process::CommandExt as _;
use std::path::Path;

use clap::ArgMatches;
use vigie_lab::{
    Error as LabError, HoldError, LabState, LabStatus, Lifetime, StateDir, StateError, hold,
    training,
};
use vigie_report::Message;

use super::Command;
use crate::error::Error;
use crate::exit::Exit;
use crate::flags;
use crate::flags::lab::LabFlags;
use crate::ui::{Outcome, Ui};

mod show;

/// The command.
pub const COMMAND: Command = Command::new::<LabFlags>(flags::lab::command, run);

fn run(matches: &ArgMatches, ui: &mut Ui) -> Outcome {
    match matches.subcommand() {
        Some(("hold", matches)) => Err(hold_lab(&flags::parse(matches)?)),
        Some((action, matches)) => {
            let flags: LabFlags = flags::parse(matches)?;
            let place = match &flags.dir {
                Some(directory) => StateDir::lock_at(directory),
                None => StateDir::lock(),
            };
            let place = place.map_err(|error| state_error(&error))?;
            match action {
                "up" => up(&place, ui),
                "status" => status(&place, ui),
                "run" => Err(run_inside(place, &flags)),
                _ => down(&place, ui),
            }
        }
        None => unreachable!("clap requires an action"),
    }
}

/// Holds the lab in this process. Returns only if that fails.
fn hold_lab(flags: &LabFlags) -> Error {
    let life = if flags.starter {
        Lifetime::WithParent
    } else {
        Lifetime::Independent
    };
    match hold(training(), &flags.file, life) {
        Ok(never) => match never {},
        Err(HoldError::State(error)) => state_error(&error),
        Err(HoldError::User(error)) => Error::could_not_run(
            Message::new("lab-cannot-user").text("error", crate::kernel::netns(&error)),
        )
        .hint(Message::new("lab-cannot-user-hint")),
        Err(HoldError::Lab(error)) => {
            let message =
                Message::new("lab-cannot-build").text("error", crate::kernel::lab(&error));
            let failed = Error::could_not_run(message);
            match error {
                LabError::TooManyFiles { wanted, .. } => {
                    failed.hint(Message::new("lab-cannot-build-files-hint").shown("wanted", wanted))
                }
                _ if error.is_permission() => failed.hint(Message::new("lab-cannot-user-hint")),
                _ => failed,
            }
        }
        Err(error) => Error::could_not_run(Message::new("lab-cannot-build").shown("error", error)),
    }
}

fn up(place: &StateDir, ui: &mut Ui) -> Outcome {
    match read(place)? {
        LabStatus::Running(state) => {
            ui.note(&Message::new("lab-already-up"));
            show::lab(&state, ui)?;
            return Ok(Exit::Done);
        }
        LabStatus::Stale(pid) => ui.note(&Message::new("lab-was-stale").shown("pid", pid)),
        LabStatus::None => {}
    }
    let program = std::env::current_exe()?;
    let mut command = std::process::Command::new(program);
    command
        .args(["--lang", ui.texts().lang().code(), "lab", "hold"])
        .arg(place.file());
    match place
        .start(&mut command)
        .map_err(|error| state_error(&error))?
    {
        Ok(state) => {
            ui.line(&ui.texts().get("lab-up"))?;
            show::lab(&state, ui)?;
            Ok(Exit::Done)
        }
        // The holder has printed the error.
        Err(_) => Ok(Exit::CouldNotRun),
    }
}

fn status(place: &StateDir, ui: &mut Ui) -> Outcome {
    let state = running(place)?;
    show::lab(&state, ui)?;
    Ok(Exit::Done)
}

fn down(place: &StateDir, ui: &mut Ui) -> Outcome {
    match read(place)? {
        LabStatus::None => ui.note(&Message::new("lab-not-up")),
        LabStatus::Stale(pid) => {
            place.forget().map_err(|error| state_error(&error))?;
            ui.note(&Message::new("lab-was-stale").shown("pid", pid));
        }
        LabStatus::Running(state) => {
            place.end(&state).map_err(|error| match error {
                StateError::Holder(errno) => Error::could_not_run(
                    Message::new("lab-cannot-end")
                        .shown("pid", state.pid)
                        .shown("error", errno),
                ),
                error => state_error(&error),
            })?;
            ui.line(&ui.texts().get("lab-down"))?;
        }
    }
    Ok(Exit::Done)
}

/// Replaces this process by the command, inside the lab. Returns only if that fails.
fn run_inside(place: StateDir, flags: &LabFlags) -> Error {
    let state = match running(&place) {
        Ok(state) => state,
        Err(error) => return error,
    };
    let hosts = place.hosts_file();
    // The command may take long. Release the lock meanwhile.
    drop(place);
    let node = flags.node.as_deref().unwrap_or("scanner");
    if let Err(error) = state.enter(node) {
        return enter_error(&state, &error);
    }
    // If the system refuses this, the lab's addresses still work, but not its names.
    let _ = vigie_linux::netns::replace_hosts(&hosts);
    let mut words = flags.command.iter();
    let program = words.next().cloned().unwrap_or_else(|| {
        let shell = std::env::var_os("SHELL").filter(|shell| Path::new(shell).is_file());
        shell.unwrap_or_else(|| "/bin/sh".into())
    });
    let error = std::process::Command::new(&program).args(words).exec();
    let message = Message::new("lab-cannot-run").outside("command", program.to_string_lossy());
    Error::could_not_run(message.shown("error", error))
}

fn enter_error(state: &LabState, error: &StateError) -> Error {
    match error {
        StateError::NoNode(name) => {
            let names: Vec<&str> = state
                .topology
                .nodes
                .iter()
                .map(|n| n.name.as_str())
                .collect();
            Error::usage(Message::new("lab-no-node").outside("name", name))
                .hint(Message::new("lab-no-node-hint").outside("names", names.join(", ")))
        }
        error => Error::could_not_run(
            Message::new("lab-cannot-enter").text("error", crate::kernel::state(error)),
        )
        .hint(Message::new("lab-cannot-enter-hint")),
    }
}

fn read(place: &StateDir) -> Result<LabStatus, Error> {
    place.read().map_err(|error| state_error(&error))
}

fn running(place: &StateDir) -> Result<Box<LabState>, Error> {
    let not_up = |message| Error::could_not_run(message).hint(Message::new("lab-not-up-hint"));
    match read(place)? {
        LabStatus::Running(state) => Ok(state),
        LabStatus::None => Err(not_up(Message::new("lab-not-up"))),
        LabStatus::Stale(pid) => {
            place.forget().map_err(|error| state_error(&error))?;
            Err(not_up(Message::new("lab-was-stale").shown("pid", pid)))
        }
    }
}

fn state_error(error: &StateError) -> Error {
    let message = match error {
        StateError::Foreign(path) => {
            Message::new("lab-state-foreign").outside("path", path.to_string_lossy())
        }
        StateError::Unreadable(path) => {
            Message::new("lab-state-unreadable").outside("path", path.to_string_lossy())
        }
        error => Message::new("lab-cannot-state").text("error", crate::kernel::state(error)),
    };
    Error::could_not_run(message).hint(Message::new("lab-cannot-state-hint"))
}
