//! Sentences of machine formats that have no field for something: one spelling, never translated.

use vigie_scan::Host;
use vigie_scan::event::{RoundsEnd, Warning};
use vigie_scan::plan::Question;
use vigie_scan::scope::Allowance;

use super::ScanInfo;
use super::time::rfc3339;

/// The command line on one line, as nmap writes it: not quoted, for people.
pub(super) fn command(scan: &ScanInfo) -> String {
    scan.command.join(" ")
}

/// What the user should know, as the word of JSON Lines and whom it is about.
pub(super) fn warning(scan: &ScanInfo, warning: &Warning) -> String {
    let (word, host, count) = parts(warning);
    let mut text = word.to_owned();
    if let Some(host) = host {
        text = format!("{text} host={}", scan.address(host));
    }
    if let Some(count) = count {
        text = format!("{text} count={count}");
    }
    text
}

/// The word for a warning, whom it is about, and how many.
pub(super) const fn parts(warning: &Warning) -> (&'static str, Option<Host>, Option<u64>) {
    match warning {
        Warning::KernelDropped { frames } => ("kernel-dropped", None, Some(*frames)),
        Warning::AllOpen { host } => ("all-open", Some(*host), None),
        Warning::StrangeSource { from, count } => {
            ("strange-source", Some(Host::new(*from)), Some(*count))
        }
        Warning::StoppedAnswering { host } => ("stopped-answering", Some(*host), None),
        Warning::ForeignResets { host, count, .. } => ("foreign-resets", Some(*host), Some(*count)),
        Warning::Unresolved { host } => ("unresolved", Some(*host), None),
    }
}

/// The word for why tries ended.
pub(super) const fn ended(end: RoundsEnd) -> &'static str {
    match end {
        RoundsEnd::Sure => "sure",
        RoundsEnd::MaxTries => "max-tries",
        RoundsEnd::HostTimeout => "host-timeout",
        RoundsEnd::MaxTime => "max-time",
        RoundsEnd::Interrupted => "interrupted",
        RoundsEnd::Failed => "failed",
        RoundsEnd::Budget => "budget",
    }
}

/// A question for a host: `icmp-echo`, `tcp-syn:443`.
pub(super) fn question(question: Question) -> String {
    let name = question.kind.probe().name();
    match question.port {
        0 => name.to_owned(),
        port => format!("{name}:{port}"),
    }
}

/// Why a scan is not complete.
pub(super) const fn cut_short(end: RoundsEnd) -> &'static str {
    match end {
        RoundsEnd::Interrupted => "interrupted",
        RoundsEnd::MaxTime => "the time for the scan ran out",
        RoundsEnd::Budget => "UDP ports are left unproven",
        _ => "ended before everything was settled",
    }
}

/// What allowed the scan, one line for each ground.
pub(super) fn permission(scan: &ScanInfo) -> Vec<String> {
    scan.permission
        .grounds
        .iter()
        .map(|ground| {
            let about = match &ground.by {
                Allowance::OwnAddress | Allowance::Loopback | Allowance::Lab => String::new(),
                Allowance::Connected { network, interface } => {
                    format!(" network={} interface={interface}", network.to_text())
                }
                Allowance::Scope { file, who, until } => {
                    let until = until.map_or(String::new(), |u| format!(" until={}", rfc3339(u)));
                    format!(" file={file} who={who}{until}")
                }
                Allowance::Authorized { who } | Allowance::Asked { who } => format!(" who={who}"),
            };
            format!("{} hosts={}{about}", ground.by.as_str(), ground.hosts)
        })
        .collect()
}
