//! Sentences of machine formats that have no field for something: one spelling, never translated.

use vigie_scan::event::{EndReason, Warning};
use vigie_scan::open_port_check::CheckOutcome;
use vigie_scan::plan::DiscoveryProbe;
use vigie_scope::AuthSource;
use vigie_scope::Host;

use super::ScanInfo;
use super::time::rfc3339;

/// The command line on one line, as nmap writes it: not quoted, for people.
pub(super) fn command(scan: &ScanInfo) -> String {
    scan.command.join(" ")
}

/// What the user should know, as the word of JSON Lines and whom it is about.
pub(super) fn warning(scan: &ScanInfo, warning: &Warning) -> String {
    let Parts {
        word,
        host,
        count,
        rate,
    } = parts(warning);
    let mut text = word.to_owned();
    if let Some(host) = host {
        text = format!("{text} host={}", scan.address(host));
    }
    if let Some(count) = count {
        text = format!("{text} count={count}");
    }
    if let Some(rate) = rate {
        text = format!("{text} rate={rate:.1}");
    }
    if let Warning::AllOpen {
        handshakes: Some(handshakes),
        ..
    } = warning
    {
        text = format!("{text} verified={}", handshakes.verdict().as_str());
        for tried in handshakes.real() {
            text = format!("{text} real={}", tried.port);
        }
    }
    text
}

/// The word for what became of a connection, and what was said on it.
pub(super) const fn end(end: &CheckOutcome) -> (&'static str, Option<&str>) {
    match end {
        CheckOutcome::Nothing => ("nothing", None),
        CheckOutcome::Refused => ("refused", None),
        CheckOutcome::Reset => ("reset", None),
        CheckOutcome::Closed => ("closed", None),
        CheckOutcome::Silent => ("silent", None),
        CheckOutcome::Spoke(words) => ("spoke", Some(words.as_str())),
    }
}

/// What a warning is in machine formats.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Parts {
    /// Its word.
    pub word: &'static str,
    /// Whom it is about.
    pub host: Option<Host>,
    /// How many.
    pub count: Option<u64>,
    /// How many a second.
    pub rate: Option<f64>,
}

/// The word for a warning, whom it is about, and how many.
pub(super) fn parts(warning: &Warning) -> Parts {
    let about = |word, host| Parts {
        word,
        host: Some(host),
        ..Parts::default()
    };
    let limits = |word, host, rate| Parts {
        rate: Some(rate),
        ..about(word, host)
    };
    match *warning {
        Warning::KernelDropped { frames } => Parts {
            word: "kernel-dropped",
            count: Some(frames),
            ..Parts::default()
        },
        Warning::AllOpen { host, .. } => about("all-open", host),
        Warning::StrangeSource { from, count } => Parts {
            count: Some(count),
            ..about("strange-source", Host::new(from))
        },
        Warning::StoppedAnswering { host } => about("stopped-answering", host),
        Warning::LimitsResets { host, rate } => limits("limits-resets", host, rate),
        Warning::LimitsErrors { host, rate } => limits("limits-errors", host, rate),
        Warning::ForeignResets { host, count, .. } => Parts {
            count: Some(count),
            ..about("foreign-resets", host)
        },
        Warning::Unresolved { host } => about("unresolved", host),
    }
}

/// Of resets that another machine sends in a host's name: their time to live, and that of its own answers.
pub(super) const fn distances(warning: &Warning) -> Option<(u8, u8)> {
    match warning {
        Warning::ForeignResets { ttl, own_ttl, .. } => Some((*ttl, *own_ttl)),
        _ => None,
    }
}

/// The word for why tries ended.
pub(super) const fn ended(end: EndReason) -> &'static str {
    match end {
        EndReason::Complete => "sure",
        EndReason::MaxTries => "max-tries",
        EndReason::HostTimeout => "host-timeout",
        EndReason::MaxTime => "max-time",
        EndReason::Interrupted => "interrupted",
        EndReason::Failed => "failed",
        EndReason::Budget => "budget",
    }
}

/// A question for a host: `icmp-echo`, `tcp-syn:443`.
pub(super) fn question(question: DiscoveryProbe) -> String {
    let name = question.kind.probe().name();
    match question.port {
        0 => name.to_owned(),
        port => format!("{name}:{port}"),
    }
}

/// Why a scan is not complete.
pub(super) const fn cut_short(end: EndReason) -> &'static str {
    match end {
        EndReason::Interrupted => "interrupted",
        EndReason::MaxTime => "the time for the scan ran out",
        EndReason::Budget => "ports are left unproven",
        _ => "ended before everything was settled",
    }
}

/// What allowed the scan, one line for each ground.
pub(super) fn permission(scan: &ScanInfo) -> Vec<String> {
    scan.permission
        .authorizations
        .iter()
        .map(|authorization| {
            let about = match &authorization.source {
                AuthSource::OwnAddress | AuthSource::Loopback | AuthSource::Lab => String::new(),
                AuthSource::Connected { network, interface } => {
                    format!(" network={} interface={interface}", network.to_text())
                }
                AuthSource::Scope { file, who, until } => {
                    let until = until.map_or(String::new(), |u| format!(" until={}", rfc3339(u)));
                    format!(" file={file} who={who}{until}")
                }
                AuthSource::CommandLine { who } | AuthSource::Prompt { who } => {
                    format!(" who={who}")
                }
            };
            format!(
                "{} hosts={}{about}",
                authorization.source.as_str(),
                authorization.hosts
            )
        })
        .collect()
}
