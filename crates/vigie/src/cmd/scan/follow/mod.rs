//! Follows a running scan: events through a chain of adapters to the outputs, Ctrl-C to the engine.
//!
//! Each adapter is a pure [`Sink`] in front of another one: it delays or adds events, and gets the time as an argument.
//! This module owns the clock, the threads that look up names and check open ports, and the files. It must not know
//! packets or formats.

mod evidence;
mod hold;
mod journal;
mod journaled;
mod names;
mod open_port_check;
mod progress_line;
#[cfg(test)]
mod testing;

use std::io::{Stderr, stderr};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use vigie_driver::{CheckerConfig, ConnectionState, Observer, OpenPortChecker};
use vigie_findings::{ScanInfo, Sink};
use vigie_linux::clock::unix_ns;
use vigie_report::{Message, Texts};
use vigie_scan::checkpoint::Checkpoint;
use vigie_scan::event::{EndReason, Progress, ScanSummary};
use vigie_scan::{Event, Purpose};

use super::checkpoint::{self, Checkpointer};
use super::frames::Frames;
use super::options::ScanOptions;
use super::resolver::Resolver;
use crate::error::Error;
use crate::exit::Exit;
use crate::interrupt::Interrupt;
use crate::outputs::{self, OutputOptions};
use crate::ui::Ui;
use evidence::EvidenceFirst;
use journal::Journal;
use journaled::Journaled;
use names::HostNames;
use open_port_check::{CheckRules, OpenPortChecks};
use progress_line::ProgressLine;

/// Maximum time that the end of a scan waits for names.
const MAX_NAME_WAIT: Duration = Duration::from_millis(2_500);
/// Interval at which waiting checks for a request to stop.
const STOP_INTERVAL: Duration = Duration::from_millis(50);

/// The adapters, from the engine to the outputs.
type Chain = OpenPortChecks<HostNames<EvidenceFirst<Journaled<Journal, Outputs>>>>;
type Outputs = ProgressLine<Stderr, Vec<Box<dyn Sink>>>;

/// The observer of a scan: drives the outputs, checkpoints, name lookups and open port checks.
pub struct Follower {
    chain: Chain,
    interrupt: Interrupt,
    began: Instant,
    summary: Option<ScanSummary>,
    checkpointer: Option<Checkpointer>,
    frames: Option<Frames>,
    resolver: Option<Resolver>,
    checker_config: CheckerConfig,
    /// Started with the first request.
    checker: Option<OpenPortChecker>,
}

impl Follower {
    /// Opens the outputs and reports the beginning of the scan.
    pub fn begin(
        options: &ScanOptions,
        info: &ScanInfo,
        ui: &mut Ui,
        interrupt: Interrupt,
    ) -> Result<Follower, Error> {
        ui.flush()?;
        let output_options = OutputOptions {
            reason: options.reason,
            open_only: options.listing.open_only,
            verbosity: options.verbosity,
            explain: options.explain,
        };
        let checkpointer = options
            .state
            .as_deref()
            .map(|path| Checkpointer::new(path, info));
        if let Some(checkpointer) = &checkpointer {
            checkpointer.check_writable()?;
        }
        let frames = Frames::open(options, info)?;
        let mut sinks = outputs::open(&options.outputs, output_options, ui)?;
        sinks.begin(info)?;
        let journal = match &checkpointer {
            Some(checkpointer) if info.plan.windows() > 1 => {
                Some(open_journal(options, info, checkpointer, &mut sinks)?)
            }
            _ => None,
        };
        let resolver = options.dns.then(|| start_resolver(options)).flatten();
        let progress = (ui.wants_progress() && !options.packet_trace).then(|| ui.err_width());
        let texts = Texts::new(ui.texts().lang());
        let outputs = ProgressLine::new(stderr(), progress, texts, sinks);
        let evidence =
            EvidenceFirst::new(wants_evidence(options), Journaled::new(journal, outputs));
        let names = HostNames::new(resolver.is_some(), evidence);
        let began = Instant::now();
        let budget = &info.plan.spec.budget;
        Ok(Follower {
            chain: OpenPortChecks::new(check_rules(info), names),
            interrupt,
            began,
            summary: None,
            checkpointer,
            frames,
            resolver,
            checker_config: CheckerConfig {
                device: options.interface.clone(),
                max_rate: budget.max_rate,
                max_host_rate: budget.max_host_rate,
                deadline: budget.max_time.map(|time| began + time),
            },
            checker: None,
        })
    }

    /// Checks that checkpoints can be written. Call it after dropping privileges and before sending anything.
    pub fn check_writable(&self) -> Result<(), Error> {
        match &self.checkpointer {
            Some(checkpointer) => checkpointer.check_writable(),
            None => Ok(()),
        }
    }

