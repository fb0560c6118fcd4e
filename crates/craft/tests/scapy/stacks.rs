//! Generates random stacks of layers.

use crate::common::{Local, Random};
use crate::fields::value;
use vigie_craft::Packet;
use vigie_craft::lang::Session;
use vigie_craft::layers::{self, LayerId};
use vigie_craft::model::Context;
use vigie_craft::packet::Instance;

/// Layers that can stand on each layer, and for "" those that can begin a packet: combinations of real packets and more.
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

/// Generates an expression to compare.
pub(crate) fn expression(random: &mut Random) -> String {
    loop {
        let made = stack(random);
        if !cuts_bootp(&made) {
            return made;
        }
    }
}

/// Returns whether a generated length cuts a BOOTP message within its fixed fields, which is a known difference.
fn cuts_bootp(expression: &str) -> bool {
    let length = |rest: &str| {
        let digits = rest.split(|c: char| !c.is_ascii_digit()).next();
        digits.and_then(|text| text.parse::<u32>().ok())
    };
    expression.contains("BOOTP(")
        && expression
            .split("plen=")
            .skip(1)
            .filter_map(length)
            .any(|length| length < 600)
}

fn stack(random: &mut Random) -> String {
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
                // Only ICMP errors quote a datagram.
                let last = layers.len() - 1;
                layers[last] = format!(
                    "ICMP(type={},code={})",
                    random.pick(&[3, 4, 5, 11, 12]),
                    random.below(4)
                );
                at = "IPerror".into();
                layers.push(call("IPerror", random));
            }
            "ext" | "6" | "nd" | "chunk" => at = next.into(),
            name => {
                if name == "Raw" && at == "UDP" {
                    // Random bytes on a well-known port would be dissected as a malformed message of its protocol.
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

/// Generates a layer with some of its fields set.
pub(crate) fn call(name: &str, random: &mut Random) -> String {
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
        let context = Context {
            stack: &packet.layers,
            at: 0,
        };
        if field.when.is_some_and(|when| !when(&context)) {
            continue;
        }
        if let Some(value) = value(name, field, &context, random) {
            set.push(format!("{}={value}", field.name));
        }
    }
    format!("{written}({})", set.join(", "))
}

/// Returns the layer with the fields set so far, which decide what other fields are present.
pub(crate) fn packet_so_far(id: LayerId, set: &[String]) -> Packet {
    let mut local = Local::default();
    let source = format!("{}({})", id.layer().name, set.join(", "));
    match Session::new(&mut local).value(&source) {
        Ok(object) => match object.to_value() {
            Some(vigie_craft::Value::Packet(packet)) => *packet,
            _ => Packet {
                layers: vec![Instance::new(id)],
            },
        },
        Err(error) => panic!("{source}: {error}"),
    }
}
