//! The interface of everything that receives the results of a scan.

use std::io;
use std::time::Duration;

use vigie_scan::event::{Event, Progress};
use vigie_scope::Host;

use crate::ScanInfo;
use crate::evidence::Evidence;

/// Receives the results of a scan.
///
/// Call order: `begin` once, then `event` and the other methods as often as needed, then `finish` once. `finish` comes also
/// when the scan broke off without [`Event::End`]; the sink then writes what it has and marks it as partial.
///
/// # Errors
/// Every method returns the error of the sink's output. Events before `begin` are an error.
pub trait Sink {
    /// The scan is about to start.
    fn begin(&mut self, scan: &ScanInfo) -> io::Result<()>;

    /// Something happened, `at` after the scan began.
    fn event(&mut self, at: Duration, event: &Event) -> io::Result<()>;

    /// A resolver returned a name of `host`.
    fn named(&mut self, host: Host, name: &str);

    /// Progress of the scan, `at` after it began. The caller chooses how often.
    fn progress(&mut self, at: Duration, progress: &Progress) -> io::Result<()> {
        let _ = (at, progress);
        Ok(())
    }

    /// The packets about a host or one of its ports, `at` after the scan began. They come before the host's last event.
    fn evidence(&mut self, at: Duration, evidence: &Evidence) -> io::Result<()> {
        let _ = (at, evidence);
        Ok(())
    }

    /// Writes buffered results if the format allows it. To be called when no more events are waiting: a call for each event
    /// would cost more than the event.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// Ends the results.
    fn finish(&mut self) -> io::Result<()>;
}

/// Several sinks at once. Each receives everything, even after an error of another one; the first error is returned.
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
