//! Follows a running scan: events to the outputs, progress to the terminal, Ctrl-C to the engine.
//!
//! This file must not know packets or formats.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use vigie_driver::{ConnectionState, Observer};
use vigie_findings::{ScanInfo, Sink};
use vigie_linux::clock::unix_ns;
use vigie_report::scan::progress;
use vigie_report::{Message, Texts};
use vigie_scan::checkpoint::Checkpoint;
use vigie_scan::event::{EndReason, Progress, ScanSummary, Warning};
use vigie_scan::{Event, HostState, Purpose, Reason};
use vigie_scope::Host;

use super::frames::Frames;
use super::journal::Journal;
use super::names::Names;
use super::options::ScanOptions;
use super::state::{self, Keeper};
use super::verify::Verifier;
use crate::error::Error;
use crate::exit::Exit;
use crate::interrupt::Interrupt;
use crate::outputs::{self, OutputOptions};
use crate::ui::Ui;

/// A scan shorter than this shows no progress.
const PROGRESS_AFTER: Duration = Duration::from_secs(1);
/// Of so many hosts that answer nothing the packets are told.
const MOST_SILENCES: usize = 8;

/// How long the end of a scan waits for names that are not known yet.
const NAMES: Duration = Duration::from_millis(2_500);
/// How often a wish to stop is looked at meanwhile.
const LOOK: Duration = Duration::from_millis(50);

/// Who is asked for names, if anybody.
fn names(options: &ScanOptions) -> Option<Names> {
    if !options.dns {
        return None;
    }
    let mut servers = options.dns_servers.clone();
    if servers.is_empty() {
        let system = crate::cmd::dns::servers::system();
        servers = system
            .into_iter()
            .map(|ip| SocketAddr::new(ip, 53))
            .collect();
    }
    Names::start(servers)
}

/// The journal of a scan that goes in windows; what it holds already of an earlier run is told to `sink`.
fn journal(
    options: &ScanOptions,
    info: &ScanInfo,
    keeper: &Keeper,
    sink: &mut dyn Sink,
) -> Result<Journal, Error> {
    let path = keeper.journal();
    if let (Some(from), Some(told)) = (&options.resume, options.told) {
        return Journal::go_on(&path, &state::journal(from), told, info, sink);
    }
    Journal::begin(&path, info).map_err(|error| {
        let message = Message::new("file-not-written").outside("file", path.to_string_lossy());
        Error::could_not_run(message.shown("error", error))
            .hint(Message::new("state-not-written-hint"))
    })
}

/// The outputs of one scan and what is shown meanwhile.
pub struct Follower {
    sinks: Vec<Box<dyn Sink>>,
    texts: Texts,
    interrupt: Interrupt,
    began: Instant,
    /// Columns of standard error, where progress is wanted.
    progress: Option<usize>,
    shown: bool,
    ending: Option<ScanSummary>,
    keeper: Option<Keeper>,
    /// What was told, where it goes in windows and a resume would not know those that are over.
    journal: Option<Journal>,
    frames: Option<Frames>,
    /// Of so many hosts that answered nothing the packets will still be told.
    silences: usize,
    names: Option<Names>,
    /// Finds out whether a host's ports are as open as they say.
    verifier: Option<Verifier>,
    /// Hosts that are done and wait for their names, or for being verified.
    held: VecDeque<Event>,
}

/// Whom an event is about that may wait.
fn whose(event: &Event) -> Option<Host> {
    match event {
        Event::HostDone(summary) => Some(summary.host.host),
        Event::Warning(Warning::AllOpen { host, .. }) => Some(*host),
        _ => None,
    }
}

impl Follower {
    /// Opens the outputs and tells them of the scan.
    pub fn begin(
        options: &ScanOptions,
        info: &ScanInfo,
        ui: &mut Ui,
        interrupt: Interrupt,
    ) -> Result<Follower, Error> {
        ui.flush()?;
        let output = OutputOptions {
            reason: options.reason,
            open_only: options.listing.open_only,
            verbosity: options.verbosity,
            explain: options.explain,
        };
        let keeper = options.state.as_deref().map(|path| Keeper::new(path, info));
        keeper.as_ref().map_or(Ok(()), Keeper::prove)?;
        let frames = Frames::open(options, info)?;
        let mut sinks = outputs::open(&options.outputs, output, ui)?;
        sinks.begin(info)?;
        let journal = match &keeper {
            Some(keeper) if info.plan.windows() > 1 => {
                Some(journal(options, info, keeper, &mut sinks)?)
            }
            _ => None,
        };
        Ok(Follower {
            sinks,
            texts: Texts::new(ui.texts().lang()),
            interrupt,
            began: Instant::now(),
            progress: (ui.wants_progress() && !options.packet_trace).then(|| ui.err_width()),
            shown: false,
            ending: None,
            keeper,
            journal,
            frames,
            silences: MOST_SILENCES,
            names: names(options),
            verifier: Verifier::new(options, info),
            held: VecDeque::new(),
        })
    }

