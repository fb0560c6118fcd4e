//! DNS messages (RFC 1035 section 4), over UDP, and over TCP with a length field before them.

use super::dns_records::{self, RecordsCodec};
use crate::env::Env;
use crate::codecs::CountOf;
use crate::model::{Field, Init, Layer, Binding, Context};
use crate::packet::{Finish, fill, show};
use crate::repr;
use crate::value::Value;
use alloc::format;
use alloc::string::String;

const OPCODES: &[(u64, &str)] = &[(0, "QUERY"), (1, "IQUERY"), (2, "STATUS")];
const RCODES: &[(u64, &str)] = &[
    (0, "ok"),
    (1, "format-error"),
    (2, "server-failure"),
    (3, "name-error"),
    (4, "not-implemented"),
    (5, "refused"),
];

const fn count(name: &'static str, codec: &'static CountOf) -> Field {
    Field { bits: 16, ..Field::custom(name, codec) }
}

/// The table of fields.
pub const DNS: Layer = Layer {
    bindings: &[
        Binding::new(
            "UDP",
            &[("sport", Init::Int(53))],
            &[&[("dport", 5353)], &[("sport", 5353)], &[("dport", 53)], &[("sport", 53)]],
        ),
        Binding::new("UDPerror", &[("sport", Init::Int(53))], &[&[("dport", 53)], &[("sport", 53)]]),
        Binding::new("TCP", &[("sport", Init::Int(53))], &[&[("dport", 53)], &[("sport", 53)]]),
    ],
    finish: Some(finish),
    summary: Some(summary),
    ..Layer::new(
        "DNS",
        "DNS",
        &[
            Field::uint("length", 16).auto().when(over_tcp),
            Field::uint("id", 16),
            Field::uint("qr", 1),
            Field::uint("opcode", 4).names(OPCODES),
            Field::uint("aa", 1),
            Field::uint("tc", 1),
            Field::uint("rd", 1).or(1),
            Field::uint("ra", 1),
            Field::uint("z", 1),
            Field::uint("ad", 1),
            Field::uint("cd", 1),
            Field::uint("rcode", 4).names(RCODES),
            count("qdcount", &CountOf { field: "qd", size: 2 }),
            count("ancount", &CountOf { field: "an", size: 2 }),
            count("nscount", &CountOf { field: "ns", size: 2 }),
            count("arcount", &CountOf { field: "ar", size: 2 }),
            Field::custom("qd", &RecordsCodec { count: "qdcount", questions: true }),
            Field::custom("an", &RecordsCodec { count: "ancount", questions: false }),
            Field::custom("ns", &RecordsCodec { count: "nscount", questions: false }),
            Field::custom("ar", &RecordsCodec { count: "arcount", questions: false }),
        ],
    )
};

/// Returns whether a length field precedes the message (RFC 1035 section 4.2.2).
pub(super) fn over_tcp(context: &Context<'_>) -> bool {
    context.is_on("TCP")
}

fn finish(f: &mut Finish<'_>) {
    fill!(f, DNS, "length", f.header_len().saturating_sub(2) as u16);
}

fn summary(context: &Context<'_>, env: &dyn Env) -> String {
    let is_mdns = context.is_on("UDP") && {
        let udp = Context { stack: context.stack, at: context.at - 1 };
        udp.uint("sport") == 5353 || udp.uint("dport") == 5353
    };
    let name = if is_mdns { "mDNS" } else { "DNS" };
    let first = |field| match context.value(field) {
        Value::List(items) => match items.into_iter().next() {
            Some(Value::Packet(record)) => Some(record),
            _ => None,
        },
        _ => None,
    };
    let (word, shown) = if context.uint("qr") == 1 {
        let answer = first("an").filter(|record| record.layers[0].layer().name == dns_records::DNSRR.name);
        let data = answer.and_then(|record| record.get(record.layers[0].id(), "rdata"));
        if data.is_none() && context.uint("rcode") != 0 {
            return format!("{name} Ans {}", show::field(context, "rcode", env));
        }
        ("Ans", data)
    } else {
        ("Qry", first("qd").and_then(|record| record.get(record.layers[0].id(), "qname")))
    };
    match shown {
        Some(Value::Ipv4(addr)) => format!("{name} {word} {addr}"),
        Some(Value::Ipv6(addr)) => format!("{name} {word} {addr}"),
        Some(Value::Str(text)) => format!("{name} {word} {text}"),
        Some(value) => format!("{name} {word} {}", repr::value(&value, env)),
        None => format!("{name} {word}"),
    }
}
