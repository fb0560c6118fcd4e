//! Packets built in Rust, with one type for each layer.
//!
//! ```
//! use vigie_craft::build::{Ip, Tcp};
//! use vigie_wire::tcp::Flags;
//! use vigie_craft::Offline;
//!
//! let packet = Ip::new().src("10.0.0.1").dst("10.0.0.2") / Tcp::new().dport(80).flags(Flags::SYN);
//! assert_eq!(packet.bytes(&Offline)?.len(), 40);
//! # Ok::<(), vigie_craft::FieldError>(())
//! ```
//!
//! Lists, ranges and networks stand for many packets, made one at a time:
//!
//! ```
//! use vigie_craft::build::{Ip, Tcp};
//! use vigie_craft::Offline;
//!
//! let packets = Ip::new().src("10.0.0.1").dst("10.0.0.0/30") / Tcp::new().dport([80, 443]).sport(1000..=1009);
//! assert_eq!(packets.set()?.len(), 4 * 2 * 10);
//! let set = packets.set()?;
//! let mut bytes = set.template(&Offline);
//! while let Some(packet) = bytes.next_bytes() {
//!     assert_eq!(packet?.len(), 40);
//! }
//! # Ok::<(), vigie_craft::FieldError>(())
//! ```
//!
//! An invalid value is an error when the packet is made, with the name of the field:
//!
//! ```
//! use vigie_craft::build::Ip;
//!
//! let error = Ip::new().dst("nowhere.example").packet().unwrap_err();
//! assert_eq!((error.layer, &error.field[..]), ("IP", "dst"));
//! ```
//!
//! The fields of a layer are those of its table in [`crate::layers`]: a method for any other is a compile error.

use crate::env::{Env, Offline};
use crate::error::FieldError;
use crate::layers;
use crate::packet::{Expansion, Packet};
use crate::value::Value;
use alloc::vec::Vec;
use core::ops::Div;

/// A stack of layers, with the first error in them.
#[derive(Clone, Debug)]
#[must_use]
pub struct Stack {
    packet: Packet,
    error: Option<FieldError>,
}

impl Stack {
    fn new(layer: layers::LayerId) -> Self {
        Self {
            packet: Packet::new(layer),
            error: None,
        }
    }

    fn set_field(mut self, field: &str, value: Value) -> Self {
        if self.error.is_none() {
            self.error = self.packet.layers[0].assign(field, value, &Offline).err();
        }
        self
    }

    /// Returns the packet.
    ///
    /// # Errors
    /// If a field was set to a value that it cannot have.
    pub fn packet(self) -> Result<Packet, FieldError> {
        match self.error {
            Some(error) => Err(error),
            None => Ok(self.packet),
        }
    }

    /// Returns the bytes of the packet; of a set, those of the first packet.
    ///
    /// # Errors
    /// If a field was set to a value that it cannot have.
    pub fn bytes(self, env: &dyn Env) -> Result<Vec<u8>, FieldError> {
        self.packet()?.build(env)
    }

    /// Returns the set of packets.
    ///
    /// # Errors
    /// If a field was set to a value that it cannot have.
    pub fn set(&self) -> Result<Expansion, FieldError> {
        match &self.error {
            Some(error) => Err(error.clone()),
            None => Ok(Expansion::new(&self.packet)),
        }
    }
}

impl From<Packet> for Stack {
    fn from(packet: Packet) -> Self {
        Self {
            packet,
            error: None,
        }
    }
}

impl From<&str> for Stack {
    fn from(text: &str) -> Self {
        Packet::raw(text.as_bytes().to_vec()).into()
    }
}

impl From<&[u8]> for Stack {
    fn from(bytes: &[u8]) -> Self {
        Packet::raw(bytes.to_vec()).into()
    }
}

impl<T: Into<Stack>> Div<T> for Stack {
    type Output = Self;

    fn div(self, above: T) -> Self {
        let above = above.into();
        Self {
            packet: self.packet.over(above.packet),
            error: self.error.or(above.error),
        }
    }
}

