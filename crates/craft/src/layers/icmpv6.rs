//! ICMPv6 (RFC 4443), neighbour discovery (RFC 4861) and multicast listener discovery (RFC 2710, RFC 3810).
//!
//! Long because ICMPv6 is a dozen messages, and a protocol is one file.

use super::transport::{self, fill_sum};
use vigie_wire::checksum::Checksum;
use vigie_wire::icmpv6::{NEIGHBOUR_ADVERT, NEIGHBOUR_SOLICIT, REDIRECT, ROUTER_ADVERT, TABLE as HEADER, kind};
use vigie_wire::ipv4::proto;
use crate::env::Env;
use crate::codecs::{CountOf, Ipv6List, Nothing};
use crate::model::{Field, Guess, Init, Layer, Binding, Context};
use crate::packet::{Finish, show};
use alloc::format;
use alloc::string::String;
use core::net::Ipv6Addr;

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
/// `ff02::1` (RFC 4291 section 2.7.1).
const ALL_NODES: Ipv6Addr = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 1);
/// `ff02::2`.
const ALL_ROUTERS: Ipv6Addr = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 2);

/// A message of ICMPv6: all have the same checksum.
const fn message(name: &'static str, title: &'static str, fields: &'static [Field]) -> Layer {
    Layer { finish: Some(finish), ..Layer::new(name, title, fields) }
}

/// Where a message stands, and the fields of an IPv6 header right below that it sets.
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

fn finish(f: &mut Finish<'_>) {
    fill_sum!(f, ECHO_REQUEST, "cksum", transport::sum(f, proto::ICMPV6).map(Checksum::finish));
}

/// Which message an ICMPv6 payload is, by its type; nothing else when the next header is another.
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

fn advert_summary(context: &Context<'_>, env: &dyn Env) -> String {
    let text = |name| show::field(context, name, env);
    format!(
        "{} Lifetime {} Hop Limit {} Preference {} Managed {} Other {} Home {}",
        ND_RA.title,
        text("routerlifetime"),
        text("chlim"),
        text("prf"),
        text("M"),
        text("O"),
        text("H")
    )
}

