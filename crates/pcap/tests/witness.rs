//! Comparison with tshark and tcpdump: they read the written files without errors and with the same packets and times,
//! and the files that tshark writes are read back.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use vigie_pcap::{Counters, Format, Packet, Precision, Reader, Step, Writer, WriterOptions};
use vigie_wire::LinkType;

/// A DNS query over UDP and Ethernet, with correct checksums, in hexadecimal.
const QUERY: &str = "020000000002020000000001080045000040 0001000040 1166a9 0a000001 0a000002 \
    da8b0035002c a3a8 eae70100000100000000000003777777066974696e65740266720000010001 6869";

fn query() -> Vec<u8> {
    let digits: Vec<u32> = QUERY
        .chars()
        .filter_map(|character| character.to_digit(16))
        .collect();
    let mut frame: Vec<u8> = digits
        .chunks(2)
        .map(|pair| (pair[0] * 16 + pair[1]) as u8)
        .collect();
    frame.truncate(14 + 20 + 8 + 31);
    frame[16..18].copy_from_slice(&59_u16.to_be_bytes());
    frame[24..26].copy_from_slice(&[0, 0]);
    let sum: u32 = frame[14..34]
        .chunks(2)
        .map(|pair| u32::from(u16::from_be_bytes([pair[0], pair[1]])))
        .sum();
    let sum = !((sum & 0xffff) + (sum >> 16)) as u16;
    frame[24..26].copy_from_slice(&sum.to_be_bytes());
    frame[38..40].copy_from_slice(&39_u16.to_be_bytes());
    frame[40..42].copy_from_slice(&[0, 0]);
    frame
}

fn written(name: &str, format: Format, precision: Precision) -> PathBuf {
    let writer = Writer::new(WriterOptions {
        format,
        precision,
        link: LinkType::Ethernet,
        snap: 262_144,
        interface: Some("veth0".to_owned()),
    });
    let mut file = Vec::new();
    writer.start(&mut file);
    for number in 0..100_u64 {
        let frame = query();
        writer.packet(
            1_600_000_000_123_456_789 + number * 1_000_001,
            frame.len() as u32,
            &frame,
            &mut file,
        );
    }
    writer.finish(
        1_600_000_001_000_000_000,
        Counters {
            received: 100,
            dropped: 0,
        },
        &mut file,
    );
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, file).expect("the capture file is written");
    path
}

fn tshark(path: &Path, arguments: &[&str]) -> String {
    let output = Command::new("tshark")
        .arg("-r")
        .arg(path)
        .args(arguments)
        .output()
        .expect("tshark runs (Debian: apt-get install tshark)");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

const SHAPES: [(&str, Format, Precision); 3] = [
    ("written-micro.pcap", Format::Pcap, Precision::Micro),
    ("written-nano.pcap", Format::Pcap, Precision::Nano),
    ("written.pcapng", Format::PcapNg, Precision::Nano),
];

#[test]
fn tshark_reads_written_files() {
    for (name, format, precision) in SHAPES {
        let path = written(name, format, precision);
        let fields = [
            "-T",
            "fields",
            "-e",
            "frame.time_epoch",
            "-e",
            "frame.len",
            "-e",
            "dns.qry.name",
            "-e",
            "_ws.malformed",
        ];
        let lines: Vec<String> = tshark(&path, &fields).lines().map(str::to_owned).collect();
        assert_eq!(lines.len(), 100, "{name}");
        let time = if precision == Precision::Micro {
            "1600000000.123456"
        } else {
            "1600000000.123456789"
        };
        assert!(lines[0].starts_with(time), "{name}: {}", lines[0]);
        assert!(
            lines
                .iter()
                .all(|line| line.contains("\t73\twww.itinet.fr\t")),
            "{name}: {}",
            lines[0]
        );
        assert!(!tshark(&path, &["-V"]).contains("Malformed"), "{name}");
    }
}

#[test]
fn tcpdump_reads_written_files() {
    for (name, format, precision) in SHAPES {
        let path = written(&format!("tcpdump-{name}"), format, precision);
        let output = Command::new("tcpdump")
            .args(["-n", "-tt", "-r"])
            .arg(&path)
            .output()
            .expect("tcpdump runs (Debian: apt-get install tcpdump)");
        let text = String::from_utf8_lossy(&output.stdout);
        assert_eq!(
            text.lines().count(),
            100,
            "{name}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        let line =
            "1600000000.123456 IP 10.0.0.1.55947 > 10.0.0.2.53: 60135+ A? www.itinet.fr. (31)";
        assert_eq!(text.lines().next(), Some(line), "{name}");
    }
}

fn packets(file: &[u8]) -> Vec<Packet<'_>> {
    let (mut reader, mut rest, mut found) = (Reader::new(), file, Vec::new());
    loop {
        match reader.step(rest).expect("a good file") {
            Step::Packet { packet, consumed } => {
                found.push(packet);
                rest = &rest[consumed..];
            }
            Step::Other { consumed } => rest = &rest[consumed..],
            Step::More { .. } => {
                assert_eq!(reader.cut_short(rest.len()), None);
                return found;
            }
        }
    }
}

#[test]
fn files_of_tshark_are_read() {
    let source = written("source.pcap", Format::Pcap, Precision::Nano);
    for format in ["pcapng", "pcap", "nsecpcap"] {
        let path = source.with_file_name(format!("by-tshark.{format}"));
        tshark(
            &source,
            &["-F", format, "-w", path.to_str().expect("a path in UTF-8")],
        );
        let file = std::fs::read(&path).expect("tshark wrote it");
        let found = packets(&file);
        assert_eq!(found.len(), 100, "{format}");
        let unit = if format == "pcap" { 1000 } else { 1 };
        for (number, packet) in (0_u64..).zip(&found) {
            let time = 1_600_000_000_123_456_789 + number * 1_000_001;
            assert_eq!(packet.time, Some(time - time % unit), "{format}");
            assert_eq!(
                (packet.link, packet.length, packet.bytes),
                (1, 73, query().as_slice()),
                "{format}"
            );
        }
    }
}
