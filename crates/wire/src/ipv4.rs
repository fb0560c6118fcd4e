//! IPv4 (RFC 791). The view clamps the payload to the total length and to the available bytes, so that it reads quoted
//! and padded datagrams alike.

use crate::checksum::Checksum;
use crate::error::{ParseError, ParseErrorKind};
use crate::table::header;
use core::net::Ipv4Addr;

/// IP protocol numbers (IANA "Assigned Internet Protocol Numbers"), shared with IPv6's next header.
pub mod proto {
    /// ICMP.
    pub const ICMP: u8 = 1;
    /// IGMP.
    pub const IGMP: u8 = 2;
    /// IPv4 in IP.
    pub const IPIP: u8 = 4;
    /// TCP.
    pub const TCP: u8 = 6;
    /// UDP.
    pub const UDP: u8 = 17;
    /// IPv6 in IP.
    pub const IPV6: u8 = 41;
    /// GRE.
    pub const GRE: u8 = 47;
    /// ESP.
    pub const ESP: u8 = 50;
    /// Authentication Header.
    pub const AH: u8 = 51;
    /// ICMPv6.
    pub const ICMPV6: u8 = 58;
    /// SCTP.
    pub const SCTP: u8 = 132;
}

/// Names of the protocol numbers: IANA's keywords, as in `/etc/protocols`.
pub const PROTOCOLS: &[(u64, &str)] = &[
    (0, "hopopt"),
    (1, "icmp"),
    (2, "igmp"),
    (3, "ggp"),
    (4, "ipencap"),
    (5, "st"),
    (6, "tcp"),
    (8, "egp"),
    (9, "igp"),
    (12, "pup"),
    (17, "udp"),
    (20, "hmp"),
    (22, "xns_idp"),
    (27, "rdp"),
    (29, "iso_tp4"),
    (33, "dccp"),
    (36, "xtp"),
    (37, "ddp"),
    (38, "idpr_cmtp"),
    (41, "ipv6"),
    (43, "ipv6_route"),
    (44, "ipv6_frag"),
    (45, "idrp"),
    (46, "rsvp"),
    (47, "gre"),
    (50, "esp"),
    (51, "ah"),
    (57, "skip"),
    (58, "ipv6_icmp"),
    (59, "ipv6_nonxt"),
    (60, "ipv6_opts"),
    (73, "rspf"),
    (81, "vmtp"),
    (88, "eigrp"),
    (89, "ospf"),
    (93, "ax_25"),
    (94, "ipip"),
    (97, "etherip"),
    (98, "encap"),
    (103, "pim"),
    (108, "ipcomp"),
    (112, "vrrp"),
    (115, "l2tp"),
    (124, "isis"),
    (132, "sctp"),
    (133, "fc"),
    (135, "mobility_header"),
    (136, "udplite"),
    (137, "mpls_in_ip"),
    (138, "manet"),
    (139, "hip"),
    (140, "shim6"),
    (141, "wesp"),
    (142, "rohc"),
    (143, "ethernet"),
];

/// A parsed IPv4 datagram.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    head: &'a [u8; 20],
    options: &'a [u8],
    payload: &'a [u8],
    missing: bool,
}

impl<'a> View<'a> {
    /// Parses the header. The payload has the length that the total length gives, or ends with `bytes`; with a total
    /// length below the header length (0 after segmentation offload), it is all remaining bytes.
    ///
    /// # Errors
    /// If the header is truncated, its version is not 4, or its length is below 20.
    #[inline]
    pub fn parse(bytes: &'a [u8]) -> Result<Self, ParseError> {
        let Some((head, rest)) = bytes.split_first_chunk() else {
            return Err(ParseError::truncated(TABLE.name, Header::LEN, bytes.len()));
        };
        let mut view = Self {
            head,
            options: &[],
            payload: rest,
            missing: false,
        };
        if view.version() != 4 {
            return Err(ParseError::new(
                TABLE.name,
                ParseErrorKind::BadVersion,
                Header::LEN,
                bytes.len(),
            ));
        }
        let options = usize::from(view.header_words()) * 4;
        let Some(options) = options.checked_sub(Header::LEN) else {
            return Err(ParseError::new(
                TABLE.name,
                ParseErrorKind::BadLength,
                Header::LEN,
                options,
            ));
        };
        let Some((options, payload)) = rest.split_at_checked(options) else {
            return Err(ParseError::truncated(
                TABLE.name,
                Header::LEN + options,
                bytes.len(),
            ));
        };
        view.options = options;
        view.payload = payload;
        if let Some(len) = usize::from(view.total_len()).checked_sub(view.header_len()) {
            view.missing = len > payload.len();
            view.payload = payload.get(..len).unwrap_or(payload);
        }
        Ok(view)
    }

    /// Returns the header length in bytes, options included.
    #[inline]
    #[must_use]
    pub const fn header_len(&self) -> usize {
        Header::LEN + self.options.len()
    }

    /// Returns the bytes of the options.
    #[inline]
    #[must_use]
    pub const fn options(&self) -> &'a [u8] {
        self.options
    }

    /// Returns the payload, clamped to the total length and to the available bytes.
    #[inline]
    #[must_use]
    pub const fn payload(&self) -> &'a [u8] {
        self.payload
    }

    /// Returns whether the total length exceeds the available bytes.
    #[inline]
    #[must_use]
    pub const fn is_cut(&self) -> bool {
        self.missing
    }

    /// Returns whether more fragments follow.
    #[inline]
    #[must_use]
    pub fn more_fragments(&self) -> bool {
        self.flags() & 1 != 0
    }

    /// Returns the don't-fragment flag.
    #[inline]
    #[must_use]
    pub fn dont_fragment(&self) -> bool {
        self.flags() & 2 != 0
    }

    /// Returns whether the header checksum is valid.
    #[inline]
    #[must_use]
    pub fn checksum_ok(&self) -> bool {
        Checksum::new()
            .add_bytes(self.head)
            .add_bytes(self.options)
            .is_valid()
    }

    /// Returns the sum of the pseudo header for a transport of `len` bytes.
    #[inline]
    #[must_use]
    pub fn pseudo_sum(&self, len: u16) -> Checksum {
        Checksum::new().add_pseudo_v4(self.src(), self.dst(), self.proto(), len)
    }
}

header! { "IPv4", 20;
    /// Version, 4.
    version, set_version: u8, 4 = 4;
    /// Header length in words of 32 bits (IHL).
    header_words, set_header_words: u8, 4;
    /// Type of service: DSCP (6 bits) and ECN (2 bits).
    tos, set_tos: u8, 8;
    /// Total length field in bytes.
    total_len, set_total_len: u16, 16;
    /// Identification.
    id, set_id: u16, 16;
    /// The three flag bits: 1 more fragments, 2 don't fragment, 4 reserved.
    flags, set_flags: u8, 3;
    /// Fragment offset in units of 8 bytes.
    frag_offset, set_frag_offset: u16, 13;
    /// Time to live.
    ttl, set_ttl: u8, 8 = 64;
    /// Protocol of the payload.
    proto, set_proto: u8, 8;
    /// Header checksum.
    checksum, set_checksum: u16, 16;
    /// Source address.
    src, set_src: Ipv4Addr, 32;
    /// Destination address.
    dst, set_dst: Ipv4Addr, 32;
}