fn target_summary(context: &Context<'_>, env: &dyn Env) -> String {
    format!("{} (tgt: {})", context.this().layer().title, show::field(context, "tgt", env))
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
const PREFERENCES: &[(u64, &str)] = &[(0, "Medium (default)"), (1, "High"), (2, "Reserved"), (3, "Low")];

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

/// Neighbour solicitation.
pub const ND_NS: Layer = Layer {
    bindings: bindings!(("hlim", Init::Int(255)), ("dst", Init::Ipv6(ALL_NODES))),
    guess: Some(super::icmpv6_options::guess),
    summary: Some(target_summary),
    ..message(
        "ICMPv6ND_NS",
        "ICMPv6 Neighbor Discovery - Neighbor Solicitation",
        &[
            kind_field(kind::NEIGHBOUR_SOLICIT),
            CODE,
            CKSUM,
            Field::of(&NEIGHBOUR_SOLICIT, "reserved", "res"),
            Field::of(&NEIGHBOUR_SOLICIT, "target", "tgt"),
        ],
    )
};

/// Neighbour advertisement.
pub const ND_NA: Layer = Layer {
    bindings: bindings!(("hlim", Init::Int(255)), ("dst", Init::Ipv6(ALL_NODES))),
    guess: Some(super::icmpv6_options::guess),
    summary: Some(target_summary),
    ..message(
        "ICMPv6ND_NA",
        "ICMPv6 Neighbor Discovery - Neighbor Advertisement",
        &[
            kind_field(kind::NEIGHBOUR_ADVERT),
            CODE,
            CKSUM,
            Field::of(&NEIGHBOUR_ADVERT, "router", "R").or(1),
            Field::of(&NEIGHBOUR_ADVERT, "solicited", "S"),
            Field::of(&NEIGHBOUR_ADVERT, "overriding", "O").or(1),
            Field::of(&NEIGHBOUR_ADVERT, "reserved", "res").hex(),
            Field::of(&NEIGHBOUR_ADVERT, "target", "tgt"),
        ],
    )
};

/// Router solicitation.
pub const ND_RS: Layer = Layer {
    bindings: bindings!(("hlim", Init::Int(255)), ("dst", Init::Ipv6(ALL_ROUTERS))),
    guess: Some(super::icmpv6_options::guess),
    ..message(
        "ICMPv6ND_RS",
        "ICMPv6 Neighbor Discovery - Router Solicitation",
        &[
            kind_field(kind::ROUTER_SOLICIT),
            CODE,
            CKSUM,
            Field::uint("res", 32),
        ],
    )
};

/// Router advertisement.
pub const ND_RA: Layer = Layer {
    bindings: bindings!(("hlim", Init::Int(255)), ("dst", Init::Ipv6(ALL_NODES))),
    guess: Some(super::icmpv6_options::guess),
    summary: Some(advert_summary),
    ..message(
        "ICMPv6ND_RA",
        "ICMPv6 Neighbor Discovery - Router Advertisement",
        &[
            kind_field(kind::ROUTER_ADVERT),
            CODE,
            CKSUM,
            Field::of(&ROUTER_ADVERT, "hop_limit", "chlim"),
            Field::of(&ROUTER_ADVERT, "managed", "M"),
            Field::of(&ROUTER_ADVERT, "other_config", "O"),
            Field::of(&ROUTER_ADVERT, "home_agent", "H"),
            Field::of(&ROUTER_ADVERT, "preference", "prf").or(1).names(PREFERENCES),
            Field::of(&ROUTER_ADVERT, "proxy", "P"),
            Field::of(&ROUTER_ADVERT, "reserved", "res"),
            Field::of(&ROUTER_ADVERT, "router_lifetime", "routerlifetime").or(1800),
            Field::of(&ROUTER_ADVERT, "reachable_time", "reachabletime"),
            Field::of(&ROUTER_ADVERT, "retrans_timer", "retranstimer"),
        ],
    )
};

/// Redirect.
pub const ND_REDIRECT: Layer = Layer {
    bindings: bindings!(("hlim", Init::Int(255)), ("dst", Init::Ipv6(ALL_NODES))),
    guess: Some(super::icmpv6_options::guess),
    ..message(
        "ICMPv6ND_Redirect",
        "ICMPv6 Neighbor Discovery - Redirect",
        &[
            kind_field(kind::REDIRECT),
            CODE,
            CKSUM,
            Field::of(&REDIRECT, "reserved", "res").hex(),
            Field::of(&REDIRECT, "target", "tgt"),
            Field::of(&REDIRECT, "dst", "dst"),
        ],
    )
};

/// Multicast listener query.
pub const ML_QUERY: Layer = Layer {
    bindings: bindings!(("hlim", Init::Int(1)), ("dst", Init::Ipv6(ALL_NODES))),
    ..message(
        "ICMPv6MLQuery",
        "MLD - Multicast Listener Query",
        &[
            kind_field(kind::ML_QUERY),
            CODE,
            CKSUM,
            Field::uint("mrd", 16).or(10_000),
            Field::uint("reserved", 16),
            Field::ipv6("mladdr"),
        ],
    )
};

/// Multicast listener report.
pub const ML_REPORT: Layer = Layer {
    bindings: bindings!(("hlim", Init::Int(1))),
    ..message(
        "ICMPv6MLReport",
        "MLD - Multicast Listener Report",
        &[
            kind_field(kind::ML_REPORT),
            CODE,
            CKSUM,
            Field::uint("mrd", 16).or(0),
            Field::uint("reserved", 16),
            Field::ipv6("mladdr"),
        ],
    )
};

/// Multicast listener done.
pub const ML_DONE: Layer = Layer {
    bindings: bindings!(("hlim", Init::Int(1)), ("dst", Init::Ipv6(ALL_ROUTERS))),
    ..message(
        "ICMPv6MLDone",
        "MLD - Multicast Listener Done",
        &[
            kind_field(kind::ML_DONE),
            CODE,
            CKSUM,
            Field::uint("mrd", 16).or(0),
            Field::uint("reserved", 16),
            Field::ipv6("mladdr"),
        ],
    )
};

/// Multicast listener query, version 2 (RFC 3810 section 5.1).
pub const ML_QUERY_V2: Layer = Layer {
    bindings: bindings!(("hlim", Init::Int(1)), ("dst", Init::Ipv6(ALL_NODES))),
    ..message(
        "ICMPv6MLQuery2",
        "MLDv2 - Multicast Listener Query",
        &[
            kind_field(kind::ML_QUERY),
            CODE,
            CKSUM,
            Field::uint("mrd", 16).or(10_000),
            Field::uint("reserved", 16),
            Field::ipv6("mladdr"),
            Field::uint("Resv", 4),
            Field::uint("S", 1),
            Field::uint("QRV", 3),
            Field::uint("QQIC", 8),
            Field { bits: 16, ..Field::custom("sources_number", &CountOf { field: "sources", size: 2 }) }.class("ShortField"),
            Field::custom("sources", &Ipv6List { len: |context, left| (context.uint("sources_number") as usize * 16).min(left) }),
        ],
    )
};

/// Multicast listener report, version 2 (RFC 3810 section 5.2); its records as bytes.
pub const ML_REPORT_V2: Layer = Layer {
    bindings: bindings!(("hlim", Init::Int(1)), ("dst", Init::Ipv6(ALL_REPORTERS))),
    ..message(
        "ICMPv6MLReport2",
        "MLDv2 - Multicast Listener Report",
        &[
            kind_field(kind::ML_REPORT_V2),
            Field::uint("res", 8),
            CKSUM,
            Field::uint("reserved", 16),
            Field::uint("records_number", 16),
            Field::rest("records"),
        ],
    )
};

/// `ff02::16` (RFC 3810 section 5.2.14).
const ALL_REPORTERS: Ipv6Addr = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 0x16);

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

