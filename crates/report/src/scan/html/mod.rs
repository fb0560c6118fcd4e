//! A scan as one self-contained HTML page without scripts; nothing is loaded.
//!
//! Text from outside is escaped twice: for the reader ([`crate::escape`]) and for markup (maud). In addition, a content
//! security policy allows only the page's own style sheet, by its hash. While the scan runs, the page is rewritten every
//! `INTERVAL`, so that a file is always a valid page, marked as partial. Each part of the page has its own file.

use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

use maud::{DOCTYPE, Markup, PreEscaped, html};
use vigie_scan::HostState;
use vigie_scan::event::{Event, Progress};

use super::document::Document;
use super::explain::Lost;
use super::gather::{Gather, HostResult};
use crate::{Message, Texts, escape, number};
use vigie_findings::evidence::{Evidence, EvidenceStore, Subject};
use vigie_findings::{ScanInfo, Sink, time};

#[cfg(test)]
mod browser;
mod explained;
mod hosts;
mod map;
mod plan;
mod style;
mod summary;
#[cfg(test)]
mod tests;
mod timeline;

use timeline::Timeline;

/// Time between two versions of the page while the scan runs.
const INTERVAL: Duration = Duration::from_secs(10);
/// Maximum number of hosts that are shown one by one. Hosts with open ports come first.
const MAX_HOSTS: usize = 2_000;

/// The page, as a [`Sink`].
pub struct Html<D> {
    document: D,
    texts: Texts,
    scan: Option<ScanInfo>,
    gather: Gather,
    hosts: Vec<HostResult>,
    timeline: Timeline,
    evidence: EvidenceStore,
    loss: f64,
    written: Duration,
    done: bool,
}

/// The contents of a page.
struct Page<'a> {
    scan: &'a ScanInfo,
    texts: &'a Texts,
    gather: &'a Gather,
    /// Hosts that are shown, in order of address.
    hosts: Vec<&'a HostResult>,
    /// Number of live hosts that are not shown.
    left_out: usize,
    /// All hosts.
    all: &'a [HostResult],
    timeline: &'a Timeline,
    evidence: &'a BTreeMap<Subject, Evidence>,
    /// Estimated probability that a probe or its answer is lost.
    loss: Lost,
    /// Whether the scan has ended.
    done: bool,
}

impl<D: Document> Html<D> {
    /// Returns a sink that writes the page to `document`.
    pub fn new(document: D, texts: Texts) -> Html<D> {
        Html {
            document,
            texts,
            scan: None,
            gather: Gather::default(),
            hosts: Vec::new(),
            timeline: Timeline::default(),
            evidence: EvidenceStore::default(),
            loss: 0.0,
            written: Duration::ZERO,
            done: false,
        }
    }

    fn page(&self) -> Option<String> {
        let scan = self.scan.as_ref()?;
        let up = |h: &&HostResult| h.found.state == HostState::Up || !h.ports.is_empty();
        let mut hosts: Vec<&HostResult> = self.hosts.iter().filter(up).collect();
        hosts.sort_by_key(|h| (h.open() == 0, h.found.host));
        let left_out = hosts.len().saturating_sub(MAX_HOSTS);
        hosts.truncate(MAX_HOSTS);
        hosts.sort_by_key(|h| h.found.host);
        let page = Page {
            scan,
            texts: &self.texts,
            gather: &self.gather,
            hosts,
            left_out,
            all: &self.hosts,
            timeline: &self.timeline,
            evidence: self.evidence.all(),
            loss: Lost::of(self.gather.loss, self.loss),
            done: self.done,
        };
        Some(page.render())
    }
}

impl<D: Document> Sink for Html<D> {
    fn begin(&mut self, scan: &ScanInfo) -> io::Result<()> {
        self.scan = Some(scan.clone());
        let page = self.page().unwrap_or_default();
        self.document.write("", &page)
    }

    fn named(&mut self, host: vigie_scope::Host, name: &str) {
        if let Some(scan) = &mut self.scan {
            scan.add_name(host, name);
        }
    }

    fn event(&mut self, at: Duration, event: &Event) -> io::Result<()> {
        if let Event::Port(finding) = event {
            self.timeline.found(at, finding.state);
        }
        self.hosts.extend(self.gather.event(at, event));
        Ok(())
    }

    fn progress(&mut self, at: Duration, progress: &Progress) -> io::Result<()> {
        self.timeline.sample(at, progress);
        self.loss = progress.loss_rate;
        if at.saturating_sub(self.written) < INTERVAL {
            return Ok(());
        }
        self.written = at;
        let page = self.page().unwrap_or_default();
        self.document.write("", &page)
    }

    fn evidence(&mut self, _at: Duration, evidence: &Evidence) -> io::Result<()> {
        self.evidence.add(evidence);
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        if self.done || self.scan.is_none() {
            return Ok(());
        }
        let rest = self.gather.rest();
        self.hosts.extend(rest);
        self.done = true;
        let page = self.page().unwrap_or_default();
        self.document.finish("", &page)
    }
}

impl Page<'_> {
    fn render(&self) -> String {
        let texts = self.texts;
        let title = self.title();
        let markup = html! {
            (DOCTYPE)
            html lang=(texts.lang().code()) {
                head {
                    meta charset="utf-8";
                    meta http-equiv="Content-Security-Policy" content=(style::policy());
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    meta name="referrer" content="no-referrer";
                    meta name="generator" content={ "Vigie " (self.scan.version) };
                    title { (title) }
                    style { (PreEscaped(style::SHEET)) }
                }
                body {
                    header {
                        p.brand { "Vigie " (escape::line(&self.scan.version)) }
                        h1 { (title) }
                        p.when { (self.when()) }
                        (self.partial())
                    }
                    main {
                        (self.summary())
                        (self.warnings())
                        (self.map())
                        (self.host_list())
                        (self.explained())
                        (self.timeline())
                        (self.plan())
                    }
                    footer { p { (texts.get("html-footer")) } }
                }
            }
        };
        markup.into_string()
    }

    fn say(&self, message: &Message) -> String {
        self.texts.say(message)
    }

    fn title(&self) -> String {
        let targets = self.scan.targets.iter().take(3);
        let targets: Vec<_> = targets.map(|t| escape::line(t)).collect();
        let mut said = targets.join(", ");
        if self.scan.targets.len() > 3 {
            said += ", …";
        }
        let said = crate::width::cut_middle(&said, 120);
        self.say(&Message::new("html-title").safe("targets", said))
    }

    /// Start and duration of the scan.
    fn when(&self) -> String {
        let lang = self.texts.lang();
        let elapsed = self.gather.ending.map_or(self.gather.now, |e| e.elapsed);
        let message = Message::new("html-when")
            .safe("start", time::plain(self.scan.started))
            .safe("elapsed", number::elapsed(elapsed, lang));
        self.say(&message)
    }

    /// A note if the results are incomplete.
    fn partial(&self) -> Markup {
        let why = match (&self.gather.ending, self.done) {
            (None, false) => Some("html-running"),
            (ending, _) => super::human::partial(ending.as_ref()),
        };
        html! {
            @if let Some(why) = why {
                p.partial role="status" {
                    (self.say(&Message::new("summary-partial").text("why", Message::new(why))))
                }
            }
        }
    }

    fn heading(&self, id: &str, key: &str) -> Markup {
        html! { h2 id=(id) { (self.texts.get(key)) } }
    }
}
