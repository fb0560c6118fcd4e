//! What a checkpoint stores of the UDP phase.
//!
//! Ports that are proven or answered, each host's limiter, the sample and the rest of the budget continue in the next
//! run; what was in flight is sent again. This file must not know files; [`crate::checkpoint`] seals what it writes.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use super::{Context, NextStep, Phase, RequestSet, UdpAnswer, UdpScan};
use crate::checkpoint::codec::{DecodeError, Reader, Writer};
use crate::checkpoint::{ENDS, place, read_ip, write_ip};
use crate::event::EndReason;
use crate::finding::{PortState, Reason, ServiceMatch};
use crate::host_table::HostTable;
use crate::rate_limit::host::state::HostState;
use crate::results::Results;
use crate::sweep::{Counts, SweepState};
use crate::time::Instant;
use vigie_detect::payload::{self, Detail};

/// State that continues in the next run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct UdpState {
    phase: PhaseState,
    hosts: Vec<HostState>,
    found: Vec<((u32, u32), UdpAnswer)>,
    unrecognised: Vec<(u32, u32)>,
    rtt: Option<Duration>,
    loss: f64,
    counts: Counts,
    ended: EndReason,
}

#[derive(Clone, Debug, PartialEq)]
enum PhaseState {
    Request {
        set: RequestSet,
        then: NextStep,
        hosts: Vec<u32>,
        sweep: Box<SweepState>,
    },
    Probe {
        /// Rest of the budget, if there is one.
        left: Option<Duration>,
    },
    Over,
}

const REQUEST_SETS: [RequestSet; 2] = [RequestSet::Own, RequestSet::Generic];
const NEXT_STEPS: [NextStep; 3] = [NextStep::Generic, NextStep::Probe, NextStep::End];

impl UdpScan {
    /// Returns the state at `now`.
    pub(crate) fn state(&self, context: &Context<'_>, now: Instant) -> UdpState {
        let budget = context.plan.spec.udp.as_ref().and_then(|udp| udp.budget);
        let phase = match &self.phase {
            Phase::Request(running) => PhaseState::Request {
                set: running.set,
                then: running.then,
                hosts: running.hosts.clone(),
                sweep: Box::new(running.sweep.state(now)),
            },
            Phase::Probe { closing, .. } => PhaseState::Probe {
                left: budget.map(|budget| closing.since(now).min(budget)),
            },
            Phase::Over => PhaseState::Over,
        };
        UdpState {
            phase,
            hosts: self.hosts.iter().map(|host| host.state(now)).collect(),
            found: self.found.iter().map(|(k, f)| (*k, f.clone())).collect(),
            unrecognised: self.unrecognised.iter().copied().collect(),
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

    /// Continues at `now` with the state of an earlier run, and reports again what that run had found. Returns false,
    /// with nothing changed that matters, if the state belongs to another scan.
    pub(crate) fn resume(
        &mut self,
        context: &Context<'_>,
        host_table: &HostTable,
        results: &mut Results,
        now: Instant,
        state: UdpState,
    ) -> bool {
        let ports = self.settings.ports.len() as u32;
        let many = self.hosts.len() as u32;
        let is_ours = |key: &(u32, u32)| key.0 < many && key.1 < ports;
        let keys = state.found.iter().map(|(key, _)| key);
        if state.hosts.len() != self.hosts.len() || !keys.chain(&state.unrecognised).all(is_ours) {
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
            PhaseState::Probe { left } => self.probe_for(now, left),
            PhaseState::Request {
                set,
                then,
                hosts,
                sweep,
            } => {
                let sorted = hosts.is_sorted_by(|a, b| a < b);
                if !sorted || hosts.last().is_some_and(|last| *last >= many) {
                    return false;
                }
                self.begin_requests(context, set, hosts, then);
                let Phase::Request(running) = &mut self.phase else {
                    return false;
                };
                if running.sweep.resume(now, Vec::from([*sweep])).is_none() {
                    return false;
                }
            }
        }
        self.sent = state.counts.sent;
        self.answered = state.counts.answered;
        self.duplicates = state.counts.duplicates;
        self.found = state.found.into_iter().collect();
        self.unrecognised = state.unrecognised.into_iter().collect();
        let reported = |(key, found): (&(u32, u32), &UdpAnswer)| {
            (found.state == PortState::Open && !self.unrecognised.contains(key)).then_some(*key)
        };
        let reported: Vec<_> = self.found.iter().filter_map(reported).collect();
        for key in reported {
            self.report_open(host_table, results, key);
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

impl UdpState {
    pub(crate) fn encode(&self, w: &mut Writer) {
        match &self.phase {
            PhaseState::Request {
                set,
                then,
                hosts,
                sweep,
            } => {
                w.u8(0);
                w.u8(place(&REQUEST_SETS, *set));
                w.u8(place(&NEXT_STEPS, *then));
                w.list(hosts.iter(), |w, host| w.u32(*host));
                sweep.encode(w);
            }
            PhaseState::Probe { left } => {
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
        w.list(self.unrecognised.iter(), |w, (host, port)| {
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
            0 => PhaseState::Request {
                set: r.variant(&REQUEST_SETS)?,
                then: r.variant(&NEXT_STEPS)?,
                hosts: r.list(Reader::u32)?,
                sweep: Box::new(SweepState::decode(r)?),
            },
            1 => PhaseState::Probe {
                left: r.option(time)?,
            },
            2 => PhaseState::Over,
            _ => return Err(DecodeError::Damaged),
        };
        Ok(UdpState {
            phase,
            hosts: r.list(HostState::decode)?,
            found: r.list(|r| Ok((key(r)?, read_found(r)?)))?,
            unrecognised: r.list(key)?,
            rtt: r.option(time)?,
            loss: r.finite()?,
            counts: Counts {
                sent: r.u64()?,
                answered: r.u64()?,
                duplicates: r.u64()?,
            },
            ended: r.variant(&ENDS)?,
        })
    }
}

fn write_found(w: &mut Writer, found: &UdpAnswer) {
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

fn read_found(r: &mut Reader<'_>) -> Result<UdpAnswer, DecodeError> {
    let text =
        |r: &mut Reader<'_>| -> Result<Option<String>, DecodeError> { r.option(Reader::text) };
    Ok(UdpAnswer {
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
