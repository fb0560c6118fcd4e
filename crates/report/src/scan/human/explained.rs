//! Lays out the explanations as text: packets, arrows, sentences. The sentences come from `explain`.

use std::io;
use std::time::Duration;

use vigie_scan::event::{Event, Progress};

use super::Style;
use crate::scan::explain::{Explainer, Explanation, Lost, diagram};
use crate::scan::gather::{Gather, HostResult};
use crate::style::Role;
use crate::{Texts, width};
use vigie_findings::ScanInfo;
use vigie_findings::evidence::{Evidence, EvidenceStore};

/// Maximum width of sentences in columns.
const TEXT_WIDTH: usize = 100;

/// The results and packets that the explanations need.
#[derive(Debug, Default)]
pub(super) struct Explanations {
    gather: Gather,
    hosts: Vec<HostResult>,
    evidence: EvidenceStore,
    loss: f64,
}

impl Explanations {
    pub(super) fn event(&mut self, at: Duration, event: &Event) {
        self.hosts.extend(self.gather.event(at, event));
    }

    pub(super) fn progress(&mut self, progress: &Progress) {
        self.loss = progress.loss_rate;
    }

    pub(super) fn evidence(&mut self, evidence: &Evidence) {
        self.evidence.add(evidence);
    }

    /// Returns all explanations; empty if there are no results.
    pub(super) fn text(&mut self, scan: &ScanInfo, texts: &Texts, style: Style) -> String {
        let rest = self.gather.rest();
        self.hosts.extend(rest);
        let loss = Lost::of(self.gather.loss, self.loss);
        let warnings = &self.gather.warnings;
        let explainer = Explainer::new(scan, &self.hosts, warnings, self.evidence.all(), loss);
        let all = explainer.all(texts);
        if all.is_empty() {
            return String::new();
        }
        let mut text = style.paint.text(Role::Title, &texts.get("explain-title")) + "\n\n";
        for explanation in &all {
            text += &one(explanation, texts, style);
            text.push('\n');
        }
        text
    }
}

fn one(explanation: &Explanation<'_>, texts: &Texts, style: Style) -> String {
    let columns = style.width.unwrap_or(TEXT_WIDTH).min(TEXT_WIDTH);
    let mut text = style.paint.text(Role::Title, &explanation.head) + "\n";
    for place in &explanation.places {
        text += &wrapped(place, columns, 2);
    }
    for (title, evidence) in &explanation.examples {
        text += &["\n  ", title, "\n"].concat();
        for line in diagram::lines(evidence) {
            text += &["    ", &line, "\n"].concat();
        }
        text.push('\n');
        let silence = texts.get("explain-nothing-came");
        for line in diagram::arrows(evidence, &silence, texts.lang()) {
            text += &["    ", line.trim_end(), "\n"].concat();
        }
        for left_out in diagram::left_out(evidence, texts) {
            text += &wrapped(&left_out, columns, 4);
        }
    }
    if let Some(none) = &explanation.no_packets {
        text += &wrapped(none, columns, 2);
    }
    text.push('\n');
    for (title, sentences) in &explanation.sections {
        text += &["  ", title, "\n"].concat();
        for sentence in sentences {
            text += &wrapped(sentence, columns, 4);
        }
    }
    if !explanation.check.is_empty() {
        text += &["  ", &texts.get("explain-check"), "\n"].concat();
        for (_, command) in &explanation.check {
            text += &["    ", command, "\n"].concat();
        }
    }
    text
}

/// Returns a sentence in lines of at most `columns`, each indented by `indent` spaces.
fn wrapped(sentence: &str, columns: usize, indent: usize) -> String {
    let room = columns.saturating_sub(indent).max(20);
    let lines = width::lines(sentence, room).into_iter();
    let blanks = " ".repeat(indent);
    lines
        .flat_map(|line| [blanks.clone(), line, "\n".to_owned()])
        .collect()
}

impl<W: io::Write> super::Human<W> {
    /// Returns the explanations if they were requested.
    pub(super) fn explain(&mut self) -> io::Result<()> {
        let (Some(explanations), Some(scan)) = (&mut self.explanations, &self.scan) else {
            return Ok(());
        };
        let text = explanations.text(scan, &self.texts, self.style);
        self.write(&text)
    }
}
