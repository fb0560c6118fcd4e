//! Well-formed packets of every supported protocol, generated from a seed: correct lengths, correct or wrong checksums,
//! every message, option and flag that has a line of its own.

use vigie_wire::LinkType;

use crate::random::Random;

const HOSTS: [[u8; 4]; 4] = [
    [10, 0, 0, 1],
    [10, 0, 0, 2],
    [192, 168, 1, 7],
    [255, 255, 255, 255],
];

/// Generates a packet with its link header.
pub(crate) fn packet(random: &mut Random, link: LinkType) -> Vec<u8> {
    let (ethertype, payload): (u16, Vec<u8>) = match random.below(8) {
        0..=4 => (0x0800, ip(random)),
        5 | 6 => (0x86dd, ip6(random)),
        _ if link == LinkType::RawIp => (0x0800, ip(random)),
        _ => (0x0806, arp(random)),
    };
    let mut frame = Vec::new();
    match link {
        LinkType::Ethernet => {
            frame.extend([2, 0, 0, 0, 0, random.pick(&[1, 2])]);
            frame.extend([2, 0, 0, 0, 0, random.pick(&[3, 4])]);
            for _ in 0..random.pick(&[0, 0, 0, 1, 2]) {
                frame.extend([
                    0x81,
                    0x00,
                    random.pick(&[0x00, 0x60, 0x10]),
                    random.pick(&[5, 6]),
                ]);
            }
            frame.extend(ethertype.to_be_bytes());
        }
        LinkType::LinuxSll2 => {
            // Interface indexes that no host has: tcpdump prints the names of local interfaces.
            frame.extend(ethertype.to_be_bytes());
            frame.extend([
                0,
                0,
                0x7f,
                0,
                0,
                random.pick(&[1, 2]),
                0,
                1,
                random.pick(&[0, 1, 2, 3, 4]),
                6,
            ]);
            frame.extend([2, 0, 0, 0, 0, 1, 0, 0]);
        }
        LinkType::LinuxSll => {
            frame.extend([
                0,
                random.pick(&[0, 1, 2, 3, 4]),
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
            ]);
            frame.extend(ethertype.to_be_bytes());
        }
        _ => {}
    }
    frame.extend(payload);
    if link == LinkType::Ethernet && random.chance(10) {
        // Padding of short frames.
        frame.resize(frame.len().max(60), 0);
    }
    frame
}

fn bytes(random: &mut Random, count: usize) -> Vec<u8> {
    (0..count).map(|_| random.next() as u8).collect()
}

fn some(random: &mut Random, most: usize) -> Vec<u8> {
    let count = random.below(most + 1);
    bytes(random, count)
}

fn ip(random: &mut Random) -> Vec<u8> {
    let (protocol, payload) = ip_payload(random, true, 0);
    let (source, destination) = (random.pick(&HOSTS), random.pick(&HOSTS));
    datagram(random, protocol, source, destination, payload)
}

fn datagram(
    random: &mut Random,
    protocol: u8,
    source: [u8; 4],
    destination: [u8; 4],
    payload: Vec<u8>,
) -> Vec<u8> {
    let mut header = vec![0x45, random.pick(&[0, 0, 0x10, 1, 2, 3])];
    let options: &[u8] = random.pick(&[
        &[][..],
        &[],
        &[],
        &[],
        &[1, 1, 1, 0],
        &[0x94, 4, 0, 0],
        &[7, 7, 4, 0, 0, 0, 0, 0],
    ]);
    header[0] += (options.len() / 4) as u8;
    header.extend(((20 + options.len() + payload.len()) as u16).to_be_bytes());
    header.extend(bytes(random, 2));
    // Not fragmented, don't fragment, first fragment, later fragments.
    header.extend(random.pick(&[
        [0, 0],
        [0x40, 0],
        [0x40, 0],
        [0, 0],
        [0x20, 0],
        [0x20, 4],
        [0, 7],
    ]));
    header.extend([random.pick(&[1, 64, 255]), protocol, 0, 0]);
    header.extend(source);
    header.extend(destination);
    header.extend(options);
    if !random.chance(6) {
        let sum = sum(&header, 0);
        header[10..12].copy_from_slice(&sum.to_be_bytes());
    }
    header.extend(payload);
    header
}

fn sum(bytes: &[u8], start: u32) -> u16 {
    let mut sum = start;
    for pair in bytes.chunks(2) {
        sum += u32::from(u16::from_be_bytes([
            pair[0],
            pair.get(1).copied().unwrap_or(0),
        ]));
    }
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !(sum as u16)
}

