//! The sockets of a machine, for people and programs.
//!
//! A [`View`] is a snapshot with display options. Each output has its own file: [`list`](View::list),
//! [`tree`](View::tree), [`summary`](View::summary), [`explain`](View::explain), [`watch`](Watch), [`json`] and [`csv`].
//! This folder must not know how a snapshot was taken.

mod cells;
pub mod csv;
mod explain;
pub mod json;
mod list;
mod notes;
mod record;
mod summary;
pub mod table;
mod tree;
mod watch;

#[cfg(test)]
mod tests;

use vigie_host::filter::{Filter, Side};
use vigie_host::snapshot::Snapshot;

use crate::Texts;
use crate::style::Paint;

pub use notes::message as note;
pub use watch::Watch;

/// The optional columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// Show numbers of ports and users instead of their names (`-n`).
    pub numeric: bool,
    /// Show users and inodes (`-e`).
    pub extend: bool,
    /// Show PIDs and programs (`-p`).
    pub processes: bool,
    /// Show the command line, unit and container of each owner below its socket (`-v`).
    pub verbose: bool,
    /// Show the namespace, if there may be more than one.
    pub netns: bool,
    /// Omit titles and column names.
    pub bare: bool,
}

/// A snapshot with display options.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The sockets.
    pub snapshot: &'a Snapshot,
    /// Which of the machine's sockets are in the snapshot.
    pub filter: &'a Filter,
    /// The optional columns.
    pub columns: Columns,
    /// Texts in the user's language.
    pub texts: &'a Texts,
    /// Whether colours are used.
    pub paint: Paint,
}

impl<'a> View<'a> {
    /// Returns names and texts for the rows.
    fn names(&self) -> cells::Names<'a> {
        cells::Names::new(self.snapshot, self.texts, self.columns.numeric)
    }

    /// Returns the text key that says which sockets are listed, as netstat does.
    fn which(&self) -> &'static str {
        match self.filter.side {
            _ if self.filter.exposed => "sockets-which-exposed",
            _ if self.filter.named_states.is_some() => "sockets-which-named",
            Side::All => "sockets-which-all",
            Side::Listeners => "sockets-which-listeners",
            Side::Connections => "sockets-which-connections",
        }
    }
}
