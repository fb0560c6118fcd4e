//! Names in DNS messages (RFC 1035 section 3.1 and 4.1.4), and the names of types and classes (IANA "DNS
//! Parameters").

use crate::env::Env;
use crate::error::{FieldError, FieldProblem};
use crate::model::{Codec, Context};
use crate::value::Value;
use alloc::vec::Vec;
use vigie_wire::ParseError;
use vigie_wire::dns_name::{Labels, MAX_LABEL};

/// Classes.
pub const CLASSES: &[(u64, &str)] = &[(1, "IN"), (2, "CS"), (3, "CH"), (4, "HS"), (255, "ANY")];

/// Types of records.
pub const TYPES: &[(u64, &str)] = &[
    (0, "RESERVED"),
    (1, "A"),
    (2, "NS"),
    (3, "MD"),
    (4, "MF"),
    (5, "CNAME"),
    (6, "SOA"),
    (7, "MB"),
    (8, "MG"),
    (9, "MR"),
    (10, "NULL"),
    (11, "WKS"),
    (12, "PTR"),
    (13, "HINFO"),
    (14, "MINFO"),
    (15, "MX"),
    (16, "TXT"),
    (17, "RP"),
    (18, "AFSDB"),
    (19, "X25"),
    (20, "ISDN"),
    (21, "RT"),
    (22, "NSAP"),
    (23, "NSAP-PTR"),
    (24, "SIG"),
    (25, "KEY"),
    (26, "PX"),
    (27, "GPOS"),
    (28, "AAAA"),
    (29, "LOC"),
    (30, "NXT"),
    (31, "EID"),
    (32, "NIMLOC"),
    (33, "SRV"),
    (34, "ATMA"),
    (35, "NAPTR"),
    (36, "KX"),
    (37, "CERT"),
    (38, "A6"),
    (39, "DNAME"),
    (40, "SINK"),
    (41, "OPT"),
    (42, "APL"),
    (43, "DS"),
    (44, "SSHFP"),
    (45, "IPSECKEY"),
    (46, "RRSIG"),
    (47, "NSEC"),
    (48, "DNSKEY"),
    (49, "DHCID"),
    (50, "NSEC3"),
    (51, "NSEC3PARAM"),
    (52, "TLSA"),
    (53, "SMIMEA"),
    (55, "HIP"),
    (56, "NINFO"),
    (57, "RKEY"),
    (58, "TALINK"),
    (59, "CDS"),
    (60, "CDNSKEY"),
    (61, "OPENPGPKEY"),
    (62, "CSYNC"),
    (63, "ZONEMD"),
    (64, "SVCB"),
    (65, "HTTPS"),
    (99, "SPF"),
    (100, "UINFO"),
    (101, "UID"),
    (102, "GID"),
    (103, "UNSPEC"),
    (104, "NID"),
    (105, "L32"),
    (106, "L64"),
    (107, "LP"),
    (108, "EUI48"),
    (109, "EUI64"),
    (249, "TKEY"),
    (250, "TSIG"),
    (256, "URI"),
    (257, "CAA"),
    (258, "AVC"),
    (259, "DOA"),
    (260, "AMTRELAY"),
    (65535, "RESERVED"),
];

