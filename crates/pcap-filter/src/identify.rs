//! Identifiers of a capture filter to values: hosts, networks, ports, protocol numbers.

use alloc::{vec, vec::Vec};
use core::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    ops::Range,
};

use super::{
    ast::{Direction, Family, Primitive, Protocol},
    error::{Expectation, FilterError, FilterErrorKind},
    lex::Kind,
    names,
    parse::{IdKind, Parser, Qualifiers},
};
use vigie_wire::MacAddr;

/// The transports of a port when none is named, in the order they are tried: SCTP, TCP, UDP.
const PORT_PROTOCOLS: [u8; 3] = [132, 6, 17];

/// A number as C writes it: decimal, `0x` or octal with a leading 0; `None` for anything else, saturating past u64.
pub(super) fn number(word: &str) -> Option<u64> {
    let (digits, radix) = match word.as_bytes() {
        [b'0', b'x' | b'X', ..] => (&word[2..], 16),
        [b'0', _, ..] => (&word[1..], 8),
        _ => (word, 10),
    };
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return None;
    }
    Some(u64::from_str_radix(digits, radix).unwrap_or(u64::MAX))
}

/// Whether a word is an address or a number, so that a forgotten keyword can be told from a misspelt one.
pub(super) fn looks_like_value(word: &str) -> bool {
    number(word).is_some() || word.parse::<IpAddr>().is_ok() || word.parse::<MacAddr>().is_ok()
}

