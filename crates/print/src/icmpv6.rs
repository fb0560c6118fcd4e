//! ICMPv6 (RFC 4443, RFC 4861, RFC 2710, RFC 3810).

use core::net::{IpAddr, Ipv6Addr};

use crate::{
    bytes::{be16, be32, hex_indented},
    line::{IpPayload, Line, correct_checksum},
};
use vigie_wire::{
    icmpv6::{NdOption, View},
    ipv6,
};

pub(crate) fn print(line: &mut Line<'_>, message: &IpPayload<'_>) {
    let Ok(view) = View::parse(message.bytes) else {
        line.text("ICMP6");
        return line.truncated("icmp6");
    };
    if line.options.verbose > 0 && message.is_whole() {
        checksum(line, message);
    }
    line.text("ICMP6, ");
    let bytes = message.bytes;
    let code = view.code();
    let address = |at: usize| {
        bytes
            .get(at..)
            .and_then(<[u8]>::first_chunk::<16>)
            .map(|octets| IpAddr::V6(Ipv6Addr::from(*octets)))
    };
    match view.kind() {
        1 => {
            line.text("destination unreachable, ");
            if !unreachable(line, code, view.quoted()) {
                return;
            }
        }
        2 => line.add(format_args!(
            "packet too big, mtu {}",
            be32(bytes, 4).unwrap_or(0)
        )),
        3 => time_exceeded(line, code, view.quoted()),
        4 => {
            let octet = be32(bytes, 4).unwrap_or(0);
            match code {
                0 => line.add(format_args!("parameter problem, erroneous - octet {octet}")),
                1 => line.add(format_args!(
                    "parameter problem, next header - octet {octet}"
                )),
                2 => line.add(format_args!("parameter problem, option - octet {octet}")),
                _ => line.add(format_args!("parameter problem, code-#{code}")),
            }
        }
        128 | 129 => {
            let name = if view.kind() == 128 {
                "request"
            } else {
                "reply"
            };
            let (id, sequence) = (be16(bytes, 4).unwrap_or(0), be16(bytes, 6).unwrap_or(0));
            line.add(format_args!("echo {name}, id {id}, seq {sequence}"));
        }
        kind @ 130..=132 => listener(line, kind, be16(bytes, 4).unwrap_or(0), address(8)),
        143 => {
            let count = be16(bytes, 6).unwrap_or(0);
            line.add(format_args!(
                "multicast listener report v2, {count} group record(s)"
            ));
        }
        133..=137 => return neighbour(line, message, &view, address(8), address(24)),
        kind => line.add(format_args!("unknown icmp6 type ({kind})")),
    }
    if line.options.verbose == 0 {
        line.add(format_args!(", length {}", message.length));
    }
}

fn checksum(line: &mut Line<'_>, message: &IpPayload<'_>) {
    let computed = message.checksum();
    if computed == 0 {
        return line.text("[icmp6 sum ok] ");
    }
    let field = be16(message.bytes, 2).unwrap_or(0);
    let correct = correct_checksum(computed, field);
    line.add(format_args!(
        "[bad icmp6 cksum {field:#06x} -> {correct:#06x}!] "
    ));
}

/// Returns false if nothing may follow on the line.
fn unreachable(line: &mut Line<'_>, code: u8, quote: &[u8]) -> bool {
    let Ok(view) = ipv6::View::parse(quote) else {
        line.text("[|icmp6]");
        return false;
    };
    let (source, destination) = (IpAddr::V6(view.src()), IpAddr::V6(view.dst()));
    match code {
        0 => line.text("unreachable route "),
        1 => line.text(" unreachable prohibited "),
        2 => line.text("beyond scope "),
        3 => line.text("unreachable address "),
        4 => {
            line.text("unreachable port, ");
            line.host(destination);
            let (protocol, port) = view
                .walk()
                .map_or((0, None), |upper| (upper.proto, be16(upper.payload, 2)));
            match (protocol, port) {
                (6, Some(port)) => {
                    line.text(" tcp port ");
                    line.port(port, 6);
                }
                (17, Some(port)) => {
                    line.text(" udp port ");
                    line.port(port, 17);
                }
                (protocol, Some(port)) => {
                    line.add(format_args!(" protocol {protocol} port {port} "));
                }
                _ => line.truncated("icmp6"),
            }
            return true;
        }
        _ => {
            line.add(format_args!("unknown unreach code ({code})"));
            return true;
        }
    }
    line.host(destination);
    if code == 2 {
        line.text(", source address ");
        line.host(source);
    }
    true
}

fn time_exceeded(line: &mut Line<'_>, code: u8, quote: &[u8]) {
    line.text("time exceeded in-transit");
    match code {
        0 => {
            if let Ok(view) = ipv6::View::parse(quote) {
                line.text(" for ");
                line.host(view.dst().into());
            }
        }
        1 => line.text(" (reassembly)"),
        _ => line.add(format_args!(", unknown code ({code})")),
    }
}

