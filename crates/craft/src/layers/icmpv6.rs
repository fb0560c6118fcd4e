//! ICMPv6 (RFC 4443): echo and error messages, and the parts that all messages share.

use super::icmpv6_discovery::{ND_NA, ND_NS, ND_RA, ND_REDIRECT, ND_RS};
use super::icmpv6_multicast::{ML_DONE, ML_QUERY, ML_QUERY_V2, ML_REPORT, ML_REPORT_V2};
use super::transport::{self, fill_sum};
use vigie_wire::checksum::Checksum;
use vigie_wire::icmpv6::{TABLE as HEADER, kind};
use vigie_wire::ipv4::proto;
use crate::env::Env;
use crate::codecs::Nothing;
use crate::model::{Field, Guess, Init, Layer, Binding, Context};
use crate::packet::{Finish, show};
use alloc::format;
use alloc::string::String;

/// Names of the types.
pub const TYPES: &[(u64, &str)] = &[
    (1, "Destination unreachable"),
    (2, "Packet too big"),
    (3, "Time exceeded"),
    (4, "Parameter problem"),
    (100, "Private Experimentation"),
    (101, "Private Experimentation"),
    (128, "Echo Request"),
    (129, "Echo Reply"),
    (130, "MLD Query"),
    (131, "MLD Report"),
    (132, "MLD Done"),
    (133, "Router Solicitation"),
    (134, "Router Advertisement"),
    (135, "Neighbor Solicitation"),
    (136, "Neighbor Advertisement"),
    (137, "Redirect Message"),
    (138, "Router Renumbering"),
    (139, "ICMP Node Information Query"),
    (140, "ICMP Node Information Response"),
    (141, "Inverse Neighbor Discovery Solicitation Message"),
    (142, "Inverse Neighbor Discovery Advertisement Message"),
    (143, "MLD Report Version 2"),
    (144, "Home Agent Address Discovery Request Message"),
    (145, "Home Agent Address Discovery Reply Message"),
    (146, "Mobile Prefix Solicitation"),
    (147, "Mobile Prefix Advertisement"),
    (148, "Certification Path Solicitation"),
    (149, "Certification Path Advertisement"),
    (151, "Multicast Router Advertisement"),
    (152, "Multicast Router Solicitation"),
    (153, "Multicast Router Termination"),
    (155, "RPL Control Message"),
    (200, "Private Experimentation"),
    (201, "Private Experimentation"),
];

pub(super) const fn kind_field(kind: u8) -> Field {
    Field::of(&HEADER, "kind", "type").or(kind as u64).names(TYPES)
}
pub(super) const CODE: Field = Field::of(&HEADER, "code", "code");
pub(super) const CKSUM: Field = Field::of(&HEADER, "checksum", "cksum").hex().auto();
pub(super) const ID: Field = Field::of(&HEADER, "id", "id").hex();
pub(super) const SEQ: Field = Field::of(&HEADER, "seq", "seq").hex();
/// Returns a layer for an ICMPv6 message; the checksum is the same for all.
pub(super) const fn message(name: &'static str, title: &'static str, fields: &'static [Field]) -> Layer {
    Layer { finish: Some(finish), ..Layer::new(name, title, fields) }
}

/// Layers that a message can stand on, and the fields that it sets in an IPv6 header directly below.
macro_rules! bindings {
    ($($set:expr),*) => {
        &[
            Binding::new("IPv6", &[("nh", Init::Int(58)), $($set),*], &[]),
            Binding::new("IPerror6", &[("nh", Init::Int(58))], &[]),
            Binding::new("IPv6ExtHdrHopByHop", &[("nh", Init::Int(58))], &[]),
            Binding::new("IPv6ExtHdrDestOpt", &[("nh", Init::Int(58))], &[]),
            Binding::new("IPv6ExtHdrRouting", &[("nh", Init::Int(58))], &[]),
            Binding::new("IPv6ExtHdrFragment", &[("nh", Init::Int(58))], &[]),
            Binding::new("AH", &[("nh", Init::Int(58))], &[]),
        ]
    };
}
pub(super) use bindings;

fn finish(f: &mut Finish<'_>) {
    fill_sum!(f, ECHO_REQUEST, "cksum", transport::sum(f, proto::ICMPV6).map(Checksum::finish));
}

/// Returns the message for an ICMPv6 payload by its type. With another next header the bindings decide.
pub(super) fn guess_over_ipv6(context: &Context<'_>, payload: &[u8]) -> Guess {
    if context.uint("nh") != u64::from(proto::ICMPV6) {
        return Guess::Bindings;
    }
    let Some(&kind) = payload.first() else { return Guess::Raw };
    Guess::Is(match kind {
        kind::DEST_UNREACH => DEST_UNREACH.name,
        kind::PACKET_TOO_BIG => PACKET_TOO_BIG.name,
        kind::TIME_EXCEEDED => TIME_EXCEEDED.name,
        kind::PARAM_PROBLEM => PARAM_PROBLEM.name,
        kind::ECHO_REQUEST => ECHO_REQUEST.name,
        kind::ECHO_REPLY => ECHO_REPLY.name,
        kind::ML_QUERY if payload.len() >= 28 => ML_QUERY_V2.name,
        kind::ML_QUERY => ML_QUERY.name,
        kind::ML_REPORT => ML_REPORT.name,
        kind::ML_DONE => ML_DONE.name,
        kind::ROUTER_SOLICIT => ND_RS.name,
        kind::ROUTER_ADVERT => ND_RA.name,
        kind::NEIGHBOUR_SOLICIT => ND_NS.name,
        kind::NEIGHBOUR_ADVERT => ND_NA.name,
        kind::REDIRECT => ND_REDIRECT.name,
        kind::ML_REPORT_V2 => ML_REPORT_V2.name,
        _ => return Guess::Raw,
    })
}

