//! Runs a connect scan: the kernel makes the connections, no privilege needed.
//!
//! This file must not know formats or routes.

use vigie_driver::ConnectRunner;
use vigie_findings::ScanInfo;
use vigie_linux::clock::monotonic_ns;
use vigie_linux::tcp_connect::ConnectConfig;
use vigie_scan::checkpoint::Checkpoint;
use vigie_scan::{Instant, Scan};

use super::follow::Follower;
use super::options::ScanOptions;
use super::run_error;
use crate::interrupt::Interrupt;
use crate::ui::{Outcome, Ui};

/// Runs the scan that `info` describes.
pub fn run(
    options: &ScanOptions,
    info: &ScanInfo,
    checkpoint: Option<Checkpoint>,
    ui: &mut Ui,
) -> Outcome {
    let config = ConnectConfig {
        sources: Vec::new(),
        device: options.interface.clone(),
        max_open: info.plan.spec.budget.max_connections,
    };
    let mut runner = ConnectRunner::open(config).map_err(|e| run_error::connect(&e))?;
    let now = Instant::from_nanos(monotonic_ns());
    let mut scan = Scan::new(runner.adapt(&info.plan), now).map_err(run_error::broken_plan)?;
    if let Some(checkpoint) = checkpoint
        && !scan.resume(now, checkpoint)
    {
        return Err(run_error::other_plan());
    }
    let mut follower = Follower::begin(options, info, ui, Interrupt::listen())?;
    follower.check_writable()?;
    let ran = runner.run(&mut scan, &mut follower);
    run_error::outcome(ran, follower.finish())
}
