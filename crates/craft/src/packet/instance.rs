//! One layer of a packet: the fields that were set, or the bytes it was dissected from.

use super::machine_values::machine_value;
use crate::env::Env;
use crate::error::{FieldError, FieldProblem};
use crate::layers::LayerId;
use crate::model::{ByteLen, Context, Field, FieldKind, Init, Layer};
use crate::value::Value;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::net::{Ipv4Addr, Ipv6Addr};
use vigie_wire::MacAddr;
use vigie_wire::ParseError;
use vigie_wire::bits;

/// A layer of a packet.
#[derive(Clone, Debug)]
pub struct Instance {
    id: LayerId,
    /// Fields that were set, by index, in order.
    set: Vec<(u8, Value)>,
    /// Bytes that the layer was dissected from; `None` after a field was changed.
    received: Option<Received>,
}

/// Bytes that a layer was dissected from.
#[derive(Clone, Debug)]
struct Received {
    bytes: Arc<[u8]>,
    start: u32,
    end: u32,
}

impl PartialEq for Instance {
    fn eq(&self, other: &Self) -> bool {
        if self.id != other.id {
            return false;
        }
        match (self.wire_bytes(), other.wire_bytes()) {
            (Some(a), Some(b)) => a == b,
            (None, None) => self.set == other.set,
            _ => {
                let contexts = [core::slice::from_ref(self), core::slice::from_ref(other)];
                let [a, b] = contexts.map(|stack| Context { stack, at: 0 });
                (0..self.layer().fields.len()).all(|i| self.value(&a, i) == other.value(&b, i))
            }
        }
    }
}

impl Instance {
    /// Returns a layer with every field at its default.
    #[must_use]
    pub const fn new(id: LayerId) -> Self {
        Self {
            id,
            set: Vec::new(),
            received: None,
        }
    }

    /// Returns a layer dissected from `bytes[start..]`; [`Instance::end_at`] sets the end of its header.
    pub(super) fn read(id: LayerId, bytes: &Arc<[u8]>, start: usize, end: usize) -> Self {
        Self {
            id,
            set: Vec::new(),
            received: Some(Received {
                bytes: bytes.clone(),
                start: start as u32,
                end: end as u32,
            }),
        }
    }

    pub(super) fn end_at(&mut self, end: usize) {
        if let Some(received) = &mut self.received {
            received.end = end as u32;
        }
    }

    /// Returns a layer with these fields set; values are not checked.
    #[must_use]
    pub const fn with(id: LayerId, set: Vec<(u8, Value)>) -> Self {
        Self {
            id,
            set,
            received: None,
        }
    }

    /// Returns the identity of the layer.
    #[must_use]
    pub const fn id(&self) -> LayerId {
        self.id
    }

