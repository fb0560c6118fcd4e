//! Reports the end of a scan host by host: counts, and the ports worth listing.
//!
//! Works through the ledger one host at a time, so the report of millions of hosts takes constant memory. This file
//! must not know packets.

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

/// What is reported: every port is in one of these.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Inputs<'a> {
    pub sweep: &'a Partitions,
    pub host_table: &'a HostTable,
    /// Ports of the sweep.
    pub ports: &'a PortList,
    pub udp: Option<&'a UdpScan>,
}

/// Position of the report.
#[derive(Clone, Debug)]
pub(crate) struct Summarizer {
    /// Sorted by index, at most one for each port.
    answers: Vec<Answer>,
    next_answer: usize,
    next_host: u64,
    ended: EndReason,
    defaults: DefaultVerdicts,
    /// Whether hosts that answered nothing are only counted.
    counts_only: bool,
}

/// States of ports whose answer was not stored.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct DefaultVerdicts {
    /// State of a silent port.
    pub silent: PortState,
    /// State of a silent port whose reply a limiter may have suppressed.
    pub unproven: PortState,
    /// Wanted miss probability.
    pub miss: f64,
    /// State and reason of [`Reply::Negative`], if there were too many answers to store them all.
    pub negative: (PortState, Reason),
}

/// A port without an answer of its own.
struct Silent {
    state: PortState,
    reason: Reason,
    tries: u8,
    miss: f64,
}

/// Approximate number of ports examined in one step, so that the caller can do other work in between.
const STEP_PORTS: u64 = 1 << 18;
/// Number of hosts above which a host that answered nothing is only counted.
const MAX_HOSTS_IN_FULL: u64 = 4096;

impl Summarizer {
    /// Starts a report of `answers` for a scan of `hosts` hosts.
    pub(crate) fn new(
        mut answers: Vec<Answer>,
        ended: EndReason,
        defaults: DefaultVerdicts,
        hosts: u64,
    ) -> Summarizer {
        // A later answer to the same probe is better. The sort is stable, so it comes last and wins.
        answers.sort_by_key(|k| k.index);
        answers.reverse();
        answers.dedup_by_key(|k| k.index);
        answers.reverse();
        Summarizer {
            answers,
            next_answer: 0,
            next_host: 0,
            ended,
            defaults,
            counts_only: hosts > MAX_HOSTS_IN_FULL,
        }
    }

    /// Reports the next host worth reporting, if one is found within [`STEP_PORTS`] ports.
    pub(crate) fn step(
        &mut self,
        inputs: &Inputs<'_>,
        listing: Listing,
        out: &mut VecDeque<Event>,
    ) -> Step {
        let mut left = STEP_PORTS;
        while self.next_host < inputs.host_table.len() {
            let i = self.next_host;
            self.next_host += 1;
            if self.report(i, inputs, listing, out) {
                return Step::More;
            }
            left = left.saturating_sub(inputs.ports.len() as u64 + 1);
            if left == 0 {
                return Step::More;
            }
        }
        Step::Done
    }

    fn report(
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
        let own = self.answers[self.next_answer..]
            .iter()
            .take_while(|k| k.index < (i + 1) * n)
            .count();
        let end = self.next_answer + own;
        let answers = &self.answers[self.next_answer..end];
        self.next_answer = end;
        let mut groups = Groups::default();
        for k in answers {
            groups.count(k.state, k.reason, k.tries, 0.0);
        }
        let mut answered = !answers.is_empty();
        let mut at = 0;
        for index in i * n..(i + 1) * n {
            if answers.get(at).is_some_and(|k| k.index == index) {
                at += 1;
                continue;
            }
            let Some(seen) = sweep.probe(index) else {
                continue;
            };
            if seen.reply == Reply::None {
                let silent = self.silent_verdict(index, seen.tries, inputs);
                groups.count(silent.state, silent.reason, silent.tries, silent.miss);
            } else {
                // Only the usual negative answer is counted without being stored.
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
            // Another shard has all probes of this host.
            return false;
        }
        let found = host_table.found(i);
        if found.is_none() && !answered && self.counts_only {
            return false;
        }
        for group in &mut groups {
            let maybe_open = matches!(group.state, PortState::Open | PortState::OpenFiltered);
            let few = group.count <= listing.most && !listing.open_only;
            group.listed = listing.all
                || group.state == PortState::Open
                || (few || maybe_open && group.count <= listing.most);
        }
        self.list(i, answers, &groups, inputs, out);
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
        warn(host.host, (open, asked), answers, found, out);
        groups.sort_by(|a, b| b.count.cmp(&a.count).then(a.state.cmp(&b.state)));
        out.push_back(Event::HostDone(Box::new(HostSummary {
            host,
            counts: groups,
            ended,
            udp: udp.and_then(|udp| udp.summary(i)),
        })));
        true
    }

    /// Why the tries at a host's silent ports ended.
    fn why_ended(&self, groups: &[StateCount]) -> EndReason {
        let any = |of: fn(&StateCount) -> bool| groups.iter().any(of);
        let sure = groups
            .iter()
            .all(|g| g.miss_probability <= self.defaults.miss);
        let ended = if !any(|g| g.tries > 0 && g.miss_probability > 0.0) {
            EndReason::Complete
        } else if self.ended == EndReason::MaxTries && sure {
            // The maximum number of tries was made for other hosts.
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

    /// Returns the state of a port that stayed silent for `tries` tries of the sweep.
    fn silent_verdict(&self, index: u64, tries: u8, inputs: &Inputs<'_>) -> Silent {
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
        let probing = inputs.sweep.probing();
        match probing.and_then(|probing| probing.silence(index / n, (index % n) as u32)) {
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

    /// Reports the ports of listed groups that were not reported when they were found.
    fn list(
        &self,
        i: u64,
        answers: &[Answer],
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
            if let Some(k) = answers.get(at).filter(|k| k.index == index) {
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
                self.silent_verdict(index, seen.tries, inputs)
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
                let answers = Answer {
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
                    ..answers.finding(host_table, ports)
                }));
            }
        }
    }
}

/// Whether a port in this state is reported as soon as it is found.
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
