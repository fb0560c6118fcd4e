//! Builds packets: headers are written outermost first, then computed fields are filled in on the written bytes,
//! innermost first. Filling in needs only the bytes. [`super::Template`] therefore makes packets that differ in a few
//! fixed fields by patching these fields and filling in again.

use super::machine_values::destination;
use super::{Instance, Packet};
use crate::env::Env;
use crate::error::{FieldError, FieldProblem};
use crate::layers::{self, LayerId};
use crate::model::{ByteLen, Context, FieldKind, Init, MachineValue};
use crate::value::Value;
use alloc::vec::Vec;
use core::net::IpAddr;
use vigie_wire::MacAddr;
use vigie_wire::bits;

/// Position of a written layer, in bytes from the start of the packet.
#[derive(Clone, Copy, Debug)]
pub struct Placed {
    /// The layer.
    pub id: LayerId,
    /// Start of the header.
    pub start: usize,
    /// End of the header.
    pub end: usize,
    /// Fields that are computed, one bit for each index.
    pub auto: u64,
}

/// A written packet whose computed fields are filled in, as one of its layers sees it.
#[derive(Debug)]
pub struct Finish<'a> {
    /// Bytes of the packet, without padding after the last layer.
    pub bytes: &'a mut [u8],
    /// Positions of all layers.
    pub layers: &'a [Placed],
    /// Index of this layer.
    pub at: usize,
}

impl Finish<'_> {
    /// Returns the position of this layer.
    #[inline]
    #[must_use]
    pub fn place(&self) -> Placed {
        self.layers[self.at]
    }

    /// Returns whether the field at this index is computed.
    #[inline]
    #[must_use]
    pub fn wants(&self, index: usize) -> bool {
        self.place().auto >> index & 1 != 0
    }

    /// Stores a field at a bit offset in the layer; `width` is in bits.
    #[inline]
    pub fn store(&mut self, offset: usize, width: usize, value: u64) {
        let place = self.place();
        let stored = bits::store(
            &mut self.bytes[place.start..place.end],
            offset,
            width,
            value,
        );
        debug_assert!(stored, "a computed field lies within its header");
    }

    /// Returns the length of the header in bytes.
    #[inline]
    #[must_use]
    pub fn header_len(&self) -> usize {
        self.place().end - self.place().start
    }

    /// Returns the bytes of the layer and of all layers above.
    #[inline]
    #[must_use]
    pub fn all(&self) -> &[u8] {
        &self.bytes[self.place().start..]
    }

    /// Returns the layer directly above.
    #[must_use]
    pub fn above(&self) -> Option<LayerId> {
        self.layers.get(self.at + 1).map(|place| place.id)
    }
}

/// Fills in a field of `$layer` if it is computed.
macro_rules! fill {
    ($finish:expr, $layer:expr, $field:literal, $value:expr) => {{
        const INDEX: usize = $layer.index($field);
        const OFFSET: usize = $layer.bit_offset($field);
        const WIDTH: usize = $layer.bit_width($field);
        if $finish.wants(INDEX) {
            let value = $value;
            $finish.store(OFFSET, WIDTH, u64::from(value));
        }
    }};
}
pub(crate) use fill;

/// Bytes of a packet and positions of its layers.
#[derive(Clone, Debug, Default)]
pub(super) struct Built {
    pub(super) bytes: Vec<u8>,
    pub(super) layers: Vec<Placed>,
    /// Start of the padding after the last layer.
    pub(super) end: usize,
}

impl Built {
    pub(super) fn finish(&mut self) {
        let bytes = &mut self.bytes[..self.end];
        for at in (0..self.layers.len()).rev() {
            let place = self.layers[at];
            if place.auto != 0
                && let Some(finish) = place.id.layer().finish
            {
                finish(&mut Finish {
                    bytes,
                    layers: &self.layers,
                    at,
                });
            }
        }
    }
}

impl Packet {
    /// Returns the bytes of the packet; of a set, those of its first member.
    ///
    /// # Errors
    /// If a field has a value that cannot be written.
    pub fn build(&self, env: &dyn Env) -> Result<Vec<u8>, FieldError> {
        self.assemble(env).map(|built| built.bytes)
    }

    pub(super) fn assemble(&self, env: &dyn Env) -> Result<Built, FieldError> {
        let mut built = Built::default();
        built.layers.reserve(self.layers.len());
        for at in (0..self.layers.len()).filter(|at| self.layers[*at].id() != layers::PADDING) {
            let start = built.bytes.len();
            let auto = write_layer(&self.context(at), env, &mut built.bytes)?;
            built.layers.push(Placed {
                id: self.layers[at].id(),
                start,
                end: built.bytes.len(),
                auto,
            });
        }
        built.end = built.bytes.len();
        for at in (0..self.layers.len()).filter(|at| self.layers[*at].id() == layers::PADDING) {
            write_layer(&self.context(at), env, &mut built.bytes)?;
        }
        built.finish();
        Ok(built)
    }
}

