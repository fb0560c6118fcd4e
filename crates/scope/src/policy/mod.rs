//! What may be scanned, and by whose word.
//!
//! A scan goes out only where something allows it: the addresses of this
//! machine and of the lab always, private networks that this machine is
//! connected to, what a [`Scope`] names, and what the user says somebody
//! authorised. What the never-list names, and addresses that stand for a group
//! or for nobody, are refused whatever else is said. This folder is pure: the
//! machine's addresses, the scopes and the time are parameters. It must not know
//! files, terminals or routes.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::time::Duration;

use crate::ports::PortList;
use crate::target::{Range, RangeSet};
use crate::{Host, Transport};

mod evaluate;
mod special;
#[cfg(test)]
mod tests;
mod time_window;

pub use evaluate::Policy;
pub use time_window::{TimeWindow, TimeWindowError};

/// Permission to scan, as whoever owns the targets wrote it down.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scope {
    /// Where it is written, for people.
    pub file: String,
    /// Who authorised it.
    pub who: String,
    /// The addresses.
    pub networks: RangeSet,
    /// Names whose addresses are in scope too; `*.example` covers every name that ends in `.example`.
    pub names: Vec<String>,
    /// The ports; all where it says none.
    pub ports: Option<PortList>,
    /// When it begins to hold, as Unix time.
    pub from: Option<Duration>,
    /// When it no longer holds, as Unix time.
    pub until: Option<Duration>,
    /// The hours in which it holds; always where it says none.
    pub times: Vec<TimeWindow>,
    /// The most probes a second.
    pub max_rate: Option<f64>,
    /// Addresses that are never scanned, whatever allows it.
    pub never: RangeSet,
    /// Names whose addresses are never scanned.
    pub never_names: Vec<String>,
}

impl Scope {
    /// Whether the scope lists the name.
    pub fn names(&self, name: &str) -> bool {
        listed(&self.names, name)
    }

    /// Whether the never-list has the name.
    pub fn never_names(&self, name: &str) -> bool {
        listed(&self.never_names, name)
    }

    /// Why it does not hold at a time, if so.
    fn inactive_cause(&self, now: Duration) -> Option<Inactive> {
        if self.until.is_some_and(|until| now >= until) {
            return Some(Inactive::Expired);
        }
        if self.from.is_some_and(|from| now < from) {
            return Some(Inactive::NotYetValid);
        }
        let outside = !self.times.is_empty() && !self.times.iter().any(|w| w.holds(now));
        outside.then_some(Inactive::OutsideHours)
    }

    /// When it stops to hold, if it holds now.
    fn ends(&self, now: Duration) -> Option<Duration> {
        let window = self.times.iter().filter_map(|w| w.ends(now)).max();
        self.until.into_iter().chain(window).min()
    }

    /// The ports of `ports` that it does not allow.
    fn ports_outside(&self, ports: &PortList) -> PortList {
        let Some(allowed) = &self.ports else {
            return PortList::default();
        };
        let sets: Vec<(Transport, Vec<(u16, u16)>)> = Transport::ALL
            .iter()
            .map(|t| (*t, allowed.ranges(*t)))
            .collect();
        let inside = |transport: Transport, port: u16| {
            sets.iter().any(|(t, ranges)| {
                let i = ranges.partition_point(|(first, _)| *first <= port);
                *t == transport && i > 0 && ranges[i - 1].1 >= port
            })
        };
        PortList::new(ports.iter().filter(|(t, p)| !inside(*t, *p)))
    }
}

/// Names are compared without case and without the dot at the end (RFC 4343).
fn listed(list: &[String], name: &str) -> bool {
    let name = name.trim_end_matches('.');
    list.iter().any(|pattern| {
        let pattern = pattern.trim_end_matches('.');
        match pattern.strip_prefix('*') {
            Some(suffix) => {
                let cut = name.len().checked_sub(suffix.len());
                cut.filter(|n| *n > 0)
                    .and_then(|n| name.get(n..))
                    .is_some_and(|end| end.eq_ignore_ascii_case(suffix))
            }
            None => name.eq_ignore_ascii_case(pattern),
        }
    })
}

/// Why a scope does not hold at present.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inactive {
    /// Its end has passed.
    Expired,
    /// Its beginning has not come.
    NotYetValid,
    /// It holds at other hours.
    OutsideHours,
}

/// What allows a scan of some addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuthSource {
    /// They are this machine's own.
    OwnAddress,
    /// They never leave this machine.
    Loopback,
    /// They are the lab's, and this machine is in it.
    Lab,
    /// A private network that this machine is connected to.
    Connected {
        /// The network.
        network: Range,
        /// The interface's name.
        interface: String,
    },
    /// A scope names them.
    Scope {
        /// Where it is written.
        file: String,
        /// Who authorised it.
        who: String,
        /// When it ends, as Unix time.
        until: Option<Duration>,
    },
    /// The user says on the command line that somebody allowed it.
    CommandLine {
        /// Who, in the user's words.
        who: String,
    },
    /// The user said so when asked.
    Prompt {
        /// Who, in the user's words.
        who: String,
    },
}