impl Parser<'_> {
    /// The identifier that stands here, taken as the qualifiers say.
    pub(super) fn identifier(&mut self, qualifiers: Qualifiers) -> Result<Primitive, FilterError> {
        let span = self.span();
        let word = match self.peek() {
            Kind::Escaped(word) => word,
            Kind::Word(word) if qualifiers.kind == Some(IdKind::Proto) || !is_reserved(word) => {
                word
            }
            _ => return Err(self.expected(Expectation::Value)),
        };
        self.advance();
        let direction = qualifiers.direction.unwrap_or(Direction::Either);
        match qualifiers.kind {
            None | Some(IdKind::Host) => self.host(word, qualifiers.protocol, direction, span),
            Some(IdKind::Net) => self.net(word, qualifiers.protocol, direction, span),
            Some(IdKind::Port) => {
                let (port, protocols) =
                    self.port(word, qualifiers.protocol, &span)?
                        .ok_or_else(|| {
                            FilterError::new(FilterErrorKind::UnknownPort(word.into()), span)
                        })?;
                Ok(Primitive::Port {
                    protocols,
                    direction,
                    first: port,
                    last: port,
                })
            }
            Some(IdKind::PortRange) => self.port_range(word, qualifiers.protocol, direction, &span),
            Some(IdKind::Proto) => protocol_number(word, qualifiers.protocol, span),
        }
    }

    fn host(
        &mut self,
        word: &str,
        protocol: Option<Protocol>,
        direction: Direction,
        span: Range<usize>,
    ) -> Result<Primitive, FilterError> {
        if matches!(self.peek(), Kind::Sign("/")) {
            let kind = FilterErrorKind::Mismatch {
                qualifier: "host",
                kind: "net",
            };
            return Err(FilterError::new(kind, span));
        }
        if let (Ok(address), None | Some(Protocol::Link)) = (word.parse::<MacAddr>(), protocol) {
            return Ok(Primitive::Mac { direction, address });
        }
        check_network_protocol(protocol, "host", &span)?;
        let literal = word.parse::<IpAddr>().ok();
        let mut addresses = literal.map_or_else(|| self.names.host(word), |address| vec![address]);
        addresses.retain(|address| match protocol {
            Some(Protocol::Ip6) => address.is_ipv6(),
            Some(_) => address.is_ipv4(),
            None => true,
        });
        match (addresses.is_empty(), literal, protocol) {
            (false, _, _) => Ok(Primitive::Host {
                protocol,
                direction,
                addresses,
            }),
            (true, Some(address), Some(protocol)) => {
                let kind = if address.is_ipv4() {
                    "ip host"
                } else {
                    "ip6 host"
                };
                let qualifier = names::keyword(protocol);
                Err(FilterError::new(
                    FilterErrorKind::Mismatch { qualifier, kind },
                    span,
                ))
            }
            _ => Err(FilterError::new(
                FilterErrorKind::UnknownHost(word.into()),
                span,
            )),
        }
    }

    fn net(
        &mut self,
        word: &str,
        protocol: Option<Protocol>,
        direction: Direction,
        span: Range<usize>,
    ) -> Result<Primitive, FilterError> {
        check_network_protocol(protocol, "net", &span)?;
        let bad = || FilterError::new(FilterErrorKind::BadNetwork(word.into()), span.clone());
        let (network, octets) = network(word).ok_or_else(bad)?;
        let bits = if network.is_ipv4() { 32 } else { 128 };
        let mask = if self.take_sign("/") {
            prefix_mask(self.number(bits)?, network.is_ipv4())
        } else if matches!(self.peek(), Kind::Word("mask")) {
            self.advance();
            let Kind::Word(mask) = self.peek() else {
                return Err(self.expected(Expectation::Mask));
            };
            let mask: Ipv4Addr = mask.parse().map_err(|_| self.expected(Expectation::Mask))?;
            self.advance();
            IpAddr::V4(mask)
        } else {
            prefix_mask(octets * 8, network.is_ipv4())
        };
        let fits = match (network, mask) {
            (IpAddr::V4(network), IpAddr::V4(mask)) => network.to_bits() & !mask.to_bits() == 0,
            (IpAddr::V6(network), IpAddr::V6(mask)) => network.to_bits() & !mask.to_bits() == 0,
            _ => false,
        };
        let matches_protocol = match protocol {
            Some(Protocol::Ip6) => network.is_ipv6(),
            Some(_) => network.is_ipv4(),
            None => true,
        };
        if !fits || !matches_protocol {
            return Err(bad());
        }
        Ok(Primitive::Net {
            protocol,
            direction,
            network,
            mask,
        })
    }

    /// A port and its transports; `None` for an unknown name.
    fn port(
        &self,
        word: &str,
        protocol: Option<Protocol>,
        span: &Range<usize>,
    ) -> Result<Option<(u16, Vec<u8>)>, FilterError> {
        let wanted = match protocol {
            None => None,
            Some(Protocol::Transport(number @ (6 | 17 | 132))) => Some(number),
            Some(other) => {
                let kind = FilterErrorKind::Mismatch {
                    qualifier: names::keyword(other),
                    kind: "port",
                };
                return Err(FilterError::new(kind, span.clone()));
            }
        };
        if let Some(value) = number(word) {
            let port = u16::try_from(value).map_err(|_| {
                let kind = FilterErrorKind::TooLarge {
                    text: word.into(),
                    max: 65_535,
                };
                FilterError::new(kind, span.clone())
            })?;
            return Ok(Some((
                port,
                wanted.map_or_else(|| PORT_PROTOCOLS.to_vec(), |one| vec![one]),
            )));
        }
        let Some((port, assigned)) = self.names.port(word) else {
            return Ok(None);
        };
        let protocols = match wanted {
            Some(one) if assigned.contains(&one) => vec![one],
            Some(_) => return Ok(None),
            // A name for TCP and UDP alike says no transport; a name for one of them means that one.
            None if assigned.len() == 1 => assigned,
            None => PORT_PROTOCOLS.to_vec(),
        };
        Ok(Some((port, protocols)))
    }

    fn port_range(
        &self,
        word: &str,
        protocol: Option<Protocol>,
        direction: Direction,
        span: &Range<usize>,
    ) -> Result<Primitive, FilterError> {
        // Names may hold dashes: the first dash with a port on either side parts the range.
        let mut ends = None;
        for (at, _) in word.match_indices('-') {
            if let (Some(first), Some(last)) = (
                self.port(&word[..at], protocol, span)?,
                self.port(&word[at + 1..], protocol, span)?,
            ) {
                ends = Some((first, last));
                break;
            }
        }
        let single = self
            .port(word, protocol, span)?
            .map(|port| (port.clone(), port));
        let Some(((first, protocols), (last, others))) = ends.or(single) else {
            return Err(FilterError::new(
                FilterErrorKind::BadRange(word.into()),
                span.clone(),
            ));
        };
        let protocols = if protocols == others {
            protocols
        } else {
            PORT_PROTOCOLS.to_vec()
        };
        Ok(Primitive::Port {
            protocols,
            direction,
            first: first.min(last),
            last: first.max(last),
        })
    }
}

