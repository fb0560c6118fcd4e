//! What kinds of packets were seen, and what each means, in one line each.
//!
//! A new kind is one line in `KINDS` and one arm in `kind`. This file must not
//! know where packets come from.

use std::collections::BTreeMap;

use vigie_packet::LinkType;
use vigie_packet::frame::{Frame, Net, Transport};
use vigie_packet::layers::tcp::Flags;
use vigie_packet::layers::{arp, icmpv4, icmpv6, tcp, udp};

use crate::Texts;
use crate::style::{Paint, Role};
use crate::width;

/// Each kind: its name in the field's words, and the key of what it means; in the order in which they are told.
const KINDS: &[(&str, &str)] = &[
    ("ARP request", "seen-arp-request"),
    ("ARP reply", "seen-arp-reply"),
    ("neighbor solicitation", "seen-ns"),
    ("neighbor advertisement", "seen-na"),
    ("router solicitation/advertisement", "seen-router"),
    ("MLD", "seen-mld"),
    ("ICMP echo request", "seen-echo"),
    ("ICMP echo reply", "seen-echo-reply"),
    ("ICMP port unreachable", "seen-port-unreachable"),
    ("ICMP prohibited", "seen-prohibited"),
    ("ICMP unreachable", "seen-unreachable"),
    ("ICMP time exceeded", "seen-time-exceeded"),
    ("ICMP redirect", "seen-redirect"),
    ("ICMP, other", "seen-icmp"),
    ("TCP SYN", "seen-syn"),
    ("TCP SYN, ACK", "seen-syn-ack"),
    ("TCP ACK", "seen-ack"),
    ("TCP data", "seen-data"),
    ("TCP FIN", "seen-fin"),
    ("TCP RST", "seen-rst"),
    ("TCP, odd flags", "seen-odd-flags"),
    ("DNS query", "seen-dns-query"),
    ("DNS response", "seen-dns-response"),
    ("DHCP", "seen-dhcp"),
    ("NTP", "seen-ntp"),
    ("UDP", "seen-udp"),
    ("IP fragment", "seen-fragment"),
    ("IP, other protocol", "seen-protocol"),
    ("other", "seen-other"),
];

/// The kinds of packets seen so far, counted.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// How many of each, by place in `KINDS`.
    counts: BTreeMap<usize, u64>,
}

impl Seen {
    /// Counts a packet; `link` is its LINKTYPE number.
    pub fn packet(&mut self, link: u16, bytes: &[u8]) {
        let frame = LinkType::from_number(link).map(|link| Frame::parse(link, bytes));
        let key = match frame {
            Some(Ok(frame)) => kind(&frame),
            _ => "seen-other",
        };
        let place = KINDS.iter().position(|(_, k)| *k == key);
        *self
            .counts
            .entry(place.unwrap_or(KINDS.len() - 1))
            .or_default() += 1;
    }

    /// One line for each kind present: how often, and what it means. Empty where nothing was seen.
    pub fn explained(&self, texts: &Texts, paint: Paint) -> String {
        if self.counts.is_empty() {
            return String::new();
        }
        let lines: Vec<(String, String)> = self
            .counts
            .iter()
            .map(|(place, count)| {
                let (name, key) = KINDS[*place];
                let args = [("name", name.into()), ("count", (*count).into())];
                (texts.format("sockets-explain-count", &args), texts.get(key))
            })
            .collect();
        listed(&texts.get("seen-title"), &lines, paint)
    }
}

/// A title, and under it what things mean: heads in one column, meanings in another.
pub fn listed(title: &str, lines: &[(String, String)], paint: Paint) -> String {
    let widest = lines
        .iter()
        .map(|(head, _)| width::of(head))
        .max()
        .unwrap_or(0);
    let mut text = ["\n", &paint.text(Role::Title, title), "\n"].concat();
    for (head, meaning) in lines {
        text += &["  ", &width::pad(head, widest), "  ", meaning, "\n"].concat();
    }
    text
}

