//! Explains what a scan found: what behaved alike is explained once, with the packets that show it.
//!
//! Groups come from results, examples from [`Evidence`]; what is said about a
//! group stands in `texts`, how packets are drawn in `diagram`, how to check it
//! in `check`. This file must not know any output format.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use vigie_findings::service;

use vigie_detect::payload;
use vigie_scan::event::{ErrorLimit, LossAccount, Warning};
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
#[cfg(test)]
mod tests;
mod texts;

/// So many examples with packets are shown of what is open, and of anything else.
const OPEN_EXAMPLES: usize = 8;
const OTHER_EXAMPLES: usize = 1;
/// So many hosts are named for a group, and so many senders of errors.
const MOST_PLACES: usize = 8;
const MOST_SENDERS: usize = 8;
/// So many ports of a host are listed by number.
const MOST_PORTS: usize = 40;

/// What is explained together, in the order of explanation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// Hosts that are this machine.
    Own,
    /// Hosts that are up for this reason.
    Up(Reason),
    /// A host whose every port answers as open.
    AllOpen(Host),
    /// Ports of this state for this reason.
    Ports(Rank, PortState, Reason, Transport),
    /// Hosts that answered nothing.
    Down,
    /// Hosts behind routers, the way to which was traced.
    Traced,
}

/// What is most worth knowing comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    Open,
    PerhapsOpen,
    Filtered,
    Closed,
    Unknown,
}

impl Rank {
    const fn of(state: PortState) -> Rank {
        match state {
            PortState::Open => Rank::Open,
            PortState::OpenFiltered | PortState::Unfiltered => Rank::PerhapsOpen,
            PortState::Filtered | PortState::ClosedFiltered => Rank::Filtered,
            PortState::Closed => Rank::Closed,
            PortState::Unknown => Rank::Unknown,
        }
    }
}

/// What behaved alike.
#[derive(Clone, Debug, Default)]
pub(super) struct Group {
    /// Hosts with their listed ports, ascending, and how many more of them there are.
    places: BTreeMap<Host, Place>,
    /// How many ports, or hosts.
    total: u64,
    /// Who sent the answers, where it was not the host itself.
    from: BTreeSet<IpAddr>,
    /// How certain silence is, where that is what they have in common.
    sure: BTreeMap<Certainty, Share>,
    /// Why servers on some of the ports may be silent by design, as keys, with these ports.
    by_design: BTreeMap<&'static str, Vec<u16>>,
    /// Some ports were asked in the protocol that is at home there, and some were not.
    asked: (bool, bool),
    /// What full connections to a host became whose every port is open.
    handshakes: Option<Box<OpenPortCheck>>,
}

/// How certain the verdict on a silent port is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Certainty {
    /// The miss probability's bits: of numbers that are not negative they sort as these do.
    miss: u64,
    tries: u8,
    others: Others,
}

/// What the host did meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Others {
    /// Other ports of it answered.
    Answered,
    /// None did.
    Silent,
    /// None of its UDP ports was ever said to be closed.
    Mute,
}

/// Of how many ports something holds, and of which hosts.
#[derive(Clone, Debug, Default)]
pub(super) struct Share {
    ports: u64,
    hosts: BTreeSet<Host>,
}

#[derive(Clone, Debug, Default)]
struct Place {
    listed: Vec<u16>,
    counted: u64,
}

/// How many probes or their answers are lost, and how that is known.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Lost {
    /// The share, 0 to 1.
    rate: f64,
    /// Whether it was measured; otherwise it is what is assumed at most.
    measured: bool,
}

impl Lost {
    /// Of the account at the end, or before there is one of what the progress said last.
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

/// Results as they are explained.
pub(super) struct Explained<'a> {
    scan: &'a ScanInfo,
    evidence: &'a BTreeMap<Subject, Evidence>,
    /// How many probes or their answers are lost.
    loss: Lost,
    groups: BTreeMap<Kind, Group>,
    /// Which group each listed port is in.
    listed: BTreeMap<(Host, Transport, u16), Kind>,
}

