//! Encodes tables, chains and rules as nf_tables messages.
//!
//! All integers of attributes are in network order. Register contents have the order of their values: ports in network
//! order, the connection state in host byte order.

use core::net::IpAddr;
use core::ops::RangeInclusive;

use super::{Chain, Hook, Match, Policy, Reject, Rule, Table, Verdict};
use crate::net::Prefix;
use crate::netlink::{Message, flag};

const SUBSYSTEM: u16 = 10;
const NFT_MSG_NEWTABLE: u16 = 0;
const NFT_MSG_DELTABLE: u16 = 2;
const NFT_MSG_NEWCHAIN: u16 = 3;
const NFT_MSG_NEWRULE: u16 = 6;
const NFT_MSG_NEWSET: u16 = 9;
const NFT_MSG_NEWSETELEM: u16 = 12;
const NFNL_MSG_BATCH_BEGIN: u16 = 16;
const NFNL_MSG_BATCH_END: u16 = 17;
const NFPROTO_INET: u8 = 1;
const NFPROTO_IPV4: u8 = 2;
const NFPROTO_IPV6: u8 = 10;

const REGISTER: u32 = 1;
const LIST_ELEM: u16 = 1;

/// Maximum number of set elements in one message: a nested list holds less than 64 KiB, an element takes 24 bytes.
const MAX_ELEMENTS: usize = 1000;

fn message(kind: u16, flags: u16) -> Message {
    let mut message = Message::new((SUBSYSTEM << 8) | kind, flags | flag::ACK);
    // struct nfgenmsg: family, version, resource id (network order).
    message.raw(&[NFPROTO_INET, 0, 0, 0]);
    message
}

/// Returns the messages between a transaction's beginning and end.
pub(super) fn enclosed(messages: Vec<Message>) -> Vec<Message> {
    let mark = |kind| {
        let mut message = Message::new(kind, 0);
        message.raw(&[0, 0, 0, SUBSYSTEM as u8]);
        message
    };
    let mut batch = Vec::with_capacity(messages.len() + 2);
    batch.push(mark(NFNL_MSG_BATCH_BEGIN));
    batch.extend(messages);
    batch.push(mark(NFNL_MSG_BATCH_END));
    batch
}

/// Creates the table if there is none, deletes it and creates it again, so that it is empty.
pub(super) fn replace(table: &Table) -> Vec<Message> {
    let named = |kind, flags| {
        let mut message = message(kind, flags);
        message.string(1, &table.name);
        message
    };
    vec![
        named(NFT_MSG_NEWTABLE, flag::CREATE),
        named(NFT_MSG_DELTABLE, 0),
        named(NFT_MSG_NEWTABLE, flag::CREATE),
    ]
}

/// Appends the table's chains and rules, with the sets that the rules need.
pub(super) fn chains(table: &Table, batch: &mut Vec<Message>) {
    let mut sets = 0;
    for chain in &table.chains {
        batch.push(new_chain(table, chain));
        for rule in &chain.rules {
            new_rule(table, chain.hook, rule, &mut sets, batch);
        }
    }
}

fn hook_name(hook: Hook) -> (&'static str, u32) {
    match hook {
        Hook::Input => ("input", 1),
        Hook::Forward => ("forward", 2),
        Hook::Output => ("output", 3),
    }
}

fn new_chain(table: &Table, chain: &Chain) -> Message {
    let (name, hook) = hook_name(chain.hook);
    let policy = match chain.policy {
        Policy::Drop => 0,
        Policy::Accept => 1,
    };
    let mut message = message(NFT_MSG_NEWCHAIN, flag::CREATE);
    message
        .string(1, &table.name)
        .string(3, name)
        .nest(4, |attributes| {
            attributes.u32_be(1, hook).u32_be(2, 0);
        })
        .u32_be(5, policy)
        .string(7, "filter");
    message
}

fn new_rule(table: &Table, hook: Hook, rule: &Rule, sets: &mut u32, batch: &mut Vec<Message>) {
    let mut expressions = Expressions(Vec::new());
    if let Some(family) = family_needed(rule) {
        expressions.meta_equals(META_NFPROTO, &[family]);
    }
    for condition in &rule.matches {
        if let Match::DestinationPorts(ports) | Match::SourcePorts(ports) = condition {
            let offset = u32::from(matches!(condition, Match::DestinationPorts(_))) * 2;
            expressions.payload(TRANSPORT, offset, 2);
            *sets += 1;
            port_set(&table.name, *sets, ports, batch);
            expressions.lookup(*sets);
        } else {
            expressions.condition(condition);
        }
    }
    expressions.verdict(rule.verdict);
    let mut message = message(NFT_MSG_NEWRULE, flag::CREATE | flag::APPEND);
    message
        .string(1, &table.name)
        .string(2, hook_name(hook).0)
        .nest(4, |list| {
            for (name, data) in &expressions.0 {
                list.nest(LIST_ELEM, |expression| {
                    expression.string(1, name);
                    expression.nest(2, |attributes| {
                        attributes.raw(data);
                    });
                });
            }
        });
    batch.push(message);
}

