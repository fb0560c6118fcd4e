//! Runs a split scan with several workers: a thread for each part, and the calling thread for the observer.
//!
//! Workers share only requests (stop, checkpoint), path estimates, and work that has not begun ([`WorkQueue`]). Events go
//! to the observer in batches. This module must not know what is found.

use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

use vigie_linux::clock::reduce_timer_slack;
use vigie_linux::cpus;
use vigie_linux::io::IoError;
use vigie_scan::checkpoint::Checkpoint;
use vigie_scan::event::{EndReason, Progress};
use vigie_scan::loss::Loss;
use vigie_scan::{Event, Instant, Scan};

use crate::checkpoints::CheckpointMerge;
use crate::link_sockets::LinkSockets;
use crate::run::{self, Supervisor, TICK, now};
use crate::work_queue::WorkQueue;
use crate::{Error, Observer};

/// Capacity of the report channel in batches. A slow observer blocks the workers.
const QUEUE: usize = 1024;
/// Number of events in a batch.
const BATCH_EVENTS: usize = 256;
/// Minimum rate in probes per second for a second worker. Below it, one worker has time to sleep.
const MIN_RATE_TO_SPLIT: f64 = 100_000.0;
/// Time without sleep after which a worker counts as overloaded.
const MAX_BUSY: Duration = Duration::from_millis(10);
/// Interval at which workers exchange path estimates.
const EXCHANGE: Duration = Duration::from_millis(5);

/// Report of a worker to the observer's thread.
enum Report {
    Events(Vec<Event>),
    Progress(usize, Progress),
    /// Checkpoint of a worker; `last` if it will send no other.
    Checkpoint {
        worker: usize,
        checkpoint: Box<Checkpoint>,
        last: bool,
    },
}

/// State that all workers and the observer's thread share.
struct Shared {
    stop: OnceLock<EndReason>,
    /// Set when the workers must end at once: a worker or the observer failed.
    quit: AtomicBool,
    /// Number of checkpoints requested so far.
    checkpoints: AtomicU32,
    wants_checkpoints: bool,
    /// Path estimates of each worker.
    estimates: Mutex<Vec<Loss>>,
    queue: WorkQueue<Scan>,
}

/// Runs every part of a split scan on its sockets until all are done.
pub(crate) fn run<O: Observer>(
    parts: Vec<(&mut Scan, &mut LinkSockets)>,
    observer: &mut O,
) -> Result<(), Error<O::Error>> {
    let shared = Shared {
        stop: OnceLock::new(),
        quit: AtomicBool::new(false),
        checkpoints: AtomicU32::new(0),
        wants_checkpoints: observer.checkpoint_due().is_some(),
        estimates: Mutex::new(vec![Loss::default(); parts.len()]),
        queue: WorkQueue::new(parts.len()),
    };
    let (sender, reports) = sync_channel(QUEUE);
    reduce_timer_slack();
    thread::scope(|scope| {
        let count = parts.len();
        let cpus = cpus::one_each(count);
        let threads: Vec<_> = parts
            .into_iter()
            .enumerate()
            .map(|(number, (scan, sockets))| {
                let worker = Worker::new(number, &shared, sender.clone());
                let cpu = cpus.get(number).copied();
                let shared = &shared;
                scope.spawn(move || {
                    cpu.into_iter().for_each(cpus::pin_to);
                    let _guard = PanicGuard(&shared.quit);
                    let worked = worker.run(scan, sockets);
                    // The scan cannot be complete without this part, so the other workers end too.
                    if worked.is_err() {
                        shared.quit.store(true, Relaxed);
                    }
                    worked
                })
            })
            .collect();
        drop(sender);
        let forwarded = forward(count, &reports, &shared, observer);
        if forwarded.is_err() {
            shared.quit.store(true, Relaxed);
        }
        // Otherwise workers would wait for space in the channel for ever.
        drop(reports);
        let mut failed = None;
        for thread in threads {
            match thread.join() {
                Ok(worked) => failed = failed.or(worked.err()),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        forwarded.map_err(Error::Observer)?;
        failed.map_or(Ok(()), |error| Err(Error::Io(error)))
    })
}

/// Returns whether a worker that has not slept for `busy` at `rate` probes per second needs help. At a low rate it is
/// other processes that keep the worker from sleeping, and another worker would only add to the load.
pub(crate) fn is_overworked(busy: Duration, rate: f64) -> bool {
    busy > MAX_BUSY && rate > MIN_RATE_TO_SPLIT
}

/// Makes the other workers quit when its thread panics.
struct PanicGuard<'a>(&'a AtomicBool);

impl Drop for PanicGuard<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.store(true, Relaxed);
        }
    }
}

