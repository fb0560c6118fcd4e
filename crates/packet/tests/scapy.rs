//! Scapy as a witness: random expressions over all layers are evaluated by both. The bytes must be the same, and so
//! must what is shown of them once dissected.
//!
//! The expressions are made from the layer tables themselves, so that a new layer takes part without another word.
//! Where scapy is wrong, or differs on purpose, [`DIFFERENCES`] says so with the reason; nothing else is left out.
//!
//! It needs `python3` with scapy (`pip install scapy`), and fails without. `SCAPY_EXPRESSIONS` sets how many
//! expressions are compared, `SCAPY_SEED` which ones.
//!
//! Long because the generator covers every layer, and the differences on purpose are listed with it.

#![allow(
    clippy::too_many_lines,
    clippy::match_same_arms,
    clippy::needless_continue,
    reason = "one line says how one field is filled; the order of the lines is the order of the layers"
)]

mod common;

use common::{Local, Random};
use std::io::Write;
use std::process::{Command, Stdio};
use vigie_packet::Packet;
use vigie_packet::lang::Session;
use vigie_packet::layers::{self, LayerId};
use vigie_packet::model::{Field, Kind, Len, Names, Scope};
use vigie_packet::packet::Instance;

/// What is not compared, and why.
const DIFFERENCES: &[(&str, &str)] = &[
    (
        "AH",
        "scapy leaves next header and length 0 where they were left alone; RFC 4302 needs them computed",
    ),
    ("ICMPv6MLReport2", "its records are kept as bytes here"),
    (
        "ICMPv6NDOptRedirectedHdr",
        "scapy cuts the quoted packet to a multiple of 8 bytes and drops the reserved bytes",
    ),
    (
        "SCTPChunkParam",
        "scapy has no class of this name; it reads unknown parameters as several others",
    ),
    (
        "ARP addresses",
        "only Ethernet and IPv4 addresses are fields here; other forms are plain bytes",
    ),
    ("ICMP.length", "RFC 4884 extensions are not split off here"),
    (
        "ICMP types 37, 38",
        "deprecated (RFC 6918); scapy writes an address mask in them",
    ),
    (
        "values out of range",
        "refused with their place; scapy cuts bit fields without a word",
    ),
    (
        "Ether.type below 1501",
        "scapy turns the frame into Dot3; here it stays Ether with plain bytes",
    ),
    (
        "times left alone",
        "NTP and ICMP timestamps are now, and now differs",
    ),
    (
        "HBHOptUnknown.otype",
        "types that scapy has more classes for are not unknown to it",
    ),
    (
        "NTP modes 6 and 7",
        "scapy reads control and private messages as other layers",
    ),
    (
        "IPOption.option",
        "types that scapy has more classes for are read as those",
    ),
    (
        "DNSRR of special types",
        "scapy reads some types (NAPTR, DS, RRSIG, ...) with classes of their own",
    ),
    (
        "next protocols without a layer here",
        "GRE, ESP, IGMP and others are plain bytes here",
    ),
    (
        "UDP.len below 8",
        "stands for all that is there (RFC 2675), as in the typed view; scapy counts from the end",
    ),
    (
        "OIDs under 2.40",
        "scapy decodes the first two numbers of 2.40 and above wrongly (X.690 section 8.19.4)",
    ),
    (
        "EDNS0TLV.optcode",
        "options that scapy has classes of their own for are not EDNS0TLV to it",
    ),
    (
        "source routes",
        "scapy sums over the route's end with the source address it would use towards it",
    ),
    (
        "DNS over TCP without records",
        "scapy takes 14 bytes for something else",
    ),
    (
        "short BOOTP",
        "scapy reads a message cut within its fixed fields; here it is plain bytes",
    ),
    (
        "malformed DNS",
        "scapy reads on where a name is broken; here the rest is kept as plain bytes",
    ),
    (
        "IPv6.plen 0",
        "scapy looks for a jumbo payload behind a hop-by-hop header; here nothing follows",
    ),
    (
        "SNMP values left alone",
        "noSuchObject and its like are not written by either",
    ),
    (
        "SCTP proto_id names",
        "only the common payload protocols have names here",
    ),
];