/// The key of what a packet means. text keys: seen-*
fn kind(frame: &Frame<'_>) -> &'static str {
    match (&frame.net, &frame.transport) {
        (Net::Arp(message), _) if message.op() == arp::REQUEST => "seen-arp-request",
        (Net::Arp(_), _) => "seen-arp-reply",
        (_, Transport::Tcp(tcp)) => of_tcp(tcp),
        (_, Transport::Udp(udp)) => of_udp(udp),
        (_, Transport::Icmpv4(message)) => of_icmpv4(message.kind(), message.code()),
        (_, Transport::Icmpv6(message)) => of_icmpv6(message.kind(), message.code()),
        (_, Transport::Fragment) => "seen-fragment",
        (_, Transport::Other { .. }) => "seen-protocol",
        (_, Transport::Malformed(_) | Transport::None) => "seen-other",
    }
}

/// RFC 9293 section 3.1.
fn of_tcp(tcp: &tcp::View<'_>) -> &'static str {
    let flags = tcp.flags();
    let all = |set| flags.contains(set);
    if all(Flags::SYN | Flags::FIN) || all(Flags::SYN | Flags::RST) {
        "seen-odd-flags"
    } else if all(Flags::RST) {
        "seen-rst"
    } else if all(Flags::SYN | Flags::ACK) {
        "seen-syn-ack"
    } else if all(Flags::SYN) {
        "seen-syn"
    } else if !all(Flags::ACK) {
        "seen-odd-flags"
    } else if all(Flags::FIN) {
        "seen-fin"
    } else if tcp.payload().is_empty() {
        "seen-ack"
    } else {
        "seen-data"
    }
}

fn of_udp(udp: &udp::View<'_>) -> &'static str {
    let has = |ports: &[u16]| ports.contains(&udp.src_port()) || ports.contains(&udp.dst_port());
    if has(&[53, 5353]) {
        // RFC 1035 section 4.1.1: the first bit of the third byte.
        return match udp.payload().get(2) {
            Some(byte) if byte & 0x80 != 0 => "seen-dns-response",
            Some(_) => "seen-dns-query",
            None => "seen-udp",
        };
    }
    if has(&[67, 68, 546, 547]) {
        "seen-dhcp"
    } else if has(&[123]) {
        "seen-ntp"
    } else {
        "seen-udp"
    }
}

fn of_icmpv4(kind: u8, code: u8) -> &'static str {
    match (kind, code) {
        (icmpv4::kind::ECHO_REQUEST, _) => "seen-echo",
        (icmpv4::kind::ECHO_REPLY, _) => "seen-echo-reply",
        (icmpv4::kind::DEST_UNREACH, 3) => "seen-port-unreachable",
        (icmpv4::kind::DEST_UNREACH, 9 | 10 | 13) => "seen-prohibited",
        (icmpv4::kind::DEST_UNREACH, _) => "seen-unreachable",
        (icmpv4::kind::TIME_EXCEEDED, _) => "seen-time-exceeded",
        (icmpv4::kind::REDIRECT, _) => "seen-redirect",
        _ => "seen-icmp",
    }
}

fn of_icmpv6(kind: u8, code: u8) -> &'static str {
    match (kind, code) {
        (icmpv6::kind::ECHO_REQUEST, _) => "seen-echo",
        (icmpv6::kind::ECHO_REPLY, _) => "seen-echo-reply",
        (icmpv6::kind::DEST_UNREACH, 4) => "seen-port-unreachable",
        (icmpv6::kind::DEST_UNREACH, 1 | 5) => "seen-prohibited",
        (icmpv6::kind::DEST_UNREACH, _) => "seen-unreachable",
        (icmpv6::kind::TIME_EXCEEDED, _) => "seen-time-exceeded",
        (icmpv6::kind::REDIRECT, _) => "seen-redirect",
        (icmpv6::kind::NEIGHBOUR_SOLICIT, _) => "seen-ns",
        (icmpv6::kind::NEIGHBOUR_ADVERT, _) => "seen-na",
        (icmpv6::kind::ROUTER_SOLICIT | icmpv6::kind::ROUTER_ADVERT, _) => "seen-router",
        (
            icmpv6::kind::ML_QUERY
            | icmpv6::kind::ML_REPORT
            | icmpv6::kind::ML_DONE
            | icmpv6::kind::ML_REPORT_V2,
            _,
        ) => "seen-mld",
        _ => "seen-icmp",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Lang;
    use crate::scan::explain::wire::{self, Probe};
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_kind_present_is_told_once_with_its_count() {
        let probe = Probe::tcp("10.0.1.1", 22);
        let udp = Probe::udp("10.0.1.1", 7);
        let mut packets = wire::arp("10.0.1.1", true).packets;
        packets.extend([
            probe.syn(0.0),
            probe.syn(1.0),
            probe.syn_ack(),
            probe.reset(),
        ]);
        packets.extend([
            udp.syn(2.0),
            udp.icmp(3, 3, "10.0.1.1"),
            probe.icmp(3, 13, "10.0.9.1"),
        ]);
        let mut seen = Seen::default();
        for packet in &packets {
            seen.packet(packet.link.number(), &packet.bytes);
        }
        seen.packet(9999, b"?");
        for lang in Lang::ALL {
            let told = seen.explained(&Texts::new(*lang), Paint::new(false));
            insta::assert_snapshot!(format!("seen-{}", lang.code()), told);
        }
        assert_eq!(
            Seen::default().explained(&Texts::new(Lang::En), Paint::new(false)),
            ""
        );
    }

    #[test]
    fn every_kind_has_a_text_and_stands_once() {
        let texts = Texts::new(Lang::En);
        let keys: BTreeSet<&str> = KINDS.iter().map(|(_, key)| *key).collect();
        assert_eq!(keys.len(), KINDS.len());
        assert!(keys.iter().all(|key| texts.has(key)));
        assert_eq!(KINDS.last().map(|(_, key)| *key), Some("seen-other"));
    }

    proptest! {
        #[test]
        fn every_packet_is_of_a_known_kind(link in any::<u16>(), bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            for link in [link, 1, 101, 276] {
                if let Some(Ok(frame)) = LinkType::from_number(link).map(|l| Frame::parse(l, &bytes)) {
                    let key = kind(&frame);
                    prop_assert!(KINDS.iter().any(|(_, k)| *k == key), "{}", key);
                }
                let mut seen = Seen::default();
                seen.packet(link, &bytes);
                prop_assert_eq!(seen.counts.values().sum::<u64>(), 1);
            }
        }
    }
}