    /// An event for the outputs. What is told of a host at its end waits until its name is known, if it may
    /// be known soon.
    pub fn event(&mut self, event: &Event) -> Result<(), Error> {
        self.learn();
        if self.verify(event) {
            self.held.push_back(event.clone());
            return Ok(());
        }
        match (event, &mut self.names) {
            (Event::Host(found), Some(names))
                if found.state == HostState::Up && found.reason != Reason::LocalhostResponse =>
            {
                names.ask(found.host);
            }
            (Event::HostDone(summary), _) => {
                let host = summary.host.host;
                if self.awaits(host) || self.is_held(host) {
                    self.held.push_back(event.clone());
                    return self.release();
                }
                self.release()?;
            }
            (Event::End(_), _) => self.wait_for_all()?,
            _ => {}
        }
        self.pass(event)
    }

    /// Tells the verifier what concerns it; whether the event is a warning that it will know more about.
    fn verify(&mut self, event: &Event) -> bool {
        let interrupted = self.interrupt.is_wanted();
        let Some(verifier) = &mut self.verifier else {
            return false;
        };
        match event {
            Event::Port(finding) => verifier.note(finding),
            Event::Warning(Warning::AllOpen { host, .. }) => return verifier.suspect(*host),
            Event::HostDone(summary) => verifier.settle(summary, interrupted),
            _ => {}
        }
        false
    }

    /// Whether something about `host` may still come.
    fn awaits(&self, host: Host) -> bool {
        self.names.as_ref().is_some_and(|n| n.awaits(host))
            || self.verifier.as_ref().is_some_and(|v| v.awaits(host))
    }

    /// Whether the last event that waits is about `host`.
    fn is_held(&self, host: Host) -> bool {
        self.held.back().and_then(whose) == Some(host)
    }

    /// Takes the names that have come.
    fn learn(&mut self) {
        if let Some(verifier) = &mut self.verifier {
            verifier.learn(Duration::ZERO);
        }
        let learned = self.names.as_mut().map_or(Vec::new(), Names::learned);
        for (host, name) in learned {
            self.name(host, name);
        }
    }

    fn name(&mut self, host: Host, name: Option<String>) {
        if let Some(name) = name {
            self.sinks.named(host, &name);
            if let Some(journal) = &mut self.journal {
                journal.named(host, &name);
            }
        }
    }

    /// Tells of the hosts that waited, as far as all is known of them, in order.
    fn release(&mut self) -> Result<(), Error> {
        while let Some(host) = self.held.front().and_then(whose)
            && !self.awaits(host)
            && let Some(event) = self.held.pop_front()
        {
            self.pass_held(event)?;
        }
        Ok(())
    }

    /// Tells of what has waited, with what was verified meanwhile.
    fn pass_held(&mut self, mut event: Event) -> Result<(), Error> {
        if let (Event::Warning(Warning::AllOpen { host, handshakes }), Some(verifier)) =
            (&mut event, &mut self.verifier)
        {
            *handshakes = verifier.take(*host);
        }
        self.pass(&event)
    }

    fn wait_for_all(&mut self) -> Result<(), Error> {
        self.await_held()?;
        self.names = None;
        self.tell_held()
    }

    /// Whatever still waits is told as it is.
    fn tell_held(&mut self) -> Result<(), Error> {
        while let Some(event) = self.held.pop_front() {
            self.pass_held(event)?;
        }
        Ok(())
    }

