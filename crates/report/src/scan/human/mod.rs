//! The report for people.
//!
//! The lines of a host are written together, when the host is done. If the scan breaks off, the remaining hosts are
//! written at the end, marked as partial. Text from outside is escaped. Colours only repeat what the words say.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::Duration;

use vigie_scan::event::{
    EndReason, Event, HostSummary, LossAccount, Path, Progress, ScanSummary, Warning,
};
use vigie_scan::finding::{Finding, HostFinding};
use vigie_scan::{HostState, PortState};
use vigie_scope::Host;

use super::machines;
use crate::style::{Paint, Role};
use crate::{Lang, Message, Texts, number};
use vigie_findings::evidence::Evidence;
use vigie_findings::machines::LiveHosts;
use vigie_findings::{ScanInfo, Sink};

mod block;
mod explained;
mod plan;

pub(super) use block::{silence, state_key, warning_message};

#[cfg(test)]
mod tests;

/// Maximum number of targets with which hosts that are down are listed without `-v`.
const MAX_DOWN_LISTED: u64 = 8;
/// Number of broadcast discovery probes from which on their rate is reported.
const MANY_PROBES: u64 = 1_000;

/// Layout and amount of detail of the report.
#[derive(Clone, Copy, Debug, Default)]
pub struct Style {
    /// Whether colours are used.
    pub paint: Paint,
    /// Width of the terminal in columns; `None` for no limit.
    pub width: Option<usize>,
    /// Whether each port shows its round-trip time and the number of tries.
    pub reason: bool,
    /// Whether only ports that are open or may be open are shown, and their hosts.
    pub open_only: bool,
    /// Verbosity; from 1 on with hosts that are down, routes and losses.
    pub verbosity: u8,
    /// Whether the results are explained, with packets.
    pub explain: bool,
}

/// The report for people, as a [`Sink`].
pub struct Human<W> {
    out: W,
    texts: Texts,
    style: Style,
    scan: Option<ScanInfo>,
    waiting: BTreeMap<Host, Waiting>,
    /// Hosts that are not up, to be listed at the end.
    down: BTreeMap<Host, HostFinding>,
    /// Hosts that are up, to find machines with several addresses.
    known: LiveHosts,
    loss: Option<LossAccount>,
    warnings: Vec<Warning>,
    ended: bool,
    explanations: Option<explained::Explanations>,
}

/// The results of a host that is not done.
#[derive(Clone, Debug, Default)]
struct Waiting {
    found: Option<HostFinding>,
    ports: Vec<Finding>,
    path: Option<Path>,
    warnings: Vec<Warning>,
}

impl<W: Write> Human<W> {
    /// Returns a sink that writes to `out`.
    pub fn new(out: W, texts: Texts, style: Style) -> Human<W> {
        Human {
            out,
            texts,
            style,
            scan: None,
            waiting: BTreeMap::new(),
            down: BTreeMap::new(),
            known: LiveHosts::default(),
            loss: None,
            warnings: Vec::new(),
            ended: false,
            explanations: style.explain.then(explained::Explanations::default),
        }
    }

    fn scan(&self) -> io::Result<&ScanInfo> {
        self.scan
            .as_ref()
            .ok_or_else(|| io::Error::other("events before the plan"))
    }

    fn write(&mut self, text: &str) -> io::Result<()> {
        self.out.write_all(text.as_bytes())
    }

    fn host(&mut self, found: &HostFinding) -> io::Result<()> {
        self.known.add(found);
        if found.state == HostState::Up {
            self.waiting.entry(found.host).or_default().found = Some(*found);
            return Ok(());
        }
        self.down(found)
    }

    /// Stores a host that is not up if it is to be listed.
    fn down(&mut self, found: &HostFinding) -> io::Result<()> {
        let few = self.scan()?.plan.local.targets.len() <= MAX_DOWN_LISTED;
        if few || self.style.verbosity > 0 {
            self.down.insert(found.host, *found);
        }
        Ok(())
    }