/// Types of questions: record types, and types that request several of them.
pub const QTYPES: &[(u64, &str)] = &[
    (0, "RESERVED"),
    (1, "A"),
    (2, "NS"),
    (3, "MD"),
    (4, "MF"),
    (5, "CNAME"),
    (6, "SOA"),
    (7, "MB"),
    (8, "MG"),
    (9, "MR"),
    (10, "NULL"),
    (11, "WKS"),
    (12, "PTR"),
    (13, "HINFO"),
    (14, "MINFO"),
    (15, "MX"),
    (16, "TXT"),
    (17, "RP"),
    (18, "AFSDB"),
    (19, "X25"),
    (20, "ISDN"),
    (21, "RT"),
    (22, "NSAP"),
    (23, "NSAP-PTR"),
    (24, "SIG"),
    (25, "KEY"),
    (26, "PX"),
    (27, "GPOS"),
    (28, "AAAA"),
    (29, "LOC"),
    (30, "NXT"),
    (31, "EID"),
    (32, "NIMLOC"),
    (33, "SRV"),
    (34, "ATMA"),
    (35, "NAPTR"),
    (36, "KX"),
    (37, "CERT"),
    (38, "A6"),
    (39, "DNAME"),
    (40, "SINK"),
    (41, "OPT"),
    (42, "APL"),
    (43, "DS"),
    (44, "SSHFP"),
    (45, "IPSECKEY"),
    (46, "RRSIG"),
    (47, "NSEC"),
    (48, "DNSKEY"),
    (49, "DHCID"),
    (50, "NSEC3"),
    (51, "NSEC3PARAM"),
    (52, "TLSA"),
    (53, "SMIMEA"),
    (55, "HIP"),
    (56, "NINFO"),
    (57, "RKEY"),
    (58, "TALINK"),
    (59, "CDS"),
    (60, "CDNSKEY"),
    (61, "OPENPGPKEY"),
    (62, "CSYNC"),
    (63, "ZONEMD"),
    (64, "SVCB"),
    (65, "HTTPS"),
    (99, "SPF"),
    (100, "UINFO"),
    (101, "UID"),
    (102, "GID"),
    (103, "UNSPEC"),
    (104, "NID"),
    (105, "L32"),
    (106, "L64"),
    (107, "LP"),
    (108, "EUI48"),
    (109, "EUI64"),
    (249, "TKEY"),
    (250, "TSIG"),
    (251, "IXFR"),
    (252, "AXFR"),
    (253, "MAILB"),
    (254, "MAILA"),
    (255, "ALL"),
    (256, "URI"),
    (257, "CAA"),
    (258, "AVC"),
    (259, "DOA"),
    (260, "AMTRELAY"),
    (65535, "RESERVED"),
];

/// A domain name, with its default.
pub(super) struct NameCodec(pub(super) &'static [u8]);

impl Codec for NameCodec {
    fn class(&self) -> &'static str {
        "DNSStrField"
    }

    fn init(&self) -> Value {
        Value::Bytes(self.0.to_vec())
    }

    fn decode(
        &self,
        layer: &[u8],
        at: usize,
        _scope: &Context<'_>,
    ) -> Result<(Value, usize), ParseError> {
        read_name(layer, at).map(|(name, len)| (Value::Bytes(name), len))
    }

    fn encode(
        &self,
        value: &Value,
        _: &Context<'_>,
        _: &dyn Env,
        _: usize,
        out: &mut Vec<u8>,
    ) -> Result<(), FieldError> {
        let name = value.as_bytes().unwrap_or(b".");
        for label in name.split(|b| *b == b'.').filter(|label| !label.is_empty()) {
            let label = &label[..label.len().min(MAX_LABEL)];
            out.push(label.len() as u8);
            out.extend_from_slice(label);
        }
        out.push(0);
        Ok(())
    }

    fn accept(&self, value: Value, _env: &dyn Env) -> Result<Value, FieldError> {
        let mut name = match value {
            Value::Str(text) => text.into_bytes(),
            Value::Bytes(bytes) => bytes,
            _ => return Err(FieldError::expected("a domain name")),
        };
        if let Some(label) = name
            .split(|b| *b == b'.')
            .find(|label| label.len() > MAX_LABEL)
        {
            return Err(FieldError::new(FieldProblem::TooLong {
                len: label.len(),
                max: MAX_LABEL,
            }));
        }
        if name.last() != Some(&b'.') {
            name.push(b'.');
        }
        Ok(Value::Bytes(name))
    }
}

/// Reads the name at `start` of a message. Returns it with a dot after every label, and the number of bytes that it
/// occupies at `start`.
pub(super) fn read_name(message: &[u8], start: usize) -> Result<(Vec<u8>, usize), ParseError> {
    let mut labels = Labels::new(message, start);
    let mut name = Vec::new();
    for label in labels.by_ref() {
        name.extend_from_slice(label?);
        name.push(b'.');
    }
    if name.is_empty() {
        name.push(b'.');
    }
    Ok((name, labels.consumed()))
}
