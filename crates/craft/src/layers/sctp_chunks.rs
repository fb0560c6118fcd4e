//! SCTP's chunks (RFC 9260 section 3.3), each padded to a multiple of four bytes.

use super::sctp::guess_chunk;
use super::sctp_params;
use crate::env::Env;
use crate::error::FieldError;
use vigie_wire::ParseError;
use crate::codecs::{CountOf, UintList};
use crate::model::{Codec, Field, Init, Layer, PacketCodec, Context};
use crate::packet::{Finish, Packet, fill};
use crate::value::Value;
use alloc::format;
use alloc::vec::Vec;

const TYPES: &[(u64, &str)] = &[
    (0, "data"),
    (1, "init"),
    (2, "init-ack"),
    (3, "sack"),
    (4, "heartbeat-req"),
    (5, "heartbeat-ack"),
    (6, "abort"),
    (7, "shutdown"),
    (8, "shutdown-ack"),
    (9, "error"),
    (10, "cookie-echo"),
    (11, "cookie-ack"),
    (14, "shutdown-complete"),
    (15, "authentication"),
    (64, "i-data"),
    (128, "address-configuration-ack"),
    (130, "re-config"),
    (132, "pad"),
    (192, "forward-tsn"),
    (193, "address-configuration"),
    (194, "i-forward-tsn"),
];

/// Names of the common payload protocols (IANA "SCTP Payload Protocol Identifiers").
const PROTOCOLS: &[(u64, &str)] = &[
    (0, "Reserved"),
    (1, "IUA"),
    (2, "M2UA"),
    (3, "M3UA"),
    (4, "SUA"),
    (5, "M2PA"),
    (18, "S1AP"),
    (27, "X2AP"),
    (46, "Diameter/SCTP"),
    (47, "Diameter/DTLS/SCTP"),
    (50, "WebRTC DCEP"),
    (51, "WebRTC String"),
    (53, "WebRTC Binary"),
];

const fn kind(kind: u64) -> Field {
    Field::uint("type", 8).or(kind).names(TYPES)
}
const FLAGS: Field = Field::uint("flags", 8).hex().init(Init::Auto);
const LEN: Field = Field::uint("len", 16).auto();

const fn chunk(name: &'static str, fields: &'static [Field]) -> Layer {
    Layer { finish: Some(finish), guess: Some(guess_chunk), ..Layer::new(name, name, fields) }
}

/// Fills in the length of a chunk that needs no padding. In other chunks the length excludes the padding, which only
/// the last field knows: that field writes the length ([`write_len`]).
fn finish(f: &mut Finish<'_>) {
    fill!(f, SACK, "len", f.header_len() as u16);
}

/// Returns the length in bytes of the last field of a chunk or parameter, without padding.
fn data_len(context: &Context<'_>, before: usize, left: usize) -> usize {
    (context.uint("len") as usize).saturating_sub(before).min(left)
}

/// Bytes at the end of a chunk, padded to a multiple of four.
pub(super) struct PaddedBytes {
    /// Number of bytes before this field in the chunk.
    pub(super) before: usize,
    /// Whether the default is [`Value::None`] instead of no bytes.
    pub(super) none: bool,
    /// Whether the bytes are shown as a payload.
    pub(super) payload: bool,
}

impl Codec for PaddedBytes {
    fn class(&self) -> &'static str {
        "PadField"
    }
    fn init(&self) -> Value {
        if self.none { Value::None } else { Value::Bytes(Vec::new()) }
    }
    fn measure(&self, layer: &[u8], at: usize, context: &Context<'_>) -> Result<usize, ParseError> {
        let left = layer.len().saturating_sub(at);
        Ok(data_len(context, self.before, left).next_multiple_of(4).min(left))
    }
    fn decode(&self, layer: &[u8], at: usize, context: &Context<'_>) -> Result<(Value, usize), ParseError> {
        let left = layer.get(at..).unwrap_or(&[]);
        let bytes = left[..data_len(context, self.before, left.len())].to_vec();
        let value = match (self.payload, bytes.is_empty()) {
            (true, true) => Value::None,
            (true, false) => Value::packet(Packet::raw(bytes)),
            (false, _) => Value::Bytes(bytes),
        };
        Ok((value, self.measure(layer, at, context)?))
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
        match value {
            Value::Packet(packet) => out.extend_from_slice(&packet.build(env)?),
            value => out.extend_from_slice(value.as_bytes().unwrap_or(&[])),
        }
        write_len(context, start, out);
        let len = out.len() - before;
        out.resize(before + len.next_multiple_of(4), 0);
        Ok(())
    }
    fn accept(&self, value: Value, _env: &dyn Env) -> Result<Value, FieldError> {
        match value {
            Value::Str(text) => Ok(Value::Bytes(text.into_bytes())),
            Value::Bytes(_) | Value::Packet(_) => Ok(value),
            _ => Err(FieldError::expected("bytes or text")),
        }
    }
    fn holds_packets(&self) -> bool {
        self.payload
    }
}

