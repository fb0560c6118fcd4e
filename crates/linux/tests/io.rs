//! Sending and receiving on real links, in namespaces made for each test. Needs root, and fails without it.
//!
//! Long because every kind of link needs its own test, and all share the helpers below.

mod common;

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::net::{IpAddr, TcpListener, UdpSocket};
use std::os::fd::AsFd;
use std::time::Duration;

use common::*;
use rustix::io::Errno;
use vigie_linux::clock::{monotonic_ns, unix_ns};
use vigie_linux::io::xdp::XdpMode;
use vigie_linux::io::{
    Fanout, FanoutMode, Framing, Interest, IoError, Layout, Method, ReceiveConfig, Received,
    Receiver, ReplyFilter, Transmit, TransmitConfig, Transmitter, Waiter, device_counters,
};
use vigie_linux::net::{Tun, TunMode};
use vigie_pcap_filter::Program;

const METHODS: [Method; 3] = [Method::Packet, Method::TxRing, Method::Xdp(XdpMode::Copy)];

fn frames(from: [u8; 6], to: [u8; 6], count: u16) -> Vec<Vec<u8>> {
    (0..count)
        .map(|i| {
            let payload = vec![i as u8; usize::from(i) % 1400];
            let segment = udp(40_000, 1000 + i, &payload);
            ethernet(
                to,
                from,
                &packet(ip("10.9.0.1"), ip("10.9.0.2"), 17, &segment),
            )
        })
        .collect()
}

#[test]
fn every_method_delivers_every_frame_unchanged_and_in_order() {
    let (near, far) = pair();
    let ours = UdpFilter::to(ip("10.9.0.2"), 1000..=3000);
    let (_, peer) = far.run(|| link("eth0")).expect("inside");
    let rings = [receiver, block_receiver, receiver];
    for (method, open) in METHODS.into_iter().zip(rings) {
        let mut seen = far
            .run(|| open("eth0", Framing::Ethernet, ours.program()))
            .expect("inside");
        let sent = near
            .run(|| {
                let sent = frames(link("eth0").1, peer, 1500);
                let mut t = transmitter("eth0", Framing::Ethernet, method);
                // The peer's queue holds 256 frames: send in portions and wait for each.
                for portion in sent.chunks(100) {
                    send_all(&mut t, portion);
                }
                sent
            })
            .expect("inside");
        let got = collect(&mut seen, sent.len());
        assert!(
            got == sent,
            "{method:?}: {} frames, or other bytes",
            got.len()
        );
        assert_eq!(seen.stats().expect("stats").dropped, 0);
    }
}

/// Selects the UDP datagrams that a test receives.
struct UdpFilter(ReplyFilter);

impl UdpFilter {
    fn to(address: IpAddr, ports: std::ops::RangeInclusive<u16>) -> Self {
        let mut filter = ReplyFilter::new(Framing::Ethernet, vec![address], ports);
        (filter.transports, filter.icmp, filter.neighbours) = (vec![17], false, false);
        Self(filter)
    }

    fn program(&self) -> Program {
        self.0.program().expect("assembles")
    }
}

