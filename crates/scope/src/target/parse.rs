//! The grammar of one target: address, prefix, range, or name.
//!
//! `10.0.1.1`, `10.0.1.0/24`, `10.0.1-3.1,5-9`, `10.0.0.1-10.0.0.9`, `fe80::1%eth0`, `2001:db8::/120`, `host.example`,
//! `host.example/28`. Names and interfaces are returned as text; the parser does not look them up.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use core::ops::Range as Span;

use super::{Family, MAX_HOST_BITS, Range, value};
use crate::error::{ParseError, ParseErrorKind};
use crate::grammar;

/// A parsed target expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TargetSpec {
    /// Addresses.
    Ranges {
        /// The addresses. Their zone is 0; the caller sets it after looking up `zone`.
        ranges: Vec<Range>,
        /// Name or index of the interface as typed after `%`, for link-local addresses.
        zone: Option<String>,
    },
    /// A host name to resolve.
    Name {
        /// The host name.
        name: String,
        /// Length of the prefix around its address, if given.
        prefix: Option<u8>,
    },
}

/// Parses one target expression.
///
/// # Errors
/// If `text` is neither an address expression nor a valid host name, or covers more than 2^[`MAX_HOST_BITS`] addresses.
pub fn parse(text: &str) -> Result<TargetSpec, ParseError> {
    if text.is_empty() {
        return Err(ParseError::new(text, 0..0, ParseErrorKind::Empty));
    }
    let (body, prefix) = match text.rfind('/') {
        Some(slash) => (0..slash, Some(slash + 1..text.len())),
        None => (0..text.len(), None),
    };
    if text[body.clone()].contains(':') {
        return ipv6(text, body, prefix);
    }
    if looks_like_ipv4(&text[body.clone()]) {
        return ipv4(text, body, prefix);
    }
    name(text, body, prefix)
}

/// Whether the text consists of digits and range characters only, so that an address was meant.
fn looks_like_ipv4(body: &str) -> bool {
    body.contains('.')
        && body
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b',' | b'*'))
        || body.bytes().all(|b| b.is_ascii_digit())
}

fn prefix_length(
    text: &str,
    at: Option<Span<usize>>,
    family: Family,
) -> Result<Option<u8>, ParseError> {
    let Some(at) = at else { return Ok(None) };
    let max = family.bits();
    match grammar::number(text, at.clone(), u32::from(max)) {
        Ok(n) => Ok(Some(n as u8)),
        Err(_) => Err(ParseError::new(text, at, ParseErrorKind::BadPrefix { max })),
    }
}

fn check_size(text: &str, ranges: &[Range]) -> Result<(), ParseError> {
    let hosts = ranges.iter().fold(0u128, |n, r| n.saturating_add(r.len()));
    if hosts > 1 << MAX_HOST_BITS {
        return Err(ParseError::new(
            text,
            0..text.len(),
            ParseErrorKind::TooMany {
                max_bits: MAX_HOST_BITS,
            },
        ));
    }
    Ok(())
}

fn ipv6(
    text: &str,
    body: Span<usize>,
    prefix: Option<Span<usize>>,
) -> Result<TargetSpec, ParseError> {
    let (address, zone) = match text[body.clone()].find('%') {
        Some(percent) => (
            body.start..body.start + percent,
            Some(body.start + percent + 1..body.end),
        ),
        None => (body.clone(), None),
    };
    let bad = || ParseError::new(text, address.clone(), ParseErrorKind::BadIpv6);
    let (first, last) = if let Some((a, b)) = text[address.clone()].split_once('-') {
        let a = a.parse::<Ipv6Addr>().map_err(|_| bad())?;
        let b = b.parse::<Ipv6Addr>().map_err(|_| bad())?;
        (a, b)
    } else {
        let a = text[address.clone()]
            .parse::<Ipv6Addr>()
            .map_err(|_| bad())?;
        (a, a)
    };
    if first > last {
        return Err(ParseError::new(text, address, ParseErrorKind::Backwards));
    }
    let link_local = first.is_unicast_link_local()
        || (first.is_multicast() && matches!(first.octets()[1] & 0xf, 1 | 2));
    let zone = match (zone, link_local) {
        (None, true) => return Err(ParseError::new(text, address, ParseErrorKind::ZoneMissing)),
        (Some(at), false) => return Err(ParseError::new(text, at, ParseErrorKind::ZoneNotAllowed)),
        (Some(at), true) if at.is_empty() => {
            return Err(ParseError::new(text, at, ParseErrorKind::Empty));
        }
        (Some(at), true) => Some(text[at].to_string()),
        (None, false) => None,
    };
    let range = match prefix_length(text, prefix, Family::V6)? {
        Some(length) => Range::prefix(IpAddr::V6(first), length, 0),
        None => Range {
            family: Family::V6,
            zone: 0,
            first: first.to_bits(),
            last: last.to_bits(),
        },
    };
    check_size(text, &[range])?;
    Ok(TargetSpec::Ranges {
        ranges: [range].into(),
        zone,
    })
}

