//! `vigie scan`: which ports are open, closed or filtered, and why.
//!
//! Flags ([`crate::flags::scan`]) become checked [`options`]. [`prepare`] makes a plan of them: names become addresses
//! ([`resolve`]), addresses get routes ([`routing`]), and source ports are reserved ([`source_ports`]). Then one backend
//! runs the plan: [`packets`], [`connections`] or [`datagrams`]. No probe is sent before the plan is complete and
//! permitted.

use std::hash::{BuildHasher as _, Hasher as _};

use clap::ArgMatches;
use vigie_scan::plan::Backend;

use super::Command;
use crate::error::Error;
use crate::flags;
use crate::flags::scan::ScanFlags;
use crate::ui::{Outcome, Ui};

pub mod checkpoint;
pub mod connections;
pub mod datagrams;
pub mod discovery;
pub mod follow;
pub mod frames;
pub mod lists;
pub mod on_link;
pub mod options;
pub mod packets;
pub mod prepare;
pub mod resolve;
pub mod resolver;
pub mod routing;
pub mod run_error;
pub mod source_ports;
pub mod techniques;
pub mod trace;
pub mod udp;

use options::ScanOptions;
use prepare::Prepared;

/// The command.
pub const COMMAND: Command = Command::new::<ScanFlags>(flags::scan::command, run);

fn run(matches: &ArgMatches, ui: &mut Ui) -> Outcome {
    let options = ScanOptions::new(flags::parse(matches)?)?;
    let Prepared {
        options,
        info,
        source_ports,
        checkpoint,
    } = prepare::prepare(options, ui)?;
    match info.plan.spec.backend {
        Backend::UdpSockets => datagrams::run(&options, &info, checkpoint, ui),
        Backend::Connections => connections::run(&options, &info, checkpoint, ui),
        Backend::Packets => packets::run(&options, &info, source_ports.firsts(), checkpoint, ui),
    }
}

/// Returns the error for a netlink request that the kernel rejected.
fn kernel(error: &vigie_linux::netlink::Error) -> Error {
    crate::kernel::refused(error)
}

/// Returns a random number. The standard library seeds its hash keys from the system's generator.
fn random() -> u64 {
    std::hash::RandomState::new().build_hasher().finish()
}
