//! The one interface of everything that receives a scan's results.

use std::io;
use std::time::Duration;

use vigie_scan::event::{Event, Progress};
use vigie_scope::Host;

use crate::ScanInfo;
use crate::evidence::Evidence;

/// Takes a scan's events and makes something of them.
///
/// The calls come in order: `begin` once, `event` for each event, `finish` once. `finish`
/// comes also where a scan broke off without [`Event::End`]: what was told so far must then
/// be left whole and marked partial.
pub trait Sink {
    /// The scan is about to begin.
    fn begin(&mut self, scan: &ScanInfo) -> io::Result<()>;

    /// Something happened, `at` after the scan began.
    fn event(&mut self, at: Duration, event: &Event) -> io::Result<()>;

    /// A resolver knows `host` by this name.
    fn named(&mut self, host: Host, name: &str);

    /// How far the scan is, `at` after it began; as often as the caller likes.
    fn progress(&mut self, at: Duration, progress: &Progress) -> io::Result<()> {
        let _ = (at, progress);
        Ok(())
    }

    /// The packets about a host or one of its ports, told `at` after the scan began; before the host
    /// is told to be done.
    fn evidence(&mut self, at: Duration, evidence: &Evidence) -> io::Result<()> {
        let _ = (at, evidence);
        Ok(())
    }

    /// What was told so far should leave the program now, where the format lets it. To be called when no
    /// more events are at hand: a call for each event would cost more than the event.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// Nothing more will come.
    fn finish(&mut self) -> io::Result<()>;
}

/// Several outputs at once. All of them get everything; the first error is told.
impl Sink for Vec<Box<dyn Sink + '_>> {
    fn begin(&mut self, scan: &ScanInfo) -> io::Result<()> {
        each(self, |sink| sink.begin(scan))
    }

    fn event(&mut self, at: Duration, event: &Event) -> io::Result<()> {
        each(self, |sink| sink.event(at, event))
    }

    fn named(&mut self, host: Host, name: &str) {
        for sink in self {
            sink.named(host, name);
        }
    }

    fn progress(&mut self, at: Duration, progress: &Progress) -> io::Result<()> {
        each(self, |sink| sink.progress(at, progress))
    }

    fn evidence(&mut self, at: Duration, evidence: &Evidence) -> io::Result<()> {
        each(self, |sink| sink.evidence(at, evidence))
    }

    fn flush(&mut self) -> io::Result<()> {
        each(self, |sink| sink.flush())
    }

    fn finish(&mut self) -> io::Result<()> {
        each(self, |sink| sink.finish())
    }
}

fn each(
    sinks: &mut [Box<dyn Sink + '_>],
    mut f: impl FnMut(&mut dyn Sink) -> io::Result<()>,
) -> io::Result<()> {
    let mut first = Ok(());
    for sink in sinks {
        let result = f(sink.as_mut());
        if first.is_ok() {
            first = result;
        }
    }
    first
}