/// Forwards the workers' reports to `observer` until the last worker is done.
fn forward<O: Observer>(
    workers: usize,
    reports: &Receiver<Report>,
    shared: &Shared,
    observer: &mut O,
) -> Result<(), O::Error> {
    let mut progress = vec![Progress::default(); workers];
    let mut merge = CheckpointMerge::new(workers);
    let mut next_tick = now() + TICK;
    loop {
        match reports.recv_timeout(next_tick.since(now())) {
            Ok(Report::Events(events)) => {
                for event in &events {
                    observer.event(event)?;
                }
                observer.flush()?;
            }
            Ok(Report::Progress(number, part)) => progress[number] = part,
            Ok(Report::Checkpoint {
                worker,
                checkpoint,
                last,
            }) => {
                merge.add(worker, *checkpoint, last);
                if let Some((whole, last)) = merge.take() {
                    observer.checkpoint(last, &|notes| {
                        let mut whole = whole.clone();
                        whole.notes = notes;
                        whole
                    })?;
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        }
        if shared.stop.get().is_none()
            && let Some(why) = observer.stop()
        {
            merge.request(true);
            // Only this thread sets it.
            let _ = shared.stop.set(why);
        }
        if now() >= next_tick {
            next_tick = now() + TICK;
            observer.progress(total(&progress))?;
            if observer.checkpoint_due() == Some(true) && merge.request(false) {
                shared.checkpoints.fetch_add(1, Relaxed);
            }
        }
    }
}

/// Returns the progress of the whole scan from that of its parts.
fn total(parts: &[Progress]) -> Progress {
    let n = parts.len().max(1) as f64;
    let first = parts.first().copied().unwrap_or_default();
    let rest = parts.get(1..).unwrap_or_default();
    rest.iter().fold(
        Progress {
            done: first.done / n,
            loss_rate: first.loss_rate / n,
            ..first
        },
        |all, part| Progress {
            done: all.done + part.done / n,
            rate: all.rate + part.rate,
            sent: all.sent + part.sent,
            loss_rate: all.loss_rate + part.loss_rate / n,
            eta: all.eta.max(part.eta),
            round: all.round.min(part.round),
            open: all.open + part.open,
            discovering: all.discovering,
            udp: all.udp,
        },
    )
}

/// Supervises the loop of one worker.
struct Worker<'a> {
    number: usize,
    shared: &'a Shared,
    reports: SyncSender<Report>,
    events: Vec<Event>,
    next_exchange: Instant,
    /// Number of checkpoints sent so far.
    checkpoints: u32,
    stopped: bool,
}

impl<'a> Worker<'a> {
    fn new(number: usize, shared: &'a Shared, reports: SyncSender<Report>) -> Worker<'a> {
        Worker {
            number,
            shared,
            reports,
            events: Vec::new(),
            next_exchange: now() + EXCHANGE,
            checkpoints: 0,
            stopped: false,
        }
    }

    /// Runs one part to the end of its probes. If that fails, the part's results are reported later.
    fn run(mut self, scan: &mut Scan, sockets: &mut LinkSockets) -> Result<(), IoError> {
        scan.expect_donations(true);
        let ran = run::run(scan, sockets, &mut self);
        // Has no effect on a part that is done.
        scan.stop(now(), EndReason::Failed);
        match ran {
            Ok(_) => Ok(()),
            Err(Error::Io(error)) => Err(error),
            Err(Error::Observer(never)) => match never {},
            Err(Error::Connect(_) | Error::Refused(_)) => {
                Err(IoError::BadRequest("a connection in a packet scan"))
            }
        }
    }

    /// Sends a report. It is dropped if the observer has failed, because then nobody needs it.
    fn report(&self, report: Report) {
        let _ = self.reports.send(report);
    }

    fn send_checkpoint(&self, scan: &Scan, at: Instant, last: bool) {
        self.report(Report::Checkpoint {
            worker: self.number,
            checkpoint: Box::new(scan.checkpoint(at, Vec::new())),
            last,
        });
    }

    /// Publishes this worker's path estimates and takes over those of the others.
    fn exchange(&self, scan: &mut Scan) {
        let Some(own) = scan.evidence().cloned() else {
            return;
        };
        let mut all = self
            .shared
            .estimates
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        all[self.number] = own;
        let others = all.iter().enumerate().filter(|(i, _)| *i != self.number);
        let merged = others.map(|(_, l)| l.clone()).reduce(|a, b| a.merged(&b));
        drop(all);
        if let Some(merged) = merged {
            scan.on_evidence(merged);
        }
    }
}

impl Supervisor for Worker<'_> {
    type Error = Infallible;

    fn direct(&mut self, scan: &mut Scan, at: Instant) -> Result<bool, Infallible> {
        if self.shared.quit.load(Relaxed) {
            return Ok(false);
        }
        let queue = &self.shared.queue;
        if !self.stopped
            && let Some(why) = self.shared.stop.get()
        {
            queue.checkpoint(self.number, u32::MAX, scan);
            if self.shared.wants_checkpoints {
                self.send_checkpoint(scan, at, true);
            }
            scan.stop(at, *why);
            self.stopped = true;
        }
        let requested = self.shared.checkpoints.load(Relaxed);
        if requested != self.checkpoints && !self.stopped {
            self.checkpoints = requested;
            queue.checkpoint(self.number, requested, scan);
            self.send_checkpoint(scan, at, false);
        }
        queue.poll(self.number, scan);
        Ok(true)
    }

    fn take_events(
        &mut self,
        scan: &mut Scan,
        at: Instant,
        idle: bool,
    ) -> Result<bool, Infallible> {
        while let Some(event) = scan.poll_event(at) {
            self.events.push(event);
        }
        if at >= self.next_exchange {
            self.next_exchange = at + EXCHANGE;
            self.exchange(scan);
        }
        if !self.events.is_empty() && (idle || self.events.len() >= BATCH_EVENTS) {
            let events = std::mem::take(&mut self.events);
            self.report(Report::Events(events));
        }
        Ok(false)
    }

    fn tick(&mut self, scan: &mut Scan, _: Instant) -> Result<(), Infallible> {
        self.report(Report::Progress(self.number, scan.progress()));
        Ok(())
    }

    fn finished(&mut self, scan: &mut Scan, at: Instant) -> Result<(), Infallible> {
        self.shared.queue.leave(self.number, scan);
        if self.shared.wants_checkpoints && !self.stopped {
            self.send_checkpoint(scan, at, true);
        }
        self.report(Report::Progress(self.number, scan.progress()));
        self.exchange(scan);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_fast_worker_without_sleep_needs_help() {
        let long = Duration::from_millis(11);
        assert!(is_overworked(long, 200_000.0));
        assert!(!is_overworked(long, 50_000.0));
        assert!(!is_overworked(Duration::from_millis(9), 200_000.0));
    }

    #[test]
    fn total_progress_adds_rates_and_averages_shares() {
        let part = |done, rate, round, secs| Progress {
            done,
            rate,
            sent: 10,
            loss_rate: 0.1,
            eta: Some(Duration::from_secs(secs)),
            round,
            open: 2,
            ..Progress::default()
        };
        let whole = total(&[part(0.5, 1_000.0, 2, 5), part(1.0, 500.0, 1, 9)]);
        let expected = Progress {
            done: 0.75,
            rate: 1_500.0,
            sent: 20,
            loss_rate: 0.1,
            eta: Some(Duration::from_secs(9)),
            round: 1,
            open: 4,
            ..Progress::default()
        };
        assert_eq!(whole, expected);
        assert_eq!(total(&[]), Progress::default());
    }
}
