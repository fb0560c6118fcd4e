//! The loop that runs an engine on a backend.
//!
//! One thread, no locks: read what arrived, let time pass in the scan, send what is due, report events, then sleep
//! until the engine has something to send. The same loop serves packet rings (alone or as one of several workers),
//! UDP sockets and connections. It must not know what is scanned or found.

use std::net::SocketAddr;
use std::time::Duration;

use vigie_linux::clock::{monotonic_ns, reduce_timer_slack};
use vigie_linux::io::IoError;
use vigie_scan::event::EndReason;
use vigie_scan::{Instant, Purpose, Scan};

use crate::workers;
use crate::{ConnectionState, Error, Observer};

/// Interval of progress reports, checkpoints and reads of the kernel's drop counters.
pub(crate) const TICK: Duration = Duration::from_millis(100);
/// Longest time spent on reporting events before answers are read again and a request to stop is seen.
const EVENT_BUDGET: Duration = Duration::from_millis(20);
/// Number of events reported between two reads of the clock.
const EVENTS_PER_CLOCK_READ: u32 = 32;
/// With fewer probes left, a second thread would barely have started before the scan is over.
const MIN_PROBES_TO_SPLIT: u64 = 20_000;

/// Returns whether more workers would speed up `scan`; its only worker has not slept for `busy`.
fn needs_more_workers(scan: &Scan, busy: Duration) -> bool {
    scan.split_offs() > 0
        || workers::is_overworked(busy, scan.pace()) && scan.untouched() > MIN_PROBES_TO_SPLIT
}

/// Kernel I/O for the scan.
pub(crate) trait Backend {
    /// Passes everything that arrived to `scan`. Returns the number of packets or outcomes.
    fn receive<S: Supervisor>(
        &mut self,
        scan: &mut Scan,
        supervisor: &mut S,
    ) -> Result<usize, Error<S::Error>>;

    /// Sends one batch of what is due at `at`. Returns the number of packets or connections that the kernel accepted.
    fn transmit<S: Supervisor>(
        &mut self,
        scan: &mut Scan,
        at: Instant,
        supervisor: &mut S,
    ) -> Result<usize, Error<S::Error>>;

    /// Sleeps until something arrives, at most `timeout`.
    fn wait<S: Supervisor>(
        &mut self,
        scan: &mut Scan,
        timeout: Duration,
        supervisor: &mut S,
    ) -> Result<(), Error<S::Error>>;

    /// Reports the kernel's drop counters to `scan`.
    fn report_drops(&mut self, scan: &mut Scan) -> Result<(), IoError> {
        let _ = scan;
        Ok(())
    }

    /// Pauses briefly where a device accepted only `sent` frames of a batch.
    fn let_drain(&self, sent: usize) {
        let _ = sent;
    }

    /// Returns whether frames wait for a device. A sender that sleeps for this reason still counts as busy.
    fn is_blocked(&self) -> bool {
        false
    }
}

/// Directs a loop: implemented by an observer, or by the group of workers that the loop belongs to.
pub(crate) trait Supervisor {
    type Error;

    /// Applies requests since the last turn (stop, checkpoint, work). Returns whether the loop continues.
    fn direct(&mut self, scan: &mut Scan, at: Instant) -> Result<bool, Self::Error>;

    /// Takes the engine's events; `idle` if nothing was sent or received in this turn. Returns whether more are ready.
    fn take_events(
        &mut self,
        scan: &mut Scan,
        at: Instant,
        idle: bool,
    ) -> Result<bool, Self::Error>;

    /// Called every [`TICK`].
    fn tick(&mut self, scan: &mut Scan, at: Instant) -> Result<(), Self::Error>;

    /// Called once when the engine has nothing left to do.
    fn finished(&mut self, scan: &mut Scan, at: Instant) -> Result<(), Self::Error> {
        let _ = (scan, at);
        Ok(())
    }

    /// Returns whether to leave the loop so that several workers can take over; `busy` is the time without sleep.
    fn should_split(&self, scan: &Scan, busy: Duration) -> bool {
        let _ = (scan, busy);
        false
    }

    /// See [`Observer::wants_frames`].
    fn wants_frames(&self) -> bool {
        false
    }

    /// See [`Observer::frame`].
    fn frame(
        &mut self,
        at: u64,
        link: u32,
        purpose: Option<Purpose>,
        bytes: &[u8],
    ) -> Result<(), Self::Error> {
        let _ = (at, link, purpose, bytes);
        Ok(())
    }

    /// See [`Observer::connection`].
    fn connection(&mut self, to: SocketAddr, state: &ConnectionState) -> Result<(), Self::Error> {
        let _ = (to, state);
        Ok(())
    }
}

/// Why the loop ended without an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// The engine has nothing left to do.
    Finished,
    /// Several workers should take over.
    Split,
    /// The supervisor ended it.
    Dismissed,
}

