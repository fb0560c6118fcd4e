//! Who decides: everything that allows or forbids, put together.

use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use super::special::{self, both};
use super::{Allowance, Allowed, Judgement, Refusal, Refused, Request, Scope};
use crate::target::{Range, RangeSet};

/// Knows what may be scanned from this machine.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Guard {
    /// This machine's own addresses.
    pub own: RangeSet,
    /// The networks that it is connected to, with the interface's name. Public ones allow nothing.
    pub connected: Vec<(Range, String)>,
    /// The scopes.
    pub scopes: Vec<Scope>,
    /// Who allowed what no scope allows, in the user's words.
    pub authorized: Option<Allowance>,
}

impl Guard {
    /// What allows the scan, and what of it must not be scanned.
    ///
    /// A network's broadcast addresses among other targets are passed over: nothing is sent to them.
    pub fn judge(&self, request: &Request<'_>) -> Judgement {
        let mut bench = Bench::new(special::unmapped(request.addresses));
        for (ranges, why) in [
            (special::UNSPECIFIED, Refusal::Unspecified),
            (special::MULTICAST, Refusal::Multicast),
            (special::BROADCAST, Refusal::Broadcast),
        ] {
            bench.refuse(&set(ranges), why);
        }
        self.never(request, &mut bench);
        let broadcasts = both(&bench.rest, &self.broadcasts());
        if bench.rest == broadcasts {
            bench.refuse(&broadcasts, Refusal::Broadcast);
        } else {
            bench.rest = bench.rest.minus(&broadcasts);
        }
        self.standing(&mut bench);
        self.scopes(request, &mut bench);
        if let Some(by) = &self.authorized {
            let rest = bench.rest.clone();
            bench.allow(&rest, by.clone());
        }
        self.out_of_scope(request, &mut bench);
        bench.judgement
    }

    /// What no word can allow, by address and by name.
    fn never(&self, request: &Request<'_>, bench: &mut Bench) {
        for scope in &self.scopes {
            let why = Refusal::Never {
                file: scope.file.clone(),
            };
            bench.refuse(
                &special::with_aliases(&special::unmapped(&scope.never)),
                why,
            );
            for (host, name) in request.names {
                if scope.never_names(name) {
                    let why = Refusal::NeverName {
                        file: scope.file.clone(),
                        name: name.clone(),
                    };
                    let host = RangeSet::new([Range::single(host.ip, host.zone)]);
                    bench.refuse(&special::unmapped(&host), why);
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
    fn standing(&self, bench: &mut Bench) {
        bench.allow(&set(special::LOOPBACK), Allowance::Loopback);
        bench.allow(&special::unmapped(&self.own), Allowance::OwnAddress);
        if !both(&self.own, &set(special::LAB_SCANNER)).is_empty() {
            bench.allow(&set(special::LAB), Allowance::Lab);
        }
        for (network, interface) in &self.connected {
            let private = both(&RangeSet::new([*network]), &set(special::PRIVATE));
            let by = Allowance::Connected {
                network: *network,
                interface: interface.clone(),
            };
            bench.allow(&private, by);
        }
    }

    /// What the scopes allow at this time for all of the ports.
    fn scopes(&self, request: &Request<'_>, bench: &mut Bench) {
        for scope in &self.scopes {
            let holds = scope.dormant(request.now).is_none();
            if !holds || !scope.ports_outside(request.ports).is_empty() {
                continue;
            }
            let by = Allowance::Scope {
                file: scope.file.clone(),
                who: scope.who.clone(),
                until: scope.until,
            };
            if bench.allow(&covered(scope, request), by) {
                let judgement = &mut bench.judgement;
                judgement.max_rate = least(judgement.max_rate, scope.max_rate);
                judgement.until = earliest(judgement.until, scope.ends(request.now));
            }
        }
    }

    /// What is left is refused, each part for the reason nearest to being allowed.
    fn out_of_scope(&self, request: &Request<'_>, bench: &mut Bench) {
        for scope in &self.scopes {
            let file = scope.file.clone();
            let why = match scope.dormant(request.now) {
                None => Refusal::Ports {
                    file,
                    ports: scope.ports_outside(request.ports),
                },
                Some(why) => Refusal::Dormant {
                    file,
                    why,
                    moment: match why {
                        super::Dormant::Expired => scope.until,
                        super::Dormant::NotYet => scope.from,
                        super::Dormant::OutsideHours => None,
                    },
                },
            };
            bench.refuse(&covered(scope, request), why);
        }
        let rest = bench.rest.clone();
        bench.refuse(&rest, Refusal::NotInScope);
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

/// A judgement in the making.
struct Bench {
    /// What nothing has been said about.
    rest: RangeSet,
    judgement: Judgement,
}

impl Bench {
    fn new(rest: RangeSet) -> Bench {
        Bench {
            rest,
            judgement: Judgement::default(),
        }
    }

    fn take(&mut self, some: &RangeSet) -> Option<RangeSet> {
        let taken = both(&self.rest, some);
        self.rest = self.rest.minus(&taken);
        (!taken.is_empty()).then_some(taken)
    }

    fn refuse(&mut self, some: &RangeSet, why: Refusal) {
        if let Some(addresses) = self.take(some) {
            self.judgement.refused.push(Refused { why, addresses });
        }
    }

    /// Whether it allowed anything.
    fn allow(&mut self, some: &RangeSet, by: Allowance) -> bool {
        let Some(addresses) = self.take(some) else {
            return false;
        };
        self.judgement.allowed.push(Allowed { by, addresses });
        true
    }
}
