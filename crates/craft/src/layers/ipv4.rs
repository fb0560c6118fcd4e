//! IPv4 (RFC 791).

use super::transport::fill_sum;
use vigie_wire::checksum::checksum;
use vigie_wire::ipv4::{PROTOCOLS, TABLE as HEADER};
use crate::env::Env;
use crate::model::{Field, Init, Layer, Binding, MachineValue, Context};
use crate::packet::{Finish, fill, show};
use alloc::format;
use alloc::string::String;

const FIELDS: &[Field] = &[
    Field::of(&HEADER, "version", "version"),
    Field::of(&HEADER, "header_words", "ihl").auto(),
    Field::of(&HEADER, "tos", "tos").hex(),
    Field::of(&HEADER, "total_len", "len").auto(),
    Field::of(&HEADER, "id", "id").or(1),
    Field::of(&HEADER, "flags", "flags").flags(&["MF", "DF", "evil"]),
    Field::of(&HEADER, "frag_offset", "frag"),
    Field::of(&HEADER, "ttl", "ttl"),
    Field::of(&HEADER, "proto", "proto").names(PROTOCOLS),
    Field::of(&HEADER, "checksum", "chksum").hex().auto(),
    Field::of(&HEADER, "src", "src").machine(MachineValue::Source("dst")),
    Field::of(&HEADER, "dst", "dst").machine(MachineValue::Loopback),
    Field::custom("options", &super::ipv4_options::LIST),
];

/// The table of fields.
pub const IP: Layer = Layer {
    bindings: &[
        Binding::new("Ether", &[("type", Init::Int(0x0800))], &[&[("type", 0x0800)]]),
        Binding::new("Dot1Q", &[("type", Init::Int(0x0800))], &[&[("type", 0x0800)]]),
        Binding::new("CookedLinux", &[("proto", Init::Int(0x0800))], &[&[("proto", 0x0800)]]),
        Binding::new("CookedLinuxV2", &[("proto", Init::Int(0x0800))], &[&[("proto", 0x0800)]]),
        Binding::new("IP", &[("frag", Init::Int(0)), ("proto", Init::Int(4))], &[&[("frag", 0), ("proto", 4)]]),
        Binding::new("IPv6", &[("nh", Init::Int(4))], &[&[("nh", 4)]]),
    ],
    finish: Some(finish),
    payload_len: Some(payload_len),
    summary: Some(summary),
    ..Layer::new("IP", "IP", FIELDS)
};

/// An IPv4 header quoted in an ICMP error.
pub const IP_ERROR: Layer = Layer {
    bindings: &[Binding::new("ICMP", &[], &[])],
    finish: Some(finish),
    payload_len: Some(payload_len),
    ..Layer::new("IPerror", "IP in ICMP", FIELDS)
};

fn finish(f: &mut Finish<'_>) {
    fill!(f, IP, "ihl", (f.header_len() / 4) as u16);
    fill!(f, IP, "len", f.all().len() as u16);
    fill_sum!(f, IP, "chksum", Some(checksum(&f.all()[..f.header_len()])));
}

/// A total length below the header length means all remaining bytes.
fn payload_len(context: &Context<'_>, left: usize) -> usize {
    (context.uint("len") as usize).checked_sub(context.uint("ihl") as usize * 4).unwrap_or(left)
}

fn summary(context: &Context<'_>, env: &dyn Env) -> String {
    let text = |name| show::field(context, name, env);
    let fragment = match context.uint("frag") {
        0 => String::new(),
        offset => format!(" frag:{offset}"),
    };
    format!("{} > {} {}{fragment}", text("src"), text("dst"), text("proto"))
}

