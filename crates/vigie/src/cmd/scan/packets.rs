//! The scan with packets of our own: sockets opened, privileges dropped, engine run.
//!
//! This file must not know formats or routes.

use std::num::NonZeroUsize;

use vigie_driver::{DriveError, Watch, Wires};
use vigie_linux::clock::monotonic_ns;
use vigie_linux::io::xdp::XdpMode;
use vigie_linux::io::{IoError, Method};
use vigie_linux::privilege;
use vigie_report::Message;
use vigie_report::scan::ScanInfo;
use vigie_scan::checkpoint::Checkpoint;
use vigie_scan::event::{EndReason, Progress};
use vigie_scan::plan::{SOURCE_PORTS, Technique};
use vigie_scan::probe::Kind;
use vigie_scan::{Event, Instant, Plan, Purpose, Scan};
use vigie_scope::Transport;

use super::follow::Follower;
use super::options::ScanOptions;
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::kernel;
use crate::ui::{Outcome, Ui};

/// Fewer probes than this are sent before a second sender is ready.
const WORTH_SENDERS: u64 = 50_000;
/// Up to this pace, in probes a second, one sender has no need of others.
const ONE_SENDER: f64 = 200_000.0;
/// Each costs a ring of 8 MiB.
const MOST_SENDERS: usize = 16;

/// Runs the scan that `info` describes.
pub fn run(
    options: &ScanOptions,
    info: &ScanInfo,
    source_ports: &[u16],
    checkpoint: Option<Checkpoint>,
    ui: &mut Ui,
) -> Outcome {
    let plan = &info.plan;
    let mut wires = open(options, info, source_ports, ui)?;
    let now = Instant::from_nanos(monotonic_ns());
    let mut scan = Scan::new(plan.clone(), now).map_err(|error| {
        Error::could_not_run(Message::new("scan-plan-broken").shown("error", error))
    })?;
    if checkpoint.as_ref().is_some_and(|c| !c.fits(plan)) {
        return Err(other_plan());
    }
    let mut follower = Follower::begin(options, info, ui, Interrupt::listen())?;
    if let Some(checkpoint) = checkpoint {
        let alone = checkpoint.parts() > wires.senders() || Watch::wants_frames(&follower);
        let checkpoint = if alone {
            checkpoint.joined()
        } else {
            checkpoint
        };
        if !scan.resume(now, checkpoint) {
            return Err(other_plan());
        }
    }
    // Everything that needs privileges is open. What follows reads what strangers send.
    if let Err(error) = privilege::drop_privileges() {
        ui.note(&Message::new("privileges-kept").shown("error", error));
    }
    follower.prove()?;
    let ran = wires.run(&mut scan, &mut follower);
    let exit = follower.finish();
    match ran {
        Ok(()) => exit,
        Err(DriveError::Io(error)) => Err(io_error(&error)),
        Err(DriveError::Watch(error)) => Err(error),
    }
}

/// What must be heard besides TCP, UDP and ICMP.
fn hears(plan: &Plan) -> Vec<Transport> {
    let asked = plan.discovery_probes.iter().filter_map(|q| match q.kind {
        Kind::IP_PROTOCOL => Some(Transport::Ip),
        Kind::SCTP_INIT => Some(Transport::Sctp),
        _ => None,
    });
    let mut hears: Vec<Transport> = asked.chain([plan.technique.transport()]).collect();
    hears.sort_unstable();
    hears.dedup();
    hears
}

/// Opens the wires, by AF_XDP where that was asked for and is possible.
fn open(
    options: &ScanOptions,
    info: &ScanInfo,
    source_ports: &[u16],
    ui: &mut Ui,
) -> Result<Wires, Error> {
    let plan = &info.plan;
    let hears = hears(plan);
    if options.xdp {
        match Wires::open(plan, source_ports, &hears, Method::Xdp(XdpMode::Auto)) {
            Ok(wires) => return Ok(wires),
            Err(error) => {
                ui.note(&Message::new("xdp-falls-back").text("error", kernel::io(&error)));
            }
        }
    }
    Wires::open(plan, source_ports, &hears, Method::Packet).map_err(|e| io_error(&e))
}

/// How many senders a scan of `probes` probes may come to need, where an earlier run had `parts`.
pub fn senders(options: &ScanOptions, technique: Technique, probes: u64, parts: usize) -> u16 {
    let capped = options
        .budget
        .max_rate
        .is_some_and(|rate| rate < ONE_SENDER);
    // Only answers to a SYN are known to fit the small frames of a helper's ring.
    let alone = capped || !are_plain_syns(options, technique);
    let wanted = if probes < WORTH_SENDERS || alone {
        1
    } else {
        std::thread::available_parallelism().map_or(1, NonZeroUsize::get)
    };
    wanted.max(parts).min(MOST_SENDERS) as u16
}

/// Whether its probes are SYNs without further ado, from any ports.
fn are_plain_syns(options: &ScanOptions, technique: Technique) -> bool {
    technique == Technique::Syn && options.flags.is_none() && options.source_port.is_none()
}

/// How many source ports each of them has; see [`SOURCE_PORTS`].
pub fn source_ports(options: &ScanOptions, technique: Technique) -> u16 {
    // Of UDP ports alone nothing is asked by a SYN but whether the host is there.
    if are_plain_syns(options, technique) && !options.ports.is_empty() {
        SOURCE_PORTS
    } else {
        1
    }
}

/// The checkpoint's targets have no route any more, or another one takes part.
pub fn other_plan() -> Error {
    Error::could_not_run(Message::new("state-other-plan")).hint(Message::new("state-refused-hint"))
}

impl Watch for Follower {
    type Error = Error;

    fn event(&mut self, event: &Event) -> Result<(), Error> {
        Follower::event(self, event)
    }

    fn look(&mut self, progress: Progress) -> Result<(), Error> {
        Follower::progress(self, &progress)
    }

    fn told(&mut self) -> Result<(), Error> {
        Follower::told(self)
    }

    fn window(&mut self) -> Result<(), Error> {
        Follower::window(self)
    }

    fn keep_due(&self) -> Option<bool> {
        Follower::keep_due(self)
    }

    fn keep(&mut self, last: bool, make: &dyn Fn(Vec<String>) -> Checkpoint) -> Result<(), Error> {
        Follower::keep(self, last, make)
    }

    fn stop(&self) -> Option<EndReason> {
        Follower::stop(self)
    }

    fn wants_frames(&self) -> bool {
        Follower::wants_frames(self)
    }

    fn frame(
        &mut self,
        at: u64,
        link: u32,
        purpose: Option<Purpose>,
        bytes: &[u8],
    ) -> Result<(), Error> {
        Follower::frame(self, at, link, purpose, bytes)
    }
}

/// What the packet sockets refused, in words.
pub fn io_error(error: &IoError) -> Error {
    match error {
        IoError::NotPermitted { .. } => no_permission(),
        IoError::DeviceDown { .. } => Error::could_not_run(Message::new("link-went-down"))
            .hint(Message::new("link-went-down-hint")),
        other => {
            Error::could_not_run(Message::new("kernel-refused").text("error", kernel::io(other)))
        }
    }
}

/// Packet sockets need a capability that this process lacks.
pub fn no_permission() -> Error {
    let program =
        std::env::current_exe().map_or_else(|_| "vigie".to_owned(), |p| p.display().to_string());
    Error::could_not_run(Message::new("no-net-raw"))
        .hint(Message::new("no-net-raw-hint").outside("program", program))
}
