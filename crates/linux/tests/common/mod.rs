//! Helpers for tests of packet sockets: two namespaces joined by a veth pair, packets written byte by byte, and waiting
//! for frames without sleeping.

#![allow(dead_code, reason = "each test binary uses its own part")]

use std::net::IpAddr;
use std::os::fd::AsFd;
use std::time::{Duration, Instant};

use vigie_linux::io::{
    Framing, Interest, Layout, Method, ReceiveConfig, Received, Receiver, Transmit, TransmitConfig,
    Transmitter, Waiter,
};
use vigie_linux::net::{Network, Prefix};
use vigie_linux::netns::{Namespace, set_sysctl};
use vigie_pcap_filter::Program;

/// Maximum time a test waits for an expected event.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) fn ip(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

pub(crate) fn namespace() -> Namespace {
    let made = Namespace::create().expect("this test makes network namespaces: run it as root");
    made.run(|| {
        set_sysctl("net/ipv6/conf/default/accept_dad", "0").expect("no address detection");
        Network::open()
            .and_then(|mut n| n.set_up(1, true))
            .expect("the loopback link up");
    })
    .expect("inside");
    made
}

/// Creates two namespaces: 10.9.0.1 and fd09::1 on `eth0`, 10.9.0.2 and fd09::2 on its peer `eth0`.
pub(crate) fn pair() -> (Namespace, Namespace) {
    let (near, far) = (namespace(), namespace());
    near.run(|| {
        let mut network = Network::open().expect("netlink");
        network
            .add_veth("eth0", "eth0", Some(&far))
            .expect("a veth pair");
    })
    .expect("inside");
    for (side, last) in [(&near, 1), (&far, 2)] {
        side.run(|| {
            let (v4, v6) = (format!("10.9.0.{last}/24"), format!("fd09::{last}/64"));
            configure("eth0", &[&v4, &v6]);
        })
        .expect("inside");
    }
    near.run(wait_ready).expect("inside");
    (near, far)
}

/// Waits until the links are up and have their link-local addresses.
pub(crate) fn wait_ready() {
    let ready = Network::open().and_then(|mut n| n.wait_ready(PATIENCE, true));
    assert!(ready.expect("netlink"), "the links do not come up");
}

/// Adds addresses to a link and switches it on.
pub(crate) fn configure(name: &str, addresses: &[&str]) {
    let mut network = Network::open().expect("netlink");
    let link = network.link(name).expect("the link").index;
    for address in addresses {
        let (address, length) = address.split_once('/').expect("a prefix");
        let prefix = Prefix::new(ip(address), length.parse().expect("a length"));
        network.add_address(link, prefix).expect("an address");
    }
    network.set_up(link, true).expect("the link up");
}

/// Returns the index and MAC address of a link in the calling thread's namespace.
pub(crate) fn link(name: &str) -> (u32, [u8; 6]) {
    let link = Network::open()
        .and_then(|mut n| n.link(name))
        .expect("the link");
    (link.index, link.mac.unwrap_or_default())
}

pub(crate) fn transmitter(name: &str, framing: Framing, method: Method) -> Transmitter {
    let config = TransmitConfig::new(link(name).0, framing);
    Transmitter::open(&config, method).expect("a transmitter")
}

pub(crate) fn receiver(name: &str, framing: Framing, filter: Program) -> Receiver {
    Receiver::open(&ReceiveConfig::new(link(name).0, framing, filter)).expect("a receiver")
}

/// Opens a receiver with a ring of blocks (TPACKET_V3).
pub(crate) fn block_receiver(name: &str, framing: Framing, filter: Program) -> Receiver {
    let mut config = ReceiveConfig::new(link(name).0, framing, filter);
    config.layout = Layout::Blocks {
        block: 1 << 16,
        count: 64,
        retire_ms: 1,
    };
    Receiver::open(&config).expect("a receiver")
}

/// Sends every frame, waiting while the device's queue is full.
pub(crate) fn send_all(t: &mut Transmitter, frames: &[Vec<u8>]) {
    let (mut waiter, mut left, mut sent) = (Waiter::new(), frames.iter().peekable(), 0);
    let give_up = Instant::now() + PATIENCE;
    while sent < frames.len() {
        while left.peek().is_some() {
            let Some(slot) = t.slot() else { break };
            let frame = left.next().expect("peeked");
            slot[..frame.len()].copy_from_slice(frame);
            t.commit(frame.len());
        }
        let done = t.flush().expect("flush");
        assert_eq!((done.refused, done.last_error), (0, None));
        sent += done.sent;
        if done.blocked {
            let on: Vec<_> = t
                .writable()
                .map(|fd| (fd, Interest::Write))
                .into_iter()
                .collect();
            waiter
                .wait(&on, Some(Duration::from_millis(1)))
                .expect("wait");
        }
        assert!(Instant::now() < give_up, "sent {sent} of {}", frames.len());
    }
    assert_eq!(t.pending(), 0);
}

