//! Adapter: writes events and names to a journal, then passes them on.
//!
//! It must not know what the journal is for.

use std::io;
use std::time::Duration;

use vigie_findings::evidence::Evidence;
use vigie_findings::{ScanInfo, Sink};
use vigie_scan::Event;
use vigie_scan::event::Progress;
use vigie_scope::Host;

/// The adapter in front of `S`, with the journal `J` if the scan has one.
pub(super) struct Journaled<J, S> {
    inner: S,
    journal: Option<J>,
}

impl<J: Sink, S: Sink> Journaled<J, S> {
    /// Returns the adapter.
    pub(super) fn new(journal: Option<J>, inner: S) -> Journaled<J, S> {
        Journaled { inner, journal }
    }

    /// Returns the journal, if the scan has one.
    pub(super) fn journal(&mut self) -> Option<&mut J> {
        self.journal.as_mut()
    }
}

impl<J: Sink, S: Sink> Sink for Journaled<J, S> {
    fn begin(&mut self, scan: &ScanInfo) -> io::Result<()> {
        self.inner.begin(scan)
    }

    fn event(&mut self, at: Duration, event: &Event) -> io::Result<()> {
        if let Some(journal) = &mut self.journal {
            journal.event(at, event)?;
        }
        self.inner.event(at, event)
    }

    fn named(&mut self, host: Host, name: &str) {
        if let Some(journal) = &mut self.journal {
            journal.named(host, name);
        }
        self.inner.named(host, name);
    }

    fn progress(&mut self, at: Duration, progress: &Progress) -> io::Result<()> {
        self.inner.progress(at, progress)
    }

    fn evidence(&mut self, at: Duration, evidence: &Evidence) -> io::Result<()> {
        self.inner.evidence(at, evidence)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        self.inner.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Log, host, host_done, secs};
    use super::*;

    #[test]
    fn events_and_names_go_to_both() {
        let mut journaled = Journaled::new(Some(Log::default()), Log::default());
        journaled.named(host(1), "one.test");
        journaled.event(secs(1), &host_done(1)).unwrap();
        journaled.finish().unwrap();
        let journal = journaled.journal().expect("one is kept").lines();
        assert_eq!(journal, ["name 1 one.test", "done 1"], "it stays open");
        let inner = journaled.inner.lines();
        assert_eq!(inner, ["name 1 one.test", "done 1", "finish"]);
    }
}
