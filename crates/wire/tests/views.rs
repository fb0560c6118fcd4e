//! Typed views and writers: arbitrary bytes never panic, written packets are read back, and etherparse agrees.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use etherparse::{PacketHeaders, TransportHeader};
use proptest::prelude::*;
use vigie_wire::frame::{Net, Transport};
use vigie_wire::quote::Quote;
use vigie_wire::tcp::{Flags, TcpOption};
use vigie_wire::write::{self, Datagram};
use vigie_wire::{Frame, LinkType, MacAddr};
use vigie_wire::{arp, ethernet, icmpv4, icmpv6, ipv4, ipv6, tcp, udp, vlan};

const MACS: [MacAddr; 2] = [MacAddr([2, 0, 0, 0, 0, 1]), MacAddr([2, 0, 0, 0, 0, 2])];

fn addresses() -> impl Strategy<Value = (IpAddr, IpAddr)> {
    prop_oneof![
        any::<([u8; 4], [u8; 4])>().prop_map(|(a, b)| (IpAddr::from(a), IpAddr::from(b))),
        any::<([u8; 16], [u8; 16])>().prop_map(|(a, b)| (IpAddr::from(a), IpAddr::from(b))),
    ]
}

fn touch(link: LinkType, bytes: &[u8]) {
    let Ok(frame) = Frame::parse(link, bytes) else {
        return;
    };
    let _ = (frame.addresses(), frame.ttl());
    if let Net::Ipv4(ip) = frame.net {
        let _ = (
            ip.options(),
            ip.checksum_ok(),
            ip.is_cut(),
            ip.id(),
            ip.tos(),
        );
    }
    match frame.transport {
        Transport::Tcp(tcp) => {
            let _ = (tcp.seq(), tcp.ack(), tcp.flags(), tcp.payload());
            assert!(tcp.options().count() <= 40);
        }
        Transport::Udp(udp) => assert!(udp.payload().len() <= bytes.len()),
        Transport::Icmpv4(icmp) => {
            let _ = (
                icmp.rest(),
                icmp.mtu(),
                Quote::parse(icmp.quoted()).map(|q| (q.ports(), q.tcp_seq(), q.echo())),
            );
        }
        Transport::Icmpv6(icmp) => {
            let _ = (
                icmp.target(),
                icmp.link_layer_address(),
                icmp.is_solicited(),
                icmp.mtu(),
            );
            let _ = Quote::parse(icmp.quoted()).map(|q| (q.ports(), q.tcp_seq(), q.echo()));
            assert!(icmp.options().count() <= bytes.len());
        }
        Transport::Malformed(error) => assert!(error.offset <= bytes.len()),
        _ => {}
    }
}

