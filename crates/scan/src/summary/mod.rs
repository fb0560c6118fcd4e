//! The end of a scan told host by host: counts, and the ports worth a line.
//!
//! Works through the ledger lazily, one host a step, so that a scan of millions
//! ends as it ran: in constant memory. This file must not know packets.

mod answer;
mod warnings;

pub(crate) use answer::{Answer, Groups};
use warnings::warn;

use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::vec::Vec;

use crate::event::{EndReason, Event, HostSummary, StateCount};
use crate::finding::{Finding, HostFinding, HostState, PortState, Reason};
use crate::host_table::HostTable;
use crate::ledger::Reply;
use crate::plan::Listing;
use crate::rate_limit::prober::Silence;
use crate::results::Step;
use crate::sweep::Partitions;
use crate::udp::UdpScan;
use vigie_scope::Host;
use vigie_scope::ports::PortList;

/// What is told: every port's fate is in one of these.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Inputs<'a> {
    pub sweep: &'a Partitions,
    pub host_table: &'a HostTable,
    /// The ports of the sweep.
    pub ports: &'a PortList,
    pub udp: Option<&'a UdpScan>,
}

/// Where the summary is.
#[derive(Clone, Debug)]
pub(crate) struct Summarizer {
    /// Sorted by index, one for each.
    kept: Vec<Answer>,
    next_kept: usize,
    next_host: u64,
    ended: EndReason,
    defaults: DefaultVerdicts,
    /// Whether a host that answered nothing is only counted.
    many: bool,
}

/// What ports are that have no answer kept.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct DefaultVerdicts {
    /// The state of a silent port.
    pub silent: PortState,
    /// The same where a limiter may have kept the answer back.
    pub unproven: PortState,
    /// The wanted miss probability.
    pub miss: f64,
    /// State and reason of [`Reply::Negative`], where there were too many answers to keep them all.
    pub negative: (PortState, Reason),
}

/// A port without an answer kept.
struct Silent {
    state: PortState,
    reason: Reason,
    tries: u8,
    miss: f64,
}

/// Ports looked at in one step at most, about: whoever polls has other things to do as well.
const STEP: u64 = 1 << 18;
/// With more hosts than this, one that answered nothing is only counted.
const MANY_HOSTS: u64 = 4096;

impl Summarizer {
    /// A summarizer of what was kept of a scan of `hosts` hosts in all.
    pub(crate) fn new(
        mut kept: Vec<Answer>,
        ended: EndReason,
        defaults: DefaultVerdicts,
        hosts: u64,
    ) -> Summarizer {
        // A later answer to the same probe is a better one: it stands last and stays.
        kept.sort_by_key(|k| k.index);
        kept.reverse();
        kept.dedup_by_key(|k| k.index);
        kept.reverse();
        Summarizer {
            kept,
            next_kept: 0,
            next_host: 0,
            ended,
            defaults,
            many: hosts > MANY_HOSTS,
        }
    }

    /// Tells of the next host worth it, if one is found within [`STEP`] ports.
    pub(crate) fn step(
        &mut self,
        inputs: &Inputs<'_>,
        listing: Listing,
        out: &mut VecDeque<Event>,
    ) -> Step {
        let mut left = STEP;
        while self.next_host < inputs.host_table.len() {
            let i = self.next_host;
            self.next_host += 1;
            if self.tell(i, inputs, listing, out) {
                return Step::More;
            }
            left = left.saturating_sub(inputs.ports.len() as u64 + 1);
            if left == 0 {
                return Step::More;
            }
        }
        Step::Done
    }

    fn tell(
        &mut self,
        i: u64,
        inputs: &Inputs<'_>,
        listing: Listing,
        out: &mut VecDeque<Event>,
    ) -> bool {
        let Inputs {
            sweep,
            host_table,
            ports,
            udp,
        } = *inputs;
        let n = ports.len() as u64;
        let own = self.kept[self.next_kept..]
            .iter()
            .take_while(|k| k.index < (i + 1) * n)
            .count();
        let end = self.next_kept + own;
        let kept = &self.kept[self.next_kept..end];
        self.next_kept = end;
        let mut groups = Groups::default();
        for k in kept {
            groups.count(k.state, k.reason, k.tries, 0.0);
        }
        let mut answered = !kept.is_empty();
        let mut at = 0;
        for index in i * n..(i + 1) * n {
            if kept.get(at).is_some_and(|k| k.index == index) {
                at += 1;
                continue;
            }
            let Some(seen) = sweep.probe(index) else {
                continue;
            };
            if seen.reply == Reply::None {
                let silent = self.of_silence(index, seen.tries, inputs);
                groups.count(silent.state, silent.reason, silent.tries, silent.miss);
            } else {
                // Only the usual negative answer is counted without being kept.
                answered = true;
                let (state, reason) = self.defaults.negative;
                groups.count(state, reason, 1, 0.0);
            }
        }
        if let Some(udp) = udp {
            udp.count(i, &mut groups);
        }
        let mut groups = groups.0;
        answered |= groups
            .iter()
            .any(|g| g.tries > 0 && g.miss_probability <= 0.0);
        if groups.is_empty() && (n > 0 || udp.is_some_and(|udp| !udp.has(i))) {
            // Another shard has all of this host's probes.
            return false;
        }
        let found = host_table.found(i);
        if found.is_none() && !answered && self.many {
            return false;
        }
        for group in &mut groups {
            let maybe_open = matches!(group.state, PortState::Open | PortState::OpenFiltered);
            let few = group.count <= listing.most && !listing.open_only;
            group.listed = listing.all
                || group.state == PortState::Open
                || (few || maybe_open && group.count <= listing.most);
        }
        self.list(i, kept, &groups, inputs, out);
        if let Some(udp) = udp {
            udp.list(i, host_table, &groups, out);
        }
        let host = found
            .copied()
            .unwrap_or_else(|| assumed_up(host_table.at(i).0));
        let ended = self.why_ended(&groups);
        let asked: u64 = groups.iter().map(|g| g.count).sum();
        let open = groups
            .iter()
            .filter(|g| g.state == PortState::Open)
            .map(|g| g.count)
            .sum::<u64>();
        warn(host.host, (open, asked), kept, found, out);
        groups.sort_by(|a, b| b.count.cmp(&a.count).then(a.state.cmp(&b.state)));
        out.push_back(Event::HostDone(Box::new(HostSummary {
            host,
            counts: groups,
            ended,
            udp: udp.and_then(|udp| udp.summary(i)),
        })));
        true
    }

