//! Reads written files and arbitrary bytes in pieces of any size. The comparison with tshark and tcpdump is in
//! `tests/witness.rs`.

use alloc::{format, vec, vec::Vec};

use proptest::prelude::*;

use super::*;
use vigie_wire::LinkType;

fn options(format: Format, precision: Precision) -> WriterOptions {
    WriterOptions {
        format,
        precision,
        link: LinkType::Ethernet,
        snap: 64,
        interface: Some("veth0".into()),
    }
}

type Read = Vec<(Option<u64>, u16, u32, Vec<u8>)>;

/// Reads a file in pieces of `piece` bytes.
fn read(file: &[u8], piece: usize) -> Result<Read, Error> {
    let mut reader = Reader::new();
    let mut held: Vec<u8> = Vec::new();
    let mut rest = file.chunks(piece.max(1));
    let mut found = Vec::new();
    loop {
        match reader.step(&held)? {
            Step::Packet { packet, consumed } => {
                found.push((
                    packet.time,
                    packet.link,
                    packet.length,
                    packet.bytes.to_vec(),
                ));
                held.drain(..consumed);
            }
            Step::Other { consumed } => drop(held.drain(..consumed)),
            Step::More { needed } => {
                assert!(needed > held.len() && needed <= MAX_BLOCK);
                match rest.next() {
                    Some(more) => held.extend(more),
                    None => return reader.cut_short(held.len()).map_or(Ok(found), Err),
                }
            }
        }
    }
}

const SHAPES: [(Format, Precision); 3] = [
    (Format::Pcap, Precision::Micro),
    (Format::Pcap, Precision::Nano),
    (Format::PcapNg, Precision::Nano),
];

proptest! {
    #[test]
    fn written_files_read_back(
        packets in proptest::collection::vec(
            (0..4_000_000_000_000_000_000_u64, 0..70_000_u32, proptest::collection::vec(any::<u8>(), 0..100)), 0..20),
        piece in 1..200_usize,
        shape in 0..3_usize,
    ) {
        let (format, precision) = SHAPES[shape];
        let writer = Writer::new(options(format, precision));
        let mut file = Vec::new();
        writer.start(&mut file);
        for (time, length, bytes) in &packets {
            writer.packet(*time, *length, bytes, &mut file);
        }
        writer.finish(1, Counters { received: 3, dropped: 1 }, &mut file);
        let read = read(&file, piece).expect("reads back");
        prop_assert_eq!(read.len(), packets.len());
        for ((time, length, bytes), (read_time, link, read_length, read_bytes)) in packets.iter().zip(read) {
            let unit = if precision == Precision::Micro { 1000 } else { 1 };
            prop_assert_eq!(read_time, Some(time - time % unit));
            prop_assert_eq!(link, 1);
            let stored = &bytes[..bytes.len().min(64)];
            prop_assert_eq!(&read_bytes[..], stored);
            prop_assert_eq!(read_length, (*length).max(stored.len() as u32));
        }
    }

    #[test]
    fn arbitrary_bytes_read_the_same_in_any_pieces(bytes in proptest::collection::vec(any::<u8>(), 0..400), start in 0..5_usize) {
        let starts: [&[u8]; 5] = [
            &[],
            &[0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0],
            &[0xa1, 0xb2, 0x3c, 0x4d, 0, 2, 0, 4],
            &[0x0a, 0x0d, 0x0d, 0x0a, 28, 0, 0, 0, 0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 28, 0, 0, 0],
            &[0x0a, 0x0d, 0x0d, 0x0a, 0, 0, 0, 28, 0x1a, 0x2b, 0x3c, 0x4d, 0, 1, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 28],
        ];
        let file = [starts[start], &bytes].concat();
        let whole = read(&file, file.len());
        // The size of the pieces does not change the result.
        prop_assert_eq!(read(&file, 7), whole);
    }
}

#[test]
fn big_endian_files_and_other_resolutions_are_read() {
    let mut file = vec![
        0xa1, 0xb2, 0xc3, 0xd4, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0xf4, 0, 0, 101,
    ];
    file.extend([0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 9, 0x45]);
    assert_eq!(
        read(&file, 1000),
        Ok(vec![(Some(2_000_003_000), 101, 9, vec![0x45])])
    );

    // A big-endian section; its interface counts in 1/1024 s and adds 10 s.
    let words =
        |words: &[u32]| -> Vec<u8> { words.iter().flat_map(|word| word.to_be_bytes()).collect() };
    let mut file = words(&[
        0x0a0d_0d0a,
        28,
        0x1a2b_3c4d,
        0x0001_0000,
        u32::MAX,
        u32::MAX,
        28,
    ]);
    file.extend(words(&[
        1,
        40,
        0x0001_0000,
        0,
        0x0009_0001,
        0x8a00_0000,
        0x000e_0008,
        0,
        10,
        40,
    ]));
    file.extend(words(&[6, 36, 0, 0, 1536, 2, 60, 0xabcd_0000, 36]));
    file.extend(words(&[3, 20, 3, 0x0102_0300, 20]));
    let expected = vec![
        (Some(11_500_000_000), 1, 60, vec![0xab, 0xcd]),
        (None, 1, 3, vec![1, 2, 3]),
    ];
    assert_eq!(read(&file, 1000), Ok(expected));
}

#[test]
fn errors_have_offsets() {
    let writer = Writer::new(options(Format::Pcap, Precision::Micro));
    let mut file = Vec::new();
    writer.start(&mut file);
    writer.packet(0, 4, &[1, 2, 3, 4], &mut file);
    let cut = read(&file[..file.len() - 1], 1000).expect_err("cut short");
    assert_eq!(
        cut,
        Error {
            kind: ErrorKind::CutShort { had: 19 },
            offset: 24
        }
    );
    file[32..36].copy_from_slice(&u32::MAX.to_le_bytes());
    let huge = read(&file, 1000).expect_err("huge record");
    assert_eq!(
        huge,
        Error {
            kind: ErrorKind::BadLength { claimed: u32::MAX },
            offset: 24
        }
    );
    let text = read(b"GET / HTTP/1.0", 1000).expect_err("no capture");
    assert_eq!(text.kind, ErrorKind::NotACapture { magic: *b"GET " });
    assert!(format!("{text}").contains("at byte 0"));
    assert!(matches!(
        read(&[], 1),
        Err(Error {
            kind: ErrorKind::CutShort { had: 0 },
            ..
        })
    ));
}
