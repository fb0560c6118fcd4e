//! Port ranges in ascending order: number of ports, difference, text.

use vigie_scope::Transport;
use vigie_scope::ports::PortList;

/// Returns the ports of each transport, without transports that have none.
pub(super) fn by_transport(ports: &PortList) -> Vec<(Transport, Vec<(u16, u16)>)> {
    Transport::ALL
        .iter()
        .map(|t| (*t, ports.ranges(*t)))
        .filter(|(_, ranges)| !ranges.is_empty())
        .collect()
}

/// Returns the number of ports.
pub(super) fn count(ranges: &[(u16, u16)]) -> u64 {
    ranges.iter().map(|(a, b)| u64::from(*b - *a) + 1).sum()
}

/// Returns the ranges as text: `22,80,8000-8100`.
pub(super) fn text(ranges: &[(u16, u16)]) -> String {
    let one = |(a, b): &(u16, u16)| {
        if a == b {
            a.to_string()
        } else {
            format!("{a}-{b}")
        }
    };
    ranges.iter().map(one).collect::<Vec<_>>().join(",")
}

/// Returns `ranges` without the ports in `cut`, which are in ascending order.
pub(super) fn without(
    ranges: &[(u16, u16)],
    cut: impl IntoIterator<Item = u16>,
) -> Vec<(u16, u16)> {
    let mut cut = cut.into_iter().peekable();
    let mut left = Vec::with_capacity(ranges.len() + 1);
    for (first, last) in ranges {
        let mut from = Some(*first);
        while let Some(port) = cut.next_if(|p| p <= last) {
            let Some(start) = from.filter(|start| port >= *start) else {
                continue;
            };
            if start < port {
                left.push((start, port - 1));
            }
            from = port.checked_add(1).filter(|next| next <= last);
        }
        left.extend(from.map(|start| (start, *last)));
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn removing_ranges_is_set_difference(all in proptest::collection::btree_set(65_500u16..=65_535, 0..30), cut in proptest::collection::btree_set(65_500u16..=65_535, 0..30)) {
            let ports = PortList::new(all.iter().map(|p| (Transport::Tcp, *p)));
            let left = without(&ports.ranges(Transport::Tcp), cut.iter().copied());
            let expected: BTreeSet<u16> = all.difference(&cut).copied().collect();
            let listed: BTreeSet<u16> = left.iter().flat_map(|(a, b)| *a..=*b).collect();
            prop_assert_eq!(&listed, &expected);
            prop_assert_eq!(count(&left), expected.len() as u64);
        }
    }

    #[test]
    fn ranges_are_written_as_in_p() {
        assert_eq!(text(&[(22, 22), (80, 90)]), "22,80-90");
        assert_eq!(text(&[]), "");
    }
}
