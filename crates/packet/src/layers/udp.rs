//! UDP (RFC 768).
#![allow(clippy::len_without_is_empty, reason = "`len` is the header's length field")]

use super::ipv4::proto;
use super::transport::{self, fill_sum};
use crate::checksum::Checksum;
use crate::env::Env;
use crate::error::ParseError;
use crate::model::{Field, Init, Layer, Over, Scope, Service, header};
use crate::packet::{Finish, fill};
use alloc::format;
use alloc::string::String;

const FIELDS: &[Field] = &[
    Field::uint("sport", 16).or(53).port(Service::Udp),
    Field::uint("dport", 16).or(53).port(Service::Udp),
    Field::uint("len", 16).auto(),
    Field::hex("chksum", 16).auto(),
];

/// The table of fields.
pub const UDP: Layer = Layer {
    over: &[
        Over::field("IP", &[("frag", Init::Int(0)), ("proto", Init::Int(17))], &[&[("frag", 0), ("proto", 17)]]),
        Over::field("IPv6", &[("nh", Init::Int(17))], &[&[("nh", 17)]]),
        Over::field("IPv6ExtHdrHopByHop", &[("nh", Init::Int(17))], &[&[("nh", 17)]]),
        Over::field("IPv6ExtHdrDestOpt", &[("nh", Init::Int(17))], &[&[("nh", 17)]]),
        Over::field("IPv6ExtHdrRouting", &[("nh", Init::Int(17))], &[&[("nh", 17)]]),
        Over::field("IPv6ExtHdrFragment", &[("nh", Init::Int(17))], &[&[("offset", 0), ("nh", 17)]]),
        Over::field("AH", &[("nh", Init::Int(17))], &[&[("nh", 17)]]),
    ],
    finish: Some(finish),
    payload_len: Some(payload_len),
    summary: Some(summary),
    ..Layer::new("UDP", "UDP", FIELDS)
};

/// A UDP header quoted in an ICMP error.
pub const UDP_ERROR: Layer = Layer {
    over: &[
        Over::field("IPerror", &[("frag", Init::Int(0)), ("proto", Init::Int(17))], &[&[("frag", 0), ("proto", 17)]]),
        Over::field("IPerror6", &[("nh", Init::Int(17))], &[&[("nh", 17)]]),
    ],
    finish: Some(finish),
    payload_len: Some(payload_len),
    ..Layer::new("UDPerror", "UDP in ICMP", FIELDS)
};

fn finish(f: &mut Finish<'_>) {
    fill!(f, UDP, "len", f.all().len() as u16);
    fill_sum!(f, UDP, "chksum", transport::sum(f, proto::UDP).map(Checksum::finish_udp));
}

/// A length below the header's own stands for all that is there.
fn payload_len(scope: &Scope<'_>, left: usize) -> usize {
    (scope.uint("len") as usize).checked_sub(Header::LEN).unwrap_or(left)
}

fn summary(scope: &Scope<'_>, env: &dyn Env) -> String {
    format!("UDP {}", transport::ends(scope, env))
}

/// A datagram, read.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    head: &'a [u8; 8],
    payload: &'a [u8],
}

impl<'a> View<'a> {
    /// Checks that the header is there. The payload is what the length field says, cut where the bytes end; a length
    /// below 8 (0 in jumbograms and offloads) stands for "all that is there".
    #[inline]
    pub fn parse(bytes: &'a [u8]) -> Result<Self, ParseError> {
        let Some((head, payload)) = bytes.split_first_chunk() else {
            return Err(ParseError::truncated(UDP.name, Header::LEN, bytes.len()));
        };
        let mut view = Self { head, payload };
        if let Some(len) = usize::from(view.len()).checked_sub(Header::LEN) {
            view.payload = payload.get(..len).unwrap_or(payload);
        }
        Ok(view)
    }

    /// What the datagram carries.
    #[inline]
    #[must_use]
    pub const fn payload(&self) -> &'a [u8] {
        self.payload
    }
}

header! { UDP, 8;
    /// Source port.
    src_port, set_src_port: u16 = "sport";
    /// Destination port.
    dst_port, set_dst_port: u16 = "dport";
    /// Length of header and payload in bytes as the header says.
    len, set_len: u16 = "len";
    /// Checksum; 0 means none was computed (IPv4 only).
    checksum, set_checksum: u16 = "chksum";
}
