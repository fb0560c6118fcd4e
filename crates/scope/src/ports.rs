//! Port lists and the grammar of `-p`.
//!
//! `22,80,8000-8100,https`, `T:1-1024,U:53`, `-` (all except 0), `1000-`, `-100`, `http*`. A letter with a colon sets the
//! transport of what follows, as in nmap. The module does not know hosts or techniques.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use core::ops::Range;

use crate::Transport;
use crate::error::{ParseError, ParseErrorKind};
use crate::{grammar, services};

/// A list of distinct ports, in the order given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PortList {
    ports: Vec<(Transport, u16)>,
}

impl PortList {
    /// The list without ports.
    pub const EMPTY: PortList = PortList { ports: Vec::new() };

    /// Creates a list without duplicates.
    pub fn new(ports: impl IntoIterator<Item = (Transport, u16)>) -> PortList {
        let mut seen = BTreeSet::new();
        PortList {
            ports: ports.into_iter().filter(|p| seen.insert(*p)).collect(),
        }
    }

    /// Returns the `n` most common ports of a transport; for [`Transport::Ip`] all 256 protocol numbers.
    pub fn top(transport: Transport, n: usize) -> PortList {
        if transport == Transport::Ip {
            return PortList::new((0..=255).map(|p| (transport, p)));
        }
        PortList::new(services::top(transport, n).iter().map(|p| (transport, *p)))
    }

    /// Returns `n` UDP ports: the most common ones, then `known` (ports whose protocol the caller can probe), then
    /// those with a service name, then the rest in ascending order. The ranking of UDP ports is shorter than 1,000.
    pub fn usual_udp(n: usize, known: impl IntoIterator<Item = u16>) -> PortList {
        let top = services::top(Transport::Udp, n).iter().copied();
        let named = services::all().filter(|s| s.transport == Transport::Udp);
        let all = top
            .chain(known)
            .chain(named.map(|s| s.port))
            .chain(1..=u16::MAX);
        let mut list = PortList::new(all.map(|p| (Transport::Udp, p)));
        list.ports.truncate(n);
        list
    }

    /// Returns the ports of one transport, in the order of the list.
    #[must_use]
    pub fn only(&self, transport: Transport) -> PortList {
        PortList::new(self.iter().filter(|p| p.0 == transport))
    }

    /// Parses the argument of `-p`. `default` is the transport of ports without a letter.
    ///
    /// # Errors
    /// If a part is not a port, a range or the name of a known service.
    pub fn parse(text: &str, default: Transport) -> Result<PortList, ParseError> {
        let mut transport = default;
        let mut ports = Vec::new();
        for part in grammar::split(text, 0..text.len(), ',') {
            let part = part_after_transport(text, part, &mut transport)?;
            read_part(text, part, transport, &mut ports)?;
        }
        Ok(PortList::new(ports))
    }

    /// Number of ports.
    pub fn len(&self) -> usize {
        self.ports.len()
    }

    /// Whether the list is empty.
    pub fn is_empty(&self) -> bool {
        self.ports.is_empty()
    }

    /// Iterates over the ports in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (Transport, u16)> + '_ {
        self.ports.iter().copied()
    }

    /// Returns the port at `index`.
    ///
    /// # Panics
    /// If `index` is not below [`PortList::len`].
    pub fn at(&self, index: usize) -> (Transport, u16) {
        self.ports[index]
    }

    /// Returns the ports of one transport as inclusive ranges in ascending order.
    pub fn ranges(&self, transport: Transport) -> Vec<(u16, u16)> {
        let mut sorted: Vec<u16> = self
            .iter()
            .filter(|p| p.0 == transport)
            .map(|p| p.1)
            .collect();
        sorted.sort_unstable();
        let mut ranges: Vec<(u16, u16)> = Vec::new();
        for port in sorted {
            match ranges.last_mut() {
                Some(last) if last.1.checked_add(1) == Some(port) => last.1 = port,
                _ => ranges.push((port, port)),
            }
        }
        ranges
    }
}

