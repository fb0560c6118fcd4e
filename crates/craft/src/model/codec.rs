//! Traits for fields and layers that a width and a kind cannot describe.

use super::Context;
use crate::env::Env;
use crate::error::FieldError;
use crate::packet::Packet;
use crate::value::Value;
use alloc::string::String;
use alloc::vec::Vec;
use vigie_wire::ParseError;

/// Reads, writes and shows a field that needs its own code: options, names, lists.
pub trait Codec: Sync {
    /// Returns scapy's class in listings, unless the table has another.
    fn class(&self) -> &'static str;

    /// Returns the default.
    fn init(&self) -> Value;

    /// Returns the default as listings show it.
    fn listed(&self, env: &dyn Env) -> String {
        crate::repr::value(&self.init(), env)
    }

    /// Reads the field at byte `at` of `layer`, which holds the layer and all bytes after it. Returns the value and the
    /// number of bytes.
    ///
    /// # Errors
    /// If the bytes are too short or invalid.
    fn decode(
        &self,
        layer: &[u8],
        at: usize,
        context: &Context<'_>,
    ) -> Result<(Value, usize), ParseError>;

    /// Returns the number of bytes of the field; cheaper than [`Codec::decode`] where possible.
    ///
    /// # Errors
    /// As [`Codec::decode`].
    fn measure(&self, layer: &[u8], at: usize, context: &Context<'_>) -> Result<usize, ParseError> {
        self.decode(layer, at, context).map(|(_, len)| len)
    }

    /// Appends the field to `out`, in which the layer begins at `start`.
    ///
    /// # Errors
    /// If the value cannot be written.
    fn encode(
        &self,
        value: &Value,
        context: &Context<'_>,
        env: &dyn Env,
        start: usize,
        out: &mut Vec<u8>,
    ) -> Result<(), FieldError>;

    /// Checks and converts a value that was assigned to the field.
    ///
    /// # Errors
    /// If the field cannot have the value.
    fn accept(&self, value: Value, env: &dyn Env) -> Result<Value, FieldError>;

    /// Returns the text of a value.
    fn text(&self, value: &Value, env: &dyn Env) -> String {
        crate::repr::value(value, env)
    }

    /// As [`Codec::text`], if other fields of the layer matter.
    fn shown(&self, value: &Value, _scope: &Context<'_>, env: &dyn Env) -> String {
        self.text(value, env)
    }

    /// Returns the value as an expression.
    fn expression(&self, value: &Value, env: &dyn Env) -> String {
        if let Value::Asn1(asn1) = value {
            return crate::asn1::expression(asn1, env);
        }
        crate::repr::value(value, env)
    }

    /// Returns whether values are lists.
    fn is_list(&self) -> bool {
        false
    }

    /// Returns whether values are packets, which are shown as trees.
    fn holds_packets(&self) -> bool {
        false
    }
}

/// A field whose value is a list of packets, one after the other.
pub struct PacketCodec {
    /// Class in listings.
    pub class: &'static str,
    /// Returns the layer of the next item by its bytes; `None` ends the list.
    pub item: fn(bytes: &[u8]) -> Option<&'static str>,
    /// Returns the length of the list in bytes, given the number of bytes left.
    pub len: fn(&Context<'_>, usize) -> usize,
    /// Appends padding after the items.
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

/// Converts a list of packets, or one packet, to a list of packets.
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

/// Reads and writes a layer as a whole.
pub trait LayerCodec: Sync {
    /// Reads the layer at the start of `bytes`. Returns values by field index, and the length in bytes.
    ///
    /// # Errors
    /// If the bytes are too short or invalid.
    fn decode(&self, bytes: &[u8]) -> Result<(Vec<(u8, Value)>, usize), ParseError>;

    /// Appends the layer to `out`.
    ///
    /// # Errors
    /// If a value cannot be written.
    fn encode(
        &self,
        context: &Context<'_>,
        env: &dyn Env,
        out: &mut Vec<u8>,
    ) -> Result<(), FieldError>;
}
