//! Evaluates requests: applies the rules of a policy in order.

use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use super::special::{self, intersection};
use super::{Allowed, AuthSource, Decision, Denied, DenyReason, Request, Scope};
use crate::target::{Range, RangeSet};

/// The rules for scans from this machine.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Policy {
    /// Addresses of this machine.
    pub own: RangeSet,
    /// Networks that this machine is connected to, with the name of the interface. Public ones allow nothing.
    pub connected: Vec<(Range, String)>,
    /// The scopes.
    pub scopes: Vec<Scope>,
    /// What the user stated about addresses that no scope allows.
    pub authorized: Option<AuthSource>,
}

impl Policy {
    /// Decides which addresses of the request may be scanned.
    ///
    /// Broadcast addresses of a network among other targets are left out of the decision: nothing is sent to them.
    pub fn evaluate(&self, request: &Request<'_>) -> Decision {
        let mut evaluation = Evaluation::new(special::unmapped(request.addresses));
        for (ranges, why) in [
            (special::UNSPECIFIED, DenyReason::Unspecified),
            (special::MULTICAST, DenyReason::Multicast),
            (special::BROADCAST, DenyReason::Broadcast),
        ] {
            evaluation.deny(&set(ranges), why);
        }
        self.apply_never_lists(request, &mut evaluation);
        let broadcasts = intersection(&evaluation.rest, &self.broadcasts());
        if evaluation.rest == broadcasts {
            evaluation.deny(&broadcasts, DenyReason::Broadcast);
        } else {
            evaluation.rest = evaluation.rest.minus(&broadcasts);
        }
        self.apply_standing_rules(&mut evaluation);
        self.apply_scopes(request, &mut evaluation);
        if let Some(by) = &self.authorized {
            let rest = evaluation.rest.clone();
            evaluation.allow(&rest, by.clone());
        }
        self.deny_rest(request, &mut evaluation);
        evaluation.decision
    }

    /// Denies what the never-lists contain, by address and by name.
    fn apply_never_lists(&self, request: &Request<'_>, evaluation: &mut Evaluation) {
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

    /// Returns the directed broadcast addresses of the connected networks (RFC 919), and their lowest addresses, which old
    /// hosts treat as broadcast too (RFC 1122 section 3.3.6).
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

    /// Allows what needs no permission.
    fn apply_standing_rules(&self, evaluation: &mut Evaluation) {
        evaluation.allow(&set(special::LOOPBACK), AuthSource::Loopback);
        evaluation.allow(&special::unmapped(&self.own), AuthSource::OwnAddress);
        if !intersection(&self.own, &set(special::LAB_SCANNER)).is_empty() {
            evaluation.allow(&set(special::LAB), AuthSource::Lab);
        }
        for (network, interface) in &self.connected {
            let private = intersection(&RangeSet::new([*network]), &set(special::PRIVATE));
            let by = AuthSource::Connected {
                network: *network,
                interface: interface.clone(),
            };
            evaluation.allow(&private, by);
        }
    }

    /// Allows what the scopes contain, if they are valid now and contain all ports.
    fn apply_scopes(&self, request: &Request<'_>, evaluation: &mut Evaluation) {
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

    /// Denies the rest, each part for the reason closest to being allowed.
    fn deny_rest(&self, request: &Request<'_>, evaluation: &mut Evaluation) {
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

/// Returns the addresses that a scope contains, directly or by the names of the request.
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

/// A decision in progress.
struct Evaluation {
    /// Addresses that no rule has matched yet.
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

    /// Removes `some` from the rest and returns the removed addresses.
    fn take(&mut self, some: &RangeSet) -> Option<RangeSet> {
        let taken = intersection(&self.rest, some);
        self.rest = self.rest.minus(&taken);
        (!taken.is_empty()).then_some(taken)
    }

    /// Denies `some` of the rest.
    fn deny(&mut self, some: &RangeSet, reason: DenyReason) {
        if let Some(addresses) = self.take(some) {
            self.decision.denied.push(Denied { reason, addresses });
        }
    }

    /// Allows `some` of the rest. Returns whether any address was allowed.
    fn allow(&mut self, some: &RangeSet, source: AuthSource) -> bool {
        let Some(addresses) = self.take(some) else {
            return false;
        };
        self.decision.allowed.push(Allowed { source, addresses });
        true
    }
}
