//! Explains the results of a scan. Results with the same outcome are explained once, with packets as examples.
//!
//! The groups (`group`) come from the results and the examples from [`Evidence`]. `texts` explains a group, `diagram` draws
//! packets, and `check` returns commands with which to check it. This file must not know any output format.

use std::collections::BTreeMap;
use std::net::IpAddr;
use vigie_findings::service;

use vigie_detect::payload;
use vigie_scan::event::{LossAccount, Warning};
use vigie_scan::open_port_check::{CheckVerdict, OpenPortCheck};
use vigie_scan::plan::Technique;
use vigie_scan::{HostState, PortState, Reason};
use vigie_scope::{Host, Transport};

use super::gather::HostResult;
use crate::{Message, Texts, escape, number};
use vigie_findings::ScanInfo;
use vigie_findings::evidence::{Evidence, Subject};

mod check;
pub(crate) mod diagram;
mod group;
#[cfg(test)]
mod tests;
mod texts;

use group::{Group, Kind, Rank, others};

/// Maximum number of examples for open ports.
const MAX_OPEN_EXAMPLES: usize = 8;
/// Maximum number of examples for anything else.
const MAX_OTHER_EXAMPLES: usize = 1;
/// Maximum number of hosts that are named for a group.
const MAX_PLACES: usize = 8;
/// Maximum number of senders of errors that are named for a group.
const MAX_SENDERS: usize = 8;
/// Maximum number of ports of a host that are listed by number.
const MAX_PORTS: usize = 40;

/// The share of probes or answers that are lost.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Lost {
    /// The share, 0..=1.
    rate: f64,
    /// Whether it was measured; otherwise it is an assumed maximum.
    measured: bool,
}

impl Lost {
    /// Returns the share of the account at the end of a scan or, without one, the last share of its progress.
    pub(super) fn of(account: Option<LossAccount>, before: f64) -> Lost {
        account.map_or(
            Lost {
                rate: before,
                measured: false,
            },
            |account| Lost {
                rate: account.loss_rate,
                measured: account.measured,
            },
        )
    }
}

/// The results of a scan in groups.
pub(super) struct Explainer<'a> {
    scan: &'a ScanInfo,
    evidence: &'a BTreeMap<Subject, Evidence>,
    /// Share of probes or answers that are lost.
    loss: Lost,
    groups: BTreeMap<Kind, Group>,
    /// The group of each listed port.
    listed: BTreeMap<(Host, Transport, u16), Kind>,
}

