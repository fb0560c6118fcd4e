//! Collects the events of each host, for formats that write a host at once.
//!
//! A host is returned after its last event. If the scan breaks off, the remaining hosts are returned at the end, marked
//! as partial. This file must not know any output format.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use vigie_scan::event::{
    EndReason, Event, HostSummary, LossAccount, Path, ScanSummary, StateCount, UdpSummary, Warning,
};
use vigie_scan::finding::{Finding, HostFinding};
use vigie_scan::{HostState, PortState, Reason};
use vigie_scope::Host;

/// One host with all of its results.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct HostResult {
    /// State of the host.
    pub(super) found: HostFinding,
    /// Ports with a finding of their own, in ascending order of transport and number.
    pub(super) ports: Vec<Finding>,
    /// Number of ports by state and reason; empty if the ports were not scanned, or not to the end.
    pub(super) counts: Vec<StateCount>,
    /// The route, if it was traced.
    pub(super) path: Option<Path>,
    /// Why the retries of silent ports ended; `None` if the scan broke off before.
    pub(super) ended: Option<EndReason>,
    /// What is known about the host's closed UDP ports.
    pub(super) udp: Option<UdpSummary>,
    /// Time of its first event since the scan began.
    pub(super) since: Duration,
    /// Time of its last event.
    pub(super) until: Duration,
    /// Whether the scan broke off before its last event.
    pub(super) partial: bool,
}

impl HostResult {
    /// Returns the number of ports that are known to be open.
    pub(super) fn open(&self) -> u64 {
        let counted = |c: &&StateCount| c.state == PortState::Open;
        let counts: u64 = self.counts.iter().filter(counted).map(|c| c.count).sum();
        let listed = self.ports.iter().filter(|p| p.state == PortState::Open);
        counts.max(listed.count() as u64)
    }

    /// Returns the counts of ports without a finding of their own.
    pub(super) fn unlisted(&self) -> impl Iterator<Item = &StateCount> {
        self.counts.iter().filter(|c| !c.listed && c.count > 0)
    }
}

/// The results so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Gather {
    waiting: BTreeMap<Host, Waiting>,
    down: BTreeSet<Host>,
    /// Number of hosts that are up.
    pub(super) hosts_up: u64,
    /// Time of the last event.
    pub(super) now: Duration,
    /// The account of probes and answers.
    pub(super) loss: Option<LossAccount>,
    /// The warnings.
    pub(super) warnings: Vec<Warning>,
    /// The end of the scan, if it came.
    pub(super) ending: Option<ScanSummary>,
}

#[derive(Clone, Debug)]
struct Waiting {
    found: Option<HostFinding>,
    ports: Vec<Finding>,
    path: Option<Path>,
    since: Duration,
}

impl Gather {
    /// Adds an event. Returns the host that it completes.
    pub(super) fn event(&mut self, at: Duration, event: &Event) -> Option<HostResult> {
        self.now = self.now.max(at);
        match event {
            Event::Host(found) if found.state == HostState::Up => {
                let waiting = self.wait(found.host, at);
                let is_new = waiting.found.replace(*found).is_none();
                self.hosts_up += u64::from(is_new);
                None
            }
            Event::Host(found) => self.down.insert(found.host).then(|| HostResult {
                found: *found,
                ports: Vec::new(),
                counts: Vec::new(),
                path: None,
                ended: None,
                udp: None,
                since: at,
                until: at,
                partial: false,
            }),
            Event::Port(finding) => {
                self.wait(finding.host, at).ports.push(finding.clone());
                None
            }
            Event::HostDone(summary) => self.done(at, summary),
            Event::Path(path) => {
                self.wait(path.host, at).path = Some((**path).clone());
                None
            }
            Event::Warning(warning) => {
                self.warnings.push(warning.clone());
                None
            }
            Event::Loss(loss) => {
                self.loss = Some(*loss);
                None
            }
            Event::End(ending) => {
                self.ending = Some(*ending);
                None
            }
        }
    }

