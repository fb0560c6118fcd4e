//! Several senders at once: a thread for each part of a divided scan, and one that follows them all.
//!
//! A part shares nothing with the others but orders (stop, keep), now and then what it has seen of the
//! paths, and work that it has not begun (`desk`); what it finds goes to the follower in batches. It must not
//! know what is found.

use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

use vigie_scan::checkpoint::Checkpoint;
use vigie_scan::event::{EndReason, Progress};
use vigie_scan::loss::Loss;
use vigie_scan::{Event, Instant, Scan};

use super::desk::Desk;
use super::wire::WireSet;
use super::{DriveError, LOOK, Watch, now};
use vigie_linux::cpus;
use vigie_linux::io::IoError;

/// Batches of events on their way; a follower that is slower holds the senders up.
const QUEUE: usize = 1024;
/// Events of one batch, about.
const EVENTS: usize = 256;
/// Below this pace, in probes a second, a second sender would mostly wait, as the first one does.
const WORTH_HELPING: f64 = 100_000.0;
/// How often a part tells the others what it has seen of the paths.
const EXCHANGE: Duration = Duration::from_millis(5);

/// What a part tells the follower.
enum Report {
    Events(Vec<Event>),
    Look(usize, Progress),
    /// What part so-and-so knows; whether it will know no more.
    Kept(usize, Box<Checkpoint>, bool),
}

/// What the follower tells the parts, and they each other.
struct Orders {
    stop: OnceLock<EndReason>,
    /// Nobody listens any more.
    quit: AtomicBool,
    /// Counts the checkpoints asked for.
    keep: AtomicU32,
    /// Whether checkpoints are wanted at all.
    keeps: bool,
    /// What each part has seen of the paths.
    evidence: Mutex<Vec<Loss>>,
    desk: Desk<Scan>,
}

/// Runs all `parts`, each with the wires beside it, to the end of their probes.
pub(super) fn run<W: Watch>(
    parts: Vec<(&mut Scan, &mut WireSet)>,
    watch: &mut W,
) -> Result<(), DriveError<W::Error>> {
    let orders = Orders {
        stop: OnceLock::new(),
        quit: AtomicBool::new(false),
        keep: AtomicU32::new(0),
        keeps: watch.keep_due().is_some(),
        evidence: Mutex::new(vec![Loss::default(); parts.len()]),
        desk: Desk::new(parts.len()),
    };
    let (tell, reports) = sync_channel(QUEUE);
    thread::scope(|scope| {
        let n = parts.len();
        let cpus = cpus::one_each(n);
        let workers: Vec<_> = parts
            .into_iter()
            .enumerate()
            .map(|(number, (scan, wires))| {
                let (orders, tell) = (&orders, tell.clone());
                let cpu = cpus.get(number).copied();
                scope.spawn(move || {
                    cpu.into_iter().for_each(cpus::stay_on);
                    let _alarm = Alarm(&orders.quit);
                    let worked = work(number, scan, wires, orders, &tell);
                    // Without one part there is no whole: the others need not go on.
                    if worked.is_err() {
                        orders.quit.store(true, Relaxed);
                    }
                    worked
                })
            })
            .collect();
        drop(tell);
        let followed = follow(n, &reports, &orders, watch);
        if followed.is_err() {
            orders.quit.store(true, Relaxed);
        }
        // Senders that wait for room in the queue must not wait for ever.
        drop(reports);
        let mut failed = None;
        for worker in workers {
            match worker.join() {
                Ok(worked) => failed = failed.or(worked.err()),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        followed.map_err(DriveError::Watch)?;
        failed.map_or(Ok(()), |error| Err(DriveError::Io(error)))
    })
}

/// A part that panics must not leave the others waiting for it.
struct Alarm<'a>(&'a AtomicBool);

impl Drop for Alarm<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.store(true, Relaxed);
        }
    }
}

