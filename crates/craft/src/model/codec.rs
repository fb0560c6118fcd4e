//! Fields and layers that a width and a kind do not describe: the traits their own code implements.

use super::Context;
use crate::env::Env;
use crate::error::FieldError;
use crate::packet::Packet;
use crate::value::Value;
use alloc::string::String;
use alloc::vec::Vec;
use vigie_wire::ParseError;

/// A field with a form of its own: options, names, lists.
pub trait Codec: Sync {
    /// Its class in listings, where the table does not say otherwise.
    fn class(&self) -> &'static str;

    /// What it holds when nobody set it.
    fn init(&self) -> Value;

    /// Its default in listings.
    fn listed(&self, env: &dyn Env) -> String {
        crate::repr::value(&self.init(), env)
    }

    /// Reads it. `layer` are the layer's bytes with all that follows, `at` is where the field begins in them. Gives
    /// the value and the number of bytes it takes.
    fn decode(
        &self,
        layer: &[u8],
        at: usize,
        context: &Context<'_>,
    ) -> Result<(Value, usize), ParseError>;

    /// How many bytes it takes; as [`Codec::decode`], but cheaper where that is possible.
    fn measure(&self, layer: &[u8], at: usize, context: &Context<'_>) -> Result<usize, ParseError> {
        self.decode(layer, at, context).map(|(_, len)| len)
    }

    /// Writes it at the end of `out`; the layer begins at `start` in `out`.
    fn encode(
        &self,
        value: &Value,
        context: &Context<'_>,
        env: &dyn Env,
        start: usize,
        out: &mut Vec<u8>,
    ) -> Result<(), FieldError>;

    /// Makes a value of its own from one that somebody wrote.
    fn accept(&self, value: Value, env: &dyn Env) -> Result<Value, FieldError>;

    /// The value as people see it.
    fn text(&self, value: &Value, env: &dyn Env) -> String {
        crate::repr::value(value, env)
    }

    /// As [`Codec::text`], where the layer's other fields matter.
    fn shown(&self, value: &Value, _scope: &Context<'_>, env: &dyn Env) -> String {
        self.text(value, env)
    }

    /// The value as an expression.
    fn expression(&self, value: &Value, env: &dyn Env) -> String {
        if let Value::Asn1(asn1) = value {
            return crate::asn1::expression(asn1, env);
        }
        crate::repr::value(value, env)
    }

    /// Whether its values are lists.
    fn is_list(&self) -> bool {
        false
    }

    /// Whether its values are packets, shown as a tree of their own.
    fn holds_packets(&self) -> bool {
        false
    }
}

/// A list of packets as a field's value, read and written one after the other.
pub struct PacketCodec {
    /// Class in listings.
    pub class: &'static str,
    /// The name of the layer the next item is, by its bytes; `None` ends the list.
    pub item: fn(bytes: &[u8]) -> Option<&'static str>,
    /// Bytes the whole list has, given the number of bytes left.
    pub len: fn(&Context<'_>, usize) -> usize,
    /// Written after the items: padding.
    pub pad: fn(&Context<'_>, start: usize, out: &mut Vec<u8>),
}

impl Codec for PacketCodec {
    fn class(&self) -> &'static str {
        self.class
    }

    fn init(&self) -> Value {
        Value::List(Vec::new())
    }

    fn decode(
        &self,
        layer: &[u8],
        at: usize,
        context: &Context<'_>,
    ) -> Result<(Value, usize), ParseError> {
        let rest = layer.get(at..).unwrap_or(&[]);
        let len = (self.len)(context, rest.len()).min(rest.len());
        let mut bytes = &rest[..len];
        let mut items = Vec::new();
        while let Some(name) = (self.item)(bytes) {
            let Some((item, used)) = Packet::dissect_one(name, bytes)
                .ok()
                .filter(|(_, used)| *used > 0)
            else {
                items.push(Value::packet(Packet::raw(bytes.to_vec())));
                break;
            };
            bytes = bytes.get(used..).unwrap_or(&[]);
            items.push(Value::packet(item));
        }
        Ok((Value::List(items), len))
    }

    fn measure(&self, layer: &[u8], at: usize, context: &Context<'_>) -> Result<usize, ParseError> {
        let rest = layer.len().saturating_sub(at);
        Ok((self.len)(context, rest).min(rest))
    }

    fn encode(
        &self,
        value: &Value,
        context: &Context<'_>,
        env: &dyn Env,
        start: usize,
        out: &mut Vec<u8>,
    ) -> Result<(), FieldError> {
        encode_packets(value, env, out)?;
        (self.pad)(context, start, out);
        Ok(())
    }

    fn accept(&self, value: Value, _env: &dyn Env) -> Result<Value, FieldError> {
        accept_packets(value)
    }

    fn is_list(&self) -> bool {
        true
    }

    fn holds_packets(&self) -> bool {
        true
    }
}

/// Writes a list of packets, or one packet, or bytes as they are.
pub(crate) fn encode_packets(
    value: &Value,
    env: &dyn Env,
    out: &mut Vec<u8>,
) -> Result<(), FieldError> {
    match value {
        Value::List(items) | Value::Tuple(items) => items
            .iter()
            .try_for_each(|item| encode_packets(item, env, out)),
        Value::Packet(packet) => {
            let bytes = packet.build(env)?;
            out.extend_from_slice(&bytes);
            Ok(())
        }
        Value::Bytes(bytes) => {
            out.extend_from_slice(bytes);
            Ok(())
        }
        Value::None => Ok(()),
        _ => Err(FieldError::expected("packets")),
    }
}

/// A list of packets from a list or from one packet.
pub(crate) fn accept_packets(value: Value) -> Result<Value, FieldError> {
    match value {
        Value::List(items) | Value::Tuple(items) => {
            if items
                .iter()
                .all(|item| matches!(item, Value::Packet(_) | Value::Bytes(_)))
            {
                Ok(Value::List(items))
            } else {
                Err(FieldError::expected("a list of packets"))
            }
        }
        Value::Packet(_) => Ok(Value::List(alloc::vec![value])),
        Value::Bytes(_) | Value::None => Ok(value),
        _ => Err(FieldError::expected("a list of packets")),
    }
}

/// A layer written and read as a whole.
pub trait LayerCodec: Sync {
    /// Reads the layer at the start of `bytes`: its fields' values by index, and its length.
    fn decode(&self, bytes: &[u8]) -> Result<(Vec<(u8, Value)>, usize), ParseError>;

    /// Writes the layer.
    fn encode(
        &self,
        context: &Context<'_>,
        env: &dyn Env,
        out: &mut Vec<u8>,
    ) -> Result<(), FieldError>;
}