/// Removes a leading transport letter (`T:`) from a part and stores the transport.
fn part_after_transport(
    text: &str,
    part: Range<usize>,
    transport: &mut Transport,
) -> Result<Range<usize>, ParseError> {
    let Some(colon) = text[part.clone()].find(':') else {
        return Ok(part);
    };
    let letter = part.start..part.start + colon;
    *transport = match &text[letter.clone()] {
        "T" | "t" => Transport::Tcp,
        "U" | "u" => Transport::Udp,
        "S" | "s" => Transport::Sctp,
        "P" | "p" => Transport::Ip,
        _ => {
            return Err(ParseError::new(
                text,
                letter,
                ParseErrorKind::UnknownTransport,
            ));
        }
    };
    Ok(part.start + colon + 1..part.end)
}

/// Parses one part of the list: a number, a range or a service name.
fn read_part(
    text: &str,
    part: Range<usize>,
    transport: Transport,
    ports: &mut Vec<(Transport, u16)>,
) -> Result<(), ParseError> {
    let word = &text[part.clone()];
    let max = if transport == Transport::Ip {
        255
    } else {
        65_535
    };
    if word.is_empty() {
        return Err(ParseError::new(text, part, ParseErrorKind::Empty));
    }
    if word.bytes().any(|b| b.is_ascii_alphabetic()) {
        return read_names(text, part, transport, ports);
    }
    // An open start means 1, because port 0 is reserved; `0` selects it explicitly.
    let min = u32::from(transport != Transport::Ip);
    let (first, last) = grammar::number_range(text, part, (min, max))?;
    ports.extend((first..=last).map(|n| (transport, n as u16)));
    Ok(())
}

/// Parses a service name, in which `*` matches any characters.
fn read_names(
    text: &str,
    part: Range<usize>,
    transport: Transport,
    ports: &mut Vec<(Transport, u16)>,
) -> Result<(), ParseError> {
    let word = &text[part.clone()];
    let before = ports.len();
    ports.extend(
        services::all()
            .filter(|s| s.transport == transport && matches_pattern(word, s.name))
            .map(|s| (transport, s.port)),
    );
    if ports.len() == before {
        return Err(ParseError::new(text, part, ParseErrorKind::UnknownService));
    }
    Ok(())
}

/// Whether `name` matches `pattern`, in which `*` matches any characters. Ignores case.
fn matches_pattern(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or("");
    let Some(mut rest) = strip_prefix_ignore_case(name, first) else {
        return false;
    };
    let mut last_was_star = false;
    for part in parts {
        last_was_star = part.is_empty();
        let Some(found) =
            (0..=rest.len()).find_map(|i| strip_prefix_ignore_case(rest.get(i..)?, part))
        else {
            return false;
        };
        rest = found;
    }
    // A final star matches the rest; otherwise the last part must match the end.
    rest.is_empty() || last_was_star || (pattern.contains('*') && ends_with_last(pattern, name))
}

fn ends_with_last(pattern: &str, name: &str) -> bool {
    let tail = pattern.rsplit('*').next().unwrap_or("");
    name.len() >= tail.len()
        && name
            .get(name.len() - tail.len()..)
            .is_some_and(|end| end.eq_ignore_ascii_case(tail))
}

