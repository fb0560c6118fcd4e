//! Writes JSON Lines: one object for each event, written as it comes and flushed when no more events are waiting.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::time::Duration;

use vigie_scan::event::{Event, HostSummary, Progress, ScanSummary};
use vigie_scan::finding::{Finding, HostFinding};
use vigie_scan::{HostState, PortState};
use vigie_scope::Host;

use super::evidence::EvidenceLine;
use super::format::write_line;
use super::host::{HostLine, UpLine};
use super::line::Line;
use super::machine::MachineLine;
use super::path::PathLine;
use super::port::PortLine;
use super::totals::{EndLine, LossLine, ProgressLine};
use super::warning::WarningLine;
use crate::evidence::Evidence;
use crate::machines::LiveHosts;
use crate::{ScanInfo, Sink};

/// Minimum time between two progress objects: they are the timeline of a report, not a display.
const PROGRESS_INTERVAL: Duration = Duration::from_secs(1);

/// JSON Lines, as a [`Sink`].
pub struct JsonLines<W> {
    out: W,
    scan: Option<ScanInfo>,
    /// Hosts that have a `host` object without ports.
    written: BTreeSet<Host>,
    /// Hosts that are up and not done.
    pending: BTreeMap<Host, HostFinding>,
    live: LiveHosts,
    /// Number of open ports.
    open: u64,
    /// Time of the last progress object.
    last_progress: Option<Duration>,
    ended: bool,
}

impl<W: Write> JsonLines<W> {
    /// Returns a sink that writes to `out`.
    pub fn new(out: W) -> JsonLines<W> {
        JsonLines {
            out,
            scan: None,
            written: BTreeSet::new(),
            pending: BTreeMap::new(),
            live: LiveHosts::default(),
            open: 0,
            last_progress: None,
            ended: false,
        }
    }

    /// Returns a sink that appends to the lines of an earlier run of the same scan.
    pub fn resume(out: W, scan: ScanInfo) -> JsonLines<W> {
        JsonLines {
            scan: Some(scan),
            ..JsonLines::new(out)
        }
    }

    fn write(&mut self, line: &Line) -> io::Result<()> {
        write_line(&mut self.out, line)
    }

    fn scan(&self) -> io::Result<&ScanInfo> {
        let scan = self.scan.as_ref();
        scan.ok_or_else(|| io::Error::other("events before the plan"))
    }

    fn host(&mut self, at: Duration, found: &HostFinding) -> io::Result<()> {
        self.live.add(found);
        let scan = self.scan()?;
        if found.state == HostState::Up {
            let line = Line::Up(UpLine::new(scan, at, found));
            self.write(&line)?;
            self.pending.insert(found.host, *found);
            return Ok(());
        }
        let line = Line::Host(HostLine::without_counts(scan, at, found, true));
        self.write(&line)?;
        self.written.insert(found.host);
        Ok(())
    }

    fn host_done(&mut self, at: Duration, summary: &HostSummary) -> io::Result<()> {
        self.live.add(&summary.host);
        let host = summary.host.host;
        self.pending.remove(&host);
        if summary.counts.is_empty() && !self.written.insert(host) {
            return Ok(());
        }
        let line = Line::Host(HostLine::new(self.scan()?, at, summary));
        self.write(&line)
    }

    fn port(&mut self, at: Duration, finding: &Finding) -> io::Result<()> {
        self.open += u64::from(finding.state == PortState::Open);
        let line = Line::Port(Box::new(PortLine::new(self.scan()?, at, finding)));
        self.write(&line)
    }

    /// Writes the hosts that never got done, the machines, and the last line.
    fn end(&mut self, at: Option<Duration>, summary: Option<&ScanSummary>) -> io::Result<()> {
        for found in std::mem::take(&mut self.pending).into_values() {
            let at = at.unwrap_or_default();
            let line = HostLine::without_counts(self.scan()?, at, &found, false);
            self.write(&Line::Host(line))?;
        }
        // The time of the last line, so that the machines are read back and written the same.
        let at = summary.map(|s| s.elapsed).or(at).unwrap_or_default();
        for machine in self.live.machines(self.scan()?) {
            let line = MachineLine::new(self.scan()?, at, machine);
            self.write(&Line::Machine(line))?;
        }
        self.ended = true;
        self.write(&Line::End(EndLine::new(summary, self.open)))
    }
}

impl<W: Write> Sink for JsonLines<W> {
    fn begin(&mut self, scan: &ScanInfo) -> io::Result<()> {
        self.write(&Line::Scan(Box::new(scan.into())))?;
        self.scan = Some(scan.clone());
        self.out.flush()
    }

    fn named(&mut self, host: Host, name: &str) {
        if let Some(scan) = &mut self.scan {
            scan.add_name(host, name);
        }
    }

    fn event(&mut self, at: Duration, event: &Event) -> io::Result<()> {
        let line = match event {
            Event::Host(found) => return self.host(at, found),
            Event::Port(finding) => return self.port(at, finding),
            Event::HostDone(summary) => return self.host_done(at, summary),
            Event::End(summary) => return self.end(Some(at), Some(summary)),
            Event::Warning(warning) => Line::Warning(WarningLine::new(self.scan()?, at, warning)),
            Event::Path(path) => Line::Path(PathLine::new(self.scan()?, at, path)),
            Event::Loss(loss) => Line::Loss(LossLine::new(at, loss)),
        };
        self.write(&line)
    }

    fn progress(&mut self, at: Duration, progress: &Progress) -> io::Result<()> {
        let soon = |last: Duration| at.saturating_sub(last) < PROGRESS_INTERVAL;
        if self.scan.is_none() || self.ended || self.last_progress.is_some_and(soon) {
            return Ok(());
        }
        self.last_progress = Some(at);
        self.write(&Line::Progress(ProgressLine::new(at, progress)))?;
        self.out.flush()
    }

    fn evidence(&mut self, at: Duration, evidence: &Evidence) -> io::Result<()> {
        let line = EvidenceLine::new(self.scan()?, at, evidence);
        self.write(&Line::Evidence(line))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        if !self.ended && self.scan.is_some() {
            self.end(None, None)?;
        }
        self.out.flush()
    }
}
