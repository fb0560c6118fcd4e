//! A scan's plan and events on their way to people and programs.
//!
//! A scan has one stream of events; every output format is a [`Sink`] for it in
//! a file of its own. This folder must not know how a scan runs.

use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

use vigie_scan::Plan;
use vigie_scan::event::{Event, Progress};
use vigie_scope::Host;
use vigie_scope::Permission;

use evidence::Evidence;

pub mod csv;
pub mod evidence;
pub(crate) mod explain;
mod gather;
#[cfg(test)]
pub(crate) mod generated;
pub mod grepable;
mod handshakes;
pub mod html;
pub mod human;
mod joined;
pub mod json;
#[cfg(test)]
pub(crate) mod office;
pub mod partial;
mod path;
pub mod permission;
pub mod progress;
mod ranges;
pub mod read;
pub mod recorder;
#[cfg(test)]
pub(crate) mod samples;
pub mod time;
mod udp;
mod words;
pub mod xml;

/// What is known about a scan before it begins.
#[derive(Clone, Debug, PartialEq)]
pub struct ScanInfo {
    /// The program's version.
    pub version: String,
    /// The command line, program name first.
    pub command: Vec<String>,
    /// When the scan began, since 1970-01-01T00:00:00Z.
    pub started: Duration,
    /// The targets as they were asked for.
    pub targets: Vec<String>,
    /// How the ports were asked for.
    pub ports_asked: PortsAsked,
    /// The names by which hosts were asked for, or that a resolver gave.
    pub names: BTreeMap<Host, Vec<String>>,
    /// What allows it.
    pub permission: Permission,
    /// Everything else.
    pub plan: Plan,
}

/// How the ports were asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortsAsked {
    /// The most common ones.
    Top,
    /// One by one or in ranges.
    Listed,
}

impl ScanInfo {
    /// Adds a name of `host`.
    pub fn know(&mut self, host: Host, name: &str) {
        let names = self.names.entry(host).or_default();
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }

    /// The text of a host's address, with the interface's name where it needs one. Not escaped.
    pub fn address(&self, host: Host) -> String {
        address(&self.plan, host)
    }
}

/// The text of an address: `10.0.1.1`, `fe80::1%eth0`. The name of the interface comes from
/// outside and is not escaped.
pub fn address(plan: &Plan, host: Host) -> String {
    if host.zone == 0 {
        return host.ip.to_string();
    }
    match plan.local.routes.iter().find(|r| r.link == host.zone) {
        Some(route) => format!("{}%{}", host.ip, route.link_name),
        None => format!("{}%{}", host.ip, host.zone),
    }
}

/// Whether so few hosts were asked for that one that is down is worth a line.
fn few(scan: &ScanInfo) -> bool {
    scan.plan.local.targets.len() <= 8
}

/// A caller told of an event before the plan.
fn before_the_plan() -> io::Error {
    io::Error::other("events before the plan")
}

/// Takes a scan's events and makes something of them.
///
/// The calls come in order: `begin` once, `event` for each event, `finish` once. `finish`
/// comes also where a scan broke off without [`Event::End`]: what was told so far must then
/// be left whole and marked partial.
pub trait Sink {
    /// The scan is about to begin.
    fn begin(&mut self, scan: &ScanInfo) -> io::Result<()>;

    /// Something happened, `at` after the scan began.
    fn event(&mut self, at: Duration, event: &Event) -> io::Result<()>;

    /// A resolver knows `host` by this name.
    fn named(&mut self, host: Host, name: &str);

    /// How far the scan is, `at` after it began; as often as the caller likes.
    fn progress(&mut self, at: Duration, progress: &Progress) -> io::Result<()> {
        let _ = (at, progress);
        Ok(())
    }

    /// The packets about a host or one of its ports, told `at` after the scan began; before the host
    /// is told to be done.
    fn evidence(&mut self, at: Duration, evidence: &Evidence) -> io::Result<()> {
        let _ = (at, evidence);
        Ok(())
    }

    /// What was told so far should leave the program now, where the format lets it. To be called when no
    /// more events are at hand: a call for each event would cost more than the event.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// Nothing more will come.
    fn finish(&mut self) -> io::Result<()>;
}

/// Several outputs at once. All of them get everything; the first error is told.
impl Sink for Vec<Box<dyn Sink + '_>> {
    fn begin(&mut self, scan: &ScanInfo) -> io::Result<()> {
        each(self, |sink| sink.begin(scan))
    }

    fn event(&mut self, at: Duration, event: &Event) -> io::Result<()> {
        each(self, |sink| sink.event(at, event))
    }

    fn named(&mut self, host: Host, name: &str) {
        for sink in self {
            sink.named(host, name);
        }
    }

    fn progress(&mut self, at: Duration, progress: &Progress) -> io::Result<()> {
        each(self, |sink| sink.progress(at, progress))
    }

    fn evidence(&mut self, at: Duration, evidence: &Evidence) -> io::Result<()> {
        each(self, |sink| sink.evidence(at, evidence))
    }

    fn flush(&mut self) -> io::Result<()> {
        each(self, |sink| sink.flush())
    }

    fn finish(&mut self) -> io::Result<()> {
        each(self, |sink| sink.finish())
    }
}

fn each(
    sinks: &mut [Box<dyn Sink + '_>],
    mut f: impl FnMut(&mut dyn Sink) -> io::Result<()>,
) -> io::Result<()> {
    let mut first = Ok(());
    for sink in sinks {
        let result = f(sink.as_mut());
        if first.is_ok() {
            first = result;
        }
    }
    first
}
