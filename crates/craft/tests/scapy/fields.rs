//! Generates random values for fields, by the field's kind or, if that is not enough, by its name.

#![allow(
    clippy::too_many_lines,
    clippy::match_same_arms,
    clippy::needless_continue,
    reason = "one line says how one field is filled; the order of the lines is the order of the layers"
)]

use crate::common::Random;
use crate::literals::{
    bytes, dhcp_options, domain, ip_option, ipv6_options, list, pdu, record, sctp_param,
    tcp_options,
};
use crate::stacks::call;
use vigie_craft::model::{ByteLen, Context, Field, FieldKind, ValueNames};

/// Generates a value for a field; `None` leaves the field unset.
pub(crate) fn value(
    layer: &str,
    field: &Field,
    context: &Context<'_>,
    random: &mut Random,
) -> Option<String> {
    let special = match (layer, field.name) {
        // These fields are left to the layers above.
        (_, "proto" | "nh") if layer != "ARP" => return None,
        ("Ether" | "Dot1Q" | "CookedLinux" | "CookedLinuxV2", "type") => return None,
        ("IP" | "IPerror", "version" | "ihl" | "frag") | ("IPv6" | "IPerror6", "version") => {
            return None;
        }
        ("IP" | "UDP" | "IPv6" | "IPerror" | "IPerror6" | "UDPerror", "len" | "plen")
            if random.below(4) > 0 =>
        {
            return None;
        }
        ("IPv6" | "IPerror6", "plen") => Some((1 + random.below(60_000)).to_string()),
        ("UDP" | "UDPerror", "len") => Some((30_000 + random.below(30_000)).to_string()),
        ("TCP" | "TCPerror", "dataofs") => return None,
        ("IPv6ExtHdrFragment", "offset") => return None,
        ("ARP", "hwtype" | "ptype" | "hwlen" | "plen") => return None,
        ("ICMP" | "ICMPerror", "length" | "unused" | "extpad" | "ext") => return None,
        ("ICMPv6DestUnreach" | "ICMPv6TimeExceeded", "length" | "extpad" | "ext") => return None,
        ("ICMP" | "ICMPerror", "type") => Some(
            random
                .pick(&["0", "8", "13", "14", "15", "17", "'echo-reply'"])
                .to_string(),
        ),
        (name, "type" | "len" | "autopad")
            if name.starts_with("ICMPv6") || name.starts_with("IPv6Ext") =>
        {
            return None;
        }
        (name, "type" | "len") if name.starts_with("SCTP") => return None,
        ("NTPHeader", "mode") => Some(random.below(6).to_string()),
        ("NTPHeader", "delay" | "dispersion") => {
            Some(format!("{}.{}", random.below(3000), random.below(100)))
        }
        ("NTPHeader", _) if field.bits == 64 => Some(match random.below(3) {
            0 => random.below(4_000_000_000).to_string(),
            1 => format!("{}.25", 3_900_000_000 + random.below(100_000_000)),
            _ => format!("{}.5", random.below(1_000_000)),
        }),
        ("NTPHeader", "ref_id") => Some(random.pick(&["'GPS'", "b'RATE'", "''"]).to_string()),
        ("DNS", "length" | "qdcount" | "ancount" | "nscount" | "arcount") => return None,
        ("DNS", "qd") => Some(format!(
            "[{}, {}]",
            call("DNSQR", random),
            call("DNSQR", random)
        )),
        ("DNS", "an" | "ns" | "ar") => Some(list(random, record)),
        ("BOOTP", "options") => return None,
        ("BOOTP", "chaddr") => Some(
            random
                .pick(&["b'123456'", "b'0123456789abcdef'", "b'abcdef\\x00\\x01'"])
                .to_string(),
        ),
        ("BOOTP", "flags") => Some(random.pick(&["0", "'B'", "0x8000"]).to_string()),
        ("DHCP", "options") => Some(dhcp_options(random)),
        ("SNMP", "version") => Some(random.pick(&["0", "1", "'v2c'"]).to_string()),
        ("SNMP", "community") => Some(random.pick(&["'public'", "b'private'", "''"]).to_string()),
        ("SNMP", "PDU") => Some(pdu(random)),
        ("IP" | "IPerror", "options") => Some(list(random, ip_option)),
        ("TCP" | "TCPerror", "options") => Some(tcp_options(random)),
        ("TCPerror" | "UDPerror", "sport" | "dport") => {
            Some((20_000 + random.below(9000)).to_string())
        }
        ("UDP" | "TCP", "sport" | "dport") => Some(match random.below(4) {
            0 => random
                .pick(&["'http'", "'https'", "'domain'", "'ssh'"])
                .replace("'https'", "443")
                .replace("'http'", "80")
                .replace("'ssh'", "22")
                .replace("'domain'", "53"),
            _ => (20_000 + random.below(40_000)).to_string(),
        })
        .filter(|_| false),
        ("IPv6ExtHdrHopByHop" | "IPv6ExtHdrDestOpt", "options") => Some(ipv6_options(random)),
        ("IPv6ExtHdrRouting", "segleft") => return None,
        ("IPv6ExtHdrRouting", "addresses") | ("ICMPv6MLQuery2", "sources") => {
            Some(list(random, |r| {
                format!("'{}'", r.pick(&["2001:db8::1", "::1", "fe80::5"]))
            }))
        }
        ("ICMPv6MLQuery2", "sources_number") => return None,
        (_, "gap_ack_list") => Some(list(random, |r| {
            format!("'{}:{}'", r.below(9), 10 + r.below(9))
        })),
        (_, "dup_tsn_list") => Some(list(random, |r| r.below(1 << 32).to_string())),
        (_, "n_gap_ack" | "n_dup_tsn") => return None,
        (name, "params") if name.starts_with("SCTPChunkHeartbeat") => {
            Some(list(random, |r| call("SCTPChunkParamHeartbeatInfo", r)))
        }
        (_, "params") => Some(list(random, sctp_param)),
        ("SCTPChunkParamSupportedAddrTypes", "addr_type_list") => {
            Some(random.pick(&["[5]", "[5, 6]", "[]"]).to_string())
        }
        ("SCTPChunkData", "proto_id") => {
            Some(random.pick(&["0", "18", "46", "50", "4000"]).to_string())
        }
        ("DNSRR", "type" | "rdata" | "rdlen") | (_, "rdlen") => return None,
        ("DNSRRMX" | "DNSRRSOA" | "DNSRRSRV" | "DNSRROPT", "type") => return None,
        ("DNSRROPT", "rrname") => return None,
        ("DNSRROPT", "rdata") => Some(list(random, |r| call("EDNS0TLV", r))),
        ("EDNS0TLV", "optcode") => Some(random.pick(&["77", "5000"]).to_string()),
        (_, "optlen") => return None,
        _ => None,
    };
    special.or_else(|| generic(field, context, random))
}

