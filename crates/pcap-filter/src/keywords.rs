//! Keywords of the filter language that stand for numbers: protocols, ICMP types, TCP flags.
//!
//! The numbers come from the IANA registries protocol-numbers, ethernet-numbers, icmp-parameters, icmpv6-parameters
//! and tcp-header-flags, the names from pcap-filter(7).

use crate::ast::Protocol;

/// Protocol keywords.
const PROTOCOLS: &[(&str, Protocol)] = &[
    ("ether", Protocol::Link),
    ("link", Protocol::Link),
    ("ip", Protocol::Ip),
    ("ip6", Protocol::Ip6),
    ("arp", Protocol::Arp),
    ("rarp", Protocol::Rarp),
    ("tcp", Protocol::Transport(6)),
    ("udp", Protocol::Transport(17)),
    ("sctp", Protocol::Transport(132)),
    ("esp", Protocol::Transport(50)),
    ("ah", Protocol::Transport(51)),
    ("pim", Protocol::Transport(103)),
    ("icmp", Protocol::OverIp(1)),
    ("igmp", Protocol::OverIp(2)),
    ("igrp", Protocol::OverIp(9)),
    ("vrrp", Protocol::OverIp(112)),
    ("carp", Protocol::OverIp(112)),
    ("icmp6", Protocol::OverIp6(58)),
    ("moprc", Protocol::EtherType(0x6002)),
    ("mopdl", Protocol::EtherType(0x6001)),
    ("decnet", Protocol::EtherType(0x6003)),
    ("lat", Protocol::EtherType(0x6004)),
    ("sca", Protocol::EtherType(0x6007)),
    ("stp", Protocol::Stp),
];

/// Returns the protocol of a keyword.
pub(crate) fn protocol(word: &str) -> Option<Protocol> {
    PROTOCOLS
        .iter()
        .find(|(name, _)| *name == word)
        .map(|(_, protocol)| *protocol)
}

/// Returns the keyword of a protocol.
pub(crate) fn keyword(protocol: Protocol) -> &'static str {
    PROTOCOLS
        .iter()
        .find(|(_, known)| *known == protocol)
        .map_or("ether", |(name, _)| name)
}

/// Words that tcpdump supports and this crate does not. They get an error of their own.
pub(crate) const UNSUPPORTED: &[&str] = &[
    "gateway",
    "protochain",
    "geneve",
    "wlan",
    "llc",
    "iso",
    "clnp",
    "esis",
    "isis",
    "atalk",
    "aarp",
    "ipx",
    "netbeui",
    "rset",
    "ruleset",
    "rnr",
    "rulenum",
    "reason",
    "action",
    "srnr",
    "subrulenum",
    "type",
    "subtype",
    "addr1",
    "addr2",
    "addr3",
    "addr4",
    "ra",
    "ta",
    "fddi",
    "tr",
    "ppp",
    "slip",
    "radio",
    "vci",
    "vpi",
    "lane",
    "oam",
    "oamf4",
    "sc",
    "bcc",
    "metac",
    "ilmic",
    "connectmsg",
    "sio",
    "opc",
    "dpc",
    "sls",
];

/// EtherTypes after `ether proto`.
const ETHERTYPES: &[(&str, u32)] = &[
    ("ip", 0x0800),
    ("ip6", 0x86dd),
    ("arp", 0x0806),
    ("rarp", 0x8035),
    ("moprc", 0x6002),
    ("mopdl", 0x6001),
    ("decnet", 0x6003),
    ("lat", 0x6004),
    ("sca", 0x6007),
    ("loopback", 0x9000),
];

/// Returns the EtherType of a name after `ether proto`.
pub(crate) fn ethertype(name: &str) -> Option<u32> {
    find(ETHERTYPES, name)
}

