//! The words of machine formats for values that have several kinds: one spelling, never translated.

use vigie_scan::event::{EndReason, Warning};
use vigie_scan::open_port_check::{CheckOutcome, CheckVerdict};
use vigie_scan::plan::{Discovery, DiscoveryProbe, Technique};
use vigie_scan::probe::Kind;
use vigie_scan::{HostState, PortState, Reason};
use vigie_scope::{Host, Transport};

use crate::PortsAsked;

/// A type with one word for each value.
pub trait Vocabulary: Copy + PartialEq + 'static {
    /// Every value with its word.
    fn list() -> impl Iterator<Item = (Self, &'static str)>;

    /// Returns the word of this value.
    fn word(self) -> &'static str {
        let found = Self::list().find(|(value, _)| *value == self);
        found.map_or("", |(_, word)| word)
    }

    /// Returns the value with this word.
    fn from_word(word: &str) -> Option<Self> {
        let found = Self::list().find(|(_, known)| *known == word);
        found.map(|(value, _)| value)
    }

    /// Returns every word.
    fn words() -> Vec<&'static str> {
        Self::list().map(|(_, word)| word).collect()
    }
}

/// Implements [`Vocabulary`] for types that define their own words.
macro_rules! own_words {
    ($($type:ty),+) => {$(
        impl Vocabulary for $type {
            fn list() -> impl Iterator<Item = (Self, &'static str)> {
                <$type>::ALL.iter().map(|value| (*value, value.as_str()))
            }
            fn word(self) -> &'static str {
                self.as_str()
            }
        }
    )+};
}

/// Implements [`Vocabulary`] from a list of words.
macro_rules! words {
    ($type:ident { $($variant:ident = $word:literal),+ $(,)? }) => {
        impl Vocabulary for $type {
            fn list() -> impl Iterator<Item = (Self, &'static str)> {
                [$(($type::$variant, $word)),+].into_iter()
            }
            fn word(self) -> &'static str {
                match self {
                    $($type::$variant => $word),+
                }
            }
        }
    };
}

own_words!(HostState, PortState, Reason, Transport, Technique);

words!(EndReason {
    Complete = "sure",
    MaxTries = "max-tries",
    HostTimeout = "host-timeout",
    MaxTime = "max-time",
    Interrupted = "interrupted",
    Failed = "failed",
    Budget = "budget",
});

words!(PortsAsked {
    Top = "top",
    Listed = "listed",
});

words!(Discovery {
    Probe = "ask",
    AssumeUp = "assume-up",
});

words!(CheckVerdict {
    Front = "front",
    Resets = "resets",
    Real = "real",
    Unclear = "unclear",
});

/// The kinds of [`CheckOutcome`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutcomeWord {
    /// No answer.
    Nothing,
    /// The connection was refused.
    Refused,
    /// The connection was made and then reset.
    Reset,
    /// The connection was made and then closed.
    Closed,
    /// The connection was held in silence.
    Silent,
    /// The service sent something.
    Spoke,
}

words!(OutcomeWord {
    Nothing = "nothing",
    Refused = "refused",
    Reset = "reset",
    Closed = "closed",
    Silent = "silent",
    Spoke = "spoke",
});

impl From<&CheckOutcome> for OutcomeWord {
    fn from(outcome: &CheckOutcome) -> OutcomeWord {
        match outcome {
            CheckOutcome::Nothing => OutcomeWord::Nothing,
            CheckOutcome::Refused => OutcomeWord::Refused,
            CheckOutcome::Reset => OutcomeWord::Reset,
            CheckOutcome::Closed => OutcomeWord::Closed,
            CheckOutcome::Silent => OutcomeWord::Silent,
            CheckOutcome::Spoke(_) => OutcomeWord::Spoke,
        }
    }
}

/// A warning in machine formats.
#[derive(Clone, Copy, Debug, Default)]
pub struct WarningParts {
    /// Its word.
    pub word: &'static str,
    /// The host that it is about.
    pub host: Option<Host>,
    /// Number of frames, answers or ports.
    pub count: Option<u64>,
    /// Rate per second.
    pub rate: Option<f64>,
}

/// Returns the word of a warning, its host and its numbers.
pub fn warning_parts(warning: &Warning) -> WarningParts {
    let about = |word, host| WarningParts {
        word,
        host: Some(host),
        ..WarningParts::default()
    };
    let limits = |word, host, rate| WarningParts {
        rate: Some(rate),
        ..about(word, host)
    };
    match *warning {
        Warning::KernelDropped { frames } => WarningParts {
            word: "kernel-dropped",
            count: Some(frames),
            ..WarningParts::default()
        },
        Warning::AllOpen { host, .. } => about("all-open", host),
        Warning::StrangeSource { from, count } => WarningParts {
            count: Some(count),
            ..about("strange-source", Host::new(from))
        },
        Warning::StoppedAnswering { host } => about("stopped-answering", host),
        Warning::LimitsResets { host, rate } => limits("limits-resets", host, rate),
        Warning::LimitsErrors { host, rate } => limits("limits-errors", host, rate),
        Warning::ForeignResets { host, count, .. } => WarningParts {
            count: Some(count),
            ..about("foreign-resets", host)
        },
        Warning::Unresolved { host } => about("unresolved", host),
    }
}

/// Returns the time to live of resets that another machine sends in a host's name, and that of the host's own answers.
pub const fn reset_ttls(warning: &Warning) -> Option<(u8, u8)> {
    match warning {
        Warning::ForeignResets { ttl, own_ttl, .. } => Some((*ttl, *own_ttl)),
        _ => None,
    }
}

/// Returns the text of a discovery probe: `icmp-echo`, `tcp-syn:443`.
pub fn discovery_probe(probe: DiscoveryProbe) -> String {
    let name = probe.kind.probe().name();
    match probe.port {
        0 => name.to_owned(),
        port => format!("{name}:{port}"),
    }
}

/// Reads what [`discovery_probe`] writes.
pub fn parse_discovery_probe(text: &str) -> Option<DiscoveryProbe> {
    let (name, port) = text.split_once(':').unwrap_or((text, "0"));
    Some(DiscoveryProbe::new(
        Kind::from_name(name)?,
        port.parse().ok()?,
    ))
}
