//! The loop that runs an engine on a backend.
//!
//! One thread, no locks: read what arrived, let time pass in the engine, send what is due, report events, then sleep
//! until the engine has something to send. The same loop serves packet rings (alone or as one of several workers),
//! UDP sockets and connections. It must not know what is scanned or found.

use std::net::SocketAddr;
use std::time::Duration;

use vigie_linux::clock::{monotonic_ns, wake_in_time};
use vigie_linux::io::IoError;
use vigie_scan::checkpoint::Checkpoint;
use vigie_scan::event::{EndReason, Progress};
use vigie_scan::{Event, Instant, Purpose, Scan};

use crate::workers;
use crate::{ConnectionState, Error, Observer};

/// Interval of progress reports, checkpoints and reads of the kernel's drop counters.
pub(crate) const TICK: Duration = Duration::from_millis(100);
/// Longest time spent on reporting events before answers are read again and a request to stop is seen.
const EVENT_BUDGET: Duration = Duration::from_millis(20);
/// Events reported between two looks at the clock.
const EVENTS_PER_CLOCK_READ: u32 = 32;
/// With fewer probes left, a second thread would barely have started before the scan is over.
const MIN_PROBES_TO_SPLIT: u64 = 20_000;

/// The parts of an engine that the loop calls. See the engine's own methods.
pub(crate) trait Engine {
    fn on_timeout(&mut self, now: Instant);
    fn poll_event(&mut self, now: Instant) -> Option<Event>;
    fn poll_timeout(&mut self, now: Instant) -> Option<Instant>;
    fn stop(&mut self, now: Instant, why: EndReason);
    fn is_summarizing(&self) -> bool;
    fn is_over(&self) -> bool;
    fn window(&self) -> u64;
    fn progress(&self) -> Progress;
    fn checkpoint(&self, now: Instant, notes: Vec<String>) -> Checkpoint;

    /// Forgets what is in flight; called when the backend has failed.
    fn abandon(&mut self, now: Instant) {
        let _ = now;
    }

    /// Returns whether more workers would speed up the scan, given how long its only worker has not slept.
    fn needs_more_workers(&self, busy: Duration) -> bool {
        let _ = busy;
        false
    }
}

macro_rules! forward_engine {
    () => {
        fn on_timeout(&mut self, now: Instant) {
            self.on_timeout(now);
        }
        fn poll_event(&mut self, now: Instant) -> Option<Event> {
            self.poll_event(now)
        }
        fn poll_timeout(&mut self, now: Instant) -> Option<Instant> {
            self.poll_timeout(now)
        }
        fn stop(&mut self, now: Instant, why: EndReason) {
            self.stop(now, why);
        }
        fn is_summarizing(&self) -> bool {
            self.is_summarizing()
        }
        fn is_over(&self) -> bool {
            self.is_over()
        }
        fn window(&self) -> u64 {
            self.window()
        }
        fn progress(&self) -> Progress {
            self.progress()
        }
        fn checkpoint(&self, now: Instant, notes: Vec<String>) -> Checkpoint {
            self.checkpoint(now, notes)
        }
    };
}

impl Engine for Scan {
    forward_engine!();

    fn abandon(&mut self, now: Instant) {
        while self.poll_cancel(now).is_some() {}
    }

    fn needs_more_workers(&self, busy: Duration) -> bool {
        self.split_offs() > 0
            || workers::is_overworked(busy, self.pace()) && self.untouched() > MIN_PROBES_TO_SPLIT
    }
}

/// Kernel I/O for an engine `E`.
pub(crate) trait Backend<E> {
    /// Passes everything that arrived to `engine`. Returns the number of packets or outcomes.
    fn receive<S: Supervisor<E>>(
        &mut self,
        engine: &mut E,
        supervisor: &mut S,
    ) -> Result<usize, Error<S::Error>>;

    /// Sends one batch of what is due at `at`. Returns the number of packets or connections that the kernel accepted.
    fn transmit<S: Supervisor<E>>(
        &mut self,
        engine: &mut E,
        at: Instant,
        supervisor: &mut S,
    ) -> Result<usize, Error<S::Error>>;

    /// Sleeps until something arrives, at most `timeout`.
    fn wait<S: Supervisor<E>>(
        &mut self,
        engine: &mut E,
        timeout: Duration,
        supervisor: &mut S,
    ) -> Result<(), Error<S::Error>>;

    /// Reports the kernel's drop counters to `engine`.
    fn report_drops(&mut self, engine: &mut E) -> Result<(), IoError> {
        let _ = engine;
        Ok(())
    }

    /// Pauses briefly where a device accepted only `sent` frames of a batch.
    fn let_drain(&self, sent: usize) {
        let _ = sent;
    }

    /// Returns whether frames wait for a device: a sender that sleeps for this reason is still busy.
    fn is_blocked(&self) -> bool {
        false
    }
}

/// What directs a loop: an observer, or the group of workers that the loop belongs to.
pub(crate) trait Supervisor<E> {
    type Error;

    /// Applies what changed since the last turn (stop, checkpoint, work). Returns whether the loop goes on.
    fn direct(&mut self, engine: &mut E, at: Instant) -> Result<bool, Self::Error>;

    /// Takes the engine's events; `idle` if nothing was sent or received in this turn. Returns whether more are ready.
    fn take_events(&mut self, engine: &mut E, at: Instant, idle: bool)
    -> Result<bool, Self::Error>;