    fn host_done(&mut self, summary: &HostSummary) -> io::Result<()> {
        self.known.add(&summary.host);
        let waiting = self.waiting.remove(&summary.host.host).unwrap_or_default();
        if summary.host.state != HostState::Up && waiting.ports.is_empty() {
            return self.down(&summary.host);
        }
        let scan = self.scan()?;
        let open = |state| matches!(state, PortState::Open | PortState::OpenFiltered);
        let nothing_open = scan.plan.spec.ports_per_host() > 0
            && !summary.counts.iter().any(|c| open(c.state) && c.count > 0);
        if self.style.open_only && nothing_open && scan.plan.local.targets.len() > 1 {
            return Ok(());
        }
        let block = block::Block::new(scan, &self.texts, self.style);
        let text = block.done(
            summary,
            &waiting.ports,
            waiting.path.as_ref(),
            &waiting.warnings,
        );
        self.write(&text)?;
        self.out.flush()
    }

    fn warning(&mut self, warning: &Warning) {
        let about = match warning {
            Warning::AllOpen { host, .. }
            | Warning::StoppedAnswering { host }
            | Warning::ForeignResets { host, .. }
            | Warning::LimitsResets { host, .. }
            | Warning::LimitsErrors { host, .. }
            | Warning::Unresolved { host } => Some(host),
            Warning::KernelDropped { .. } | Warning::StrangeSource { .. } => None,
        };
        match about.and_then(|host| self.waiting.get_mut(host)) {
            Some(waiting) => waiting.warnings.push(warning.clone()),
            None => self.warnings.push(warning.clone()),
        }
    }

    /// Writes the last lines: warnings, losses, whether the results are complete, and the summary.
    fn end(&mut self, ending: Option<&ScanSummary>) -> io::Result<()> {
        let scan = self.scan()?;
        let (texts, paint) = (&self.texts, self.style.paint);
        let mut text = String::new();
        for (host, waiting) in &self.waiting {
            text += &block::Block::new(scan, texts, self.style).partial(
                *host,
                &waiting.ports,
                &waiting.warnings,
            );
        }
        for found in self.down.values() {
            text += &block::Block::new(scan, texts, self.style).down(found);
        }
        if !self.down.is_empty() || (scan.plan.spec.ports_per_host() == 0 && ending.is_some()) {
            text.push('\n');
        }
        self.write(&text)?;
        self.explain()?;
        let scan = self.scan()?;
        let texts = &self.texts;
        let mut text = String::new();
        for machine in self.known.machines(scan) {
            text += &machines::line(&machine, scan, texts);
            text.push('\n');
        }
        for warning in &self.warnings {
            text += &block::warning_line(scan, texts, paint, warning);
            text.push('\n');
        }
        if let Some(loss) = self.loss.filter(|_| self.style.verbosity > 0) {
            text += &loss_lines(&loss, texts);
        }
        if let Some(why) = partial(ending) {
            let line = texts.format("summary-partial", &[("why", texts.get(why).into())]);
            text += &paint.text(Role::Notice, &line);
            text.push('\n');
        }
        if let Some(ending) = ending {
            text += &summary(ending, self.loss.as_ref(), texts);
            text.push('\n');
        }
        self.waiting.clear();
        self.ended = true;
        self.write(&text)?;
        self.out.flush()
    }
}

impl<W: Write> Sink for Human<W> {
    fn begin(&mut self, scan: &ScanInfo) -> io::Result<()> {
        let text = plan::lines(scan, &self.texts, self.style);
        self.scan = Some(scan.clone());
        self.write(&text)?;
        self.out.flush()
    }

    fn named(&mut self, host: Host, name: &str) {
        if let Some(scan) = &mut self.scan {
            scan.add_name(host, name);
        }
    }

    fn event(&mut self, at: Duration, event: &Event) -> io::Result<()> {
        if let Some(explanations) = &mut self.explanations {
            explanations.event(at, event);
        }
        match event {
            Event::Host(found) => self.host(found),
            Event::Port(finding) => {
                let ports = &mut self.waiting.entry(finding.host).or_default().ports;
                let same =
                    |p: &&mut Finding| (p.transport, p.port) == (finding.transport, finding.port);
                // A second event of a port adds what its service reports about itself.
                let again = finding.detail.is_some();
                match ports.iter_mut().find(same).filter(|_| again) {
                    Some(before) => *before = finding.clone(),
                    None => ports.push(finding.clone()),
                }
                Ok(())
            }
            Event::HostDone(summary) => self.host_done(summary),
            Event::Warning(warning) => {
                self.warning(warning);
                Ok(())
            }
            Event::Path(path) => {
                self.waiting.entry(path.host).or_default().path = Some((**path).clone());
                Ok(())
            }
            Event::Loss(loss) => {
                self.loss = Some(*loss);
                Ok(())
            }
            Event::End(ending) => self.end(Some(ending)),
        }
    }

