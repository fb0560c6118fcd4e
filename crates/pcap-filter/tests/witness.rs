//! Comparison with libpcap's compiler: the same verdicts on more than 100,000 packets, for every filter of a large set.
//!
//! tcpdump runs the filters on capture files. The packets are generated from a seed: well-formed ones of every protocol
//! that filters name, with few addresses and ports so that filters match, truncated ones, modified ones and random
//! ones. Nothing is sent.
//!
//! Long because it contains the list of all filters.

mod packets;
mod random;

use std::{
    collections::BTreeSet,
    io::Write as _,
    path::{Path, PathBuf},
    process::Command,
};

use packets::frame;
use random::Random;
use vigie_pcap_filter::{Expr, FilterNames, ProgramInput};
use vigie_wire::LinkType;

/// Number of bytes captured per packet.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Captured {
    /// More than all headers: no load of a filter fails.
    Whole,
    /// A random number: whether a load fails then depends on the order of loads.
    Cut,
}

/// Writes a capture file. The time of a packet is its number in seconds; some packets are longer on the wire.
fn capture(
    name: &str,
    link: LinkType,
    count: usize,
    captured: Captured,
    seed: u64,
) -> (PathBuf, Vec<(Vec<u8>, u32)>) {
    let mut random = Random(seed);
    let packets: Vec<(Vec<u8>, u32)> = (0..count)
        .map(|_| {
            let mut frame = frame(&mut random, link);
            match captured {
                Captured::Whole => frame.resize(frame.len().max(160), 0),
                Captured::Cut => frame.truncate(random.below(frame.len() + 1)),
            }
            let length = frame.len().max(20 + random.below(200)) as u32;
            (frame, length)
        })
        .collect();
    let mut file = Vec::new();
    for word in [
        0xa1b2_c3d4_u32,
        0x0004_0002,
        0,
        0,
        262_144,
        u32::from(link.number()),
    ] {
        file.extend(word.to_le_bytes());
    }
    for (number, (frame, length)) in packets.iter().enumerate() {
        for word in [number as u32, 0, frame.len() as u32, *length] {
            file.extend(word.to_le_bytes());
        }
        file.extend(frame);
    }
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::File::create(&path)
        .and_then(|mut out| out.write_all(&file))
        .expect("the capture file is written");
    (path, packets)
}

/// Returns the numbers of the packets that tcpdump accepts; `None` if it rejects the filter.
fn tcpdump(path: &Path, filter: &str) -> Option<BTreeSet<usize>> {
    let output = Command::new("tcpdump")
        .arg("-r")
        .arg(path)
        .args(["-w", "-", filter])
        .output()
        .expect("tcpdump runs (Debian: apt-get install tcpdump)");
    if !output.status.success() {
        return None;
    }
    let mut accepted = BTreeSet::new();
    let mut rest = output.stdout.get(24..).unwrap_or_default();
    while let Some((header, body)) = rest.split_first_chunk::<16>() {
        let word = |at: usize| {
            u32::from_le_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]])
                as usize
        };
        accepted.insert(word(0));
        rest = &body[word(8)..];
    }
    Some(accepted)
}

/// Service names of Debian's /etc/services, which tcpdump reads.
struct Services;

impl FilterNames for Services {
    fn host(&self, _: &str) -> Vec<core::net::IpAddr> {
        Vec::new()
    }

    fn port(&self, name: &str) -> Option<(u16, Vec<u8>)> {
        match name {
            "ssh" => Some((22, vec![6])),
            "domain" => Some((53, vec![6, 17])),
            "http" => Some((80, vec![6])),
            _ => None,
        }
    }
}

