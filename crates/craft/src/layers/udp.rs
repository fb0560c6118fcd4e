//! UDP (RFC 768).

use super::transport::{self, fill_sum};
use vigie_wire::checksum::Checksum;
use vigie_wire::ipv4::proto;
use vigie_wire::udp::{Header, TABLE as HEADER};
use crate::env::Env;
use crate::model::{Field, Init, Layer, Binding, Context, Service};
use crate::packet::{Finish, fill};
use alloc::format;
use alloc::string::String;

const FIELDS: &[Field] = &[
    Field::of(&HEADER, "src_port", "sport").or(53).port(Service::Udp),
    Field::of(&HEADER, "dst_port", "dport").or(53).port(Service::Udp),
    Field::of(&HEADER, "len", "len").auto(),
    Field::of(&HEADER, "checksum", "chksum").hex().auto(),
];

/// The table of fields.
pub const UDP: Layer = Layer {
    bindings: &[
        Binding::new("IP", &[("frag", Init::Int(0)), ("proto", Init::Int(17))], &[&[("frag", 0), ("proto", 17)]]),
        Binding::new("IPv6", &[("nh", Init::Int(17))], &[&[("nh", 17)]]),
        Binding::new("IPv6ExtHdrHopByHop", &[("nh", Init::Int(17))], &[&[("nh", 17)]]),
        Binding::new("IPv6ExtHdrDestOpt", &[("nh", Init::Int(17))], &[&[("nh", 17)]]),
        Binding::new("IPv6ExtHdrRouting", &[("nh", Init::Int(17))], &[&[("nh", 17)]]),
        Binding::new("IPv6ExtHdrFragment", &[("nh", Init::Int(17))], &[&[("offset", 0), ("nh", 17)]]),
        Binding::new("AH", &[("nh", Init::Int(17))], &[&[("nh", 17)]]),
    ],
    finish: Some(finish),
    payload_len: Some(payload_len),
    summary: Some(summary),
    ..Layer::new("UDP", "UDP", FIELDS)
};

/// A UDP header quoted in an ICMP error.
pub const UDP_ERROR: Layer = Layer {
    bindings: &[
        Binding::new("IPerror", &[("frag", Init::Int(0)), ("proto", Init::Int(17))], &[&[("frag", 0), ("proto", 17)]]),
        Binding::new("IPerror6", &[("nh", Init::Int(17))], &[&[("nh", 17)]]),
    ],
    finish: Some(finish),
    payload_len: Some(payload_len),
    ..Layer::new("UDPerror", "UDP in ICMP", FIELDS)
};

fn finish(f: &mut Finish<'_>) {
    fill!(f, UDP, "len", f.all().len() as u16);
    fill_sum!(f, UDP, "chksum", transport::sum(f, proto::UDP).map(Checksum::finish_udp));
}

/// Returns the length of the payload: with a length field below 8, all remaining bytes.
fn payload_len(context: &Context<'_>, left: usize) -> usize {
    (context.uint("len") as usize).checked_sub(Header::LEN).unwrap_or(left)
}

fn summary(context: &Context<'_>, env: &dyn Env) -> String {
    format!("UDP {}", transport::ends(context, env))
}

