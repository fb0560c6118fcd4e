//! TCP (RFC 9293).

use super::tcp_options::OptionsCodec;
use super::transport::{self, fill_sum};
use vigie_wire::checksum::Checksum;
use vigie_wire::ipv4::proto;
use vigie_wire::tcp::{FLAG_LETTERS, TABLE as HEADER};
use crate::env::Env;
use crate::model::{Field, Init, Layer, Binding, Context, Service};
use crate::packet::{Finish, fill, show};
use alloc::format;
use alloc::string::String;

const fn fields(seq: Field) -> [Field; 11] {
    [
        Field::of(&HEADER, "src_port", "sport").or(20).port(Service::Tcp),
        Field::of(&HEADER, "dst_port", "dport").or(80).port(Service::Tcp),
        seq,
        Field::of(&HEADER, "ack", "ack"),
        Field::of(&HEADER, "data_offset", "dataofs").auto(),
        Field::of(&HEADER, "reserved", "reserved"),
        Field::of(&HEADER, "flags", "flags").flags(FLAG_LETTERS).or(2),
        Field::of(&HEADER, "window", "window").or(8192),
        Field::of(&HEADER, "checksum", "chksum").hex().auto(),
        Field::of(&HEADER, "urgent", "urgptr"),
        Field::custom("options", &OptionsCodec),
    ]
}
const SEQ: Field = Field::of(&HEADER, "seq", "seq");
const FIELDS: &[Field] = &fields(SEQ);
// An ICMP error may quote only the first 8 bytes (RFC 792).
const QUOTED_FIELDS: &[Field] = &fields(SEQ.may_end().class("MayEnd"));

/// The table of fields.
pub const TCP: Layer = Layer {
    bindings: &[
        Binding::new("IP", &[("frag", Init::Int(0)), ("proto", Init::Int(6))], &[&[("frag", 0), ("proto", 6)]]),
        Binding::new("IPv6", &[("nh", Init::Int(6))], &[&[("nh", 6)]]),
        Binding::new("IPv6ExtHdrHopByHop", &[("nh", Init::Int(6))], &[&[("nh", 6)]]),
        Binding::new("IPv6ExtHdrDestOpt", &[("nh", Init::Int(6))], &[&[("nh", 6)]]),
        Binding::new("IPv6ExtHdrRouting", &[("nh", Init::Int(6))], &[&[("nh", 6)]]),
        Binding::new("IPv6ExtHdrFragment", &[("nh", Init::Int(6))], &[&[("offset", 0), ("nh", 6)]]),
        Binding::new("AH", &[("nh", Init::Int(6))], &[&[("nh", 6)]]),
    ],
    finish: Some(finish),
    summary: Some(summary),
    ..Layer::new("TCP", "TCP", FIELDS)
};

/// A TCP header quoted in an ICMP error, often cut after 8 bytes.
pub const TCP_ERROR: Layer = Layer {
    bindings: &[
        Binding::new("IPerror", &[("frag", Init::Int(0)), ("proto", Init::Int(6))], &[&[("frag", 0), ("proto", 6)]]),
        Binding::new("IPerror6", &[("nh", Init::Int(6))], &[&[("nh", 6)]]),
    ],
    finish: Some(finish),
    ..Layer::new("TCPerror", "TCP in ICMP", QUOTED_FIELDS)
};

fn finish(f: &mut Finish<'_>) {
    fill!(f, TCP, "dataofs", (f.header_len() / 4) as u16);
    fill_sum!(f, TCP, "chksum", transport::sum(f, proto::TCP).map(Checksum::finish));
}

fn summary(context: &Context<'_>, env: &dyn Env) -> String {
    format!("TCP {} {}", transport::ends(context, env), show::field(context, "flags", env))
}