/// Several senders overfill the queue of the veth pair. Rejected frames are sent again, with each method.
#[test]
fn several_threads_on_one_device_lose_nothing() {
    const EACH: u16 = 3000;
    let (near, far) = pair();
    let (_, peer) = far.run(|| link("eth0")).expect("inside");
    for methods in [[Method::Packet; 3], [Method::Xdp(XdpMode::Copy); 3]] {
        let mut seen = far
            .run(|| {
                let filter = UdpFilter::to(ip("10.9.0.2"), 1..=u16::MAX).program();
                let mut config = ReceiveConfig::new(link("eth0").0, Framing::Ethernet, filter);
                config.layout = Layout::Frames {
                    frame: 256,
                    count: 1 << 14,
                };
                Receiver::open(&config).expect("a receiver")
            })
            .expect("inside");
        near.run(|| {
            let (index, own) = link("eth0");
            let config = TransmitConfig::new(index, Framing::Ethernet);
            let senders = Transmitter::open_many(&config, methods[0], 3).expect("transmitters");
            std::thread::scope(|scope| {
                for (n, mut t) in senders.into_iter().enumerate() {
                    scope.spawn(move || {
                        let first = 1 + n as u16 * EACH;
                        let sent: Vec<_> = (first..first + EACH)
                            .map(|port| {
                                let segment = udp(9, port, &[7]);
                                let p = packet(ip("10.9.0.1"), ip("10.9.0.2"), 17, &segment);
                                ethernet(peer, own, &p)
                            })
                            .collect();
                        send_all(&mut t, &sent);
                    });
                }
            });
        })
        .expect("inside");
        let ports = RefCell::new(BTreeSet::new());
        let port = |f: Received<'_>| u16::from_be_bytes([f.bytes[36], f.bytes[37]]);
        drain(
            &mut seen,
            |f| {
                ports.borrow_mut().insert(port(f));
            },
            || ports.borrow().len() == 3 * usize::from(EACH),
        );
    }
}

#[test]
fn a_frame_too_long_for_the_device_is_refused_and_the_others_are_sent() {
    let (near, far) = pair();
    let (_, peer) = far.run(|| link("eth0")).expect("inside");
    let mut seen = far
        .run(|| {
            receiver(
                "eth0",
                Framing::Ethernet,
                UdpFilter::to(ip("10.9.0.2"), 7..=9).program(),
            )
        })
        .expect("inside");
    near.run(|| {
        let mut t = transmitter("eth0", Framing::Ethernet, Method::Packet);
        for (port, length) in [(7, 10), (8, 1550), (9, 10)] {
            let p = packet(
                ip("10.9.0.1"),
                ip("10.9.0.2"),
                17,
                &udp(1, port, &vec![1; length]),
            );
            let frame = ethernet(peer, link("eth0").1, &p);
            t.slot().expect("a slot")[..frame.len()].copy_from_slice(&frame);
            t.commit(frame.len());
        }
        assert_eq!(t.pending(), 3);
        let done = t.flush().expect("flush");
        assert_eq!((done.sent, done.refused, done.pending), (2, 1, 0));
        assert_eq!(done.last_error, Some(Errno::MSGSIZE));
    })
    .expect("inside");
    assert_eq!(collect(&mut seen, 2).len(), 2);
}

#[test]
fn slots_end_with_the_batch_and_come_back_with_the_flush() {
    let (near, _far) = pair();
    near.run(|| {
        let config = TransmitConfig {
            batch: 3,
            ..TransmitConfig::new(link("eth0").0, Framing::Ethernet)
        };
        for method in METHODS {
            let mut t = Transmitter::open(&config, method).expect("a transmitter");
            for _ in 0..3 {
                let slot = t.slot().expect("a slot");
                assert!(slot.len() >= 1600);
                slot[..14].copy_from_slice(&[2, 0, 0, 0, 0, 9, 2, 0, 0, 0, 0, 8, 0x88, 0xb5]);
                t.commit(60);
            }
            assert!(t.slot().is_none());
            let mut sent = 0;
            while sent < 3 {
                sent += t.flush().expect("flush").sent;
            }
            assert!(t.slot().is_some());
        }
    })
    .expect("inside");
}

#[test]
fn only_frames_that_pass_the_filter_are_received() {
    let (near, far) = pair();
    let (_, peer) = far.run(|| link("eth0")).expect("inside");
    let (_, own) = near.run(|| link("eth0")).expect("inside");
    let flood = frames(own, peer, 600);
    // Frames arrive while the receivers are being opened.
    let mut t = near
        .run(|| transmitter("eth0", Framing::Ethernet, Method::Packet))
        .expect("inside");
    send_all(&mut t, &flood[..200]);
    let (mut none, mut some) = far
        .run(|| {
            let none = receiver("eth0", Framing::Ethernet, Program::reject_all());
            send_all(&mut t, &flood[200..400]);
            let filter = UdpFilter::to(ip("10.9.0.2"), 1400..=1419).program();
            (none, receiver("eth0", Framing::Ethernet, filter))
        })
        .expect("inside");
    send_all(&mut t, &flood[400..]);
    let got = collect(&mut some, 20);
    assert!(
        got == flood[400..420],
        "exactly the frames to ports 1400 to 1419"
    );
    assert_eq!(none.for_each(|f| panic!("{:?} passed", f.bytes)), 0);
    assert_eq!(none.stats().expect("stats").passed, 0);
    assert_eq!(some.stats().expect("stats").passed, 20);

    none.set_filter(&UdpFilter::to(ip("10.9.0.2"), 1500..=1500).program())
        .expect("replaced");
    send_all(&mut t, &flood[500..502]);
    assert!(collect(&mut none, 1) == flood[500..501]);
}