    /// Waits for what may still come: a while for names, and as long as connections are made and held.
    fn await_held(&mut self) -> Result<(), Error> {
        let until = Instant::now() + NAMES;
        while !self.held.is_empty() {
            if self.interrupt.is_wanted() {
                if let Some(verifier) = &mut self.verifier {
                    verifier.give_up();
                }
                return Ok(());
            }
            self.release()?;
            let now = Instant::now();
            if let Some(verifier) = self.verifier.as_mut().filter(|v| v.is_busy()) {
                verifier.learn(LOOK);
                self.learn();
            } else if let Some(names) = self.names.as_mut().filter(|_| now < until) {
                if let Some((host, name)) = names.next(until.min(now + LOOK)) {
                    self.name(host, name);
                }
            } else {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Another window of the hosts begins: what was told so far is of those that are over.
    pub fn window(&mut self) -> Result<(), Error> {
        if self.journal.is_none() {
            return Ok(());
        }
        self.await_held()?;
        self.tell_held()?;
        match &mut self.journal {
            Some(journal) => Ok(journal.mark()?),
            None => Ok(()),
        }
    }

    fn pass(&mut self, event: &Event) -> Result<(), Error> {
        self.clear_progress();
        if let Event::End(ending) = event {
            self.ending = Some(*ending);
        }
        self.show_evidence(event)?;
        let at = self.began.elapsed();
        if let Some(journal) = &mut self.journal {
            journal.event(at, event)?;
        }
        Ok(self.sinks.event(at, event)?)
    }

    /// Tells the outputs of the packets that an event rests on, before it.
    fn show_evidence(&mut self, event: &Event) -> Result<(), Error> {
        let Some(frames) = &mut self.frames else {
            return Ok(());
        };
        let host = match event {
            Event::HostDone(summary) => Some(summary.host.host),
            Event::Host(found) if found.state == HostState::Down => Some(found.host),
            Event::End(_) => None,
            _ => return Ok(()),
        };
        frames.flush()?;
        let mut found = match host {
            Some(host) => frames.evidence(host),
            None => frames.rest(),
        };
        if matches!(event, Event::Host(_)) {
            // One silence is like another.
            found.truncate(self.silences);
            self.silences -= found.len();
        }
        let at = self.began.elapsed();
        for evidence in &found {
            self.sinks.evidence(at, evidence)?;
        }
        Ok(())
    }

    /// How far the scan is, for the outputs and for who watches.
    pub fn progress(&mut self, progress: &Progress) -> Result<(), Error> {
        if let Some(frames) = &mut self.frames {
            frames.settle(unix_ns())?;
        }
        self.learn();
        self.sinks.progress(self.began.elapsed(), progress)?;
        self.show(progress);
        Ok(())
    }

    fn show(&mut self, progress: &Progress) {
        let Some(columns) = self.progress else { return };
        if self.began.elapsed() < PROGRESS_AFTER {
            return;
        }
        let line = progress::line(progress, &self.texts, columns.saturating_sub(1));
        // Nobody can be told where the terminal is gone.
        let _ = write!(io::stderr(), "\r{line}\x1b[K");
        self.shown = true;
    }

    fn clear_progress(&mut self) {
        if std::mem::take(&mut self.shown) {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }

    /// Makes sure that what is to be written later can be; before anything is sent, after privileges are dropped.
    pub fn prove(&self) -> Result<(), Error> {
        self.keeper.as_ref().map_or(Ok(()), Keeper::prove)
    }

    /// Keeps a checkpoint where one is wanted and it is time, or where it is the `last`.
    pub fn keep(
        &mut self,
        last: bool,
        make: &dyn Fn(Vec<String>) -> Checkpoint,
    ) -> Result<(), Error> {
        match &mut self.keeper {
            Some(keeper) if last || keeper.is_due() => {
                let told = self.journal.as_ref().map(Journal::told);
                let mut notes = keeper.notes();
                notes.extend(told.map(|bytes| format!("told {bytes}")));
                keeper.write(&make(notes))
            }
            _ => Ok(()),
        }
    }

    /// Closes the outputs, also after a failure; how the program ends.
    pub fn finish(mut self) -> Result<Exit, Error> {
        self.clear_progress();
        let frames = match &mut self.frames {
            Some(frames) => frames.finish(unix_ns()),
            None => Ok(()),
        };
        let rest = self.frames.as_mut().map_or_else(Vec::new, Frames::rest);
        for evidence in rest.iter().filter(|_| self.ending.is_none()) {
            self.sinks.evidence(self.began.elapsed(), evidence)?;
        }
        self.sinks.finish()?;
        frames?;
        if let (Some(keeper), Some(ScanSummary { complete: true, .. })) =
            (&self.keeper, &self.ending)
        {
            keeper.remove()?;
        }
        Ok(match self.ending {
            Some(ending) if ending.ended == EndReason::Interrupted => Exit::Interrupted,
            Some(ending) if ending.ended == EndReason::Failed => Exit::CouldNotRun,
            _ => Exit::Done,
        })
    }
}

impl Observer for Follower {
    type Error = Error;

    fn event(&mut self, event: &Event) -> Result<(), Error> {
        Follower::event(self, event)
    }

    fn progress(&mut self, progress: Progress) -> Result<(), Error> {
        Follower::progress(self, &progress)
    }

    fn flush(&mut self) -> Result<(), Error> {
        Ok(self.sinks.flush()?)
    }

    fn window(&mut self) -> Result<(), Error> {
        Follower::window(self)
    }

    fn checkpoint_due(&self) -> Option<bool> {
        self.keeper.as_ref().map(Keeper::is_due)
    }

    fn checkpoint(
        &mut self,
        last: bool,
        make: &dyn Fn(Vec<String>) -> Checkpoint,
    ) -> Result<(), Error> {
        Follower::keep(self, last, make)
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
            Some(frames) => frames.take(at, link, purpose, bytes),
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
