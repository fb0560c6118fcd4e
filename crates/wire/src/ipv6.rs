//! IPv6 (RFC 8200), and the walk over its extension headers to the upper layer.

use crate::checksum::Checksum;
use crate::error::{ParseError, ParseErrorKind};
use crate::ipv4::proto;
use crate::ipv6_ext::{self, next};
use crate::table::header;
use core::net::Ipv6Addr;

/// Maximum number of extension headers that are followed.
pub const MAX_EXTENSIONS: usize = 16;

/// The upper layer after the extension headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Upper<'a> {
    /// IP protocol of `payload`.
    pub proto: u8,
    /// Bytes of the upper layer; in a fragment other than the first, bytes from its middle.
    pub payload: &'a [u8],
    /// The fragment header, if there was one.
    pub fragment: Option<Fragment>,
}

/// A fragment header (RFC 8200 section 4.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fragment {
    /// Offset in units of 8 bytes.
    pub offset: u16,
    /// Whether more fragments follow.
    pub more: bool,
    /// Identification of the datagram.
    pub id: u32,
}

/// A parsed IPv6 datagram.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    head: &'a [u8; 40],
    payload: &'a [u8],
    missing: bool,
}

impl<'a> View<'a> {
    /// Parses the fixed header. With a payload length of 0 (jumbogram, segmentation offload) the payload is all
    /// remaining bytes.
    ///
    /// # Errors
    /// If `bytes` is shorter than 40, or the version is not 6.
    #[inline]
    pub fn parse(bytes: &'a [u8]) -> Result<Self, ParseError> {
        let Some((head, payload)) = bytes.split_first_chunk() else {
            return Err(ParseError::truncated(TABLE.name, Header::LEN, bytes.len()));
        };
        let mut view = Self {
            head,
            payload,
            missing: false,
        };
        if view.version() != 6 {
            return Err(ParseError::new(
                TABLE.name,
                ParseErrorKind::BadVersion,
                Header::LEN,
                bytes.len(),
            ));
        }
        let len = usize::from(view.payload_len());
        if len > 0 {
            view.missing = len > payload.len();
            view.payload = payload.get(..len).unwrap_or(payload);
        }
        Ok(view)
    }

    /// Returns the bytes after the fixed header, extension headers first, clamped to the payload length and to the
    /// available bytes.
    #[inline]
    #[must_use]
    pub const fn payload(&self) -> &'a [u8] {
        self.payload
    }

    /// Returns whether the payload length exceeds the available bytes.
    #[inline]
    #[must_use]
    pub const fn is_cut(&self) -> bool {
        self.missing
    }

    /// Returns protocol and bytes of the upper layer, after hop-by-hop, routing, fragment, destination and
    /// authentication headers.
    ///
    /// # Errors
    /// As [`View::walk`].
    #[inline]
    pub fn upper(&self) -> Result<(u8, &'a [u8]), ParseError> {
        self.walk().map(|upper| (upper.proto, upper.payload))
    }

    /// As [`View::upper`], with the fragment header. The walk ends at a fragment other than the first: its bytes are
    /// not headers.
    ///
    /// # Errors
    /// If an extension header is truncated, or there are more than [`MAX_EXTENSIONS`].
    #[inline]
    pub fn walk(&self) -> Result<Upper<'a>, ParseError> {
        walk(self.next_header(), self.payload).map_err(|e| e.at(Header::LEN))
    }

    /// Returns the sum of the pseudo header for an upper layer of `len` bytes.
    #[inline]
    #[must_use]
    pub fn pseudo_sum(&self, proto: u8, len: u32) -> Checksum {
        Checksum::new().add_pseudo_v6(self.src(), self.dst(), proto, len)
    }
}

/// Follows extension headers from `proto` on. Offsets in errors count from the start of `bytes`.
///
/// # Errors
/// As [`View::walk`].
pub fn walk(mut proto: u8, bytes: &[u8]) -> Result<Upper<'_>, ParseError> {
    let mut rest = bytes;
    let mut fragment = None;
    for _ in 0..MAX_EXTENSIONS {
        let offset = bytes.len() - rest.len();
        let (layer, head_len) = match proto {
            next::HOP_BY_HOP => (&ipv6_ext::HOP_BY_HOP, 8),
            next::DEST_OPT => (&ipv6_ext::DEST_OPT, 8),
            next::ROUTING => (&ipv6_ext::ROUTING, 8),
            next::FRAGMENT => (&ipv6_ext::FRAGMENT, 8),
            proto::AH => (&ipv6_ext::AH, 8),
            _ => {
                return Ok(Upper {
                    proto,
                    payload: rest,
                    fragment,
                });
            }
        };
        let short = |needed| ParseError::truncated(layer.name, needed, rest.len()).at(offset);
        let head: &[u8; 8] = rest.first_chunk().ok_or(short(head_len))?;
        let len = match proto {
            next::FRAGMENT => 8,
            proto::AH => (usize::from(head[1]) + 2) * 4,
            _ => (usize::from(head[1]) + 1) * 8,
        };
        rest = rest.get(len..).ok_or(short(len))?;
        let was = proto;
        proto = head[0];
        if was == next::FRAGMENT {
            let place = ipv6_ext::fragment(head);
            fragment = Some(place);
            if place.offset != 0 {
                return Ok(Upper {
                    proto,
                    payload: rest,
                    fragment,
                });
            }
        }
    }
    let offset = bytes.len() - rest.len();
    Err(ParseError::new(TABLE.name, ParseErrorKind::TooDeep, 0, rest.len()).at(offset))
}

header! { "IPv6", 40;
    /// Version, 6.
    version, set_version: u8, 4 = 6;
    /// Traffic class: DSCP (6 bits) and ECN (2 bits).
    traffic_class, set_traffic_class: u8, 8;
    /// Flow label, 20 bits.
    flow_label, set_flow_label: u32, 20;
    /// Payload length field in bytes.
    payload_len, set_payload_len: u16, 16;
    /// Protocol of the next header: an extension header or the upper layer.
    next_header, set_next_header: u8, 8;
    /// Hop limit.
    hop_limit, set_hop_limit: u8, 8 = 64;
    /// Source address.
    src, set_src: Ipv6Addr, 128;
    /// Destination address.
    dst, set_dst: Ipv6Addr, 128;
}