/// Filters that compile on every link type.
const FILTERS: &[&str] = &[
    "",
    "ip",
    "ip6",
    "tcp",
    "udp",
    "icmp",
    "icmp6",
    "sctp",
    "igmp",
    "igrp",
    "esp",
    "ah",
    "pim",
    "vrrp",
    "carp",
    "not ip",
    "not tcp",
    "tcp or udp",
    "not tcp and not udp",
    "! tcp && udp || icmp",
    "ip and not tcp",
    "port 80",
    "src port 53",
    "dst port 53",
    "src or dst port 22",
    "src and dst port 80",
    "dst or src port 443",
    "tcp port 80",
    "udp port 53",
    "sctp port 22",
    "tcp src port 80",
    "udp dst port 53",
    "port 80 or 443",
    "not port 22",
    "port 0x50",
    "port 0120",
    "port domain",
    "udp port domain",
    "tcp port http",
    "port ssh or http",
    "portrange 50-90",
    "tcp portrange 0-1024",
    "udp src portrange 53-53",
    "src and dst portrange 22-443",
    "portrange 90-50",
    "not portrange 1-65535",
    "portrange 80",
    "host 10.0.0.1",
    "src host 10.0.0.1",
    "dst host 10.0.0.2",
    "host 10.0.0.1 and 10.0.0.2",
    "src 10.0.0.1 or dst 10.0.0.2",
    "src and dst host 10.0.0.1",
    "ip host 10.1.2.3",
    "not host 10.0.0.1",
    "host 10.0.0.1 or (src port 80 and 22)",
    "net 10",
    "net 10.0",
    "net 10.0.0",
    "src net 10.1",
    "net 10.0.0.0/8",
    "dst net 192.168.0.0/16",
    "net 0.0.0.0/0",
    "net 10.0.0.0/31",
    "net 10.1 mask 255.255.0.0",
    "ip net 224.0.0.0/4",
    "net 10.0.0.1/32",
    "not net 10",
    "host fe80::1",
    "src host fe80::1",
    "ip6 host 2001:db8::1",
    "net fe80::/10",
    "src net 2001:db8::/32",
    "dst net ff02::/16",
    "net 2001:db8:8000::/33",
    "net ::/0",
    "src net 2001:db8::1/128",
    "host ::1",
    "ip6 src fe80::1 and dst fe80::2",
    "proto 6",
    "proto 17",
    "ip proto 47",
    "ip proto 0",
    "ip6 proto 17",
    "ip proto \\tcp",
    "ip6 proto \\udp",
    "proto \\icmp",
    "proto 300",
    "ip broadcast",
    "ip multicast",
    "ip6 multicast",
    "less 60",
    "greater 100",
    "greater 60 and less 80",
    "len > 100",
    "len <= 60",
    "len = ip[2:2] + 14",
    "len != 60",
    "len & 1 = 0",
    "len - 14 > 60",
    "tcp[13] & 7 != 0",
    "tcp[tcpflags] & (tcp-syn|tcp-ack) != 0",
    "tcp[tcpflags] == tcp-syn",
    "tcp[13] = 18",
    "tcp[tcpflags] & (tcp-cwr|tcp-ece) = (tcp-cwr|tcp-ece)",
    "tcp[2:2] = 80 or tcp[0:2] = 80",
    "udp[4:2] > 100",
    "icmp[icmptype] = icmp-echo",
    "icmp[icmptype] != icmp-echo and icmp[icmpcode] = 3",
    "icmp[0] = 3 and icmp[1] = 1",
    "icmp6[icmp6type] = icmp6-echo",
    "icmp6[0] = 135 or icmp6[0] = 136",
    "icmp6[icmp6type] != icmp6-echoreply",
    "ip[0] & 0xf != 5",
    "ip[0] & 0xf > 5",
    "ip[8] < 64",
    "ip[8] <= 64",
    "ip[8] >= 64",
    "ip[6:2] & 0x1fff != 0",
    "ip[6] & 32 = 0",
    "ip6[6] = 17",
    "ip6[0] & 0xf0 = 0x60",
    "ip[2:2] - ((ip[0] & 0xf) << 2) > 20",
    "tcp[((tcp[12] & 0xf0) >> 2):4] = 0",
    "ip[ip[0] & 15] = 3",
    "ip[12:4] = 0x0a000001",
    "ip[8] * 2 = 128",
    "ip[8] / 2 = 32",
    "ip[8] + ip[9] = 70",
    "ip[8] % 5 = 4",
    "(ip[8] ^ 5) = 69",
    "ip[9] | 1 = 7",
    "ip[2:2] / ip[8] = 0",
    "ip and 64 / ip[6] = 2",
    "ip[8] << 2 > 200",
    "ip[12:4] >> 24 = 10",
    "ip[12] = ip[16]",
    "ip[12:4] = ip[16:4]",
    "tcp[0:2] = tcp[2:2]",
    "ip[100] = 1",
    "not ip[100] = 1",
    "ip[40] > 5",
    "sctp[0:2] = 22",
    "igmp[0] = 3",
    "vrrp[0] = 8",
    "pim[1] = 1",
    "1 = 1",
    "5 > 3 and tcp",
    "3 > 5 or udp",
    "(tcp)",
    "((ip[8])) = 64",
    "not (tcp or udp)",
    "not (tcp and port 80) and not icmp",
    "(tcp and (port 80 or port 443)) or (udp and port 53)",
    "tcp and not (src port 80 or dst port 80) and not host 10.0.0.1",
    "port 80 and host 10.0.0.1 and not src net 10.1",
    "ip or ip6 or tcp",
    "ip6 and udp port 53",
    "ip6 and tcp",
    "proto 6 and ip proto 6",
    "tcp port 80 or tcp port 443 or tcp port 22",
    "udp port 53 or tcp port 53",
    "tcp[13] = 2 and dst port 80",
    "icmp or icmp6",
    "icmp[0] = 3 and icmp[1] = 4",
    "src port 80 and dst port 1025 and tcp",
    "not port 53 and not port 80",
    "portrange 22-80 and not port 53",
    "less 40 or greater 90",
    "ip[9] = 6 and ip[8] > 1 and ip[8] < 128",
];

