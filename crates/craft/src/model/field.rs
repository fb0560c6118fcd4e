//! One field of a layer: name, width, kind, default, names of its values. Must not know any protocol.

use super::{Codec, Context};
use core::fmt;
use core::net::{Ipv4Addr, Ipv6Addr};
use vigie_wire::table::Table;

/// Type of a field's value, and how it is shown.
#[derive(Clone, Copy)]
pub enum FieldKind {
    /// An unsigned integer, shown in decimal.
    Uint,
    /// An unsigned integer, shown in hexadecimal.
    Hex,
    /// A two's complement integer.
    Int,
    /// Bits with letters or names, the lowest bit first.
    Flags(&'static [&'static str]),
    /// An IPv4 address.
    Ipv4,
    /// An IPv6 address.
    Ipv6,
    /// A MAC address.
    Mac,
    /// Bytes.
    Bytes(ByteLen),
    /// Anything else: lists, options, names, fixed-point numbers.
    Custom(&'static dyn Codec),
}

impl fmt::Debug for FieldKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Uint => "Uint",
            Self::Hex => "Hex",
            Self::Int => "Int",
            Self::Flags(_) => "Flags",
            Self::Ipv4 => "Ipv4",
            Self::Ipv6 => "Ipv6",
            Self::Mac => "Mac",
            Self::Bytes(_) => "Bytes",
            Self::Custom(_) => "Custom",
        })
    }
}