/// Writes the length so far into the length field, if that is unset. Call it before padding is added.
pub(super) fn write_len(context: &Context<'_>, start: usize, out: &mut [u8]) {
    if context.value("len") == Value::None {
        let len = (out.len() - start) as u16;
        if let Some(field) = out.get_mut(start + 2..start + 4) {
            field.copy_from_slice(&len.to_be_bytes());
        }
    }
}

/// A length field that the last field of the chunk fills in.
const DATA_LEN: Field = Field::custom("len", &LateLen).bits(16);

/// See [`write_len`].
struct LateLen;

impl Codec for LateLen {
    fn class(&self) -> &'static str {
        "FieldLenField"
    }
    fn init(&self) -> Value {
        Value::None
    }
    fn decode(&self, layer: &[u8], at: usize, context: &Context<'_>) -> Result<(Value, usize), ParseError> {
        CountOf { field: "", size: 2 }.decode(layer, at, context)
    }
    fn encode(&self, value: &Value, _: &Context<'_>, _: &dyn Env, _: usize, out: &mut Vec<u8>) -> Result<(), FieldError> {
        out.extend_from_slice(&(value.as_uint().unwrap_or(0) as u16).to_be_bytes());
        Ok(())
    }
    fn accept(&self, value: Value, env: &dyn Env) -> Result<Value, FieldError> {
        CountOf { field: "", size: 2 }.accept(value, env)
    }
}
pub(super) const COMPUTED_LEN: Field = DATA_LEN;

/// User data.
pub const DATA: Layer = chunk(
    "SCTPChunkData",
    &[
        kind(0),
        Field::uint("reserved", 4).auto(),
        Field::uint("delay_sack", 1),
        Field::uint("unordered", 1),
        Field::uint("beginning", 1),
        Field::uint("ending", 1),
        DATA_LEN,
        Field::uint("tsn", 32).hex().auto(),
        Field::uint("stream_id", 16).hex().auto(),
        Field::uint("stream_seq", 16).hex().auto(),
        Field::uint("proto_id", 32).auto().names(PROTOCOLS),
        Field::custom("data", &PaddedBytes { before: 16, none: true, payload: true }),
    ],
);

/// The parameters of a chunk, each padded to a multiple of four bytes.
pub(super) const PARAMS: PacketCodec = PacketCodec {
    class: "ChunkParamField",
    item: sctp_params::layer_of,
    len: |context, left| {
        let before = if matches!(context.uint("type"), 1 | 2) { 20 } else { 4 };
        data_len(context, before, left)
    },
    pad: |context, start, out| write_len(context, start, out),
};

const fn init_fields(number: u64) -> [Field; 9] {
    [
        kind(number),
        FLAGS,
        DATA_LEN,
        Field::uint("init_tag", 32).hex().auto(),
        Field::uint("a_rwnd", 32).auto(),
        Field::uint("n_out_streams", 16).auto(),
        Field::uint("n_in_streams", 16).auto(),
        Field::uint("init_tsn", 32).hex().auto(),
        Field::custom("params", &PARAMS),
    ]
}

/// Initiates an association.
pub const INIT: Layer = chunk("SCTPChunkInit", &init_fields(1));

/// Answers [`INIT`].
pub const INIT_ACK: Layer = chunk("SCTPChunkInitAck", &init_fields(2));

/// Selective acknowledgement.
pub const SACK: Layer = chunk(
    "SCTPChunkSACK",
    &[
        kind(3),
        FLAGS,
        LEN,
        Field::uint("cumul_tsn_ack", 32).hex().auto(),
        Field::uint("a_rwnd", 32).auto(),
        Field::custom("n_gap_ack", &CountOf { field: "gap_ack_list", size: 2 }).bits(16),
        Field::custom("n_dup_tsn", &CountOf { field: "dup_tsn_list", size: 2 }).bits(16),
        Field::custom("gap_ack_list", &GapList),
        Field::custom(
            "dup_tsn_list",
            &UintList {
                size: 4,
                len: |context, left| (context.uint("n_dup_tsn") as usize * 4).min(left),
                names: &[],
                init: &[],
                class: "FieldListField",
                align: 1,
                hex: true,
            },
        ),
    ],
);