    /// Closes the outputs, even after a failure. Returns the exit code of the program.
    pub fn finish(mut self) -> Result<Exit, Error> {
        let recorder = self.chain.inner().inner().recorder();
        let frames = match &mut self.frames {
            Some(frames) => frames.finish(unix_ns(), recorder),
            None => Ok(()),
        };
        self.chain.finish()?;
        frames?;
        if let (Some(checkpointer), Some(ScanSummary { complete: true, .. })) =
            (&self.checkpointer, &self.summary)
        {
            checkpointer.remove()?;
        }
        Ok(match self.summary.map(|summary| summary.ended) {
            Some(EndReason::Interrupted) => Exit::Interrupted,
            Some(EndReason::Failed) => Exit::CouldNotRun,
            _ => Exit::Done,
        })
    }

    fn names(&mut self) -> &mut HostNames<EvidenceFirst<Journaled<Journal, Outputs>>> {
        self.chain.inner()
    }

    fn journal(&mut self) -> Option<&mut Journal> {
        self.chain.inner().inner().inner().journal()
    }

    /// Gives the adapters the results of checks, waiting at most `timeout` for the first.
    fn take_checks(&mut self, timeout: Duration) -> Result<(), Error> {
        let mut timeout = timeout;
        while let Some(checker) = &self.checker {
            let result = checker.next(timeout);
            let at = self.began.elapsed();
            match result {
                Ok(Some((host, check))) => self.chain.on_result(at, host, Some(check))?,
                Ok(None) => break,
                Err(_) => {
                    self.checker = None;
                    self.chain.give_up(at)?;
                }
            }
            timeout = Duration::ZERO;
        }
        Ok(())
    }

    /// Gives the adapters the names found, waiting at most `timeout` for the first.
    fn take_names(&mut self, timeout: Duration) -> Result<(), Error> {
        let mut timeout = timeout;
        while let Some(resolver) = &self.resolver {
            let result = resolver.next(timeout);
            let at = self.began.elapsed();
            match result {
                Ok(Some((host, name))) => self.names().on_name(at, host, name.as_deref())?,
                Ok(None) => break,
                Err(_) => {
                    self.resolver = None;
                    self.names().give_up(at)?;
                }
            }
            timeout = Duration::ZERO;
        }
        Ok(())
    }

    /// Passes the adapters' requests to the threads.
    fn send_requests(&mut self) -> Result<(), Error> {
        while let Some(host) = self.names().poll_request() {
            let sent = self.resolver.as_ref().is_some_and(|r| r.request(host));
            if !sent {
                let at = self.began.elapsed();
                self.names().on_name(at, host, None)?;
            }
        }
        while let Some(request) = self.chain.poll_request() {
            if self.checker.is_none() {
                self.checker = OpenPortChecker::start(self.checker_config.clone()).ok();
            }
            let sent = self
                .checker
                .as_ref()
                .is_some_and(|checker| checker.request(request.host, request.ports).is_ok());
            if !sent {
                let at = self.began.elapsed();
                self.chain.on_result(at, request.host, None)?;
            }
        }
        Ok(())
    }

    /// Waits until every adapter has released its events. Names may take up to [`MAX_NAME_WAIT`], checks as long as
    /// they need.
    fn drain(&mut self) -> Result<(), Error> {
        loop {
            let at = self.began.elapsed();
            if self.interrupt.is_wanted() || self.checker.is_none() {
                self.chain.give_up(at)?;
            }
            if self.interrupt.is_wanted() || self.resolver.is_none() {
                self.names().give_up(at)?;
            }
            self.names().on_timeout(at)?;
            if self.chain.is_waiting() {
                self.take_checks(STOP_INTERVAL)?;
                self.take_names(Duration::ZERO)?;
            } else if let Some(deadline) = self.names().poll_timeout() {
                self.take_names(STOP_INTERVAL.min(deadline.saturating_sub(at)))?;
            } else {
                return Ok(());
            }
        }
    }

    /// Gives all captured frames to the trace, the capture file and the evidence.
    fn flush_frames(&mut self) -> Result<(), Error> {
        match &mut self.frames {
            Some(frames) => frames.flush(self.chain.inner().inner().recorder()),
            None => Ok(()),
        }
    }
}

impl Observer for Follower {
    type Error = Error;

