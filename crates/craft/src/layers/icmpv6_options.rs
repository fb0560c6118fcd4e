//! Options of neighbour discovery (RFC 4861 section 4.6). They are layers, one after another, on the message.

use crate::env::Env;
use crate::model::{Field, Guess, Layer, MachineValue, Context};
use crate::packet::{Finish, fill, show};
use alloc::format;
use alloc::string::String;

const fn head(kind: u64, words: u64) -> [Field; 2] {
    [Field::uint("type", 8).or(kind), Field::uint("len", 8).or(words)]
}

const fn link_layer(kind: u64) -> [Field; 3] {
    let [kind, len] = head(kind, 1);
    [kind, len, Field::mac("lladdr").machine(MachineValue::SourceMac)]
}

/// Source link-layer address.
pub const SOURCE_LL: Layer = Layer {
    guess: Some(guess),
    summary: Some(link_layer_summary),
    ..Layer::new(
        "ICMPv6NDOptSrcLLAddr",
        "ICMPv6 Neighbor Discovery Option - Source Link-Layer Address",
        &link_layer(1),
    )
};

/// Target link-layer address.
pub const TARGET_LL: Layer = Layer {
    guess: Some(guess),
    summary: Some(link_layer_summary),
    ..Layer::new(
        "ICMPv6NDOptDstLLAddr",
        "ICMPv6 Neighbor Discovery Option - Destination Link-Layer Address",
        &link_layer(2),
    )
};

/// Prefix information.
pub const PREFIX: Layer = Layer {
    guess: Some(guess),
    summary: Some(prefix_summary),
    ..Layer::new(
        "ICMPv6NDOptPrefixInfo",
        "ICMPv6 Neighbor Discovery Option - Prefix Information",
        &[
            Field::uint("type", 8).or(3),
            Field::uint("len", 8).or(4),
            Field::uint("prefixlen", 8).or(64),
            Field::uint("L", 1).or(1),
            Field::uint("A", 1).or(1),
            Field::uint("R", 1),
            Field::uint("res1", 5),
            Field::uint("validlifetime", 32).hex().or(0xffff_ffff),
            Field::uint("preferredlifetime", 32).hex().or(0xffff_ffff),
            Field::uint("res2", 32).hex(),
            Field::ipv6("prefix"),
        ],
    )
};

/// Redirected header: the start of the packet that caused a redirect.
pub const REDIRECTED: Layer = Layer {
    finish: Some(finish_redirected),
    guess: Some(guess),
    ..Layer::new(
        "ICMPv6NDOptRedirectedHdr",
        "ICMPv6 Neighbor Discovery Option - Redirected Header",
        &[
            Field::uint("type", 8).or(4),
            Field::uint("len", 8).auto().class("FieldLenField"),
            Field::bytes("res", 6).class("MayEnd"),
            Field::bytes_of("pkt", |context, left| (context.uint("len") as usize * 8).saturating_sub(8).min(left))
                .class("TruncPktLenField"),
        ],
    )
};

/// MTU.
pub const MTU: Layer = Layer {
    guess: Some(guess),
    summary: Some(|context, env| format!("{} {}", MTU.title, show::field(context, "mtu", env))),
    ..Layer::new(
        "ICMPv6NDOptMTU",
        "ICMPv6 Neighbor Discovery Option - MTU",
        &[
            Field::uint("type", 8).or(5),
            Field::uint("len", 8).or(1),
            Field::uint("res", 16).hex(),
            Field::uint("mtu", 32).or(1280),
        ],
    )
};

/// An option without its own table.
pub const OPT_UNKNOWN: Layer = Layer {
    finish: Some(finish_unknown),
    guess: Some(guess),
    ..Layer::new(
        "ICMPv6NDOptUnknown",
        "ICMPv6 Neighbor Discovery Option - Scapy Unimplemented",
        &[
            Field::uint("type", 8),
            Field::uint("len", 8).auto().class("FieldLenField"),
            Field::bytes_of("data", |context, left| (context.uint("len") as usize * 8).saturating_sub(2).min(left))
                .class("ICMPv6NDOptDataField"),
        ],
    )
};

fn finish_unknown(f: &mut Finish<'_>) {
    fill!(f, OPT_UNKNOWN, "len", f.header_len().div_ceil(8) as u16);
}

fn finish_redirected(f: &mut Finish<'_>) {
    fill!(f, REDIRECTED, "len", (f.header_len() / 8) as u16);
}

/// Returns the option that follows, by its type.
pub(super) fn guess(_scope: &Context<'_>, payload: &[u8]) -> Guess {
    Guess::Is(match payload.first() {
        Some(1) => SOURCE_LL.name,
        Some(2) => TARGET_LL.name,
        Some(3) => PREFIX.name,
        Some(4) => REDIRECTED.name,
        Some(5) => MTU.name,
        _ => OPT_UNKNOWN.name,
    })
}

fn link_layer_summary(context: &Context<'_>, env: &dyn Env) -> String {
    format!("{} {}", context.this().layer().title, show::field(context, "lladdr", env))
}

fn prefix_summary(context: &Context<'_>, env: &dyn Env) -> String {
    let text = |name| show::field(context, name, env);
    format!(
        "{} {}/{} On-link {} Autonomous Address {} Router Address {}",
        PREFIX.title,
        text("prefix"),
        text("prefixlen"),
        text("L"),
        text("A"),
        text("R")
    )
}
