//! The words of machine formats for values that have several kinds: one spelling, never translated.

use vigie_scan::event::{EndReason, Warning};
use vigie_scan::open_port_check::CheckOutcome;
use vigie_scan::plan::DiscoveryProbe;
use vigie_scope::Host;

/// The word for what became of a connection, and what was said on it.
pub const fn end(end: &CheckOutcome) -> (&'static str, Option<&str>) {
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
pub struct Parts {
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
pub fn parts(warning: &Warning) -> Parts {
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
pub const fn distances(warning: &Warning) -> Option<(u8, u8)> {
    match warning {
        Warning::ForeignResets { ttl, own_ttl, .. } => Some((*ttl, *own_ttl)),
        _ => None,
    }
}

/// The word for why tries ended.
pub const fn ended(end: EndReason) -> &'static str {
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
pub fn question(question: DiscoveryProbe) -> String {
    let name = question.kind.probe().name();
    match question.port {
        0 => name.to_owned(),
        port => format!("{name}:{port}"),
    }
}
