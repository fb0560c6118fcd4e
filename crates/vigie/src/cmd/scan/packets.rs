//! The scan with packets of our own: sockets opened, privileges dropped, engine run.
//!
//! This file must not know formats or routes.

use std::num::NonZeroUsize;

use vigie_driver::{Observer as _, PacketRunner};
use vigie_findings::ScanInfo;
use vigie_linux::clock::monotonic_ns;
use vigie_linux::io::Method;
use vigie_linux::io::xdp::XdpMode;
use vigie_linux::privilege;
use vigie_report::Message;
use vigie_scan::checkpoint::Checkpoint;
use vigie_scan::plan::{SOURCE_PORTS, Technique};
use vigie_scan::probe::Kind;
use vigie_scan::{Instant, Plan, Scan};
use vigie_scope::Transport;

use super::follow::Follower;
use super::options::ScanOptions;
use super::run_error;
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
    let mut runner = open(options, info, source_ports, ui)?;
    let now = Instant::from_nanos(monotonic_ns());
    let mut scan = Scan::new(plan.clone(), now).map_err(run_error::broken_plan)?;
    if checkpoint.as_ref().is_some_and(|c| !c.fits(plan)) {
        return Err(run_error::other_plan());
    }
    let mut follower = Follower::begin(options, info, ui, Interrupt::listen())?;
    if let Some(checkpoint) = checkpoint {
        let alone = checkpoint.parts() > runner.max_workers() || follower.wants_frames();
        let checkpoint = if alone {
            checkpoint.joined()
        } else {
            checkpoint
        };
        if !scan.resume(now, checkpoint) {
            return Err(run_error::other_plan());
        }
    }
    // Everything that needs privileges is open. What follows reads what strangers send.
    if let Err(error) = privilege::drop_privileges() {
        ui.note(&Message::new("privileges-kept").shown("error", error));
    }
    follower.check_writable()?;
    let ran = runner.run(&mut scan, &mut follower);
    run_error::outcome(ran, follower.finish())
}

/// What must be heard besides TCP, UDP and ICMP.
fn hears(plan: &Plan) -> Vec<Transport> {
    let asked = plan
        .spec
        .discovery_probes
        .iter()
        .filter_map(|q| match q.kind {
            Kind::IP_PROTOCOL => Some(Transport::Ip),
            Kind::SCTP_INIT => Some(Transport::Sctp),
            _ => None,
        });
    let mut hears: Vec<Transport> = asked.chain([plan.spec.technique().transport()]).collect();
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
) -> Result<PacketRunner, Error> {
    let plan = &info.plan;
    let hears = hears(plan);
    if options.xdp {
        match PacketRunner::open(plan, source_ports, &hears, Method::Xdp(XdpMode::Auto)) {
            Ok(runner) => return Ok(runner),
            Err(error) => {
                ui.note(&Message::new("xdp-falls-back").text("error", kernel::io(&error)));
            }
        }
    }
    PacketRunner::open(plan, source_ports, &hears, Method::Packet).map_err(|e| run_error::io(&e))
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
