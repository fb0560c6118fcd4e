//! The 802.1Q and 802.1ad tags (IEEE 802.1Q-2018 section 9.6), as they stand after an Ethernet header.

use vigie_wire::vlan::TABLE as HEADER;
use super::ethernet::ETHERTYPES;
use crate::env::Env;
use crate::model::{Field, Init, Layer, Binding, Context};
use crate::packet::show;
use alloc::format;
use alloc::string::String;

/// The table of fields.
pub const DOT1Q: Layer = Layer {
    bindings: &[
        Binding::new("Ether", &[("type", Init::Int(0x8100))], &[&[("type", 0x8100)], &[("type", 0x88a8)]]),
        Binding::new("Dot1Q", &[("type", Init::Int(0x8100))], &[&[("type", 0x8100)]]),
        Binding::new("CookedLinux", &[("proto", Init::Int(0x8100))], &[&[("proto", 0x8100)]]),
    ],
    summary: Some(summary),
    ..Layer::new(
        "Dot1Q",
        "802.1Q",
        &[
            Field::of(&HEADER, "priority", "prio"),
            Field::of(&HEADER, "drop_eligible", "dei"),
            Field::of(&HEADER, "vid", "vlan").or(1),
            Field::of(&HEADER, "ethertype", "type").hex().names(ETHERTYPES),
        ],
    )
};

fn summary(context: &Context<'_>, env: &dyn Env) -> String {
    let text = |name| show::field(context, name, env);
    if context.is_on("Ether") {
        let ether = Context { stack: context.stack, at: context.at - 1 };
        let mac = |name| show::field(&ether, name, env);
        return format!("802.1q {} > {} ({}) vlan {}", mac("src"), mac("dst"), text("type"), text("vlan"));
    }
    format!("802.1q ({}) vlan {}", text("type"), text("vlan"))
}

