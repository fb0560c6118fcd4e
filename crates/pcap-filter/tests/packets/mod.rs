//! Packets generated from a seed: well-formed ones of every protocol that filters name, with few addresses and ports so
//! that filters match, some modified, some random.

use vigie_wire::LinkType;

use crate::random::Random;

const HOSTS: [[u8; 4]; 6] = [
    [10, 0, 0, 1],
    [10, 0, 0, 2],
    [10, 1, 2, 3],
    [192, 168, 1, 255],
    [224, 0, 0, 1],
    [255, 255, 255, 255],
];
const PORTS: [u16; 8] = [22, 53, 80, 81, 443, 1025, 6081, 65535];

fn host6(random: &mut Random) -> [u8; 16] {
    let mut address = [0; 16];
    let prefix: &[u8] = random.pick(&[
        &[0xfe, 0x80][..],
        &[0x20, 0x01, 0x0d, 0xb8],
        &[0xff, 0x02],
        &[0; 2],
    ]);
    address[..prefix.len()].copy_from_slice(prefix);
    address[15] = random.pick(&[1, 2]);
    if random.chance(4) {
        address[4] = 0x80;
    }
    address
}

fn transport(random: &mut Random) -> (u8, Vec<u8>) {
    let protocol = random.pick(&[
        6, 6, 6, 17, 17, 17, 1, 58, 132, 2, 47, 50, 51, 103, 112, 9, 0,
    ]);
    let mut bytes = Vec::new();
    match protocol {
        6 | 17 | 132 => {
            bytes.extend(random.pick(&PORTS).to_be_bytes());
            bytes.extend(random.pick(&PORTS).to_be_bytes());
            bytes.extend((0..16).map(|_| random.next() as u8));
            if protocol == 6 {
                bytes[9..11].fill(0);
                bytes[13 - 1] = 0x50;
                bytes[13] = random.pick(&[2, 18, 16, 4, 20, 17, 1, 0, 0xc2, 0x29]);
            }
        }
        _ => {
            bytes.extend([
                random.pick(&[0, 3, 8, 11, 128, 129, 135, 136]),
                random.pick(&[0, 1, 3, 4]),
            ]);
            bytes.extend((0..14).map(|_| random.next() as u8));
        }
    }
    bytes.extend((0..random.below(40)).map(|_| random.next() as u8));
    (protocol, bytes)
}

fn ip(random: &mut Random) -> Vec<u8> {
    let (protocol, payload) = transport(random);
    let words = if random.chance(6) {
        5 + random.below(11)
    } else {
        5
    };
    let mut bytes = vec![0; words * 4];
    bytes[0] = 0x40 | words as u8;
    let total = (bytes.len() + payload.len()) as u16;
    bytes[2..4].copy_from_slice(&total.to_be_bytes());
    if random.chance(5) {
        bytes[6..8].copy_from_slice(
            &random
                .pick(&[0x4000_u16, 0x2000, 0x0001, 0x20b9])
                .to_be_bytes(),
        );
    }
    bytes[8] = random.pick(&[1, 64, 128]);
    bytes[9] = protocol;
    bytes[12..16].copy_from_slice(&random.pick(&HOSTS));
    bytes[16..20].copy_from_slice(&random.pick(&HOSTS));
    bytes.extend(payload);
    bytes
}

fn ip6(random: &mut Random) -> Vec<u8> {
    let (protocol, payload) = transport(random);
    let mut bytes = vec![0; 40];
    bytes[0] = 0x60;
    bytes[6] = protocol;
    bytes[7] = 64;
    bytes[8..24].copy_from_slice(&host6(random));
    bytes[24..40].copy_from_slice(&host6(random));
    if random.chance(6) {
        bytes[6] = random.pick(&[44, 0, 60]);
        bytes.extend([protocol, 0, 0, 1, 0, 0, 0, 9]);
    }
    bytes.extend(payload);
    let length = (bytes.len() - 40) as u16;
    bytes[4..6].copy_from_slice(&length.to_be_bytes());
    bytes
}

fn arp(random: &mut Random) -> Vec<u8> {
    let mut bytes = vec![0, 1, 8, 0, 6, 4, 0, random.pick(&[1, 2])];
    for _ in 0..2 {
        bytes.extend([2, 0, 0, 0, 0, random.pick(&[1, 2])]);
        bytes.extend(random.pick(&HOSTS));
    }
    bytes
}