/// Declares one type for each layer, with a method for each field.
macro_rules! builders {
    ($($(#[$meta:meta])* $name:ident = $layer:literal: $($field:ident $(= $text:literal)?),* $(,)?;)*) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug)]
        #[must_use]
        pub struct $name(Stack);

        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }

        impl $name {
            /// Returns the layer with every field at its default.
            pub fn new() -> Self {
                const ID: layers::LayerId = layers::id($layer);
                Self(Stack::new(ID))
            }

            $(
                #[doc = concat!("Sets `", builders!(@name $field $($text)?), "`; a list, a range or a network stands for many packets.")]
                pub fn $field(self, value: impl Into<Value>) -> Self {
                    // The table has the field, or this does not compile.
                    const { layers::field($layer, builders!(@name $field $($text)?)) };
                    Self(self.0.set_field(builders!(@name $field $($text)?), value.into()))
                }
            )*

            /// Returns the packet of this layer alone.
            pub fn packet(self) -> Result<Packet, FieldError> {
                self.0.packet()
            }

            /// Returns the bytes of the layer.
            pub fn bytes(self, env: &dyn Env) -> Result<Vec<u8>, FieldError> {
                self.0.bytes(env)
            }
        }

        impl From<$name> for Stack {
            fn from(layer: $name) -> Self {
                layer.0
            }
        }

        impl From<$name> for Value {
            /// Converts the layer to an item of a list; [`Value::None`] if it has an error.
            fn from(layer: $name) -> Self {
                layer.0.packet().map_or(Self::None, Self::packet)
            }
        }

        impl<T: Into<Stack>> Div<T> for $name {
            type Output = Stack;

            fn div(self, above: T) -> Stack {
                self.0 / above
            }
        }
    )*};
    (@name $field:ident) => { stringify!($field) };
    (@name $field:ident $text:literal) => { $text };
}

builders! {
    /// An Ethernet header.
    Ether = "Ether": dst, src, kind = "type";
    /// An 802.1Q tag.
    Dot1Q = "Dot1Q": prio, dei, vlan, kind = "type";
    /// An ARP message.
    Arp = "ARP": hwtype, ptype, hwlen, plen, op, hwsrc, psrc, hwdst, pdst;
    /// An IPv4 header.
    Ip = "IP": version, ihl, tos, len, id, flags, frag, ttl, proto, chksum, src, dst, options;
    /// An IPv6 header.
    Ipv6 = "IPv6": version, tc, fl, plen, nh, hlim, src, dst;
    /// A TCP header.
    Tcp = "TCP": sport, dport, seq, ack, dataofs, reserved, flags, window, chksum, urgptr, options;
    /// A UDP header.
    Udp = "UDP": sport, dport, len, chksum;
    /// An ICMP message.
    Icmp = "ICMP": kind = "type", code, chksum, id, seq, gw, ptr, nexthopmtu, addr_mask;
    /// An ICMPv6 echo request.
    Icmpv6EchoRequest = "ICMPv6EchoRequest": code, cksum, id, seq, data;
    /// A neighbour solicitation.
    NeighbourSolicitation = "ICMPv6ND_NS": code, cksum, res, tgt;
    /// A DNS message.
    Dns = "DNS": id, qr, opcode, aa, tc, rd, ra, z, ad, cd, rcode, qd, an, ns, ar;
    /// A DNS question.
    Dnsqr = "DNSQR": qname, qtype, qclass;
    /// An NTP header.
    Ntp = "NTPHeader": leap, version, mode, stratum, poll, precision, delay, dispersion, orig, recv, sent;
    /// An SCTP common header.
    Sctp = "SCTP": sport, dport, tag, chksum;
    /// Plain bytes.
    Raw = "Raw": load;
    /// Bytes after the end of the packet.
    Padding = "Padding": load;
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn the_same_packets_as_expressions() {
        let made = Ether::new()
            .src("02:00:00:00:00:01")
            .dst("02:00:00:00:00:02")
            / Ip::new().src("10.0.0.1").dst("10.0.0.2").ttl(9)
            / Udp::new().sport(1000)
            / Dns::new()
                .id(7)
                .qd(Dnsqr::new().qname("example.org").qtype("AAAA"));
        let mut runtime = crate::lang::NoRuntime::default();
        let evaluated = crate::lang::Session::new(&mut runtime)
            .value(
                "Ether(src='02:00:00:00:00:01', dst='02:00:00:00:00:02')/IP(src='10.0.0.1', dst='10.0.0.2', ttl=9)\
                 /UDP(sport=1000)/DNS(id=7, qd=DNSQR(qname='example.org', qtype='AAAA'))",
            )
            .unwrap();
        let Some(Value::Packet(evaluated)) = evaluated.to_value() else {
            panic!("{evaluated:?}")
        };
        assert_eq!(made.packet().unwrap(), *evaluated);
    }

    #[test]
    fn mistakes_name_their_field() {
        let error = (Ip::new() / Tcp::new().dport(70_000)).packet().unwrap_err();
        assert_eq!(
            error.to_string(),
            "TCP.dport: 70000 is not between 0 and 65535"
        );
    }
}
