//! What all phases share: the plan, the routes in use, the results, and how a probe becomes a frame.
//!
//! This file must not know which phase runs.

use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;
use core::time::Duration;

use vigie_scope::Host;
use vigie_wire::frame::{Frame, Transport};
use vigie_wire::quote::Quote;
use vigie_wire::{MacAddr, WriteError};

use super::connections::Connections;
use super::{Purpose, Transmit};
use crate::checkpoint;
use crate::cookie::Cookies;
use crate::egress::Egress;
use crate::event::EndReason;
use crate::finding::{PortState, Reason};
use crate::host_table::HostTable;
use crate::pace::Caps;
use crate::plan::{Backend, NextHop, Plan};
use crate::probe::{self, Kind};
use crate::results::Results;
use crate::rtt_coverage::RttCoverage;
use crate::summary::{Answer, DefaultVerdicts};
use crate::sweep::{PathEstimates, Sweep};
use crate::time::Instant;
use crate::udp::{Context, UdpState};

/// Salt of a canary's cookie; a probe's own salt is 0.
pub(super) const CANARY: u32 = 1;
/// Multiplier that gives each window its own probe order (the 64-bit golden ratio).
const WINDOW_SEED: u64 = 0x9e37_79b9_7f4a_7c15;

/// A probe to one host.
#[derive(Clone, Copy, Debug)]
pub(super) struct Probe {
    pub(super) host: Host,
    pub(super) mac: MacAddr,
    /// Route, by index.
    pub(super) route: u32,
    pub(super) kind: Kind,
    pub(super) port: u16,
    /// Number and salt of a canary: the number in the upper 16 bits, [`CANARY`] below. 0 for an ordinary probe.
    pub(super) canary: u32,
    /// Offset from the first source port, modulo their number.
    pub(super) turn: u16,
    pub(super) purpose: Purpose,
    /// Whether it probes a port of the scan, and so carries the TCP flags that the user chose.
    pub(super) takes_user_flags: bool,
}

/// State that outlives a phase.
#[derive(Debug)]
pub(super) struct Core {
    pub(super) plan: Plan,
    pub(super) egresses: Vec<Egress>,
    pub(super) cookies: Cookies,
    /// Kind of the port probes.
    pub(super) port_probe: Kind,
    /// Index of each TCP port in the plan's list; `u32::MAX` for ports that are not scanned.
    port_index: Vec<u32>,
    pub(super) results: Results,
    pub(super) started: Instant,
    pub(super) deadline: Instant,
    /// Round-trip time that host discovery has measured.
    pub(super) first_rtt: Option<Duration>,
    /// State of an earlier run, until the ports are scanned.
    pub(super) resumed: Option<checkpoint::Progress>,
    /// UDP state of an earlier run, until the UDP ports are scanned.
    pub(super) udp_resumed: Option<Box<UdpState>>,
    /// Replies that only the 4-tuple ties to a probe.
    pub(super) unverified_replies: Vec<Answer>,
    /// Whether other scans have parts of this one.
    pub(super) is_partition: bool,
    /// Partitions that an earlier run had split off, not yet handed to other scans.
    pub(super) split_offs: Vec<Sweep>,
    /// Which hosts have answered, where no host discovery has measured their distance.
    pub(super) rtt_coverage: RttCoverage,
    /// Current window of the hosts, from 0.
    pub(super) window: u64,
    /// What the previous window has learned about the paths.
    pub(super) path_estimates: Option<Box<PathEstimates>>,
    /// Why no further window begins, where the scan was stopped while it reported one.
    pub(super) halt: Option<EndReason>,
    /// Connections in flight; only for [`Backend::Connections`].
    pub(super) connections: Connections,
}

