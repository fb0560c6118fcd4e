//! ICMP errors about a probe: the reason for each type and code.
//!
//! RFC 792, RFC 1122 section 3.2.2.1, RFC 1812 section 5.2.7.1; RFC 4443 section 3. This file must not know which
//! probe the error is about.

use vigie_wire::frame::{Frame, Transport};
use vigie_wire::{icmpv4, icmpv6};

use crate::finding::Reason;

/// Returns the reason that an ICMP error gives, and the datagram that it quotes; `None` for other messages.
pub fn read<'a>(frame: &Frame<'a>) -> Option<(Reason, &'a [u8])> {
    match frame.transport {
        Transport::Icmpv4(m) => Some((reason_v4(m.kind(), m.code())?, m.quoted())),
        Transport::Icmpv6(m) => Some((reason_v6(m.kind(), m.code())?, m.quoted())),
        _ => None,
    }
}

/// Returns the reason of an ICMP type and code.
pub fn reason_v4(kind: u8, code: u8) -> Option<Reason> {
    Some(match (kind, code) {
        (icmpv4::kind::DEST_UNREACH, 0) => Reason::NetUnreach,
        (icmpv4::kind::DEST_UNREACH, 1) => Reason::HostUnreach,
        (icmpv4::kind::DEST_UNREACH, 2) => Reason::ProtoUnreach,
        (icmpv4::kind::DEST_UNREACH, 3) => Reason::PortUnreach,
        (icmpv4::kind::DEST_UNREACH, 9) => Reason::NetProhibited,
        (icmpv4::kind::DEST_UNREACH, 10) => Reason::HostProhibited,
        (icmpv4::kind::DEST_UNREACH, 13) => Reason::AdminProhibited,
        // Fragmentation needed is about size: the probes are smaller than any MTU.
        (icmpv4::kind::DEST_UNREACH, 4) => return None,
        (icmpv4::kind::DEST_UNREACH, _) => Reason::DestUnreach,
        (icmpv4::kind::TIME_EXCEEDED, _) => Reason::TimeExceeded,
        (icmpv4::kind::PARAM_PROBLEM, _) => Reason::ParamProblem,
        _ => return None,
    })
}

/// Returns the reason of an ICMPv6 type and code.
pub fn reason_v6(kind: u8, code: u8) -> Option<Reason> {
    Some(match (kind, code) {
        (icmpv6::kind::DEST_UNREACH, 0) => Reason::NoRoute,
        (icmpv6::kind::DEST_UNREACH, 1) => Reason::AdminProhibited,
        (icmpv6::kind::DEST_UNREACH, 2) => Reason::BeyondScope,
        (icmpv6::kind::DEST_UNREACH, 3) => Reason::AddrUnreach,
        (icmpv6::kind::DEST_UNREACH, 4) => Reason::PortUnreach,
        (icmpv6::kind::DEST_UNREACH, 5) => Reason::PolicyFail,
        (icmpv6::kind::DEST_UNREACH, 6) => Reason::RejectRoute,
        (icmpv6::kind::DEST_UNREACH, _) => Reason::DestUnreach,
        (icmpv6::kind::TIME_EXCEEDED, _) => Reason::TimeExceeded,
        // Unrecognised next header (RFC 4443 section 3.4): the IPv6 form of protocol unreachable.
        (icmpv6::kind::PARAM_PROBLEM, 1) => Reason::ProtoUnreach,
        (icmpv6::kind::PARAM_PROBLEM, _) => Reason::ParamProblem,
        _ => return None,
    })
}