/// Words about Ethernet.
const ETHERNET: &[&str] = &[
    "arp",
    "rarp",
    "ether host 02:00:00:00:00:01",
    "ether src 02:00:00:00:00:01",
    "ether dst ff:ff:ff:ff:ff:ff",
    "ether src host 02-00-00-00-00-02",
    "broadcast",
    "ether broadcast",
    "multicast",
    "ether multicast",
    "not broadcast and not multicast",
    "arp host 10.0.0.1",
    "rarp host 10.0.0.2",
    "arp net 10.0.0.0/8",
    "arp src 10.0.0.1",
    "arp[6:2] = 1",
    "arp[7] = 2 or icmp",
    "rarp[7] = 1",
    "ether[0] & 1 = 0",
    "ether[12:2] = 0x800",
    "ether[0:4] * 2 > 5",
    "link[0] = 2",
    "ether proto 0x88cc",
    "ether proto \\ip",
    "ether proto \\arp",
    "ether proto 0x26",
    "ether proto 70000",
    "decnet",
    "lat",
    "stp",
    "vlan",
    "vlan 5",
    "not vlan",
    "vlan and ip",
    "vlan and tcp port 80",
    "vlan 5 and vlan 6",
    "vlan and vlan and ip6",
    "vlan 5 and host 10.0.0.1",
    "not vlan and ip",
    "(vlan or ip) and tcp",
    "vlan 7 or vlan 5",
    "vlan and not tcp",
    "mpls",
    "mpls 100",
    "mpls and ip",
    "mpls and mpls and ip6",
    "mpls and host 10.0.0.1",
    "mpls 100 and tcp port 80",
    "vlan and mpls and ip",
    "pppoed",
    "pppoes",
    "pppoes 7",
    "pppoes and ip",
    "pppoes 7 and tcp",
    "pppoes and ip6 and udp port 53",
    "vlan and pppoes and host 10.0.0.2",
    "ether[6:4] = ether[0:4]",
];

/// Returns random combinations of the filters.
fn joined(random: &mut Random, of: &[&str], count: usize) -> Vec<String> {
    (0..count)
        .map(|_| {
            let mut text = String::new();
            for part in 0..2 + random.below(3) {
                let word = of[1 + random.below(of.len() - 1)];
                if part > 0 {
                    text += random.pick(&[" and ", " or ", " and not ", " or not "]);
                } else if random.chance(4) {
                    text += "not ";
                }
                text.extend(["(", word, ")"]);
            }
            text
        })
        .collect()
}

