//! IPv6 extension headers (RFC 8200 section 4) and the authentication header (RFC 4302).

use vigie_wire::ipv6_ext as headers;
use super::ipv6::NEXT_HEADERS;
use super::ipv6_options::OptionsCodec;
use vigie_wire::ipv4::PROTOCOLS;
use crate::codecs::AddressList;
use crate::model::{Field, Guess, Init, Layer, Binding, Context};
use crate::packet::{Finish, fill};

const NH: Field = Field::of(&headers::HOP_BY_HOP, "next_header", "nh").or(59).names(NEXT_HEADERS);

/// Layers that an extension header of this number can stand on: IPv6 and the other extension headers.
macro_rules! bindings {
    ($number:literal) => {
        &[
            Binding::new("IPv6", &[("nh", Init::Int($number))], &[&[("nh", $number)]]),
            Binding::new("IPerror6", &[("nh", Init::Int($number))], &[&[("nh", $number)]]),
            Binding::new("IPv6ExtHdrHopByHop", &[("nh", Init::Int($number))], &[&[("nh", $number)]]),
            Binding::new("IPv6ExtHdrDestOpt", &[("nh", Init::Int($number))], &[&[("nh", $number)]]),
            Binding::new("IPv6ExtHdrRouting", &[("nh", Init::Int($number))], &[&[("nh", $number)]]),
            Binding::new("IPv6ExtHdrFragment", &[("nh", Init::Int($number))], &[&[("offset", 0), ("nh", $number)]]),
            Binding::new("AH", &[("nh", Init::Int($number))], &[&[("nh", $number)]]),
        ]
    };
}

const OPTION_FIELDS: &[Field] = &[
    NH,
    Field::of(&headers::HOP_BY_HOP, "header_len", "len").auto().class("FieldLenField"),
    Field::custom("autopad", &super::ipv6_options::Autopad),
    Field::custom("options", &OptionsCodec),
];

/// Hop-by-hop options.
pub const HOP_BY_HOP: Layer = Layer {
    bindings: bindings!(0),
    finish: Some(finish_eights),
    guess: Some(super::icmpv6::guess_over_ipv6),
    ..Layer::new("IPv6ExtHdrHopByHop", "IPv6 Extension Header - Hop-by-Hop Options Header", OPTION_FIELDS)
};

/// Destination options.
pub const DEST_OPT: Layer = Layer {
    bindings: bindings!(60),
    finish: Some(finish_eights),
    guess: Some(super::icmpv6::guess_over_ipv6),
    ..Layer::new("IPv6ExtHdrDestOpt", "IPv6 Extension Header - Destination Options Header", OPTION_FIELDS)
};

/// Routing.
pub const ROUTING: Layer = Layer {
    bindings: bindings!(43),
    finish: Some(finish_routing),
    guess: Some(super::icmpv6::guess_over_ipv6),
    ..Layer::new(
        "IPv6ExtHdrRouting",
        "IPv6 Option Header Routing",
        &[
            NH,
            Field::of(&headers::ROUTING, "header_len", "len").auto().class("FieldLenField"),
            Field::of(&headers::ROUTING, "routing_type", "type"),
            Field::of(&headers::ROUTING, "segments_left", "segleft").auto(),
            Field::of(&headers::ROUTING, "reserved", "reserved").class("BitField  (32 bits)"),
            Field::custom("addresses", &AddressList { ipv6: true, len: |context, left| (context.uint("len") as usize * 8).min(left) }),
        ],
    )
};

/// Fragment.
pub const FRAGMENT: Layer = Layer {
    bindings: bindings!(44),
    guess: Some(guess_fragment),
    ..Layer::new(
        "IPv6ExtHdrFragment",
        "IPv6 Extension Header - Fragmentation header",
        &[
            NH,
            Field::of(&headers::FRAGMENT, "reserved", "res1").class("BitField  (8 bits)"),
            Field::of(&headers::FRAGMENT, "frag_offset", "offset"),
            Field::of(&headers::FRAGMENT, "reserved_bits", "res2"),
            Field::of(&headers::FRAGMENT, "more_fragments", "m"),
            Field::of(&headers::FRAGMENT, "id", "id").auto(),
        ],
    )
};

/// The authentication header.
pub const AH: Layer = Layer {
    bindings: &[
        Binding::new("IP", &[("proto", Init::Int(51))], &[&[("proto", 51)]]),
        Binding::new("IPv6", &[("nh", Init::Int(51))], &[&[("nh", 51)]]),
        Binding::new("IPv6ExtHdrHopByHop", &[("nh", Init::Int(51))], &[&[("nh", 51)]]),
        Binding::new("IPv6ExtHdrDestOpt", &[("nh", Init::Int(51))], &[&[("nh", 51)]]),
        Binding::new("IPv6ExtHdrRouting", &[("nh", Init::Int(51))], &[&[("nh", 51)]]),
        Binding::new("IPv6ExtHdrFragment", &[("nh", Init::Int(51))], &[&[("offset", 0), ("nh", 51)]]),
    ],
    finish: Some(finish_ah),
    guess: Some(super::icmpv6::guess_over_ipv6),
    ..Layer::new(
        "AH",
        "AH",
        &[
            Field::of(&headers::AH, "next_header", "nh").auto().names(PROTOCOLS),
            Field::of(&headers::AH, "payload_len", "payloadlen").auto(),
            Field::of(&headers::AH, "reserved", "reserved").auto(),
            Field::of(&headers::AH, "spi", "spi").hex().or(1),
            Field::of(&headers::AH, "seq", "seq"),
            Field::bytes_of("icv", |context, left| {
                ((context.uint("payloadlen") as usize + 2) * 4).saturating_sub(12).min(left)
            }),
        ],
    )
};

fn finish_eights(f: &mut Finish<'_>) {
    fill!(f, HOP_BY_HOP, "len", (f.header_len() / 8).saturating_sub(1) as u16);
}

fn finish_routing(f: &mut Finish<'_>) {
    fill!(f, ROUTING, "len", (f.header_len() / 8).saturating_sub(1) as u16);
    fill!(f, ROUTING, "segleft", (f.header_len().saturating_sub(8) / 16) as u16);
}

fn finish_ah(f: &mut Finish<'_>) {
    fill!(f, AH, "payloadlen", (f.header_len() / 4).saturating_sub(2) as u16);
}

/// Returns the layer above: only the first fragment begins with an upper-layer header, later ones are plain bytes.
fn guess_fragment(context: &Context<'_>, payload: &[u8]) -> Guess {
    if context.uint("offset") != 0 { Guess::Raw } else { super::icmpv6::guess_over_ipv6(context, payload) }
}

