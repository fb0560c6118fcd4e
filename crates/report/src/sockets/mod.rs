//! The sockets of a machine, as people and programs read them.
//!
//! A [`View`] is a snapshot with the user's wishes; each form of output is one
//! file: [`list`](View::list), [`tree`](View::tree), [`summary`](View::summary),
//! [`explain`](View::explain), [`watch`](Watch), [`json`] and [`csv`]. Nothing
//! here knows how a snapshot was made.

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

/// What a user wants to see of each socket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// Numbers of ports and users instead of their names (`-n`).
    pub numeric: bool,
    /// Users and inodes (`-e`).
    pub extend: bool,
    /// PIDs and programs (`-p`).
    pub processes: bool,
    /// Command lines and what processes belong to, below each socket (`-v`).
    pub verbose: bool,
    /// The namespace, where more than one may be shown.
    pub netns: bool,
    /// No titles and no column names.
    pub bare: bool,
}

/// A snapshot with the user's wishes.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The sockets.
    pub snapshot: &'a Snapshot,
    /// Which of the machine's sockets they are.
    pub filter: &'a Filter,
    /// What to show of each.
    pub columns: Columns,
    /// The user's language.
    pub texts: &'a Texts,
    /// Whether colours are used.
    pub paint: Paint,
}

impl<'a> View<'a> {
    /// The texts that rows are made of.
    fn names(&self) -> cells::Names<'a> {
        cells::Names::new(self.snapshot, self.texts, self.columns.numeric)
    }

    /// The key of the words that say which sockets are listed: netstat's own.
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