/// Compares every verdict. Returns the number of filters that both compilers accept.
///
/// On truncated packets, a verdict may depend on which load fails first, and both compilers reorder and remove loads. A
/// difference counts there only if the verdict does not depend on the missing bytes.
fn compare(
    path: &Path,
    packets: &[(Vec<u8>, u32)],
    captured: Captured,
    link: LinkType,
    filters: &[String],
) -> usize {
    let mut compared = 0;
    let mut wrong = Vec::new();
    for text in filters {
        let ours = Expr::parse(text, &Services)
            .and_then(|expr| expr.compile(link, ProgramInput::CapturedBytes, 262_144));
        let (ours, theirs) = match (ours, tcpdump(path, text)) {
            (Ok(program), Some(theirs)) => (program, theirs),
            (Err(error), Some(_)) => {
                wrong.push(format!("{text}: only tcpdump accepts it ({error})"));
                continue;
            }
            // libpcap rejects filters that cannot accept any packet (`ip and arp`), and some orders of tags.
            (_, None) => continue,
        };
        compared += 1;
        let depends_on_the_cut = |bytes: &[u8], length: u32| {
            let verdict = ours.accepts(bytes, length);
            [0, 0xff, 0x45].iter().any(|fill| {
                let longer = [bytes, &[*fill; 200]].concat();
                ours.accepts(&longer, length) != verdict
            })
        };
        let differs: Vec<usize> = packets
            .iter()
            .enumerate()
            .filter(|(number, (bytes, length))| {
                ours.accepts(bytes, *length) != theirs.contains(number)
                    && (captured == Captured::Whole || !depends_on_the_cut(bytes, *length))
            })
            .map(|(number, _)| number)
            .collect();
        if let Some(&first) = differs.first() {
            let (bytes, length) = &packets[first];
            let verdict = ours.accepts(bytes, *length);
            let count = differs.len();
            wrong.push(format!(
                "{text}: {count} differ; packet {first} of {length} bytes: ours {verdict}\n{bytes:02x?}\n{ours}"
            ));
        }
    }
    let shown = wrong[..wrong.len().min(6)].join("\n\n");
    assert!(wrong.is_empty(), "{} of {compared}:\n{shown}", wrong.len());
    compared
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

#[test]
fn ethernet_verdicts_are_those_of_libpcap() {
    let link = LinkType::Ethernet;
    let (path, packets) = capture(
        "filter-ethernet.pcap",
        link,
        100_000,
        Captured::Whole,
        0x5eed,
    );
    let all = [FILTERS, ETHERNET].concat();
    let compared = compare(&path, &packets, Captured::Whole, link, &owned(&all));
    assert_eq!(compared, all.len(), "both compile every filter of the list");
}

#[test]
fn combined_filters_have_the_verdicts_of_libpcap() {
    let link = LinkType::Ethernet;
    let (path, packets) = capture("filter-joined.pcap", link, 20_000, Captured::Whole, 7);
    let filters = joined(&mut Random(11), &[FILTERS, ETHERNET].concat(), 300);
    assert!(compare(&path, &packets, Captured::Whole, link, &filters) > 250);
}

#[test]
fn truncated_packets_have_the_verdicts_of_libpcap() {
    let link = LinkType::Ethernet;
    let (path, packets) = capture("filter-cut.pcap", link, 20_000, Captured::Cut, 3);
    let all = [FILTERS, ETHERNET].concat();
    assert_eq!(
        compare(&path, &packets, Captured::Cut, link, &owned(&all)),
        all.len()
    );
}

#[test]
fn other_links_have_the_verdicts_of_libpcap() {
    let links = [
        LinkType::LinuxSll,
        LinkType::LinuxSll2,
        LinkType::RawIp,
        LinkType::Null,
        LinkType::Loop,
    ];
    for (seed, link) in links.into_iter().enumerate() {
        let name = format!("filter-{}.pcap", link.number());
        let (path, packets) = capture(&name, link, 5_000, Captured::Whole, seed as u64 + 1);
        assert!(
            compare(&path, &packets, Captured::Whole, link, &owned(FILTERS)) > 150,
            "{link:?}"
        );
    }
    let link = LinkType::LinuxSll2;
    let (path, packets) = capture("filter-cooked.pcap", link, 5_000, Captured::Whole, 99);
    let cooked = [
        "inbound",
        "outbound",
        "arp",
        "ifindex 1",
        "ifindex 2 and outbound",
        "ether proto 0x88cc",
    ];
    assert_eq!(
        compare(&path, &packets, Captured::Whole, link, &owned(&cooked)),
        cooked.len()
    );
}

/// A deliberate difference. libpcap drops the protocol check of an operator's right operand, and so reads "TCP" bytes
/// from packets that are not TCP. Here every load is checked, and the comparison is false if one has no meaning.
#[test]
fn right_operands_are_guarded_too() {
    let link = LinkType::Ethernet;
    let (path, packets) = capture("filter-guards.pcap", link, 5_000, Captured::Whole, 5);
    for (text, guard) in [
        ("64 / ip[6] = 2", "ip"),
        (
            "ip[2:2] - ((tcp[12] & 0xf0) >> 2) != 0",
            "tcp and ip[6:2] & 0x1fff = 0",
        ),
    ] {
        let compiled = |text: &str| {
            Expr::parse(text, &Services)
                .and_then(|expr| expr.compile(link, ProgramInput::CapturedBytes, 96))
                .expect("compiles")
        };
        let ours = compiled(text);
        let theirs = tcpdump(&path, text).expect("tcpdump accepts it");
        let guarded = tcpdump(&path, &format!("{guard} and {text}")).expect("tcpdump accepts it");
        let accepted: BTreeSet<usize> = (0..packets.len())
            .filter(|&number| ours.accepts(&packets[number].0, packets[number].1))
            .collect();
        assert_eq!(accepted, guarded, "{text}");
        assert_ne!(
            accepted, theirs,
            "{text}: libpcap was fixed; add the filter to the lists"
        );
    }
}

/// libpcap rejects filters that cannot accept any packet; here they compile to a program of one instruction.
#[test]
fn filters_that_accept_no_packet_compile_to_one_instruction() {
    for text in ["1 = 2", "ip and ip6", "ip and icmp6", "tcp[0] = udp[0]"] {
        let program = Expr::parse(text, &Services)
            .and_then(|expr| expr.compile(LinkType::Ethernet, ProgramInput::CapturedBytes, 96))
            .expect("compiles");
        assert_eq!(program.instructions().len(), 1, "{text}\n{program}");
    }
}
