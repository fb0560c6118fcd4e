//! The steps of the UDP phase: requests, probing in step with each limiter, last requests.
//!
//! This file must not know packets.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::time::Duration;

use super::requests::RequestTable;
use super::{
    CLOSING, Context, GENERIC_TRIES, MIN_PORTS_TO_JUDGE, NextStep, OWN_TRIES, Phase, RequestSet,
    RequestSweep, UNLIMITED_SHARE, UdpScan, request_rate,
};
use crate::event::EndReason;
use crate::ledger::Reply;
use crate::pace::Caps;
use crate::rtt;
use crate::sweep::{Bounds, Sweep};
use crate::time::Instant;

impl UdpScan {
    pub(super) fn requests(&self, set: RequestSet) -> &RequestTable {
        match set {
            RequestSet::Own => &self.own,
            RequestSet::Generic => &self.generic,
        }
    }

    /// Begins to send requests to `hosts`, except to ports that have answered.
    pub(super) fn begin_requests(
        &mut self,
        context: &Context<'_>,
        set: RequestSet,
        hosts: Vec<u32>,
        then: NextStep,
    ) {
        let requests = self.requests(set);
        let columns = requests.len();
        let rate = request_rate(
            context.egresses,
            &context.plan.spec.budget,
            hosts.len() as u64,
        );
        let budget = &context.plan.spec.budget;
        let tries = match set {
            RequestSet::Own => OWN_TRIES,
            RequestSet::Generic => GENERIC_TRIES,
        };
        let bounds = Bounds {
            caps: Caps {
                max: Some(rate),
                min: Some(rate),
                ..Caps::default()
            },
            max_tries: tries.min(budget.max_tries),
            miss: self.settings.miss,
            until: self.until,
            first_wait: rtt::INITIAL,
            patience: self
                .rtt
                .map_or(rtt::INITIAL, |rtt| (3 * rtt).min(rtt::CEILING)),
            kernel_retries: false,
        };
        let seed = context.plan.spec.seed ^ columns;
        let mut sweep = Sweep::new(hosts.len() as u64 * columns, seed, bounds, self.rtt);
        for (row, host) in hosts.iter().enumerate() {
            for port in 0..self.settings.ports.len() as u32 {
                if self.hosts[*host as usize].reply(port) != Reply::None {
                    for column in requests.of(port) {
                        sweep.skip(row as u64 * columns + column);
                    }
                }
            }
        }
        self.phase = Phase::Request(Box::new(RequestSweep {
            sweep,
            set,
            hosts,
            then,
        }));
    }

    /// Ends the current step and begins the next one.
    pub(super) fn next_phase(&mut self, context: &Context<'_>, now: Instant, ended: EndReason) {
        let stopped = matches!(
            ended,
            EndReason::Interrupted | EndReason::MaxTime | EndReason::HostTimeout
        );
        let then = match &self.phase {
            Phase::Request(running) => {
                let (sweep, then) = (&running.sweep, running.then);
                let counts = sweep.counts();
                self.sent += counts.sent;
                self.answered += counts.answered;
                self.duplicates += counts.duplicates;
                self.rtt = sweep.rtt().smoothed().or(self.rtt);
                if then != NextStep::End {
                    // What was proven rests on the loss estimate of that time.
                    self.loss = sweep.loss().rate().min(self.loss.max(0.1)).min(0.5);
                }
                then
            }
            Phase::Probe { .. } => NextStep::Generic,
            Phase::Over => return,
        };
        let proven = matches!(self.phase, Phase::Probe { .. });
        self.unrecognised_ready = true;
        self.phase = Phase::Over;
        if stopped {
            self.ended = ended;
            return;
        }
        let local = |host: &u32| self.is_unlimited(*host);
        let every = 0..self.hosts.len() as u32;
        match then {
            NextStep::Generic if proven => {
                // Hosts that were probed first: their silent ports get the remaining requests now.
                let silent: Vec<u32> = every.filter(local).collect();
                if !silent.is_empty() && self.generic.len() > 0 {
                    self.begin_requests(context, RequestSet::Generic, silent, NextStep::End);
                }
            }
            NextStep::Generic => {
                let limited: Vec<u32> = every.filter(|h| !local(h)).collect();
                if limited.is_empty() || self.generic.len() == 0 {
                    self.begin_probing(context, now);
                } else {
                    self.begin_requests(context, RequestSet::Generic, limited, NextStep::Probe);
                }
            }
            NextStep::Probe => self.begin_probing(context, now),
            NextStep::End => {}
        }
    }

    /// Whether the errors of a host came as fast as its requests: it limits none, or lets many through.
    pub(super) fn is_unlimited(&self, host: u32) -> bool {
        let host = &self.hosts[host as usize];
        let own = self.settings.useful.iter();
        let (mut asked, mut closed) = (0u64, 0u64);
        for port in own {
            match host.reply(*port) {
                Reply::None => asked += 1,
                Reply::Negative => {
                    asked += 1;
                    closed += 1;
                }
                _ => {}
            }
        }
        asked >= MIN_PORTS_TO_JUDGE && closed as f64 >= UNLIMITED_SHARE * asked as f64
    }

    pub(super) fn begin_probing(&mut self, context: &Context<'_>, now: Instant) {
        let udp = context.plan.spec.udp.as_ref();
        let budget = udp.and_then(|udp| udp.budget);
        self.probe_for(now, budget);
    }

    /// Begins or continues probing for `budget`; `None` probes every port to the end.
    pub(super) fn probe_for(&mut self, now: Instant, budget: Option<Duration>) {
        let closing = budget.map_or(self.until.0, |budget| (now + budget).min(self.until.0));
        let end = if budget.is_some() {
            (closing + CLOSING).min(self.until.0)
        } else {
            self.until.0
        };
        let channels = 1 + self.sources.len() as u8;
        let open = self.hosts.iter_mut().enumerate().filter(|(_, h)| !h.over);
        for (i, host) in open {
            if let Some(rtt) = self.rtt
                && host.rtt.smoothed().is_none()
            {
                host.rtt.sample(rtt);
            }
            host.begin(now);
            host.recheck(self.loss, &self.settings);
            self.ready
                .extend((0..channels).map(|channel| (now, i as u32, channel)));
        }
        self.next_any = now;
        self.phase = Phase::Probe { closing, end };
    }
}
