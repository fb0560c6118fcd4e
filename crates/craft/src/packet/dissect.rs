//! Dissects bytes into packets. Dissection finds only the positions of the layers; fields are read on request.

use super::{Instance, Packet};
use crate::layers::{self, LayerId};
use crate::model::{Context, Guess};
use alloc::sync::Arc;
use alloc::vec::Vec;
use vigie_wire::{ParseError, ParseErrorKind};

/// Maximum number of layers; what follows is plain bytes.
const MAX_LAYERS: usize = 64;

impl Packet {
    /// Dissects `bytes` as the layer `first` and the layers above it.
    ///
    /// A layer above that cannot be read becomes plain bytes; bytes after the end of a payload become padding.
    ///
    /// # Errors
    /// If the first layer cannot be read.
    pub fn dissect(first: LayerId, bytes: &[u8]) -> Result<Self, ParseError> {
        let mut packet = Self {
            layers: Vec::with_capacity(5),
        };
        let shared: Arc<[u8]> = bytes.into();
        let mut paddings: Vec<(usize, usize)> = Vec::new();
        let (mut id, mut start, mut end) = (first, 0, bytes.len());
        loop {
            let header_end = match packet.read_layer(id, &shared, start, end) {
                Ok(header_end) => header_end,
                Err(error) if packet.layers.is_empty() => return Err(error),
                Err(_) => {
                    packet.push_bytes(layers::RAW, &shared, start, end);
                    break;
                }
            };
            let left = end - header_end;
            let context = packet.context(packet.layers.len() - 1);
            let payload = match context.this().layer().payload_len {
                Some(payload_len) => payload_len(&context, left).min(left),
                None => left,
            };
            if payload < left {
                paddings.push((header_end + payload, end));
            }
            if payload == 0 {
                break;
            }
            (start, end) = (header_end, header_end + payload);
            if packet.layers.len() >= MAX_LAYERS {
                packet.push_bytes(layers::RAW, &shared, start, end);
                break;
            }
            id = next_layer(&context, &shared[start..end]);
        }
        for (start, end) in paddings.into_iter().rev() {
            packet.push_bytes(layers::PADDING, &shared, start, end);
        }
        Ok(packet)
    }

    /// Dissects one layer. Returns it with its length in bytes.
    pub fn dissect_one(name: &'static str, bytes: &[u8]) -> Result<(Self, usize), ParseError> {
        let id = layers::find(name).ok_or(ParseError::new(
            name,
            ParseErrorKind::Unsupported,
            0,
            bytes.len(),
        ))?;
        let mut packet = Self::default();
        let end = packet.read_layer(id, &bytes.into(), 0, bytes.len())?;
        Ok((packet, end))
    }

    /// Appends the layer that begins at `start`. Returns the end of its header.
    fn read_layer(
        &mut self,
        id: LayerId,
        bytes: &Arc<[u8]>,
        start: usize,
        end: usize,
    ) -> Result<usize, ParseError> {
        let at = self.layers.len();
        let result = if let Some(codec) = id.layer().codec {
            self.layers.push(Instance::read(id, bytes, start, end));
            codec.decode(&bytes[start..end]).map(|(_, used)| used)
        } else {
            self.layers.push(Instance::read(id, bytes, start, end));
            let context = self.context(at);
            let read = context.this().walk(&context, |_, _, _| true);
            match id.layer().check {
                Some(check) if read.is_ok() && !check(&context) => Err(ParseError::new(
                    id.layer().name,
                    ParseErrorKind::Unsupported,
                    0,
                    end - start,
                )),
                _ => read,
            }
        };
        match result {
            Ok(used) => {
                self.layers[at].end_at(start + used);
                Ok(start + used)
            }
            Err(error) => {
                self.layers.pop();
                Err(error.at(start))
            }
        }
    }

    fn push_bytes(&mut self, id: LayerId, bytes: &Arc<[u8]>, start: usize, end: usize) {
        self.layers.push(Instance::read(id, bytes, start, end));
    }
}

/// Returns the layer of the last layer's payload.
fn next_layer(context: &Context<'_>, payload: &[u8]) -> LayerId {
    if let Some(guess) = context.this().layer().guess {
        match guess(context, payload) {
            Guess::Is(name) => return layers::find(name).unwrap_or(layers::RAW),
            Guess::Raw => return layers::RAW,
            Guess::Bindings => {}
        }
    }
    layers::above(context.id(), |field| context.this().uint(context, field)).unwrap_or(layers::RAW)
}