/// Runs `scan` on `backend` until it is done, or `supervisor` ends the loop.
pub(crate) fn run<B: Backend, S: Supervisor>(
    scan: &mut Scan,
    backend: &mut B,
    supervisor: &mut S,
) -> Result<Exit, Error<S::Error>> {
    let (mut next_tick, mut busy_since) = (now() + TICK, now());
    let mut behind = false;
    loop {
        let at = now();
        if !supervisor.direct(scan, at).map_err(Error::Observer)? {
            return Ok(Exit::Dismissed);
        }
        // Read answers before expiring timers: after a delay of this thread, answers may already be in the ring.
        let received = backend.receive(scan, supervisor)?;
        scan.on_timeout(at);
        // Do not send while events wait to be reported: sending would produce more events.
        let sent = if behind {
            0
        } else {
            backend.transmit(scan, at, supervisor)?
        };
        backend.let_drain(sent);
        let idle = sent + received == 0;
        behind = supervisor
            .take_events(scan, at, idle)
            .map_err(Error::Observer)?;
        if at >= next_tick {
            next_tick = at + TICK;
            backend.report_drops(scan)?;
            supervisor.tick(scan, at).map_err(Error::Observer)?;
        }
        if supervisor.should_split(scan, at.since(busy_since)) {
            return Ok(Exit::Split);
        }
        if !idle || behind {
            continue;
        }
        let Some(due) = scan.poll_timeout(now()) else {
            backend.report_drops(scan)?;
            supervisor.finished(scan, at).map_err(Error::Observer)?;
            return Ok(Exit::Finished);
        };
        let timeout = due.min(next_tick).since(now());
        if timeout.is_zero() {
            continue;
        }
        if !backend.is_blocked() {
            busy_since = at;
        }
        backend.wait(scan, timeout, supervisor)?;
    }
}

/// Runs `scan` in this thread under `observer`. With `may_split`, returns [`Exit::Split`] when more workers would
/// help.
pub(crate) fn observe<B: Backend, O: Observer>(
    scan: &mut Scan,
    backend: &mut B,
    observer: &mut O,
    may_split: bool,
) -> Result<Exit, Error<O::Error>> {
    reduce_timer_slack();
    let mut supervisor = Observed {
        may_split: may_split && !observer.wants_frames(),
        window: scan.window(),
        stopped: false,
        observer,
    };
    run(scan, backend, &mut supervisor)
}

/// Reports all results of the engine so far, after a failure of the backend.
pub(crate) fn report_rest<O: Observer>(
    scan: &mut Scan,
    observer: &mut O,
) -> Result<(), Error<O::Error>> {
    scan.stop(now(), EndReason::Failed);
    while scan.is_summarizing() && !scan.is_over() {
        while let Some(event) = scan.poll_event(now()) {
            observer.event(&event).map_err(Error::Observer)?;
        }
        // Connections that are still in flight have no result any more.
        while scan.poll_cancel(now()).is_some() {}
    }
    Ok(())
}

/// Returns `ran`. If the backend failed, first reports all results so far.
pub(crate) fn end<O: Observer>(
    ran: Result<(), Error<O::Error>>,
    scan: &mut Scan,
    observer: &mut O,
) -> Result<(), Error<O::Error>> {
    if matches!(ran, Err(ref error) if !matches!(error, Error::Observer(_))) {
        report_rest(scan, observer)?;
    }
    ran
}

/// A loop that reports to an observer directly.
struct Observed<'a, O> {
    observer: &'a mut O,
    may_split: bool,
    window: u64,
    stopped: bool,
}

impl<O: Observer> Supervisor for Observed<'_, O> {
    type Error = O::Error;

    fn direct(&mut self, scan: &mut Scan, at: Instant) -> Result<bool, O::Error> {
        if !self.stopped
            && let Some(why) = self.observer.stop()
        {
            if !scan.is_summarizing() {
                self.observer
                    .checkpoint(true, &|notes| scan.checkpoint(at, notes))?;
            }
            scan.stop(at, why);
            self.stopped = true;
        }
        Ok(true)
    }

    fn take_events(&mut self, scan: &mut Scan, _: Instant, _: bool) -> Result<bool, O::Error> {
        let behind = report_events(scan, self.observer)?;
        if scan.window() != self.window {
            self.window = scan.window();
            self.observer.window()?;
        }
        Ok(behind)
    }

    fn tick(&mut self, scan: &mut Scan, at: Instant) -> Result<(), O::Error> {
        if !scan.is_summarizing() {
            self.observer
                .checkpoint(false, &|notes| scan.checkpoint(at, notes))?;
        }
        self.observer.progress(scan.progress())
    }

    fn should_split(&self, scan: &Scan, busy: Duration) -> bool {
        self.may_split && needs_more_workers(scan, busy)
    }

    fn wants_frames(&self) -> bool {
        self.observer.wants_frames()
    }

    fn frame(
        &mut self,
        at: u64,
        link: u32,
        purpose: Option<Purpose>,
        bytes: &[u8],
    ) -> Result<(), O::Error> {
        self.observer.frame(at, link, purpose, bytes)
    }

    fn connection(&mut self, to: SocketAddr, state: &ConnectionState) -> Result<(), O::Error> {
        self.observer.connection(to, state)
    }
}

/// Reports events to `observer` for at most [`EVENT_BUDGET`]. Returns whether more are ready.
fn report_events<O: Observer>(scan: &mut Scan, observer: &mut O) -> Result<bool, O::Error> {
    let began = now();
    let mut reported = 0u32;
    let mut behind = false;
    while let Some(event) = scan.poll_event(now()) {
        observer.event(&event)?;
        reported += 1;
        if reported.is_multiple_of(EVENTS_PER_CLOCK_READ) && now().since(began) > EVENT_BUDGET {
            behind = true;
            break;
        }
    }
    if reported > 0 {
        observer.flush()?;
    }
    Ok(behind)
}

/// Returns the current monotonic time.
pub(crate) fn now() -> Instant {
    Instant::from_nanos(monotonic_ns())
}
