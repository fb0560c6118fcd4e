//! The policy: what may be scanned, and on whose authority.
//!
//! A scan needs an authorization for each target. The sources are, in this order:
//! 1. the addresses of this machine, loopback, and the lab if this machine is in it: always allowed;
//! 2. private networks that this machine is connected to;
//! 3. a [`Scope`], which names networks, ports and times;
//! 4. the user, who states on the command line or at the prompt who authorized the scan.
//!
//! Addresses on a never-list, and addresses that belong to no host or to a group, are denied whatever else allows them.

use alloc::string::String;
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

/// A written permission to scan, from the owner of the targets.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scope {
    /// Path of the scope file, for messages.
    pub file: String,
    /// Who authorized the scan.
    pub who: String,
    /// The addresses in scope.
    pub networks: RangeSet,
    /// Names whose addresses are in scope too. `*.example` matches every name that ends in `.example`.
    pub names: Vec<String>,
    /// The ports in scope; `None` for all.
    pub ports: Option<PortList>,
    /// Start of validity, as Unix time.
    pub from: Option<Duration>,
    /// End of validity, as Unix time.
    pub until: Option<Duration>,
    /// The hours in which it is valid; always if empty.
    pub times: Vec<TimeWindow>,
    /// Maximum rate, in probes per second.
    pub max_rate: Option<f64>,
    /// Addresses that must never be scanned, whatever allows it.
    pub never: RangeSet,
    /// Names whose addresses must never be scanned.
    pub never_names: Vec<String>,
}

impl Scope {
    /// Whether the scope lists the name.
    pub fn names(&self, name: &str) -> bool {
        listed(&self.names, name)
    }

    /// Whether the never-list contains the name.
    pub fn never_names(&self, name: &str) -> bool {
        listed(&self.never_names, name)
    }

    /// Returns why the scope is not valid at `now`, if so.
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

    /// Returns when the scope stops being valid, if it is valid at `now`.
    fn ends(&self, now: Duration) -> Option<Duration> {
        let window = self.times.iter().filter_map(|w| w.ends(now)).max();
        self.until.into_iter().chain(window).min()
    }

    /// Returns the ports of `ports` that are out of scope.
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

/// Whether `list` contains `name`. Ignores case (RFC 4343) and a final dot.
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

/// Why a scope is not valid at present.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inactive {
    /// Its validity has ended.
    Expired,
    /// Its validity has not begun.
    NotYetValid,
    /// It is valid at other hours.
    OutsideHours,
}

/// The source of an authorization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuthSource {
    /// The addresses belong to this machine.
    OwnAddress,
    /// Loopback addresses: the packets never leave this machine.
    Loopback,
    /// Addresses of the lab, and this machine is in it.
    Lab,
    /// A private network that this machine is connected to.
    Connected {
        /// The network.
        network: Range,
        /// Name of the interface.
        interface: String,
    },
    /// A scope contains the addresses.
    Scope {
        /// Path of the scope file.
        file: String,
        /// Who authorized the scan.
        who: String,
        /// End of validity, as Unix time.
        until: Option<Duration>,
    },
    /// The user stated on the command line who authorized the scan.
    CommandLine {
        /// Who authorized it, in the words of the user.
        who: String,
    },
    /// The user stated at the prompt who authorized the scan.
    Prompt {
        /// Who authorized it, in the words of the user.
        who: String,
    },
}

impl AuthSource {
    /// Returns the name used in machine-readable output. Never translated.
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

    /// Whether only this machine or the lab is concerned, so that reports need not mention it.
    pub const fn is_local(&self) -> bool {
        matches!(
            self,
            AuthSource::OwnAddress | AuthSource::Loopback | AuthSource::Lab
        )
    }
}

/// The authorization of some of the targets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorization {
    /// Source of the authorization.
    pub source: AuthSource,
    /// Number of targets that it covers.
    pub hosts: u64,
}

/// The authorizations of a whole scan.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Permission {
    /// Together they cover all targets.
    pub authorizations: Vec<Authorization>,
    /// Maximum rate that the scopes allow, in probes per second.
    pub max_rate: Option<f64>,
    /// When the first scope stops being valid, as Unix time. The scan must end by then.
    pub until: Option<Duration>,
    /// Whether the dynamic TCP ports are allowed too, requested or not. The check of open ports connects to some.
    pub high_ports: bool,
}

/// Why addresses must not be scanned.
#[derive(Clone, Debug, PartialEq)]
pub enum DenyReason {
    /// The addresses belong to no host: 0.0.0.0/8, `::`.
    Unspecified,
    /// Multicast addresses.
    Multicast,
    /// Broadcast addresses.
    Broadcast,
    /// A never-list contains the addresses.
    Never {
        /// Path of the scope file.
        file: String,
    },
    /// A never-list contains the name by which the address was requested.
    NeverName {
        /// Path of the scope file.
        file: String,
        /// The name.
        name: String,
    },
    /// A scope contains the addresses, but not all ports.
    Ports {
        /// Path of the scope file.
        file: String,
        /// The ports out of scope.
        ports: PortList,
    },
    /// A scope contains the addresses but is not valid now.
    Inactive {
        /// Path of the scope file.
        file: String,
        /// Why it is not valid.
        cause: Inactive,
        /// When it ended or begins, as Unix time, if that is the cause.
        moment: Option<Duration>,
    },
    /// No scope contains the addresses.
    NotInScope,
}

impl DenyReason {
    /// Whether the user can still authorize the scan.
    pub const fn can_be_authorized(&self) -> bool {
        matches!(
            self,
            DenyReason::Ports { .. } | DenyReason::Inactive { .. } | DenyReason::NotInScope
        )
    }
}

/// Addresses that must not be scanned.
#[derive(Clone, Debug, PartialEq)]
pub struct Denied {
    /// Why they are denied.
    pub reason: DenyReason,
    /// The addresses.
    pub addresses: RangeSet,
}

/// Addresses that may be scanned.
#[derive(Clone, Debug, PartialEq)]
pub struct Allowed {
    /// What allows them.
    pub source: AuthSource,
    /// The addresses.
    pub addresses: RangeSet,
}

/// The result of evaluating a request.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decision {
    /// The allowed addresses, by source.
    pub allowed: Vec<Allowed>,
    /// The denied addresses, by reason.
    pub denied: Vec<Denied>,
    /// Maximum rate that the scopes allow, in probes per second.
    pub max_rate: Option<f64>,
    /// When the first scope stops being valid, as Unix time.
    pub until: Option<Duration>,
}

impl Decision {
    /// Whether every address is allowed.
    pub fn is_allowed(&self) -> bool {
        self.denied.is_empty()
    }

    /// Returns the authorizations of the allowed addresses.
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

/// A scan to be authorized.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The addresses.
    pub addresses: &'a RangeSet,
    /// Names by which some of the addresses were requested.
    pub names: &'a [(Host, String)],
    /// The ports.
    pub ports: &'a PortList,
    /// Present time, as Unix time.
    pub now: Duration,
}

impl Policy {
    /// Evaluates a request for one port of one host.
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
