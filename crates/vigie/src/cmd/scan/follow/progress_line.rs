//! Adapter: shows the progress as one line that is rewritten, and erases it before anything else is printed.
//!
//! It must not know which outputs there are.

use std::io::{self, Write};
use std::time::Duration;

use vigie_findings::evidence::Evidence;
use vigie_findings::{ScanInfo, Sink};
use vigie_report::Texts;
use vigie_report::scan::progress;
use vigie_scan::Event;
use vigie_scan::event::Progress;
use vigie_scope::Host;

/// A shorter scan shows no progress.
const SHOW_AFTER: Duration = Duration::from_secs(1);

/// The adapter in front of `S`; the line goes to `W`.
pub(super) struct ProgressLine<W, S> {
    inner: S,
    terminal: W,
    /// Width of the terminal in columns. None: no line is shown.
    columns: Option<usize>,
    texts: Texts,
    shown: bool,
}

impl<W: Write, S: Sink> ProgressLine<W, S> {
    /// Returns the adapter.
    pub(super) fn new(
        terminal: W,
        columns: Option<usize>,
        texts: Texts,
        inner: S,
    ) -> ProgressLine<W, S> {
        ProgressLine {
            inner,
            terminal,
            columns,
            texts,
            shown: false,
        }
    }

    /// Errors are ignored here: the terminal is gone, and nobody reads a message.
    fn erase(&mut self) {
        if std::mem::take(&mut self.shown) {
            let _ = write!(self.terminal, "\r\x1b[K");
        }
    }
}

impl<W: Write, S: Sink> Sink for ProgressLine<W, S> {
    fn begin(&mut self, scan: &ScanInfo) -> io::Result<()> {
        self.inner.begin(scan)
    }

    fn event(&mut self, at: Duration, event: &Event) -> io::Result<()> {
        self.erase();
        self.inner.event(at, event)
    }

    fn named(&mut self, host: Host, name: &str) {
        self.inner.named(host, name);
    }

    fn progress(&mut self, at: Duration, progress: &Progress) -> io::Result<()> {
        self.inner.progress(at, progress)?;
        if let Some(columns) = self.columns
            && at >= SHOW_AFTER
        {
            let line = progress::line(progress, &self.texts, columns.saturating_sub(1));
            let _ = write!(self.terminal, "\r{line}\x1b[K");
            self.shown = true;
        }
        Ok(())
    }

    fn evidence(&mut self, at: Duration, evidence: &Evidence) -> io::Result<()> {
        self.erase();
        self.inner.evidence(at, evidence)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        self.erase();
        self.inner.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Log, host_done, secs};
    use super::*;
    use vigie_report::Lang;

    fn line(columns: Option<usize>) -> ProgressLine<Vec<u8>, Log> {
        ProgressLine::new(Vec::new(), columns, Texts::new(Lang::En), Log::default())
    }

    #[test]
    fn the_line_is_erased_once_before_an_event() {
        let mut line = line(Some(80));
        line.progress(Duration::from_millis(900), &Progress::default())
            .unwrap();
        assert!(line.terminal.is_empty(), "too early");
        line.progress(secs(1), &Progress::default()).unwrap();
        let shown = line.terminal.len();
        assert!(shown > 0);
        line.event(secs(2), &host_done(1)).unwrap();
        assert!(line.terminal[shown..] == *b"\r\x1b[K");
        let erased = line.terminal.len();
        line.finish().unwrap();
        assert_eq!(line.terminal.len(), erased, "nothing to erase");
        assert_eq!(line.inner.lines(), ["done 1", "finish"]);
    }

    #[test]
    fn without_a_terminal_nothing_is_shown() {
        let mut line = line(None);
        line.progress(secs(5), &Progress::default()).unwrap();
        assert!(line.terminal.is_empty());
    }
}
