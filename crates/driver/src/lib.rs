//! Runs a packet scan on the wire: the loop between the engine and the rings.
//!
//! One thread, no locks: fill a batch of slots, hand it over, read what came,
//! sleep until the engine wants to be asked. A scan whose sender never comes to
//! sleep is divided among as many threads as there are wires (`team`). This
//! file must not know what is scanned or what is found.

pub mod datagrams;
mod desk;
mod replies;
mod team;
mod wire;

use std::time::Duration;

use vigie_scan::checkpoint::Checkpoint;
use vigie_scan::event::{EndReason, Progress};
use vigie_scan::plan::Plan;
use vigie_scan::{Event, Instant, Purpose, Scan};
use vigie_scope::Transport;

use vigie_linux::clock::{monotonic_ns, wake_in_time};
use vigie_linux::io::{IoError, Method};
use wire::WireSet;

/// How often the kernel is asked what it dropped, and the watcher shown the progress.
const LOOK: Duration = Duration::from_millis(100);
/// Events are told for so long at a time at most: a wish to stop is heard in between, and answers are read.
const TELL: Duration = Duration::from_millis(20);
/// With fewer probes left, a second thread has hardly begun before all is done.
const WORTH_DIVIDING: u64 = 20_000;

/// Who follows a scan.
pub trait Watch {
    /// Why the watcher can take no more.
    type Error;

    /// Something was found or said.
    fn event(&mut self, event: &Event) -> Result<(), Self::Error>;

    /// The events so far should leave the program now: no others are at hand.
    fn told(&mut self) -> Result<(), Self::Error> {
        Ok(())
    }

    /// Another window of the hosts begins: all events so far were of those before it.
    fn window(&mut self) -> Result<(), Self::Error> {
        Ok(())
    }

    /// About ten times a second.
    fn look(&mut self, progress: Progress) -> Result<(), Self::Error>;

    /// Whether a checkpoint is due; none where none is ever wanted.
    fn keep_due(&self) -> Option<bool> {
        None
    }

    /// About ten times a second, and for the last time before a stop: a checkpoint can be had.
    fn keep(
        &mut self,
        last: bool,
        make: &dyn Fn(Vec<String>) -> Checkpoint,
    ) -> Result<(), Self::Error> {
        let _ = (last, make);
        Ok(())
    }

    /// Whether the scan must stop now, and why.
    fn stop(&self) -> Option<EndReason>;

    /// A frame was sent, for what `purpose` tells, or received (none) at `at` (Unix time, ns); only where
    /// [`Watch::wants_frames`].
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

    /// Whether [`Watch::frame`] is of any use: it costs time, and keeps the scan in one thread.
    fn wants_frames(&self) -> bool {
        false
    }
}

/// Why a scan on the wire ended early.
#[derive(Debug)]
pub enum DriveError<E> {
    /// The packet sockets failed.
    Io(IoError),
    /// The watcher failed.
    Watch(E),
}

impl<E> From<IoError> for DriveError<E> {
    fn from(error: IoError) -> Self {
        DriveError::Io(error)
    }
}

/// The wires of a scan: for each of its senders one on each link that its routes use.
#[derive(Debug)]
pub struct Wires {
    /// The first is the scan's own; never none.
    sets: Vec<WireSet>,
}

impl Drop for Wires {
    fn drop(&mut self) {
        wire::close(std::mem::take(&mut self.sets));
    }
}

impl Wires {
    /// Opens the wires for `plan`: as many sets as there are `source_ports`, of which the first is the
    /// plan's own, each the first of so many as the plan has. Replies to these ports are read, nothing else; of TCP,
    /// UDP and ICMP always, and of the transports that the scan `hears`. Needs CAP_NET_RAW.
    ///
    /// # Errors
    /// If the kernel refuses, or `source_ports` is empty.
    pub fn open(
        plan: &Plan,
        source_ports: &[u16],
        hears: &[Transport],
        method: Method,
    ) -> Result<Wires, IoError> {
        if source_ports.is_empty() {
            return Err(IoError::BadRequest("no source port"));
        }
        let sets = WireSet::open_many(plan, source_ports, hears, method)?;
        Ok(Wires { sets })
    }

    /// How many senders there can be.
    pub fn senders(&self) -> usize {
        self.sets.len()
    }

