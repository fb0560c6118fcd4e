//! ARP (RFC 826) for IPv4 on Ethernet.

use vigie_wire::arp::TABLE as HEADER;
use super::ethernet::ETHERTYPES;
use crate::env::Env;
use crate::model::{Field, Init, Layer, Binding, MachineValue, Context};
use crate::packet::{Finish, fill, show};
use alloc::format;
use alloc::string::String;

/// Names of hardware types (IANA "ARP Parameters").
pub const HARDWARE: &[(u64, &str)] = &[
    (1, "Ethernet (10Mb)"),
    (2, "Ethernet (3Mb)"),
    (3, "AX.25"),
    (4, "Proteon ProNET Token Ring"),
    (5, "Chaos"),
    (6, "IEEE 802 Networks"),
    (7, "ARCNET"),
    (8, "Hyperchannel"),
    (9, "Lanstar"),
    (10, "Autonet Short Address"),
    (11, "LocalTalk"),
    (12, "LocalNet"),
    (13, "Ultra link"),
    (14, "SMDS"),
    (15, "Frame relay"),
    (16, "ATM"),
    (17, "HDLC"),
    (18, "Fibre Channel"),
    (19, "ATM"),
    (20, "Serial Line"),
    (21, "ATM"),
];

/// Names of operations.
const OPERATIONS: &[(u64, &str)] = &[
    (1, "who-has"),
    (2, "is-at"),
    (3, "RARP-req"),
    (4, "RARP-rep"),
    (5, "Dyn-RARP-req"),
    (6, "Dyn-RAR-rep"),
    (7, "Dyn-RARP-err"),
    (8, "InARP-req"),
    (9, "InARP-rep"),
];

const HARDWARE_ADDRESS: &str = "MultipleTypeField (MACField, StrFixedLenField)";

/// The table of fields.
pub const ARP: Layer = Layer {
    bindings: &[
        Binding::new("Ether", &[("type", Init::Int(0x0806))], &[&[("type", 0x0806)]]),
        Binding::new("Dot1Q", &[("type", Init::Int(0x0806))], &[&[("type", 0x0806)]]),
        Binding::new("CookedLinux", &[("proto", Init::Int(0x0806))], &[&[("proto", 0x0806)]]),
        Binding::new("CookedLinuxV2", &[("proto", Init::Int(0x0806))], &[&[("proto", 0x0806)]]),
    ],
    finish: Some(finish),
    payload_len: Some(|_, _| 0),
    // With other address lengths the fields have other offsets.
    check: Some(|context| (context.uint("hwlen"), context.uint("plen")) == (6, 4)),
    summary: Some(summary),
    ..Layer::new(
        "ARP",
        "ARP",
        &[
            Field::of(&HEADER, "hardware_type", "hwtype").hex().names(HARDWARE),
            Field::of(&HEADER, "protocol_type", "ptype").hex().names(ETHERTYPES),
            Field::of(&HEADER, "hardware_len", "hwlen").auto().class("FieldLenField"),
            Field::of(&HEADER, "protocol_len", "plen").auto().class("FieldLenField"),
            Field::of(&HEADER, "op", "op").or(1).names(OPERATIONS),
            Field::of(&HEADER, "sender_mac", "hwsrc").machine(MachineValue::SourceMac).class("MultipleTypeField (SourceMACField, StrFixedLenField)"),
            Field::of(&HEADER, "sender_ip", "psrc")
                .machine(MachineValue::Source("pdst"))
                .class("MultipleTypeField (SourceIPField, SourceIP6Field, StrFixedLenField)"),
            Field::of(&HEADER, "target_mac", "hwdst").class(HARDWARE_ADDRESS),
            Field::of(&HEADER, "target_ip", "pdst").class("MultipleTypeField (IPField, IP6Field, StrFixedLenField)"),
        ],
    )
};

fn finish(f: &mut Finish<'_>) {
    fill!(f, ARP, "hwlen", 6u8);
    fill!(f, ARP, "plen", 4u8);
}

fn summary(context: &Context<'_>, env: &dyn Env) -> String {
    let text = |name| show::field(context, name, env);
    match context.uint("op") {
        1 => format!("ARP who has {} says {}", text("pdst"), text("psrc")),
        2 => format!("ARP is at {} says {}", text("hwsrc"), text("psrc")),
        _ => format!("ARP {} {} > {}", text("op"), text("psrc"), text("pdst")),
    }
}