impl Core {
    /// # Errors
    /// If a probe does not fit a route of the plan (address families mixed).
    pub(super) fn new(plan: Plan, now: Instant) -> Result<Core, WriteError> {
        let port_probe = plan.spec.technique().kind().unwrap_or(Kind::SYN);
        let egresses = match plan.spec.backend {
            Backend::Connections => Vec::new(),
            Backend::Packets | Backend::UdpSockets => egresses(&plan, port_probe)?,
        };
        let mut port_index = vec![u32::MAX; 1 << 16];
        for (i, (_, port)) in plan.spec.tcp_ports().iter().enumerate() {
            port_index[usize::from(port)] = i as u32;
        }
        let budget = &plan.spec.budget;
        Ok(Core {
            cookies: Cookies::new(plan.spec.seed),
            egresses,
            port_probe,
            port_index,
            results: Results::new(now),
            started: now,
            deadline: budget.max_time.map_or(Instant::FAR, |t| now + t),
            first_rtt: None,
            resumed: None,
            udp_resumed: None,
            unverified_replies: Vec::new(),
            is_partition: false,
            split_offs: Vec::new(),
            rtt_coverage: RttCoverage::default(),
            window: 0,
            path_estimates: None,
            halt: None,
            connections: Connections::new(budget.max_connections),
            plan,
        })
    }

    /// Returns the state of another sender of the same scan, whose first source port is `source_port`.
    pub(super) fn partition(&self, source_port: u16) -> Core {
        let mut plan = self.plan.clone();
        plan.local.source_port = source_port;
        let mut egresses =
            egresses(&plan, self.port_probe).expect("the same probes fitted the same routes");
        for (new, old) in egresses.iter_mut().zip(&self.egresses) {
            new.gateway = old.gateway;
        }
        Core {
            egresses,
            cookies: self.cookies.clone(),
            port_probe: self.port_probe,
            port_index: self.port_index.clone(),
            results: self.results.split_off(),
            started: self.started,
            deadline: self.deadline,
            first_rtt: self.first_rtt,
            resumed: None,
            udp_resumed: None,
            unverified_replies: Vec::new(),
            is_partition: true,
            split_offs: Vec::new(),
            rtt_coverage: self.rtt_coverage.clone(),
            window: self.window,
            path_estimates: None,
            halt: None,
            connections: Connections::new(0),
            plan,
        }
    }

    /// Returns the context of the UDP phase, and the results.
    pub(super) fn udp_context(&mut self) -> (Context<'_>, &mut Results) {
        let context = Context {
            plan: &self.plan,
            egresses: &self.egresses,
            cookies: &self.cookies,
        };
        (context, &mut self.results)
    }

    /// Number of ports of the port scan.
    pub(super) fn port_count(&self) -> u64 {
        self.plan.spec.tcp_ports().len() as u64
    }

    /// Returns the index of `port` in the plan's list.
    #[inline]
    pub(super) fn port_place(&self, port: u16) -> Option<u32> {
        let place = *self.port_index.get(usize::from(port))?;
        (place != u32::MAX).then_some(place)
    }

    pub(super) fn is_by_connections(&self) -> bool {
        self.plan.spec.backend == Backend::Connections
    }

    /// Whether the route at `route` leads to this machine.
    pub(super) fn is_local(&self, route: u32) -> bool {
        let route = self.plan.local.routes.get(route as usize);
        route.is_some_and(|route| route.local)
    }

    /// Whether targets remain after the current window.
    pub(super) fn is_last_window(&self) -> bool {
        self.window + 1 >= self.plan.windows()
    }

    /// Returns the seed of the current window's probe order. The first window uses the scan's seed.
    pub(super) fn window_seed(&self) -> u64 {
        self.plan.spec.seed ^ self.window.wrapping_mul(WINDOW_SEED)
    }

    pub(super) fn caps(&self) -> Caps {
        let budget = &self.plan.spec.budget;
        Caps {
            max: budget.max_rate,
            min: budget.min_rate,
            per_host: budget.max_host_rate.map(|most| (most, self.port_count())),
            ..Caps::default()
        }
    }

    /// States of ports without an answer of their own.
    pub(super) fn default_verdicts(&self) -> DefaultVerdicts {
        let miss = 1.0 - self.plan.spec.budget.confidence;
        if self.is_by_connections() {
            return DefaultVerdicts {
                silent: PortState::Filtered,
                unproven: PortState::ClosedFiltered,
                miss,
                negative: (PortState::Closed, Reason::ConnRefused),
            };
        }
        DefaultVerdicts {
            silent: self.port_probe.probe().silence(),
            unproven: if self.port_probe == Kind::SYN {
                // Nobody limits SYN/ACKs: the port is not open.
                PortState::ClosedFiltered
            } else {
                PortState::Unknown
            },
            miss,
            negative: self.port_probe.probe().common(),
        }
    }