    /// Returns the description of the layer.
    #[must_use]
    pub fn layer(&self) -> &'static Layer {
        self.id.layer()
    }

    /// Returns the bytes the layer was dissected from, if no field was changed since.
    #[must_use]
    pub fn wire_bytes(&self) -> Option<&[u8]> {
        let received = self.received.as_ref()?;
        received
            .bytes
            .get(received.start as usize..received.end as usize)
    }

    /// Returns the value that a field was set to.
    #[must_use]
    pub fn explicit(&self, index: usize) -> Option<&Value> {
        self.set
            .iter()
            .find(|(i, _)| usize::from(*i) == index)
            .map(|(_, value)| value)
    }

    /// Returns the fields that were set.
    #[must_use]
    pub fn set_fields(&self) -> &[(u8, Value)] {
        &self.set
    }

    /// Sets a field without checks. A dissected layer needs [`Instance::make_own`] first.
    pub fn force(&mut self, index: usize, value: Value) {
        match self.set.binary_search_by_key(&(index as u8), |(i, _)| *i) {
            Ok(place) => self.set[place].1 = value,
            Err(place) => self.set.insert(place, (index as u8, value)),
        }
    }

    /// Unsets a field: it is computed or has its default again.
    pub fn clear(&mut self, index: usize) {
        self.make_own();
        self.set.retain(|(i, _)| usize::from(*i) != index);
    }

    /// Checks and converts a value and sets the field to it.
    ///
    /// # Errors
    /// If the layer has no such field, or the field cannot have the value.
    pub fn assign(&mut self, name: &str, value: Value, env: &dyn Env) -> Result<(), FieldError> {
        let layer = self.layer();
        let index = layer
            .find(name)
            .ok_or_else(|| FieldError::new(FieldProblem::NoSuchField).of(layer.name, name))?;
        self.make_own();
        let value = self
            .accept(index, value, env)
            .map_err(|e| e.of(layer.name, name))?;
        self.force(index, value);
        Ok(())
    }

    /// Converts the bytes of a dissected layer into set fields.
    pub fn make_own(&mut self) {
        if self.received.is_none() {
            return;
        }
        let stack = core::slice::from_ref(&*self);
        let context = Context { stack, at: 0 };
        let mut set = Vec::new();
        self.each_read(&context, |index, value| set.push((index as u8, value)));
        set.sort_by_key(|(index, _)| *index);
        self.set = set;
        self.received = None;
    }

    /// Returns the value of a field: set, dissected, given by the layer above, or default. Values that come from the machine
    /// are [`Value::None`]; [`Instance::known`] returns them.
    #[must_use]
    pub fn value(&self, context: &Context<'_>, index: usize) -> Value {
        if let Some(value) = self.explicit(index) {
            return value.clone();
        }
        if self.received.is_some() {
            return self.read_field(context, index).unwrap_or(Value::None);
        }
        match self.given(context, index) {
            Some(init) => default_of(&self.layer().fields[index], init),
            None => default_of(&self.layer().fields[index], self.layer().fields[index].init),
        }
    }

    /// As [`Instance::value`], including values that come from the machine.
    #[must_use]
    pub fn known(&self, context: &Context<'_>, index: usize, env: &dyn Env) -> Value {
        let value = self.value(context, index);
        match (&value, self.layer().fields[index].init) {
            (Value::None, Init::Machine(wanted)) => {
                machine_value(&self.layer().fields[index], wanted, context, env)
            }
            _ => value,
        }
    }

    /// Returns the value that the layer above gives a field, by its [`Layer::bindings`].
    #[must_use]
    pub fn given(&self, context: &Context<'_>, index: usize) -> Option<Init> {
        let above = context.above()?.layer();
        let name = self.layer().fields[index].name;
        let over = above
            .bindings
            .iter()
            .find(|over| over.below == self.layer().name)?;
        over.set
            .iter()
            .find(|(field, _)| *field == name)
            .map(|(_, init)| *init)
    }

    /// Returns whether the field is present, which depends on the fields before it.
    #[must_use]
    pub fn has(&self, context: &Context<'_>, index: usize) -> bool {
        self.layer().fields[index]
            .when
            .is_none_or(|when| when(context))
    }

    /// Returns a field as an integer, 0 if it is none. Fast for fields at fixed places.
    #[must_use]
    pub fn uint(&self, context: &Context<'_>, name: &str) -> u64 {
        let Some(index) = self.layer().find(name) else {
            return 0;
        };
        if let (Some(bytes), Some(offset)) = (self.wire_bytes(), self.layer().static_offset(index))
        {
            let bits = self.layer().fields[index].bits;
            if bits > 0 && bits <= 64 {
                return bits::load(bytes, offset, bits).unwrap_or(0);
            }
        }
        self.value(context, index).as_uint().unwrap_or(0)
    }

    /// Reads every present field from the bytes of the layer.
    pub(super) fn each_read(&self, context: &Context<'_>, mut give: impl FnMut(usize, Value)) {
        if let (Some(codec), Some(bytes)) = (self.layer().codec, self.wire_bytes()) {
            if let Ok((values, _)) = codec.decode(bytes) {
                for (index, value) in values {
                    give(index.into(), value);
                }
            }
            return;
        }
        let _ = self.walk(context, |index, offset, bits| {
            if let Some(value) = self.decode(context, index, offset, bits) {
                give(index, value);
            }
            true
        });
    }

    /// Returns whether the field was read from the bytes of the layer.
    #[must_use]
    pub fn was_read(&self, context: &Context<'_>, index: usize) -> bool {
        self.received.is_some() && self.read_field(context, index).is_some()
    }

    fn read_field(&self, context: &Context<'_>, wanted: usize) -> Option<Value> {
        let field = &self.layer().fields[wanted];
        if let Some(codec) = self.layer().codec {
            let (values, _) = codec.decode(self.wire_bytes()?).ok()?;
            return values
                .into_iter()
                .find(|(i, _)| usize::from(*i) == wanted)
                .map(|(_, value)| value);
        }
        if field.when.is_none()
            && field.bits > 0
            && let Some(offset) = self.layer().static_offset(wanted)
        {
            return self.decode(context, wanted, offset, field.bits);
        }
        let mut found = None;
        let _ = self.walk(context, |index, offset, bits| {
            if index == wanted {
                found = self.decode(context, index, offset, bits);
            }
            index < wanted
        });
        found
    }

    /// Visits the present fields with index, bit offset and width in bits, until `visit` returns false. Returns the length
    /// of the header in bytes.
    pub(super) fn walk(
        &self,
        context: &Context<'_>,
        mut visit: impl FnMut(usize, usize, usize) -> bool,
    ) -> Result<usize, ParseError> {
        let layer = self.layer();
        let bytes = self.wire_bytes().unwrap_or(&[]);
        let total = bytes.len() * 8;
        let (mut offset, mut end) = (0, 0);
        for (index, field) in layer.fields.iter().enumerate() {
            if field.when.is_some_and(|when| !when(context)) {
                continue;
            }
            if let Some(at) = field.at {
                offset = at;
            }
            let bits = match field.kind {
                FieldKind::Custom(codec) => codec.measure(bytes, offset / 8, context)? * 8,
                FieldKind::Bytes(ByteLen::Rest) => total.saturating_sub(offset),
                FieldKind::Bytes(ByteLen::Of(len)) => {
                    let left = total.saturating_sub(offset);
                    (len(context, left / 8) * 8).min(left)
                }
                _ => field.bits,
            };
            if offset + bits > total {
                return Err(ParseError::truncated(
                    layer.name,
                    (offset + bits).div_ceil(8),
                    bytes.len(),
                ));
            }
            if !visit(index, offset, bits) {
                return Ok(offset / 8);
            }
            offset += bits;
            end = end.max(offset);
            if field.may_end && offset == total {
                break;
            }
        }
        Ok(end.div_ceil(8))
    }

    fn decode(
        &self,
        context: &Context<'_>,
        index: usize,
        offset: usize,
        bits: usize,
    ) -> Option<Value> {
        let bytes = self.wire_bytes()?;
        let field = &self.layer().fields[index];
        let slice = || bytes.get(offset / 8..(offset + bits) / 8);
        Some(match field.kind {
            FieldKind::Uint | FieldKind::Hex | FieldKind::Flags(_) => {
                Value::Int(bits::load(bytes, offset, bits)?.into())
            }
            FieldKind::Int => {
                let raw = bits::load(bytes, offset, bits)?;
                Value::Int(i128::from((raw << (64 - bits)) as i64 >> (64 - bits)))
            }
            FieldKind::Ipv4 => Value::Ipv4(Ipv4Addr::from(*slice()?.first_chunk::<4>()?)),
            FieldKind::Ipv6 => Value::Ipv6(Ipv6Addr::from(*slice()?.first_chunk::<16>()?)),
            FieldKind::Mac => Value::Mac(MacAddr(*slice()?.first_chunk::<6>()?)),
            FieldKind::Bytes(_) => Value::Bytes(slice()?.to_vec()),
            FieldKind::Custom(codec) => codec.decode(bytes, offset / 8, context).ok()?.0,
        })
    }
}

fn default_of(field: &Field, init: Init) -> Value {
    match init {
        Init::Auto | Init::Machine(_) => Value::None,
        Init::Int(n) => Value::Int(n.into()),
        Init::Ipv4(addr) => Value::Ipv4(addr),
        Init::Ipv6(addr) => Value::Ipv6(addr),
        Init::ZeroMac => Value::Mac(MacAddr::ZERO),
        Init::Bytes(bytes) => Value::Bytes(bytes.into()),
        Init::Codec => match field.kind {
            FieldKind::Custom(codec) => codec.init(),
            _ => Value::None,
        },
    }
}