    fn progress(&mut self, _at: Duration, progress: &Progress) -> io::Result<()> {
        if let Some(explanations) = &mut self.explanations {
            explanations.progress(progress);
        }
        Ok(())
    }

    fn evidence(&mut self, _at: Duration, evidence: &Evidence) -> io::Result<()> {
        if let Some(explanations) = &mut self.explanations {
            explanations.evidence(evidence);
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        if !self.ended && self.scan.is_some() {
            self.end(None)?;
        }
        self.out.flush()
    }
}

/// Returns why the results are incomplete, if so.
pub(super) fn partial(ending: Option<&ScanSummary>) -> Option<&'static str> {
    match ending {
        Some(ending) if ending.complete => None,
        // The lines of each host say which ports are left.
        Some(ScanSummary {
            ended: EndReason::Budget,
            ..
        }) => None,
        Some(ScanSummary {
            ended: EndReason::Interrupted,
            ..
        }) => Some("partial-interrupted"),
        Some(ScanSummary {
            ended: EndReason::MaxTime,
            ..
        }) => Some("partial-max-time"),
        _ => Some("partial-other"),
    }
}

fn summary(ending: &ScanSummary, loss: Option<&LossAccount>, texts: &Texts) -> String {
    let (up, hosts) = (ending.hosts_up, ending.hosts);
    let said = if up == hosts {
        Message::new("summary-up").amount("up", up)
    } else {
        Message::new("summary-up-of")
            .amount("up", up)
            .amount("hosts", hosts)
    };
    let time = number::elapsed(ending.elapsed, texts.lang());
    if ending.ports == 0 {
        let seconds = ending.elapsed.as_secs_f64();
        // Broadcasts disturb every machine of the link, so their rate is reported.
        let message = match loss.filter(|loss| loss.sent >= MANY_PROBES && seconds > 0.0) {
            Some(loss) => Message::new("summary-hosts-asked")
                .amount("sent", loss.sent)
                .outside(
                    "rate",
                    number::rate(loss.sent as f64 / seconds, texts.lang()),
                ),
            None => Message::new("summary-hosts"),
        };
        return texts.say(&message.text("hosts", said).outside("time", time));
    }
    let ports = if hosts == 1 || up == 0 {
        Message::new("summary-ports").amount("n", ending.ports)
    } else {
        Message::new("summary-ports-each").amount("n", ending.ports)
    };
    let message = Message::new("summary")
        .text("hosts", said)
        .text("ports", ports);
    texts.say(&message.outside("time", time))
}

fn loss_lines(loss: &LossAccount, texts: &Texts) -> String {
    let lines = loss_messages(loss, texts.lang());
    lines.iter().map(|line| texts.say(line) + "\n").collect()
}

/// Returns the account of probes and answers, one sentence each.
pub(super) fn loss_messages(loss: &LossAccount, lang: Lang) -> Vec<Message> {
    let about = |n: f64| number::decimal(n.max(0.0), usize::from(n > 0.0 && n < 10.0), lang);
    let mut lines = vec![
        Message::new("loss-sent")
            .amount("sent", loss.sent)
            .amount("answered", loss.answered)
            .amount("unanswered", loss.unanswered)
            .amount("duplicates", loss.duplicates)
            .amount("stray", loss.stray),
        Message::new(if loss.measured {
            "loss-path"
        } else {
            "loss-path-assumed"
        })
        .outside("lost", about(loss.lost_on_path))
        .outside("rate", number::percent(loss.loss_rate, lang))
        .outside("suppressed", about(loss.suppressed)),
        Message::new("loss-kernel")
            .amount("sending", loss.dropped_sending)
            .amount("receiving", loss.dropped_receiving),
    ];
    if let Some(srtt) = loss.srtt {
        lines.push(Message::new("loss-rtt").outside("rtt", number::duration(srtt, lang)));
    }
    lines
}