/// Words that are never identifiers unless escaped with a backslash.
fn is_reserved(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "and",
        "or",
        "not",
        "src",
        "dst",
        "host",
        "net",
        "mask",
        "port",
        "portrange",
        "proto",
        "less",
        "greater",
        "broadcast",
        "multicast",
        "vlan",
        "mpls",
        "pppoed",
        "pppoes",
        "inbound",
        "outbound",
        "ifindex",
        "len",
    ];
    WORDS.contains(&word) || names::protocol(word).is_some()
}

fn check_network_protocol(
    protocol: Option<Protocol>,
    kind: &'static str,
    span: &Range<usize>,
) -> Result<(), FilterError> {
    match protocol {
        None | Some(Protocol::Ip | Protocol::Ip6 | Protocol::Arp | Protocol::Rarp) => Ok(()),
        Some(other) => {
            let qualifier = names::keyword(other);
            Err(FilterError::new(
                FilterErrorKind::Mismatch { qualifier, kind },
                span.clone(),
            ))
        }
    }
}

/// A network's address with how many octets were written: `10.1` is 10.1.0.0 and 2.
fn network(word: &str) -> Option<(IpAddr, u32)> {
    if let Ok(address) = word.parse::<Ipv6Addr>() {
        return Some((IpAddr::V6(address), 16));
    }
    let mut octets = [0_u8; 4];
    let mut count = 0;
    for part in word.split('.') {
        *octets.get_mut(count)? = part.parse().ok()?;
        count += 1;
    }
    Some((IpAddr::V4(Ipv4Addr::from(octets)), count as u32))
}

fn prefix_mask(bits: u32, v4: bool) -> IpAddr {
    if v4 {
        IpAddr::V4(Ipv4Addr::from_bits(
            u32::MAX.checked_shl(32 - bits.min(32)).unwrap_or(0),
        ))
    } else {
        IpAddr::V6(Ipv6Addr::from_bits(
            u128::MAX.checked_shl(128 - bits.min(128)).unwrap_or(0),
        ))
    }
}

fn protocol_number(
    word: &str,
    protocol: Option<Protocol>,
    span: Range<usize>,
) -> Result<Primitive, FilterError> {
    let family = match protocol {
        None => Family::AnyIp,
        Some(Protocol::Link) => Family::Link,
        Some(Protocol::Ip) => Family::Ip,
        Some(Protocol::Ip6) => Family::Ip6,
        Some(other) => {
            let kind = FilterErrorKind::Mismatch {
                qualifier: names::keyword(other),
                kind: "proto",
            };
            return Err(FilterError::new(kind, span));
        }
    };
    if let Some(value) = number(word) {
        let number = u32::try_from(value).map_err(|_| {
            FilterError::new(
                FilterErrorKind::TooLarge {
                    text: word.into(),
                    max: u32::MAX,
                },
                span.clone(),
            )
        })?;
        return Ok(Primitive::Number { family, number });
    }
    let known = if family == Family::Link {
        names::ethertype(word)
    } else {
        names::ip_protocol(word)
    };
    known
        .map(|number| Primitive::Number { family, number })
        .ok_or_else(|| FilterError::new(FilterErrorKind::UnknownProtocol(word.into()), span))
}
