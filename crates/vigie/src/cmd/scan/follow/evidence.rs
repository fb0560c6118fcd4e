//! Adapter: reports the packets behind a verdict just before the last event of their host.
//!
//! It must not know where packets come from.

use std::io;
use std::time::Duration;

use vigie_findings::evidence::Evidence;
use vigie_findings::recorder::Recorder;
use vigie_findings::{ScanInfo, Sink};
use vigie_scan::event::Progress;
use vigie_scan::{Event, HostState};
use vigie_scope::Host;

/// Maximum number of unresponsive hosts whose packets are reported.
const MAX_UNRESPONSIVE: usize = 8;

/// The adapter in front of `S`.
pub(super) struct EvidenceFirst<S> {
    inner: S,
    /// None: no packets are recorded.
    recorder: Option<Recorder>,
    /// Number of unresponsive hosts whose packets will still be reported.
    unresponsive_left: usize,
    ended: bool,
    /// Time of the latest event or progress.
    now: Duration,
}

impl<S: Sink> EvidenceFirst<S> {
    /// Returns the adapter; it records packets if `enabled`.
    pub(super) fn new(enabled: bool, inner: S) -> EvidenceFirst<S> {
        EvidenceFirst {
            inner,
            recorder: enabled.then(Recorder::new),
            unresponsive_left: MAX_UNRESPONSIVE,
            ended: false,
            now: Duration::ZERO,
        }
    }

    /// Returns the next adapter.
    pub(super) fn inner(&mut self) -> &mut S {
        &mut self.inner
    }

    /// Returns the recorder, for packets that were sent or received.
    pub(super) fn recorder(&mut self) -> Option<&mut Recorder> {
        self.recorder.as_mut()
    }

    /// Returns the packets of all hosts that have not been reported yet.
    fn take_rest(&mut self) -> Vec<Evidence> {
        let Some(recorder) = &mut self.recorder else {
            return Vec::new();
        };
        let hosts = recorder.hosts().into_iter();
        hosts.flat_map(|host| recorder.take_host(host)).collect()
    }

    /// Returns the packets to report before `event`.
    fn take_for(&mut self, event: &Event) -> Vec<Evidence> {
        let Some(recorder) = &mut self.recorder else {
            return Vec::new();
        };
        match event {
            Event::HostDone(summary) => recorder.take_host(summary.host.host),
            Event::Host(found) if found.state == HostState::Down => {
                // The packets of unresponsive hosts are alike, so a few hosts are enough.
                let mut found = recorder.take_host(found.host);
                found.truncate(self.unresponsive_left);
                self.unresponsive_left -= found.len();
                found
            }
            Event::End(_) => self.take_rest(),
            _ => Vec::new(),
        }
    }
}

/// Returns whether packets are reported before `event`.
pub(super) fn shows_evidence(event: &Event) -> bool {
    match event {
        Event::HostDone(_) | Event::End(_) => true,
        Event::Host(found) => found.state == HostState::Down,
        _ => false,
    }
}

impl<S: Sink> Sink for EvidenceFirst<S> {
    fn begin(&mut self, scan: &ScanInfo) -> io::Result<()> {
        self.inner.begin(scan)
    }

    fn event(&mut self, at: Duration, event: &Event) -> io::Result<()> {
        self.now = at;
        for evidence in self.take_for(event) {
            self.inner.evidence(at, &evidence)?;
        }
        self.ended |= matches!(event, Event::End(_));
        self.inner.event(at, event)
    }

    fn named(&mut self, host: Host, name: &str) {
        self.inner.named(host, name);
    }

    fn progress(&mut self, at: Duration, progress: &Progress) -> io::Result<()> {
        self.now = at;
        self.inner.progress(at, progress)
    }

    fn evidence(&mut self, at: Duration, evidence: &Evidence) -> io::Result<()> {
        self.inner.evidence(at, evidence)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        if !self.ended {
            // The scan failed: report the packets recorded so far.
            for evidence in self.take_rest() {
                self.inner.evidence(self.now, &evidence)?;
            }
        }
        self.inner.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Log, echo_request, end, host_done, host_down, secs};
    use super::*;
    use vigie_scan::Purpose;
    use vigie_wire::LinkType;

    fn adapter(hosts: impl IntoIterator<Item = u8>) -> EvidenceFirst<Log> {
        let mut adapter = EvidenceFirst::new(true, Log::default());
        for host in hosts {
            let (at, purpose) = (secs(1), Some(Purpose::Host));
            let recorder = adapter.recorder().expect("it records");
            recorder.record(at, LinkType::RawIp, 1, purpose, &echo_request(host));
        }
        adapter
    }

    #[test]
    fn packets_come_before_the_last_event_of_their_host() {
        let mut adapter = adapter([1, 2]);
        adapter.event(secs(2), &host_done(1)).unwrap();
        assert_eq!(adapter.inner.lines(), ["evidence 1", "done 1"]);
        adapter.event(secs(3), &end()).unwrap();
        assert_eq!(adapter.inner.lines()[2..], ["evidence 2", "end"]);
        adapter.finish().unwrap();
        assert_eq!(adapter.inner.lines()[4..], ["finish"], "each once");
    }

    #[test]
    fn only_some_unresponsive_hosts_show_their_packets() {
        let hosts = 1..=MAX_UNRESPONSIVE as u8 + 2;
        let mut adapter = adapter(hosts.clone());
        for host in hosts {
            adapter.event(secs(2), &host_down(host)).unwrap();
        }
        let lines = adapter.inner.lines();
        let shown = lines.iter().filter(|line| line.starts_with("evidence"));
        assert_eq!(shown.count(), MAX_UNRESPONSIVE);
    }

    #[test]
    fn a_failed_scan_reports_the_packets_so_far() {
        let mut adapter = adapter([3]);
        adapter.finish().unwrap();
        assert_eq!(adapter.inner.lines(), ["evidence 3", "finish"]);
    }

    #[test]
    fn without_recording_events_pass() {
        let mut adapter = EvidenceFirst::new(false, Log::default());
        assert!(adapter.recorder().is_none());
        adapter.event(secs(1), &host_done(1)).unwrap();
        assert_eq!(adapter.inner.lines(), ["done 1"]);
    }
}
