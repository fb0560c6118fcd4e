//! NTP (RFC 5905): the header that clients and servers exchange.

use crate::env::Env;
use crate::codecs::FixedPoint;
use crate::model::{Field, Init, Layer, Binding, MachineValue, Context};
use crate::packet::show;
use alloc::format;
use alloc::string::String;
use core::net::Ipv4Addr;

const LEAP: &[(u64, &str)] = &[
    (0, "no warning"),
    (1, "last minute of the day has 61 seconds"),
    (2, "last minute of the day has 59 seconds"),
    (3, "unknown (clock unsynchronized)"),
];

const MODES: &[(u64, &str)] = &[
    (0, "reserved"),
    (1, "symmetric active"),
    (2, "symmetric passive"),
    (3, "client"),
    (4, "server"),
    (5, "broadcast"),
    (6, "NTP control message"),
    (7, "reserved for private use"),
];

const SHORT: FixedPoint = FixedPoint { bits: 32, fraction: 16, time: false, now: false };
const STAMP: FixedPoint = FixedPoint { bits: 64, fraction: 32, time: true, now: false };
const NOW: FixedPoint = FixedPoint { now: true, ..STAMP };

const fn fixed(name: &'static str, bits: usize, codec: &'static FixedPoint) -> Field {
    Field { bits, ..Field::custom(name, codec) }
}

/// The table of fields.
pub const NTP: Layer = Layer {
    bindings: &[Binding::new(
        "UDP",
        &[("sport", Init::Int(123)), ("dport", Init::Int(123))],
        &[&[("dport", 123)], &[("sport", 123)]],
    )],
    payload_len: Some(|_, _| 0),
    summary: Some(summary),
    ..Layer::new(
        "NTPHeader",
        "NTPHeader",
        &[
            Field::uint("leap", 2).names(LEAP),
            Field::uint("version", 3).or(4),
            Field::uint("mode", 3).or(3).names(MODES),
            Field::uint("stratum", 8).or(2).shapes().class("BitField  (8 bits)"),
            Field::int("poll", 8).or(10),
            Field::int("precision", 8),
            fixed("delay", 32, &SHORT),
            fixed("dispersion", 32, &SHORT),
            Field::ipv4("id").init(Init::Ipv4(Ipv4Addr::LOCALHOST)).at(96).when(|context| context.uint("stratum") >= 2),
            Field::bytes("ref_id", 4).at(96).when(|context| context.uint("stratum") < 2).class("StrFixedLenEnumField"),
            fixed("ref", 64, &STAMP).at(128),
            fixed("orig", 64, &NOW).machine(MachineValue::Now),
            fixed("recv", 64, &STAMP),
            fixed("sent", 64, &NOW).machine(MachineValue::Now),
        ],
    )
};

fn summary(context: &Context<'_>, env: &dyn Env) -> String {
    format!("NTP v{}, {}", context.uint("version"), show::field(context, "mode", env))
}
