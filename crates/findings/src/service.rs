//! What listens on a port, and why a silent one may still have a server.

use vigie_detect::payload;
use vigie_scan::{Finding, PortState, ServiceMatch};
use vigie_scope::{Transport, services};

/// The service of a port: what its answer has proven, or what usually stands there.
pub fn service(finding: &Finding) -> Option<&'static str> {
    let proven = finding.service.and_then(ServiceMatch::service);
    proven.or_else(|| services::name(finding.transport, finding.port))
}

/// Why a server on this silent port may be there all the same, as a key: many never answer strangers.
pub fn by_design(finding: &Finding) -> Option<&'static str> {
    let silent = finding.transport == Transport::Udp && finding.state == PortState::OpenFiltered;
    let mut known = payload::for_port(finding.port).iter().filter(|_| silent);
    known.find_map(|payload| payload.silent_by_design())
}
