//! Flags for how targets are probed: ports, techniques, interface, source port.

use vigie_scan::plan::Technique;

use super::{ScanFlag, ScanFlags, masscan};
use crate::flags::foreign::nmap;
use crate::flags::{Spelling, Takes};

pub(super) const PORTS: &[ScanFlag] = &[
    ScanFlag::value("ports", Takes::One("PORTS"), "22,80", |o, value| {
        value.string().map(|ports| o.ports = Some(ports))
    })
    .short('p')
    .hyphens()
    .conflicts(&["fast", "top-ports"])
    .spelled(&[nmap("-p"), masscan("-p"), masscan("--ports")]),
    ScanFlag::switch("fast", |o| o.fast = true)
        .short('F')
        .conflicts(&["top-ports"])
        .spelled(&[nmap("-F")]),
    ScanFlag::value("top-ports", Takes::One("N"), "100", |o, value| {
        let count = value.number(1, 65_535)?;
        o.top_ports = usize::try_from(count).ok();
        Ok(())
    })
    .hyphens()
    .spelled(&[nmap("--top-ports"), masscan("--top-ports")]),
];

pub(super) const TECHNIQUES: &[ScanFlag] = &[
    technique("syn", &[nmap("-sS")], |o| o.techniques.push(Technique::Syn)),
    technique("connect", &[nmap("-sT")], |o| {
        o.techniques.push(Technique::Connect);
    }),
    technique("ack", &[nmap("-sA")], |o| o.techniques.push(Technique::Ack)).rare(),
    technique("window", &[nmap("-sW")], |o| {
        o.techniques.push(Technique::Window);
    })
    .rare(),
    technique("fin", &[nmap("-sF")], |o| o.techniques.push(Technique::Fin)).rare(),
    technique("null", &[nmap("-sN")], |o| {
        o.techniques.push(Technique::Null);
    })
    .rare(),
    technique("xmas", &[nmap("-sX")], |o| {
        o.techniques.push(Technique::Xmas);
    })
    .rare(),
    technique("maimon", &[nmap("-sM")], |o| {
        o.techniques.push(Technique::Maimon);
    })
    .rare(),
    ScanFlag::value("scanflags", Takes::One("FLAGS"), "SYNFIN", |o, value| {
        value.string().map(|flags| o.tcp_flags = Some(flags))
    })
    .hyphens()
    .rare()
    .spelled(&[nmap("--scanflags")]),
    technique("ip-protocols", &[nmap("-sO")], |o| {
        o.techniques.push(Technique::IpProtocol);
    })
    .rare(),
    technique("sctp-init", &[nmap("-sY")], |o| {
        o.techniques.push(Technique::SctpInit);
    })
    .rare(),
    technique("sctp-cookie-echo", &[nmap("-sZ")], |o| {
        o.techniques.push(Technique::SctpCookieEcho);
    })
    .rare(),
    ScanFlag::switch("udp", |o| o.udp = true)
        .conflicts(&["hosts-only"])
        .spelled(&[nmap("-sU")]),
    ScanFlag::switch("complete", |o| o.complete = true),
    ScanFlag::switch("no-verify", |o| o.no_verify = true).rare(),
    ScanFlag::value("source", Takes::One("ADDRESSES"), "10.0.0.2", |o, value| {
        value.string().map(|addresses| o.source = Some(addresses))
    })
    .hyphens()
    .requires("udp")
    .rare(),
    ScanFlag::value("interface", Takes::One("IFACE"), "eth0", |o, value| {
        value.string().map(|name| o.interface = Some(name))
    })
    .short('e')
    .hyphens()
    .rare()
    .spelled(&[
        nmap("-e"),
        masscan("-e"),
        masscan("--adapter"),
        masscan("--interface"),
    ]),
    ScanFlag::value("source-port", Takes::One("PORT"), "53", |o, value| {
        o.source_port = u16::try_from(value.number(1, 65_535)?).ok();
        Ok(())
    })
    .short('g')
    .hyphens()
    .rare()
    .spelled(&[
        nmap("-g"),
        nmap("--source-port"),
        masscan("--source-port"),
        masscan("--adapter-port"),
    ]),
];

const fn technique(
    name: &'static str,
    spellings: &'static [Spelling],
    set: fn(&mut ScanFlags),
) -> ScanFlag {
    ScanFlag::switch(name, set).spelled(spellings)
}