    /// Called every [`TICK`].
    fn tick(&mut self, engine: &mut E, at: Instant) -> Result<(), Self::Error>;

    /// Called once when the engine has nothing left to do.
    fn finished(&mut self, engine: &mut E, at: Instant) -> Result<(), Self::Error> {
        let _ = (engine, at);
        Ok(())
    }

    /// Returns whether to leave the loop so that several workers can take over; `busy` is the time without sleep.
    fn should_split(&self, engine: &E, busy: Duration) -> bool {
        let _ = (engine, busy);
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

/// Runs `engine` on `backend` until it is done, or `supervisor` ends the loop.
pub(crate) fn run<E: Engine, B: Backend<E>, S: Supervisor<E>>(
    engine: &mut E,
    backend: &mut B,
    supervisor: &mut S,
) -> Result<Exit, Error<S::Error>> {
    let (mut next_tick, mut busy_since) = (now() + TICK, now());
    let mut behind = false;
    loop {
        let at = now();
        if !supervisor.direct(engine, at).map_err(Error::Observer)? {
            return Ok(Exit::Dismissed);
        }
        // Answers that arrived are read before their timers expire: a delayed thread has not lost them.
        let received = backend.receive(engine, supervisor)?;
        engine.on_timeout(at);
        // While events wait to be reported, sending more would only produce more of them.
        let sent = if behind {
            0
        } else {
            backend.transmit(engine, at, supervisor)?
        };
        backend.let_drain(sent);
        let idle = sent + received == 0;
        behind = supervisor
            .take_events(engine, at, idle)
            .map_err(Error::Observer)?;
        if at >= next_tick {
            next_tick = at + TICK;
            backend.report_drops(engine)?;
            supervisor.tick(engine, at).map_err(Error::Observer)?;
        }
        if supervisor.should_split(engine, at.since(busy_since)) {
            return Ok(Exit::Split);
        }
        if !idle || behind {
            continue;
        }
        let Some(due) = engine.poll_timeout(now()) else {
            backend.report_drops(engine)?;
            supervisor.finished(engine, at).map_err(Error::Observer)?;
            return Ok(Exit::Finished);
        };
        let timeout = due.min(next_tick).since(now());
        if timeout.is_zero() {
            continue;
        }
        if !backend.is_blocked() {
            busy_since = at;
        }
        backend.wait(engine, timeout, supervisor)?;
    }
}

/// Runs `engine` in this thread under `observer`. With `may_split`, returns [`Exit::Split`] when more workers would
/// help.
pub(crate) fn observe<E: Engine, B: Backend<E>, O: Observer>(
    engine: &mut E,
    backend: &mut B,
    observer: &mut O,
    may_split: bool,
) -> Result<Exit, Error<O::Error>> {
    wake_in_time();
    let mut supervisor = Observed {
        may_split: may_split && !observer.wants_frames(),
        window: engine.window(),
        stopped: false,
        observer,
    };
    run(engine, backend, &mut supervisor)
}

/// After a failure of the backend, reports everything that the engine knows.
pub(crate) fn report_rest<E: Engine, O: Observer>(
    engine: &mut E,
    observer: &mut O,
) -> Result<(), Error<O::Error>> {
    engine.stop(now(), EndReason::Failed);
    while engine.is_summarizing() && !engine.is_over() {
        while let Some(event) = engine.poll_event(now()) {
            observer.event(&event).map_err(Error::Observer)?;
        }
        engine.abandon(now());
    }
    Ok(())
}

/// Returns `ran`, after reporting what the engine knows if the backend failed.
pub(crate) fn end<E: Engine, O: Observer>(
    ran: Result<(), Error<O::Error>>,
    engine: &mut E,
    observer: &mut O,
) -> Result<(), Error<O::Error>> {
    if matches!(ran, Err(ref error) if !matches!(error, Error::Observer(_))) {
        report_rest(engine, observer)?;
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

impl<E: Engine, O: Observer> Supervisor<E> for Observed<'_, O> {
    type Error = O::Error;

    fn direct(&mut self, engine: &mut E, at: Instant) -> Result<bool, O::Error> {
        if !self.stopped
            && let Some(why) = self.observer.stop()
        {
            if !engine.is_summarizing() {
                self.observer
                    .checkpoint(true, &|notes| engine.checkpoint(at, notes))?;
            }
            engine.stop(at, why);
            self.stopped = true;
        }
        Ok(true)
    }

    fn take_events(&mut self, engine: &mut E, _: Instant, _: bool) -> Result<bool, O::Error> {
        let behind = report_events(engine, self.observer)?;
        if engine.window() != self.window {
            self.window = engine.window();
            self.observer.window()?;
        }
        Ok(behind)
    }

    fn tick(&mut self, engine: &mut E, at: Instant) -> Result<(), O::Error> {
        if !engine.is_summarizing() {
            self.observer
                .checkpoint(false, &|notes| engine.checkpoint(at, notes))?;
        }
        self.observer.progress(engine.progress())
    }

    fn should_split(&self, engine: &E, busy: Duration) -> bool {
        self.may_split && engine.needs_more_workers(busy)
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
fn report_events<E: Engine, O: Observer>(
    engine: &mut E,
    observer: &mut O,
) -> Result<bool, O::Error> {
    let began = now();
    let mut reported = 0u32;
    let mut behind = false;
    while let Some(event) = engine.poll_event(now()) {
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