/// Checks that the peer is reachable.
pub const HEARTBEAT: Layer =
    chunk("SCTPChunkHeartbeatReq", &[kind(4), FLAGS, DATA_LEN, Field::custom("params", &PARAMS)]);

/// Answers [`HEARTBEAT`].
pub const HEARTBEAT_ACK: Layer =
    chunk("SCTPChunkHeartbeatAck", &[kind(5), FLAGS, DATA_LEN, Field::custom("params", &PARAMS)]);

/// Ends an association at once.
pub const ABORT: Layer = chunk(
    "SCTPChunkAbort",
    &[
        kind(6),
        Field::uint("reserved", 7).auto(),
        Field::uint("TCB", 1),
        DATA_LEN,
        Field::custom("error_causes", &PaddedBytes { before: 4, none: false, payload: false }),
    ],
);

/// Initiates the graceful end of an association.
pub const SHUTDOWN: Layer =
    chunk("SCTPChunkShutdown", &[kind(7), FLAGS, Field::uint("len", 16).or(8), Field::uint("cumul_tsn_ack", 32).hex().auto()]);

/// Answers [`SHUTDOWN`].
pub const SHUTDOWN_ACK: Layer = chunk("SCTPChunkShutdownAck", &[kind(8), FLAGS, Field::uint("len", 16).or(4)]);

/// Reports an error.
pub const ERROR: Layer = chunk(
    "SCTPChunkError",
    &[
        kind(9),
        FLAGS,
        DATA_LEN,
        Field::custom("error_causes", &PaddedBytes { before: 4, none: false, payload: false }),
    ],
);

/// Returns the state cookie.
pub const COOKIE_ECHO: Layer = chunk(
    "SCTPChunkCookieEcho",
    &[kind(10), FLAGS, DATA_LEN, Field::custom("cookie", &PaddedBytes { before: 4, none: false, payload: false })],
);

/// Answers [`COOKIE_ECHO`].
pub const COOKIE_ACK: Layer = chunk("SCTPChunkCookieAck", &[kind(11), FLAGS, Field::uint("len", 16).or(4)]);

/// Completes the end of an association.
pub const SHUTDOWN_COMPLETE: Layer = chunk(
    "SCTPChunkShutdownComplete",
    &[kind(14), Field::uint("reserved", 7).auto(), Field::uint("TCB", 1), Field::uint("len", 16).or(4)],
);

/// The gap blocks of a [`SACK`]: pairs of start and end, written `start:end`.
struct GapList;

impl Codec for GapList {
    fn class(&self) -> &'static str {
        "FieldListField"
    }
    fn init(&self) -> Value {
        Value::List(Vec::new())
    }
    fn is_list(&self) -> bool {
        true
    }
    fn decode(&self, layer: &[u8], at: usize, context: &Context<'_>) -> Result<(Value, usize), ParseError> {
        let left = layer.get(at..).unwrap_or(&[]);
        let count = (context.uint("n_gap_ack") as usize).min(left.len() / 4);
        let (blocks, _) = left[..count * 4].as_chunks::<4>();
        let text = |b: &[u8; 4]| {
            Value::Str(format!("{}:{}", u16::from_be_bytes([b[0], b[1]]), u16::from_be_bytes([b[2], b[3]])))
        };
        Ok((Value::List(blocks.iter().map(text).collect()), count * 4))
    }
    fn encode(&self, value: &Value, _: &Context<'_>, _: &dyn Env, _: usize, out: &mut Vec<u8>) -> Result<(), FieldError> {
        let Value::List(items) = value else { return Ok(()) };
        for item in items {
            let (start, end) = block(item).ok_or(FieldError::expected("a block like '2:3'"))?;
            out.extend_from_slice(&start.to_be_bytes());
            out.extend_from_slice(&end.to_be_bytes());
        }
        Ok(())
    }
    fn accept(&self, value: Value, _env: &dyn Env) -> Result<Value, FieldError> {
        match &value {
            Value::List(items) if items.iter().all(|item| block(item).is_some()) => Ok(value),
            _ => Err(FieldError::expected("a list of blocks like ['2:3']")),
        }
    }
}

fn block(value: &Value) -> Option<(u16, u16)> {
    let Value::Str(text) = value else { return None };
    let (start, end) = text.split_once(':')?;
    Some((start.parse().ok()?, end.parse().ok()?))
}
