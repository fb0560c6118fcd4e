//! Plain bytes: a payload of unknown protocol, and padding after the end of a packet.

use crate::model::{Field, Layer};

/// A payload.
pub const RAW: Layer = Layer::new("Raw", "Raw", &[Field::rest("load")]);

/// Bytes after the end of a packet. No length or checksum includes them.
pub const PADDING: Layer = Layer::new("Padding", "Padding", &[Field::rest("load")]);