fn ipv4(
    text: &str,
    body: Span<usize>,
    prefix: Option<Span<usize>>,
) -> Result<TargetSpec, ParseError> {
    let length = prefix_length(text, prefix, Family::V4)?;
    if let Some(range) = full_range(text, body.clone())? {
        check_size(text, &[range])?;
        return Ok(TargetSpec::Ranges {
            ranges: [range].into(),
            zone: None,
        });
    }
    let parts: Vec<Span<usize>> = grammar::split(text, body.clone(), '.').collect();
    if parts.len() != 4 {
        return Err(ParseError::new(text, body, ParseErrorKind::NotFourParts));
    }
    let mut octets: [Vec<(u32, u32)>; 4] = Default::default();
    for (octet, part) in octets.iter_mut().zip(parts) {
        *octet = octet_ranges(text, part)?;
    }
    let mut ranges = product(&octets).ok_or_else(|| {
        ParseError::new(
            text,
            body,
            ParseErrorKind::TooMany {
                max_bits: MAX_HOST_BITS,
            },
        )
    })?;
    if let Some(length) = length {
        ranges = ranges
            .iter()
            .map(|r| Range::prefix(r.first_ip(), length, 0))
            .collect();
    }
    check_size(text, &ranges)?;
    Ok(TargetSpec::Ranges { ranges, zone: None })
}

/// Parses `10.0.0.1-10.0.0.9`, a range with both ends written out.
fn full_range(text: &str, body: Span<usize>) -> Result<Option<Range>, ParseError> {
    let Some((a, b)) = text[body.clone()].split_once('-') else {
        return Ok(None);
    };
    let (Ok(a), Ok(b)) = (a.parse::<Ipv4Addr>(), b.parse::<Ipv4Addr>()) else {
        return Ok(None);
    };
    if a > b {
        return Err(ParseError::new(text, body, ParseErrorKind::Backwards));
    }
    Ok(Some(Range {
        family: Family::V4,
        zone: 0,
        first: value(a.into()),
        last: value(b.into()),
    }))
}

/// Parses one part of `10.0.1-3.1,5-9`: numbers and ranges, `*` or `-` for all values.
fn octet_ranges(text: &str, part: Span<usize>) -> Result<Vec<(u32, u32)>, ParseError> {
    let mut ranges = Vec::new();
    for item in grammar::split(text, part, ',') {
        ranges.push(if &text[item.clone()] == "*" {
            (0, 255)
        } else {
            grammar::number_range(text, item, (0, 255))?
        });
    }
    Ok(ranges)
}

/// Combines the four parts into ranges. Returns `None` if there are more than a scan can hold.
fn product(octets: &[Vec<(u32, u32)>; 4]) -> Option<Vec<Range>> {
    let mut ranges: Vec<(u32, u32)> = [(0, 0)].into();
    for octet in octets {
        let covers_all = octet.as_slice() == [(0, 255)];
        let mut next = Vec::new();
        for (first, last) in &ranges {
            // Consecutive addresses stay one range while the lower parts cover all values.
            if covers_all {
                next.push((first << 8, last << 8 | 255));
                continue;
            }
            for prefix in *first..=*last {
                for (a, b) in octet {
                    next.push((prefix << 8 | a, prefix << 8 | b));
                }
                if next.len() > 1 << 20 {
                    return None;
                }
            }
        }
        ranges = next;
    }
    let range = |(first, last): (u32, u32)| Range {
        family: Family::V4,
        zone: 0,
        first: first.into(),
        last: last.into(),
    };
    Some(ranges.into_iter().map(range).collect())
}

