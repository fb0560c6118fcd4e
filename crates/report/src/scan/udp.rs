//! Texts about UDP ports: how a host reports closed ports, and what a random sample says about the ports that are not
//! proven.
//!
//! This file must not know any output format.

use vigie_scan::Finding;
use vigie_scan::event::{ErrorLimit, Sample, UdpSummary};

use crate::{Message, Texts, escape, number};

/// Returns what the service reports about itself, escaped, on one line.
pub(super) fn said(finding: &Finding) -> Option<String> {
    let said = finding.detail.as_ref()?.to_string();
    (!said.is_empty()).then(|| escape::line(&said).into_owned())
}

/// Returns the lines below a host's ports. text keys: udp-*
pub(super) fn lines(summary: &UdpSummary, texts: &Texts, verbose: bool) -> Vec<Message> {
    let lang = texts.lang();
    let mut lines = Vec::new();
    match summary.limit {
        ErrorLimit::Unresponsive => lines.push(Message::new("udp-mute")),
        ErrorLimit::Limited { rate, .. } if summary.unproven > 0 || verbose => {
            lines.push(Message::new("udp-tokens").outside("rate", number::rate(rate, lang)));
        }
        ErrorLimit::Unlimited if verbose => lines.push(Message::new("udp-free")),
        ErrorLimit::Unlimited | ErrorLimit::Limited { .. } => {}
    }
    if summary.unproven > 0 {
        lines.push(match summary.sample {
            Some(sample) => sampled(&sample, texts),
            None => Message::new("udp-unproven").amount("unproven", summary.unproven),
        });
    }
    lines
}

fn sampled(sample: &Sample, texts: &Texts) -> Message {
    let lang = texts.lang();
    Message::new("udp-sample")
        .amount("closed", sample.closed)
        .amount("drawn", sample.drawn)
        .amount("of", sample.of)
        .amount("most", sample.most)
        .outside("share", number::percent(sample.share(), lang))
        .outside("confidence", number::percent(sample.confidence, lang))
}

/// Returns the summary for machine formats that have no field for it. It is not translated.
pub(super) fn words(summary: &UdpSummary) -> String {
    let limit = match summary.limit {
        ErrorLimit::Unresponsive => "mute".to_owned(),
        ErrorLimit::Unlimited => "free".to_owned(),
        ErrorLimit::Limited { rate, .. } => format!("tokens rate={rate:.2}"),
    };
    let sample = summary.sample.map_or(String::new(), |s| {
        let (closed, drawn, of, most) = (s.closed, s.drawn, s.of, s.most);
        format!(
            " sample={closed}/{drawn} of={of} most={most} confidence={}",
            s.confidence
        )
    });
    format!("udp limit={limit} unproven={}{sample}", summary.unproven)
}
