//! Checkpoints: a scan in progress as bytes, with everything that a resumed run needs to reach the same result.
//!
//! It stores addresses, not names or routes: names are resolved once, and routes are looked up again, because the
//! machine may be on another network. The order and the cookies, and so every probe, follow from the seed. This folder
//! must not know files or sockets.

pub(crate) mod codec;
mod spec;

use spec::{read_spec, write_spec};

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::net::IpAddr;
use core::time::Duration;

use vigie_wire::MacAddr;

pub use crate::checkpoint::codec::DecodeError;
use crate::checkpoint::codec::{Reader, Writer};
use crate::event::EndReason;
use crate::finding::{HostFinding, HostState, PortState, Reason};
use crate::host_table::{HostTable, LiveHost};
use crate::plan::{DiscoveryProbe, Plan, ScanSpec};
use crate::probe::Kind;
use crate::results::WindowsOver;
use crate::summary::Answer;
use crate::sweep::{Counts, SweepState};
use crate::udp::UdpState;
use vigie_scope::Host;
use vigie_scope::target::{Family, value};

/// Version of the format. Other versions are refused.
pub const VERSION: u32 = 9;

/// The spec of a scan, and its progress.
#[derive(Clone, Debug)]
pub struct Checkpoint {
    /// What is scanned.
    pub spec: ScanSpec,
    /// Notes of the caller: the command line, names, and what the report needs.
    pub notes: Vec<String>,
    /// How far the scan is; `None` while hosts were still being discovered.
    pub(crate) progress: Option<Progress>,
}

/// How far a scan is.
#[derive(Clone, Debug)]
pub(crate) struct Progress {
    /// The hosts found to be up; `None` if every target is scanned.
    pub up: Option<Vec<LiveHost>>,
    /// One for each partition; empty while the hosts of the window are being discovered.
    pub sweeps: Vec<SweepState>,
    pub answers: Vec<Answer>,
    /// State of the UDP ports, once they are scanned.
    pub udp: Option<Box<UdpState>>,
    pub hosts_up: u64,
    pub elapsed: Duration,
    /// Window of the hosts, from 0.
    pub window: u64,
    /// Totals of the earlier windows.
    pub over: WindowsOver,
}

impl Progress {
    /// Returns the hosts of the sweep; `None` if they do not fit the plan.
    pub(crate) fn host_table(&self, plan: &Plan) -> Option<HostTable> {
        if self.window >= plan.windows() {
            return None;
        }
        let targets = plan.window(self.window);
        let host_table = match &self.up {
            None => HostTable::all(targets),
            Some(up) if up.iter().all(|u| u.target < targets.len()) => {
                HostTable::only(targets, up.clone())
            }
            Some(_) => return None,
        };
        let probes = host_table.len() * plan.spec.tcp_ports().len() as u64;
        self.answers
            .iter()
            .all(|k| k.index < probes)
            .then_some(host_table)
    }
}

impl Checkpoint {
    /// Returns the checkpoint of a plan that has not begun.
    pub fn of(plan: &Plan, notes: Vec<String>) -> Checkpoint {
        Checkpoint {
            spec: ScanSpec {
                targets: plan.local.ranges(),
                ..plan.spec.clone()
            },
            notes,
            progress: None,
        }
    }

    /// Whether this is a checkpoint of `plan`: the same probes in the same order.
    pub fn fits(&self, plan: &Plan) -> bool {
        let (own, other) = (&self.spec, &plan.spec);
        (own.seed, own.shard, own.backend) == (other.seed, other.shard, other.backend)
            && own.targets == plan.local.ranges()
            && own.tcp == other.tcp
            && own.udp == other.udp
            && own.memory == other.memory
    }

    /// Window of the hosts that the scan was in, from 0.
    pub fn window(&self) -> u64 {
        self.progress.as_ref().map_or(0, |p| p.window)
    }

    /// Number of partitions of the scan; 1 if it was not split.
    pub fn parts(&self) -> usize {
        self.progress.as_ref().map_or(1, |p| p.sweeps.len().max(1))
    }

    /// Adds what another partition of the same scan knows.
    pub fn absorb(&mut self, other: Checkpoint) {
        match (&mut self.progress, other.progress) {
            (Some(progress), Some(mut other)) => {
                progress.sweeps.append(&mut other.sweeps);
                progress.sweeps.sort_by_key(SweepState::base);
                progress.answers.append(&mut other.answers);
            }
            (None, Some(other)) => self.progress = Some(other),
            (_, None) => {}
        }
    }

    /// Returns the checkpoint for a run that is not split. Such a run repeats some tries.
    #[must_use]
    pub fn joined(mut self) -> Checkpoint {
        if let Some(progress) = &mut self.progress {
            progress.sweeps = SweepState::join(core::mem::take(&mut progress.sweeps));
        }
        self
    }

