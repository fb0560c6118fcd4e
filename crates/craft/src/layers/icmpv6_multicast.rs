//! Multicast listener discovery (RFC 2710, RFC 3810).

use super::icmpv6::{CKSUM, CODE, bindings, kind_field, message};
use super::icmpv6_discovery::{ALL_NODES, ALL_ROUTERS};
use crate::codecs::{AddressList, CountOf};
use crate::model::{Binding, Field, Init, Layer};
use core::net::Ipv6Addr;
use vigie_wire::icmpv6::kind;

/// `ff02::16` (RFC 3810 section 5.2.14).
const ALL_REPORTERS: Ipv6Addr = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 0x16);

/// Multicast listener query.
pub const ML_QUERY: Layer = Layer {
    bindings: bindings!(("hlim", Init::Int(1)), ("dst", Init::Ipv6(ALL_NODES))),
    ..message(
        "ICMPv6MLQuery",
        "MLD - Multicast Listener Query",
        &[
            kind_field(kind::ML_QUERY),
            CODE,
            CKSUM,
            Field::uint("mrd", 16).or(10_000),
            Field::uint("reserved", 16),
            Field::ipv6("mladdr"),
        ],
    )
};

/// Multicast listener report.
pub const ML_REPORT: Layer = Layer {
    bindings: bindings!(("hlim", Init::Int(1))),
    ..message(
        "ICMPv6MLReport",
        "MLD - Multicast Listener Report",
        &[
            kind_field(kind::ML_REPORT),
            CODE,
            CKSUM,
            Field::uint("mrd", 16).or(0),
            Field::uint("reserved", 16),
            Field::ipv6("mladdr"),
        ],
    )
};

/// Multicast listener done.
pub const ML_DONE: Layer = Layer {
    bindings: bindings!(("hlim", Init::Int(1)), ("dst", Init::Ipv6(ALL_ROUTERS))),
    ..message(
        "ICMPv6MLDone",
        "MLD - Multicast Listener Done",
        &[
            kind_field(kind::ML_DONE),
            CODE,
            CKSUM,
            Field::uint("mrd", 16).or(0),
            Field::uint("reserved", 16),
            Field::ipv6("mladdr"),
        ],
    )
};

/// Multicast listener query, version 2 (RFC 3810 section 5.1).
pub const ML_QUERY_V2: Layer = Layer {
    bindings: bindings!(("hlim", Init::Int(1)), ("dst", Init::Ipv6(ALL_NODES))),
    ..message(
        "ICMPv6MLQuery2",
        "MLDv2 - Multicast Listener Query",
        &[
            kind_field(kind::ML_QUERY),
            CODE,
            CKSUM,
            Field::uint("mrd", 16).or(10_000),
            Field::uint("reserved", 16),
            Field::ipv6("mladdr"),
            Field::uint("Resv", 4),
            Field::uint("S", 1),
            Field::uint("QRV", 3),
            Field::uint("QQIC", 8),
            Field { bits: 16, ..Field::custom("sources_number", &CountOf { field: "sources", size: 2 }) }.class("ShortField"),
            Field::custom("sources", &AddressList { ipv6: true, len: |context, left| (context.uint("sources_number") as usize * 16).min(left) }),
        ],
    )
};

/// Multicast listener report, version 2 (RFC 3810 section 5.2), with its records as bytes.
pub const ML_REPORT_V2: Layer = Layer {
    bindings: bindings!(("hlim", Init::Int(1)), ("dst", Init::Ipv6(ALL_REPORTERS))),
    ..message(
        "ICMPv6MLReport2",
        "MLDv2 - Multicast Listener Report",
        &[
            kind_field(kind::ML_REPORT_V2),
            Field::uint("res", 8),
            CKSUM,
            Field::uint("reserved", 16),
            Field::uint("records_number", 16),
            Field::rest("records"),
        ],
    )
};