/// Generates the payload of a link header, with its EtherType.
fn network(random: &mut Random) -> (u16, Vec<u8>) {
    match random.below(12) {
        0..=5 => (0x0800, ip(random)),
        6..=8 => (0x86dd, ip6(random)),
        9 => (0x0806, arp(random)),
        10 => (0x8035, arp(random)),
        _ => {
            let bytes = (0..20).map(|_| random.next() as u8).collect();
            (
                random.pick(&[
                    0x88cc, 0x6003, 0x6004, 0x0026, 0x8100, 0x8847, 0x8863, 0x8864, 0x9000,
                ]),
                bytes,
            )
        }
    }
}

fn ethernet(random: &mut Random) -> Vec<u8> {
    let mac = |random: &mut Random| {
        random.pick(&[
            [2, 0, 0, 0, 0, 1],
            [2, 0, 0, 0, 0, 2],
            [0xff; 6],
            [1, 0, 0x5e, 0, 0, 1],
            [0x33, 0x33, 0, 0, 0, 1],
        ])
    };
    let mut frame = Vec::from(mac(random));
    frame.extend(mac(random));
    let (mut ethertype, mut payload) = network(random);
    let wrapping = random.below(10);
    if wrapping == 0 {
        let inner: u16 = if ethertype == 0x86dd { 0x0057 } else { 0x0021 };
        let mut session = vec![0x11, 0, 0, random.pick(&[7, 8]), 0, 9];
        session.extend(inner.to_be_bytes());
        session.extend(payload);
        (ethertype, payload) = (0x8864, session);
    } else if wrapping == 1 {
        for bottom in 0..=random.below(2) {
            let mut label = vec![0x00, 0x06, 0x40 | u8::from(bottom == 0), 64];
            label.extend(payload);
            (ethertype, payload) = (0x8847, label);
        }
    }
    for _ in 0..random.pick(&[0, 0, 0, 1, 2]) {
        let mut tag = vec![0x20, random.pick(&[5, 6, 7])];
        tag.extend(ethertype.to_be_bytes());
        tag.extend(payload);
        (ethertype, payload) = (random.pick(&[0x8100, 0x8100, 0x88a8, 0x9100]), tag);
    }
    frame.extend(ethertype.to_be_bytes());
    frame.extend(payload);
    frame
}

pub(crate) fn frame(random: &mut Random, link: LinkType) -> Vec<u8> {
    let mut frame = match link {
        LinkType::Ethernet => ethernet(random),
        LinkType::LinuxSll2 => {
            let (ethertype, payload) = network(random);
            let mut frame = Vec::from(ethertype.to_be_bytes());
            frame.extend([
                0,
                0,
                0,
                0,
                0,
                random.pick(&[1, 2]),
                0,
                1,
                random.pick(&[0, 1, 4]),
                6,
                2,
                0,
                0,
                0,
                0,
                1,
                0,
                0,
            ]);
            frame.extend(payload);
            frame
        }
        LinkType::LinuxSll => {
            let (ethertype, payload) = network(random);
            let mut frame = vec![
                0,
                random.pick(&[0, 1, 4]),
                0,
                1,
                0,
                6,
                2,
                0,
                0,
                0,
                0,
                1,
                0,
                0,
            ];
            frame.extend(ethertype.to_be_bytes());
            frame.extend(payload);
            frame
        }
        LinkType::Null | LinkType::Loop => {
            let family: u32 = random.pick(&[2, 30, 24, 28, 7]);
            let bytes = if link == LinkType::Null {
                family.to_le_bytes()
            } else {
                family.to_be_bytes()
            };
            let mut frame = Vec::from(bytes);
            frame.extend(if family == 2 { ip(random) } else { ip6(random) });
            frame
        }
        _ => match random.below(2) {
            0 => ip(random),
            _ => ip6(random),
        },
    };
    match random.below(10) {
        0 => {
            for _ in 0..3 {
                let at = random.below(frame.len());
                frame[at] = random.next() as u8;
            }
        }
        1 if random.chance(2) => frame = (0..90).map(|_| random.next() as u8).collect(),
        _ => {}
    }
    frame
}