/// Writes the header of a layer. Returns the fields that are computed, one bit for each index.
fn write_layer(context: &Context<'_>, env: &dyn Env, out: &mut Vec<u8>) -> Result<u64, FieldError> {
    let this = context.this();
    if let Some(bytes) = this.wire_bytes() {
        out.extend_from_slice(bytes);
        return Ok(0);
    }
    let layer = this.layer();
    if let Some(codec) = layer.codec {
        codec
            .encode(context, env, out)
            .map_err(|e| e.of(layer.name, ""))?;
        return Ok(0);
    }
    let start = out.len();
    let (mut offset, mut auto) = (0, 0);
    let mut counts: Option<(usize, usize)> = None;
    for (index, field) in layer.fields.iter().enumerate() {
        if !this.has(context, index) {
            continue;
        }
        if let Some(at) = field.at {
            offset = at;
        }
        let value = value_to_write(this, context, index, env);
        if value == Value::None && field.counts_rest {
            counts = Some((offset, field.bits));
        } else if value == Value::None && field.is_auto() {
            auto |= 1 << index;
        }
        let bits = write_field(context, index, &value, start, offset, env, out)
            .map_err(|e| e.of(layer.name, field.name))?;
        offset += bits;
    }
    if let Some((at, bits)) = counts {
        let rest = (out.len() - start).saturating_sub((at + bits) / 8);
        bits::store(&mut out[start..], at, bits, rest as u64);
    }
    Ok(auto)
}

fn value_to_write(this: &Instance, context: &Context<'_>, index: usize, env: &dyn Env) -> Value {
    let field = &this.layer().fields[index];
    let value = this.known(context, index, env);
    if value == Value::None && field.init == Init::Machine(MachineValue::NextHopMac) {
        return Value::Mac(next_hop(context, env));
    }
    if value.is_set() && !field.is_list() {
        value.member(0)
    } else {
        value
    }
}

/// Returns the MAC address of an unset destination: the group's (RFC 1112 section 6.4, RFC 2464 section 7), the next
/// hop's, or broadcast.
fn next_hop(context: &Context<'_>, env: &dyn Env) -> MacAddr {
    let is_ip = context
        .above()
        .is_some_and(|above| above.layer().find("hwdst").is_none());
    match destination(
        &Context {
            stack: context.stack,
            at: context.at + 1,
        },
        env,
    ) {
        Some(IpAddr::V4(dst)) if dst.is_multicast() => {
            let [_, b, c, d] = dst.octets();
            MacAddr([1, 0, 0x5e, b & 0x7f, c, d])
        }
        Some(IpAddr::V6(dst)) if dst.is_multicast() => MacAddr::of_ipv6_multicast(dst),
        Some(dst) if is_ip => env.next_hop_mac(dst).unwrap_or(MacAddr::BROADCAST),
        _ => MacAddr::BROADCAST,
    }
}

/// Writes a field at bit `offset` of the layer that begins at byte `start`. Returns its width in bits.
fn write_field(
    context: &Context<'_>,
    index: usize,
    value: &Value,
    start: usize,
    offset: usize,
    env: &dyn Env,
    out: &mut Vec<u8>,
) -> Result<usize, FieldError> {
    let field = &context.this().layer().fields[index];
    match field.kind {
        FieldKind::Custom(codec) => {
            let before = out.len();
            codec.encode(value, context, env, start, out)?;
            return Ok((out.len() - before) * 8);
        }
        FieldKind::Bytes(ByteLen::Rest | ByteLen::Of(_)) => {
            let bytes = bytes_of(value)?;
            out.extend_from_slice(bytes);
            return Ok(bytes.len() * 8);
        }
        _ => {}
    }
    let needed = start + (offset + field.bits).div_ceil(8);
    if out.len() < needed {
        out.resize(needed, 0);
    }
    let header = &mut out[start..];
    put_fixed(header, offset, field.bits, value)?;
    Ok(field.bits)
}

/// Stores a value of fixed width; `offset` and `width` are in bits.
pub(super) fn put_fixed(
    header: &mut [u8],
    offset: usize,
    width: usize,
    value: &Value,
) -> Result<(), FieldError> {
    let mut slice = |bytes: &[u8]| {
        let slot = &mut header[offset / 8..(offset + width) / 8];
        let len = bytes.len().min(slot.len());
        slot[..len].copy_from_slice(&bytes[..len]);
        slot[len..].fill(0);
    };
    match value {
        Value::None => {}
        Value::Int(n) => {
            bits::store(header, offset, width, *n as u64);
        }
        Value::Ipv4(addr) => slice(&addr.octets()),
        Value::Ipv6(addr) => slice(&addr.octets()),
        Value::Mac(addr) => slice(&addr.octets()),
        Value::Bytes(bytes) => slice(bytes),
        Value::Str(text) => slice(text.as_bytes()),
        _ => return Err(FieldError::expected("a single value")),
    }
    Ok(())
}

fn bytes_of(value: &Value) -> Result<&[u8], FieldError> {
    match value {
        Value::None => Ok(&[]),
        value => value
            .as_bytes()
            .ok_or(FieldError::new(FieldProblem::Expected("bytes or text"))),
    }
}
