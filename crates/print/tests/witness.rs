//! Comparison with tcpdump, packet by packet.
//!
//! Packets of every supported protocol must print the same line, with `-n`, `-e`, `-v` and `-vv`. An explicit list
//! names the details that only tcpdump prints.

mod lines;
mod random;

use std::{
    borrow::Cow,
    net::IpAddr,
    path::{Path, PathBuf},
    process::Command,
};

use lines::packet;
use random::Random;
use vigie_print::{DisplayNames, Dump, Options, Printer};
use vigie_wire::LinkType;

/// Text that only tcpdump prints: the fields of NTP messages with `-v`.
const TOLERATED: &[&str] = &["Leap indicator"];

fn capture(name: &str, link: LinkType, count: usize, seed: u64) -> (PathBuf, Vec<Vec<u8>>) {
    let mut random = Random(seed);
    let packets: Vec<Vec<u8>> = (0..count).map(|_| packet(&mut random, link)).collect();
    let path = write(name, link, &packets);
    (path, packets)
}

fn write(name: &str, link: LinkType, packets: &[Vec<u8>]) -> PathBuf {
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
    for (number, packet) in packets.iter().enumerate() {
        for word in [number as u32, 0, packet.len() as u32, packet.len() as u32] {
            file.extend(word.to_le_bytes());
        }
        file.extend(packet);
    }
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, file).expect("the capture file is written");
    path
}

/// Returns tcpdump's text for each packet. The seconds of the time are the packet's number.
fn tcpdump(path: &Path, flags: &str, count: usize) -> Vec<String> {
    let output = Command::new("tcpdump")
        .args(["-tt", "-n", "-r"])
        .arg(path)
        .args((!flags.is_empty()).then(|| format!("-{flags}")))
        .output()
        .expect("tcpdump runs (Debian: apt-get install tcpdump)");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8_lossy(&output.stdout);
    let mut found = vec![String::new(); count];
    let mut current = 0;
    for line in text.lines() {
        let stamp = line
            .split_once(".000000 ")
            .and_then(|(stamp, rest)| Some((stamp.parse::<usize>().ok()?, rest)));
        if let Some((number, rest)) = stamp {
            current = number;
            found[current].push_str(rest);
        } else {
            found[current].push('\n');
            found[current].push_str(line);
        }
    }
    found
}

/// No names, except the one that tcpdump prints for an unknown interface.
struct UnknownInterfaces;

impl DisplayNames for UnknownInterfaces {
    fn host(&self, _: IpAddr) -> Option<Cow<'_, str>> {
        None
    }

    fn port(&self, _: u16, _: u8) -> Option<Cow<'_, str>> {
        None
    }

    fn interface(&self, _: u32) -> Option<Cow<'_, str>> {
        Some(Cow::Borrowed("?"))
    }
}

fn compare(name: &str, link: LinkType, flags: &str, path: &Path, packets: &[Vec<u8>]) -> usize {
    let options = Options {
        verbose: flags.matches('v').count() as u8,
        link_header: flags.contains('e'),
        absolute_sequence: flags.contains('S'),
        dump: match flags {
            "x" => Dump::Hex { link_header: false },
            "xx" => Dump::Hex { link_header: true },
            "X" => Dump::HexAscii { link_header: false },
            "XX" => Dump::HexAscii { link_header: true },
            "A" => Dump::Ascii { link_header: false },
            "AA" => Dump::Ascii { link_header: true },
            _ => Dump::None,
        },
    };
    let theirs = tcpdump(path, flags, packets.len());
    let mut printer = Printer::new(options);
    let (mut same, mut wrong) = (0, Vec::new());
    for (packet, theirs) in packets.iter().zip(theirs) {
        let mut ours = String::new();
        printer.print(
            link.number(),
            packet.len() as u32,
            packet,
            &UnknownInterfaces,
            &mut ours,
        );
        if ours == theirs {
            same += 1;
        } else if !TOLERATED.iter().any(|word| theirs.contains(word)) {
            wrong.push(format!("theirs {theirs}\n  ours {ours}\n{packet:02x?}"));
        }
    }
    let shown = wrong[..wrong.len().min(60)].join("\n");
    assert!(
        wrong.is_empty(),
        "{name} -{flags}: {} differ of {}\n{shown}",
        wrong.len(),
        packets.len()
    );
    same
}

#[test]
fn ethernet_lines_are_those_of_tcpdump() {
    let link = LinkType::Ethernet;
    let (path, packets) = capture("line-ethernet.pcap", link, 20_000, 1);
    for flags in ["", "e", "v", "vv", "evv"] {
        let same = compare("ethernet", link, flags, &path, &packets);
        assert!(same > packets.len() / 2, "{flags}: {same}");
    }
}

#[test]
fn dumps_and_absolute_numbers_are_those_of_tcpdump() {
    let link = LinkType::Ethernet;
    let (path, packets) = capture("line-dumps.pcap", link, 2_000, 2);
    for flags in ["x", "xx", "X", "XX", "S"] {
        assert_eq!(
            compare("dumps", link, flags, &path, &packets),
            packets.len(),
            "{flags}"
        );
    }
}

#[test]
fn lines_of_other_links_are_those_of_tcpdump() {
    for link in [LinkType::LinuxSll, LinkType::LinuxSll2, LinkType::RawIp] {
        let name = format!("line-{}.pcap", link.number());
        let (path, packets) = capture(&name, link, 5_000, u64::from(link.number()));
        for flags in ["", "v", "e"] {
            let same = compare(&name, link, flags, &path, &packets);
            assert!(same > packets.len() / 2, "{name} {flags}: {same}");
        }
    }
}