/// IP protocol numbers after `ip proto`.
const IP_PROTOCOLS: &[(&str, u32)] = &[
    ("icmp", 1),
    ("igmp", 2),
    ("ipencap", 4),
    ("tcp", 6),
    ("egp", 8),
    ("igp", 9),
    ("igrp", 9),
    ("udp", 17),
    ("dccp", 33),
    ("ipv6", 41),
    ("ipv6-route", 43),
    ("ipv6-frag", 44),
    ("rsvp", 46),
    ("gre", 47),
    ("esp", 50),
    ("ah", 51),
    ("ipv6-icmp", 58),
    ("icmp6", 58),
    ("ipv6-nonxt", 59),
    ("ipv6-opts", 60),
    ("eigrp", 88),
    ("ospf", 89),
    ("ipip", 94),
    ("pim", 103),
    ("ipcomp", 108),
    ("vrrp", 112),
    ("carp", 112),
    ("l2tp", 115),
    ("sctp", 132),
    ("udplite", 136),
];

/// Returns the protocol number of a name after `ip proto`.
pub(crate) fn ip_protocol(name: &str) -> Option<u32> {
    find(IP_PROTOCOLS, name)
}

/// Field offsets, ICMP types and TCP flags.
const CONSTANTS: &[(&str, u32)] = &[
    ("icmptype", 0),
    ("icmp6type", 0),
    ("icmp-echoreply", 0),
    ("icmpcode", 1),
    ("icmp6code", 1),
    ("tcpflags", 13),
    ("icmp-unreach", 3),
    ("icmp-sourcequench", 4),
    ("icmp-redirect", 5),
    ("icmp-echo", 8),
    ("icmp-routeradvert", 9),
    ("icmp-routersolicit", 10),
    ("icmp-timxceed", 11),
    ("icmp-paramprob", 12),
    ("icmp-tstamp", 13),
    ("icmp-tstampreply", 14),
    ("icmp-ireq", 15),
    ("icmp-ireqreply", 16),
    ("icmp-maskreq", 17),
    ("icmp-maskreply", 18),
    ("icmp6-destinationunreach", 1),
    ("icmp6-packettoobig", 2),
    ("icmp6-timeexceeded", 3),
    ("icmp6-parameterproblem", 4),
    ("icmp6-echo", 128),
    ("icmp6-echoreply", 129),
    ("icmp6-multicastlistenerquery", 130),
    ("icmp6-multicastlistenerreportv1", 131),
    ("icmp6-multicastlistenerdone", 132),
    ("icmp6-routersolicit", 133),
    ("icmp6-routeradvert", 134),
    ("icmp6-neighborsolicit", 135),
    ("icmp6-neighboradvert", 136),
    ("icmp6-redirect", 137),
    ("icmp6-routerrenum", 138),
    ("icmp6-nodeinformationquery", 139),
    ("icmp6-nodeinformationresponse", 140),
    ("icmp6-ineighbordiscoverysolicit", 141),
    ("icmp6-ineighbordiscoveryadvert", 142),
    ("icmp6-multicastlistenerreportv2", 143),
    ("icmp6-homeagentdiscoveryrequest", 144),
    ("icmp6-homeagentdiscoveryreply", 145),
    ("icmp6-mobileprefixsolicit", 146),
    ("icmp6-mobileprefixadvert", 147),
    ("icmp6-certpathsolicit", 148),
    ("icmp6-certpathadvert", 149),
    ("icmp6-multicastrouteradvert", 151),
    ("icmp6-multicastroutersolicit", 152),
    ("icmp6-multicastrouterterm", 153),
    ("tcp-fin", 1),
    ("tcp-syn", 2),
    ("tcp-rst", 4),
    ("tcp-push", 8),
    ("tcp-ack", 16),
    ("tcp-urg", 32),
    ("tcp-ece", 64),
    ("tcp-cwr", 128),
];

/// Returns a named constant of arithmetic: a field offset, an ICMP type or a TCP flag.
pub(crate) fn constant(name: &str) -> Option<u32> {
    find(CONSTANTS, name)
}

fn find(table: &[(&str, u32)], name: &str) -> Option<u32> {
    table
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, number)| *number)
}