/// One explanation, ready to be laid out. Everything in it is safe to print.
pub(super) struct Explanation<'a> {
    /// What happened, in one line.
    pub(super) head: String,
    /// Whose it is.
    pub(super) places: Vec<String>,
    /// The examples with their titles.
    pub(super) examples: Vec<(String, &'a Evidence)>,
    /// Said where the packets would stand, if there are none.
    pub(super) no_packets: Option<String>,
    /// Titles with their sentences.
    pub(super) said: Vec<(String, Vec<String>)>,
    /// Programs with the commands that check it.
    pub(super) check: Vec<(&'static str, String)>,
}

impl<'a> Explained<'a> {
    /// Puts together what behaved alike.
    pub(super) fn new(
        scan: &'a ScanInfo,
        hosts: &[HostResult],
        warnings: &[Warning],
        evidence: &'a BTreeMap<Subject, Evidence>,
        loss: Lost,
    ) -> Explained<'a> {
        let mut explained = Explained {
            scan,
            evidence,
            loss,
            groups: BTreeMap::new(),
            listed: BTreeMap::new(),
        };
        for warning in warnings {
            if let Warning::AllOpen { host, handshakes } = warning {
                let group = explained.groups.entry(Kind::AllOpen(*host)).or_default();
                group.handshakes.clone_from(handshakes);
                group.places.entry(*host).or_default();
            }
        }
        for host in hosts {
            explained.add(host);
        }
        explained
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
                group.sure(port.miss_probability, port.tries, others, (host, 1));
            }
            if let Some(why) = service::by_design(port) {
                group.by_design.entry(why).or_default().push(port.port);
            }
            let own = !payload::for_port(port.port).is_empty();
            group.asked = (group.asked.0 || own, group.asked.1 || !own);
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
                group.sure(count.miss_probability, count.tries, others, share);
            }
            group.asked = (true, true);
            group.places.entry(host).or_default().counted += count.count;
        }
    }

    /// The kind of ports; what answers for all ports of a host says nothing about any, and is told of instead.
    fn ports(&self, host: Host, state: PortState, reason: Reason, transport: Transport) -> Kind {
        let for_all = Kind::AllOpen(host);
        let accepted = state == PortState::Open && reason == Reason::SynAck;
        let fronted = self.groups.get(&for_all).is_some_and(|group| {
            let verdict = group.handshakes.as_deref().map(OpenPortCheck::verdict);
            verdict != Some(CheckVerdict::Real)
        });
        if accepted && fronted {
            return for_all;
        }
        Kind::Ports(Rank::of(state), state, reason, transport)
    }

    /// The explanations, in the order in which they should be read.
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
        // Nothing was asked where nothing is shown.
        let asked = !matches!(kind, Kind::Own | Kind::Up(Reason::UserSet) | Kind::Traced)
            && !matches!(kind, Kind::Ports(Rank::Unknown, ..));
        let mut places = self.places(kind, group, texts);
        if !group.from.is_empty() {
            let from: Vec<String> = group
                .from
                .iter()
                .take(MOST_SENDERS)
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
            no_packets: no_packets.filter(|_| asked),
            said: about.said(kind, group, texts),
            check: subject.map_or_else(Vec::new, |s| {
                check::commands(self.scan, kind, s, about.example)
            }),
            examples: examples.into_iter().map(titled).collect(),
        }
    }

    /// The packets that show it best.
    fn examples(&self, kind: Kind, group: &Group) -> Vec<&'a Evidence> {
        let most = match kind {
            Kind::Ports(Rank::Open, ..) => OPEN_EXAMPLES,
            _ => OTHER_EXAMPLES,
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
                if found.len() >= most {
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
            // The heads of single hosts name them.
            _ if group.places.len() == 1 => return Vec::new(),
            _ => return self.hosts(group, texts),
        };
        let mut lines: Vec<String> = Vec::new();
        for (host, place) in group.places.iter().take(MOST_PLACES) {
            let mut ports = place.listed.clone();
            ports.sort_unstable();
            let unnamed = ports.len().saturating_sub(MOST_PORTS) as u64 + place.counted;
            ports.truncate(MOST_PORTS);
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
        let shown = group.places.keys().take(MOST_PLACES);
        let names: Vec<String> = shown
            .map(|host| escape::line(&self.scan.address(*host)).into_owned())
            .collect();
        let mut lines = vec![names.join(", ")];
        lines.extend(more_hosts(group, texts));
        lines
    }
}

impl Group {
    /// Adds so many ports of a host whose silence is so certain.
    fn sure(&mut self, miss: f64, tries: u8, others: Others, (host, ports): (Host, u64)) {
        let certainty = Certainty {
            miss: miss.max(0.0).to_bits(),
            tries,
            others,
        };
        let share = self.sure.entry(certainty).or_default();
        share.ports = share.ports.saturating_add(ports);
        share.hosts.insert(host);
    }
}

/// What the other ports of a host did.
fn others(result: &HostResult, transport: Transport) -> Others {
    let udp = transport == Transport::Udp;
    if udp
        && result
            .udp
            .as_ref()
            .is_some_and(|u| u.limit == ErrorLimit::Unresponsive)
    {
        return Others::Mute;
    }
    let answered = |reason: Reason| {
        !matches!(
            reason,
            Reason::NoResponse | Reason::NotProbed | Reason::Unproven
        )
    };
    let mut counts = result.counts.iter().filter(|c| c.count > 0);
    if result.ports.iter().any(|p| answered(p.reason)) || counts.any(|c| answered(c.reason)) {
        Others::Answered
    } else {
        Others::Silent
    }
}

fn more_hosts(group: &Group, texts: &Texts) -> Option<String> {
    let more = group
        .places
        .len()
        .checked_sub(MOST_PLACES)
        .filter(|n| *n > 0)?;
    Some(texts.say(&Message::new("explain-places-more").amount("n", more as u64)))
}

/// A probability or share, in words.
fn share(value: f64, texts: &Texts) -> String {
    number::percent(value, texts.lang())
}