/// Generates a value by the field's kind alone.
pub(crate) fn generic(field: &Field, context: &Context<'_>, random: &mut Random) -> Option<String> {
    Some(match field.kind {
        FieldKind::Uint | FieldKind::Hex | FieldKind::Flags(_) => {
            let named: &[(u64, &str)] = match field.names {
                ValueNames::Table(table) => table,
                ValueNames::By(table) => table(context),
                _ => &[],
            };
            if !named.is_empty() && random.below(3) > 0 {
                let (number, name) = named[random.below(named.len() as u64) as usize];
                // A name that two values share means the first value here and the last in scapy.
                let twice = named.iter().filter(|(_, other)| *other == name).count() > 1;
                if twice || random.below(2) == 0 || name.contains('\'') {
                    number.to_string()
                } else {
                    format!("{name:?}")
                }
            } else if !named.is_empty() {
                // Scapy shows values that have a name only there differently.
                named[random.below(named.len() as u64) as usize]
                    .0
                    .to_string()
            } else if let FieldKind::Flags(letters) = field.kind {
                if random.below(2) == 0 {
                    random.below(1 << field.bits.min(letters.len())).to_string()
                } else {
                    format!("'{}'", letters[random.below(letters.len() as u64) as usize])
                }
            } else if matches!(field.names, ValueNames::Service(_)) {
                random
                    .pick(&[
                        "22", "80", "443", "1000", "20001", "33434", "65535", "8080", "25",
                    ])
                    .to_string()
            } else {
                let max = if field.bits >= 64 {
                    u64::MAX
                } else {
                    (1 << field.bits) - 1
                };
                match random.below(4) {
                    0 => max.to_string(),
                    1 => "0".into(),
                    _ => random.below(max.saturating_add(1).max(1)).to_string(),
                }
            }
        }
        FieldKind::Int => (random.below(256) as i64 - 128).to_string(),
        FieldKind::Ipv4 => format!(
            "'{}.{}.{}.{}'",
            1 + random.below(220),
            random.below(256),
            random.below(256),
            random.below(256)
        ),
        FieldKind::Ipv6 => format!(
            "'2001:db8::{:x}:{:x}'",
            random.below(65536),
            random.below(65536)
        ),
        FieldKind::Mac => format!(
            "'02:00:00:00:{:02x}:{:02x}'",
            random.below(256),
            random.below(256)
        ),
        FieldKind::Bytes(ByteLen::Fixed) => bytes(random, field.bits as u64 / 8),
        FieldKind::Bytes(_) => bytes(random, 20),
        FieldKind::Custom(codec) if codec.class() == "DNSStrField" => domain(random),
        FieldKind::Custom(codec)
            if matches!(
                codec.class(),
                "PadField" | "StrLenField" | "StrFixedLenField"
            ) =>
        {
            bytes(random, 20)
        }
        FieldKind::Custom(codec) if codec.class() == "ICMPTimeStampField" => {
            random.below(86_400_000).to_string()
        }
        FieldKind::Custom(codec) if codec.class() == "_OTypeField" => return None,
        FieldKind::Custom(_) => return None,
    })
}
