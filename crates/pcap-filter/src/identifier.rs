//! Parses identifiers: hosts, networks, ports and protocol numbers.

use alloc::{vec, vec::Vec};
use core::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    ops::Range,
};

use crate::{
    ast::{Direction, Family, Primitive, Protocol},
    error::{Error, ErrorKind, Expectation},
    keywords,
    lex::TokenKind,
    parse::{IdentifierKind, Parser, Qualifiers},
};
use vigie_wire::MacAddr;

/// Transports of a port without a protocol, in the order in which they are tested: SCTP, TCP, UDP.
const PORT_PROTOCOLS: [u8; 3] = [132, 6, 17];

/// Parses a number in C notation: decimal, hexadecimal with `0x`, octal with a leading 0. Saturates above `u64::MAX`.
pub(crate) fn number(word: &str) -> Option<u64> {
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

/// Returns whether a word is an address or a number. Then the error is a missing keyword, not a misspelt one.
pub(crate) fn looks_like_value(word: &str) -> bool {
    number(word).is_some() || word.parse::<IpAddr>().is_ok() || word.parse::<MacAddr>().is_ok()
}

impl Parser<'_> {
    /// Parses the next token as an identifier of the type that the qualifiers give.
    pub(crate) fn identifier(&mut self, qualifiers: Qualifiers) -> Result<Primitive, Error> {
        let span = self.span();
        let word = match self.peek() {
            TokenKind::Escaped(word) => word,
            TokenKind::Word(word)
                if qualifiers.kind == Some(IdentifierKind::Proto) || !is_reserved(word) =>
            {
                word
            }
            _ => return Err(self.expected(Expectation::Value)),
        };
        self.advance();
        let direction = qualifiers.direction.unwrap_or(Direction::Either);
        match qualifiers.kind {
            None | Some(IdentifierKind::Host) => {
                self.host(word, qualifiers.protocol, direction, span)
            }
            Some(IdentifierKind::Net) => self.net(word, qualifiers.protocol, direction, span),
            Some(IdentifierKind::Port) => {
                let (port, protocols) = self
                    .port(word, qualifiers.protocol, &span)?
                    .ok_or_else(|| Error::new(ErrorKind::UnknownPort(word.into()), span))?;
                Ok(Primitive::Port {
                    protocols,
                    direction,
                    first: port,
                    last: port,
                })
            }
            Some(IdentifierKind::PortRange) => {
                self.port_range(word, qualifiers.protocol, direction, &span)
            }
            Some(IdentifierKind::Proto) => protocol_number(word, qualifiers.protocol, span),
        }
    }

    fn host(
        &mut self,
        word: &str,
        protocol: Option<Protocol>,
        direction: Direction,
        span: Range<usize>,
    ) -> Result<Primitive, Error> {
        if matches!(self.peek(), TokenKind::Sign("/")) {
            let kind = ErrorKind::Mismatch {
                qualifier: "host",
                kind: "net",
            };
            return Err(Error::new(kind, span));
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
                let qualifier = keywords::keyword(protocol);
                Err(Error::new(ErrorKind::Mismatch { qualifier, kind }, span))
            }
            _ => Err(Error::new(ErrorKind::UnknownHost(word.into()), span)),
        }
    }

    fn net(
        &mut self,
        word: &str,
        protocol: Option<Protocol>,
        direction: Direction,
        span: Range<usize>,
    ) -> Result<Primitive, Error> {
        check_network_protocol(protocol, "net", &span)?;
        let bad = || Error::new(ErrorKind::BadNetwork(word.into()), span.clone());
        let (network, octets) = network(word).ok_or_else(bad)?;
        let bits = if network.is_ipv4() { 32 } else { 128 };
        let mask = if self.take_sign("/") {
            prefix_mask(self.number(bits)?, network.is_ipv4())
        } else if matches!(self.peek(), TokenKind::Word("mask")) {
            self.advance();
            let TokenKind::Word(mask) = self.peek() else {
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

    /// Returns a port and its transports; `None` for an unknown name.
    fn port(
        &self,
        word: &str,
        protocol: Option<Protocol>,
        span: &Range<usize>,
    ) -> Result<Option<(u16, Vec<u8>)>, Error> {
        let wanted = match protocol {
            None => None,
            Some(Protocol::Transport(number @ (6 | 17 | 132))) => Some(number),
            Some(other) => {
                let kind = ErrorKind::Mismatch {
                    qualifier: keywords::keyword(other),
                    kind: "port",
                };
                return Err(Error::new(kind, span.clone()));
            }
        };
        if let Some(value) = number(word) {
            let port = u16::try_from(value).map_err(|_| {
                let kind = ErrorKind::TooLarge {
                    text: word.into(),
                    max: 65_535,
                };
                Error::new(kind, span.clone())
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
            // A name assigned for one transport means only that one. A name assigned for several means all transports.
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
    ) -> Result<Primitive, Error> {
        // Port names may contain dashes: split at the first dash with a port on both sides.
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
            return Err(Error::new(ErrorKind::BadRange(word.into()), span.clone()));
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

/// Returns whether a word is a keyword, which is an identifier only after a backslash.
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
    WORDS.contains(&word) || keywords::protocol(word).is_some()
}

fn check_network_protocol(
    protocol: Option<Protocol>,
    kind: &'static str,
    span: &Range<usize>,
) -> Result<(), Error> {
    match protocol {
        None | Some(Protocol::Ip | Protocol::Ip6 | Protocol::Arp | Protocol::Rarp) => Ok(()),
        Some(other) => {
            let qualifier = keywords::keyword(other);
            Err(Error::new(
                ErrorKind::Mismatch { qualifier, kind },
                span.clone(),
            ))
        }
    }
}

/// Parses a network address. Returns it with the number of octets written: `10.1` gives 10.1.0.0 and 2.
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
) -> Result<Primitive, Error> {
    let family = match protocol {
        None => Family::AnyIp,
        Some(Protocol::Link) => Family::Link,
        Some(Protocol::Ip) => Family::Ip,
        Some(Protocol::Ip6) => Family::Ip6,
        Some(other) => {
            let kind = ErrorKind::Mismatch {
                qualifier: keywords::keyword(other),
                kind: "proto",
            };
            return Err(Error::new(kind, span));
        }
    };
    if let Some(value) = number(word) {
        let number = u32::try_from(value).map_err(|_| {
            Error::new(
                ErrorKind::TooLarge {
                    text: word.into(),
                    max: u32::MAX,
                },
                span.clone(),
            )
        })?;
        return Ok(Primitive::Number { family, number });
    }
    let known = if family == Family::Link {
        keywords::ethertype(word)
    } else {
        keywords::ip_protocol(word)
    };
    known
        .map(|number| Primitive::Number { family, number })
        .ok_or_else(|| Error::new(ErrorKind::UnknownProtocol(word.into()), span))
}