fn listener(line: &mut Line<'_>, kind: u8, delay: u16, group: Option<IpAddr>) {
    let name = match kind {
        130 => "query",
        131 => "report",
        _ => "done",
    };
    line.add(format_args!(
        "multicast listener {name}max resp delay: {delay} addr: "
    ));
    match group {
        Some(group) => line.host(group),
        None => line.truncated("icmp6"),
    }
}

/// Appends a neighbour discovery message. With `-v` the length comes first and options follow.
fn neighbour(
    line: &mut Line<'_>,
    message: &IpPayload<'_>,
    view: &View<'_>,
    target: Option<IpAddr>,
    destination: Option<IpAddr>,
) {
    let verbose = line.options.verbose > 0;
    line.text(match view.kind() {
        133 => "router solicitation",
        134 => "router advertisement",
        135 => "neighbor solicitation",
        136 => "neighbor advertisement",
        _ => "redirect",
    });
    if verbose {
        line.add(format_args!(", length {}", message.length));
    }
    if let Some(target) = target {
        match view.kind() {
            135 => {
                line.text(", who has ");
                line.host(target);
            }
            136 => {
                line.text(", tgt is ");
                line.host(target);
                if verbose {
                    line.text(", Flags [");
                    line.flags(
                        message.bytes.get(4).copied().unwrap_or(0),
                        &[("router", 0x80), ("solicited", 0x40), ("override", 0x20)],
                    );
                    line.text("]");
                }
            }
            137 => {
                line.text(", ");
                if let Some(destination) = destination {
                    line.host(destination);
                }
                line.text(" to ");
                line.host(target);
            }
            _ => {}
        }
    }
    if !verbose {
        return line.add(format_args!(", length {}", message.length));
    }
    if view.kind() == 134 {
        router(line, message.bytes);
    }
    for option in view.options() {
        self::option(line, option);
    }
}

fn router(line: &mut Line<'_>, bytes: &[u8]) {
    let flags = bytes.get(5).copied().unwrap_or(0);
    line.add(format_args!(
        "\n\thop limit {}, Flags [",
        bytes.get(4).copied().unwrap_or(0)
    ));
    line.flags(
        flags,
        &[
            ("managed", 0x80),
            ("other stateful", 0x40),
            ("home agent", 0x20),
        ],
    );
    let preference = ["medium", "high", "rsv", "low"][usize::from((flags >> 3) & 3)];
    let lifetime = be16(bytes, 6).unwrap_or(0);
    let (reachable, retransmit) = (be32(bytes, 8).unwrap_or(0), be32(bytes, 12).unwrap_or(0));
    line.add(format_args!(
        "], pref {preference}, router lifetime {lifetime}s, reachable time {reachable}ms, retrans timer {retransmit}ms"
    ));
}

fn option(line: &mut Line<'_>, option: NdOption<'_>) {
    let name = match option.kind {
        1 => "source link-address",
        2 => "destination link-address",
        3 => "prefix info",
        4 => "redirected header",
        5 => "mtu",
        24 => "route info",
        25 => "rdnss",
        31 => "dnssl",
        _ => "unknown",
    };
    let length = option.data.len() + 2;
    line.add(format_args!(
        "\n\t  {name} option ({}), length {length} ({}): ",
        option.kind,
        length / 8
    ));
    match (option.kind, option.data) {
        (1 | 2, data) => {
            if let Some(octets) = data.first_chunk::<6>() {
                line.add(format_args!("{:#}", vigie_wire::MacAddr(*octets)));
            }
        }
        (5, data) => line.add(format_args!(" {}", be32(data, 2).unwrap_or(0))),
        (3, data) => prefix(line, data),
        _ => {}
    }
    if line.options.verbose > 1 {
        hex_indented(option.data, line.out);
    }
}

fn prefix(line: &mut Line<'_>, data: &[u8]) {
    let Some(octets) = data.get(14..).and_then(<[u8]>::first_chunk::<16>) else {
        return line.truncated("icmp6");
    };

    line.add(format_args!(
        "{}/{}, Flags [",
        Ipv6Addr::from(*octets),
        data[0]
    ));
    line.flags(
        data[1],
        &[("onlink", 0x80), ("auto", 0x40), ("router", 0x20)],
    );
    line.text("], valid time ");
    lifetime(line, be32(data, 2).unwrap_or(0));
    line.text(", pref. time ");
    lifetime(line, be32(data, 6).unwrap_or(0));
}

fn lifetime(line: &mut Line<'_>, seconds: u32) {
    match seconds {
        u32::MAX => line.text("infinity"),
        _ => line.add(format_args!("{seconds}s")),
    }
}
