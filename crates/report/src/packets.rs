//! What kinds of packets were seen, as they went, and what each means.
//!
//! A new kind is one line in `KINDS`, one arm in `kind` and one in `filter`. This file must not
//! know where packets come from.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::IpAddr;
use std::time::Duration;

use vigie_print::{Numeric, Options, Printer};
use vigie_scope::{Host, Transport};
use vigie_wire::LinkType;
use vigie_wire::frame::{Frame, Net, Transport as Carried};
use vigie_wire::tcp::Flags;
use vigie_wire::{arp, icmpv4, icmpv6, tcp, udp};

use crate::scan::explain::diagram;
use crate::style::{Paint, Role};
use crate::{Texts, escape, width};
use vigie_findings::evidence::{self, Evidence, Packet};

mod filters;

use filters::filter;

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

/// Of each kind so many packets are shown as lines, and of an exchange so many as arrows.
const MOST_LINES: usize = 3;
const MOST_ARROWS: usize = 8;
/// So many packets back an exchange may have begun before what is notable in it.
const MOST_BEFORE: usize = 32;
/// The measure of sentences, in columns.
const MEASURE: usize = 100;

/// The kinds of packets seen so far, counted, each with the first of them and the exchange they belong to.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// By place in `KINDS`.
    kinds: BTreeMap<usize, Sort>,
    exchanges: Vec<Exchange>,
    /// The last packets, since an exchange begins before what is notable in it.
    before: VecDeque<(Talk, Kept)>,
    /// When the first came.
    start: Option<Duration>,
}

/// What is known of a kind.
#[derive(Clone, Debug, Default)]
struct Sort {
    count: u64,
    first: Vec<Kept>,
    /// Its place in `exchanges`.
    exchange: Option<usize>,
}

/// A packet as it went.
#[derive(Clone, Debug)]
struct Kept {
    /// After the first.
    at: Duration,
    /// Whether this program sent it, where it knows.
    sent: Option<bool>,
    /// A LINKTYPE number.
    link: u16,
    /// On the wire, in bytes.
    length: u32,
    bytes: Vec<u8>,
}

/// An address, and the port where there is one.
type End = (IpAddr, Option<(Transport, u16)>);

/// From whom to whom; an ICMP error goes the way that an answer to what it quotes would.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Talk {
    from: End,
    to: End,
    error: bool,
}

/// What went between two ends.
#[derive(Clone, Debug)]
struct Exchange {
    near: End,
    far: End,
    packets: Vec<Packet>,
}

/// How a reader checks what is said.
#[derive(Clone, Debug, Default)]
pub struct Check {
    /// What tcpdump reads, as it is typed: `-i eth0` or `-r file`.
    pub tcpdump: String,
    /// The call that sends the same in scapy.
    pub scapy: Option<String>,
}

impl Seen {
    /// Takes a packet: when it went (since any fixed moment), whether this program sent it where it knows, its LINKTYPE
    /// number, its length on the wire and its bytes.
    pub fn packet(
        &mut self,
        at: Option<Duration>,
        sent: Option<bool>,
        link: u16,
        length: u32,
        bytes: &[u8],
    ) {
        let at = at.unwrap_or_default();
        let start = *self.start.get_or_insert(at);
        let kept = Kept {
            at: at.saturating_sub(start),
            sent,
            link,
            length,
            bytes: bytes.to_vec(),
        };
        let frame = LinkType::from_number(link).and_then(|l| Frame::parse(l, bytes).ok());
        let key = frame.as_ref().map_or("seen-other", kind);
        let talk = frame.as_ref().and_then(talk);
        let exchange = talk.and_then(|talk| self.exchange(talk, key, &kept));
        let place = KINDS.iter().position(|(_, k)| *k == key);
        let sort = self
            .kinds
            .entry(place.unwrap_or(KINDS.len() - 1))
            .or_default();
        sort.count += 1;
        sort.exchange = sort.exchange.or(exchange);
        if sort.first.len() < MOST_LINES {
            sort.first.push(kept);
        }
    }

