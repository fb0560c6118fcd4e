//! The objects of docs/json.md as they are read: the fields that are used, nothing checked yet.

#![allow(clippy::struct_field_names, reason = "the schema names the fields")]

use std::borrow::Cow;

use serde::Deserialize;

/// What the first line is.
#[derive(Deserialize)]
pub(super) struct Schema<'a> {
    #[serde(rename = "type", borrow)]
    pub(super) kind: Cow<'a, str>,
    pub(super) schema: Option<u64>,
}

#[derive(Deserialize)]
pub(super) struct Scan {
    pub(super) version: String,
    pub(super) command: Vec<String>,
    pub(super) started: String,
    pub(super) targets: Vec<String>,
    pub(super) ranges: Vec<Range>,
    pub(super) ports: String,
    pub(super) ports_asked: String,
    pub(super) technique: String,
    pub(super) tcp_flags: Option<u16>,
    pub(super) discovery: String,
    #[serde(default)]
    pub(super) questions: Vec<String>,
    #[serde(default)]
    pub(super) traceroute: bool,
    pub(super) source_port: u16,
    pub(super) source_ports: Option<u16>,
    pub(super) seed: String,
    pub(super) shard: Option<String>,
    pub(super) budget: Budget,
    pub(super) listing: Listing,
    #[serde(default)]
    pub(super) permission: Vec<Allowed>,
    pub(super) udp: Option<UdpPart>,
}

#[derive(Deserialize)]
pub(super) struct UdpPart {
    pub(super) budget: Option<f64>,
    pub(super) sources: Vec<String>,
    pub(super) by_sockets: Option<bool>,
}

#[derive(Deserialize)]
pub(super) struct Range {
    pub(super) first: String,
    pub(super) last: String,
    pub(super) interface: Option<String>,
    pub(super) source: Option<String>,
    pub(super) gateway: Option<String>,
    pub(super) local: Option<bool>,
}

#[derive(Deserialize)]
pub(super) struct Budget {
    pub(super) max_rate: Option<f64>,
    pub(super) min_rate: Option<f64>,
    pub(super) max_host_rate: Option<f64>,
    pub(super) max_tries: u8,
    pub(super) confidence: f64,
    pub(super) host_timeout: Option<f64>,
    pub(super) max_time: Option<f64>,
    pub(super) max_connections: usize,
    pub(super) verify: Option<u64>,
}

#[derive(Deserialize)]
pub(super) struct Listing {
    pub(super) all: bool,
    pub(super) open_only: bool,
    pub(super) most: u64,
}

#[derive(Deserialize)]
pub(super) struct Allowed {
    pub(super) by: String,
    pub(super) hosts: u64,
    pub(super) network: Option<String>,
    pub(super) interface: Option<String>,
    pub(super) file: Option<String>,
    pub(super) who: Option<String>,
    pub(super) until: Option<String>,
}

/// Any line after the first.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub(super) enum Line {
    Scan,
    Up(Found),
    Host(HostLine),
    Port(Port),
    Evidence(Shown),
    Warning(Warned),
    Path(PathLine),
    Loss(Loss),
    Progress(Pace),
    End(End),
    #[serde(other)]
    Unknown,
}

