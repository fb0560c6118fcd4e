//! `vigie sockets`: which sockets this machine has, in which state, owned by whom.
//!
//! Raw arguments ([`args`]) become validated [`wishes`], which say what to look
//! at and how to show it. The looking is done by `vigie-linux`, the showing by
//! `vigie-report`; [`watch`] looks again and again.

use clap::ArgMatches;
use vigie_host::snapshot::Snapshot;
use vigie_linux::sock_diag::{self, Look};
use vigie_report::sockets::{View, csv, json, note};
use vigie_report::{Message, Texts};

use super::Command;
use crate::exit::Exit;
use crate::problem::Problem;
use crate::ui::{Outcome, Ui};

pub mod args;
pub mod watch;
pub mod wishes;

use wishes::{Form, Format, Wishes};

/// The command.
pub const COMMAND: Command = Command {
    name: "sockets",
    build: args::build,
    prepare: super::as_typed,
    run,
};

fn run(matches: &ArgMatches, ui: &mut Ui) -> Outcome {
    let wishes = Wishes::read(matches)?;
    if let Some(interval) = wishes.watch {
        return watch::run(&wishes, interval, ui);
    }
    let snapshot = look(&wishes.look)?;
    show(&wishes, &snapshot, ui)?;
    Ok(Exit::Done)
}

/// Looks once.
fn look(look: &Look) -> Result<Snapshot, Problem> {
    sock_diag::look(look).map_err(|error| match error {
        sock_diag::Error::Netns(error) => {
            let forbidden = matches!(error.errno.kind(), std::io::ErrorKind::PermissionDenied);
            let problem = Problem::could_not_run(
                Message::new("sockets-netns-failed").text("error", crate::kernel::netns(&error)),
            );
            let hint = if forbidden {
                "sockets-netns-root"
            } else {
                "sockets-netns-hint"
            };
            problem.hint(Message::new(hint))
        }
        sock_diag::Error::Texts { path, source } => Problem::could_not_run(
            Message::new("sockets-texts-failed")
                .outside("path", path)
                .shown("error", source),
        ),
    })
}

/// The snapshot as the user wants to see it.
fn view<'a>(wishes: &'a Wishes, snapshot: &'a Snapshot, texts: &'a Texts, ui: &Ui) -> View<'a> {
    View {
        snapshot,
        filter: &wishes.look.filter,
        columns: wishes.columns,
        texts,
        paint: ui.paint(),
    }
}

fn show(wishes: &Wishes, snapshot: &Snapshot, ui: &mut Ui) -> Result<(), Problem> {
    let texts = ui.texts().clone();
    let view = view(wishes, snapshot, &texts, ui);
    let header = !wishes.columns.bare;
    match (wishes.format, wishes.form) {
        (Format::Text, Form::List) => view.list(ui.out())?,
        (Format::Text, Form::Tree) => view.tree(ui.out())?,
        (Format::Text, Form::Summary) => view.summary(ui.out())?,
        (Format::Json, Form::Summary) => json::write_summary(snapshot, ui.out())?,
        (Format::Json, _) => json::write(snapshot, ui.out())?,
        (Format::Csv, Form::Summary) => csv::write_summary(snapshot, header, ui.out())?,
        (Format::Csv, _) => csv::write(snapshot, header, ui.out())?,
    }
    if wishes.explain {
        view.explain(ui.out())?;
    }
    ui.flush()?;
    // JSON has its notes among its lines.
    if wishes.format != Format::Json || wishes.form == Form::Summary {
        notes(snapshot, ui);
    }
    Ok(())
}

/// Says on standard error what could not be seen.
fn notes(snapshot: &Snapshot, ui: &mut Ui) {
    for seen in &snapshot.notes {
        ui.note(&note(snapshot, seen));
    }
}