impl AuthSource {
    /// The word for it in machine formats.
    pub const fn as_str(&self) -> &'static str {
        match self {
            AuthSource::OwnAddress => "own-address",
            AuthSource::Loopback => "loopback",
            AuthSource::Lab => "lab",
            AuthSource::Connected { .. } => "connected",
            AuthSource::Scope { .. } => "scope",
            AuthSource::CommandLine { .. } => "authorized",
            AuthSource::Prompt { .. } => "asked",
        }
    }

    /// Whether it needs no mention: nobody else is touched.
    pub const fn is_local(&self) -> bool {
        matches!(
            self,
            AuthSource::OwnAddress | AuthSource::Loopback | AuthSource::Lab
        )
    }
}

/// What allows a part of a scan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorization {
    /// What.
    pub source: AuthSource,
    /// How many of the targets it allows.
    pub hosts: u64,
}

/// What allows a scan, all of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Permission {
    /// By parts; together they are the targets.
    pub authorizations: Vec<Authorization>,
    /// The most probes a second that the scopes among them allow.
    pub max_rate: Option<f64>,
    /// When the first of them stops to hold, as Unix time: the scan must have ended by then.
    pub until: Option<Duration>,
    /// Whether it holds for every high TCP port too (the check of open ports probes some), asked for or not.
    pub high_ports: bool,
}

/// Why addresses must not be scanned.
#[derive(Clone, Debug, PartialEq)]
pub enum DenyReason {
    /// They stand for no host: 0.0.0.0/8, `::`.
    Unspecified,
    /// They stand for a group of hosts.
    Multicast,
    /// They stand for every host of a network.
    Broadcast,
    /// A never-list has them.
    Never {
        /// Where it is written.
        file: String,
    },
    /// A never-list has the name that they were asked for by.
    NeverName {
        /// Where it is written.
        file: String,
        /// The name.
        name: String,
    },
    /// A scope has the addresses, but not all the ports.
    Ports {
        /// Where it is written.
        file: String,
        /// The ports outside.
        ports: PortList,
    },
    /// A scope has them and does not hold now.
    Inactive {
        /// Where it is written.
        file: String,
        /// Why not.
        cause: Inactive,
        /// When it ended or begins, where that is the reason.
        moment: Option<Duration>,
    },
    /// No scope has them.
    NotInScope,
}

impl DenyReason {
    /// Whether somebody's word can still allow it.
    pub const fn can_be_authorized(&self) -> bool {
        matches!(
            self,
            DenyReason::Ports { .. } | DenyReason::Inactive { .. } | DenyReason::NotInScope
        )
    }
}

/// Addresses that must not be scanned, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Denied {
    /// Why.
    pub reason: DenyReason,
    /// The addresses.
    pub addresses: RangeSet,
}

/// Addresses that may be scanned, and what allows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Allowed {
    /// What allows it.
    pub source: AuthSource,
    /// The addresses.
    pub addresses: RangeSet,
}

/// What a guard says about a scan.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decision {
    /// The part that is allowed.
    pub allowed: Vec<Allowed>,
    /// The part that is not.
    pub denied: Vec<Denied>,
    /// The most probes a second that the scopes allow.
    pub max_rate: Option<f64>,
    /// When the first of the scopes stops to hold, as Unix time.
    pub until: Option<Duration>,
}

impl Decision {
    /// Whether all of it may be scanned.
    pub fn is_allowed(&self) -> bool {
        self.denied.is_empty()
    }

    /// What allows the part that is allowed.
    pub fn permission(&self) -> Permission {
        let authorization = |allowed: &Allowed| Authorization {
            source: allowed.source.clone(),
            hosts: u64::try_from(allowed.addresses.len()).unwrap_or(u64::MAX),
        };
        Permission {
            authorizations: self.allowed.iter().map(authorization).collect(),
            max_rate: self.max_rate,
            until: self.until,
            high_ports: false,
        }
    }
}

/// A scan as a guard sees it.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The addresses.
    pub addresses: &'a RangeSet,
    /// Names by which some of them were asked for.
    pub names: &'a [(Host, String)],
    /// The ports.
    pub ports: &'a PortList,
    /// The time, as Unix time.
    pub now: Duration,
}

impl Policy {
    /// What it says about one port of a host.
    pub fn decide(&self, host: Host, transport: Transport, port: u16, now: Duration) -> Decision {
        let ports = PortList::new([(transport, port)]);
        let addresses = RangeSet::new([Range::single(host.ip, host.zone)]);
        self.evaluate(&Request {
            addresses: &addresses,
            names: &[],
            ports: &ports,
            now,
        })
    }
}

impl Range {
    /// The range as text: an address, a prefix where it is one, or `first-last`.
    pub fn to_text(&self) -> String {
        let length = self.len();
        if length == 1 {
            return self.first_ip().to_string();
        }
        let bits = self.family.bits();
        let free = (length.is_power_of_two() || length == u128::MAX).then(|| {
            if length == u128::MAX {
                bits
            } else {
                length.trailing_zeros() as u8
            }
        });
        match free {
            Some(free) if *self == Range::prefix(self.first_ip(), bits - free, self.zone) => {
                alloc::format!("{}/{}", self.first_ip(), bits - free)
            }
            _ => alloc::format!("{}-{}", self.first_ip(), self.last_ip()),
        }
    }
}
