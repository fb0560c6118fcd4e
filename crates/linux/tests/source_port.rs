//! Reserving source ports, in namespaces made for each test. Needs root, and fails without it.

mod common;

use std::net::{TcpListener, UdpSocket};

use common::*;
use vigie_linux::io::{Framing, Method, ReplyFilter};
use vigie_linux::netns::set_sysctl;
use vigie_linux::source_port::{PortRequest, ReserveError, SourcePorts};
use vigie_pcap_filter::Program;

#[test]
fn a_reserved_port_is_given_to_no_other_socket() {
    let here = namespace();
    here.run(|| {
        let held =
            SourcePorts::reserve(&PortRequest::Any { count: 4, seed: 11 }).expect("free ports");
        let ports = held.ports();
        assert_eq!(ports.len(), 4);
        assert!(*ports.start() > 60_999, "above the ephemeral range");
        for port in ports.clone() {
            for address in ["127.0.0.1", "::1", "0.0.0.0", "::"].map(ip) {
                TcpListener::bind((address, port)).expect_err("held");
                UdpSocket::bind((address, port)).expect_err("held");
            }
        }
        let again = SourcePorts::reserve(&PortRequest::Any { count: 4, seed: 11 }).expect("others");
        assert!(!ports.contains(again.ports().start()) && !ports.contains(again.ports().end()));
        drop(held);
        let exactly =
            SourcePorts::reserve(&PortRequest::Exactly(ports.clone())).expect("free again");
        assert_eq!(exactly.ports(), ports);
    })
    .expect("inside");
}

#[test]
fn a_busy_port_is_reported() {
    let here = namespace();
    here.run(|| {
        let listener = TcpListener::bind((ip("127.0.0.1"), 61_234)).expect("listen");
        let udp = UdpSocket::bind((ip("::1"), 61_300)).expect("bind");
        for port in [61_234, 61_300] {
            let request = PortRequest::Exactly(port - 2..=port + 2);
            let busy = SourcePorts::reserve(&request).expect_err("in use");
            assert_eq!(busy, ReserveError::Busy { port });
        }
        drop((listener, udp));
        SourcePorts::reserve(&PortRequest::Exactly(61_234..=61_300))
            .expect("nothing was left behind");
    })
    .expect("inside");
}

#[test]
fn the_ephemeral_range_and_the_reserved_ports_are_avoided() {
    let here = namespace();
    here.run(|| {
        set_sysctl("net/ipv4/ip_local_port_range", "2000 65000").expect("a wide range");
        set_sysctl("net/ipv4/ip_local_reserved_ports", "65100-65535").expect("reserved ports");
        for seed in 0..20 {
            let request = PortRequest::Any { count: 8, seed };
            let ports = SourcePorts::reserve(&request).expect("free ports").ports();
            let clear =
                (65_001..=65_092).contains(ports.start()) || (1024..=1992).contains(ports.start());
            assert!(clear, "{ports:?}");
        }
        set_sysctl("net/ipv4/ip_local_port_range", "1024 65535").expect("everything");
        let request = PortRequest::Any { count: 2, seed: 3 };
        SourcePorts::reserve(&request).expect("ports inside the range, still reserved");
    })
    .expect("inside");
}

#[test]
fn a_syn_ack_to_a_reserved_port_is_reset_and_udp_is_ignored() {
    let (near, far) = pair();
    let held = near
        .run(|| SourcePorts::reserve(&PortRequest::Any { count: 1, seed: 5 }).expect("a free port"))
        .expect("inside");
    let port = *held.ports().start();
    let (_, own) = near.run(|| link("eth0")).expect("inside");
    far.run(|| {
        let filter = ReplyFilter::new(Framing::Ethernet, vec![ip("10.9.0.2")], 80..=81);
        let program: Program = filter.program().expect("assembles");
        let mut replies = receiver("eth0", Framing::Ethernet, program);
        let mut t = transmitter("eth0", Framing::Ethernet, Method::Packet);
        let mac = link("eth0").1;
        // Without a neighbour entry the first answer would wait for ARP, which may drop it.
        let datagram = packet(ip("10.9.0.2"), ip("10.9.0.1"), 17, &udp(81, port, b"reply"));
        let syn_ack = packet(ip("10.9.0.2"), ip("10.9.0.1"), 6, &tcp(80, port, 9, 0x12));
        let sent = [datagram, syn_ack].map(|p| ethernet(own, mac, &p));
        send_all(&mut t, &sent);
        let got = collect(&mut replies, 1);
        assert_eq!(
            got[0][23], 6,
            "the datagram brought no ICMP: the port is bound"
        );
        assert_eq!(got[0][14 + 20 + 13] & 0x04, 0x04, "a reset");
        assert_eq!(replies.stats().expect("stats").passed, 1);
    })
    .expect("inside");
    assert_eq!(held.ports(), port..=port);
}
