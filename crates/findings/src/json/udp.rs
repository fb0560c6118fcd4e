//! The objects of docs/json.md that are about UDP ports alone.

use serde::Serialize;
use vigie_scan::event::{ErrorLimit, Sample, UdpSummary};
use vigie_scan::plan::UdpSpec;

/// The UDP part of a plan.
#[derive(Serialize)]
pub(super) struct UdpPart {
    #[serde(skip_serializing_if = "Option::is_none")]
    budget: Option<f64>,
    sources: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by_sockets: Option<bool>,
}

impl UdpPart {
    pub(super) fn new(udp: &UdpSpec, by_sockets: bool) -> UdpPart {
        UdpPart {
            budget: udp.budget.map(|d| d.as_secs_f64()),
            sources: udp.sources.iter().map(ToString::to_string).collect(),
            by_sockets: by_sockets.then_some(true),
        }
    }
}

/// How a host says that UDP ports are closed, and what is known of those that are not proven.
#[derive(Serialize)]
pub(super) struct Udp {
    limit: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rate: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    burst: Option<u32>,
    unproven: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    sample: Option<Sampled>,
}

#[derive(Serialize)]
struct Sampled {
    of: u64,
    drawn: u64,
    closed: u64,
    most: u64,
    confidence: f64,
}

impl Udp {
    pub(super) fn new(summary: &UdpSummary) -> Udp {
        let (limit, rate, burst) = match summary.limit {
            ErrorLimit::Unresponsive => ("mute", None, None),
            ErrorLimit::Unlimited => ("free", None, None),
            ErrorLimit::Limited { rate, burst } => ("tokens", Some(rate), burst),
        };
        let sample = |s: Sample| Sampled {
            of: s.of,
            drawn: s.drawn,
            closed: s.closed,
            most: s.most,
            confidence: s.confidence,
        };
        Udp {
            limit,
            rate,
            burst,
            unproven: summary.unproven,
            sample: summary.sample.map(sample),
        }
    }
}