#[derive(Deserialize)]
pub(super) struct Found {
    pub(super) at: f64,
    pub(super) host: String,
    #[serde(default)]
    pub(super) names: Vec<String>,
    pub(super) state: String,
    pub(super) reason: String,
    pub(super) rtt: Option<f64>,
    pub(super) ttl: Option<u8>,
    pub(super) mac: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct HostLine {
    #[serde(flatten)]
    pub(super) found: Found,
    pub(super) complete: bool,
    pub(super) ended: Option<String>,
    pub(super) counts: Vec<Count>,
    pub(super) udp: Option<Udp>,
}

#[derive(Deserialize)]
pub(super) struct Udp {
    pub(super) limit: String,
    pub(super) rate: Option<f64>,
    pub(super) burst: Option<u32>,
    pub(super) unproven: u64,
    pub(super) sample: Option<Sampled>,
}

#[derive(Deserialize)]
pub(super) struct Sampled {
    pub(super) of: u64,
    pub(super) drawn: u64,
    pub(super) closed: u64,
    pub(super) most: u64,
    pub(super) confidence: f64,
}

#[derive(Deserialize)]
pub(super) struct Count {
    pub(super) state: String,
    pub(super) reason: String,
    pub(super) count: u64,
    pub(super) listed: bool,
    pub(super) tries: u8,
    pub(super) miss_probability: f64,
}

#[derive(Deserialize)]
pub(super) struct Port {
    pub(super) at: f64,
    pub(super) host: String,
    pub(super) transport: String,
    pub(super) port: u16,
    pub(super) state: String,
    pub(super) reason: String,
    pub(super) from: Option<String>,
    pub(super) ttl: Option<u8>,
    pub(super) rtt: Option<f64>,
    pub(super) tries: u8,
    pub(super) miss_probability: f64,
    pub(super) confirmed: Option<String>,
    #[serde(default)]
    pub(super) unrecognised: bool,
    pub(super) product: Option<String>,
    pub(super) version: Option<String>,
    pub(super) info: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Warned {
    pub(super) at: f64,
    pub(super) warning: String,
    pub(super) host: Option<String>,
    pub(super) count: Option<u64>,
    pub(super) ttl: Option<u8>,
    pub(super) own_ttl: Option<u8>,
    pub(super) rate: Option<f64>,
    #[serde(default)]
    pub(super) handshakes: Vec<HandshakeLine>,
}

#[derive(Deserialize)]
pub(super) struct HandshakeLine {
    pub(super) port: u16,
    pub(super) control: bool,
    pub(super) end: String,
    pub(super) words: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Loss {
    pub(super) at: f64,
    pub(super) sent: u64,
    pub(super) answered: u64,
    pub(super) unanswered: u64,
    pub(super) duplicates: u64,
    pub(super) stray: u64,
    pub(super) lost_on_path: f64,
    pub(super) suppressed: f64,
    pub(super) dropped_sending: u64,
    pub(super) dropped_receiving: u64,
    pub(super) loss_rate: f64,
    /// Reports of before it was told apart do not have it.
    pub(super) measured: Option<bool>,
    pub(super) srtt: Option<f64>,
}

#[derive(Deserialize)]
pub(super) struct Pace {
    pub(super) at: f64,
    pub(super) done: f64,
    pub(super) rate: f64,
    pub(super) sent: u64,
    pub(super) loss_rate: f64,
    pub(super) eta: Option<f64>,
    pub(super) round: u8,
    pub(super) open: u64,
    pub(super) discovering: bool,
    #[serde(default)]
    pub(super) udp: bool,
}

#[derive(Deserialize)]
pub(super) struct End {
    pub(super) complete: bool,
    pub(super) ended: Option<String>,
    pub(super) elapsed: Option<f64>,
    pub(super) hosts: Option<u64>,
    pub(super) hosts_up: Option<u64>,
    pub(super) ports: Option<u64>,
}

#[derive(Deserialize)]
pub(super) struct Shown {
    pub(super) at: f64,
    pub(super) host: String,
    pub(super) transport: Option<String>,
    pub(super) port: Option<u16>,
    pub(super) more: u64,
    /// Results of older versions have none.
    #[serde(default)]
    pub(super) path: u64,
    pub(super) packets: Vec<Sent>,
}

#[derive(Deserialize)]
pub(super) struct Sent {
    pub(super) at: f64,
    pub(super) sent: bool,
    pub(super) link: u16,
    pub(super) bytes: String,
}

#[derive(Deserialize)]
pub(super) struct PathLine {
    pub(super) at: f64,
    pub(super) host: String,
    pub(super) probe: Option<String>,
    pub(super) hops: Vec<HopLine>,
}

#[derive(Deserialize)]
pub(super) struct HopLine {
    pub(super) ttl: u8,
    pub(super) ip: Option<String>,
    pub(super) rtt: Option<f64>,
    pub(super) shared: Option<String>,
}