#[test]
fn frames_that_find_a_full_ring_are_counted() {
    let (near, far) = pair();
    let (_, peer) = far.run(|| link("eth0")).expect("inside");
    let layouts = [
        Layout::Blocks {
            block: 4096,
            count: 4,
            retire_ms: 1,
        },
        Layout::Frames {
            frame: 2048,
            count: 32,
        },
    ];
    for layout in layouts {
        let mut small = far
            .run(|| {
                let filter = UdpFilter::to(ip("10.9.0.2"), 1000..=3000).program();
                let mut config = ReceiveConfig::new(link("eth0").0, Framing::Ethernet, filter);
                config.layout = layout;
                Receiver::open(&config).expect("a receiver")
            })
            .expect("inside");
        near.run(|| {
            let mut t = transmitter("eth0", Framing::Ethernet, Method::Packet);
            let sent = frames(link("eth0").1, peer, 800);
            sent.chunks(50)
                .for_each(|portion| send_all(&mut t, portion));
        })
        .expect("inside");
        let stats = RefCell::new(small.stats().expect("stats"));
        let seen = Cell::new(0u64);
        // The kernel may not have handed over the last block yet: drain until every frame is received or dropped.
        drain(
            &mut small,
            |_| seen.set(seen.get() + 1),
            || seen.get() + stats.borrow().dropped == 800,
        );
        assert_eq!(stats.borrow().passed, 800, "{layout:?}");
        assert!(
            stats.borrow().dropped > 0,
            "{layout:?}: the ring was too small for all"
        );
        assert_eq!(
            small.stats().expect("stats"),
            *stats.borrow(),
            "counts add up over readings"
        );
    }
}

#[test]
fn timestamps_lengths_and_tags_are_reported() {
    let (near, far) = pair();
    let (_, peer) = far.run(|| link("eth0")).expect("inside");
    let mut filter = UdpFilter::to(ip("10.9.0.2"), 1000..=3000).0;
    filter.snap_len = 60;
    let untagged_only = filter.program().expect("assembles");
    filter.tagged = true;
    let with_tagged = filter.program().expect("assembles");
    let (mut plain, mut tagged) = far
        .run(|| {
            let plain = block_receiver("eth0", Framing::Ethernet, untagged_only);
            (plain, receiver("eth0", Framing::Ethernet, with_tagged))
        })
        .expect("inside");
    let before = (monotonic_ns(), unix_ns());
    near.run(|| {
        let own = link("eth0").1;
        let mut sent = frames(own, peer, 501);
        let mut with_tag = sent[500].clone();
        with_tag.splice(12..12, [0x81, 0x00, 0x20, 0x05]);
        let mut t = transmitter("eth0", Framing::Ethernet, Method::Packet);
        send_all(&mut t, &[with_tag, sent.swap_remove(500)]);
    })
    .expect("inside");
    let seen = RefCell::new(Vec::new());
    drain(
        &mut tagged,
        |f| {
            assert_eq!((f.bytes.len(), f.wire_len), (60, 14 + 20 + 8 + 500));
            assert!(f.time_ns >= before.0 - 1_000_000 && f.time_ns <= monotonic_ns() + 1_000_000);
            assert!(f.unix_ns >= before.1 - 1_000_000 && f.unix_ns <= unix_ns() + 1_000_000);
            seen.borrow_mut().push(f.vlan);
        },
        || seen.borrow().len() == 2,
    );
    assert_eq!(seen.into_inner(), [Some(0x2005), None]);
    assert_eq!(collect(&mut plain, 1).len(), 1);
    assert_eq!(
        plain.stats().expect("stats").passed,
        1,
        "the tagged one is not for this link"
    );
}

