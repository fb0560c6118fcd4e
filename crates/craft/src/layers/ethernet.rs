//! Ethernet II (IEEE 802.3 clause 3, EtherType form).

use vigie_wire::ethernet::TABLE as HEADER;
use crate::env::Env;
use crate::model::{Field, Layer, MachineValue, Context};
use crate::packet::show;
use alloc::format;
use alloc::string::String;

/// Names of the common EtherTypes.
pub const ETHERTYPES: &[(u64, &str)] = &[
    (0x0800, "IPv4"),
    (0x0805, "X25"),
    (0x0806, "ARP"),
    (0x0808, "FR_ARP"),
    (0x08ff, "BPQ"),
    (0x22f3, "TRILL"),
    (0x22f4, "L2_IS_IS"),
    (0x6558, "TEB"),
    (0x6559, "RAW_FR"),
    (0x8035, "RARP"),
    (0x809b, "ATALK"),
    (0x80f3, "AARP"),
    (0x8100, "n_802_1Q"),
    (0x8137, "IPX"),
    (0x8191, "NetBEUI"),
    (0x86dd, "IPv6"),
    (0x880b, "PPP"),
    (0x8847, "MPLS"),
    (0x8848, "MPLS_MULTI"),
    (0x884c, "ATMMPOA"),
    (0x8863, "PPP_DISC"),
    (0x8864, "PPP_SES"),
    (0x8884, "ATMFATE"),
    (0x888e, "EAPOL"),
    (0x88a8, "802_1AD"),
    (0x88c7, "EAP_PREAUTH"),
    (0x88cc, "LLDP"),
    (0x88e5, "802_1AE"),
    (0x88e7, "802_1AH"),
    (0x88f5, "MVRP"),
    (0x88f7, "PTP"),
    (0x8906, "FCOE"),
    (0x8914, "FIP"),
    (0x8915, "ROCE"),
    (0xa0ed, "LoWPAN"),
];

/// The table of fields.
pub const ETHER: Layer = Layer {
    summary: Some(summary),
    ..Layer::new(
        "Ether",
        "Ethernet",
        &[
            Field::of(&HEADER, "dst", "dst").machine(MachineValue::NextHopMac),
            Field::of(&HEADER, "src", "src").machine(MachineValue::SourceMac),
            Field::of(&HEADER, "ethertype", "type").hex().or(0x9000).names(ETHERTYPES),
        ],
    )
};

fn summary(context: &Context<'_>, env: &dyn Env) -> String {
    let text = |name| show::field(context, name, env);
    format!("{} > {} ({})", text("src"), text("dst"), text("type"))
}

