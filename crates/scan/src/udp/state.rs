//! What the UDP stage knows, for a checkpoint, and taken up again.
//!
//! Ports proven or answered, each host's limiter, the sample and what is left of the budget go on; what was on its way
//! is asked again. This file must not know files; [`crate::checkpoint`] seals what it writes.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use super::host::state::HostState;
use super::{Context, Found, Phase, Then, UdpScan, Which};
use crate::checkpoint::{ENDS, place, read_ip, write_ip};
use crate::event::EndReason;
use crate::finding::{PortState, Reason, ServiceMatch};
use crate::host_table::HostTable;
use crate::results::Results;
use crate::sweep::{Counts, SweepState};
use crate::time::Instant;
use crate::wire::{DecodeError, Reader, Writer};
use vigie_detect::payload::{self, Detail};

/// All that goes on.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct UdpState {
    phase: PhaseState,
    hosts: Vec<HostState>,
    found: Vec<((u32, u32), Found)>,
    odd: Vec<(u32, u32)>,
    rtt: Option<Duration>,
    loss: f64,
    counts: Counts,
    ended: EndReason,
}

#[derive(Clone, Debug, PartialEq)]
enum PhaseState {
    Ask {
        which: Which,
        then: Then,
        hosts: Vec<u32>,
        sweep: Box<SweepState>,
    },
    Prove {
        /// What is left of the budget, where there is one.
        left: Option<Duration>,
    },
    Over,
}

const WHICH: [Which; 2] = [Which::Own, Which::Anywhere];
const THEN: [Then; 3] = [Then::Anywhere, Then::Prove, Then::End];

impl UdpScan {
    /// What is known at `now`.
    pub(crate) fn state(&self, context: &Context<'_>, now: Instant) -> UdpState {
        let budget = context.plan.spec.udp.as_ref().and_then(|udp| udp.budget);
        let phase = match &self.phase {
            Phase::Ask(asking) => PhaseState::Ask {
                which: asking.which,
                then: asking.then,
                hosts: asking.hosts.clone(),
                sweep: Box::new(asking.sweep.state(now)),
            },
            Phase::Prove { closing, .. } => PhaseState::Prove {
                left: budget.map(|budget| closing.since(now).min(budget)),
            },
            Phase::Over => PhaseState::Over,
        };
        UdpState {
            phase,
            hosts: self.hosts.iter().map(|host| host.state(now)).collect(),
            found: self.found.iter().map(|(k, f)| (*k, f.clone())).collect(),
            odd: self.odd.iter().copied().collect(),
            rtt: self.rtt,
            loss: self.loss,
            counts: Counts {
                sent: self.sent,
                answered: self.answered,
                duplicates: self.duplicates,
            },
            ended: self.ended,
        }
    }

    /// Goes on at `now` with what an earlier run knew, and tells of what it had found again. False, with nothing
    /// changed that matters, if that is the state of another stage.
    pub(crate) fn resume(
        &mut self,
        context: &Context<'_>,
        host_table: &HostTable,
        results: &mut Results,
        now: Instant,
        state: UdpState,
    ) -> bool {
        let ports = self.common.ports.len() as u32;
        let many = self.hosts.len() as u32;
        let is_ours = |key: &(u32, u32)| key.0 < many && key.1 < ports;
        let keys = state.found.iter().map(|(key, _)| key);
        if state.hosts.len() != self.hosts.len() || !keys.chain(&state.odd).all(is_ours) {
            return false;
        }
        for (host, state) in self.hosts.iter_mut().zip(state.hosts) {
            if !host.resume(now, state) {
                return false;
            }
        }
        self.rtt = state.rtt.or(self.rtt);
        self.loss = state.loss;
        self.ended = state.ended;
        match state.phase {
            PhaseState::Over => self.phase = Phase::Over,
            PhaseState::Prove { left } => self.prove_for(now, left),
            PhaseState::Ask {
                which,
                then,
                hosts,
                sweep,
            } => {
                let sorted = hosts.is_sorted_by(|a, b| a < b);
                if !sorted || hosts.last().is_some_and(|last| *last >= many) {
                    return false;
                }
                self.ask(context, which, hosts, then);
                let Phase::Ask(asking) = &mut self.phase else {
                    return false;
                };
                if asking.sweep.resume(now, Vec::from([*sweep])).is_none() {
                    return false;
                }
            }
        }
        self.sent = state.counts.sent;
        self.answered = state.counts.answered;
        self.duplicates = state.counts.duplicates;
        self.found = state.found.into_iter().collect();
        self.odd = state.odd.into_iter().collect();
        let told = |(key, found): (&(u32, u32), &Found)| {
            (found.state == PortState::Open && !self.odd.contains(key)).then_some(*key)
        };
        let told: Vec<_> = self.found.iter().filter_map(told).collect();
        for key in told {
            self.tell_open(host_table, results, key);
        }
        true
    }
}

