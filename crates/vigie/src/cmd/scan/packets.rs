//! The scan with packets of our own: sockets opened, privileges dropped, engine run.
//!
//! This file must not know formats or routes.

use vigie_linux::clock::monotonic_ns;
use vigie_linux::drive::{DriveError, Watch, Wires};
use vigie_linux::io::xdp::XdpMode;
use vigie_linux::io::{IoError, Method};
use vigie_linux::privilege;
use vigie_report::Message;
use vigie_report::scan::ScanInfo;
use vigie_scan::checkpoint::Checkpoint;
use vigie_scan::event::{Progress, RoundsEnd};
use vigie_scan::probe::Kind;
use vigie_scan::{Event, Instant, Plan, Scan, Transport};

use super::follow::Follower;
use super::options::Options;
use crate::interrupt::Interrupt;
use crate::problem::Problem;
use crate::ui::{Outcome, Ui};

/// Runs the scan that `info` describes.
pub fn run(
    options: &Options,
    info: &ScanInfo,
    checkpoint: Option<Checkpoint>,
    ui: &mut Ui,
) -> Outcome {
    let plan = &info.plan;
    let mut wires = open(options, info, ui)?;
    let now = Instant::from_nanos(monotonic_ns());
    let mut scan = Scan::new(plan.clone(), now).map_err(|error| {
        Problem::could_not_run(Message::new("scan-plan-broken").shown("error", error))
    })?;
    if let Some(checkpoint) = checkpoint
        && !scan.take_up(now, checkpoint)
    {
        return Err(other_plan());
    }
    let mut follower = Follower::begin(options, info, ui, Interrupt::listen())?;
    // Everything that needs privileges is open. What follows reads what strangers send.
    if let Err(error) = privilege::drop_privileges() {
        ui.note(&Message::new("privileges-kept").shown("error", error));
    }
    follower.prove()?;
    let ran = wires.run(&mut scan, &mut follower);
    let exit = follower.finish();
    match ran {
        Ok(()) => exit,
        Err(DriveError::Io(error)) => Err(io_problem(&error)),
        Err(DriveError::Watch(problem)) => Err(problem),
    }
}

/// What must be heard besides TCP, UDP and ICMP.
fn hears(plan: &Plan) -> Vec<Transport> {
    let asked = plan.questions.iter().filter_map(|q| match q.kind {
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
fn open(options: &Options, info: &ScanInfo, ui: &mut Ui) -> Result<Wires, Problem> {
    let plan = &info.plan;
    let hears = hears(plan);
    if options.xdp {
        match Wires::open(plan, &hears, Method::Xdp(XdpMode::Auto)) {
            Ok(wires) => return Ok(wires),
            Err(error) => ui.note(&Message::new("xdp-falls-back").shown("error", error)),
        }
    }
    Wires::open(plan, &hears, Method::Packet).map_err(|e| io_problem(&e))
}

/// The checkpoint's targets have no route any more, or another one takes part.
pub fn other_plan() -> Problem {
    Problem::could_not_run(Message::new("state-other-plan"))
        .hint(Message::new("state-refused-hint"))
}

impl Watch for Follower {
    type Error = Problem;

    fn event(&mut self, event: &Event) -> Result<(), Problem> {
        Follower::event(self, event)
    }

    fn look(&mut self, progress: Progress) -> Result<(), Problem> {
        Follower::progress(self, &progress)
    }

    fn keep(
        &mut self,
        last: bool,
        make: &dyn Fn(Vec<String>) -> Checkpoint,
    ) -> Result<(), Problem> {
        Follower::keep(self, last, make)
    }

    fn stop(&self) -> Option<RoundsEnd> {
        Follower::stop(self)
    }

    fn wants_frames(&self) -> bool {
        Follower::wants_frames(self)
    }

    fn frame(&mut self, at: u64, link: u32, sent: bool, bytes: &[u8]) -> Result<(), Problem> {
        Follower::frame(self, at, link, sent, bytes)
    }
}

/// What the packet sockets refused, in words.
fn io_problem(error: &IoError) -> Problem {
    match error {
        IoError::NotPermitted { .. } => no_permission(),
        IoError::DeviceDown { .. } => Problem::could_not_run(Message::new("link-went-down"))
            .hint(Message::new("link-went-down-hint")),
        other => Problem::could_not_run(Message::new("kernel-refused").shown("error", other)),
    }
}

/// Packet sockets need a capability that this process lacks.
pub fn no_permission() -> Problem {
    let program =
        std::env::current_exe().map_or_else(|_| "vigie".to_owned(), |p| p.display().to_string());
    Problem::could_not_run(Message::new("no-net-raw"))
        .hint(Message::new("no-net-raw-hint").outside("program", program))
}
