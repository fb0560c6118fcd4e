//! Explains captured packets: counts each kind, shows its first packets and their exchange, and says what it means.
//!
//! The kinds are in `kinds`. This file must not know where packets come from.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::IpAddr;
use std::time::Duration;

use vigie_print::{Numeric, Options, Printer};
use vigie_scope::{Host, Transport};
use vigie_wire::LinkType;
use vigie_wire::frame::{Frame, Net};

use crate::scan::explain::diagram;
use crate::style::{Paint, Role};
use crate::{Texts, escape, width};
use vigie_findings::evidence::{Evidence, Packet};
use vigie_findings::frames;

mod kinds;

use kinds::{KINDS, kind};

/// Maximum number of packets of each kind that are shown as lines.
const MAX_LINES: usize = 3;
/// Maximum number of packets of an exchange that are shown as arrows.
const MAX_ARROWS: usize = 8;
/// Number of earlier packets that can belong to a new exchange.
const MAX_RECENT: usize = 32;
/// Width of the text in columns.
const TEXT_WIDTH: usize = 100;

/// Collects packets: counts each kind, and stores its first packets and their exchange.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// By index in `KINDS`.
    kinds: BTreeMap<usize, KindStats>,
    exchanges: Vec<Exchange>,
    /// The latest packets. A new exchange may begin with one of them.
    recent: VecDeque<(Flow, SeenPacket)>,
    /// Time of the first packet.
    start: Option<Duration>,
}

/// The packets of one kind.
#[derive(Clone, Debug, Default)]
struct KindStats {
    count: u64,
    first: Vec<SeenPacket>,
    /// Index in `exchanges`.
    exchange: Option<usize>,
}

/// A captured packet.
#[derive(Clone, Debug)]
struct SeenPacket {
    /// Time since the first packet.
    at: Duration,
    /// Whether this program sent it, if that is known.
    sent: Option<bool>,
    /// Link type: a LINKTYPE number.
    link: u16,
    /// Length on the wire in bytes.
    length: u32,
    bytes: Vec<u8>,
}

/// An address, and the port if there is one.
type Endpoint = (IpAddr, Option<(Transport, u16)>);

/// Source and destination of a packet. For an ICMP error they are those of an answer to the quoted datagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Flow {
    from: Endpoint,
    to: Endpoint,
    /// Whether it is an ICMP error.
    error: bool,
}

/// The packets between two endpoints.
#[derive(Clone, Debug)]
struct Exchange {
    near: Endpoint,
    far: Endpoint,
    packets: Vec<Packet>,
}

/// Commands with which a reader can check the explanation.
#[derive(Clone, Debug, Default)]
pub struct Check {
    /// Input arguments for tcpdump: `-i eth0` or `-r file`.
    pub tcpdump: String,
    /// The scapy call that sends the same packets.
    pub scapy: Option<String>,
}

impl Seen {
    /// Adds a packet. `at` is its time since any fixed time; `sent` says whether this program sent it, if that is known;
    /// `link` is a LINKTYPE number and `length` the length on the wire in bytes.
    pub fn add(
        &mut self,
        at: Option<Duration>,
        sent: Option<bool>,
        link: u16,
        length: u32,
        bytes: &[u8],
    ) {
        let at = at.unwrap_or_default();
        let start = *self.start.get_or_insert(at);
        let packet = SeenPacket {
            at: at.saturating_sub(start),
            sent,
            link,
            length,
            bytes: bytes.to_vec(),
        };
        let frame = LinkType::from_number(link).and_then(|l| Frame::parse(l, bytes).ok());
        let key = frame.as_ref().map_or("seen-other", kind);
        let flow = frame.as_ref().and_then(flow);
        let exchange = flow.and_then(|flow| self.exchange(flow, key, &packet));
        let index = KINDS.iter().position(|kind| kind.key == key);
        let stats = self
            .kinds
            .entry(index.unwrap_or(KINDS.len() - 1))
            .or_default();
        stats.count += 1;
        stats.exchange = stats.exchange.or(exchange);
        if stats.first.len() < MAX_LINES {
            stats.first.push(packet);
        }
    }

    /// Returns the index of the exchange that the packet belongs to. The first packet of a kind begins a new one.
    fn exchange(&mut self, flow: Flow, key: &str, packet: &SeenPacket) -> Option<usize> {
        let new = !self.kinds.keys().any(|index| KINDS[*index].key == key);
        let known = self.exchanges.iter().position(|e| e.has(flow));
        let index = known.or_else(|| {
            new.then(|| {
                let earlier: Vec<_> = self.recent.iter().filter(|(f, _)| f.same(flow)).collect();
                let (first, sent) = earlier
                    .first()
                    .map_or((flow, packet.sent), |(f, p)| (*f, p.sent));
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
                let skipped = earlier.len().saturating_sub(MAX_ARROWS - 1);
                for (flow, packet) in &earlier[skipped..] {
                    exchange.add(*flow, packet);
                }
                self.exchanges.push(exchange);
                self.exchanges.len() - 1
            })
        });
        if let Some(index) = index {
            self.exchanges[index].add(flow, packet);
        }
        if self.recent.len() == MAX_RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back((flow, packet.clone()));
        index
    }

