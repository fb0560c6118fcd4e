//! Which ports: the grammar of `-p`, and the list that it makes.
//!
//! `22,80,8000-8100,https`, `T:1-1024,U:53`, `-` (all but 0), `1000-`, `-100`,
//! `http*`. A letter and colon set the transport for what follows, as in nmap.
//! This file must not know hosts or techniques.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use core::ops::Range;

use crate::Transport;
use crate::grammar::{self, GrammarError, Problem};
use crate::services;

/// A list of ports without repetition, in the order in which they were asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PortList {
    ports: Vec<(Transport, u16)>,
}

impl PortList {
    /// The list without ports.
    pub const EMPTY: PortList = PortList { ports: Vec::new() };

    /// The ports given, less repetitions.
    pub fn new(ports: impl IntoIterator<Item = (Transport, u16)>) -> PortList {
        let mut seen = BTreeSet::new();
        PortList {
            ports: ports.into_iter().filter(|p| seen.insert(*p)).collect(),
        }
    }

    /// The `n` most common ports of a transport; of IP, all its protocols.
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

    /// The ports of one transport, in their order.
    #[must_use]
    pub fn only(&self, transport: Transport) -> PortList {
        PortList::new(self.iter().filter(|p| p.0 == transport))
    }

    /// Reads the argument of `-p`; `default` is the transport where none is named.
    pub fn parse(text: &str, default: Transport) -> Result<PortList, GrammarError> {
        let mut transport = default;
        let mut ports = Vec::new();
        for part in grammar::split(text, 0..text.len(), ',') {
            let part = part_after_transport(text, part, &mut transport)?;
            read_part(text, part, transport, &mut ports)?;
        }
        Ok(PortList::new(ports))
    }

    /// How many ports.
    pub fn len(&self) -> usize {
        self.ports.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ports.is_empty()
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (Transport, u16)> + '_ {
        self.ports.iter().copied()
    }

    /// The port at `index`.
    ///
    /// # Panics
    /// If `index` is not below [`PortList::len`].
    pub fn at(&self, index: usize) -> (Transport, u16) {
        self.ports[index]
    }

    /// The ports of one transport, as inclusive ranges in ascending order.
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

/// Takes a leading `T:` off a part and remembers what it says.
fn part_after_transport(
    text: &str,
    part: Range<usize>,
    transport: &mut Transport,
) -> Result<Range<usize>, GrammarError> {
    let Some(colon) = text[part.clone()].find(':') else {
        return Ok(part);
    };
    let letter = part.start..part.start + colon;
    *transport = match &text[letter.clone()] {
        "T" | "t" => Transport::Tcp,
        "U" | "u" => Transport::Udp,
        "S" | "s" => Transport::Sctp,
        "P" | "p" => Transport::Ip,
        _ => return Err(GrammarError::new(text, letter, Problem::UnknownTransport)),
    };
    Ok(part.start + colon + 1..part.end)
}

fn read_part(
    text: &str,
    part: Range<usize>,
    transport: Transport,
    ports: &mut Vec<(Transport, u16)>,
) -> Result<(), GrammarError> {
    let word = &text[part.clone()];
    let max = if transport == Transport::Ip {
        255
    } else {
        65_535
    };
    if word.is_empty() {
        return Err(GrammarError::new(text, part, Problem::Empty));
    }
    if word.bytes().any(|b| b.is_ascii_alphabetic()) {
        return read_names(text, part, transport, ports);
    }
    let (first, last) = match word.find('-') {
        None => {
            let n = grammar::number(text, part.clone(), max)?;
            (n, n)
        }
        Some(dash) => {
            let (from, to) = (
                part.start..part.start + dash,
                part.start + dash + 1..part.end,
            );
            // An open start means 1: port 0 is reserved and must be asked for by name.
            let least = u32::from(transport != Transport::Ip);
            let first = if from.is_empty() {
                least
            } else {
                grammar::number(text, from, max)?
            };
            let last = if to.is_empty() {
                max
            } else {
                grammar::number(text, to, max)?
            };
            (first, last)
        }
    };
    if first > last {
        return Err(GrammarError::new(text, part, Problem::Backwards));
    }
    ports.extend((first..=last).map(|n| (transport, n as u16)));
    Ok(())
}

/// Service names, with `*` standing for any run of characters.
fn read_names(
    text: &str,
    part: Range<usize>,
    transport: Transport,
    ports: &mut Vec<(Transport, u16)>,
) -> Result<(), GrammarError> {
    let word = &text[part.clone()];
    let before = ports.len();
    ports.extend(
        services::all()
            .filter(|s| s.transport == transport && matches_pattern(word, s.name))
            .map(|s| (transport, s.port)),
    );
    if ports.len() == before {
        return Err(GrammarError::new(text, part, Problem::UnknownService));
    }
    Ok(())
}

/// Whether `name` fits `pattern`, in which `*` stands for any run of characters; case does not count.
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
    // What is left over must be covered by a final star, or the last part must stand at the end.
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

    fn problem(text: &str) -> (Problem, std::string::String) {
        let e = PortList::parse(text, Transport::Tcp).unwrap_err();
        let culprit = e.culprit().into();
        (e.problem, culprit)
    }

    #[test]
    fn reads_what_nmap_users_type() {
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
    fn a_thousand_udp_ports_begin_with_the_common_ones() {
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
    fn a_transport_letter_holds_until_the_next() {
        let list = PortList::parse("T:80,443,U:53,161", Transport::Tcp).unwrap();
        assert_eq!(list.ranges(Transport::Tcp), vec![(80, 80), (443, 443)]);
        assert_eq!(list.ranges(Transport::Udp), vec![(53, 53), (161, 161)]);
    }

    #[test]
    fn says_what_is_wrong_and_where() {
        assert_eq!(
            problem("22,70000"),
            (Problem::TooLarge { max: 65535 }, "70000".into())
        );
        assert_eq!(problem("80-22"), (Problem::Backwards, "80-22".into()));
        assert_eq!(
            problem("22,,80"),
            (Problem::Empty, std::string::String::new())
        );
        assert_eq!(problem(""), (Problem::Empty, std::string::String::new()));
        assert_eq!(problem("Q:1"), (Problem::UnknownTransport, "Q".into()));
        assert_eq!(
            problem("22,nosuchservice"),
            (Problem::UnknownService, "nosuchservice".into())
        );
        assert_eq!(problem("1-2-3"), (Problem::NotANumber, "2-3".into()));
    }

    #[test]
    fn patterns_match_as_file_names_do() {
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
        fn what_is_listed_is_what_was_asked(ranges in proptest::collection::vec((1u16..=65535, 0u16..50), 1..5)) {
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