#[test]
fn a_fanout_group_shares_without_loss_or_copies() {
    let (near, far) = pair();
    let (_, peer) = far.run(|| link("eth0")).expect("inside");
    let mut group: Vec<Receiver> = far
        .run(|| {
            let filter = UdpFilter::to(ip("10.9.0.2"), 1000..=3000).program();
            let mut config = ReceiveConfig::new(link("eth0").0, Framing::Ethernet, filter);
            config.fanout = Some(Fanout {
                group: 7,
                mode: FanoutMode::LoadBalance,
            });
            (0..2)
                .map(|_| Receiver::open(&config).expect("a receiver"))
                .collect()
        })
        .expect("inside");
    near.run(|| {
        let mut t = transmitter("eth0", Framing::Ethernet, Method::Packet);
        send_all(&mut t, &frames(link("eth0").1, peer, 200));
    })
    .expect("inside");
    let seen = RefCell::new(vec![0; 2000]);
    let (mut waiter, mut counts) = (Waiter::new(), [0, 0]);
    while counts[0] + counts[1] < 200 {
        let on = [0, 1].map(|i| (group[i].as_fd(), Interest::Read));
        let ready = waiter.wait(&on, Some(PATIENCE)).expect("wait");
        assert!(ready.contains(&true), "{counts:?} frames came");
        for (receiver, count) in group.iter_mut().zip(&mut counts) {
            *count += receiver.for_each(|f| {
                seen.borrow_mut()[usize::from(u16::from_be_bytes([f.bytes[36], f.bytes[37]]))] += 1;
            });
        }
    }
    assert!(counts[0] > 0 && counts[1] > 0, "{counts:?}");
    assert_eq!(seen.into_inner()[1000..1200], [1; 200]);
}

#[test]
fn one_wait_covers_several_rings() {
    let (near, far) = pair();
    let (_, peer) = far.run(|| link("eth0")).expect("inside");
    let filters = [1000..=1000u16, 1001..=1001].map(|p| UdpFilter::to(ip("10.9.0.2"), p).program());
    let rings = far
        .run(|| filters.map(|filter| block_receiver("eth0", Framing::Ethernet, filter)))
        .expect("inside");
    let on = [
        (rings[0].as_fd(), Interest::Read),
        (rings[1].as_fd(), Interest::Read),
    ];
    let mut waiter = Waiter::new();
    assert_eq!(
        waiter.wait(&on, Some(Duration::ZERO)).expect("wait"),
        [false, false]
    );
    near.run(|| {
        let mut t = transmitter("eth0", Framing::Ethernet, Method::Packet);
        send_all(&mut t, &frames(link("eth0").1, peer, 2)[1..]);
    })
    .expect("inside");
    assert_eq!(
        waiter.wait(&on, Some(PATIENCE)).expect("wait"),
        [false, true]
    );
}

#[test]
fn loopback_packets_reach_a_listener_and_its_answers_come_back() {
    let here = namespace();
    here.run(|| {
        for address in ["127.0.0.1", "::1"].map(ip) {
            let (datagrams, streams) = (
                UdpSocket::bind((address, 0)).expect("bind"),
                TcpListener::bind((address, 0)).expect("listen"),
            );
            let port = datagrams.local_addr().expect("bound").port();
            let open = streams.local_addr().expect("bound").port();
            let filter = ReplyFilter::new(Framing::Loopback, vec![address], 61_000..=61_000);
            let mut replies = receiver(
                "lo",
                Framing::Loopback,
                filter.program().expect("assembles"),
            );
            let mut t = transmitter("lo", Framing::Loopback, Method::Packet);
            let syn = packet(address, address, 6, &tcp(61_000, open, 7, 2));
            let datagram = packet(address, address, 17, &udp(61_000, port, b"hello"));
            send_all(&mut t, &[datagram, syn]);
            let mut buffer = [0; 16];
            let (length, from) = datagrams.recv_from(&mut buffer).expect("received");
            assert_eq!((&buffer[..length], from.port()), (&b"hello"[..], 61_000));
            let got = collect(&mut replies, 1);
            let transport = if address.is_ipv6() { 40 } else { 20 };
            assert_eq!(got[0][0] >> 4, if address.is_ipv6() { 6 } else { 4 });
            assert_eq!(got[0][transport + 13], 0x12, "SYN and ACK");
            assert_eq!(got[0][transport + 8..transport + 12], 8u32.to_be_bytes());
        }
    })
    .expect("inside");
}

