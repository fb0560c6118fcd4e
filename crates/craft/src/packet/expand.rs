//! Sets of packets: one packet for each combination of the values of its set-valued fields, made one at a time.

use super::Packet;
use super::build::{Built, put_fixed};
use crate::env::Env;
use crate::error::FieldError;
use crate::model::Init;
use crate::value::Value;
use alloc::vec::Vec;

/// A field with a set of values.
#[derive(Clone, Debug)]
struct Axis {
    layer: usize,
    field: usize,
    values: Value,
    len: u64,
}

/// The packets of a set. Sets of the innermost layer vary fastest; within a layer, the set of the first field.
#[derive(Clone, Debug)]
pub struct Expansion {
    packet: Packet,
    axes: Vec<Axis>,
    len: u64,
}

impl Expansion {
    /// Returns the set of packets that `packet` represents.
    #[must_use]
    pub fn new(packet: &Packet) -> Self {
        let mut axes = Vec::new();
        for (layer, instance) in packet.layers.iter().enumerate().rev() {
            for (index, value) in instance.set_fields() {
                let field = usize::from(*index);
                if value.is_set() && !instance.layer().fields[field].is_list() {
                    axes.push(Axis {
                        layer,
                        field,
                        values: value.clone(),
                        len: value.set_len(),
                    });
                }
            }
        }
        let len = axes
            .iter()
            .fold(1u64, |len, axis| len.saturating_mul(axis.len));
        Self {
            packet: packet.clone(),
            axes,
            len,
        }
    }

    /// Returns the number of packets, at most `u64::MAX`.
    #[must_use]
    pub const fn len(&self) -> u64 {
        self.len
    }

    /// Returns whether the set is empty.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Returns packet number `index`, from 0.
    #[must_use]
    pub fn nth(&self, mut index: u64) -> Option<Packet> {
        if index >= self.len {
            return None;
        }
        let mut packet = self.packet.clone();
        for axis in &self.axes {
            packet.layers[axis.layer].force(axis.field, axis.values.member(index % axis.len));
            index /= axis.len;
        }
        Some(packet)
    }

    /// Iterates over the packets.
    pub fn packets(&self) -> impl Iterator<Item = Packet> + '_ {
        (0..self.len).map_while(|index| self.nth(index))
    }

    /// Returns a template that makes the bytes of the packets, by patching where possible.
    #[must_use]
    pub const fn template<'a>(&'a self, env: &'a dyn Env) -> Template<'a> {
        Template {
            set: self,
            env,
            built: None,
            patches: Vec::new(),
            patchable: true,
            digits: Vec::new(),
            next: 0,
        }
    }
}

/// Position of a set-valued field in the written packet.
#[derive(Clone, Copy, Debug)]
struct Patch {
    start: usize,
    end: usize,
    offset: usize,
    width: usize,
}

/// Makes the bytes of a set's packets. The first packet is built from its fields. If packets differ only in fields with
/// fixed position and width, the others are made by patching these fields and computing lengths and checksums again.
pub struct Template<'a> {
    set: &'a Expansion,
    env: &'a dyn Env,
    built: Option<Built>,
    patches: Vec<Patch>,
    patchable: bool,
    /// Current member of each axis.
    digits: Vec<u64>,
    next: u64,
}

impl core::fmt::Debug for Template<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Template")
            .field("next", &self.next)
            .finish_non_exhaustive()
    }
}

impl Template<'_> {
    /// Returns the bytes of the next packet; `None` after the last.
    pub fn next_bytes(&mut self) -> Option<Result<&[u8], FieldError>> {
        if self.next >= self.set.len {
            return None;
        }
        let index = self.next;
        self.next += 1;
        let result = match &mut self.built {
            Some(built) if self.patchable => {
                advance(built, self.set, &self.patches, &mut self.digits);
                Ok(())
            }
            _ => self.build(index),
        };
        match result {
            Ok(()) => self.built.as_ref().map(|built| Ok(&built.bytes[..])),
            Err(error) => Some(Err(error)),
        }
    }

    fn build(&mut self, index: u64) -> Result<(), FieldError> {
        let packet = self.set.nth(index).unwrap_or_default();
        let first = self.built.is_none();
        let built = self.built.insert(packet.assemble(self.env)?);
        if first {
            self.digits = alloc::vec![0; self.set.axes.len()];
            match patches_for(self.set, built, &packet) {
                Some(patches) => self.patches = patches,
                None => self.patchable = false,
            }
        }
        Ok(())
    }
}

/// Returns the positions of the set-valued fields, if patching them is sufficient.
fn patches_for(set: &Expansion, built: &Built, packet: &Packet) -> Option<Vec<Patch>> {
    let mut patches = Vec::new();
    // Padding is written after all layers, so with padding the indices of layers would differ.
    if built.layers.len() != packet.layers.len() {
        return None;
    }
    for axis in &set.axes {
        let layer = packet.layers[axis.layer].layer();
        let field = &layer.fields[axis.field];
        let addresses = matches!(axis.values.member(0), Value::Ipv4(_) | Value::Ipv6(_));
        if field.shapes
            || field.bits == 0
            || layer.codec.is_some()
            || (addresses && asks_machine(packet))
        {
            return None;
        }
        let place = built.layers[axis.layer];
        let offset = layer.static_offset(axis.field)?;
        patches.push(Patch {
            start: place.start,
            end: place.end,
            offset,
            width: field.bits,
        });
    }
    Some(patches)
}

/// Returns whether a field of the packet depends on the machine.
fn asks_machine(packet: &Packet) -> bool {
    packet.layers.iter().any(|instance| {
        let fields = instance.layer().fields.iter().enumerate();
        fields.into_iter().any(|(i, field)| {
            matches!(field.init, Init::Machine(_)) && instance.explicit(i).is_none()
        })
    })
}

/// Advances to the next combination; the first axis varies fastest.
fn advance(built: &mut Built, set: &Expansion, patches: &[Patch], digits: &mut [u64]) {
    for ((axis, patch), digit) in set.axes.iter().zip(patches).zip(digits) {
        *digit = if *digit + 1 == axis.len {
            0
        } else {
            *digit + 1
        };
        let value = axis.values.member(*digit);
        let stored = put_fixed(
            &mut built.bytes[patch.start..patch.end],
            patch.offset,
            patch.width,
            &value,
        );
        debug_assert!(stored.is_ok(), "members of an accepted set fit their field");
        if *digit != 0 {
            break;
        }
    }
    built.finish();
}