    /// Returns the explanation of each kind: the count, the first packets as lines, their exchange as arrows, what it
    /// means and why, what else it could be, and how to check it. Lines have at most `columns`. Empty if there were no
    /// packets.
    pub fn explain(
        &self,
        texts: &Texts,
        paint: Paint,
        columns: Option<usize>,
        check: &Check,
    ) -> String {
        if self.kinds.is_empty() {
            return String::new();
        }
        let columns = columns.unwrap_or(TEXT_WIDTH).min(TEXT_WIDTH);
        let mut text = [
            "\n",
            &paint.text(Role::Title, &texts.get("seen-title")),
            "\n",
        ]
        .concat();
        let mut drawn = BTreeSet::new();
        for (index, stats) in &self.kinds {
            let kind = &KINDS[*index];
            let key = kind.key;
            let args = [("name", kind.name.into()), ("count", stats.count.into())];
            let head = texts.format("sockets-explain-count", &args);
            text += &["\n", &paint.text(Role::Title, &head), "\n"].concat();
            for packet in &stats.first {
                text += &["    ", &packet.line(), "\n"].concat();
            }
            if let Some(index) = stats.exchange.filter(|index| drawn.insert(*index)) {
                text.push('\n');
                text += &self.exchanges[index].arrows(texts);
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
            text += &["    tcpdump -n ", &check.tcpdump, " '", kind.filter, "'\n"].concat();
            if let Some(call) = &check.scapy {
                text += &["    scapy: ", call, "\n"].concat();
            }
        }
        text
    }
}

impl Flow {
    /// Whether both are between the same endpoints.
    fn same(self, other: Flow) -> bool {
        (self.from, self.to) == (other.from, other.to)
            || (self.from, self.to) == (other.to, other.from)
    }
}

impl SeenPacket {
    /// Returns the packet as tcpdump prints it, after the seconds since the first packet and, if known, SENT or RCVD.
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
    fn has(&self, flow: Flow) -> bool {
        let (from, to) = (flow.from, flow.to);
        (self.near, self.far) == (from, to) || (self.near, self.far) == (to, from)
    }

    fn add(&mut self, flow: Flow, packet: &SeenPacket) {
        if self.packets.len() < MAX_ARROWS
            && let Some(link) = LinkType::from_number(packet.link)
        {
            self.packets.push(Packet {
                at: packet.at,
                sent: flow.from == self.near,
                link,
                bytes: packet.bytes.clone(),
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

/// Returns the source and destination of a frame.
fn flow(frame: &Frame<'_>) -> Option<Flow> {
    if let Some(quote) = frames::quote(frame) {
        let transport = match quote.proto {
            6 => Transport::Tcp,
            17 => Transport::Udp,
            _ => Transport::Sctp,
        };
        let ports = quote.ports();
        return Some(Flow {
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
    Some(Flow {
        from: (from, frames::port(frame, false)),
        to: (to, frames::port(frame, true)),
        error: false,
    })
}

/// Returns a title and lines of two columns: a term and its meaning.
pub fn definition_list(title: &str, lines: &[(String, String)], paint: Paint) -> String {
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

#[cfg(test)]
mod tests {
    use super::kinds::PacketKind;
    use super::*;
    use crate::Lang;
    use proptest::prelude::*;
    use vigie_findings::samples::packets::{self, Probe};
    use vigie_pcap_filter::{Expr, NoNames};

    #[test]
    fn each_kind_is_explained_once_with_its_count() {
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
            seen.add(
                Some(packet.at),
                None,
                packet.link.number(),
                packet.bytes.len() as u32,
                &packet.bytes,
            );
        }
        seen.add(None, None, 9999, 1, b"?");
        let check = Check {
            tcpdump: "-i eth0".to_owned(),
            scapy: None,
        };
        for lang in Lang::ALL {
            let text = seen.explain(&Texts::new(*lang), Paint::new(false), None, &check);
            insta::assert_snapshot!(format!("seen-{}", lang.code()), text);
        }
        assert_eq!(
            Seen::default().explain(&Texts::new(Lang::En), Paint::new(false), None, &check),
            ""
        );
    }

    #[test]
    fn every_kind_has_a_text_and_a_valid_filter() {
        let texts = Texts::new(Lang::En);
        let keys: BTreeSet<&str> = KINDS.iter().map(|kind| kind.key).collect();
        assert_eq!(keys.len(), KINDS.len());
        for PacketKind { key, filter, .. } in KINDS {
            for end in ["", "-why", "-else"] {
                assert!(texts.has(&format!("{key}{end}")), "{key}{end}");
            }
            let expr = Expr::parse(filter, &NoNames);
            assert!(expr.is_ok() && !filter.is_empty(), "{key}");
        }
        assert_eq!(KINDS.last().map(|kind| kind.key), Some("seen-other"));
    }

    proptest! {
        #[test]
        fn every_packet_is_of_a_known_kind(link in any::<u16>(), bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            for link in [link, 1, 101, 276] {
                if let Some(Ok(frame)) = LinkType::from_number(link).map(|l| Frame::parse(l, &bytes)) {
                    let key = kind(&frame);
                    prop_assert!(KINDS.iter().any(|k| k.key == key), "{}", key);
                }
                let mut seen = Seen::default();
                seen.add(None, None, link, bytes.len() as u32, &bytes);
                prop_assert_eq!(seen.kinds.values().map(|stats| stats.count).sum::<u64>(), 1);
            }
        }
    }
}
