//! Generates random literals: bytes, names, options, records.

use crate::common::Random;
use crate::stacks::call;

pub(crate) fn bytes(random: &mut Random, most: u64) -> String {
    let len = random.below(most + 1);
    let bytes: Vec<u8> = (0..len)
        .map(|_| random.pick(b"abcXYZ\x01\xff\n'\"\\ 0"))
        .collect();
    // Trailing zeros of fixed-length fields are not shown, so a byte string ends with a letter here.
    vigie_craft::repr::bytes(&bytes)
}

pub(crate) fn domain(random: &mut Random) -> String {
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

pub(crate) fn list(random: &mut Random, mut item: impl FnMut(&mut Random) -> String) -> String {
    let items: Vec<String> = (0..random.below(4)).map(|_| item(random)).collect();
    format!("[{}]", items.join(", "))
}

pub(crate) fn record(random: &mut Random) -> String {
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

pub(crate) fn dhcp_options(random: &mut Random) -> String {
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

pub(crate) fn pdu(random: &mut Random) -> String {
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

pub(crate) fn ip_option(random: &mut Random) -> String {
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

pub(crate) fn tcp_options(random: &mut Random) -> String {
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
    // At most what the header's length field can express.
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

/// Generates options of an IPv6 header. A home address is the only option: see "home address among options" in the
/// differences.
pub(crate) fn ipv6_options(random: &mut Random) -> String {
    if random.below(6) == 0 {
        return "[HAO(hoa='2001:db8::99')]".into();
    }
    list(random, ipv6_option)
}

fn ipv6_option(random: &mut Random) -> String {
    match random.below(5) {
        0 => "Pad1()".into(),
        1 => format!("PadN(optdata={})", bytes(random, 6)),
        2 => format!("RouterAlert(value={})", random.below(5)),
        3 => format!("Jumbo(jumboplen={})", random.below(1 << 32)),
        _ => format!(
            "HBHOptUnknown(otype={}, optdata={})",
            random.pick(&[0x3e, 0x1e, 0x9e]),
            bytes(random, 9)
        ),
    }
}

pub(crate) fn sctp_param(random: &mut Random) -> String {
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