fn key(r: &mut Reader<'_>) -> Result<(u32, u32), DecodeError> {
    Ok((r.u32()?, r.u32()?))
}

fn time(r: &mut Reader<'_>) -> Result<Duration, DecodeError> {
    r.u64().map(Duration::from_nanos)
}

/// A number that is one.
pub(super) fn finite(r: &mut Reader<'_>) -> Result<f64, DecodeError> {
    r.f64()
        .and_then(|v| v.is_finite().then_some(v).ok_or(DecodeError::Damaged))
}

impl UdpState {
    pub(crate) fn encode(&self, w: &mut Writer) {
        match &self.phase {
            PhaseState::Ask {
                which,
                then,
                hosts,
                sweep,
            } => {
                w.u8(0);
                w.u8(place(&WHICH, *which));
                w.u8(place(&THEN, *then));
                w.list(hosts.iter(), |w, host| w.u32(*host));
                sweep.encode(w);
            }
            PhaseState::Prove { left } => {
                w.u8(1);
                w.option(*left, |w, d| w.u64(d.as_nanos() as u64));
            }
            PhaseState::Over => w.u8(2),
        }
        w.list(self.hosts.iter(), |w, host| host.encode(w));
        w.list(self.found.iter(), |w, ((host, port), found)| {
            w.u32(*host);
            w.u32(*port);
            write_found(w, found);
        });
        w.list(self.odd.iter(), |w, (host, port)| {
            w.u32(*host);
            w.u32(*port);
        });
        w.option(self.rtt, |w, d| w.u64(d.as_nanos() as u64));
        w.f64(self.loss);
        w.u64(self.counts.sent);
        w.u64(self.counts.answered);
        w.u64(self.counts.duplicates);
        w.u8(place(&ENDS, self.ended));
    }

    pub(crate) fn decode(r: &mut Reader<'_>) -> Result<UdpState, DecodeError> {
        let phase = match r.u8()? {
            0 => PhaseState::Ask {
                which: r.variant(&WHICH)?,
                then: r.variant(&THEN)?,
                hosts: r.list(Reader::u32)?,
                sweep: Box::new(SweepState::decode(r)?),
            },
            1 => PhaseState::Prove {
                left: r.option(time)?,
            },
            2 => PhaseState::Over,
            _ => return Err(DecodeError::Damaged),
        };
        Ok(UdpState {
            phase,
            hosts: r.list(HostState::decode)?,
            found: r.list(|r| Ok((key(r)?, read_found(r)?)))?,
            odd: r.list(key)?,
            rtt: r.option(time)?,
            loss: finite(r)?,
            counts: Counts {
                sent: r.u64()?,
                answered: r.u64()?,
                duplicates: r.u64()?,
            },
            ended: r.variant(&ENDS)?,
        })
    }
}

fn write_found(w: &mut Writer, found: &Found) {
    w.u8(place(PortState::ALL, found.state));
    w.u8(place(Reason::ALL, found.reason));
    w.option(found.from, write_ip);
    w.option(found.ttl, Writer::u8);
    w.option(found.rtt, |w, d| w.u64(d.as_nanos() as u64));
    w.u8(found.tries);
    w.option(found.service, |w, service| {
        let name = match service {
            ServiceMatch::Service(name) => Some(name),
            ServiceMatch::Unknown => None,
        };
        w.option(name, |w, name| w.bytes(name.as_bytes()));
    });
    w.option(found.detail.as_deref(), |w, detail| {
        for text in [&detail.product, &detail.version, &detail.info] {
            w.option(text.as_ref(), |w, text| w.bytes(text.as_bytes()));
        }
    });
}

fn read_found(r: &mut Reader<'_>) -> Result<Found, DecodeError> {
    let text =
        |r: &mut Reader<'_>| -> Result<Option<String>, DecodeError> { r.option(Reader::text) };
    Ok(Found {
        state: r.variant(PortState::ALL)?,
        reason: r.variant(Reason::ALL)?,
        from: r.option(read_ip)?,
        ttl: r.option(Reader::u8)?,
        rtt: r.option(time)?,
        tries: r.u8()?,
        service: r.option(|r| {
            Ok(match r.option(Reader::text)? {
                None => ServiceMatch::Unknown,
                Some(name) => {
                    let payload = payload::by_name(&name).ok_or(DecodeError::Damaged)?;
                    ServiceMatch::Service(payload.name)
                }
            })
        })?,
        detail: r.option(|r| {
            Ok(Box::new(Detail {
                product: text(r)?,
                version: text(r)?,
                info: text(r)?,
            }))
        })?,
    })
}
