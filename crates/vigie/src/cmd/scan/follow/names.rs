//! Adapter: delays the last event of a host until its name is known.
//!
//! It requests the names of hosts that are up. It must not know who looks them up.

use std::collections::VecDeque;
use std::io;
use std::time::Duration;

use vigie_findings::evidence::Evidence;
use vigie_findings::{ScanInfo, Sink};
use vigie_scan::event::Progress;
use vigie_scan::{Event, HostState, Reason};
use vigie_scope::Host;

use super::hold::Hold;

/// The adapter in front of `S`.
pub(super) struct HostNames<S> {
    inner: S,
    /// Whether names are looked up.
    enabled: bool,
    requests: VecDeque<Host>,
    hold: Hold,
    /// Time since the scan began after which events wait no longer.
    deadline: Option<Duration>,
}

impl<S: Sink> HostNames<S> {
    /// Returns the adapter; all events pass unless `enabled`.
    pub(super) fn new(enabled: bool, inner: S) -> HostNames<S> {
        HostNames {
            inner,
            enabled,
            requests: VecDeque::new(),
            hold: Hold::default(),
            deadline: None,
        }
    }

    /// Returns the next adapter.
    pub(super) fn inner(&mut self) -> &mut S {
        &mut self.inner
    }

    /// Returns the next host whose name to look up. Each must be answered by [`HostNames::on_name`].
    pub(super) fn poll_request(&mut self) -> Option<Host> {
        self.requests.pop_front()
    }

    /// Receives the name of `host`, or none if it has none or the lookup failed.
    pub(super) fn on_name(
        &mut self,
        at: Duration,
        host: Host,
        name: Option<&str>,
    ) -> io::Result<()> {
        if let Some(name) = name {
            self.inner.named(host, name);
        }
        self.hold.resolve(host);
        self.release(at)
    }

    /// Sets or clears the time after which events wait no longer.
    pub(super) fn set_deadline(&mut self, deadline: Option<Duration>) {
        self.deadline = deadline;
    }

    /// Returns when [`HostNames::on_timeout`] must be called, if an event waits.
    pub(super) fn poll_timeout(&self) -> Option<Duration> {
        self.deadline.filter(|_| self.is_waiting())
    }

    /// Passes on everything that waits, once the deadline has passed.
    pub(super) fn on_timeout(&mut self, at: Duration) -> io::Result<()> {
        match self.deadline {
            Some(deadline) if at >= deadline => self.give_up(at),
            _ => Ok(()),
        }
    }

    /// Stops waiting: passes on everything without further names.
    pub(super) fn give_up(&mut self, at: Duration) -> io::Result<()> {
        self.hold.resolve_all();
        self.release(at)
    }

    /// Returns whether an event waits.
    pub(super) fn is_waiting(&self) -> bool {
        !self.hold.is_empty()
    }

    fn release(&mut self, at: Duration) -> io::Result<()> {
        while let Some(event) = self.hold.release() {
            self.inner.event(at, &event)?;
        }
        Ok(())
    }
}

impl<S: Sink> Sink for HostNames<S> {
    fn begin(&mut self, scan: &ScanInfo) -> io::Result<()> {
        self.inner.begin(scan)
    }

    fn event(&mut self, at: Duration, event: &Event) -> io::Result<()> {
        if let Event::Host(found) = event
            && self.enabled
            && found.state == HostState::Up
            && found.reason != Reason::LocalhostResponse
            && self.hold.wait_for(found.host)
        {
            self.requests.push_back(found.host);
        }
        let held = self.hold.push(event);
        self.release(at)?;
        if held {
            return Ok(());
        }
        self.inner.event(at, event)
    }

    fn named(&mut self, host: Host, name: &str) {
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
    use super::super::testing::{Log, end, host, host_done, host_up, local_host_up, secs};
    use super::*;

    #[test]
    fn only_hosts_that_are_up_wait_for_their_name() {
        let mut names = HostNames::new(true, Log::default());
        for event in [host_up(1), local_host_up(2), host_done(1), host_done(2)] {
            names.event(secs(1), &event).unwrap();
        }
        assert_eq!(names.poll_request(), Some(host(1)));
        assert_eq!(names.poll_request(), None, "this machine has a name");
        assert_eq!(names.inner.lines(), ["up 1", "up 2", "done 2"]);
        names.on_name(secs(2), host(1), Some("one.test")).unwrap();
        assert_eq!(
            names.inner.lines()[3..],
            ["name 1 one.test", "done 1"],
            "the name comes first"
        );
    }

    #[test]
    fn the_end_waits_until_the_deadline() {
        let mut names = HostNames::new(true, Log::default());
        for event in [host_up(1), host_up(2), host_done(1), host_done(2)] {
            names.event(secs(1), &event).unwrap();
        }
        names.set_deadline(Some(secs(4)));
        names.event(secs(1), &end()).unwrap();
        names.on_name(secs(2), host(2), None).unwrap();
        assert_eq!(names.inner.lines(), ["up 1", "up 2"], "order is kept");
        assert_eq!(names.poll_timeout(), Some(secs(4)));
        names.on_timeout(secs(3)).unwrap();
        assert!(names.is_waiting());
        names.on_timeout(secs(4)).unwrap();
        assert_eq!(names.inner.lines()[2..], ["done 1", "done 2", "end"]);
        assert_eq!(names.poll_timeout(), None);
        // A name that arrives late is still reported.
        names.on_name(secs(5), host(1), Some("late.test")).unwrap();
        assert_eq!(names.inner.lines()[5..], ["name 1 late.test"]);
    }

    #[test]
    fn without_lookups_everything_passes() {
        let mut names = HostNames::new(false, Log::default());
        for event in [host_up(1), host_done(1), end()] {
            names.event(secs(1), &event).unwrap();
        }
        assert_eq!(names.poll_request(), None);
        assert_eq!(names.inner.lines(), ["up 1", "done 1", "end"]);
    }
}