    /// Why the tries at one host's silent ports ended.
    fn why_ended(&self, groups: &[StateCount]) -> EndReason {
        let any = |of: fn(&StateCount) -> bool| groups.iter().any(of);
        let sure = groups
            .iter()
            .all(|g| g.miss_probability <= self.defaults.miss);
        let ended = if !any(|g| g.tries > 0 && g.miss_probability > 0.0) {
            EndReason::Complete
        } else if self.ended == EndReason::MaxTries && sure {
            // The most tries were made for others.
            EndReason::Complete
        } else {
            self.ended
        };
        if any(|g| g.reason == Reason::Unproven) {
            match self.ended {
                EndReason::Complete | EndReason::MaxTries => EndReason::Budget,
                early => early,
            }
        } else if any(|g| g.reason == Reason::NotProbed) {
            self.ended
        } else {
            ended
        }
    }

    /// What a port is that stayed silent for `tries` tries of the sweep.
    fn of_silence(&self, index: u64, tries: u8, inputs: &Inputs<'_>) -> Silent {
        let silent = Silent {
            state: self.defaults.silent,
            reason: Reason::NoResponse,
            tries,
            miss: inputs.sweep.miss_probability(index, tries),
        };
        if tries == 0 {
            return Silent {
                state: PortState::Unknown,
                reason: Reason::NotProbed,
                ..silent
            };
        }
        let n = inputs.ports.len() as u64;
        let proofs = inputs.sweep.proofs();
        match proofs.and_then(|proofs| proofs.silence(index / n, (index % n) as u32)) {
            None => silent,
            Some(Silence::Proven { tries, miss }) => Silent {
                tries,
                miss: miss.max(f64::MIN_POSITIVE),
                ..silent
            },
            Some(Silence::Unproven) => Silent {
                state: self.defaults.unproven,
                reason: Reason::Unproven,
                ..silent
            },
        }
    }

    /// Ports of listed groups that had no event when they were found.
    fn list(
        &self,
        i: u64,
        kept: &[Answer],
        groups: &[StateCount],
        inputs: &Inputs<'_>,
        out: &mut VecDeque<Event>,
    ) {
        let Inputs {
            sweep,
            host_table,
            ports,
            ..
        } = *inputs;
        let n = ports.len() as u64;
        let listed = |state, reason| {
            groups
                .iter()
                .any(|g| g.listed && g.state == state && g.reason == reason)
        };
        if !groups
            .iter()
            .any(|g| g.listed && g.state != PortState::Open)
        {
            return;
        }
        let mut at = 0;
        for index in i * n..(i + 1) * n {
            if let Some(k) = kept.get(at).filter(|k| k.index == index) {
                at += 1;
                if !reported_when_found(k.state) && listed(k.state, k.reason) {
                    out.push_back(Event::Port(k.finding(host_table, ports)));
                }
                continue;
            }
            let Some(seen) = sweep.probe(index) else {
                continue;
            };
            let Silent {
                state,
                reason,
                tries,
                miss,
            } = if seen.reply == Reply::None {
                self.of_silence(index, seen.tries, inputs)
            } else {
                let (state, reason) = self.defaults.negative;
                Silent {
                    state,
                    reason,
                    tries: seen.tries,
                    miss: 0.0,
                }
            };
            if listed(state, reason) {
                let kept = Answer {
                    index,
                    state,
                    reason,
                    from: None,
                    ttl: None,
                    rtt: None,
                    tries,
                };
                out.push_back(Event::Port(Finding {
                    miss_probability: miss,
                    ..kept.finding(host_table, ports)
                }));
            }
        }
    }
}

/// Whether a port in this state gets its event at once: what people wait for.
pub(crate) fn reported_when_found(state: PortState) -> bool {
    state == PortState::Open
}

fn assumed_up(host: Host) -> HostFinding {
    HostFinding {
        host,
        state: HostState::Up,
        reason: Reason::UserSet,
        rtt: None,
        mac: None,
        ttl: None,
    }
}