    /// Returns the routes as they are for a target on the link: the same, one hop shorter.
    pub(super) fn egresses_on_link(&self) -> Vec<Egress> {
        let shorter = |egress: &Egress| {
            let mut egress = egress.clone();
            if matches!(egress.route.hop, NextHop::Gateway(_)) {
                egress.route.hop = NextHop::OnLink;
            }
            egress
        };
        self.egresses.iter().map(shorter).collect()
    }

    /// Returns the source port that `frame` was sent to, or the first one if it was sent to none of them.
    #[inline]
    pub(super) fn source_port_of(&self, frame: &Frame<'_>) -> u16 {
        match &frame.transport {
            Transport::Tcp(tcp) => self.plan.local.source_port_or_first(tcp.dst_port()),
            _ => self.plan.local.source_port,
        }
    }

    /// Returns the source port that the quoted packet left from, or the first one if it is none of them.
    pub(super) fn source_port_in(&self, quote: &Quote<'_>) -> u16 {
        let from = quote.ports().map_or(0, |(from, _)| from);
        self.plan.local.source_port_or_first(from)
    }

    /// Whether `frame` is addressed to one of our source addresses.
    pub(super) fn is_ours(&self, frame: &Frame<'_>) -> bool {
        frame
            .addresses()
            .is_some_and(|(_, to)| self.egresses.iter().any(|e| e.route.source == to))
    }

    /// Returns the cookie of a probe to `port` of `host`. All source ports share it: they are one conversation.
    #[inline]
    pub(super) fn cookie(&self, host: core::net::IpAddr, port: u16, salt: u32) -> u32 {
        let source_port = self.plan.local.source_port;
        self.cookies.of(host, port, source_port, salt) as u32
    }

    /// Writes `probe` into `slot`; `None` if its address family has no such probe.
    #[inline]
    pub(super) fn write(&self, probe: &Probe, slot: &mut [u8]) -> Option<Transmit> {
        let cookie = self.cookie(probe.host.ip, probe.port, probe.canary & 0xffff);
        let cookie = if probe.canary == 0 {
            cookie
        } else {
            cookie & 0xffff_0000 | probe.canary >> 16
        };
        let to = probe::To {
            ip: probe.host.ip,
            mac: probe.mac,
            port: probe.port,
            cookie,
            turn: probe.turn % self.plan.local.source_ports.max(1),
        };
        let egress = &self.egresses[probe.route as usize];
        let len = if probe.takes_user_flags {
            egress.write_port(probe.kind, slot, to)
        } else {
            egress.write(probe.kind, slot, to)
        };
        (len > 0).then_some(Transmit {
            len,
            link: egress.route.link,
            purpose: probe.purpose,
        })
    }

    /// Closes a scan that ends before any port was probed.
    pub(super) fn close(&mut self, now: Instant, ended: EndReason) {
        self.results.close(None, ended, &self.plan, now);
    }

    /// Starts a new sweep with what the previous window has learned about the paths.
    pub(super) fn inherit(&mut self, sweep: &mut Sweep, now: Instant) {
        if let Some(path_estimates) = self.path_estimates.take() {
            sweep.apply_estimates(now, &path_estimates);
        }
    }

    /// Returns a table without hosts, for a checkpoint of a window whose hosts are not known yet.
    pub(super) fn no_hosts(&self) -> HostTable {
        HostTable::all(self.plan.local.targets.slice(0, 0))
    }
}

/// Prepares the templates of every route.
fn egresses(plan: &Plan, port_probe: Kind) -> Result<Vec<Egress>, WriteError> {
    let source_port = plan.local.source_port;
    let prepare = |route: &crate::plan::Route| {
        let mut egress = Egress::new(route.clone(), source_port)?;
        if let Some(flags) = plan.spec.tcp_flags() {
            egress = egress.with_flags(port_probe, flags, source_port)?;
        }
        if let NextHop::Gateway(ip) = route.hop {
            let known = plan.local.neighbours.iter();
            let mut known = known.filter(|n| n.link == route.link && n.ip == ip);
            egress.gateway = known.next().map(|n| n.mac);
        }
        Ok(egress)
    };
    plan.local.routes.iter().map(prepare).collect()
}
