//! What is due, as a frame: which host and port a numbered probe is for, its cookie, and its turn of source ports.
//!
//! This file must not decide what is sent, nor know how a probe looks.

use vigie_wire::MacAddr;

use super::{CANARY, Purpose, Scan, Stage, Transmit};
use crate::egress::Egress;
use crate::probe::{self, Kind};
use crate::time::Instant;
use crate::udp::{Context, To};
use vigie_scope::Host;

/// The stage is over, and the next one has begun.
pub(super) struct Turned;

impl Scan {
    /// Writes probe `index`, or the canary of it that `canary` (number and salt) tells; `turn` says from which of the
    /// source ports.
    #[inline]
    pub(super) fn write(
        &self,
        index: u64,
        canary: u32,
        turn: u16,
        slot: &mut [u8],
    ) -> Option<Transmit> {
        let (host, mac, kind, port, egress) = match &self.stage {
            Stage::Ports { host_table, .. } => {
                let n = self.plan.spec.tcp_ports().len() as u64;
                let (host, route, mac) = host_table.at(index / n);
                let (_, port) = self.plan.spec.tcp_ports().at((index % n) as usize);
                (
                    host,
                    mac,
                    self.technique,
                    port,
                    &self.egresses[route as usize],
                )
            }
            Stage::Hosts(search) => {
                let (host, route, kind, port) = search.probe(index, &self.egresses)?;
                (
                    host,
                    MacAddr::ZERO,
                    kind,
                    port,
                    &self.egresses[route as usize],
                )
            }
            Stage::Gateways(search) => {
                let (host, route, _) = search.host_table.at(index);
                (
                    host,
                    MacAddr::ZERO,
                    Kind::NEIGHBOUR,
                    0,
                    &self.egresses[route as usize],
                )
            }
            Stage::Swept { .. }
            | Stage::RateLimitProber(_)
            | Stage::Udp(_)
            | Stage::Routes(_)
            | Stage::Summary(_)
            | Stage::Over => return None,
        };
        self.write_probe((host, mac), kind, port, egress, (canary, turn), slot)
    }

    /// Writes the probe of `kind` to a host's port; see [`Scan::write`] for `canary` and `turn`.
    fn write_probe(
        &self,
        (host, mac): (Host, MacAddr),
        kind: Kind,
        port: u16,
        egress: &Egress,
        (canary, turn): (u32, u16),
        slot: &mut [u8],
    ) -> Option<Transmit> {
        // From whichever port it goes, it is the same conversation.
        let source = self.plan.local.source_port;
        let cookie = self.cookies.of(host.ip, port, source, canary & 0xffff) as u32;
        let cookie = if canary == 0 {
            cookie
        } else {
            cookie & 0xffff_0000 | canary >> 16
        };
        let to = probe::To {
            ip: host.ip,
            mac,
            port,
            cookie,
            turn: turn % self.plan.local.source_ports.max(1),
        };
        let len = if matches!(self.stage, Stage::Ports { .. } | Stage::RateLimitProber(_)) {
            egress.write_port(kind, slot, to)
        } else {
            egress.write(kind, slot, to)
        };
        let purpose = match &self.stage {
            Stage::Ports { .. } if canary == 0 => Purpose::Port,
            Stage::Ports { .. } => Purpose::Path,
            _ => Purpose::Host,
        };
        (len > 0).then_some(Transmit {
            len,
            link: egress.route.link,
            purpose,
        })
    }

    /// The next question of the proofs.
    pub(super) fn poll_proofs(
        &mut self,
        now: Instant,
        slot: &mut [u8],
    ) -> Result<Option<Transmit>, Turned> {
        let Stage::RateLimitProber(stage) = &mut self.stage else {
            return Ok(None);
        };
        let Some((number, send)) = stage.proofs.next(now) else {
            let Some(ended) = stage.proofs.ended() else {
                return Ok(None);
            };
            self.next_stage(now, ended);
            return Err(Turned);
        };
        let (host, route, mac) = stage.host_table.at(number);
        let turn = u16::from(send.number);
        let (port, canary) = match send.to {
            To::Port(place) => (self.plan.spec.tcp_ports().at(place as usize).1, 0),
            To::Control(port) => (port, u32::from(send.number) << 16 | CANARY),
        };
        let egress = &self.egresses[route as usize];
        Ok(self.write_probe(
            (host, mac),
            self.technique,
            port,
            egress,
            (canary, turn),
            slot,
        ))
    }

    /// The next question to a UDP port.
    pub(super) fn poll_udp(
        &mut self,
        now: Instant,
        slot: &mut [u8],
    ) -> Result<Option<Transmit>, Turned> {
        let Stage::Udp(stage) = &mut self.stage else {
            return Ok(None);
        };
        let context = Context {
            plan: &self.plan,
            egresses: &self.egresses,
            cookies: &self.cookies,
        };
        let sent = stage
            .scan
            .poll_transmit(&context, &stage.host_table, now, slot);
        stage.scan.tell_odd(&stage.host_table, &mut self.results);
        if sent.is_none()
            && let Some(ended) = stage.scan.ended()
        {
            self.next_stage(now, ended);
            return Err(Turned);
        }
        Ok(sent)
    }
}