    /// The place of the exchange that the packet belongs to; one begins with the first packet of a kind.
    fn exchange(&mut self, talk: Talk, key: &str, kept: &Kept) -> Option<usize> {
        let new = !self.kinds.keys().any(|place| KINDS[*place].1 == key);
        let known = self.exchanges.iter().position(|e| e.has(talk));
        let place = known.or_else(|| {
            new.then(|| {
                let earlier: Vec<_> = self.before.iter().filter(|(t, _)| t.same(talk)).collect();
                let (first, sent) = earlier
                    .first()
                    .map_or((talk, kept.sent), |(t, k)| (*t, k.sent));
                let (near, far) = if sent.unwrap_or(!first.error) {
                    (first.from, first.to)
                } else {
                    (first.to, first.from)
                };
                let mut exchange = Exchange {
                    near,
                    far,
                    packets: Vec::new(),
                };
                let skipped = earlier.len().saturating_sub(MOST_ARROWS - 1);
                for (talk, kept) in &earlier[skipped..] {
                    exchange.take(*talk, kept);
                }
                self.exchanges.push(exchange);
                self.exchanges.len() - 1
            })
        });
        if let Some(place) = place {
            self.exchanges[place].take(talk, kept);
        }
        if self.before.len() == MOST_BEFORE {
            self.before.pop_front();
        }
        self.before.push_back((talk, kept.clone()));
        place
    }

    /// Each kind present: how often, its first packets as lines, their exchange as arrows, what it means and why, what
    /// else it could be, and how to check it; sentences in at most `columns`. Empty where nothing was seen.
    pub fn explained(
        &self,
        texts: &Texts,
        paint: Paint,
        columns: Option<usize>,
        check: &Check,
    ) -> String {
        if self.kinds.is_empty() {
            return String::new();
        }
        let columns = columns.unwrap_or(MEASURE).min(MEASURE);
        let mut text = [
            "\n",
            &paint.text(Role::Title, &texts.get("seen-title")),
            "\n",
        ]
        .concat();
        let mut drawn = BTreeSet::new();
        for (place, sort) in &self.kinds {
            let (name, key) = KINDS[*place];
            let args = [("name", name.into()), ("count", sort.count.into())];
            let head = texts.format("sockets-explain-count", &args);
            text += &["\n", &paint.text(Role::Title, &head), "\n"].concat();
            for kept in &sort.first {
                text += &["    ", &kept.line(), "\n"].concat();
            }
            if let Some(place) = sort.exchange.filter(|place| drawn.insert(*place)) {
                text.push('\n');
                text += &self.exchanges[place].arrows(texts);
                text.push('\n');
            }
            // text keys: seen-*
            for (title, key) in [
                ("explain-means", key.to_owned()),
                ("explain-why", format!("{key}-why")),
                ("explain-else", format!("{key}-else")),
            ] {
                text += &["  ", &texts.get(title), "\n"].concat();
                for line in width::lines(&texts.get(&key), columns.saturating_sub(4).max(20)) {
                    text += &["    ", &line, "\n"].concat();
                }
            }
            text += &["  ", &texts.get("explain-check"), "\n"].concat();
            text += &["    tcpdump -n ", &check.tcpdump, " '", filter(key), "'\n"].concat();
            if let Some(call) = &check.scapy {
                text += &["    scapy: ", call, "\n"].concat();
            }
        }
        text
    }
}

impl Talk {
    /// Whether both are between the same ends.
    fn same(self, other: Talk) -> bool {
        (self.from, self.to) == (other.from, other.to)
            || (self.from, self.to) == (other.to, other.from)
    }
}

impl Kept {
    /// Seconds after the first packet, SENT or RCVD where that is known, and what tcpdump would print.
    fn line(&self) -> String {
        let word = self
            .sent
            .map_or("", |sent| if sent { "SENT " } else { "RCVD " });
        let mut line = format!("{:.6} {word}", self.at.as_secs_f64());
        let mut printer = Printer::new(Options::default());
        printer.print(self.link, self.length, &self.bytes, &Numeric, &mut line);
        escape::line(&line).into_owned()
    }
}

impl Exchange {
    fn has(&self, talk: Talk) -> bool {
        let (from, to) = (talk.from, talk.to);
        (self.near, self.far) == (from, to) || (self.near, self.far) == (to, from)
    }

