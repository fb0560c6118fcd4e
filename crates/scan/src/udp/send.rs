//! Writes requests and probes as frames, and reports the progress of the UDP phase.
//!
//! This file must not decide what is sent.

use core::time::Duration;

use super::frame::{self, Probe};
use super::{Context, Phase, UdpScan};
use crate::engine::{Purpose, Transmit};
use crate::event::Progress;
use crate::host_table::HostTable;
use crate::ledger::Reply;
use crate::rate_limit::{Limiter, ProbeAttempt, Target};
use crate::time::Instant;

impl UdpScan {
    pub(super) fn write_request(
        &mut self,
        context: &Context<'_>,
        host_table: &HostTable,
        index: u64,
        tries: u8,
        slot: &mut [u8],
    ) -> Option<Transmit> {
        let Phase::Request(running) = &self.phase else {
            return None;
        };
        let requests = self.requests(running.set);
        let host = running.hosts[(index / requests.len()) as usize];
        let request = requests.at(index % requests.len());
        if tries > 1 && self.hosts[host as usize].reply(request.port) != Reply::None {
            // The request was kept only because an open port may reveal more about itself; one try is enough for that.
            if let Phase::Request(running) = &mut self.phase {
                running.sweep.skip(index);
            }
            return None;
        }
        self.hosts[host as usize].probed(request.port);
        let port = self.settings.ports[request.port as usize];
        self.write(
            context,
            host_table,
            host,
            0,
            port,
            Some(request.payload),
            tries,
            Purpose::Port,
            slot,
        )
    }

    pub(super) fn write_attempt(
        &self,
        context: &Context<'_>,
        host_table: &HostTable,
        host: u32,
        send: ProbeAttempt,
        slot: &mut [u8],
    ) -> Option<Transmit> {
        let (port, purpose) = match send.to {
            Target::Port(port) => (self.settings.ports[port as usize], Purpose::Port),
            Target::Control(port) => (port, Purpose::Path),
        };
        let payload = vigie_detect::payload::for_port(port).first().copied();
        self.write(
            context,
            host_table,
            host,
            send.channel,
            port,
            payload,
            send.number,
            purpose,
            slot,
        )
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "what a probe is takes all of them, and nothing else needs them together"
    )]
    fn write(
        &self,
        context: &Context<'_>,
        host_table: &HostTable,
        host: u32,
        channel: u8,
        port: u16,
        payload: Option<&'static vigie_detect::payload::Payload>,
        number: u8,
        purpose: Purpose,
        slot: &mut [u8],
    ) -> Option<Transmit> {
        let (to, route, mac) = host_table.at(self.number(host));
        let egress = &context.egresses[route as usize];
        let own = egress.route.source;
        let source = match channel.checked_sub(1) {
            None => own,
            Some(i) => self.sources[usize::from(i)],
        };
        let probe = Probe {
            egress: route,
            source: if source.is_ipv4() == own.is_ipv4() {
                source
            } else {
                own
            },
            ip: to.ip,
            mac,
            port,
            payload,
            number,
        };
        let len = frame::write(context, &probe, slot);
        (len > 0).then_some(Transmit {
            len,
            link: egress.route.link,
            purpose,
        })
    }

    /// How far the phase is; `open` is the number of open ports.
    pub(crate) fn progress(&self, open: u64) -> Progress {
        match &self.phase {
            Phase::Request(running) => Progress {
                udp: true,
                ..running.sweep.progress(open, false)
            },
            Phase::Over => Progress {
                done: 1.0,
                open,
                udp: true,
                ..Progress::default()
            },
            Phase::Probe { closing, .. } => self.probing_progress(open, *closing),
        }
    }

    fn probing_progress(&self, open: u64, closing: Instant) -> Progress {
        let (mut left, mut rate, mut slowest) = (0u64, 0.0, Some(Duration::ZERO));
        for host in self.hosts.iter().filter(|h| !h.over) {
            let of_host = host.left(self.loss, self.settings.miss);
            let tokens = host.tokens(self.now);
            left += of_host;
            rate += tokens.unwrap_or(0.0);
            let pace = tokens.or_else(|| host.channels.first().map(Limiter::rate));
            let eta = pace.and_then(|r| Duration::try_from_secs_f64(of_host as f64 / r).ok());
            slowest = slowest.zip(eta).map(|(a, b)| a.max(b));
        }
        let all = (self.hosts.len() * self.settings.ports.len()).max(1) as f64;
        let budget = (closing != Instant::FAR).then(|| closing.since(self.now));
        Progress {
            done: 1.0 - left as f64 / all,
            rate,
            sent: self.sent,
            loss_rate: self.loss,
            eta: match (slowest, budget) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            },
            round: 1,
            open,
            discovering: false,
            udp: true,
        }
    }
}
