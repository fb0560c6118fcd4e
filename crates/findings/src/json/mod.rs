//! JSON Lines: one object for each event, written as it comes and flushed when no more are at hand.
//!
//! The schema is docs/json.md, and a test compares what is written with it. It
//! is never translated. Text from outside is kept whole, but whatever a terminal
//! would obey is written as `\u....`, so that even printed as it is it does no harm.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::time::Duration;

use serde::Serialize;
use vigie_scan::HostState;
use vigie_scan::event::{Event, HostSummary, Progress, ScanSummary};
use vigie_scan::finding::{Finding, HostFinding};
use vigie_scope::Host;

use crate::evidence::Evidence;
use crate::machines::Known;
use crate::service::service;
use crate::{ScanInfo, Sink};

mod format;
mod handshakes;
mod lines;
mod machine;
mod path;
mod plan;
mod ports;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod tests;
mod udp;

pub use format::write_line;
use lines::Line;

/// The version of the schema: it grows when something written before changes its meaning or goes away, not
/// when something is added.
pub const SCHEMA: u32 = 1;

/// JSON Lines, as a [`Sink`].
pub struct Json<W> {
    out: W,
    scan: Option<ScanInfo>,
    /// Hosts that were told about by a `host` object without any ports.
    told: BTreeSet<Host>,
    /// Hosts that are up and not done, and how many ports each was given an object for.
    waiting: BTreeMap<Host, HostFinding>,
    /// Those that are up, to tell which are one machine.
    known: Known,
    open: u64,
    /// When the last progress was told.
    paced: Option<Duration>,
    ended: bool,
}

/// Progress is told at most this often: it is for the timeline of a report, not for a display.
const PACE: Duration = Duration::from_secs(1);

impl<W: Write> Json<W> {
    /// JSON Lines written to `out`.
    pub fn new(out: W) -> Json<W> {
        Json {
            out,
            scan: None,
            told: BTreeSet::new(),
            waiting: BTreeMap::new(),
            known: Known::default(),
            open: 0,
            paced: None,
            ended: false,
        }
    }

    /// JSON Lines written to `out` behind those of an earlier run of the same scan.
    pub fn going_on(out: W, scan: ScanInfo) -> Json<W> {
        Json {
            scan: Some(scan),
            ..Json::new(out)
        }
    }

    fn line(&mut self, line: &impl Serialize) -> io::Result<()> {
        write_line(&mut self.out, line)
    }

    fn scan(&self) -> io::Result<&ScanInfo> {
        self.scan
            .as_ref()
            .ok_or_else(|| io::Error::other("events before the plan"))
    }

    fn host(&mut self, at: Duration, found: &HostFinding) -> io::Result<()> {
        self.known.note(found);
        let scan = self.scan()?;
        if found.state == HostState::Up {
            let line = Line::Up(lines::Up::new(scan, at, found));
            write_line(&mut self.out, &line)?;
            self.waiting.insert(found.host, *found);
            return Ok(());
        }
        let line = Line::Host(lines::HostLine::without_counts(scan, at, found, true));
        write_line(&mut self.out, &line)?;
        self.told.insert(found.host);
        Ok(())
    }

    fn host_done(&mut self, at: Duration, summary: &HostSummary) -> io::Result<()> {
        self.known.note(&summary.host);
        let host = summary.host.host;
        self.waiting.remove(&host);
        if summary.counts.is_empty() && !self.told.insert(host) {
            return Ok(());
        }
        let scan = self.scan()?;
        let line = Line::Host(lines::HostLine::new(scan, at, summary));
        write_line(&mut self.out, &line)
    }

    fn port(&mut self, at: Duration, finding: &Finding) -> io::Result<()> {
        self.open += u64::from(finding.state == vigie_scan::PortState::Open);
        let service = service(finding);
        let line = Line::Port(lines::Port::new(self.scan()?, at, finding, service));
        write_line(&mut self.out, &line)
    }

    /// Hosts that never got done, and the last line.
    fn end(&mut self, at: Option<Duration>, ending: Option<&ScanSummary>) -> io::Result<()> {
        for found in std::mem::take(&mut self.waiting).into_values() {
            let line = Line::Host(lines::HostLine::without_counts(
                self.scan()?,
                at.unwrap_or_default(),
                &found,
                false,
            ));
            write_line(&mut self.out, &line)?;
        }
        // As the last line has it, so that it reads back the same.
        let at = ending.map(|e| e.elapsed).or(at);
        for machine in self.known.machines(self.scan()?) {
            let line = machine::MachineLine::new(self.scan()?, at.unwrap_or_default(), machine);
            self.line(&Line::Machine(line))?;
        }
        self.ended = true;
        let line = Line::End(lines::End::new(ending, self.open));
        self.line(&line)
    }
}

impl<W: Write> Sink for Json<W> {
    fn begin(&mut self, scan: &ScanInfo) -> io::Result<()> {
        self.line(&Line::Scan(Box::new(plan::Scan::new(scan))))?;
        self.scan = Some(scan.clone());
        self.out.flush()
    }

    fn named(&mut self, host: Host, name: &str) {
        if let Some(scan) = &mut self.scan {
            scan.know(host, name);
        }
    }

    fn event(&mut self, at: Duration, event: &Event) -> io::Result<()> {
        match event {
            Event::Host(found) => self.host(at, found),
            Event::Port(finding) => self.port(at, finding),
            Event::HostDone(summary) => self.host_done(at, summary),
            Event::Warning(warning) => {
                let line = Line::Warning(lines::Warned::new(self.scan()?, at, warning));
                self.line(&line)
            }
            Event::Path(path) => {
                let line = Line::Path(path::PathLine::new(self.scan()?, at, path));
                self.line(&line)
            }
            Event::Loss(loss) => self.line(&Line::Loss(lines::Loss::new(at, loss))),
            Event::End(ending) => self.end(Some(at), Some(ending)),
        }
    }

    fn progress(&mut self, at: Duration, progress: &Progress) -> io::Result<()> {
        let soon = |last: Duration| at.saturating_sub(last) < PACE;
        if self.scan.is_none() || self.ended || self.paced.is_some_and(soon) {
            return Ok(());
        }
        self.paced = Some(at);
        self.line(&Line::Progress(lines::Pace::new(at, progress)))?;
        self.out.flush()
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn evidence(&mut self, at: Duration, evidence: &Evidence) -> io::Result<()> {
        let line = Line::Evidence(lines::Shown::new(self.scan()?, at, evidence));
        self.line(&line)
    }

    fn finish(&mut self) -> io::Result<()> {
        if !self.ended && self.scan.is_some() {
            self.end(None, None)?;
        }
        self.out.flush()
    }
}