fn ip6(random: &mut Random) -> Vec<u8> {
    let (protocol, mut payload) = ip_payload(random, false, 0);
    let mut next = protocol;
    match random.below(12) {
        0 => {
            payload.splice(0..0, [next, 0, 5, 2, 0, 0, 1, 0]);
            next = 0;
        }
        1 => {
            payload.splice(0..0, [next, 0, 1, 4, 0, 0, 0, 0]);
            next = 60;
        }
        2 => {
            payload.splice(0..0, [next, 0, 0, random.pick(&[0, 1, 0x10]), 0, 0, 0, 9]);
            next = 44;
        }
        _ => {}
    }
    let mut header = vec![
        0x60,
        random.pick(&[0, 0, 0x01, 0x0f]),
        0,
        random.pick(&[0, 9]),
    ];
    header.extend((payload.len() as u16).to_be_bytes());
    header.extend([next, random.pick(&[1, 64, 255])]);
    for _ in 0..2 {
        let mut address = [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
        address[15] = random.pick(&[1, 2]);
        if random.chance(4) {
            address[..4].copy_from_slice(&[0x20, 0x01, 0x0d, 0xb8]);
        }
        header.extend(address);
    }
    header.extend(payload);
    header
}

/// Generates an IP payload; returns its protocol number and bytes.
fn ip_payload(random: &mut Random, version4: bool, depth: u8) -> (u8, Vec<u8>) {
    match random.below(16) {
        0..=4 => (6, tcp(random)),
        5..=9 => (17, udp(random)),
        10..=12 if version4 => (1, icmp(random)),
        10..=12 => (58, icmp6(random)),
        13 if version4 => (2, igmp(random)),
        14 if depth == 0 => {
            let (protocol, payload) = ip_payload(random, true, 1);
            (4, datagram(random, protocol, HOSTS[0], HOSTS[1], payload))
        }
        13 | 14 => (253, some(random, 20)),
        _ if random.chance(2) => {
            let mut bytes = vec![0, 9, 0, 80, 0, 0, 0, 1, 0, 0, 0, 0];
            bytes.extend(random.pick(&[[1_u8, 0, 0, 20], [2, 0, 0, 20]]));
            bytes.extend([0, 0, 0, 7, 0, 1, 0, 0, 0, 10, 0, 5, 0, 0, 0, 3]);
            (132, bytes)
        }
        _ => (50, bytes(random, 24)),
    }
}

fn tcp(random: &mut Random) -> Vec<u8> {
    const OPTIONS: [&[u8]; 9] = [
        &[],
        &[],
        &[2, 4, 5, 0xb4],
        &[
            2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 0, 0, 5, 0, 0, 0, 0, 1, 3, 3, 7,
        ],
        &[1, 1, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8],
        &[1, 1, 5, 10, 0, 0, 0, 10, 0, 0, 0, 20],
        &[
            1, 1, 5, 18, 0, 0, 1, 10, 0, 0, 1, 20, 0, 0, 2, 10, 0, 0, 2, 20,
        ],
        &[254, 4, 0x12, 0x34],
        &[0, 0, 0, 0],
    ];
    let options = random.pick(&OPTIONS);
    let mut bytes = Vec::new();
    bytes.extend(random.pick(&[1025_u16, 80, 22, 443]).to_be_bytes());
    bytes.extend(random.pick(&[1026_u16, 80, 25, 21, 9999]).to_be_bytes());
    bytes.extend((random.below(5000) as u32).to_be_bytes());
    bytes.extend((random.below(5000) as u32).to_be_bytes());
    bytes.push(((5 + options.len() / 4) as u8) << 4);
    bytes.push(random.pick(&[
        2, 18, 16, 16, 16, 24, 24, 4, 20, 17, 25, 1, 0, 0xc2, 0x29, 0xd0,
    ]));
    bytes.extend([0x20, random.next() as u8, 0, 0, 0, random.pick(&[0, 5])]);
    bytes.extend(options);
    let text: &[u8] = random.pick(&[
        b"",
        b"",
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nServer: y\r\n",
        b"EHLO x\r\n",
    ]);
    bytes.extend(text);
    bytes
}

fn udp(random: &mut Random) -> Vec<u8> {
    let (port, payload) = match random.below(6) {
        0 => (53, query(random)),
        1 | 2 => (53, response(random)),
        3 => (5353, query(random)),
        4 => (
            random.pick(&[123, 9]),
            [
                vec![random.pick(&[0x23, 0x1b, 0x24, 0xe3])],
                bytes(random, 47),
            ]
            .concat(),
        ),
        _ => (random.pick(&[9, 2000, 40000]), some(random, 40)),
    };
    let other = random.pick(&[1025_u16, 55947]);
    let ports = if random.chance(2) {
        [port, other]
    } else {
        [other, port]
    };
    let mut datagram = Vec::new();
    datagram.extend(ports.map(u16::to_be_bytes).concat());
    datagram.extend((8 + payload.len() as u16).to_be_bytes());
    datagram.extend(random.pick(&[[0, 0], [0x12, 0x34]]));
    datagram.extend(payload);
    datagram
}

const NAMES: [&[u8]; 4] = [
    b"\x03www\x06itinet\x02fr\0",
    b"\x01a\x01b\0",
    b"\x07version\x04bind\0",
    b"\0",
];

fn dns_header(random: &mut Random, flags: u16, counts: [u16; 4]) -> Vec<u8> {
    let mut message = bytes(random, 2);
    message.extend(flags.to_be_bytes());
    message.extend(counts.map(u16::to_be_bytes).concat());
    message
}

fn query(random: &mut Random) -> Vec<u8> {
    let edns = u16::from(random.chance(3));
    let flags = random.pick(&[0x0100, 0x0000, 0x0110, 0x0120, 0x1000, 0x2800]);
    let mut message = dns_header(random, flags, [1, 0, 0, edns]);
    question(random, &NAMES, &mut message);
    if edns == 1 {
        message.extend([0, 0, 41, 4, 0xd0, 0, 0, random.pick(&[0, 0x80]), 0, 0, 0]);
    }
    message
}

fn question(random: &mut Random, names: &[&[u8]], message: &mut Vec<u8>) {
    message.extend(random.pick(names));
    message.extend(
        random
            .pick(&[1_u16, 28, 15, 16, 2, 12, 33, 255, 1234])
            .to_be_bytes(),
    );
    message.extend(random.pick(&[1_u16, 1, 1, 3]).to_be_bytes());
}

fn response(random: &mut Random) -> Vec<u8> {
    let counts = [
        1,
        random.below(4) as u16,
        random.below(3) as u16,
        random.below(3) as u16,
    ];
    let flags = random.pick(&[0x8180, 0x8580, 0x8183, 0x8182, 0x8105, 0x8380, 0x81a0]);
    let mut message = dns_header(random, flags, counts);
    // Not the root: records point to this name, and tcpdump prints nothing for a pointer to the root.
    question(random, &NAMES[..3], &mut message);
    for _ in 0..counts[1..].iter().sum() {
        // A pointer to the name of the question, or a name.
        if random.chance(2) {
            message.extend([0xc0, 12]);
        } else {
            message.extend(random.pick(&NAMES));
        }
        record(random, &mut message);
    }
    message
}

fn record(random: &mut Random, message: &mut Vec<u8>) {
    let name = random.pick(&NAMES);
    let (kind, data): (u16, Vec<u8>) = match random.below(9) {
        0 => (1, vec![88, 191, 51, 73]),
        1 => (
            28,
            [vec![0x20, 1, 0x0d, 0xb8], vec![0; 11], vec![1]].concat(),
        ),
        2 => (random.pick(&[2, 5, 12]), name.to_vec()),
        3 => (15, [&[0, 10], name].concat()),
        4 => (16, b"\x05hello\x05w\x01rld".to_vec()),
        5 => (33, [&[0, 1, 0, 2, 0, 3], name].concat()),
        6 => (
            6,
            [
                name,
                name,
                &[0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 5][..],
            ]
            .concat(),
        ),
        7 => (random.pick(&[43, 48]), some(random, 20)),
        _ => (1, vec![10, 0, 0, 1]),
    };
    message.extend(kind.to_be_bytes());
    message.extend([0, 1, 0, 1, 0x51, 0x80]);
    message.extend((data.len() as u16).to_be_bytes());
    message.extend(data);
}

fn icmp(random: &mut Random) -> Vec<u8> {
    let (kind, code) = random.pick(&[
        (8, 0),
        (0, 0),
        (3, 0),
        (3, 1),
        (3, 2),
        (3, 3),
        (3, 3),
        (3, 4),
        (3, 5),
        (3, 6),
        (3, 7),
        (3, 8),
        (3, 9),
        (3, 10),
        (3, 11),
        (3, 12),
        (3, 13),
        (3, 14),
        (3, 15),
        (3, 16),
        (11, 0),
        (11, 1),
        (12, 0),
        (5, 0),
        (5, 1),
        (4, 0),
        (13, 0),
        (14, 0),
        (17, 0),
        (18, 0),
        (10, 0),
        (42, 0),
    ]);
    let mut message = vec![kind, code, 0, 0];
    message.extend(random.pick(&[[0, 0, 0, 0], [0, 3, 5, 0x78], [10, 9, 9, 9]]));
    match kind {
        3 | 4 | 5 | 11 | 12 => message.extend(quote(random)),
        13 | 14 => message.extend([0, 0, 0, 1, 3, 0, 0, 0, 0, 0x80, 0, 0]),
        17 | 18 => message.extend([255, 255, 255, 0]),
        10 => {}
        _ => message.extend(some(random, 30)),
    }
    if !random.chance(4) {
        let sum = sum(&message, 0);
        message[2..4].copy_from_slice(&sum.to_be_bytes());
    }
    message
}

/// Generates a whole packet, quoted by an error.
fn quote(random: &mut Random) -> Vec<u8> {
    let (protocol, payload) = match random.below(3) {
        0 => (6, tcp(random)),
        1 => (17, [vec![4, 1, 0, 9, 0, 11, 0, 0], vec![1, 2, 3]].concat()),
        _ => (1, vec![8, 0, 0xf7, 0xff, 0, 0, 0, 0]),
    };
    let mut header = vec![0x45, 0];
    header.extend((20 + payload.len() as u16).to_be_bytes());
    header.extend([0, 7, 0, 0, 64, protocol, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]);
    let sum = sum(&header, 0);
    header[10..12].copy_from_slice(&sum.to_be_bytes());
    header.extend(payload);
    header
}

fn icmp6(random: &mut Random) -> Vec<u8> {
    let (kind, code) = random.pick(&[
        (128, 0),
        (129, 0),
        (1, 0),
        (1, 1),
        (1, 2),
        (1, 3),
        (1, 4),
        (2, 0),
        (3, 0),
        (3, 1),
        (4, 0),
        (4, 1),
        (4, 2),
        (133, 0),
        (134, 0),
        (135, 0),
        (136, 0),
        (137, 0),
    ]);
    let mut message = vec![kind, code, 0, 0];
    let target = [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9];
    match kind {
        1..=4 => {
            message.extend([0, 0, 5, 0]);
            let (protocol, payload) = random.pick(&[
                (17, [4, 1, 0, 9, 0, 8, 0, 0]),
                (6, [4, 1, 0, 80, 0, 0, 0, 0]),
            ]);
            message.extend([0x60, 0, 0, 0, 0, 8, protocol, 64]);
            message.extend(target);
            message.extend(target);
            message.extend(payload);
        }
        133 => message.extend([0; 4]),
        134 => message.extend([
            64,
            random.pick(&[0, 0x80, 0xc0, 0x08]),
            7,
            8,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            5,
        ]),
        135 | 136 => {
            message.extend([random.pick(&[0, 0x60, 0xe0]), 0, 0, 0]);
            message.extend(target);
        }
        137 => {
            message.extend([0; 4]);
            message.extend(target);
            message.extend(target);
        }
        _ => message.extend([[0, 1, 0, 2].to_vec(), some(random, 20)].concat()),
    }
    if kind >= 133 {
        let options: &[&[u8]] = &[
            &[],
            &[1, 1, 2, 0, 0, 0, 0, 1],
            &[2, 1, 2, 0, 0, 0, 0, 2],
            &[5, 1, 0, 0, 0, 0, 5, 0xdc],
            &[
                3, 4, 64, 0xc0, 0, 0, 0, 60, 255, 255, 255, 255, 0, 0, 0, 0, 0x20, 1, 0x0d, 0xb8,
                0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            ],
        ];
        message.extend(random.pick(options));
    }
    message
}

fn igmp(random: &mut Random) -> Vec<u8> {
    let (kind, delay) = random.pick(&[(0x11, 100), (0x11, 0), (0x12, 0), (0x16, 0), (0x17, 0)]);
    let mut message = vec![kind, delay, 0, 0];
    message.extend(random.pick(&[[0, 0, 0, 0], [224, 0, 0, 251]]));
    let sum = sum(&message, 0);
    message[2..4].copy_from_slice(&sum.to_be_bytes());
    message
}

fn arp(random: &mut Random) -> Vec<u8> {
    let mut bytes = vec![0, 1, 8, 0, 6, 4, 0, random.pick(&[1, 1, 2, 2, 3, 4, 8, 9])];
    bytes.extend([2, 0, 0, 0, 0, 1]);
    bytes.extend(random.pick(&HOSTS));
    bytes.extend(random.pick(&[[0; 6], [2, 0, 0, 0, 0, 2], [255; 6]]));
    bytes.extend(random.pick(&HOSTS));
    bytes
}
