//! Closes a scan: the loss account and the last events.
//!
//! This file must not know packets or sockets.

use super::Results;
use crate::event::{EndReason, Event, LossAccount, ScanSummary, Warning};
use crate::loss::Loss;
use crate::plan::Plan;
use crate::rate_limit::prober::RateLimitProber;
use crate::sweep::Partitions;
use crate::time::Instant;

impl Results {
    /// Adds the counts of a window that was reported completely, before the next one begins.
    pub(crate) fn window_over(&mut self, sweep: &Partitions, ended: EndReason) {
        self.windows.counts = self.finished;
        self.windows.open = self.open;
        self.windows.hosts_up = self.hosts_up;
        self.windows.ended = self.windows.ended.worse(ended);
        self.windows.unanswered += sweep.unanswered() - sweep.unsent();
        self.windows.lost_on_path += lost(sweep.loss());
        self.suppressed_earlier += suppressed(sweep);
    }

    /// Appends the last events.
    pub(crate) fn close(
        &mut self,
        sweep: Option<&Partitions>,
        ended: EndReason,
        plan: &Plan,
        now: Instant,
    ) {
        let ended = self.windows.ended.worse(ended);
        self.kernel.sending += self.kernel_elsewhere.sending;
        self.kernel.receiving += self.kernel_elsewhere.receiving;
        if self.kernel.receiving > 0 {
            let frames = self.kernel.receiving;
            self.events
                .push_back(Event::Warning(Warning::KernelDropped { frames }));
        }
        for (from, count) in core::mem::take(&mut self.unexpected_sources) {
            self.events
                .push_back(Event::Warning(Warning::StrangeSource { from, count }));
        }
        let account = self.account(sweep);
        self.events.push_back(Event::Loss(account));
        self.events.push_back(Event::End(ScanSummary {
            complete: !ended.is_early() && self.unreachable == 0,
            ended,
            elapsed: now.since(self.started) + self.earlier,
            hosts: plan.local.targets.len() + self.unreachable,
            hosts_up: self.hosts_up,
            ports: plan.spec.ports_per_host(),
        }));
    }

    fn account(&self, sweep: Option<&Partitions>) -> LossAccount {
        let mut account = LossAccount {
            sent: self.finished.sent,
            answered: self.finished.answered,
            duplicates: self.finished.duplicates,
            stray: self.stray,
            dropped_sending: self.kernel.sending,
            dropped_receiving: self.kernel.receiving,
            ..LossAccount::default()
        };
        if let Some(sweep) = sweep {
            let loss = sweep.loss();
            account.lost_on_path = lost(loss);
            account.unanswered = sweep.unanswered() - sweep.unsent();
            account.loss_rate = loss.rate();
            account.measured = loss.is_measured();
            account.suppressed = suppressed(sweep);
            account.srtt = sweep.smoothed();
        }
        account.unanswered += self.windows.unanswered;
        account.lost_on_path += self.windows.lost_on_path;
        account.suppressed += self.suppressed_earlier;
        account
    }
}

/// Estimate: replies that limiters suppressed.
fn suppressed(sweep: &Partitions) -> f64 {
    let later = sweep.probing().map_or(0.0, RateLimitProber::suppressed);
    sweep.hosts().suppressed() as f64 + later
}

/// Number of probes known to be lost.
fn lost(loss: &Loss) -> f64 {
    (loss.recovered() + loss.canaries().0) as f64
}
