//! Lines of malformed packets. The comparison with tcpdump is in `tests/witness.rs`.

use alloc::{string::String, vec::Vec};

use proptest::prelude::*;

use super::*;
use crate::line::correct_checksum;

/// First bytes of a packet that lead to each printer, with the link type. Arbitrary bytes follow.
const STARTS: &[(u16, &[u8])] = &[
    (1, &[]),
    (1, &[0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 1, 8, 0]),
    (1, &[0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 1, 0x86, 0xdd]),
    (
        1,
        &[
            0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 1, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1,
        ],
    ),
    (
        101,
        &[
            0x45, 0, 0, 90, 0, 0, 0, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 4, 1, 0, 80,
        ],
    ),
    (
        101,
        &[
            0x45, 0, 0, 90, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 4, 1, 0, 53, 0, 70,
            0, 0, 1, 2,
        ],
    ),
    (
        101,
        &[
            0x45, 0, 0, 90, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 4, 1, 0, 53, 0, 70,
            0, 0, 1, 2, 0x81, 0x80, 0, 1, 0, 3,
        ],
    ),
    (
        101,
        &[
            0x45, 0, 0, 90, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 0, 68, 0, 67,
        ],
    ),
    (
        101,
        &[
            0x45, 0, 0, 90, 0, 0, 0, 0, 64, 1, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 3, 3,
        ],
    ),
    (
        101,
        &[
            0x45, 0, 0, 90, 0, 0, 0, 0, 64, 132, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2,
        ],
    ),
    (
        101,
        &[
            0x60, 0, 0, 0, 0, 60, 58, 64, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0,
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2,
        ],
    ),
    (
        101,
        &[
            0x60, 0, 0, 0, 0, 60, 0, 64, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0,
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 58, 0,
        ],
    ),
    (113, &[]),
    (276, &[8, 0]),
    (0, &[2, 0, 0, 0]),
    (9999, &[]),
];

proptest! {
    #[test]
    fn arbitrary_packets_print_without_control_characters(
        start in proptest::sample::select(STARTS),
        bytes in proptest::collection::vec(any::<u8>(), 0..160),
        more in 0..100_u32,
        verbose in 0..4_u8,
        link_header in any::<bool>(),
    ) {
        let packet: Vec<u8> = [start.1, &bytes].concat();
        let options = Options { verbose, link_header, dump: Dump::Ascii { link_header: true }, ..Options::default() };
        let mut out = String::new();
        Printer::new(options).print(start.0, packet.len() as u32 + more, &packet, &Numeric, &mut out);
        let safe = |character: char| matches!(character, '\n' | '\t') || !character.is_control();
        prop_assert!(out.chars().all(safe), "{out:?}");
    }
}

#[test]
fn a_single_packet_prints_with_its_time() {
    let syn = [
        0x45, 0, 0, 40, 0, 7, 0, 0, 64, 6, 0x66, 0xc7, 10, 0, 0, 1, 10, 0, 0, 2, 4, 1, 0, 80, 0, 0,
        3, 0xe8, 0, 0, 0, 0, 0x50, 2, 0x20, 0, 0x73, 0xa3, 0, 0,
    ];
    let mut out = String::new();
    print(
        1_795_228_408_037_511_000,
        101,
        40,
        &syn,
        Options::default(),
        &mut out,
    );
    assert_eq!(
        out,
        "02:33:28.037511 IP 10.0.0.1.1025 > 10.0.0.2.80: Flags [S], seq 1000, win 8192, length 0"
    );
}

#[test]
fn flows_are_bounded() {
    let mut flows = Flows::default();
    let mut segment = [0_u8; 20];
    segment[12] = 0x50;
    segment[13] = 0x10;
    let view = vigie_wire::tcp::View::parse(&segment).expect("a header");
    for number in 0..200_000_u32 {
        let source = core::net::Ipv4Addr::from_bits(number).into();
        flows.base((source, 1), (source, 2), &view);
    }
    assert!(flows.len() <= 1 << 16);
}

#[test]
fn a_correct_checksum_of_zero_is_written_as_tcpdump_does() {
    assert_eq!(correct_checksum(0xfffe, 1), 0xffff);
    assert_eq!(correct_checksum(0xffff, 3), 3);
    assert_eq!(correct_checksum(0x1234, 0), 0x1234);
}
