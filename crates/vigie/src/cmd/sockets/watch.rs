//! `--watch`: looks again and again, and shows what appeared, changed and went.
//!
//! Sockets that live between two looks are not seen. The times are those of the
//! looks: local for people, UTC for programs.

use std::thread;
use std::time::{Duration, Instant};

use vigie_host::change::changes;
use vigie_host::snapshot::Snapshot;
use vigie_report::sockets::{Watch, csv, json};

use super::wishes::{Format, Wishes};
use super::{look, notes, show, view};
use crate::problem::Problem;
use crate::ui::{Outcome, Ui};

/// Looks every `interval` until the user stops it or nobody reads any more.
pub(super) fn run(wishes: &Wishes, interval: Duration, ui: &mut Ui) -> Outcome {
    let mut before = look(&wishes.look)?;
    first(wishes, &before, ui)?;
    let mut due = Instant::now();
    loop {
        due += interval;
        match due.checked_duration_since(Instant::now()) {
            Some(rest) => thread::sleep(rest),
            // Looking takes longer than the interval: no backlog of looks is kept.
            None => due = Instant::now(),
        }
        let now = look(&wishes.look)?;
        next(wishes, &before, &now, ui)?;
        if now.notes != before.notes {
            notes(&now, ui);
        }
        before = now;
    }
}

/// Shows what is there at the start.
fn first(wishes: &Wishes, snapshot: &Snapshot, ui: &mut Ui) -> Result<(), Problem> {
    match wishes.format {
        Format::Text => return show(wishes, snapshot, ui),
        Format::Json => json::write_first(snapshot, &time(wishes.format), ui.out())?,
        Format::Csv => csv::write_first(
            snapshot,
            &time(wishes.format),
            !wishes.columns.bare,
            ui.out(),
        )?,
    }
    ui.flush()?;
    notes(snapshot, ui);
    Ok(())
}

/// Shows what changed.
fn next(wishes: &Wishes, before: &Snapshot, now: &Snapshot, ui: &mut Ui) -> Result<(), Problem> {
    let changes = changes(before, now);
    let time = time(wishes.format);
    match wishes.format {
        Format::Text => {
            let texts = ui.texts().clone();
            let watch = Watch {
                before: view(wishes, before, &texts, ui),
                now: view(wishes, now, &texts, ui),
                time: &time,
            };
            watch.write(ui.out(), &changes)?;
        }
        Format::Json => json::write_changes(before, now, &changes, &time, ui.out())?,
        Format::Csv => csv::write_changes(before, now, &changes, &time, ui.out())?,
    }
    Ok(ui.flush()?)
}

/// The time of now: of day for people, whole for programs.
fn time(format: Format) -> String {
    match format {
        Format::Text => jiff::Zoned::now().strftime("%H:%M:%S").to_string(),
        Format::Json | Format::Csv => {
            let now = jiff::Timestamp::now();
            format!("{now:.3}")
        }
    }
}