#[test]
fn both_families_leave_one_loopback_batch_in_order() {
    let here = namespace();
    here.run(|| {
        let mut t = transmitter("lo", Framing::Loopback, Method::Packet);
        let receivers = ["127.0.0.1", "::1"].map(|a| UdpSocket::bind((ip(a), 4000)).expect("bind"));
        let packets: Vec<Vec<u8>> = (0..30u8)
            .map(|i| {
                let to = ip(if i % 3 == 0 { "::1" } else { "127.0.0.1" });
                packet(to, to, 17, &udp(61_000, 4000, &[i]))
            })
            .collect();
        send_all(&mut t, &packets);
        for (socket, wanted) in receivers.iter().zip([20, 10]) {
            let mut last = None;
            for _ in 0..wanted {
                let mut byte = [0];
                assert_eq!(socket.recv(&mut byte).expect("received"), 1);
                assert!(last < Some(byte[0]), "in order");
                last = Some(byte[0]);
            }
        }
    })
    .expect("inside");
}

#[test]
fn a_tun_link_carries_bare_ip_both_ways() {
    let here = namespace();
    here.run(|| {
        let tun = Tun::create("tun0", TunMode::Ip).expect("a TUN link");
        configure("tun0", &["10.77.0.1/24", "fd77::1/64"]);
        let filter = ReplyFilter::new(
            Framing::Ip,
            vec![ip("10.77.0.1"), ip("fd77::1")],
            61_000..=61_000,
        );
        let mut replies = receiver("tun0", Framing::Ip, filter.program().expect("assembles"));
        let mut t = transmitter("tun0", Framing::Ip, Method::Packet);
        for (own, other) in [("10.77.0.1", "10.77.0.9"), ("fd77::1", "fd77::9")] {
            let (own, other) = (ip(own), ip(other));
            let syn = packet(own, other, 6, &tcp(61_000, 80, 1, 2));
            send_all(&mut t, std::slice::from_ref(&syn));
            let mut buffer = [0; 2048];
            // The kernel sends its own packets on this link too (router solicitations, listener reports).
            let got = loop {
                let length = tun.receive(&mut buffer).expect("read");
                if buffer[..length] == syn[..] {
                    break length;
                }
            };
            assert_eq!(got, syn.len());
            let answer = packet(other, own, 6, &tcp(80, 61_000, 1, 0x12));
            tun.send(&answer).expect("written");
            assert_eq!(collect(&mut replies, 1), [answer]);
        }
    })
    .expect("inside");
}

#[test]
fn failures_are_typed() {
    let here = namespace();
    here.run(|| {
        let nowhere = TransmitConfig::new(4242, Framing::Ethernet);
        for method in METHODS {
            let error = Transmitter::open(&nowhere, method).expect_err("no such link");
            assert!(
                matches!(error, IoError::NoSuchDevice { .. }),
                "{method:?}: {error}"
            );
        }
        let lo = TransmitConfig::new(1, Framing::Loopback);
        for method in [Method::TxRing, Method::Xdp(XdpMode::Copy)] {
            let error = Transmitter::open(&lo, method).expect_err("Ethernet only");
            assert!(
                matches!(error, IoError::Unsupported { .. }),
                "{method:?}: {error}"
            );
        }
        let none = TransmitConfig { batch: 0, ..lo };
        let error = Transmitter::open(&none, Method::Packet).expect_err("an empty batch");
        assert!(matches!(error, IoError::BadRequest(_)));
        assert_eq!(device_counters("nowhere0").expect("read"), None);
    })
    .expect("inside");
}

