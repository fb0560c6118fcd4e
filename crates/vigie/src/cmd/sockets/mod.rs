//! `vigie sockets`: which sockets this machine has, in which state, owned by whom.
//!
//! Flags ([`crate::flags::sockets`]) become checked [`options`]. `vigie-linux` takes a snapshot of the sockets and
//! `vigie-report` shows it; [`watch`] repeats that and shows the changes.

use clap::ArgMatches;
use vigie_host::snapshot::Snapshot;
use vigie_linux::sock_diag::{self, SnapshotRequest};
use vigie_report::sockets::{View, csv, json, note};
use vigie_report::{Message, Texts};

use super::Command;
use crate::error::Error;
use crate::exit::Exit;
use crate::flags;
use crate::flags::sockets::SocketFlags;
use crate::ui::{Outcome, Ui};

pub mod options;
pub mod watch;

use options::{Form, Format, SocketOptions};

/// The command.
pub const COMMAND: Command = Command::new::<SocketFlags>(flags::sockets::command, run);

fn run(matches: &ArgMatches, ui: &mut Ui) -> Outcome {
    let options = SocketOptions::new(flags::parse(matches)?)?;
    if let Some(interval) = options.watch {
        return watch::run(&options, interval, ui);
    }
    let snapshot = snapshot(&options.request)?;
    show(&options, &snapshot, ui)?;
    Ok(Exit::Done)
}

/// Takes a snapshot.
fn snapshot(request: &SnapshotRequest) -> Result<Snapshot, Error> {
    sock_diag::snapshot(request).map_err(|error| match error {
        sock_diag::Error::Netns(error) => {
            let forbidden = matches!(error.errno.kind(), std::io::ErrorKind::PermissionDenied);
            let error = Error::could_not_run(
                Message::new("sockets-netns-failed").text("error", crate::kernel::netns(&error)),
            );
            let hint = if forbidden {
                "sockets-netns-root"
            } else {
                "sockets-netns-hint"
            };
            error.hint(Message::new(hint))
        }
        sock_diag::Error::ProcNet { path, source } => Error::could_not_run(
            Message::new("sockets-texts-failed")
                .outside("path", path)
                .shown("error", source),
        ),
    })
}

/// Returns the view of a snapshot that the options ask for.
fn view<'a>(
    options: &'a SocketOptions,
    snapshot: &'a Snapshot,
    texts: &'a Texts,
    ui: &Ui,
) -> View<'a> {
    View {
        snapshot,
        filter: &options.request.filter,
        columns: options.columns,
        texts,
        paint: ui.paint(),
    }
}

fn show(options: &SocketOptions, snapshot: &Snapshot, ui: &mut Ui) -> Result<(), Error> {
    let texts = ui.texts().clone();
    let view = view(options, snapshot, &texts, ui);
    let header = !options.columns.bare;
    match (options.format, options.form) {
        (Format::Text, Form::List) => view.list(ui.out())?,
        (Format::Text, Form::Tree) => view.tree(ui.out())?,
        (Format::Text, Form::Summary) => view.summary(ui.out())?,
        (Format::Json, Form::Summary) => json::write_summary(snapshot, ui.out())?,
        (Format::Json, _) => json::write(snapshot, ui.out())?,
        (Format::Csv, Form::Summary) => csv::write_summary(snapshot, header, ui.out())?,
        (Format::Csv, _) => csv::write(snapshot, header, ui.out())?,
    }
    if options.explain {
        view.explain(ui.out())?;
    }
    ui.flush()?;
    // The notes of JSON are among its lines.
    if options.format != Format::Json || options.form == Form::Summary {
        notes(snapshot, ui);
    }
    Ok(())
}

/// Reports on standard error what could not be read.
fn notes(snapshot: &Snapshot, ui: &mut Ui) {
    for limit in &snapshot.notes {
        ui.note(&note(snapshot, limit));
    }
}