/// Returns the family that a rule's address or its ICMP code belongs to.
fn family_needed(rule: &Rule) -> Option<u8> {
    let by_verdict = match rule.verdict {
        Verdict::Reject(Reject::Icmp4(_)) => Some(NFPROTO_IPV4),
        Verdict::Reject(Reject::Icmp6(_)) => Some(NFPROTO_IPV6),
        _ => None,
    };
    let by_match = rule.matches.iter().find_map(|condition| match condition {
        Match::Ipv4 => Some(NFPROTO_IPV4),
        Match::Ipv6 => Some(NFPROTO_IPV6),
        Match::Source(prefix) | Match::Destination(prefix) => Some(match prefix.address {
            IpAddr::V4(_) => NFPROTO_IPV4,
            IpAddr::V6(_) => NFPROTO_IPV6,
        }),
        _ => None,
    });
    by_match.or(by_verdict)
}

/// Appends an anonymous interval set of ports: `NEWSET`, then its elements.
fn port_set(table: &str, id: u32, ports: &[RangeInclusive<u16>], batch: &mut Vec<Message>) {
    const ANONYMOUS_CONSTANT_INTERVAL: u32 = 1 | 2 | 4;
    const INET_SERVICE: u32 = 13;
    const NAME: &str = "__set%d";
    const INTERVAL_END: u32 = 1;
    let mut set = message(NFT_MSG_NEWSET, flag::CREATE);
    set.string(1, table)
        .string(2, NAME)
        .u32_be(3, ANONYMOUS_CONSTANT_INTERVAL)
        .u32_be(4, INET_SERVICE)
        .u32_be(5, 2)
        .u32_be(10, id);
    batch.push(set);
    let mut bounds: Vec<(u16, bool)> = Vec::new();
    for (first, last) in merged(ports) {
        bounds.push((first, false));
        // An interval ends before its end mark; port 65535 needs none.
        bounds.extend(last.checked_add(1).map(|end| (end, true)));
    }
    for part in bounds.chunks(MAX_ELEMENTS) {
        let mut elements = message(NFT_MSG_NEWSETELEM, flag::CREATE);
        elements
            .string(1, table)
            .string(2, NAME)
            .u32_be(4, id)
            .nest(3, |list| {
                for &(port, end) in part {
                    list.nest(LIST_ELEM, |element| {
                        element.nest(1, |key| {
                            key.attribute(1, &port.to_be_bytes());
                        });
                        if end {
                            element.u32_be(3, INTERVAL_END);
                        }
                    });
                }
            });
        batch.push(elements);
    }
}

/// Returns the ranges sorted and merged.
fn merged(ports: &[RangeInclusive<u16>]) -> Vec<(u16, u16)> {
    let mut ranges: Vec<(u16, u16)> = ports
        .iter()
        .filter(|range| !range.is_empty())
        .map(|range| (*range.start(), *range.end()))
        .collect();
    ranges.sort_unstable();
    let mut merged: Vec<(u16, u16)> = Vec::new();
    for (first, last) in ranges {
        match merged.last_mut() {
            Some(before) if u32::from(first) <= u32::from(before.1) + 1 => {
                before.1 = before.1.max(last);
            }
            _ => merged.push((first, last)),
        }
    }
    merged
}

const META_IIFNAME: u32 = 6;
const META_NFPROTO: u32 = 15;
const META_L4PROTO: u32 = 16;
const NETWORK: u32 = 1;
const TRANSPORT: u32 = 2;
const IFNAMSIZ: usize = 16;