#[test]
fn a_device_that_goes_down_is_reported_and_zero_copy_falls_back() {
    let (near, _far) = pair();
    near.run(|| {
        let index = link("eth0").0;
        let config = TransmitConfig::new(index, Framing::Ethernet);
        // veth does not support zero copy; "auto" falls back to copy mode.
        Transmitter::open(&config, Method::Xdp(XdpMode::ZeroCopy)).expect_err("veth copies");
        let auto = Transmitter::open(&config, Method::Xdp(XdpMode::Auto)).expect("falls back");
        let Transmitter::Xdp(auto) = auto else {
            panic!("asked for AF_XDP")
        };
        assert!(!auto.is_zero_copy());
        let other = TransmitConfig {
            queue: 99,
            ..config
        };
        let error = Transmitter::open(&other, Method::Xdp(XdpMode::Copy)).expect_err("one queue");
        assert!(matches!(error, IoError::Unsupported { .. }), "{error}");
        let error = Transmitter::open(&config, Method::Xdp(XdpMode::Copy)).expect_err("held");
        assert!(matches!(error, IoError::Busy { .. }), "{error}");

        let mut t = transmitter("eth0", Framing::Ethernet, Method::Packet);
        let mut network = vigie_linux::net::Network::open().expect("netlink");
        network.set_up(index, false).expect("down");
        t.slot().expect("a slot")[..14].fill(2);
        t.commit(60);
        let error = t.flush().expect_err("the link is down");
        assert!(matches!(error, IoError::DeviceDown { .. }), "{error}");
        assert_eq!(t.pending(), 1, "nothing is lost in silence");
    })
    .expect("inside");
}

#[test]
fn the_device_counts_what_it_carried() {
    let (near, far) = pair();
    let (_, peer) = far.run(|| link("eth0")).expect("inside");
    near.run(|| {
        let before = device_counters("eth0").expect("read").expect("there");
        let mut t = transmitter("eth0", Framing::Ethernet, Method::Packet);
        send_all(&mut t, &frames(link("eth0").1, peer, 50));
        let after = device_counters("eth0").expect("read").expect("there");
        assert!(after.tx_packets - before.tx_packets + after.tx_dropped - before.tx_dropped >= 50);
    })
    .expect("inside");
}

#[test]
fn open_sockets_work_after_privileges_are_dropped() {
    let (near, far) = pair();
    let (_, peer) = far.run(|| link("eth0")).expect("inside");
    let filter = UdpFilter::to(ip("10.9.0.2"), 1000..=3000).program();
    let mut seen = far
        .run(|| receiver("eth0", Framing::Ethernet, filter))
        .expect("inside");
    near.run(|| {
        let own = link("eth0").1;
        let mut transmitters: Vec<Transmitter> = METHODS
            .iter()
            .map(|method| transmitter("eth0", Framing::Ethernet, *method))
            .collect();
        let mut local = transmitter("lo", Framing::Loopback, Method::Packet);
        let target = UdpSocket::bind((ip("127.0.0.1"), 4000)).expect("bind");
        // This thread ends with the closure: capabilities belong to threads.
        vigie_linux::privilege::drop_privileges().expect("dropped");
        for t in &mut transmitters {
            send_all(t, &frames(own, peer, 20));
        }
        let to = ip("127.0.0.1");
        send_all(&mut local, &[packet(to, to, 17, &udp(1, 4000, b"!"))]);
        assert_eq!(target.recv(&mut [0; 8]).expect("received"), 1);
    })
    .expect("inside");
    far.run(|| {
        vigie_linux::privilege::drop_privileges().expect("dropped");
        assert_eq!(collect(&mut seen, 60).len(), 60);
        assert_eq!(seen.stats().expect("stats").dropped, 0);
    })
    .expect("inside");
}
