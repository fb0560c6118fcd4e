//! IPv6 (RFC 8200): the fixed header.

use vigie_wire::ipv6::TABLE as HEADER;
use crate::env::Env;
use crate::model::{Field, Init, Layer, Binding, MachineValue, Context};
use crate::packet::{Finish, fill, show};
use alloc::format;
use alloc::string::String;

/// Names of next headers.
pub const NEXT_HEADERS: &[(u64, &str)] = &[
    (0, "Hop-by-Hop Option Header"),
    (4, "IP"),
    (6, "TCP"),
    (17, "UDP"),
    (41, "IPv6"),
    (43, "Routing Header"),
    (44, "Fragment Header"),
    (47, "GRE"),
    (50, "ESP Header"),
    (51, "AH Header"),
    (58, "ICMPv6"),
    (59, "No Next Header"),
    (60, "Destination Option Header"),
    (112, "VRRP"),
    (132, "SCTP"),
    (135, "Mobility Header"),
];

const FIELDS: &[Field] = &[
    Field::of(&HEADER, "version", "version"),
    Field::of(&HEADER, "traffic_class", "tc"),
    Field::of(&HEADER, "flow_label", "fl"),
    Field::of(&HEADER, "payload_len", "plen").auto(),
    Field::of(&HEADER, "next_header", "nh").or(59).names(NEXT_HEADERS),
    Field::of(&HEADER, "hop_limit", "hlim"),
    Field::of(&HEADER, "src", "src").machine(MachineValue::Source("dst")),
    Field::of(&HEADER, "dst", "dst").machine(MachineValue::Loopback),
];

/// The table of fields.
pub const IPV6: Layer = Layer {
    bindings: &[
        Binding::new("Ether", &[("type", Init::Int(0x86dd))], &[&[("type", 0x86dd)]]),
        Binding::new("Dot1Q", &[("type", Init::Int(0x86dd))], &[&[("type", 0x86dd)]]),
        Binding::new("CookedLinux", &[("proto", Init::Int(0x86dd))], &[&[("proto", 0x86dd)]]),
        Binding::new("CookedLinuxV2", &[("proto", Init::Int(0x86dd))], &[&[("proto", 0x86dd)]]),
        Binding::new("IP", &[("proto", Init::Int(41))], &[&[("proto", 41)]]),
        Binding::new("IPv6", &[("nh", Init::Int(41))], &[&[("nh", 41)]]),
    ],
    finish: Some(finish),
    payload_len: Some(|context, _left| context.uint("plen") as usize),
    guess: Some(super::icmpv6::guess_over_ipv6),
    summary: Some(summary),
    ..Layer::new("IPv6", "IPv6", FIELDS)
};

/// An IPv6 header quoted in an ICMPv6 error.
pub const IPV6_ERROR: Layer = Layer {
    finish: Some(finish),
    payload_len: Some(|context, _left| context.uint("plen") as usize),
    guess: Some(super::icmpv6::guess_over_ipv6),
    ..Layer::new("IPerror6", "IPv6 in ICMPv6", FIELDS)
};

fn finish(f: &mut Finish<'_>) {
    fill!(f, IPV6, "plen", (f.all().len() - f.header_len()) as u16);
}

fn summary(context: &Context<'_>, env: &dyn Env) -> String {
    let text = |name| show::field(context, name, env);
    format!("{} > {} ({})", text("src"), text("dst"), context.uint("nh"))
}

