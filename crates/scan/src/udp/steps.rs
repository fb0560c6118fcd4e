//! From one step of the UDP phase to the next: requests, probing in step with each limiter, last requests.
//!
//! This file must not know packets.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::time::Duration;

use super::requests::RequestTable;
use super::{
    ANY_TRIES, CLOSING, Context, FEW, FREE, OWN_TRIES, Phase, RequestSweep, Then, UdpScan, Which,
    request_rate,
};
use crate::event::EndReason;
use crate::ledger::Reply;
use crate::pace::Caps;
use crate::rtt;
use crate::sweep::{Bounds, Sweep};
use crate::time::Instant;

impl UdpScan {
    pub(super) fn requests(&self, which: Which) -> &RequestTable {
        match which {
            Which::Own => &self.own,
            Which::Anywhere => &self.anywhere,
        }
    }

    /// Begins to put questions to `hosts`, except to ports that were answered.
    pub(super) fn begin_requests(
        &mut self,
        context: &Context<'_>,
        which: Which,
        hosts: Vec<u32>,
        then: Then,
    ) {
        let requests = self.requests(which);
        let columns = requests.len();
        let rate = request_rate(
            context.egresses,
            &context.plan.spec.budget,
            hosts.len() as u64,
        );
        let budget = &context.plan.spec.budget;
        let tries = match which {
            Which::Own => OWN_TRIES,
            Which::Anywhere => ANY_TRIES,
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
            which,
            hosts,
            then,
        }));
    }

    /// The present phase is over: the next one begins.
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
                if then != Then::End {
                    // What was proven rests on the loss that was known then.
                    self.loss = sweep.loss().rate().min(self.loss.max(0.1)).min(0.5);
                }
                then
            }
            Phase::Probe { .. } => Then::Anywhere,
            Phase::Over => return,
        };
        let proven = matches!(self.phase, Phase::Probe { .. });
        self.unrecognised_ready = true;
        self.phase = Phase::Over;
        if stopped {
            self.ended = ended;
            return;
        }
        let local = |host: &u32| self.is_free(*host);
        let every = 0..self.hosts.len() as u32;
        match then {
            Then::Anywhere if proven => {
                // Hosts that were proven first: what is silent there is asked now.
                let silent: Vec<u32> = every.filter(local).collect();
                if !silent.is_empty() && self.anywhere.len() > 0 {
                    self.begin_requests(context, Which::Anywhere, silent, Then::End);
                }
            }
            Then::Anywhere => {
                let limited: Vec<u32> = every.filter(|h| !local(h)).collect();
                if limited.is_empty() || self.anywhere.len() == 0 {
                    self.begin_probing(context, now);
                } else {
                    self.begin_requests(context, Which::Anywhere, limited, Then::Probe);
                }
            }
            Then::Probe => self.begin_probing(context, now),
            Then::End => {}
        }
    }

    /// Whether a host's errors came as fast as it was asked: it limits none, or lets many through.
    pub(super) fn is_free(&self, host: u32) -> bool {
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
        asked >= FEW && closed as f64 >= FREE * asked as f64
    }

    pub(super) fn begin_probing(&mut self, context: &Context<'_>, now: Instant) {
        let udp = context.plan.spec.udp.as_ref();
        let budget = udp.and_then(|udp| udp.budget);
        self.probe_for(now, budget);
    }

    /// Begins the proofs, or goes on with them, for so long; without a budget to the end.
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
