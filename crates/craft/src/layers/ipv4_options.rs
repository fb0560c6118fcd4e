//! IPv4's options (RFC 791 section 3.1, RFC 2113).

use crate::model::{Field, Init, Layer, PacketCodec};
use crate::packet::{Finish, fill};
use crate::codecs::AddressList;

/// Names of the options (IANA "IP Option Numbers").
const OPTIONS: &[(u64, &str)] = &[
    (0, "end_of_list"),
    (1, "nop"),
    (2, "security"),
    (3, "loose_source_route"),
    (4, "timestamp"),
    (5, "extended_security"),
    (6, "commercial_security"),
    (7, "record_route"),
    (8, "stream_id"),
    (9, "strict_source_route"),
    (10, "experimental_measurement"),
    (11, "mtu_probe"),
    (12, "mtu_reply"),
    (13, "flow_control"),
    (14, "access_control"),
    (15, "encode"),
    (16, "imi_traffic_descriptor"),
    (17, "extended_IP"),
    (18, "traceroute"),
    (19, "address_extension"),
    (20, "router_alert"),
    (21, "selective_directed_broadcast_mode"),
    (23, "dynamic_packet_state"),
    (24, "upstream_multicast_packet"),
    (25, "quick_start"),
    (30, "rfc4727_experiment"),
];

const CLASSES: &[(u64, &str)] = &[(0, "control"), (2, "debug")];

const fn copied(copied: u64) -> Field {
    Field::uint("copy_flag", 1).or(copied)
}
const fn class(class: u64) -> Field {
    Field::uint("optclass", 2).or(class).names(CLASSES)
}
const fn number(number: u64) -> Field {
    Field::uint("option", 5).or(number).names(OPTIONS)
}
const LENGTH: Field = Field::uint("length", 8).auto().class("FieldLenField");

/// An option without its own table.
pub const OPTION: Layer = Layer {
    finish: Some(finish),
    ..Layer::new(
        "IPOption",
        "IP Option",
        &[
            copied(0),
            class(0),
            number(0),
            LENGTH,
            Field::bytes_of("value", |context, left| (context.uint("length") as usize).saturating_sub(2).min(left)),
        ],
    )
};

/// End of the list.
pub const EOOL: Layer = Layer::new("IPOption_EOL", "IP Option End of Options List", &[copied(0), class(0), number(0)]);

/// No operation.
pub const NOP: Layer = Layer::new("IPOption_NOP", "IP Option No Operation", &[copied(0), class(0), number(1)]);

const fn routers(copied_flag: u64, option: u64) -> [Field; 6] {
    [
        copied(copied_flag),
        class(0),
        number(option),
        LENGTH,
        Field::uint("pointer", 8).or(4),
        Field::custom("routers", &AddressList { ipv6: false, len: |context, left| (context.uint("length") as usize).saturating_sub(3).min(left) }),
    ]
}

/// Record route.
pub const RR: Layer =
    Layer { finish: Some(finish), ..Layer::new("IPOption_RR", "IP Option Record Route", &routers(0, 7)) };

/// Loose source route.
pub const LSRR: Layer = Layer {
    finish: Some(finish),
    ..Layer::new("IPOption_LSRR", "IP Option Loose Source and Record Route", &routers(1, 3))
};

/// Strict source route.
pub const SSRR: Layer = Layer {
    finish: Some(finish),
    ..Layer::new("IPOption_SSRR", "IP Option Strict Source and Record Route", &routers(1, 9))
};

/// Timestamp, with one address and one time.
pub const TIMESTAMP: Layer = Layer {
    finish: Some(finish),
    ..Layer::new(
        "IPOption_Timestamp",
        "IP Option Timestamp",
        &[
            copied(0),
            class(2),
            number(4),
            Field::uint("length", 8).auto(),
            Field::uint("pointer", 8).or(9),
            Field::uint("oflw", 4),
            Field::uint("flg", 4).or(1).shapes().names(&[
                (0, "timestamp_only"),
                (1, "timestamp_and_ip_addr"),
                (3, "prespecified_ip_addr"),
            ]),
            Field::ipv4("internet_address").when(|context| context.uint("flg") != 0),
            Field::uint("timestamp", 32),
        ],
    )
};

/// Router alert (RFC 2113).
pub const ROUTER_ALERT: Layer = Layer::new(
    "IPOption_Router_Alert",
    "IP Option Router Alert",
    &[
        copied(1),
        class(0),
        number(20),
        Field::uint("length", 8).init(Init::Int(4)),
        Field::uint("alert", 16).names(&[(0, "router_shall_examine_packet")]),
    ],
);

fn finish(f: &mut Finish<'_>) {
    fill!(f, OPTION, "length", f.header_len() as u16);
}

/// Codec of the field `options` of an IPv4 header.
pub(super) const LIST: PacketCodec = PacketCodec {
    class: "PacketListField",
    item: |bytes| {
        Some(match bytes.first()? & 0x1f {
            0 => EOOL.name,
            1 => NOP.name,
            3 => LSRR.name,
            4 => TIMESTAMP.name,
            7 => RR.name,
            9 => SSRR.name,
            20 => ROUTER_ALERT.name,
            _ => OPTION.name,
        })
    },
    len: |context, _left| (context.uint("ihl") as usize * 4).saturating_sub(20),
    pad: |_scope, start, out| {
        let len = out.len() - start;
        out.resize(start + len.next_multiple_of(4), 0);
    },
};
