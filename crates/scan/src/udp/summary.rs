//! Reports the UDP ports of a host: counts, listed ports, and what is known about the host's limiter.
//!
//! This file must not know packets.

use alloc::collections::VecDeque;

use super::{UdpAnswer, UdpScan};
use crate::event::{ErrorLimit, Event, StateCount, UdpSummary};
use crate::finding::{Finding, PortState, Reason};
use crate::host_table::HostTable;
use crate::ledger::Reply;
use crate::rate_limit::PortOutcome;
use crate::summary::Groups;
use vigie_scope::{Host, Transport};

impl UdpScan {
    /// Whether this run scans the UDP ports of host `number`.
    pub(crate) fn has(&self, number: u64) -> bool {
        self.place(number).is_some()
    }

    /// Counts the UDP ports of host `number`.
    pub(crate) fn count(&self, number: u64, groups: &mut Groups) {
        let Some(host) = self.place(number) else {
            return;
        };
        for port in 0..self.settings.ports.len() as u32 {
            let (state, reason, tries, miss) = self.verdict(host, port);
            groups.count(state, reason, tries, miss);
        }
    }

    /// Reports the ports of listed groups, except those reported when they were found.
    pub(crate) fn list(
        &self,
        number: u64,
        host_table: &HostTable,
        groups: &[StateCount],
        out: &mut VecDeque<Event>,
    ) {
        let Some(place) = self.place(number) else {
            return;
        };
        let host = host_table.at(number).0;
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
        for port in 0..self.settings.ports.len() as u32 {
            let (state, reason, tries, miss_probability) = self.verdict(place, port);
            if state == PortState::Open || !listed(state, reason) {
                continue;
            }
            let found = self
                .found
                .get(&(place, port))
                .cloned()
                .unwrap_or(UdpAnswer {
                    state,
                    reason,
                    from: None,
                    ttl: None,
                    rtt: None,
                    tries,
                    service: None,
                    detail: None,
                });
            out.push_back(Event::Port(Finding {
                miss_probability,
                ..self.finding(host, port, &found)
            }));
        }
    }

    pub(super) fn finding(&self, host: Host, port: u32, found: &UdpAnswer) -> Finding {
        Finding {
            host,
            transport: Transport::Udp,
            port: self.settings.ports[port as usize],
            state: found.state,
            reason: found.reason,
            from: found.from,
            ttl: found.ttl,
            rtt: found.rtt,
            tries: found.tries,
            miss_probability: 0.0,
            service: found.service,
            detail: found.detail.clone(),
        }
    }

    /// Returns state, reason, tries and miss probability of a port.
    fn verdict(&self, host: u32, port: u32) -> (PortState, Reason, u8, f64) {
        if let Some(found) = self.found.get(&(host, port)) {
            return (found.state, found.reason, found.tries, 0.0);
        }
        let state = &self.hosts[host as usize];
        match state.outcome(port, self.loss, self.settings.miss) {
            PortOutcome::Answered(Reply::Negative) => {
                (PortState::Closed, Reason::PortUnreach, 1, 0.0)
            }
            PortOutcome::Silent(tries) => {
                let miss = libm::pow(state.lost(self.loss), f64::from(tries));
                (PortState::OpenFiltered, Reason::NoResponse, tries, miss)
            }
            // The state of a silent port of an unresponsive host cannot be determined: the probability is that of
            // losing every try.
            PortOutcome::Unresponsive => {
                let miss = libm::pow(state.lost(self.loss), 2.0);
                (PortState::OpenFiltered, Reason::NoResponse, 2, miss)
            }
            PortOutcome::Answered(_) | PortOutcome::Unproven => {
                (PortState::Unknown, Reason::Unproven, 0, 1.0)
            }
            PortOutcome::NotProbed => (PortState::Unknown, Reason::NotProbed, 0, 1.0),
        }
    }

    /// Returns what is known about the limiter of host `number`, and what the sample says.
    pub(crate) fn summary(&self, number: u64) -> Option<UdpSummary> {
        let place = self.place(number)?;
        let host = &self.hosts[place as usize];
        let unproven = (0..self.settings.ports.len() as u32)
            .filter(|port| self.verdict(place, *port).1 == Reason::Unproven)
            .count() as u64;
        let limit = if host.errors == 0 {
            ErrorLimit::Unresponsive
        } else if let Some(rate) = host.tokens(self.now) {
            ErrorLimit::Limited {
                rate,
                burst: host.burst(),
            }
        } else {
            ErrorLimit::Unlimited
        };
        Some(UdpSummary {
            limit,
            unproven,
            sample: if unproven > 0 { host.sample() } else { None },
        })
    }
}
