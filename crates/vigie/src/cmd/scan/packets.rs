//! Runs a scan through packet sockets: opens the sockets, drops privileges, runs the engine.
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

/// Number of probes from which on several senders are used. Fewer are sent before a second sender is ready.
const MIN_PROBES_FOR_HELPERS: u64 = 50_000;
/// Rate in probes per second up to which one sender is enough.
const ONE_SENDER_RATE: f64 = 200_000.0;
/// Maximum number of senders. Each has a ring of 8 MiB.
const MAX_SENDERS: usize = 16;

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
    // Everything that needs privileges is open. From here on, the process parses packets from untrusted hosts.
    if let Err(error) = privilege::drop_privileges() {
        ui.note(&Message::new("privileges-kept").shown("error", error));
    }
    follower.check_writable()?;
    let ran = runner.run(&mut scan, &mut follower);
    run_error::outcome(ran, follower.finish())
}

/// Returns the transports to receive besides TCP, UDP and ICMP.
fn transports(plan: &Plan) -> Vec<Transport> {
    let discovery = plan
        .spec
        .discovery_probes
        .iter()
        .filter_map(|q| match q.kind {
            Kind::IP_PROTOCOL => Some(Transport::Ip),
            Kind::SCTP_INIT => Some(Transport::Sctp),
            _ => None,
        });
    let mut transports: Vec<Transport> = discovery
        .chain([plan.spec.technique().transport()])
        .collect();
    transports.sort_unstable();
    transports.dedup();
    transports
}

/// Opens the sockets: AF_XDP if the options ask for it and the link supports it, otherwise packet sockets.
fn open(
    options: &ScanOptions,
    info: &ScanInfo,
    source_ports: &[u16],
    ui: &mut Ui,
) -> Result<PacketRunner, Error> {
    let plan = &info.plan;
    let transports = transports(plan);
    if options.xdp {
        match PacketRunner::open(plan, source_ports, &transports, Method::Xdp(XdpMode::Auto)) {
            Ok(runner) => return Ok(runner),
            Err(error) => {
                ui.note(&Message::new("xdp-falls-back").text("error", kernel::io(&error)));
            }
        }
    }
    PacketRunner::open(plan, source_ports, &transports, Method::Packet)
        .map_err(|e| run_error::io(&e))
}

/// Returns the number of senders for a scan of `probes` probes. A checkpoint of `parts` parts needs as many.
pub fn senders(options: &ScanOptions, technique: Technique, probes: u64, parts: usize) -> u16 {
    let capped = options
        .budget
        .max_rate
        .is_some_and(|rate| rate < ONE_SENDER_RATE);
    // The rings of helpers have small frames. Only answers to a SYN are known to fit.
    let alone = capped || !are_plain_syns(options, technique);
    let wanted = if probes < MIN_PROBES_FOR_HELPERS || alone {
        1
    } else {
        std::thread::available_parallelism().map_or(1, NonZeroUsize::get)
    };
    wanted.max(parts).min(MAX_SENDERS) as u16
}

/// Whether the probes are SYNs with the default flags and source ports.
fn are_plain_syns(options: &ScanOptions, technique: Technique) -> bool {
    technique == Technique::Syn && options.flags.is_none() && options.source_port.is_none()
}

/// Returns the number of source ports of each sender; see [`SOURCE_PORTS`].
pub fn source_ports(options: &ScanOptions, technique: Technique) -> u16 {
    // A scan of UDP ports alone sends SYNs for host discovery only.
    if are_plain_syns(options, technique) && !options.ports.is_empty() {
        SOURCE_PORTS
    } else {
        1
    }
}