    /// Returns the hosts without a last event, in order of address.
    pub(super) fn rest(&mut self) -> Vec<HostResult> {
        let until = self.now;
        std::mem::take(&mut self.waiting)
            .into_iter()
            .map(|(host, waiting)| HostResult {
                found: waiting.found.unwrap_or(unknown(host)),
                ports: sorted(waiting.ports),
                counts: Vec::new(),
                path: waiting.path,
                ended: None,
                udp: None,
                since: waiting.since,
                until,
                partial: true,
            })
            .collect()
    }

    /// Returns the number of hosts: all targets, those that are up, and the others.
    pub(super) fn hosts(&self, asked: u64) -> (u64, u64, u64) {
        let (total, up) = match &self.ending {
            Some(ending) => (ending.hosts, ending.hosts_up),
            None => (asked, self.hosts_up),
        };
        (total, up, total.saturating_sub(up))
    }

    fn wait(&mut self, host: Host, at: Duration) -> &mut Waiting {
        self.waiting.entry(host).or_insert(Waiting {
            found: None,
            ports: Vec::new(),
            path: None,
            since: at,
        })
    }

    fn done(&mut self, at: Duration, summary: &HostSummary) -> Option<HostResult> {
        let host = summary.host.host;
        let waiting = self.waiting.remove(&host);
        let known = waiting.as_ref().is_some_and(|w| w.found.is_some());
        let up = summary.host.state == HostState::Up;
        self.hosts_up += u64::from(up && !known);
        if !up && summary.counts.is_empty() && self.down.contains(&host) {
            return None;
        }
        let path = waiting.as_ref().and_then(|w| w.path.clone());
        let (ports, since) = waiting.map_or((Vec::new(), at), |w| (w.ports, w.since));
        Some(HostResult {
            path,
            found: summary.host,
            ports: sorted(ports),
            counts: summary.counts.clone(),
            ended: Some(summary.ended),
            udp: summary.udp,
            since,
            until: at,
            partial: false,
        })
    }
}

/// Sorts the ports. A later finding replaces an earlier one about the same port.
fn sorted(mut ports: Vec<Finding>) -> Vec<Finding> {
    ports.sort_by_key(|p| (p.transport, p.port));
    ports.reverse();
    ports.dedup_by_key(|p| (p.transport, p.port));
    ports.reverse();
    ports
}

const fn unknown(host: Host) -> HostFinding {
    HostFinding {
        host,
        state: HostState::Unknown,
        reason: Reason::NotProbed,
        rtt: None,
        mac: None,
        ttl: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vigie_findings::samples;

    fn gathered(sample: &samples::Sample) -> (Gather, Vec<HostResult>) {
        let mut gather = Gather::default();
        let mut hosts: Vec<HostResult> = sample
            .events
            .iter()
            .filter_map(|event| gather.event(Duration::from_millis(1), event))
            .collect();
        hosts.extend(gather.rest());
        (gather, hosts)
    }

    #[test]
    fn each_host_is_returned_once_with_all_ports() {
        let (gather, hosts) = gathered(&samples::near());
        let [host] = hosts.as_slice() else {
            panic!("{hosts:?}")
        };
        let ports: Vec<u16> = host.ports.iter().map(|p| p.port).collect();
        assert_eq!(
            (ports.as_slice(), host.partial),
            (&[22, 80, 443][..], false)
        );
        assert_eq!(host.unlisted().count(), 1);
        assert_eq!(gather.hosts(1), (1, 1, 0));
        let (gather, hosts) = gathered(&samples::network());
        assert_eq!((hosts.len(), gather.warnings.len()), (4, 7));
        assert_eq!(gather.hosts(8), (8, 3, 5));
    }

    #[test]
    fn an_unfinished_host_is_partial() {
        let (gather, hosts) = gathered(&samples::broken());
        let [host] = hosts.as_slice() else {
            panic!("{hosts:?}")
        };
        assert!(host.partial && host.counts.is_empty() && host.ended.is_none());
        assert_eq!(gather.hosts(5), (5, 1, 4));
    }
}
