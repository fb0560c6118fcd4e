//! Adapter: delays the warning and the last event of a host whose ports all appear open, until full connections have
//! checked it.
//!
//! It requests the connections and adds their outcomes to the warning. It must not know who connects.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::time::Duration;

use vigie_findings::evidence::Evidence;
use vigie_findings::{ScanInfo, Sink};
use vigie_scan::event::{EndReason, HostSummary, Progress, Warning};
use vigie_scan::open_port_check::{self, CONNECT_TIMEOUT, HOLD, OpenPortCheck, SAMPLE_SIZE};
use vigie_scan::{Event, Finding, PortState};
use vigie_scope::ports::PortList;
use vigie_scope::{Host, Transport};

use super::hold::Hold;

/// What the adapter may request.
#[derive(Clone, Debug)]
pub(super) struct CheckRules {
    /// Maximum number of hosts.
    pub(super) max_hosts: u64,
    /// Whether ports outside the scan may be connected to, as controls.
    pub(super) controls: bool,
    /// Ports of the scan: none of them is a control.
    pub(super) scanned: PortList,
    /// Seed of the choice of controls.
    pub(super) seed: u64,
    /// Time since the scan began after which nothing may be sent.
    pub(super) deadline: Option<Duration>,
}

/// Request to connect to ports of a host, in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CheckRequest {
    /// The host.
    pub(super) host: Host,
    /// Ports, and whether each is a control.
    pub(super) ports: Vec<(u16, bool)>,
}

/// The adapter in front of `S`.
pub(super) struct OpenPortChecks<S> {
    inner: S,
    /// Without rules, all events pass.
    rules: Option<CheckRules>,
    /// The most common open ports of each host that is not done.
    open: BTreeMap<Host, Vec<u16>>,
    requests: VecDeque<CheckRequest>,
    results: BTreeMap<Host, Box<OpenPortCheck>>,
    hold: Hold,
}

impl<S: Sink> OpenPortChecks<S> {
    /// Returns the adapter; without `rules`, all events pass.
    pub(super) fn new(rules: Option<CheckRules>, inner: S) -> OpenPortChecks<S> {
        OpenPortChecks {
            inner,
            rules,
            open: BTreeMap::new(),
            requests: VecDeque::new(),
            results: BTreeMap::new(),
            hold: Hold::default(),
        }
    }

    /// Returns the next adapter.
    pub(super) fn inner(&mut self) -> &mut S {
        &mut self.inner
    }

    /// Returns the next request. Each must be answered by [`OpenPortChecks::on_result`].
    pub(super) fn poll_request(&mut self) -> Option<CheckRequest> {
        self.requests.pop_front()
    }

    /// Receives the outcome for `host`, or none if no connection could be made.
    pub(super) fn on_result(
        &mut self,
        at: Duration,
        host: Host,
        check: Option<OpenPortCheck>,
    ) -> io::Result<()> {
        self.hold.resolve(host);
        if let Some(check) = check.filter(|check| !check.ports.is_empty()) {
            self.results.insert(host, Box::new(check));
        }
        self.release(at)
    }

    /// Makes no further requests. Outcomes that were requested are still waited for.
    pub(super) fn stop_requests(&mut self) {
        if let Some(rules) = &mut self.rules {
            rules.max_hosts = 0;
        }
    }

    /// Stops waiting: passes on everything without further outcomes.
    pub(super) fn give_up(&mut self, at: Duration) -> io::Result<()> {
        self.stop_requests();
        self.requests.clear();
        self.hold.resolve_all();
        self.release(at)
    }

    /// Returns whether an event waits.
    pub(super) fn is_waiting(&self) -> bool {
        !self.hold.is_empty()
    }

    fn note(&mut self, finding: &Finding) {
        if finding.state == PortState::Open && finding.transport == Transport::Tcp {
            let ports = self.open.entry(finding.host).or_default();
            ports.push(finding.port);
            if ports.len() >= 2 * SAMPLE_SIZE {
                *ports = open_port_check::sample_ports(ports);
            }
        }
    }

    /// Handles the last event of a host: requests connections if all its ports appear open and time is left.
    fn on_host_done(&mut self, at: Duration, summary: &HostSummary) {
        let host = summary.host.host;
        let open = self.open.remove(&host).unwrap_or_default();
        let Some(rules) = &mut self.rules else {
            return;
        };
        if !self.hold.waits_for(host) {
            return;
        }
        let longest = CONNECT_TIMEOUT + HOLD;
        let in_time = rules.deadline.is_none_or(|end| at + longest < end);
        let cut_short = matches!(
            summary.ended,
            EndReason::Interrupted
                | EndReason::MaxTime
                | EndReason::HostTimeout
                | EndReason::Failed
        );
        if rules.max_hosts == 0 || !in_time || cut_short {
            self.hold.resolve(host);
            return;
        }
        rules.max_hosts -= 1;
        let open = open_port_check::sample_ports(&open);
        let controls = if rules.controls {
            open_port_check::control_ports(rules.seed, host, &rules.scanned)
        } else {
            Vec::new()
        };
        let ports = alternate(&open, &controls);
        self.requests.push_back(CheckRequest { host, ports });
    }

