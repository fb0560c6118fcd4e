//! Every UDP payload as tshark dissects it, from a capture of all of them.
//!
//! Each request goes to each of its ports. tshark must recognise the protocol of the payload and report nothing malformed.
//! Fails with a message if tshark is not installed.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use vigie_detect::payload::{self, Payload};

/// Returns tshark's name of the protocol, or `None` if it has no dissector for it on that port. `Data` and heuristic
/// matches of other dissectors do not count.
fn known_as(payload: &Payload) -> Option<&'static str> {
    Some(match payload.name {
        "dns" | "dns-version" => "dns",
        "ntp" | "ntp-control" => "ntp",
        "snmp-v1" | "snmp-v2c" | "snmp-v3" => "snmp",
        "rpc" | "rpcbind" | "rpcbind-dump" | "nfs" | "mountd" => "rpc",
        "netbios-ns" => "nbns",
        "quic" => "quic",
        "dtls" => "dtls",
        "ikev2" | "ikev1" | "ikev2-nat-t" | "ikev1-nat-t" => "isakmp",
        "sip" => "sip",
        "ssdp" | "plex" => "ssdp",
        "mdns" => "mdns",
        "llmnr" => "llmnr",
        "tftp" => "tftp",
        "kerberos" => "kerberos",
        "cldap" => "cldap",
        "stun" => "stun",
        "openvpn" => "openvpn",
        "l2tp" => "l2tp",
        "asf-ping" => "asf",
        "ipmi" => "ipmi_session",
        "radius" => "radius",
        "ripv2" | "ripv1" => "rip",
        "ripng" => "ripng",
        "nat-pmp" | "pcp" => "portcontrol",

        "coap" => "coap",
        "memcached" => "memcache",
        "quake3" | "source-engine" => "quake3",
        "steam" => "steam_ihs_discovery",
        "raknet" => "raknet",
        "xdmcp" => "xdmcp",
        "bacnet" | "bacnet-who-is" => "bacnet",
        "ethernet-ip" => "enip",
        "knx" => "kip",
        "gtp-control" => "gtpv2",
        "gtp-control-v1" | "gtp-user" => "gtp",
        "iax" => "iax2",
        "rdp-udp" => "rdpudp",
        "slp" => "srvloc",
        "mgcp" => "mgcp",
        "bittorrent-dht" => "bt-dht",
        "afs-rx" => "rx",
        "echo" => "echo",
        _ => return None,
    })
}

/// tshark's severity of a protocol violation (`PI_ERROR`).
const ERROR: &str = "8388608";

/// Ports without an entry in tshark's tables for their usual protocol.
const DECODE_AS: &[&str] = &[
    "udp.port==1053,dns",
    "udp.port==2053,dns",
    "udp.port==5300,dns",
    "udp.port==5335,dns",
    "udp.port==5354,dns",
    "udp.port==8053,dns",
    "udp.port==9953,dns",
    "udp.port==2083,dtls",
    "udp.port==3391,dtls",
    "udp.port==5349,dtls",
    "udp.port==10161,dtls",
    "udp.port==20048,rpc",
    "udp.port==27015,quake3",
    "udp.port==27036,steam_ihs_discovery",
    "udp.port==32410,ssdp",
    "udp.port==32412,ssdp",
    "udp.port==32413,ssdp",
    "udp.port==32414,ssdp",
];

/// A file of raw IPv4 packets (pcap, link type 101), one to each port of each payload.
fn capture() -> (Vec<u8>, Vec<(&'static Payload, u16)>) {
    let mut file = Vec::new();
    for word in [0xa1b2_c3d4_u32, 0x0002_0004, 0, 0, 65_535, 101] {
        file.extend(word.to_le_bytes());
    }
    // Version 2.4 as two little-endian 16-bit numbers.
    file[4..8].copy_from_slice(&[2, 0, 4, 0]);
    let mut sent = Vec::new();
    let mut slot = [0; 1500];
    for payload in payload::ALL {
        for &port in payload.ports {
            let len = payload
                .write(&mut slot, 0x1122_3344_5566_7788 + sent.len() as u64)
                .expect("a request fits a frame");
            let total = 28 + len;
            let time = sent.len() as u32;
            for word in [time, 0, total as u32, total as u32] {
                file.extend(word.to_le_bytes());
            }
            file.extend([0x45, 0]);
            file.extend((total as u16).to_be_bytes());
            // No checksums, as with checksum offload; tshark does not verify them.
            file.extend([0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2]);
            // A separate source port for each, or tshark sees one conversation. None is a well-known port.
            file.extend((50_000 + sent.len() as u16).to_be_bytes());
            file.extend(port.to_be_bytes());
            file.extend((8 + len as u16).to_be_bytes());
            file.extend([0, 0]);
            file.extend(&slot[..len]);
            sent.push((*payload, port));
        }
    }
    (file, sent)
}

#[test]
fn tshark_finds_nothing_malformed() {
    let (file, sent) = capture();
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("payloads.pcap");
    fs::write(&path, file).expect("the capture is written");
    let output = Command::new("tshark")
        .args(["-n", "-r"])
        .arg(&path)
        .args(["-T", "fields", "-E", "separator=/t"])
        .args([
            "-e",
            "frame.number",
            "-e",
            "frame.protocols",
            "-e",
            "_ws.malformed",
        ])
        .args(["-e", "_ws.expert.severity", "-e", "_ws.expert.message"])
        .args(DECODE_AS.iter().flat_map(|rule| ["-d", rule]))
        .output()
        .expect("tshark (Debian package tshark) is needed to judge the payloads");
    assert!(
        output.status.success(),
        "tshark: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).expect("fields are text");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), sent.len(), "a line for each packet");
    let mut seen: BTreeMap<&str, bool> = BTreeMap::new();
    let mut bad = Vec::new();
    for (line, (payload, port)) in lines.iter().zip(&sent) {
        let fields: Vec<&str> = line.split('\t').collect();
        let (protocols, malformed) = (fields[1], fields[2]);
        let error = fields[3].split(',').any(|severity| severity == ERROR);
        let found = known_as(payload)
            .is_some_and(|name| protocols.split(':').any(|protocol| protocol == name));
        *seen.entry(payload.name).or_default() |= found;
        // On a port that tshark assigns to another protocol, that dissector may fail.
        if found && (error || !malformed.is_empty()) {
            bad.push(format!("{} to {port}: {line}", payload.name));
        }
    }
    assert!(bad.is_empty(), "malformed:\n{}", bad.join("\n"));
    for payload in payload::ALL {
        if known_as(payload).is_some() {
            assert!(
                seen[payload.name],
                "tshark did not recognise {}",
                payload.name
            );
        }
    }
}