    fn take(&mut self, talk: Talk, kept: &Kept) {
        if self.packets.len() < MOST_ARROWS
            && let Some(link) = LinkType::from_number(kept.link)
        {
            self.packets.push(Packet {
                at: kept.at,
                sent: talk.from == self.near,
                link,
                bytes: kept.bytes.clone(),
            });
        }
    }

    fn arrows(&self, texts: &Texts) -> String {
        let evidence = Evidence {
            host: Host::new(self.far.0),
            port: self.far.1,
            packets: self.packets.clone(),
            more: 0,
            path: 0,
        };
        let silence = texts.get("seen-one-way");
        diagram::arrows(&evidence, &silence, texts.lang())
            .iter()
            .flat_map(|line| ["    ", line.trim_end(), "\n"])
            .collect()
    }
}

/// From whom to whom a packet goes.
fn talk(frame: &Frame<'_>) -> Option<Talk> {
    if let Some(quote) = evidence::quote(frame) {
        let transport = match quote.proto {
            6 => Transport::Tcp,
            17 => Transport::Udp,
            _ => Transport::Sctp,
        };
        let ports = quote.ports();
        return Some(Talk {
            from: (quote.dst, ports.map(|(_, to)| (transport, to))),
            to: (quote.src, ports.map(|(from, _)| (transport, from))),
            error: true,
        });
    }
    let (from, to): (IpAddr, IpAddr) = match &frame.net {
        Net::Arp(arp) => (arp.sender_ip().into(), arp.target_ip().into()),
        Net::Ipv4(ip) => (ip.src().into(), ip.dst().into()),
        Net::Ipv6(ip) => (ip.src().into(), ip.dst().into()),
        Net::Other { .. } => return None,
    };
    Some(Talk {
        from: (from, evidence::port(frame, false)),
        to: (to, evidence::port(frame, true)),
        error: false,
    })
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
        (_, Carried::Tcp(tcp)) => of_tcp(tcp),
        (_, Carried::Udp(udp)) => of_udp(udp),
        (_, Carried::Icmpv4(message)) => of_icmpv4(message.kind(), message.code()),
        (_, Carried::Icmpv6(message)) => of_icmpv6(message.kind(), message.code()),
        (_, Carried::Fragment) => "seen-fragment",
        (_, Carried::Other { .. }) => "seen-protocol",
        (_, Carried::Malformed(_) | Carried::None) => "seen-other",
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
    use proptest::prelude::*;
    use std::collections::BTreeSet;
    use vigie_findings::samples::packets::{self, Probe};
    use vigie_pcap_filter::{Expr, NoNames};

    #[test]
    fn each_kind_present_is_told_once_with_its_count() {
        let probe = Probe::tcp("10.0.1.1", 22);
        let udp = Probe::udp("10.0.1.1", 7);
        let mut packets = packets::arp("10.0.1.1", true).packets;
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
            seen.packet(
                Some(packet.at),
                None,
                packet.link.number(),
                packet.bytes.len() as u32,
                &packet.bytes,
            );
        }
        seen.packet(None, None, 9999, 1, b"?");
        let check = Check {
            tcpdump: "-i eth0".to_owned(),
            scapy: None,
        };
        for lang in Lang::ALL {
            let told = seen.explained(&Texts::new(*lang), Paint::new(false), None, &check);
            insta::assert_snapshot!(format!("seen-{}", lang.code()), told);
        }
        assert_eq!(
            Seen::default().explained(&Texts::new(Lang::En), Paint::new(false), None, &check),
            ""
        );
    }

    #[test]
    fn every_kind_has_a_text_and_stands_once() {
        let texts = Texts::new(Lang::En);
        let keys: BTreeSet<&str> = KINDS.iter().map(|(_, key)| *key).collect();
        assert_eq!(keys.len(), KINDS.len());
        for key in &keys {
            for end in ["", "-why", "-else"] {
                assert!(texts.has(&format!("{key}{end}")), "{key}{end}");
            }
            let expr = Expr::parse(filter(key), &NoNames);
            assert!(expr.is_ok() && !filter(key).is_empty(), "{key}");
        }
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
                seen.packet(None, None, link, bytes.len() as u32, &bytes);
                prop_assert_eq!(seen.kinds.values().map(|sort| sort.count).sum::<u64>(), 1);
            }
        }
    }
}