fn echo_summary(context: &Context<'_>, env: &dyn Env) -> String {
    let text = |name| show::field(context, name, env);
    format!("{} (id: {} seq: {})", context.this().layer().title, text("id"), text("seq"))
}

const UNREACH_CODES: &[(u64, &str)] = &[
    (0, "No route to destination"),
    (1, "Communication with destination administratively prohibited"),
    (2, "Beyond scope of source address"),
    (3, "Address unreachable"),
    (4, "Port unreachable"),
];
const TIME_CODES: &[(u64, &str)] =
    &[(0, "hop limit exceeded in transit"), (1, "fragment reassembly time exceeded")];
const PROBLEM_CODES: &[(u64, &str)] = &[
    (0, "erroneous header field encountered"),
    (1, "unrecognized Next Header type encountered"),
    (2, "unrecognized IPv6 option encountered"),
    (3, "first fragment has incomplete header chain"),
];

/// Echo request.
pub const ECHO_REQUEST: Layer = Layer {
    bindings: bindings!(),
    summary: Some(echo_summary),
    ..message(
        "ICMPv6EchoRequest",
        "ICMPv6 Echo Request",
        &[
            kind_field(kind::ECHO_REQUEST),
            CODE,
            CKSUM,
            ID,
            SEQ,
            Field::rest("data"),
        ],
    )
};

/// Echo reply.
pub const ECHO_REPLY: Layer = Layer {
    bindings: bindings!(),
    summary: Some(echo_summary),
    ..message(
        "ICMPv6EchoReply",
        "ICMPv6 Echo Reply",
        &[
            kind_field(kind::ECHO_REPLY),
            CODE,
            CKSUM,
            ID,
            SEQ,
            Field::rest("data"),
        ],
    )
};

/// Destination unreachable.
pub const DEST_UNREACH: Layer = Layer {
    bindings: bindings!(),
    guess: Some(|_, _| Guess::Is("IPerror6")),
    ..message(
        "ICMPv6DestUnreach",
        "ICMPv6 Destination Unreachable",
        &[
            kind_field(kind::DEST_UNREACH),
            CODE.names(UNREACH_CODES),
            CKSUM,
            Field::uint("length", 8),
            Field::uint("unused", 24).hex().class("X3BytesField"),
            Field::bytes_of("extpad", |_, _| 0).class("_ICMPExtensionPadField"),
            Field::custom("ext", &Nothing("_ICMPExtensionField")),
        ],
    )
};

/// Packet too big.
pub const PACKET_TOO_BIG: Layer = Layer {
    bindings: bindings!(),
    guess: Some(|_, _| Guess::Is("IPerror6")),
    ..message(
        "ICMPv6PacketTooBig",
        "ICMPv6 Packet Too Big",
        &[
            kind_field(kind::PACKET_TOO_BIG),
            CODE,
            CKSUM,
            Field::uint("mtu", 32).or(1280),
        ],
    )
};

/// Time exceeded.
pub const TIME_EXCEEDED: Layer = Layer {
    bindings: bindings!(),
    guess: Some(|_, _| Guess::Is("IPerror6")),
    ..message(
        "ICMPv6TimeExceeded",
        "ICMPv6 Time Exceeded",
        &[
            kind_field(kind::TIME_EXCEEDED),
            CODE.names(TIME_CODES),
            CKSUM,
            Field::uint("length", 8),
            Field::uint("unused", 24).hex().class("X3BytesField"),
            Field::bytes_of("extpad", |_, _| 0).class("_ICMPExtensionPadField"),
            Field::custom("ext", &Nothing("_ICMPExtensionField")),
        ],
    )
};

/// Parameter problem.
pub const PARAM_PROBLEM: Layer = Layer {
    bindings: bindings!(),
    guess: Some(|_, _| Guess::Is("IPerror6")),
    ..message(
        "ICMPv6ParamProblem",
        "ICMPv6 Parameter Problem",
        &[
            kind_field(kind::PARAM_PROBLEM),
            CODE.names(PROBLEM_CODES),
            CKSUM,
            Field::uint("ptr", 32).or(6),
        ],
    )
};

/// Any other message.
pub const UNKNOWN: Layer = Layer {
    bindings: bindings!(),
    ..message(
        "ICMPv6Unknown",
        "Scapy6 ICMPv6 fallback class",
        &[
            kind_field(kind::DEST_UNREACH),
            CODE,
            CKSUM,
            Field::rest("msgbody"),
        ],
    )
};
