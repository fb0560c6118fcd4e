//! The service of a port, and why a silent UDP port may still have a server.

use vigie_detect::payload;
use vigie_scan::{Finding, PortState, ServiceMatch};
use vigie_scope::{Transport, services};

/// Returns the service of a port: the one that its answer proves, or else the one registered for the port.
pub fn service(finding: &Finding) -> Option<&'static str> {
    let proven = finding.service.and_then(ServiceMatch::service);
    proven.or_else(|| services::name(finding.transport, finding.port))
}

/// Returns why a server on this silent UDP port would not answer a probe, as a word of docs/json.md.
pub fn silent_by_design(finding: &Finding) -> Option<&'static str> {
    let silent = finding.transport == Transport::Udp && finding.state == PortState::OpenFiltered;
    let mut known = payload::for_port(finding.port).iter().filter(|_| silent);
    known.find_map(|payload| payload.silent_by_design())
}