    /// Runs `scan` to its end, or until `watch` says stop.
    pub fn run<W: Watch>(
        &mut self,
        scan: &mut Scan,
        watch: &mut W,
    ) -> Result<(), DriveError<W::Error>> {
        wake_in_time();
        let ran = self.run_to_the_end(scan, watch);
        if let Err(DriveError::Io(_)) = ran {
            // This machine cannot go on: what is known is told all the same.
            scan.stop(now(), EndReason::Failed);
            while scan.is_summarizing() && !scan.is_over() {
                while let Some(event) = scan.poll_event(now()) {
                    watch.event(&event).map_err(DriveError::Watch)?;
                }
            }
        }
        ran
    }

    fn run_to_the_end<W: Watch>(
        &mut self,
        scan: &mut Scan,
        watch: &mut W,
    ) -> Result<(), DriveError<W::Error>> {
        while self.run_alone(scan, watch)? == Pause::Divide {
            let wanted = match scan.split_offs() {
                0 => self.sets.len() - 1,
                split_offs => split_offs.min(self.sets.len() - 1),
            };
            let (own, others) = self
                .sets
                .split_first_mut()
                .ok_or(IoError::BadRequest("no source port"))?;
            let ports: Vec<u16> = others[..wanted].iter().map(|s| s.source_port).collect();
            let mut parts = scan.split(now(), &ports);
            let mut team = vec![(&mut *scan, own)];
            team.extend(parts.iter_mut().zip(others));
            let ran = team::run(team, watch);
            scan.join(now(), parts);
            ran?;
        }
        Ok(())
    }

    /// Runs `scan` in this thread until it is over, or better divided.
    fn run_alone<W: Watch>(
        &mut self,
        scan: &mut Scan,
        watch: &mut W,
    ) -> Result<Pause, DriveError<W::Error>> {
        let divisible = self.sets.len() > 1 && !watch.wants_frames();
        let wires = &mut self.sets[0];
        let (mut next_look, mut busy_since) = (now() + LOOK, now());
        let (mut stopped, mut behind) = (false, false);
        let mut window = scan.window();
        loop {
            let at = now();
            if !stopped && let Some(why) = watch.stop() {
                if !scan.is_summarizing() {
                    watch
                        .keep(true, &|notes| scan.checkpoint(at, notes))
                        .map_err(DriveError::Watch)?;
                }
                scan.stop(at, why);
                stopped = true;
            }
            // What came by now is read before time is up for it: a sender held up has not lost it.
            let received = wires.receive(scan, watch)?;
            scan.on_timeout(at);
            // Findings that wait to be told are not to become more.
            let sent = if behind {
                0
            } else {
                wires.transmit(scan, at, watch)?
            };
            wires.let_drain(sent);
            behind = tell(scan, watch).map_err(DriveError::Watch)?;
            if scan.window() != window {
                window = scan.window();
                watch.window().map_err(DriveError::Watch)?;
            }
            if at >= next_look {
                next_look = at + LOOK;
                wires.count_drops(scan)?;
                if !scan.is_summarizing() {
                    watch
                        .keep(false, &|notes| scan.checkpoint(at, notes))
                        .map_err(DriveError::Watch)?;
                }
                watch.look(scan.progress()).map_err(DriveError::Watch)?;
            }
            let overworked = team::is_overworked(busy_since, at, scan.pace());
            if divisible
                && (scan.split_offs() > 0 || overworked && scan.untouched() > WORTH_DIVIDING)
            {
                return Ok(Pause::Divide);
            }
            if sent + received > 0 || behind {
                continue;
            }
            let Some(due) = scan.poll_timeout(now()) else {
                wires.count_drops(scan)?;
                return Ok(Pause::Over);
            };
            let wait = due.min(next_look).since(now());
            if !wait.is_zero() && !wires.is_blocked() {
                busy_since = at;
            }
            wires.sleep(wait)?;
        }
    }
}

/// Tells `watch` what `scan` has to say, but not for longer than [`TELL`]; whether there is more.
fn tell<W: Watch>(scan: &mut Scan, watch: &mut W) -> Result<bool, W::Error> {
    let began = now();
    let mut told = 0u32;
    let mut behind = false;
    while let Some(event) = scan.poll_event(now()) {
        watch.event(&event)?;
        told += 1;
        if told.is_multiple_of(32) && now().since(began) > TELL {
            behind = true;
            break;
        }
    }
    if told > 0 {
        watch.told()?;
    }
    Ok(behind)
}

/// Why a scan does not run in this thread any further.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pause {
    Over,
    Divide,
}

fn now() -> Instant {
    Instant::from_nanos(monotonic_ns())
}
