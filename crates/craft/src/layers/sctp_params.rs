//! Parameters of SCTP's chunks (RFC 9260 section 3.3.2, RFC 3758, RFC 4960).

use super::sctp_chunks::{PaddedBytes, COMPUTED_LEN, write_len};
use crate::env::Env;
use crate::error::FieldError;
use vigie_wire::ParseError;
use crate::codecs::UintList;
use crate::model::{Codec, Field, Init, Layer, Context};
use crate::value::Value;
use alloc::string::String;
use alloc::vec::Vec;
use core::net::{Ipv4Addr, Ipv6Addr};

const TYPES: &[(u64, &str)] = &[
    (1, "heartbeat-info"),
    (5, "IPv4"),
    (6, "IPv6"),
    (7, "state-cookie"),
    (8, "unrecognized-param"),
    (9, "cookie-preservative"),
    (11, "hostname"),
    (12, "addrtypes"),
    (13, "out-ssn-reset-req"),
    (14, "in-ssn-reset-req"),
    (15, "ssn-tsn-reset-req"),
    (16, "re-configuration-response"),
    (17, "add-outgoing-stream-req"),
    (18, "add-incoming-stream-req"),
    (0x8000, "ecn-capable"),
    (0x8002, "random"),
    (0x8003, "chunk-list"),
    (0x8004, "requested-HMAC-functions"),
    (0x8008, "supported-extensions"),
    (0xc000, "fwd-tsn-supported"),
    (0xc001, "add-IP"),
    (0xc002, "del-IP"),
    (0xc003, "error-indication"),
    (0xc004, "set-primary-addr"),
    (0xc005, "success-indication"),
    (0xc006, "adaptation-layer"),
];

const fn kind(kind: u64) -> Field {
    Field::uint("type", 16).or(kind).names(TYPES)
}
const fn len(len: u64) -> Field {
    Field::uint("len", 16).or(len)
}
const fn padded(name: &'static str) -> Field {
    Field::custom(name, &PaddedBytes { before: 4, none: false, payload: false })
}

/// Data of a heartbeat.
pub const HEARTBEAT_INFO: Layer =
    Layer::new("SCTPChunkParamHeartbeatInfo", "SCTPChunkParamHeartbeatInfo", &[kind(1), COMPUTED_LEN, padded("data")]);

/// An IPv4 address of the sender.
pub const IPV4_ADDR: Layer = Layer::new(
    "SCTPChunkParamIPv4Addr",
    "SCTPChunkParamIPv4Addr",
    &[kind(5), len(8), Field::ipv4("addr").init(Init::Ipv4(Ipv4Addr::LOCALHOST))],
);

/// An IPv6 address of the sender.
pub const IPV6_ADDR: Layer = Layer::new(
    "SCTPChunkParamIPv6Addr",
    "SCTPChunkParamIPv6Addr",
    &[kind(6), len(20), Field::ipv6("addr").init(Init::Ipv6(Ipv6Addr::LOCALHOST))],
);

/// The state cookie.
pub const STATE_COOKIE: Layer =
    Layer::new("SCTPChunkParamStateCookie", "SCTPChunkParamStateCookie", &[kind(7), COMPUTED_LEN, padded("cookie")]);

/// A parameter that the sender did not recognise.
pub const UNRECOGNIZED: Layer = Layer::new(
    "SCTPChunkParamUnrocognizedParam",
    "SCTPChunkParamUnrocognizedParam",
    &[kind(8), COMPUTED_LEN, padded("param")],
);

/// Requests a longer lifetime of the cookie.
pub const COOKIE_PRESERVATIVE: Layer = Layer::new(
    "SCTPChunkParamCookiePreservative",
    "SCTPChunkParamCookiePreservative",
    &[kind(9), len(8), Field::uint("sug_cookie_inc", 32).hex().auto()],
);

/// Host name of the sender.
pub const HOSTNAME: Layer =
    Layer::new("SCTPChunkParamHostname", "SCTPChunkParamHostname", &[kind(11), COMPUTED_LEN, padded("hostname")]);

/// Address types that the sender supports.
pub const ADDR_TYPES: Layer = Layer::new(
    "SCTPChunkParamSupportedAddrTypes",
    "SCTPChunkParamSupportedAddrTypes",
    &[kind(12), COMPUTED_LEN, Field::custom("addr_type_list", &AddrTypes)],
);

/// The sender supports ECN.
pub const ECN_CAPABLE: Layer =
    Layer::new("SCTPChunkParamECNCapable", "SCTPChunkParamECNCapable", &[kind(0x8000), len(4)]);

/// The sender supports FORWARD TSN (RFC 3758).
pub const FORWARD_TSN: Layer = Layer::new("SCTPChunkParamFwdTSN", "SCTPChunkParamFwdTSN", &[kind(0xc000), len(4)]);

/// Any other parameter.
pub const OTHER: Layer = Layer::new("SCTPChunkParam", "SCTPChunkParam", &[kind(0), COMPUTED_LEN, padded("data")]);

/// Returns the layer of the parameter at the start of `bytes`.
pub(super) fn layer_of(bytes: &[u8]) -> Option<&'static str> {
    let &[a, b, ..] = bytes else { return None };
    Some(match u16::from_be_bytes([a, b]) {
        1 => HEARTBEAT_INFO.name,
        5 => IPV4_ADDR.name,
        6 => IPV6_ADDR.name,
        7 => STATE_COOKIE.name,
        8 => UNRECOGNIZED.name,
        9 => COOKIE_PRESERVATIVE.name,
        11 => HOSTNAME.name,
        12 => ADDR_TYPES.name,
        0x8000 => ECN_CAPABLE.name,
        0xc000 => FORWARD_TSN.name,
        _ => OTHER.name,
    })
}

/// A list of address types, padded to a multiple of four bytes.
struct AddrTypes;

const LIST: UintList = UintList {
    size: 2,
    len: |context, left| (context.uint("len") as usize).saturating_sub(4).min(left),
    names: TYPES,
    init: &[5],
    class: "PadField",
    align: 4,
    hex: false,
};

impl Codec for AddrTypes {
    fn class(&self) -> &'static str {
        LIST.class
    }
    fn init(&self) -> Value {
        LIST.init()
    }
    fn is_list(&self) -> bool {
        true
    }
    fn decode(&self, layer: &[u8], at: usize, context: &Context<'_>) -> Result<(Value, usize), ParseError> {
        LIST.decode(layer, at, context)
    }
    fn encode(
        &self,
        value: &Value,
        context: &Context<'_>,
        env: &dyn Env,
        start: usize,
        out: &mut Vec<u8>,
    ) -> Result<(), FieldError> {
        let before = out.len();
        UintList { align: 1, ..LIST }.encode(value, context, env, start, out)?;
        write_len(context, start, out);
        let len = out.len() - before;
        out.resize(before + len.next_multiple_of(4), 0);
        Ok(())
    }
    fn accept(&self, value: Value, env: &dyn Env) -> Result<Value, FieldError> {
        LIST.accept(value, env)
    }
    fn text(&self, value: &Value, env: &dyn Env) -> String {
        LIST.text(value, env)
    }
}