/// Parses a host name by RFC 1123 section 2.1. Underscores are accepted because they occur in practice.
fn name(
    text: &str,
    body: Span<usize>,
    prefix: Option<Span<usize>>,
) -> Result<TargetSpec, ParseError> {
    let word = &text[body.clone()];
    let fits = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .chars()
                .all(|c| c.is_alphanumeric() || c == '-' || c == '_')
    };
    let labels = word.strip_suffix('.').unwrap_or(word);
    if word.len() > 253 || !labels.split('.').all(fits) {
        return Err(ParseError::new(text, body, ParseErrorKind::BadName));
    }
    // The family is not known yet, so allow the longer prefix length.
    let prefix = prefix_length(text, prefix, Family::V6)?;
    Ok(TargetSpec::Name {
        name: word.to_string(),
        prefix,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::RangeSet;
    use proptest::prelude::*;

    fn addresses(text: &str) -> Vec<String> {
        let Ok(TargetSpec::Ranges { ranges, .. }) = parse(text) else {
            panic!("{text}: {:?}", parse(text))
        };
        let set = RangeSet::new(ranges);
        set.ranges()
            .iter()
            .flat_map(|r| (r.first..=r.last).map(|v| r.family.address(v).to_string()))
            .collect()
    }

    fn problem(text: &str) -> (ParseErrorKind, String) {
        let e = parse(text).unwrap_err();
        let culprit = e.culprit().into();
        (e.kind, culprit)
    }

    #[test]
    fn parses_nmap_target_notation() {
        assert_eq!(addresses("10.0.1.1"), ["10.0.1.1"]);
        assert_eq!(
            addresses("10.0.1.5/30"),
            ["10.0.1.4", "10.0.1.5", "10.0.1.6", "10.0.1.7"]
        );
        assert_eq!(
            addresses("10.0.1-2.1,5-6"),
            [
                "10.0.1.1", "10.0.1.5", "10.0.1.6", "10.0.2.1", "10.0.2.5", "10.0.2.6"
            ]
        );
        assert_eq!(
            addresses("10.0.0.254-10.0.1.1"),
            ["10.0.0.254", "10.0.0.255", "10.0.1.0", "10.0.1.1"]
        );
        assert_eq!(addresses("10.0-1.0.*").len(), 512);
        assert_eq!(addresses("2001:db8::/126").len(), 4);
        assert_eq!(addresses("2001:db8::1-2001:db8::3").len(), 3);
        assert_eq!(
            parse("host.example/28"),
            Ok(TargetSpec::Name {
                name: "host.example".into(),
                prefix: Some(28)
            })
        );
        assert_eq!(
            parse("localhost"),
            Ok(TargetSpec::Name {
                name: "localhost".into(),
                prefix: None
            })
        );
        let Ok(TargetSpec::Ranges { zone, .. }) = parse("fe80::1%eth0") else {
            panic!()
        };
        assert_eq!(zone.as_deref(), Some("eth0"));
    }

    #[test]
    fn errors_name_the_wrong_part() {
        assert_eq!(
            problem("10.0.0.256"),
            (ParseErrorKind::TooLarge { max: 255 }, "256".into())
        );
        assert_eq!(
            problem("10.0.0"),
            (ParseErrorKind::NotFourParts, "10.0.0".into())
        );
        assert_eq!(
            problem("10.0.0.9-3"),
            (ParseErrorKind::Backwards, "9-3".into())
        );
        assert_eq!(
            problem("10.0.0.1/33"),
            (ParseErrorKind::BadPrefix { max: 32 }, "33".into())
        );
        assert_eq!(
            problem("fe80::1"),
            (ParseErrorKind::ZoneMissing, "fe80::1".into())
        );
        assert_eq!(
            problem("2001:db8::1%eth0"),
            (ParseErrorKind::ZoneNotAllowed, "eth0".into())
        );
        assert_eq!(
            problem("2001:db8:::1"),
            (ParseErrorKind::BadIpv6, "2001:db8:::1".into())
        );
        assert_eq!(
            problem("0.0.0.0/0").0,
            ParseErrorKind::TooMany {
                max_bits: MAX_HOST_BITS
            }
        );
        assert_eq!(
            problem("*.*.*.1").0,
            ParseErrorKind::TooMany {
                max_bits: MAX_HOST_BITS
            }
        );
        assert_eq!(
            problem("2001:db8::/64").0,
            ParseErrorKind::TooMany {
                max_bits: MAX_HOST_BITS
            }
        );
        assert_eq!(problem("-bad-.example").0, ParseErrorKind::BadName);
        assert_eq!(problem("").0, ParseErrorKind::Empty);
        assert_eq!(problem("10.0.0.1,,2").0, ParseErrorKind::Empty);
        assert_eq!(problem("1234").0, ParseErrorKind::NotFourParts);
    }

    proptest! {
        #[test]
        fn arbitrary_text_never_panics(text in "\\PC{0,60}") {
            if let Err(e) = parse(&text) {
                prop_assert!(text.get(e.at.clone()).is_some());
            }
        }

        #[test]
        fn address_like_text_never_panics(text in "[0-9a-f:.,%/*-]{0,40}") {
            if let Err(e) = parse(&text) {
                prop_assert!(text.get(e.at.clone()).is_some());
            }
        }
    }
}
