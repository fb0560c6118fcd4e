//! Neighbour discovery (RFC 4861): solicitations, advertisements and redirects. Their options are in
//! [`super::icmpv6_options`].

use super::icmpv6::{CKSUM, CODE, bindings, kind_field, message};
use crate::env::Env;
use crate::model::{Binding, Context, Field, Init, Layer};
use crate::packet::show;
use alloc::format;
use alloc::string::String;
use core::net::Ipv6Addr;
use vigie_wire::icmpv6::{NEIGHBOUR_ADVERT, NEIGHBOUR_SOLICIT, REDIRECT, ROUTER_ADVERT, kind};

/// `ff02::1` (RFC 4291 section 2.7.1).
pub(super) const ALL_NODES: Ipv6Addr = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 1);
/// `ff02::2`.
pub(super) const ALL_ROUTERS: Ipv6Addr = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 2);

const PREFERENCES: &[(u64, &str)] = &[(0, "Medium (default)"), (1, "High"), (2, "Reserved"), (3, "Low")];

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
