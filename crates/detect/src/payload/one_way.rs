//! Services that do not reply to the sender: collectors of logs and metrics, tunnels, and services that reply to a fixed
//! port.
//!
//! They get an empty datagram, which causes the ICMP error of a closed port and is not logged. Their silence is explained,
//! and no datagram is recognised as theirs.

use super::kit::Request;
use super::{Answer, Payload, Silence};

const fn quiet(
    name: &'static str,
    ports: &'static [u16],
    why: Silence,
) -> Payload {
    Payload::new(name, name, ports, Request::EMPTY, nothing).silent(why)
}

fn nothing(_token: u64, _reply: &[u8]) -> Option<Answer> {
    None
}

/// Discard, RFC 863.
pub(super) static DISCARD: Payload = quiet("discard", &[9], Silence::OneWay);
/// Syslog, RFC 5426.
pub(super) static SYSLOG: Payload = quiet("syslog", &[514], Silence::OneWay);
/// SNMP notifications, RFC 3413.
pub(super) static SNMP_TRAP: Payload = quiet("snmptrap", &[162], Silence::OneWay);
/// NetFlow and IPFIX, RFC 3954 and RFC 7011.
pub(super) static NETFLOW: Payload =
    quiet("netflow", &[2055, 4739, 9995, 9996], Silence::OneWay);
/// sFlow version 5.
pub(super) static SFLOW: Payload = quiet("sflow", &[6343], Silence::OneWay);
/// collectd's network plugin.
pub(super) static COLLECTD: Payload = quiet("collectd", &[25826], Silence::OneWay);
/// StatsD.
pub(super) static STATSD: Payload = quiet("statsd", &[8125], Silence::OneWay);
/// Graylog's format.
pub(super) static GELF: Payload = quiet("gelf", &[12201], Silence::OneWay);
/// DHCP, RFC 2131 section 4.1: answers go to port 68, or to port 67 of a relay.
pub(super) static DHCP: Payload = quiet("dhcp", &[67, 68], Silence::FixedPort);
/// DHCPv6, RFC 8415 section 7.2: answers go to port 546, or to port 547 of a relay.
pub(super) static DHCPV6: Payload = quiet("dhcpv6", &[546, 547], Silence::FixedPort);
/// Mosh, which encrypts from its first datagram.
pub(super) static MOSH: Payload = quiet("mosh", &[60001, 60002, 60003], Silence::NeedsKey);
/// Tailscale's WireGuard.
pub(super) static TAILSCALE: Payload = quiet("tailscale", &[41641], Silence::NeedsKey);
/// VXLAN and Geneve, RFC 7348 and RFC 8926 (8472 is Linux's first choice).
pub(super) static VXLAN: Payload = quiet("vxlan", &[4789, 6081, 8472], Silence::OneWay);
/// Bidirectional forwarding detection, RFC 5881 and RFC 5883: between two peers that are configured for each other.
pub(super) static BFD: Payload = quiet("bfd", &[3784, 4784], Silence::KnownPeersOnly);
/// Hot standby routers, RFC 2281.
pub(super) static HSRP: Payload = quiet("hsrp", &[1985], Silence::MulticastOnly);
/// Precision time, IEEE 1588.
pub(super) static PTP: Payload = quiet("ptp", &[319, 320], Silence::MulticastOnly);