    fn event(&mut self, event: &Event) -> Result<(), Error> {
        self.take_checks(Duration::ZERO)?;
        self.take_names(Duration::ZERO)?;
        let at = self.began.elapsed();
        if let Event::End(summary) = event {
            self.summary = Some(*summary);
            self.names().set_deadline(Some(at + MAX_NAME_WAIT));
        }
        if evidence::shows_evidence(event) {
            self.flush_frames()?;
        }
        if self.interrupt.is_wanted() {
            self.chain.stop_requests();
        }
        self.chain.event(at, event)?;
        self.send_requests()?;
        match event {
            Event::End(_) => self.drain(),
            _ => Ok(()),
        }
    }

    fn progress(&mut self, progress: Progress) -> Result<(), Error> {
        if let Some(frames) = &mut self.frames {
            frames.release(unix_ns(), self.chain.inner().inner().recorder())?;
        }
        self.take_checks(Duration::ZERO)?;
        self.take_names(Duration::ZERO)?;
        Ok(self.chain.progress(self.began.elapsed(), &progress)?)
    }

    fn flush(&mut self) -> Result<(), Error> {
        Ok(self.chain.flush()?)
    }

    fn window(&mut self) -> Result<(), Error> {
        if self.journal().is_none() {
            return Ok(());
        }
        let deadline = self.began.elapsed() + MAX_NAME_WAIT;
        self.names().set_deadline(Some(deadline));
        self.drain()?;
        self.names().set_deadline(None);
        match self.journal() {
            Some(journal) => Ok(journal.mark()?),
            None => Ok(()),
        }
    }

    fn checkpoint_due(&self) -> Option<bool> {
        self.checkpointer.as_ref().map(Checkpointer::is_due)
    }

    fn checkpoint(
        &mut self,
        last: bool,
        make: &dyn Fn(Vec<String>) -> Checkpoint,
    ) -> Result<(), Error> {
        let journaled = self.journal().map(|journal| journal.marked());
        match &mut self.checkpointer {
            Some(checkpointer) if last || checkpointer.is_due() => {
                let notes = checkpointer.notes(journaled);
                checkpointer.write(&make(notes))
            }
            _ => Ok(()),
        }
    }

    fn stop(&self) -> Option<EndReason> {
        self.interrupt.is_wanted().then_some(EndReason::Interrupted)
    }

    fn wants_frames(&self) -> bool {
        self.frames.is_some()
    }

    fn frame(
        &mut self,
        at: u64,
        link: u32,
        purpose: Option<Purpose>,
        bytes: &[u8],
    ) -> Result<(), Error> {
        match &mut self.frames {
            Some(frames) => {
                let recorder = self.chain.inner().inner().recorder();
                frames.add(at, link, purpose, bytes, recorder)
            }
            None => Ok(()),
        }
    }

    fn connection(&mut self, to: SocketAddr, state: &ConnectionState) -> Result<(), Error> {
        match self.frames.as_mut().and_then(Frames::trace) {
            Some(trace) => Ok(trace.connection(to, state)?),
            None => Ok(()),
        }
    }
}

/// Returns whether packets are recorded as evidence: explanations and some outputs show them.
pub fn wants_evidence(options: &ScanOptions) -> bool {
    options.explain || options.outputs.iter().any(|o| o.format.needs_evidence)
}

/// Returns what the check of open ports may do, or `None` if this scan makes none.
fn check_rules(info: &ScanInfo) -> Option<CheckRules> {
    let spec = &info.plan.spec;
    info.plan.checks_open_ports().then(|| CheckRules {
        max_hosts: spec.budget.max_checked_hosts,
        controls: info.permission.high_ports,
        scanned: spec.tcp_ports().clone(),
        seed: spec.seed,
        deadline: spec.budget.max_time,
    })
}

/// Starts looking up names at the given DNS servers, or those of the system. Returns `None` if there is no server.
fn start_resolver(options: &ScanOptions) -> Option<Resolver> {
    let mut servers = options.dns_servers.clone();
    if servers.is_empty() {
        let system = crate::resolver::system_servers().into_iter();
        servers = system.map(|ip| SocketAddr::new(ip, 53)).collect();
    }
    Resolver::start(servers)
}

/// Opens the journal of a scan that runs in windows. A resumed scan first replays its earlier results to `sink`.
fn open_journal(
    options: &ScanOptions,
    info: &ScanInfo,
    checkpointer: &Checkpointer,
    sink: &mut dyn Sink,
) -> Result<Journal, Error> {
    let path = checkpointer.journal();
    if let (Some(from), Some(length)) = (&options.resume, options.journaled) {
        return Journal::resume(&path, &checkpoint::journal(from), length, info, sink);
    }
    Journal::begin(&path, info).map_err(|error| {
        let message = Message::new("file-not-written").outside("file", path.to_string_lossy());
        Error::could_not_run(message.shown("error", error))
            .hint(Message::new("state-not-written-hint"))
    })
}