fn strip_prefix_ignore_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix)
        .then(|| &text[prefix.len()..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use proptest::prelude::*;

    fn tcp(text: &str) -> Vec<(u16, u16)> {
        PortList::parse(text, Transport::Tcp)
            .unwrap()
            .ranges(Transport::Tcp)
    }

    fn problem(text: &str) -> (ParseErrorKind, std::string::String) {
        let e = PortList::parse(text, Transport::Tcp).unwrap_err();
        let culprit = e.culprit().into();
        (e.kind, culprit)
    }

    #[test]
    fn parses_nmap_port_notation() {
        assert_eq!(
            tcp("22,80,8000-8100"),
            vec![(22, 22), (80, 80), (8000, 8100)]
        );
        assert_eq!(tcp("-"), vec![(1, 65535)]);
        assert_eq!(tcp("60000-"), vec![(60000, 65535)]);
        assert_eq!(tcp("-100"), vec![(1, 100)]);
        assert_eq!(tcp("0-1"), vec![(0, 1)]);
        assert_eq!(tcp("T:1-1024"), vec![(1, 1024)]);
        assert_eq!(tcp("https"), vec![(443, 443)]);
    }

    #[test]
    fn usual_udp_ports_start_with_the_common_ones() {
        let list = PortList::usual_udp(1_000, [3_478, 60_000]);
        assert_eq!(list.len(), 1_000);
        let top = PortList::top(Transport::Udp, 400);
        assert!(list.iter().zip(top.iter()).all(|(a, b)| a == b));
        let known = PortList::top(Transport::Udp, usize::MAX).len();
        assert!(list.iter().take(known + 2).any(|p| p.1 == 60_000));
        assert_eq!(PortList::usual_udp(65_535, []).len(), 65_535);
        assert!(list.iter().all(|(t, p)| t == Transport::Udp && p != 0));
    }

    #[test]
    fn a_transport_letter_applies_until_the_next_one() {
        let list = PortList::parse("T:80,443,U:53,161", Transport::Tcp).unwrap();
        assert_eq!(list.ranges(Transport::Tcp), vec![(80, 80), (443, 443)]);
        assert_eq!(list.ranges(Transport::Udp), vec![(53, 53), (161, 161)]);
    }

    #[test]
    fn errors_name_the_wrong_part() {
        assert_eq!(
            problem("22,70000"),
            (ParseErrorKind::TooLarge { max: 65535 }, "70000".into())
        );
        assert_eq!(
            problem("80-22"),
            (ParseErrorKind::Backwards, "80-22".into())
        );
        assert_eq!(
            problem("22,,80"),
            (ParseErrorKind::Empty, std::string::String::new())
        );
        assert_eq!(
            problem(""),
            (ParseErrorKind::Empty, std::string::String::new())
        );
        assert_eq!(
            problem("Q:1"),
            (ParseErrorKind::UnknownTransport, "Q".into())
        );
        assert_eq!(
            problem("22,nosuchservice"),
            (ParseErrorKind::UnknownService, "nosuchservice".into())
        );
        assert_eq!(problem("1-2-3"), (ParseErrorKind::NotANumber, "2-3".into()));
    }

    #[test]
    fn service_patterns_match_like_file_names() {
        for (pattern, name, fits) in [
            ("http*", "http-alt", true),
            ("http*", "shttp", false),
            ("*sql", "mysql", true),
            ("*sql", "mysqlx", false),
            ("ms*s", "ms-wbt-servers", true),
            ("ssh", "SSH", true),
            ("ssh", "sshd", false),
        ] {
            assert_eq!(matches_pattern(pattern, name), fits, "{pattern} {name}");
        }
    }

    proptest! {
        #[test]
        fn arbitrary_text_never_panics(text in "\\PC{0,40}") {
            if let Err(e) = PortList::parse(&text, Transport::Tcp) {
                prop_assert!(text.get(e.at.clone()).is_some());
            }
        }

        #[test]
        fn the_list_contains_exactly_the_given_ranges(ranges in proptest::collection::vec((1u16..=65535, 0u16..50), 1..5)) {
            let text: Vec<_> = ranges.iter().map(|(a, n)| std::format!("{a}-{}", a.saturating_add(*n))).collect();
            let list = PortList::parse(&text.join(","), Transport::Tcp).unwrap();
            for (a, n) in ranges {
                for p in a..=a.saturating_add(n) {
                    prop_assert!(list.iter().any(|x| x == (Transport::Tcp, p)));
                }
            }
        }
    }
}