/// Length of a [`FieldKind::Bytes`] field.
#[derive(Clone, Copy, Debug)]
pub enum ByteLen {
    /// The field's width: longer values are cut, shorter ones filled with zeros.
    Fixed,
    /// All remaining bytes.
    Rest,
    /// Computed from other fields and the number of bytes left.
    Of(fn(&Context<'_>, usize) -> usize),
}

/// Names of a field's values.
#[derive(Clone, Copy, Debug)]
pub enum ValueNames {
    /// The values have no names.
    None,
    /// Pairs of value and name.
    Table(&'static [(u64, &'static str)]),
    /// Names that depend on other fields.
    By(fn(&Context<'_>) -> &'static [(u64, &'static str)]),
    /// Names of services, from [`crate::Env`].
    Service(Service),
}

/// Transport whose service names a port has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
    /// SCTP.
    Sctp,
}

/// A default that comes from the machine ([`crate::Env`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MachineValue {
    /// Source address towards the destination in the field with this name.
    Source(&'static str),
    /// The loopback address, for an unset destination.
    Loopback,
    /// MAC address of the interface towards the destination of the packet.
    SourceMac,
    /// MAC address of the next hop towards the destination of the packet.
    NextHopMac,
    /// Current time.
    Now,
    /// Current time in milliseconds since midnight UTC.
    TimeOfDay,
}

/// Default of a field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Init {
    /// Computed when the packet is built: a length, a checksum, the next protocol.
    Auto,
    /// An integer.
    Int(u64),
    /// An IPv4 address.
    Ipv4(Ipv4Addr),
    /// An IPv6 address.
    Ipv6(Ipv6Addr),
    /// The MAC address of zeros.
    ZeroMac,
    /// Bytes.
    Bytes(&'static [u8]),
    /// A value from the machine.
    Machine(MachineValue),
    /// The default of the codec ([`Codec::init`]).
    Codec,
}

/// One field of a layer.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Name, as in scapy.
    pub name: &'static str,
    /// Width in bits; 0 if it varies.
    pub bits: usize,
    /// Type of the value, and how it is shown.
    pub kind: FieldKind,
    /// Default.
    pub init: Init,
    /// Names of values.
    pub names: ValueNames,
    /// Offset in bits, if the field does not follow the one before it (alternatives share their bits).
    pub at: Option<usize>,
    /// Returns whether the field is present; without it, always.
    pub when: Option<fn(&Context<'_>) -> bool>,
    /// Scapy's class in listings, if not the usual one.
    pub class: Option<&'static str>,
    /// Whether a received header may end after this field.
    pub may_end: bool,
    /// Whether presence, width or meaning of other fields depends on the value.
    pub shapes: bool,
    /// Whether the unset field is the number of bytes of the fields after it.
    pub counts_rest: bool,
}

impl Field {
    /// Returns the field `field` of a header in `vigie-wire` under the name `name`, with the header's offset, width, kind
    /// and default.
    ///
    /// # Panics
    /// If the header has no such field. Meant for constants, where that is a compile error.
    #[must_use]
    pub const fn of(header: &Table, field: &str, name: &'static str) -> Self {
        let field = header.field(field);
        let made = match field.kind {
            vigie_wire::table::FieldKind::Uint => Self::uint(name, field.width).or(field.default),
            vigie_wire::table::FieldKind::Ipv4 => Self::ipv4(name),
            vigie_wire::table::FieldKind::Ipv6 => Self::ipv6(name),
            vigie_wire::table::FieldKind::Mac => Self::mac(name),
            vigie_wire::table::FieldKind::Bytes => Self::bytes(name, field.width / 8),
        };
        made.at(field.offset)
    }

    /// Returns an unsigned integer of `bits` bits, 0 by default.
    #[must_use]
    pub const fn uint(name: &'static str, bits: usize) -> Self {
        Self {
            name,
            bits,
            kind: FieldKind::Uint,
            init: Init::Int(0),
            names: ValueNames::None,
            at: None,
            when: None,
            class: None,
            may_end: false,
            shapes: false,
            counts_rest: false,
        }
    }

    /// Shows the field in hexadecimal.
    #[must_use]
    pub const fn hex(self) -> Self {
        Self {
            kind: FieldKind::Hex,
            ..self
        }
    }

    /// Makes the field a signed integer.
    #[must_use]
    pub const fn int(name: &'static str, bits: usize) -> Self {
        Self {
            kind: FieldKind::Int,
            ..Self::uint(name, bits)
        }
    }

    /// Makes the field flags, with letters or names for its bits, the lowest first.
    #[must_use]
    pub const fn flags(self, letters: &'static [&'static str]) -> Self {
        Self {
            kind: FieldKind::Flags(letters),
            ..self
        }
    }

    /// Returns an IPv4 address, `0.0.0.0` by default.
    #[must_use]
    pub const fn ipv4(name: &'static str) -> Self {
        Self {
            kind: FieldKind::Ipv4,
            init: Init::Ipv4(Ipv4Addr::UNSPECIFIED),
            ..Self::uint(name, 32)
        }
    }

    /// Returns an IPv6 address, `::` by default.
    #[must_use]
    pub const fn ipv6(name: &'static str) -> Self {
        Self {
            kind: FieldKind::Ipv6,
            init: Init::Ipv6(Ipv6Addr::UNSPECIFIED),
            ..Self::uint(name, 128)
        }
    }

    /// Returns a MAC address, zero by default.
    #[must_use]
    pub const fn mac(name: &'static str) -> Self {
        Self {
            kind: FieldKind::Mac,
            init: Init::ZeroMac,
            ..Self::uint(name, 48)
        }
    }

    /// Returns a field of `len` bytes.
    #[must_use]
    pub const fn bytes(name: &'static str, len: usize) -> Self {
        Self {
            kind: FieldKind::Bytes(ByteLen::Fixed),
            init: Init::Bytes(&[]),
            ..Self::uint(name, len * 8)
        }
    }

    /// Returns a field of all remaining bytes.
    #[must_use]
    pub const fn rest(name: &'static str) -> Self {
        Self {
            kind: FieldKind::Bytes(ByteLen::Rest),
            init: Init::Bytes(&[]),
            ..Self::uint(name, 0)
        }
    }

    /// Returns a field of bytes whose number depends on other fields.
    #[must_use]
    pub const fn bytes_of(name: &'static str, len: fn(&Context<'_>, usize) -> usize) -> Self {
        Self {
            kind: FieldKind::Bytes(ByteLen::Of(len)),
            init: Init::Bytes(&[]),
            ..Self::uint(name, 0)
        }
    }

    /// Returns a field with its own codec.
    #[must_use]
    pub const fn custom(name: &'static str, codec: &'static dyn Codec) -> Self {
        Self {
            kind: FieldKind::Custom(codec),
            init: Init::Codec,
            ..Self::uint(name, 0)
        }
    }

    /// Sets the default, an integer.
    #[must_use]
    pub const fn or(self, value: u64) -> Self {
        Self {
            init: Init::Int(value),
            ..self
        }
    }

    /// Sets the default.
    #[must_use]
    pub const fn init(self, init: Init) -> Self {
        Self { init, ..self }
    }

    /// Makes the field computed if it is unset.
    #[must_use]
    pub const fn auto(self) -> Self {
        Self {
            init: Init::Auto,
            ..self
        }
    }

    /// Takes the default from the machine.
    #[must_use]
    pub const fn machine(self, value: MachineValue) -> Self {
        Self {
            init: Init::Machine(value),
            ..self
        }
    }

    /// Sets names for the values.
    #[must_use]
    pub const fn names(self, names: &'static [(u64, &'static str)]) -> Self {
        Self {
            names: ValueNames::Table(names),
            ..self
        }
    }

    /// Sets names that depend on other fields.
    #[must_use]
    pub const fn names_by(self, names: fn(&Context<'_>) -> &'static [(u64, &'static str)]) -> Self {
        Self {
            names: ValueNames::By(names),
            ..self
        }
    }

    /// Makes the values ports, with the names of services.
    #[must_use]
    pub const fn port(self, service: Service) -> Self {
        Self {
            names: ValueNames::Service(service),
            ..self
        }
    }

    /// Places the field at bit `offset` of the layer.
    #[must_use]
    pub const fn at(self, offset: usize) -> Self {
        Self {
            at: Some(offset),
            ..self
        }
    }

    /// Makes the field present only if `when` returns true.
    #[must_use]
    pub const fn when(self, when: fn(&Context<'_>) -> bool) -> Self {
        Self {
            when: Some(when),
            ..self
        }
    }

    /// Allows a received header to end after the field.
    #[must_use]
    pub const fn may_end(self) -> Self {
        Self {
            may_end: true,
            ..self
        }
    }

    /// Marks the field as one that other fields depend on.
    #[must_use]
    pub const fn shapes(self) -> Self {
        Self {
            shapes: true,
            ..self
        }
    }

    /// Makes the unset field the number of bytes of the fields after it.
    #[must_use]
    pub const fn counts_rest(self) -> Self {
        Self {
            counts_rest: true,
            ..self
        }
    }

    /// Sets a fixed width, for a field with its own codec.
    #[must_use]
    pub const fn bits(self, bits: usize) -> Self {
        Self { bits, ..self }
    }

    /// Sets the class shown in listings.
    #[must_use]
    pub const fn class(self, class: &'static str) -> Self {
        Self {
            class: Some(class),
            ..self
        }
    }

    /// Returns whether the unset field is computed.
    #[must_use]
    pub const fn is_auto(&self) -> bool {
        matches!(self.init, Init::Auto)
    }

    /// Returns whether values are lists, so that a list is one value and not a set of values.
    #[must_use]
    pub fn is_list(&self) -> bool {
        matches!(self.kind, FieldKind::Custom(codec) if codec.is_list())
    }
}