/// Takes everything that the parts report, until the last of them is done.
fn follow<W: Watch>(
    n: usize,
    reports: &Receiver<Report>,
    orders: &Orders,
    watch: &mut W,
) -> Result<(), W::Error> {
    let mut progress = vec![Progress::default(); n];
    let mut keeping = Keeping::new(n);
    let mut next_look = now() + LOOK;
    loop {
        match reports.recv_timeout(next_look.since(now())) {
            Ok(Report::Events(events)) => {
                for event in &events {
                    watch.event(event)?;
                }
                watch.told()?;
            }
            Ok(Report::Look(number, part)) => progress[number] = part,
            Ok(Report::Kept(number, checkpoint, last)) => {
                keeping.take(number, *checkpoint, last);
                keeping.write(watch)?;
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        }
        if orders.stop.get().is_none()
            && let Some(why) = watch.stop()
        {
            keeping.ask(true);
            // Nobody else sets it.
            let _ = orders.stop.set(why);
        }
        if now() >= next_look {
            next_look = now() + LOOK;
            watch.look(together(&progress))?;
            if watch.keep_due() == Some(true) && keeping.ask(false) {
                orders.keep.fetch_add(1, Relaxed);
            }
        }
    }
}

/// The checkpoints of the parts on their way to one.
struct Keeping {
    known: Vec<Option<Checkpoint>>,
    fresh: Vec<bool>,
    last: Vec<bool>,
    /// Whether one is being made, and whether it is the last one.
    asked: Option<bool>,
}

impl Keeping {
    fn new(n: usize) -> Keeping {
        Keeping {
            known: vec![None; n],
            fresh: vec![false; n],
            last: vec![false; n],
            asked: None,
        }
    }

    /// Asks for one; false if one is being made already.
    fn ask(&mut self, last: bool) -> bool {
        if self.asked.is_some() && !last {
            return false;
        }
        self.asked = Some(last);
        self.fresh.clone_from(&self.last);
        true
    }

    fn take(&mut self, number: usize, checkpoint: Checkpoint, last: bool) {
        self.known[number] = Some(checkpoint);
        // Of the last one all parts are to be its own: between two others they may have given each other work.
        self.fresh[number] = last || self.asked == Some(false);
        self.last[number] = last;
    }

    fn write<W: Watch>(&mut self, watch: &mut W) -> Result<(), W::Error> {
        let Some(last) = self.asked else {
            return Ok(());
        };
        if self.fresh.iter().any(|fresh| !fresh) {
            return Ok(());
        }
        self.asked = None;
        let mut all = self.known.iter().flatten().cloned();
        let Some(mut whole) = all.next() else {
            return Ok(());
        };
        all.for_each(|part| whole.absorb(part));
        watch.keep(last, &|notes| {
            let mut whole = whole.clone();
            whole.notes = notes;
            whole
        })
    }
}

/// How far the whole is.
fn together(parts: &[Progress]) -> Progress {
    let n = parts.len().max(1) as f64;
    let first = parts.first().copied().unwrap_or_default();
    parts[1..].iter().fold(
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

/// Runs one part to the end of its probes. Where it cannot come to that, what it knows is kept to be told.
fn work(
    number: usize,
    scan: &mut Scan,
    wires: &mut WireSet,
    orders: &Orders,
    tell: &SyncSender<Report>,
) -> Result<(), IoError> {
    let worked = sweep(number, scan, wires, orders, tell);
    // Nothing happens to a part that is over.
    scan.stop(now(), EndReason::Failed);
    worked
}

fn sweep(
    number: usize,
    scan: &mut Scan,
    wires: &mut WireSet,
    orders: &Orders,
    tell: &SyncSender<Report>,
) -> Result<(), IoError> {
    let (mut next_look, mut next_exchange) = (now(), now() + EXCHANGE);
    let (mut kept, mut stopped) = (0, false);
    let mut events = Vec::new();
    let kept_now = |scan: &Scan, at, last| {
        let checkpoint = Box::new(scan.checkpoint(at, Vec::new()));
        // Nobody listens: then nobody wants it.
        let _ = tell.send(Report::Kept(number, checkpoint, last));
    };
    scan.expect_donations(true);
    while !orders.quit.load(Relaxed) {
        let at = now();
        if !stopped && let Some(why) = orders.stop.get() {
            orders.desk.keep(number, u32::MAX, scan);
            if orders.keeps {
                kept_now(scan, at, true);
            }
            scan.stop(at, *why);
            stopped = true;
        }
        if orders.keep.load(Relaxed) != kept && !stopped {
            kept = orders.keep.load(Relaxed);
            orders.desk.keep(number, kept, scan);
            kept_now(scan, at, false);
        }
        orders.desk.visit(number, scan);
        let received = wires.receive(scan, &mut Deaf)?;
        scan.on_timeout(at);
        let sent = wires.transmit(scan, at, &mut Deaf)?;
        while let Some(event) = scan.poll_event(at) {
            events.push(event);
        }
        if at >= next_look {
            next_look = at + LOOK;
            wires.count_drops(scan)?;
            let _ = tell.send(Report::Look(number, scan.progress()));
        }
        if at >= next_exchange {
            next_exchange = at + EXCHANGE;
            exchange(number, scan, orders);
        }
        wires.let_drain(sent);
        let idle = sent + received == 0;
        if !events.is_empty() && (idle || events.len() >= EVENTS) {
            let _ = tell.send(Report::Events(std::mem::take(&mut events)));
        }
        if !idle {
            continue;
        }
        let Some(due) = scan.poll_timeout(now()) else {
            wires.count_drops(scan)?;
            orders.desk.leave(number, scan);
            if orders.keeps && !stopped {
                kept_now(scan, at, true);
            }
            let _ = tell.send(Report::Look(number, scan.progress()));
            exchange(number, scan, orders);
            return Ok(());
        };
        wires.sleep(due.min(next_look).since(now()))?;
    }
    Ok(())
}

/// Tells the others what this part has seen of the paths, and hears what they have.
fn exchange(number: usize, scan: &mut Scan, orders: &Orders) {
    let Some(own) = scan.evidence().cloned() else {
        return;
    };
    let mut all = orders
        .evidence
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    all[number] = own;
    let others = all.iter().enumerate().filter(|(i, _)| *i != number);
    let merged = others.map(|(_, l)| l.clone()).reduce(|a, b| a.merged(&b));
    drop(all);
    if let Some(merged) = merged {
        scan.on_evidence(merged);
    }
}

/// A part is followed by nobody directly.
struct Deaf;

impl Watch for Deaf {
    type Error = Infallible;

    fn event(&mut self, _: &Event) -> Result<(), Infallible> {
        Ok(())
    }

    fn look(&mut self, _: Progress) -> Result<(), Infallible> {
        Ok(())
    }

    fn stop(&self) -> Option<EndReason> {
        None
    }
}

impl From<DriveError<Infallible>> for IoError {
    fn from(error: DriveError<Infallible>) -> IoError {
        match error {
            DriveError::Io(error) => error,
            DriveError::Watch(never) => match never {},
        }
    }
}

/// Whether a sender that has not rested for so long at `pace` probes a second is worth helping. At a slow pace it is
/// others on this machine that give it no rest, and a second sender would only be one more of them.
pub(super) fn is_overworked(busy_since: Instant, at: Instant, pace: f64) -> bool {
    at.since(busy_since) > Duration::from_millis(10) && pace > WORTH_HELPING
}