/// Passes received frames to `visit` until `is_done` returns true.
pub(crate) fn drain(
    receiver: &mut Receiver,
    mut visit: impl FnMut(Received<'_>),
    mut is_done: impl FnMut() -> bool,
) {
    let (mut waiter, give_up) = (Waiter::new(), Instant::now() + PATIENCE);
    loop {
        receiver.for_each(&mut visit);
        if is_done() {
            return;
        }
        assert!(Instant::now() < give_up, "the frames do not come");
        waiter
            .wait(
                &[(receiver.as_fd(), Interest::Read)],
                Some(Duration::from_millis(100)),
            )
            .expect("wait");
    }
}

/// Returns the bytes of the next `count` frames.
pub(crate) fn collect(receiver: &mut Receiver, count: usize) -> Vec<Vec<u8>> {
    let frames = std::cell::RefCell::new(Vec::new());
    drain(
        receiver,
        |f| frames.borrow_mut().push(f.bytes.to_vec()),
        || frames.borrow().len() >= count,
    );
    frames.into_inner()
}

pub(crate) fn ethernet(to: [u8; 6], from: [u8; 6], packet: &[u8]) -> Vec<u8> {
    let ethertype: u16 = if packet[0] >> 4 == 6 { 0x86dd } else { 0x0800 };
    [&to[..], &from[..], &ethertype.to_be_bytes()[..], packet].concat()
}

/// Returns an IP packet with correct lengths and checksums. The checksum field of the TCP or UDP segment must be zero.
pub(crate) fn packet(from: IpAddr, to: IpAddr, protocol: u8, segment: &[u8]) -> Vec<u8> {
    let mut segment = segment.to_vec();
    let (source, destination) = (octets(from), octets(to));
    let length = segment.len() as u32;
    let pseudo = [
        &source[..],
        &destination[..],
        &length.to_be_bytes()[..],
        &[0, protocol][..],
    ];
    let check = !sum(&[&pseudo.concat()[..], &segment[..]].concat());
    match protocol {
        6 => segment[16..18].copy_from_slice(&check.to_be_bytes()),
        17 => segment[6..8].copy_from_slice(&check.to_be_bytes()),
        _ => {}
    }
    if from.is_ipv6() {
        let length = (segment.len() as u16).to_be_bytes();
        let head = [0x60, 0, 0, 0, length[0], length[1], protocol, 64];
        return [&head[..], &source[..], &destination[..], &segment[..]].concat();
    }
    let length = (20 + segment.len() as u16).to_be_bytes();
    let mut head = vec![
        0x45, 0, length[0], length[1], 0x12, 0x34, 0x40, 0, 64, protocol, 0, 0,
    ];
    head.extend(&source);
    head.extend(&destination);
    let check = !sum(&head);
    head[10..12].copy_from_slice(&check.to_be_bytes());
    [head, segment].concat()
}

pub(crate) fn udp(from: u16, to: u16, payload: &[u8]) -> Vec<u8> {
    let length = (8 + payload.len() as u16).to_be_bytes();
    let (from, to) = (from.to_be_bytes(), to.to_be_bytes());
    [&from[..], &to[..], &length[..], &[0, 0][..], payload].concat()
}

pub(crate) fn tcp(from: u16, to: u16, seq: u32, flags: u8) -> Vec<u8> {
    let (from, to, seq) = (from.to_be_bytes(), to.to_be_bytes(), seq.to_be_bytes());
    [
        &from[..],
        &to[..],
        &seq[..],
        &[0; 4][..],
        &[0x50, flags, 4, 0, 0, 0, 0, 0][..],
    ]
    .concat()
}

fn octets(address: IpAddr) -> Vec<u8> {
    match address {
        IpAddr::V4(a) => a.octets().to_vec(),
        IpAddr::V6(a) => a.octets().to_vec(),
    }
}

fn sum(bytes: &[u8]) -> u16 {
    let mut padded = bytes.to_vec();
    padded.resize(bytes.len().next_multiple_of(2), 0);
    let words = padded
        .as_chunks::<2>()
        .0
        .iter()
        .map(|w| u32::from(u16::from_be_bytes(*w)));
    let mut s: u32 = words.sum();
    while s > 0xffff {
        s = (s & 0xffff) + (s >> 16);
    }
    s as u16
}
