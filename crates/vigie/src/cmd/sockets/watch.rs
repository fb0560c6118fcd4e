//! `--watch`: takes snapshots at an interval and shows sockets that appeared, changed or disappeared.
//!
//! Sockets that live between two snapshots are not seen. The times are those of the snapshots: local time in text, UTC
//! in JSON and CSV.

use std::thread;
use std::time::{Duration, Instant};

use vigie_host::change::changes;
use vigie_host::snapshot::Snapshot;
use vigie_report::sockets::{Watch, csv, json};

use super::options::{Format, SocketOptions};
use super::{notes, show, snapshot, view};
use crate::error::Error;
use crate::ui::{Outcome, Ui};

/// Takes a snapshot every `interval` until the user interrupts it or the reader closes the output.
pub(super) fn run(options: &SocketOptions, interval: Duration, ui: &mut Ui) -> Outcome {
    let mut before = snapshot(&options.request)?;
    first(options, &before, ui)?;
    let mut due = Instant::now();
    loop {
        due += interval;
        match due.checked_duration_since(Instant::now()) {
            Some(rest) => thread::sleep(rest),
            // A snapshot takes longer than the interval: skip those that are overdue.
            None => due = Instant::now(),
        }
        let now = snapshot(&options.request)?;
        next(options, &before, &now, ui)?;
        if now.notes != before.notes {
            notes(&now, ui);
        }
        before = now;
    }
}

/// Shows the first snapshot.
fn first(options: &SocketOptions, snapshot: &Snapshot, ui: &mut Ui) -> Result<(), Error> {
    match options.format {
        Format::Text => return show(options, snapshot, ui),
        Format::Json => json::write_first(snapshot, &time(options.format), ui.out())?,
        Format::Csv => csv::write_first(
            snapshot,
            &time(options.format),
            !options.columns.bare,
            ui.out(),
        )?,
    }
    ui.flush()?;
    notes(snapshot, ui);
    Ok(())
}

/// Shows the changes between two snapshots.
fn next(
    options: &SocketOptions,
    before: &Snapshot,
    now: &Snapshot,
    ui: &mut Ui,
) -> Result<(), Error> {
    let changes = changes(before, now);
    let time = time(options.format);
    match options.format {
        Format::Text => {
            let texts = ui.texts().clone();
            let watch = Watch {
                before: view(options, before, &texts, ui),
                now: view(options, now, &texts, ui),
                time: &time,
            };
            watch.write(ui.out(), &changes)?;
        }
        Format::Json => json::write_changes(before, now, &changes, &time, ui.out())?,
        Format::Csv => csv::write_changes(before, now, &changes, &time, ui.out())?,
    }
    Ok(ui.flush()?)
}

/// Returns the current time: time of day in text, date and time in JSON and CSV.
fn time(format: Format) -> String {
    match format {
        Format::Text => jiff::Zoned::now().strftime("%H:%M:%S").to_string(),
        Format::Json | Format::Csv => {
            let now = jiff::Timestamp::now();
            format!("{now:.3}")
        }
    }
}
