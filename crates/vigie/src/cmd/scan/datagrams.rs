//! Runs a UDP scan through ordinary sockets: it needs no privilege, but supports fewer options.
//!
//! This file must not know formats or routes.

use vigie_driver::UdpRunner;
use vigie_findings::ScanInfo;
use vigie_linux::clock::monotonic_ns;
use vigie_linux::privilege;
use vigie_report::Message;
use vigie_scan::checkpoint::Checkpoint;
use vigie_scan::plan::Discovery;
use vigie_scan::{Instant, Scan};

use super::follow::Follower;
use super::options::ScanOptions;
use super::routing::Routing;
use super::run_error;
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::ui::{Outcome, Ui};

/// Whether UDP ports must be scanned through ordinary sockets: packet sockets are not permitted, or do not support a
/// link's type.
pub fn are_needed(options: &ScanOptions, routing: &Routing) -> bool {
    let packets = privilege::has_net_raw() && routing.unframed.is_none();
    options.udp.is_some() && !packets
}

/// Rejects options that need packet sockets, and prints a note about the limits of ordinary sockets.
pub fn reject_unsupported(options: &mut ScanOptions, ui: &mut Ui) -> Result<(), Error> {
    let impossible = [
        (
            options.technique.is_some(),
            "udp-sockets-alone",
            "udp-sockets-alone-hint",
        ),
        (
            options.pcap.is_some() || options.packet_trace,
            "udp-sockets-no-packets",
            "udp-sockets-no-packets-hint",
        ),
        (
            options.source_port.is_some(),
            "udp-sockets-no-source-port",
            "udp-sockets-no-source-port-hint",
        ),
        (
            options.traceroute,
            "udp-sockets-no-traceroute",
            "udp-sockets-no-traceroute-hint",
        ),
    ];
    if let Some((_, key, hint)) = impossible.into_iter().find(|(asked, ..)| *asked) {
        return Err(Error::could_not_run(Message::new(key)).hint(Message::new(hint)));
    }
    options.discovery = Discovery::AssumeUp;
    ui.note(&Message::new("udp-by-sockets"));
    Ok(())
}

/// Runs the scan that `info` describes.
pub fn run(
    options: &ScanOptions,
    info: &ScanInfo,
    checkpoint: Option<Checkpoint>,
    ui: &mut Ui,
) -> Outcome {
    let opened = UdpRunner::open(&info.plan, options.interface.as_deref());
    let mut runner = opened.map_err(|e| run_error::io(&e))?;
    let plan = runner.adapt(&info.plan);
    if checkpoint.as_ref().is_some_and(|c| !c.fits(&plan)) {
        return Err(run_error::other_plan());
    }
    let now = Instant::from_nanos(monotonic_ns());
    let mut scan = Scan::new(plan, now).map_err(run_error::broken_plan)?;
    let mut follower = Follower::begin(options, info, ui, Interrupt::listen())?;
    if let Some(checkpoint) = checkpoint
        && !scan.resume(now, checkpoint.joined())
    {
        return Err(run_error::other_plan());
    }
    follower.check_writable()?;
    let ran = runner.run(&mut scan, &mut follower);
    run_error::outcome(ran, follower.finish())
}