    /// Returns the checkpoint as bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut w = Writer::new(VERSION);
        write_spec(&mut w, &self.spec);
        w.list(self.notes.iter(), |w, note| w.bytes(note.as_bytes()));
        w.option(self.progress.as_ref(), |w, p| {
            w.option(p.up.as_ref(), |w, up| w.list(up.iter(), write_up));
            w.list(p.sweeps.iter(), |w, sweep| sweep.encode(w));
            w.list(p.answers.iter(), write_answer);
            w.option(p.udp.as_ref(), |w, udp| udp.encode(w));
            w.u64(p.hosts_up);
            w.u64(p.elapsed.as_nanos() as u64);
            w.u64(p.window);
            write_over(w, &p.over);
        });
        w.seal()
    }

    /// Reads a checkpoint.
    ///
    /// # Errors
    /// If the bytes are no checkpoint, have another version, or are damaged.
    pub fn decode(bytes: &[u8]) -> Result<Checkpoint, DecodeError> {
        let mut r = Reader::open(bytes, VERSION)?;
        let checkpoint = Checkpoint {
            spec: read_spec(&mut r)?,
            notes: r.list(Reader::text)?,
            progress: r.option(|r| {
                Ok(Progress {
                    up: r.option(|r| r.list(read_up))?,
                    sweeps: SweepState::decode_all(r)?,
                    answers: r.list(read_answer)?,
                    udp: r.option(|r| UdpState::decode(r).map(Box::new))?,
                    hosts_up: r.u64()?,
                    elapsed: Duration::from_nanos(r.u64()?),
                    window: r.u64()?,
                    over: read_over(r)?,
                })
            })?,
        };
        r.end()?;
        if checkpoint.spec.validate().is_err() {
            return Err(DecodeError::Damaged);
        }
        Ok(checkpoint)
    }
}

/// Every reason why a window can end.
pub(crate) const ENDS: [EndReason; 7] = [
    EndReason::Complete,
    EndReason::MaxTries,
    EndReason::HostTimeout,
    EndReason::MaxTime,
    EndReason::Interrupted,
    EndReason::Failed,
    EndReason::Budget,
];

fn write_over(w: &mut Writer, over: &WindowsOver) {
    w.u64(over.counts.sent);
    w.u64(over.counts.answered);
    w.u64(over.counts.duplicates);
    w.u64(over.open);
    w.u64(over.hosts_up);
    w.u64(over.unanswered);
    w.f64(over.lost_on_path);
    w.u8(place(&ENDS, over.ended));
}

fn read_over(r: &mut Reader<'_>) -> Result<WindowsOver, DecodeError> {
    Ok(WindowsOver {
        counts: Counts {
            sent: r.u64()?,
            answered: r.u64()?,
            duplicates: r.u64()?,
        },
        open: r.u64()?,
        hosts_up: r.u64()?,
        unanswered: r.u64()?,
        lost_on_path: r.f64()?,
        ended: r.variant(&ENDS)?,
    })
}

pub(crate) fn place<T: PartialEq + Copy>(all: &[T], v: T) -> u8 {
    all.iter().position(|x| *x == v).unwrap_or(0) as u8
}

pub(crate) fn write_ip(w: &mut Writer, ip: IpAddr) {
    w.u8(u8::from(ip.is_ipv6()));
    w.u128(value(ip));
}

pub(crate) fn read_ip(r: &mut Reader<'_>) -> Result<IpAddr, DecodeError> {
    let family = r.variant(&[Family::V4, Family::V6])?;
    Ok(family.address(r.u128()?))
}

fn read_discovery_probe(r: &mut Reader<'_>) -> Result<DiscoveryProbe, DecodeError> {
    let kinds: Vec<Kind> = Kind::all().collect();
    Ok(DiscoveryProbe::new(r.variant(&kinds)?, r.u16()?))
}

fn write_up(w: &mut Writer, up: &LiveHost) {
    w.u64(up.target);
    w.u64(mac_bits(up.mac));
    write_ip(w, up.found.host.ip);
    w.u32(up.found.host.zone);
    w.u8(place(HostState::ALL, up.found.state));
    w.u8(place(Reason::ALL, up.found.reason));
    w.option(up.found.rtt, |w, d| w.u64(d.as_nanos() as u64));
    w.option(up.found.mac, |w, m| w.u64(mac_bits(m)));
    w.option(up.found.ttl, Writer::u8);
    w.option(up.probe, |w, probe| {
        w.u8(probe.kind.index() as u8);
        w.u16(probe.port);
    });
}

fn read_up(r: &mut Reader<'_>) -> Result<LiveHost, DecodeError> {
    Ok(LiveHost {
        target: r.u64()?,
        mac: mac(r.u64()?),
        found: HostFinding {
            host: Host::zoned(read_ip(r)?, r.u32()?),
            state: r.variant(HostState::ALL)?,
            reason: r.variant(Reason::ALL)?,
            rtt: r.option(|r| r.u64().map(Duration::from_nanos))?,
            mac: r.option(|r| r.u64().map(mac))?,
            ttl: r.option(Reader::u8)?,
        },
        probe: r.option(read_discovery_probe)?,
    })
}

fn write_answer(w: &mut Writer, k: &Answer) {
    w.u64(k.index);
    w.u8(place(PortState::ALL, k.state));
    w.u8(place(Reason::ALL, k.reason));
    w.option(k.from, write_ip);
    w.option(k.ttl, Writer::u8);
    w.option(k.rtt, |w, d| w.u64(d.as_nanos() as u64));
    w.u8(k.tries);
}

fn read_answer(r: &mut Reader<'_>) -> Result<Answer, DecodeError> {
    Ok(Answer {
        index: r.u64()?,
        state: r.variant(PortState::ALL)?,
        reason: r.variant(Reason::ALL)?,
        from: r.option(read_ip)?,
        ttl: r.option(Reader::u8)?,
        rtt: r.option(|r| r.u64().map(Duration::from_nanos))?,
        tries: r.u8()?,
    })
}

fn mac_bits(mac: MacAddr) -> u64 {
    mac.octets().iter().fold(0, |n, b| n << 8 | u64::from(*b))
}

fn mac(bits: u64) -> MacAddr {
    let [_, _, octets @ ..] = bits.to_be_bytes();
    MacAddr(octets)
}