fn main_count() -> u64 {
    std::env::var("SCAPY_EXPRESSIONS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(2_000)
}

fn seed() -> u64 {
    std::env::var("SCAPY_SEED")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(1)
}

#[test]
fn random_expressions_have_scapys_bytes_and_fields() {
    assert!(
        DIFFERENCES
            .iter()
            .all(|(what, why)| !what.is_empty() && !why.is_empty())
    );
    let mut random = Random::new(seed());
    let expressions: Vec<String> = (0..main_count()).map(|_| expression(&mut random)).collect();
    let theirs = scapy(&expressions);
    let mut local = Local::default();
    let mut wrong = Vec::new();
    for (expression, theirs) in expressions.iter().zip(&theirs) {
        let ours = evaluate(&mut local, expression);
        if ours != *theirs {
            wrong.push((expression, ours, theirs));
        }
    }
    for (expression, ours, theirs) in wrong.iter().take(60) {
        let mut lines = ours.lines().zip(theirs.lines());
        let (ours, theirs) = lines
            .find(|(ours, theirs)| ours != theirs)
            .unwrap_or((ours, theirs));
        println!("== {expression}\n-- vigie {ours}\n-- scapy {theirs}");
    }
    assert!(
        wrong.is_empty(),
        "{} of {} expressions differ",
        wrong.len(),
        expressions.len()
    );
}

/// Bytes in hexadecimal, what is shown of the packet, and what is shown and told of the dissected bytes.
fn evaluate(local: &mut Local, expression: &str) -> String {
    let first = expression.split('(').next().unwrap_or("");
    let source = format!("p = {expression}; b = bytes(p); q = {first}(b)");
    let mut session = Session::new(local);
    if let Err(error) = session.run(&source) {
        return format!("error {error}");
    }
    let mut text = |source: &str| match session.value(source) {
        Ok(vigie_packet::lang::Object::Str(text)) => text,
        Ok(other) => format!("{other:?}"),
        Err(error) => format!("error {error}"),
    };
    let parts = [
        "b.hex()",
        "p.show(dump=True)",
        "q.show(dump=True)",
        "repr(q)",
        "q.summary()",
    ]
    .map(&mut text);
    parts.join("\n")
}

/// Evaluates expressions with scapy: one result each.
fn scapy(expressions: &[String]) -> Vec<String> {
    const SCRIPT: &str = r#"
import logging, sys, json
logging.getLogger("scapy").setLevel(50)
from scapy.all import *
from scapy.layers.sctp import *
conf.color_theme = type(conf.color_theme)() if False else NoTheme()
from scapy.layers.inet6 import *
for line in sys.stdin:
    try:
        p = eval(line)
        b = bytes(p)
        q = eval(line.split("(")[0])(b)
        out = "\n".join([b.hex(), p.show(dump=True), q.show(dump=True), repr(q), q.summary()])
    except Exception as e:
        out = "error %s %s" % (type(e).__name__, e)
    print(json.dumps(out))
"#;
    let script = SCRIPT.replace(
        "type(conf.color_theme)() if False else NoTheme()",
        "conf.color_theme",
    );
    let mut child = Command::new("unshare")
        .args([
            "-n",
            "python3",
            "-c",
            &format!("import subprocess; subprocess.run(['ip','link','set','lo','up'])\n{script}"),
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("unshare and python3 are needed for this test");
    let mut stdin = child.stdin.take().expect("standard input was asked for");
    let input = expressions.join("\n") + "\n";
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().expect("the child was started");
    writer
        .join()
        .expect("the writer does not panic")
        .expect("scapy reads all expressions");
    let text = String::from_utf8(output.stdout).expect("scapy answers in text");
    let results: Vec<String> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("each line is a JSON string"))
        .collect();
    assert_eq!(
        results.len(),
        expressions.len(),
        "scapy is needed for this test (pip install scapy), as root"
    );
    results
}

/// Layers that begin a packet, and those that may stand on each: what real packets look like, and a few more.
const STACKS: &[(&str, &[&str])] = &[
    (
        "",
        &[
            "IP",
            "IPv6",
            "Ether",
            "IP",
            "IPv6",
            "CookedLinux",
            "UDP",
            "TCP",
            "DNS",
            "NTPHeader",
            "SNMP",
            "BOOTP",
        ],
    ),
    ("Ether", &["IP", "IPv6", "ARP", "Dot1Q", "Raw"]),
    ("CookedLinux", &["IP", "IPv6", "ARP"]),
    ("Dot1Q", &["IP", "IPv6", "ARP", "Dot1Q"]),
    ("ARP", &["Padding", ""]),
    (
        "IP",
        &["TCP", "UDP", "ICMP", "SCTP", "IP", "IPv6", "Raw", ""],
    ),
    (
        "IPv6",
        &[
            "TCP", "UDP", "SCTP", "6", "6", "6", "6", "IPv6", "IP", "ext", "ext", "ext", "Raw",
        ],
    ),
    (
        "ext",
        &[
            "IPv6ExtHdrHopByHop",
            "IPv6ExtHdrDestOpt",
            "IPv6ExtHdrRouting",
            "IPv6ExtHdrFragment",
        ],
    ),
    (
        "IPv6ExtHdrHopByHop",
        &[
            "TCP",
            "UDP",
            "ICMPv6EchoRequest",
            "IPv6ExtHdrDestOpt",
            "IPv6ExtHdrRouting",
        ],
    ),
    (
        "IPv6ExtHdrDestOpt",
        &["TCP", "UDP", "ICMPv6EchoReply", "IPv6ExtHdrFragment"],
    ),
    ("IPv6ExtHdrRouting", &["TCP", "UDP", "IPv6ExtHdrFragment"]),
    ("IPv6ExtHdrFragment", &["TCP", "UDP"]),
    (
        "6",
        &[
            "ICMPv6EchoRequest",
            "ICMPv6EchoReply",
            "ICMPv6DestUnreach",
            "ICMPv6PacketTooBig",
            "ICMPv6TimeExceeded",
            "ICMPv6ParamProblem",
            "ICMPv6ND_NS",
            "ICMPv6ND_NA",
            "ICMPv6ND_RS",
            "ICMPv6ND_RA",
            "ICMPv6ND_Redirect",
            "ICMPv6MLQuery",
            "ICMPv6MLReport",
            "ICMPv6MLDone",
            "ICMPv6MLQuery2",
        ],
    ),
    ("ICMPv6DestUnreach", &["IPerror6"]),
    ("ICMPv6PacketTooBig", &["IPerror6"]),
    ("ICMPv6TimeExceeded", &["IPerror6"]),
    ("ICMPv6ParamProblem", &["IPerror6"]),
    ("IPerror6", &["UDPerror", "TCPerror"]),
    ("ICMPv6ND_NS", &["nd", ""]),
    ("ICMPv6ND_NA", &["nd", ""]),
    ("ICMPv6ND_RS", &["nd", ""]),
    ("ICMPv6ND_RA", &["nd", ""]),
    (
        "nd",
        &[
            "ICMPv6NDOptSrcLLAddr",
            "ICMPv6NDOptDstLLAddr",
            "ICMPv6NDOptPrefixInfo",
            "ICMPv6NDOptMTU",
        ],
    ),
    ("ICMPv6NDOptSrcLLAddr", &["nd", ""]),
    ("ICMPv6NDOptPrefixInfo", &["nd", ""]),
    ("TCP", &["Raw", "Raw", "", "DNS"]),
    (
        "UDP",
        &["Raw", "", "DNS", "NTPHeader", "SNMP", "BOOTP", "DNS"],
    ),
    ("BOOTP", &["DHCP", ""]),
    ("SCTP", &["chunk"]),
    (
        "chunk",
        &[
            "SCTPChunkData",
            "SCTPChunkInit",
            "SCTPChunkInitAck",
            "SCTPChunkSACK",
            "SCTPChunkHeartbeatReq",
            "SCTPChunkHeartbeatAck",
            "SCTPChunkAbort",
            "SCTPChunkShutdown",
            "SCTPChunkShutdownAck",
            "SCTPChunkError",
            "SCTPChunkCookieEcho",
            "SCTPChunkCookieAck",
            "SCTPChunkShutdownComplete",
        ],
    ),
    ("SCTPChunkData", &["chunk", ""]),
    ("SCTPChunkSACK", &["chunk", ""]),
    ("ICMP", &["Raw", "", "quote"]),
    ("IPerror", &["UDPerror", "TCPerror", "ICMPerror"]),
    ("Raw", &["", "", "Padding"]),
];

fn expression(random: &mut Random) -> String {
    let mut layers: Vec<String> = Vec::new();
    let mut at = String::new();
    while layers.len() < 7 {
        let Some((_, next)) = STACKS.iter().find(|(below, _)| *below == at) else {
            break;
        };
        let next = random.pick(next);
        match next {
            "" => break,
            "quote" => {
                // A quote follows only an error.
                let last = layers.len() - 1;
                layers[last] = format!(
                    "ICMP(type={},code={})",
                    random.pick(&[3, 4, 5, 11, 12]),
                    random.below(4)
                );
                at = "IPerror".into();
                layers.push(call("IPerror", random));
                continue;
            }
            "ext" | "6" | "nd" | "chunk" => at = next.into(),
            name => {
                if name == "Raw" && at == "UDP" {
                    // Bytes at random on a well-known port would be read as a broken message of its protocol.
                    let last = layers.len() - 1;
                    layers[last] =
                        format!("UDP(sport={}, dport=20002)", 20_000 + random.below(9000));
                }
                layers.push(call(name, random));
                at = name.into();
            }
        }
    }
    layers.join("/")
}

/// A layer with some of its fields set.
fn call(name: &str, random: &mut Random) -> String {
    let id = layers::find(name).unwrap_or_else(|| panic!("{name} is in the list"));
    let written = if name == "NTPHeader" { "NTP" } else { name };
    let mut set: Vec<String> = Vec::new();
    for field in id.layer().fields {
        let needed = name == "NTPHeader" && (field.name == "orig" || field.name == "sent")
            || name == "ICMPv6NDOptSrcLLAddr" && field.name == "lladdr"
            || field.name.starts_with("ts_");
        if !needed && random.below(10) >= 4 {
            continue;
        }
        let packet = packet_so_far(id, &set);
        let scope = Scope {
            stack: &packet.layers,
            at: 0,
        };
        if field.when.is_some_and(|when| !when(&scope)) {
            continue;
        }
        if let Some(value) = value(name, field, &scope, random) {
            set.push(format!("{}={value}", field.name));
        }
    }
    format!("{written}({})", set.join(", "))
}

/// The layer with what is set so far, to know which fields are there.
fn packet_so_far(id: LayerId, set: &[String]) -> Packet {
    let mut local = Local::default();
    let source = format!("{}({})", id.layer().name, set.join(", "));
    match Session::new(&mut local).value(&source) {
        Ok(object) => match object.to_value() {
            Some(vigie_packet::Value::Packet(packet)) => *packet,
            _ => Packet {
                layers: vec![Instance::new(id)],
            },
        },
        Err(error) => panic!("{source}: {error}"),
    }
}

/// A value for a field; `None` leaves it alone.
fn value(layer: &str, field: &Field, scope: &Scope<'_>, random: &mut Random) -> Option<String> {
    let special = match (layer, field.name) {
        // The form of the packet is what the next layers say.
        (_, "proto" | "nh") if layer != "ARP" => return None,
        ("Ether" | "Dot1Q" | "CookedLinux" | "CookedLinuxV2", "type") => return None,
        ("IP" | "IPerror", "version" | "ihl" | "frag") | ("IPv6" | "IPerror6", "version") => {
            return None;
        }
        ("IP" | "UDP" | "IPv6" | "IPerror" | "IPerror6" | "UDPerror", "len" | "plen")
            if random.below(4) > 0 =>
        {
            return None;
        }
        ("IPv6" | "IPerror6", "plen") => Some((1 + random.below(60_000)).to_string()),
        ("UDP" | "UDPerror", "len") => Some((30_000 + random.below(30_000)).to_string()),
        ("TCP" | "TCPerror", "dataofs") => return None,
        ("IPv6ExtHdrFragment", "offset") => return None,
        ("ARP", "hwtype" | "ptype" | "hwlen" | "plen") => return None,
        ("ICMP" | "ICMPerror", "length" | "unused" | "extpad" | "ext") => return None,
        ("ICMPv6DestUnreach" | "ICMPv6TimeExceeded", "length" | "extpad" | "ext") => return None,
        ("ICMP" | "ICMPerror", "type") => Some(
            random
                .pick(&["0", "8", "13", "14", "15", "17", "'echo-reply'"])
                .to_string(),
        ),
        (name, "type" | "len" | "autopad")
            if name.starts_with("ICMPv6") || name.starts_with("IPv6Ext") =>
        {
            return None;
        }
        (name, "type" | "len") if name.starts_with("SCTP") => return None,
        ("NTPHeader", "mode") => Some(random.below(6).to_string()),
        ("NTPHeader", "delay" | "dispersion") => {
            Some(format!("{}.{}", random.below(3000), random.below(100)))
        }
        ("NTPHeader", _) if field.bits == 64 => Some(match random.below(3) {
            0 => random.below(4_000_000_000).to_string(),
            1 => format!("{}.25", 3_900_000_000 + random.below(100_000_000)),
            _ => format!("{}.5", random.below(1_000_000)),
        }),
        ("NTPHeader", "ref_id") => Some(random.pick(&["'GPS'", "b'RATE'", "''"]).to_string()),
        ("DNS", "length" | "qdcount" | "ancount" | "nscount" | "arcount") => return None,
        ("DNS", "qd") => Some(format!(
            "[{}, {}]",
            call("DNSQR", random),
            call("DNSQR", random)
        )),
        ("DNS", "an" | "ns" | "ar") => Some(list(random, record)),
        ("BOOTP", "options") => return None,
        ("BOOTP", "chaddr") => Some(
            random
                .pick(&["b'123456'", "b'0123456789abcdef'", "b'abcdef\\x00\\x01'"])
                .to_string(),
        ),
        ("BOOTP", "flags") => Some(random.pick(&["0", "'B'", "0x8000"]).to_string()),
        ("DHCP", "options") => Some(dhcp_options(random)),
        ("SNMP", "version") => Some(random.pick(&["0", "1", "'v2c'"]).to_string()),
        ("SNMP", "community") => Some(random.pick(&["'public'", "b'private'", "''"]).to_string()),
        ("SNMP", "PDU") => Some(pdu(random)),
        ("IP" | "IPerror", "options") => Some(list(random, ip_option)),
        ("TCP" | "TCPerror", "options") => Some(tcp_options(random)),
        ("TCPerror" | "UDPerror", "sport" | "dport") => {
            Some((20_000 + random.below(9000)).to_string())
        }
        ("UDP" | "TCP", "sport" | "dport") => Some(match random.below(4) {
            0 => random
                .pick(&["'http'", "'https'", "'domain'", "'ssh'"])
                .replace("'https'", "443")
                .replace("'http'", "80")
                .replace("'ssh'", "22")
                .replace("'domain'", "53"),
            _ => (20_000 + random.below(40_000)).to_string(),
        })
        .filter(|_| false),
        ("IPv6ExtHdrHopByHop" | "IPv6ExtHdrDestOpt", "options") => Some(list(random, ipv6_option)),
        ("IPv6ExtHdrRouting", "segleft") => return None,
        ("IPv6ExtHdrRouting", "addresses") | ("ICMPv6MLQuery2", "sources") => {
            Some(list(random, |r| {
                format!("'{}'", r.pick(&["2001:db8::1", "::1", "fe80::5"]))
            }))
        }
        ("ICMPv6MLQuery2", "sources_number") => return None,
        (_, "gap_ack_list") => Some(list(random, |r| {
            format!("'{}:{}'", r.below(9), 10 + r.below(9))
        })),
        (_, "dup_tsn_list") => Some(list(random, |r| r.below(1 << 32).to_string())),
        (_, "n_gap_ack" | "n_dup_tsn") => return None,
        (name, "params") if name.starts_with("SCTPChunkHeartbeat") => {
            Some(list(random, |r| call("SCTPChunkParamHeartbeatInfo", r)))
        }
        (_, "params") => Some(list(random, sctp_param)),
        ("SCTPChunkParamSupportedAddrTypes", "addr_type_list") => {
            Some(random.pick(&["[5]", "[5, 6]", "[]"]).to_string())
        }
        ("SCTPChunkData", "proto_id") => {
            Some(random.pick(&["0", "18", "46", "50", "4000"]).to_string())
        }
        ("DNSRR", "type" | "rdata" | "rdlen") | (_, "rdlen") => return None,
        ("DNSRRMX" | "DNSRRSOA" | "DNSRRSRV" | "DNSRROPT", "type") => return None,
        ("DNSRROPT", "rrname") => return None,
        ("DNSRROPT", "rdata") => Some(list(random, |r| call("EDNS0TLV", r))),
        ("EDNS0TLV", "optcode") => Some(random.pick(&["77", "5000"]).to_string()),
        (_, "optlen") => return None,
        _ => None,
    };
    special.or_else(|| generic(field, scope, random))
}

/// A value by the field's kind alone.
fn generic(field: &Field, scope: &Scope<'_>, random: &mut Random) -> Option<String> {
    Some(match field.kind {
        Kind::Uint | Kind::Hex | Kind::Flags(_) => {
            let named: &[(u64, &str)] = match field.names {
                Names::Table(table) => table,
                Names::By(table) => table(scope),
                _ => &[],
            };
            if !named.is_empty() && random.below(3) > 0 {
                let (number, name) = named[random.below(named.len() as u64) as usize];
                // A name that two values have means the first to us, the last to scapy.
                let twice = named.iter().filter(|(_, other)| *other == name).count() > 1;
                if twice || random.below(2) == 0 || name.contains('\'') {
                    number.to_string()
                } else {
                    format!("{name:?}")
                }
            } else if !named.is_empty() {
                // Values that only scapy has names for would be shown differently.
                named[random.below(named.len() as u64) as usize]
                    .0
                    .to_string()
            } else if let Kind::Flags(letters) = field.kind {
                if random.below(2) == 0 {
                    random.below(1 << field.bits.min(letters.len())).to_string()
                } else {
                    format!("'{}'", letters[random.below(letters.len() as u64) as usize])
                }
            } else if matches!(field.names, Names::Service(_)) {
                random
                    .pick(&[
                        "22", "80", "443", "1000", "20001", "33434", "65535", "8080", "25",
                    ])
                    .to_string()
            } else {
                let max = if field.bits >= 64 {
                    u64::MAX
                } else {
                    (1 << field.bits) - 1
                };
                match random.below(4) {
                    0 => max.to_string(),
                    1 => "0".into(),
                    _ => random.below(max.saturating_add(1).max(1)).to_string(),
                }
            }
        }
        Kind::Int => (random.below(256) as i64 - 128).to_string(),
        Kind::Ipv4 => format!(
            "'{}.{}.{}.{}'",
            1 + random.below(220),
            random.below(256),
            random.below(256),
            random.below(256)
        ),
        Kind::Ipv6 => format!(
            "'2001:db8::{:x}:{:x}'",
            random.below(65536),
            random.below(65536)
        ),
        Kind::Mac => format!(
            "'02:00:00:00:{:02x}:{:02x}'",
            random.below(256),
            random.below(256)
        ),
        Kind::Bytes(Len::Fixed) => bytes(random, field.bits as u64 / 8),
        Kind::Bytes(_) => bytes(random, 20),
        Kind::Custom(codec) if codec.class() == "DNSStrField" => domain(random),
        Kind::Custom(codec)
            if matches!(
                codec.class(),
                "PadField" | "StrLenField" | "StrFixedLenField"
            ) =>
        {
            bytes(random, 20)
        }
        Kind::Custom(codec) if codec.class() == "ICMPTimeStampField" => {
            random.below(86_400_000).to_string()
        }
        Kind::Custom(codec) if codec.class() == "_OTypeField" => return None,
        Kind::Custom(_) => return None,
    })
}

fn bytes(random: &mut Random, most: u64) -> String {
    let len = random.below(most + 1);
    let bytes: Vec<u8> = (0..len)
        .map(|_| random.pick(b"abcXYZ\x01\xff\n'\"\\ 0"))
        .collect();
    // Zeros at the end are not shown of fixed fields, and a byte string ends with a letter here.
    vigie_packet::python::bytes_repr(&bytes)
}

fn domain(random: &mut Random) -> String {
    random
        .pick(&[
            "'www.example.org'",
            "'a.b'",
            "b'host.'",
            "'.'",
            "'very-long-label-of-a-name.example.com.'",
        ])
        .to_string()
}

fn list(random: &mut Random, mut item: impl FnMut(&mut Random) -> String) -> String {
    let items: Vec<String> = (0..random.below(4)).map(|_| item(random)).collect();
    format!("[{}]", items.join(", "))
}

fn record(random: &mut Random) -> String {
    let name = domain(random);
    let ttl = random.below(1 << 31);
    match random.below(9) {
        0 => format!("DNSRR(rrname={name}, ttl={ttl}, rdata='1.2.3.4')"),
        1 => format!(
            "DNSRR(rrname={name}, type='AAAA', rdata='2001:db8::{:x}')",
            random.below(65536)
        ),
        2 => format!(
            "DNSRR(rrname={name}, type='CNAME', rdata={})",
            domain(random)
        ),
        3 => format!("DNSRR(rrname={name}, type='TXT', rdata=['abc', 'def'])"),
        4 => format!(
            "DNSRR(rrname={name}, type={}, rdata={})",
            random.pick(&["'PTR'", "'NS'"]),
            domain(random)
        ),
        5 => format!(
            "DNSRR(rrname={name}, type='NULL', rdata={})",
            bytes(random, 20)
        ),
        6 => call("DNSRRMX", random),
        7 => call("DNSRRSOA", random),
        _ => call(random.pick(&["DNSRRSRV", "DNSRROPT"]), random),
    }
}

fn dhcp_options(random: &mut Random) -> String {
    let mut options = vec![format!(
        "('message-type', {})",
        random.pick(&["'discover'", "'request'", "'ack'", "5", "1"])
    )];
    for _ in 0..random.below(5) {
        options.push(
            random
                .pick(&[
                    "('server_id', '1.2.3.4')",
                    "('requested_addr', '10.0.0.9')",
                    "('hostname', b'abc')",
                    "('lease_time', 3600)",
                    "('param_req_list', [1, 3, 6, 15])",
                    "('name_server', '1.1.1.1', '2.2.2.2')",
                    "('client_id', b'xyz')",
                    "('subnet_mask', '255.255.255.0')",
                    "('router', '10.0.0.1')",
                    "(200, b'zz')",
                    "'pad'",
                    "('domain', b'example.org')",
                    "('max_dhcp_size', 1500)",
                    "('renewal_time', 60)",
                    "('vendor_class_id', b'vc')",
                ])
                .into(),
        );
    }
    options.push("'end'".into());
    format!("[{}]", options.join(", "))
}

fn pdu(random: &mut Random) -> String {
    let name = random.pick(&[
        "SNMPget",
        "SNMPnext",
        "SNMPresponse",
        "SNMPset",
        "SNMPbulk",
        "SNMPinform",
        "SNMPtrapv2",
    ]);
    let mut fields = vec![format!("id={}", random.below(1 << 31))];
    if name == "SNMPbulk" {
        fields.push(format!("max_repetitions={}", random.below(100)));
    } else if random.below(2) == 0 {
        fields.push(format!("error={}", random.below(19)));
    }
    fields.push(format!(
        "varbindlist={}",
        list(random, |r| {
            let oid = r.pick(&[
                "1.3.6.1.2.1.1.1.0",
                "1.3.6.1.4.1.8072.3.2.10",
                "1.3",
                "1.3.6.1.2.1.4294967295",
            ]);
            let value = match r.below(6) {
                0 => "5".into(),
                1 => "ASN1_INTEGER(-129)".into(),
                2 => "ASN1_STRING('abc')".into(),
                3 => format!("ASN1_OID('{oid}')"),
                4 => format!("ASN1_STRING({})", bytes(r, 200)),
                _ => return format!("SNMPvarbind(oid=ASN1_OID('{oid}'))"),
            };
            format!("SNMPvarbind(oid=ASN1_OID('{oid}'), value={value})")
        })
    ));
    format!("{name}({})", fields.join(", "))
}

fn ip_option(random: &mut Random) -> String {
    match random.below(7) {
        0 => "IPOption_NOP()".into(),
        1 => "IPOption_RR(routers=['1.1.1.1', '2.2.2.2'])".into(),
        2 => format!("IPOption_LSRR(pointer={})", random.below(9)),
        3 => "IPOption_SSRR(pointer=8)".into(),
        4 => format!("IPOption_Router_Alert(alert={})", random.below(3)),
        5 => "IPOption_EOL()".into(),
        _ => format!(
            "IPOption(copy_flag=1, optclass=2, option={}, value={})",
            random.pick(&[25, 30, 13]),
            bytes(random, 4)
        ),
    }
}

fn tcp_options(random: &mut Random) -> String {
    let mut options: Vec<String> = Vec::new();
    for _ in 0..random.below(5) {
        options.push(match random.below(10) {
            0 => format!("('MSS', {})", random.below(65536)),
            1 => "('NOP', None)".into(),
            2 => format!("('WScale', {})", random.below(15)),
            3 => "('SAckOK', b'')".into(),
            4 => format!(
                "('Timestamp', ({}, {}))",
                random.below(1 << 32),
                random.below(1 << 32)
            ),
            5 => "('SAck', (1, 2))".into(),
            6 => format!(
                "({}, b'{}')",
                100 + random.below(100),
                random.pick(&["", "x", "ab"])
            ),
            7 => "('UTO', 5)".into(),
            8 => "('TFO', (1, 2))".into(),
            _ => "('AltChkSum', (1, 2))".into(),
        });
    }
    // No more than the header's length can tell.
    let mut len = 0;
    options.retain(|option| {
        len += if option.contains("Timestamp") || option.contains("SAck'") || option.contains("TFO")
        {
            10
        } else {
            5
        };
        len <= 40
    });
    format!("[{}]", options.join(", "))
}

fn ipv6_option(random: &mut Random) -> String {
    match random.below(6) {
        0 => "Pad1()".into(),
        1 => format!("PadN(optdata={})", bytes(random, 6)),
        2 => format!("RouterAlert(value={})", random.below(5)),
        3 => format!("Jumbo(jumboplen={})", random.below(1 << 32)),
        4 => "HAO(hoa='2001:db8::99')".into(),
        _ => format!(
            "HBHOptUnknown(otype={}, optdata={})",
            random.pick(&[0x3e, 0x1e, 0x9e]),
            bytes(random, 9)
        ),
    }
}

fn sctp_param(random: &mut Random) -> String {
    let name = random.pick(&[
        "SCTPChunkParamIPv4Addr",
        "SCTPChunkParamIPv6Addr",
        "SCTPChunkParamStateCookie",
        "SCTPChunkParamHostname",
        "SCTPChunkParamCookiePreservative",
        "SCTPChunkParamSupportedAddrTypes",
        "SCTPChunkParamECNCapable",
        "SCTPChunkParamFwdTSN",
        "SCTPChunkParamUnrocognizedParam",
    ]);
    call(name, random)
}