const LINKS: [LinkType; 8] = [
    LinkType::Null,
    LinkType::Ethernet,
    LinkType::RawIp,
    LinkType::Loop,
    LinkType::LinuxSll,
    LinkType::Ipv4,
    LinkType::Ipv6,
    LinkType::LinuxSll2,
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        for link in LINKS {
            touch(link, &bytes);
        }
        let _ = arp::View::parse(&bytes);
        let _ = vlan::View::parse(&bytes).map(|v| (v.vid(), v.priority(), v.drop_eligible(), v.ethertype()));
        let _ = ethernet::View::parse(&bytes);
        let _ = tcp::View::parse(&bytes).map(|t| t.options().count());
        let _ = udp::View::parse(&bytes).map(|u| u.payload().len());
        let _ = icmpv4::View::parse(&bytes).map(|i| i.quoted().len());
        let _ = icmpv6::View::parse(&bytes).map(|i| (i.options().count(), i.target()));
        let _ = Quote::parse(&bytes).map(|q| (q.ports(), q.tcp_seq(), q.echo()));
        let _ = ipv6::View::parse(&bytes).map(|i| i.walk());
    }

    #[test]
    fn damaged_packets_never_panic(
        pair in addresses(), cut in 0usize..120, at in 0usize..120, value in any::<u8>(),
        payload in proptest::collection::vec(any::<u8>(), 0..40),
    ) {
        let mut buf = [0u8; 200];
        let datagram = Datagram::new(pair.0, pair.1).unwrap().ethernet(MACS[0], MACS[1]);
        let written = datagram.tcp(&mut buf, &tcp::Header::new(), &[1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2], &payload).unwrap();
        let mut bytes = buf[..written.len.min(cut)].to_vec();
        if let Some(byte) = bytes.get_mut(at) {
            *byte = value;
        }
        touch(LinkType::Ethernet, &bytes);
    }

    #[test]
    fn tcp_is_read_back_and_etherparse_agrees(
        pair in addresses(), ports in any::<(u16, u16)>(), seq in any::<u32>(), ack in any::<u32>(), flags in 0u16..512,
        window in any::<u16>(), ttl in 1u8.., mss in any::<u16>(), stamp in any::<(u32, u32)>(), tagged in any::<bool>(),
        payload in proptest::collection::vec(any::<u8>(), 0..64),
    ) {
        let options = [TcpOption::Mss(mss), TcpOption::SackOk, TcpOption::Timestamp(stamp.0, stamp.1), TcpOption::Nop, TcpOption::WScale(7)];
        let mut words = [0; 40];
        let len = tcp::write_options(&options, &mut words).unwrap();
        let header = tcp::Header::new().set_src_port(ports.0).set_dst_port(ports.1).set_seq(seq).set_ack(ack)
            .set_flags(Flags(flags)).set_window(window);
        let mut datagram = Datagram::new(pair.0, pair.1).unwrap().ttl(ttl).ip_id(77).ethernet(MACS[0], MACS[1]);
        if tagged {
            datagram = datagram.vlan(5);
        }
        let mut buf = [0u8; 256];
        let written = datagram.tcp(&mut buf, &header, &words[..len], &payload).unwrap();
        let bytes = &buf[..written.len];

        let frame = Frame::parse(LinkType::Ethernet, bytes).unwrap();
        prop_assert_eq!(frame.addresses(), Some(pair));
        prop_assert_eq!(frame.ttl(), Some(ttl));
        prop_assert_eq!(frame.vlan.map(|v| v.vid()), tagged.then_some(5));
        let Transport::Tcp(view) = frame.transport else { panic!("{frame:?}") };
        prop_assert_eq!((view.src_port(), view.dst_port()), ports);
        prop_assert_eq!((view.seq(), view.ack(), view.flags(), view.window()), (seq, ack, Flags(flags), window));
        prop_assert!(view.options().take(5).eq(options));
        prop_assert_eq!(view.payload(), &payload[..]);

        let theirs = PacketHeaders::from_ethernet_slice(bytes).unwrap();
        let Some(TransportHeader::Tcp(tcp)) = theirs.transport else { panic!("no TCP") };
        prop_assert_eq!((tcp.source_port, tcp.destination_port, tcp.sequence_number), (ports.0, ports.1, seq));
        let sum = match theirs.net.unwrap() {
            etherparse::NetHeaders::Ipv4(ip, _) => {
                prop_assert_eq!(ip.header_checksum, ip.calc_header_checksum());
                tcp.calc_checksum_ipv4(&ip, &payload).unwrap()
            }
            etherparse::NetHeaders::Ipv6(ip, _) => tcp.calc_checksum_ipv6(&ip, &payload).unwrap(),
            etherparse::NetHeaders::Arp(_) => panic!("ARP"),
        };
        // etherparse stores eight flags without NS, so its checksum lacks that bit.
        if flags < 256 {
            prop_assert_eq!(view.checksum(), sum);
        }
    }

    #[test]
    fn udp_is_read_back_and_etherparse_agrees(
        pair in addresses(), ports in any::<(u16, u16)>(), payload in proptest::collection::vec(any::<u8>(), 0..64),
    ) {
        let header = udp::Header::new().set_src_port(ports.0).set_dst_port(ports.1);
        let mut buf = [0u8; 200];
        let written = Datagram::new(pair.0, pair.1).unwrap().udp(&mut buf, &header, &payload).unwrap();
        let bytes = &buf[..written.len];
        let frame = Frame::parse(LinkType::RawIp, bytes).unwrap();
        let Transport::Udp(view) = frame.transport else { panic!("{frame:?}") };
        prop_assert_eq!((view.src_port(), view.dst_port(), view.payload()), (ports.0, ports.1, &payload[..]));
        let theirs = PacketHeaders::from_ip_slice(bytes).unwrap();
        let Some(TransportHeader::Udp(udp)) = theirs.transport else { panic!("no UDP") };
        let sum = match theirs.net.unwrap() {
            etherparse::NetHeaders::Ipv4(ip, _) => udp.calc_checksum_ipv4(&ip, &payload).unwrap(),
            etherparse::NetHeaders::Ipv6(ip, _) => udp.calc_checksum_ipv6(&ip, &payload).unwrap(),
            etherparse::NetHeaders::Arp(_) => panic!("ARP"),
        };
        prop_assert_eq!(view.checksum(), sum);
    }

    #[test]
    fn echoes_are_read_back_with_valid_sums(pair in addresses(), id in any::<u16>(), seq in any::<u16>(), data in proptest::collection::vec(any::<u8>(), 0..64)) {
        let mut buf = [0u8; 200];
        let written = Datagram::new(pair.0, pair.1).unwrap().echo(&mut buf, id, seq, &data).unwrap();
        let bytes = &buf[..written.len];
        let upper = (bytes.len() - written.transport) as u16;
        match Frame::parse(LinkType::RawIp, bytes).unwrap() {
            Frame { transport: Transport::Icmpv4(icmp), .. } => {
                prop_assert_eq!((icmp.kind(), icmp.id(), icmp.seq(), icmp.payload()), (8, id, seq, &data[..]));
                prop_assert_eq!(vigie_wire::checksum::checksum(&bytes[written.transport..]), 0);
            }
            Frame { transport: Transport::Icmpv6(icmp), net: Net::Ipv6(ip), .. } => {
                prop_assert_eq!((icmp.kind(), icmp.id(), icmp.seq(), icmp.payload()), (128, id, seq, &data[..]));
                prop_assert!(ip.pseudo_sum(58, upper.into()).add_bytes(&bytes[written.transport..]).is_valid());
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_quote_tells_the_probe_even_when_cut_after_8_bytes(pair in addresses(), ports in any::<(u16, u16)>(), seq in any::<u32>()) {
        let mut buf = [0u8; 100];
        let header = tcp::Header::new().set_src_port(ports.0).set_dst_port(ports.1).set_seq(seq);
        let written = Datagram::new(pair.0, pair.1).unwrap().tcp(&mut buf, &header, &[], &[]).unwrap();
        let quote = Quote::parse(&buf[..written.transport + 8]).unwrap();
        prop_assert_eq!((quote.src, quote.dst, quote.proto), (pair.0, pair.1, 6));
        prop_assert_eq!((quote.ports(), quote.tcp_seq()), (Some(ports), Some(seq)));
    }
}

#[test]
fn arp_request_is_what_rfc_826_says() {
    let mut buf = [0u8; 64];
    let (sender, target) = (Ipv4Addr::new(10, 0, 0, 1), Ipv4Addr::new(10, 0, 0, 2));
    let written = write::arp_request(&mut buf, MACS[0], sender, target, None).unwrap();
    let frame = Frame::parse(LinkType::Ethernet, &buf[..written.len]).unwrap();
    let Net::Arp(arp) = frame.net else {
        panic!("{frame:?}")
    };
    assert_eq!(frame.ethernet.unwrap().dst(), MacAddr::BROADCAST);
    assert_eq!(
        (arp.op(), arp.sender_mac(), arp.target_mac()),
        (arp::REQUEST, MACS[0], MacAddr::ZERO)
    );
    assert_eq!((arp.sender_ip(), arp.target_ip()), (sender, target));
    let theirs = PacketHeaders::from_ethernet_slice(&buf[..written.len]).unwrap();
    assert!(matches!(theirs.net, Some(etherparse::NetHeaders::Arp(_))));
}

#[test]
fn neighbour_solicitation_is_what_rfc_4861_says() {
    let mut buf = [0u8; 128];
    let (sender, target): (Ipv6Addr, Ipv6Addr) = (
        "fe80::1".parse().unwrap(),
        "2001:db8::aa:bbcc".parse().unwrap(),
    );
    let written =
        write::neighbour_solicitation(&mut buf, MACS[0], sender, target, Some(9)).unwrap();
    let frame = Frame::parse(LinkType::Ethernet, &buf[..written.len]).unwrap();
    assert_eq!(
        frame.ethernet.unwrap().dst(),
        MacAddr([0x33, 0x33, 0xff, 0xaa, 0xbb, 0xcc])
    );
    assert_eq!(frame.ttl(), Some(255));
    let Net::Ipv6(ip) = frame.net else {
        panic!("{frame:?}")
    };
    assert_eq!(ip.dst(), "ff02::1:ffaa:bbcc".parse::<Ipv6Addr>().unwrap());
    let Transport::Icmpv6(icmp) = frame.transport else {
        panic!("{frame:?}")
    };
    assert_eq!(
        (icmp.target(), icmp.link_layer_address()),
        (Some(target), Some(MACS[0]))
    );
    let bytes = &buf[written.transport..written.len];
    assert!(
        ip.pseudo_sum(58, bytes.len() as u32)
            .add_bytes(bytes)
            .is_valid()
    );
}

#[test]
fn extension_headers_are_walked_and_bounded() {
    let tcp = [0u8; 20];
    let mut chain = vec![60, 0, 0, 0, 0, 0, 0, 0]; // hop-by-hop, then destination options
    chain.extend([44, 0, 0, 0, 0, 0, 0, 0]); // destination options, then fragment
    chain.extend([6, 0, 0, 1, 0, 0, 0, 9]); // first fragment, more follow
    chain.extend(tcp);
    let upper = ipv6::walk(0, &chain).unwrap();
    assert_eq!((upper.proto, upper.payload.len()), (6, 20));
    let fragment = upper.fragment.unwrap();
    assert_eq!((fragment.offset, fragment.more, fragment.id), (0, true, 9));
    // An authentication header counts its length in words, minus 2 (RFC 4302 section 2.2).
    let ah = [
        17, 4, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0xaa,
    ];
    assert_eq!(ipv6::walk(51, &ah).unwrap().payload, [0xaa]);
    let endless = [0u8; 8 * 40];
    assert_eq!(
        ipv6::walk(0, &endless).unwrap_err().kind,
        vigie_wire::ParseErrorKind::TooDeep
    );
}

#[test]
fn set_lengths_and_checksums_are_not_computed() {
    let mut buf = [0u8; 64];
    let net = write::Net::V4(
        ipv4::Header::new()
            .set_dst(Ipv4Addr::LOCALHOST)
            .set_src(Ipv4Addr::LOCALHOST)
            .set_checksum(0xdead)
            .set_total_len(999)
            .set_proto(253),
    );
    let header = udp::Header::new().set_len(7).set_checksum(0);
    let written = Datagram::with_net(net)
        .udp(&mut buf, &header, b"x")
        .unwrap();
    let ip = ipv4::View::parse(&buf[..written.len]).unwrap();
    assert_eq!(
        (ip.checksum(), ip.total_len(), ip.proto()),
        (0xdead, 999, 253)
    );
    assert!(ip.is_cut() && !ip.checksum_ok());
    let udp = udp::View::parse(&buf[written.transport..written.len]).unwrap();
    assert_eq!((udp.len(), udp.checksum()), (7, 0));
}

#[test]
fn padding_is_not_payload() {
    let mut buf = [0u8; 60];
    let datagram = Datagram::new([10, 0, 0, 1].into(), [10, 0, 0, 2].into())
        .unwrap()
        .ethernet(MACS[0], MACS[1]);
    datagram
        .tcp(&mut buf, &tcp::Header::new(), &[], &[])
        .unwrap();
    let Transport::Tcp(tcp) = Frame::parse(LinkType::Ethernet, &buf).unwrap().transport else {
        panic!()
    };
    assert_eq!(tcp.payload(), []);
}

#[test]
fn errors_have_the_offset() {
    let mut buf = [0u8; 60];
    let datagram = Datagram::new([10, 0, 0, 1].into(), [10, 0, 0, 2].into())
        .unwrap()
        .ethernet(MACS[0], MACS[1]);
    datagram
        .tcp(&mut buf, &tcp::Header::new(), &[], &[])
        .unwrap();
    let Transport::Malformed(error) = Frame::parse(LinkType::Ethernet, &buf[..40])
        .unwrap()
        .transport
    else {
        panic!()
    };
    assert_eq!(
        (error.layer, error.needed, error.had, error.offset),
        ("TCP", 20, 6, 34)
    );
    assert_eq!(
        datagram
            .tcp(&mut [0; 53], &tcp::Header::new(), &[], &[])
            .unwrap_err(),
        vigie_wire::WriteError::NoRoom {
            layer: "TCP",
            needed: 54,
            had: 53
        }
    );
}