/// One explanation. All of its text is escaped.
pub(super) struct Explanation<'a> {
    /// The result, in one line.
    pub(super) head: String,
    /// The hosts and ports that have it.
    pub(super) places: Vec<String>,
    /// Examples with their titles.
    pub(super) examples: Vec<(String, &'a Evidence)>,
    /// Text instead of packets if there are none.
    pub(super) no_packets: Option<String>,
    /// Sections: a title and its sentences.
    pub(super) sections: Vec<(String, Vec<String>)>,
    /// Commands that check the result, each with its program.
    pub(super) check: Vec<(&'static str, String)>,
}

impl<'a> Explainer<'a> {
    /// Groups the results.
    pub(super) fn new(
        scan: &'a ScanInfo,
        hosts: &[HostResult],
        warnings: &[Warning],
        evidence: &'a BTreeMap<Subject, Evidence>,
        loss: Lost,
    ) -> Explainer<'a> {
        let mut explainer = Explainer {
            scan,
            evidence,
            loss,
            groups: BTreeMap::new(),
            listed: BTreeMap::new(),
        };
        for warning in warnings {
            if let Warning::AllOpen { host, handshakes } = warning {
                let group = explainer.groups.entry(Kind::AllOpen(*host)).or_default();
                group.check.clone_from(handshakes);
                group.places.entry(*host).or_default();
            }
        }
        for host in hosts {
            explainer.add(host);
        }
        explainer
    }

    fn add(&mut self, result: &HostResult) {
        let host = result.found.host;
        let kind = match (result.found.state, result.found.reason) {
            (HostState::Up, Reason::LocalhostResponse) => Some(Kind::Own),
            (HostState::Up, reason) => Some(Kind::Up(reason)),
            (HostState::Down, _) => Some(Kind::Down),
            (HostState::Unknown, _) => None,
        };
        if let Some(kind) = kind {
            let group = self.groups.entry(kind).or_default();
            group.total += 1;
            group.places.entry(host).or_default();
        }
        if result.path.as_ref().is_some_and(|p| p.probe.is_some()) {
            let group = self.groups.entry(Kind::Traced).or_default();
            group.total += 1;
            group.places.entry(host).or_default();
        }
        let usual = self
            .scan
            .plan
            .spec
            .tcp_ports()
            .iter()
            .next()
            .map_or(Transport::Tcp, |(t, _)| t);
        for port in &result.ports {
            let kind = self.ports(host, port.state, port.reason, port.transport);
            self.listed.insert((host, port.transport, port.port), kind);
            let group = self.groups.entry(kind).or_default();
            group.total += 1;
            if port.reason == Reason::NoResponse {
                let others = others(result, port.transport);
                group.add_silent(port.miss_probability, port.tries, others, (host, 1));
            }
            if let Some(why) = service::silent_by_design(port) {
                group.by_design.entry(why).or_default().push(port.port);
            }
            let own = !payload::for_port(port.port).is_empty();
            group.probed = (group.probed.0 || own, group.probed.1 || !own);
            group.from.extend(port.from.filter(|ip| *ip != host.ip));
            group.places.entry(host).or_default().listed.push(port.port);
        }
        for count in result.unlisted() {
            let kind = self.ports(host, count.state, count.reason, usual);
            let group = self.groups.entry(kind).or_default();
            group.total = group.total.saturating_add(count.count);
            if count.reason == Reason::NoResponse {
                let others = others(result, usual);
                let share = (host, count.count);
                group.add_silent(count.miss_probability, count.tries, others, share);
            }
            group.probed = (true, true);
            group.places.entry(host).or_default().counted += count.count;
        }
    }

    /// Returns the kind of ports. If something answers for all ports of a host, the answers say nothing about a port and
    /// belong to that kind.
    fn ports(&self, host: Host, state: PortState, reason: Reason, transport: Transport) -> Kind {
        let for_all = Kind::AllOpen(host);
        let accepted = state == PortState::Open && reason == Reason::SynAck;
        let has_front = self.groups.get(&for_all).is_some_and(|group| {
            let verdict = group.check.as_deref().map(OpenPortCheck::verdict);
            verdict != Some(CheckVerdict::Real)
        });
        if accepted && has_front {
            return for_all;
        }
        Kind::Ports(Rank::of(state), state, reason, transport)
    }

    /// Returns the explanations in reading order.
    pub(super) fn all(&self, texts: &Texts) -> Vec<Explanation<'a>> {
        let groups = self.groups.iter();
        groups
            .map(|(kind, group)| self.explanation(*kind, group, texts))
            .collect()
    }

    fn explanation(&self, kind: Kind, group: &Group, texts: &Texts) -> Explanation<'a> {
        let examples = self.examples(kind, group);
        let no_packets = examples.is_empty().then(|| {
            let by_kernel = self.scan.plan.spec.technique() == Technique::Connect;
            let key = if by_kernel {
                "explain-no-packets-connect"
            } else {
                "explain-no-packets"
            };
            texts.get(key)
        });
        // These results need no packets.
        let probed = !matches!(kind, Kind::Own | Kind::Up(Reason::UserSet) | Kind::Traced)
            && !matches!(kind, Kind::Ports(Rank::Unknown, ..));
        let mut places = self.places(kind, group, texts);
        if !group.from.is_empty() {
            let from: Vec<String> = group
                .from
                .iter()
                .take(MAX_SENDERS)
                .map(IpAddr::to_string)
                .collect();
            let from = from.join(", ");
            places.push(texts.say(&Message::new("explain-from").safe("from", from)));
        }
        let about = texts::About {
            scan: self.scan,
            loss: self.loss,
            example: examples.first().copied(),
            host: group
                .places
                .keys()
                .next()
                .map(|h| self.scan.address(*h))
                .unwrap_or_default(),
        };
        let titled = |e: &'a Evidence| {
            let host = escape::line(&self.scan.address(e.host)).into_owned();
            let title = match e.port {
                Some((transport, port)) => Message::new("explain-example-port")
                    .safe("port", format!("{port}/{transport}"))
                    .safe("host", host),
                None => Message::new("explain-example-host").safe("host", host),
            };
            (texts.say(&title), e)
        };
        let subject = examples.first().map(|e| e.subject()).or_else(|| {
            let (host, place) = group.places.iter().next()?;
            let Kind::Ports(.., transport) = kind else {
                return Some((*host, None));
            };
            Some((*host, place.listed.first().map(|port| (transport, *port))))
        });
        Explanation {
            head: texts.say(&about.head(kind, group)),
            places,
            no_packets: no_packets.filter(|_| probed),
            sections: about.sections(kind, group, texts),
            check: subject.map_or_else(Vec::new, |s| {
                check::commands(self.scan, kind, s, about.example)
            }),
            examples: examples.into_iter().map(titled).collect(),
        }
    }

    /// Returns examples of the packets behind a group.
    fn examples(&self, kind: Kind, group: &Group) -> Vec<&'a Evidence> {
        let max = match kind {
            Kind::Ports(Rank::Open, ..) => MAX_OPEN_EXAMPLES,
            _ => MAX_OTHER_EXAMPLES,
        };
        let mut found = Vec::new();
        for (host, place) in &group.places {
            let of_host = self.evidence.range((*host, None)..);
            for ((_, port), evidence) in of_host.take_while(|((h, _), _)| h == host) {
                let fits = match (kind, port) {
                    (Kind::Ports(_, _, reason, transport), Some((t, number))) => {
                        match self.listed.get(&(*host, *t, *number)) {
                            Some(listed) => *listed == kind,
                            None => place.counted > 0 && *t == transport && evidence.shows(reason),
                        }
                    }
                    (Kind::Up(Reason::UserSet) | Kind::Own, _) => false,
                    (Kind::Up(reason), _) => evidence.shows(reason),
                    (Kind::AllOpen(_), Some(_)) => evidence.shows(Reason::SynAck),
                    (Kind::Down, None) => true,
                    _ => false,
                };
                if fits {
                    found.push(evidence);
                }
                if found.len() >= max {
                    return found;
                }
            }
        }
        found
    }

    fn places(&self, kind: Kind, group: &Group, texts: &Texts) -> Vec<String> {
        let transport = match kind {
            Kind::Ports(.., transport) => transport,
            Kind::AllOpen(_) if group.total > 0 => Transport::Tcp,
            // The head already names a single host.
            _ if group.places.len() == 1 => return Vec::new(),
            _ => return self.hosts(group, texts),
        };
        let mut lines: Vec<String> = Vec::new();
        for (host, place) in group.places.iter().take(MAX_PLACES) {
            let mut ports = place.listed.clone();
            ports.sort_unstable();
            let unnamed = ports.len().saturating_sub(MAX_PORTS) as u64 + place.counted;
            ports.truncate(MAX_PORTS);
            let ports: Vec<String> = ports.iter().map(|p| format!("{p}/{transport}")).collect();
            let key = match (ports.is_empty(), unnamed) {
                (true, _) => "explain-place-counted",
                (false, 0) => "explain-place-listed",
                (false, _) => "explain-place-both",
            };
            let mut message = Message::new(key).outside("host", self.scan.address(*host));
            if key != "explain-place-counted" {
                message = message.safe("ports", ports.join(", "));
            }
            if key != "explain-place-listed" {
                message = message.amount("n", unnamed);
            }
            lines.push(texts.say(&message));
        }
        lines.extend(more_hosts(group, texts));
        lines
    }

    fn hosts(&self, group: &Group, texts: &Texts) -> Vec<String> {
        let shown = group.places.keys().take(MAX_PLACES);
        let names: Vec<String> = shown
            .map(|host| escape::line(&self.scan.address(*host)).into_owned())
            .collect();
        let mut lines = vec![names.join(", ")];
        lines.extend(more_hosts(group, texts));
        lines
    }
}

fn more_hosts(group: &Group, texts: &Texts) -> Option<String> {
    let more = group
        .places
        .len()
        .checked_sub(MAX_PLACES)
        .filter(|n| *n > 0)?;
    Some(texts.say(&Message::new("explain-places-more").amount("n", more as u64)))
}

/// Returns a probability or a share as text.
fn share(value: f64, texts: &Texts) -> String {
    number::percent(value, texts.lang())
}