/// A rule's expressions: name and attributes of each.
struct Expressions(Vec<(&'static str, Vec<u8>)>);

impl Expressions {
    fn push(&mut self, name: &'static str, fill: impl FnOnce(&mut Message)) {
        // A message is used only to build the attributes; its header is removed.
        let mut message = Message::new(0, 0);
        fill(&mut message);
        self.0.push((name, message.body().to_vec()));
    }

    fn condition(&mut self, condition: &Match) {
        match condition {
            // The family test comes first in the rule; ports are sets, created by the caller.
            Match::Ipv4 | Match::Ipv6 | Match::DestinationPorts(_) | Match::SourcePorts(_) => {}
            Match::Protocol(number) => self.meta_equals(META_L4PROTO, &[*number]),
            Match::Source(prefix) => self.address(prefix, 12, 8),
            Match::Destination(prefix) => self.address(prefix, 16, 24),
            Match::TcpFlags { mask, value } => {
                self.payload(TRANSPORT, 13, 1);
                self.bitwise(&[*mask]);
                self.compare(true, &[*value]);
            }
            Match::IcmpType(kind) => {
                self.payload(TRANSPORT, 0, 1);
                self.compare(true, &[*kind]);
            }
            Match::InLink(name) => {
                let mut padded = [0; IFNAMSIZ];
                for (to, from) in padded.iter_mut().zip(name.bytes()) {
                    *to = from;
                }
                self.meta_equals(META_IIFNAME, &padded);
            }
            Match::Established => {
                const ESTABLISHED_OR_RELATED: u32 = 2 | 4;
                self.push("ct", |a| {
                    a.u32_be(1, REGISTER).u32_be(2, 0);
                });
                self.bitwise(&ESTABLISHED_OR_RELATED.to_ne_bytes());
                self.compare(false, &[0; 4]);
            }
            Match::Rate { per_second, burst } => self.push("limit", |a| {
                a.attribute(1, &per_second.to_be_bytes())
                    .attribute(2, &1_u64.to_be_bytes())
                    .u32_be(3, *burst)
                    .u32_be(4, 0)
                    .u32_be(5, 0);
            }),
        }
    }

    fn meta_equals(&mut self, key: u32, value: &[u8]) {
        self.push("meta", |a| {
            a.u32_be(1, REGISTER).u32_be(2, key);
        });
        self.compare(true, value);
    }

    fn compare(&mut self, equal: bool, value: &[u8]) {
        self.push("cmp", |a| {
            a.u32_be(1, REGISTER)
                .u32_be(2, u32::from(!equal))
                .nest(3, |data| {
                    data.attribute(1, value);
                });
        });
    }

    fn payload(&mut self, base: u32, offset: u32, length: u32) {
        self.push("payload", |a| {
            a.u32_be(1, REGISTER)
                .u32_be(2, base)
                .u32_be(3, offset)
                .u32_be(4, length);
        });
    }

    fn bitwise(&mut self, mask: &[u8]) {
        self.push("bitwise", |a| {
            a.u32_be(1, REGISTER)
                .u32_be(2, REGISTER)
                .u32_be(3, mask.len() as u32)
                .nest(4, |data| {
                    data.attribute(1, mask);
                })
                .nest(5, |data| {
                    data.attribute(1, &vec![0; mask.len()]);
                });
        });
    }

    fn lookup(&mut self, set: u32) {
        self.push("lookup", |a| {
            a.string(1, "__set%d").u32_be(2, REGISTER).u32_be(4, set);
        });
    }

    fn address(&mut self, prefix: &Prefix, offset4: u32, offset6: u32) {
        let (bytes, offset) = match prefix.address {
            IpAddr::V4(v4) => (v4.octets().to_vec(), offset4),
            IpAddr::V6(v6) => (v6.octets().to_vec(), offset6),
        };
        let mask: Vec<u8> = (0..bytes.len())
            .map(|at| {
                let bits = usize::from(prefix.length).saturating_sub(at * 8).min(8);
                !(0xff_u16 >> bits) as u8
            })
            .collect();
        let network: Vec<u8> = bytes.iter().zip(&mask).map(|(b, m)| b & m).collect();
        self.payload(NETWORK, offset, bytes.len() as u32);
        self.bitwise(&mask);
        self.compare(true, &network);
    }

    fn verdict(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Accept | Verdict::Drop => self.push("immediate", |a| {
                a.u32_be(1, 0).nest(2, |data| {
                    data.nest(2, |attributes| {
                        attributes.u32_be(1, u32::from(verdict == Verdict::Accept));
                    });
                });
            }),
            Verdict::Reject(reject) => {
                let (kind, code) = match reject {
                    Reject::Icmp4(code) | Reject::Icmp6(code) => (0, code),
                    Reject::TcpReset => (1, 0),
                    Reject::NoRoute => (2, 0),
                    Reject::Port => (2, 1),
                    Reject::Host => (2, 2),
                    Reject::Admin => (2, 3),
                };
                self.push("reject", |a| {
                    a.u32_be(1, kind).u8(2, code);
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn touching_ranges_become_one() {
        let ranges = [80..=90, 22..=22, 91..=95, 85..=86, 65_535..=65_535];
        assert_eq!(merged(&ranges), [(22, 22), (80, 95), (65_535, 65_535)]);
    }
}