    fn release(&mut self, at: Duration) -> io::Result<()> {
        while let Some(mut event) = self.hold.release() {
            if let Event::Warning(Warning::AllOpen { host, handshakes }) = &mut event {
                *handshakes = self.results.remove(host);
            }
            self.inner.event(at, &event)?;
        }
        Ok(())
    }
}

/// Returns open ports and controls alternately, so that a rate limit on connections affects both equally.
fn alternate(open: &[u16], controls: &[u16]) -> Vec<(u16, bool)> {
    let longer = open.len().max(controls.len());
    let pair = |i| {
        let open = open.get(i).map(|port| (*port, false));
        open.into_iter()
            .chain(controls.get(i).map(|port| (*port, true)))
    };
    (0..longer).flat_map(pair).collect()
}

impl<S: Sink> Sink for OpenPortChecks<S> {
    fn begin(&mut self, scan: &ScanInfo) -> io::Result<()> {
        self.inner.begin(scan)
    }

    fn event(&mut self, at: Duration, event: &Event) -> io::Result<()> {
        if let Some(rules) = &self.rules {
            match event {
                Event::Port(finding) => self.note(finding),
                Event::Warning(Warning::AllOpen { host, .. }) if rules.max_hosts > 0 => {
                    self.hold.wait_for(*host);
                }
                Event::HostDone(summary) => self.on_host_done(at, summary),
                _ => {}
            }
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
    use super::super::testing::{Log, all_open, end, host, host_done, host_ended, open_port, secs};
    use super::*;
    use vigie_scan::open_port_check::{CheckOutcome, CheckedPort};

    fn rules() -> CheckRules {
        CheckRules {
            max_hosts: 1,
            controls: false,
            scanned: PortList::default(),
            seed: 1,
            deadline: None,
        }
    }

    fn check(port: u16) -> OpenPortCheck {
        let checked = CheckedPort {
            port,
            control: false,
            end: CheckOutcome::Silent,
        };
        OpenPortCheck {
            ports: vec![checked],
        }
    }

    #[test]
    fn only_hosts_with_all_ports_open_wait_for_the_check() {
        let mut checks = OpenPortChecks::new(Some(rules()), Log::default());
        for event in [open_port(1, 80), all_open(1), host_done(1), host_done(2)] {
            checks.event(secs(1), &event).unwrap();
        }
        assert_eq!(checks.inner.lines(), ["open 1 80", "done 2"]);
        let ports = vec![(80, false)];
        let request = CheckRequest {
            host: host(1),
            ports,
        };
        assert_eq!(checks.poll_request(), Some(request));
        checks.event(secs(2), &end()).unwrap();
        assert!(checks.is_waiting());
        checks.on_result(secs(3), host(1), Some(check(80))).unwrap();
        assert_eq!(
            checks.inner.lines(),
            ["open 1 80", "done 2", "all open 1 checked", "done 1", "end"]
        );
        assert!(!checks.is_waiting());
    }

    #[test]
    fn no_request_is_made_after_the_deadline_or_for_an_unfinished_host() {
        let late = CheckRules {
            deadline: Some(secs(5)),
            ..rules()
        };
        let mut checks = OpenPortChecks::new(Some(late), Log::default());
        checks.event(secs(3), &all_open(1)).unwrap();
        checks.event(secs(3), &host_done(1)).unwrap();
        assert_eq!(checks.poll_request(), None);
        assert_eq!(checks.inner.lines(), ["all open 1", "done 1"]);

        let mut checks = OpenPortChecks::new(Some(rules()), Log::default());
        checks.event(secs(1), &all_open(1)).unwrap();
        let cut = host_ended(1, EndReason::HostTimeout);
        checks.event(secs(1), &cut).unwrap();
        assert_eq!(checks.poll_request(), None);
        assert_eq!(checks.inner.lines(), ["all open 1", "done 1"]);
    }

    #[test]
    fn warnings_pass_at_once_after_the_maximum_number_of_hosts() {
        let mut checks = OpenPortChecks::new(Some(rules()), Log::default());
        checks.event(secs(1), &all_open(1)).unwrap();
        checks.event(secs(1), &host_done(1)).unwrap();
        checks.event(secs(1), &all_open(2)).unwrap();
        assert_eq!(checks.inner.lines(), ["all open 2"]);
        checks.give_up(secs(2)).unwrap();
        assert_eq!(checks.inner.lines(), ["all open 2", "all open 1", "done 1"]);
    }

    #[test]
    fn without_rules_everything_passes() {
        let mut checks = OpenPortChecks::new(None, Log::default());
        for event in [all_open(1), host_done(1), end()] {
            checks.event(secs(1), &event).unwrap();
        }
        assert_eq!(checks.inner.lines(), ["all open 1", "done 1", "end"]);
    }

    #[test]
    fn open_ports_and_controls_alternate() {
        let expected = [(1, false), (9, true), (2, false), (3, false)];
        assert_eq!(alternate(&[1, 2, 3], &[9]), expected);
    }
}
