//! Who decides: everything that allows or forbids, put together.

use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use super::special::{self, both};
use super::{Allowed, AuthSource, Decision, Denied, DenyReason, Request, Scope};
use crate::target::{Range, RangeSet};

/// Knows what may be scanned from this machine.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Policy {
    /// This machine's own addresses.
    pub own: RangeSet,
    /// The networks that it is connected to, with the interface's name. Public ones allow nothing.
    pub connected: Vec<(Range, String)>,
    /// The scopes.
    pub scopes: Vec<Scope>,
    /// Who allowed what no scope allows, in the user's words.
    pub authorized: Option<AuthSource>,
}

impl Policy {
    /// What allows the scan, and what of it must not be scanned.
    ///
    /// A network's broadcast addresses among other targets are passed over: nothing is sent to them.
    pub fn evaluate(&self, request: &Request<'_>) -> Decision {
        let mut evaluation = Evaluation::new(special::unmapped(request.addresses));
        for (ranges, why) in [
            (special::UNSPECIFIED, DenyReason::Unspecified),
            (special::MULTICAST, DenyReason::Multicast),
            (special::BROADCAST, DenyReason::Broadcast),
        ] {
            evaluation.deny(&set(ranges), why);
        }
        self.never(request, &mut evaluation);
        let broadcasts = both(&evaluation.rest, &self.broadcasts());
        if evaluation.rest == broadcasts {
            evaluation.deny(&broadcasts, DenyReason::Broadcast);
        } else {
            evaluation.rest = evaluation.rest.minus(&broadcasts);
        }
        self.standing(&mut evaluation);
        self.scopes(request, &mut evaluation);
        if let Some(by) = &self.authorized {
            let rest = evaluation.rest.clone();
            evaluation.allow(&rest, by.clone());
        }
        self.out_of_scope(request, &mut evaluation);
        evaluation.decision
    }

    /// What no word can allow, by address and by name.
    fn never(&self, request: &Request<'_>, evaluation: &mut Evaluation) {
        for scope in &self.scopes {
            let why = DenyReason::Never {
                file: scope.file.clone(),
            };
            evaluation.deny(
                &special::with_aliases(&special::unmapped(&scope.never)),
                why,
            );
            for (host, name) in request.names {
                if scope.never_names(name) {
                    let why = DenyReason::NeverName {
                        file: scope.file.clone(),
                        name: name.clone(),
                    };
                    let host = RangeSet::new([Range::single(host.ip, host.zone)]);
                    evaluation.deny(&special::unmapped(&host), why);
                }
            }
        }
    }

    /// The directed broadcast addresses of the connected networks (RFC 919), and their lowest addresses, which old
    /// hosts take for that too (RFC 1122 section 3.3.6).
    fn broadcasts(&self) -> RangeSet {
        let networks = self.connected.iter().map(|(network, _)| network);
        let v4 = networks.filter(|n| n.family == crate::target::Family::V4 && n.len() > 2);
        RangeSet::new(v4.flat_map(|n| {
            [
                Range {
                    last: n.first,
                    ..*n
                },
                Range {
                    first: n.last,
                    ..*n
                },
            ]
        }))
        .minus(&self.own)
    }

    /// What is allowed without asking.
    fn standing(&self, evaluation: &mut Evaluation) {
        evaluation.allow(&set(special::LOOPBACK), AuthSource::Loopback);
        evaluation.allow(&special::unmapped(&self.own), AuthSource::OwnAddress);
        if !both(&self.own, &set(special::LAB_SCANNER)).is_empty() {
            evaluation.allow(&set(special::LAB), AuthSource::Lab);
        }
        for (network, interface) in &self.connected {
            let private = both(&RangeSet::new([*network]), &set(special::PRIVATE));
            let by = AuthSource::Connected {
                network: *network,
                interface: interface.clone(),
            };
            evaluation.allow(&private, by);
        }
    }

    /// What the scopes allow at this time for all of the ports.
    fn scopes(&self, request: &Request<'_>, evaluation: &mut Evaluation) {
        for scope in &self.scopes {
            let holds = scope.inactive_cause(request.now).is_none();
            if !holds || !scope.ports_outside(request.ports).is_empty() {
                continue;
            }
            let by = AuthSource::Scope {
                file: scope.file.clone(),
                who: scope.who.clone(),
                until: scope.until,
            };
            if evaluation.allow(&covered(scope, request), by) {
                let decision = &mut evaluation.decision;
                decision.max_rate = least(decision.max_rate, scope.max_rate);
                decision.until = earliest(decision.until, scope.ends(request.now));
            }
        }
    }

    /// What is left is refused, each part for the reason nearest to being allowed.
    fn out_of_scope(&self, request: &Request<'_>, evaluation: &mut Evaluation) {
        for scope in &self.scopes {
            let file = scope.file.clone();
            let why = match scope.inactive_cause(request.now) {
                None => DenyReason::Ports {
                    file,
                    ports: scope.ports_outside(request.ports),
                },
                Some(cause) => DenyReason::Inactive {
                    file,
                    cause,
                    moment: match cause {
                        super::Inactive::Expired => scope.until,
                        super::Inactive::NotYetValid => scope.from,
                        super::Inactive::OutsideHours => None,
                    },
                },
            };
            evaluation.deny(&covered(scope, request), why);
        }
        let rest = evaluation.rest.clone();
        evaluation.deny(&rest, DenyReason::NotInScope);
    }
}

/// The addresses that a scope names, and those of the targets whose name it names.
fn covered(scope: &Scope, request: &Request<'_>) -> RangeSet {
    let named = request
        .names
        .iter()
        .filter(|(_, name)| scope.names(name))
        .map(|(host, _)| Range::single(host.ip, host.zone));
    let all = scope.networks.ranges().iter().copied().chain(named);
    special::unmapped(&RangeSet::new(all))
}

fn set(ranges: &[Range]) -> RangeSet {
    RangeSet::new(ranges.iter().copied())
}

fn least(a: Option<f64>, b: Option<f64>) -> Option<f64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

fn earliest(a: Option<Duration>, b: Option<Duration>) -> Option<Duration> {
    a.into_iter().chain(b).min()
}

/// A decision in the making.
struct Evaluation {
    /// What nothing has been said about.
    rest: RangeSet,
    decision: Decision,
}

impl Evaluation {
    fn new(rest: RangeSet) -> Evaluation {
        Evaluation {
            rest,
            decision: Decision::default(),
        }
    }

    fn take(&mut self, some: &RangeSet) -> Option<RangeSet> {
        let taken = both(&self.rest, some);
        self.rest = self.rest.minus(&taken);
        (!taken.is_empty()).then_some(taken)
    }

    fn deny(&mut self, some: &RangeSet, reason: DenyReason) {
        if let Some(addresses) = self.take(some) {
            self.decision.denied.push(Denied { reason, addresses });
        }
    }

    /// Whether it allowed anything.
    fn allow(&mut self, some: &RangeSet, source: AuthSource) -> bool {
        let Some(addresses) = self.take(some) else {
            return false;
        };
        self.decision.allowed.push(Allowed { source, addresses });
        true
    }
}
