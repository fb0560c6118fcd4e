//! Socket filter that accepts only frames that can be replies to our probes. The kernel drops all others, so they never
//! wake the scanner.
//!
//! The filter accepts a frame in case of doubt; the engine later verifies each reply by its cookie. The filter knows our
//! addresses and source ports, not probes or targets.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use core::ops::RangeInclusive;

use vigie_pcap_filter::Program;
use vigie_pcap_filter::bpf::{
    ArithOp, AssembleError, Assembler, Compare, Label, METADATA_VLAN_PRESENT, Width,
};

use super::transmit::Framing;

const ETHERTYPE: u32 = 12;
const IPV4: u32 = 0x0800;
const ARP: u32 = 0x0806;
const IPV6: u32 = 0x86dd;
const VLAN: [u32; 2] = [0x8100, 0x88a8];
/// ICMPv4: echo reply, unreachable, source quench, redirect, time exceeded, parameter problem,
/// timestamp reply, information reply, address mask reply (RFC 792, RFC 950).
const ICMP_TYPES: [u32; 9] = [0, 3, 4, 5, 11, 12, 14, 16, 18];
/// ICMPv6: the four errors (RFC 4443), echo reply, neighbour advertisement (RFC 4861).
const ICMPV6_TYPES: [u32; 6] = [1, 2, 3, 4, 129, 136];
const NEIGHBOUR_ADVERTISEMENT: u32 = 136;
/// Extension headers that may precede the transport header (RFC 8200, RFC 4302, RFC 6275).
const EXTENSIONS: [u32; 6] = [0, 43, 44, 51, 60, 135];
/// Maximum number of addresses of one family to compare. With more, every destination is accepted.
const MAX_ADDRESSES: usize = 8;

/// Frames to accept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyFilter {
    /// Frame format. [`Framing::Loopback`] is received as raw IP, like [`Framing::Ip`].
    pub framing: Framing,
    /// Our source addresses. Without an address of a family, all its packets are rejected.
    pub addresses: Vec<IpAddr>,
    /// Our source ports.
    pub ports: RangeInclusive<u16>,
    /// IP protocols whose destination port is compared: 6 TCP, 17 UDP, 132 SCTP. All of them have it in bytes 2 and 3.
    pub transports: Vec<u8>,
    /// IP protocols that are accepted with any payload (IP protocol scan).
    pub protocols: Vec<u8>,
    /// Accept all other IP protocols too; `transports` still by port only.
    pub any_protocol: bool,
    /// Accept ICMP and ICMPv6 errors, and replies to echo, timestamp and mask requests.
    pub icmp: bool,
    /// Accept ARP replies and neighbour advertisements.
    pub neighbours: bool,
    /// Accept frames whose VLAN tag the kernel removed: only if we send tagged frames.
    pub tagged: bool,
    /// Maximum number of bytes to keep of a packet.
    pub snap_len: u32,
}

impl ReplyFilter {
    /// Creates a filter for TCP and UDP to `ports`, ICMP and neighbour replies: untagged, whole frames.
    pub fn new(framing: Framing, addresses: Vec<IpAddr>, ports: RangeInclusive<u16>) -> Self {
        Self {
            framing,
            addresses,
            ports,
            transports: vec![6, 17],
            protocols: Vec::new(),
            any_protocol: false,
            icmp: true,
            neighbours: true,
            tagged: false,
            snap_len: 0x4_0000,
        }
    }

    /// Assembles the program.
    ///
    /// # Errors
    ///
    /// [`AssembleError::TooLong`] if the lists make the program longer than the kernel accepts.
    pub fn program(&self) -> Result<Program, AssembleError> {
        let mut a = Assembler::new();
        let (v4, v6, arp) = (a.label(), a.label(), a.label());
        match self.framing {
            Framing::Ethernet => self.ethernet(&mut a, v4, v6, arp),
            Framing::Ip | Framing::Loopback => {
                let (not_v4, refuse) = (a.label(), a.label());
                a.load(Width::Byte, 0);
                a.arithmetic(ArithOp::And, 0xf0);
                a.branch(Compare::Equal, 0x40, None, Some(not_v4));
                a.jump(v4);
                a.place(not_v4);
                a.branch(Compare::Equal, 0x60, None, Some(refuse));
                a.jump(v6);
                a.place(refuse);
                a.ret(0);
            }
        }
        let link = self.framing.link_header_len() as u32;
        a.place(v4);
        self.ipv4(&mut a, link);
        a.place(v6);
        self.ipv6(&mut a, link);
        a.place(arp);
        self.arp(&mut a, link);
        a.finish()
    }

    /// Dispatches on the EtherType. A second tag moves all offsets (the kernel removes only the outer
    /// one), so such frames are accepted whole if tagged frames are accepted.
    fn ethernet(&self, a: &mut Assembler, v4: Label, v6: Label, arp: Label) {
        if !self.tagged {
            let untagged = a.label();
            a.load(Width::Word, METADATA_VLAN_PRESENT);
            a.branch(Compare::Equal, 0, Some(untagged), None);
            a.ret(0);
            a.place(untagged);
        }
        a.load(Width::Half, ETHERTYPE);
        for (ethertype, to) in [(IPV4, v4), (IPV6, v6), (ARP, arp)] {
            let other = a.label();
            a.branch(Compare::Equal, ethertype, None, Some(other));
            a.jump(to);
            a.place(other);
        }
        let pass = a.label();
        for tag in VLAN {
            a.branch(Compare::Equal, tag, Some(pass), None);
        }
        a.ret(0);
        a.place(pass);
        a.ret(if self.tagged { self.snap_len } else { 0 });
    }

    /// Decides on all other protocols.
    fn others(&self, a: &mut Assembler) {
        if self.any_protocol {
            a.ret(self.snap_len);
        }
    }

    fn v4_addresses(&self) -> Vec<Ipv4Addr> {
        self.addresses
            .iter()
            .filter_map(|a| {
                if let IpAddr::V4(a) = a {
                    Some(*a)
                } else {
                    None
                }
            })
            .collect()
    }

    fn v6_addresses(&self) -> Vec<Ipv6Addr> {
        self.addresses
            .iter()
            .filter_map(|a| {
                if let IpAddr::V6(a) = a {
                    Some(*a)
                } else {
                    None
                }
            })
            .collect()
    }

    /// IPv4 at `ip` (RFC 791).
    fn ipv4(&self, a: &mut Assembler, ip: u32) {
        let (pass, refuse, icmp, ports) = (a.label(), a.label(), a.label(), a.label());
        self.to_us_v4(a, ip + 16, refuse);
        a.load(Width::Byte, ip + 9);
        for protocol in &self.protocols {
            a.branch(Compare::Equal, u32::from(*protocol), Some(pass), None);
        }
        if self.icmp {
            a.branch(Compare::Equal, 1, Some(icmp), None);
        }
        for transport in &self.transports {
            a.branch(Compare::Equal, u32::from(*transport), Some(ports), None);
        }
        self.others(a);
        a.place(refuse);
        a.ret(0);

        a.place(ports);
        let (whole, refuse) = (a.label(), a.label());
        a.load(Width::Half, ip + 6);
        // Only the first fragment has ports.
        a.branch(Compare::AnySet, 0x1fff, None, Some(whole));
        a.ret(0);
        a.place(whole);
        a.index_from_ipv4_header(ip);
        a.load_indexed(Width::Half, ip + 2);
        self.port(a, pass, refuse);
        a.place(refuse);
        a.ret(0);

        a.place(icmp);
        a.index_from_ipv4_header(ip);
        a.load_indexed(Width::Byte, ip);
        for kind in ICMP_TYPES {
            a.branch(Compare::Equal, kind, Some(pass), None);
        }
        a.ret(0);
        a.place(pass);
        a.ret(self.snap_len);
    }

    /// IPv6 at `ip` (RFC 8200). A packet to us with extension headers is accepted without reading them.
    fn ipv6(&self, a: &mut Assembler, ip: u32) {
        let (pass, refuse, icmp, ports) = (a.label(), a.label(), a.label(), a.label());
        if self.icmp && self.neighbours {
            // An advertisement may be sent to all nodes (RFC 4861, 4.4).
            let other = a.label();
            a.load(Width::Byte, ip + 6);
            a.branch(Compare::Equal, 58, None, Some(other));
            a.load(Width::Byte, ip + 40);
            a.branch(Compare::Equal, NEIGHBOUR_ADVERTISEMENT, None, Some(other));
            a.ret(self.snap_len);
            a.place(other);
        }
        self.to_us_v6(a, ip + 24, refuse);
        a.load(Width::Byte, ip + 6);
        for protocol in self
            .protocols
            .iter()
            .map(|p| u32::from(*p))
            .chain(EXTENSIONS)
        {
            a.branch(Compare::Equal, protocol, Some(pass), None);
        }
        if self.icmp {
            a.branch(Compare::Equal, 58, Some(icmp), None);
        }
        for transport in &self.transports {
            a.branch(Compare::Equal, u32::from(*transport), Some(ports), None);
        }
        self.others(a);
        a.place(refuse);
        a.ret(0);

        a.place(ports);
        let refuse = a.label();
        a.load(Width::Half, ip + 42);
        self.port(a, pass, refuse);
        a.place(refuse);
        a.ret(0);

        a.place(icmp);
        a.load(Width::Byte, ip + 40);
        for kind in ICMPV6_TYPES {
            a.branch(Compare::Equal, kind, Some(pass), None);
        }
        a.ret(0);
        a.place(pass);
        a.ret(self.snap_len);
    }

    /// ARP replies to one of our addresses (RFC 826: operation 2, target address at 24).
    fn arp(&self, a: &mut Assembler, arp: u32) {
        if !self.neighbours {
            a.ret(0);
            return;
        }
        let refuse = a.label();
        a.load(Width::Half, arp + 6);
        a.branch(Compare::Equal, 2, None, Some(refuse));
        self.to_us_v4(a, arp + 24, refuse);
        a.ret(self.snap_len);
        a.place(refuse);
        a.ret(0);
    }

    /// Jumps to `pass` if the accumulator is one of our ports, otherwise to `refuse`.
    fn port(&self, a: &mut Assembler, pass: Label, refuse: Label) {
        a.branch(
            Compare::GreaterOrEqual,
            u32::from(*self.ports.start()),
            None,
            Some(refuse),
        );
        a.branch(
            Compare::Greater,
            u32::from(*self.ports.end()),
            Some(refuse),
            Some(pass),
        );
    }

    fn to_us_v4(&self, a: &mut Assembler, at: u32, refuse: Label) {
        let ours = self.v4_addresses();
        if ours.is_empty() {
            a.ret(0);
        }
        if ours.is_empty() || ours.len() > MAX_ADDRESSES {
            return;
        }
        let yes = a.label();
        a.load(Width::Word, at);
        for address in &ours {
            a.branch(Compare::Equal, u32::from(*address), Some(yes), None);
        }
        a.jump(refuse);
        a.place(yes);
    }

    fn to_us_v6(&self, a: &mut Assembler, at: u32, refuse: Label) {
        let ours = self.v6_addresses();
        if ours.is_empty() {
            a.ret(0);
        }
        if ours.is_empty() || ours.len() > MAX_ADDRESSES {
            return;
        }
        let yes = a.label();
        for address in &ours {
            let next = a.label();
            let words = address.octets();
            for (i, word) in words.as_chunks::<4>().0.iter().enumerate().rev() {
                a.load(Width::Word, at + 4 * i as u32);
                let matched = if i == 0 { Some(yes) } else { None };
                a.branch(
                    Compare::Equal,
                    u32::from_be_bytes(*word),
                    matched,
                    Some(next),
                );
            }
            a.place(next);
        }
        a.jump(refuse);
        a.place(yes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const US: Ipv4Addr = Ipv4Addr::new(10, 9, 0, 1);
    const THEM: Ipv4Addr = Ipv4Addr::new(10, 9, 0, 2);
    const US6: Ipv6Addr = Ipv6Addr::new(0xfd00, 0, 0, 0, 0, 0, 0, 1);
    const THEM6: Ipv6Addr = Ipv6Addr::new(0xfd00, 0, 0, 0, 0, 0, 0, 2);

    /// Number of bytes that the program keeps of a packet.
    fn stored(program: &Program, packet: &[u8]) -> usize {
        (program.run(packet, packet.len() as u32) as usize).min(packet.len())
    }

    fn filter(framing: Framing) -> ReplyFilter {
        ReplyFilter::new(framing, vec![US.into(), US6.into()], 61_000..=61_015)
    }

    fn ipv4(to: Ipv4Addr, protocol: u8, payload: &[u8]) -> Vec<u8> {
        let mut p = vec![
            0x45,
            0,
            0,
            20 + payload.len() as u8,
            0,
            0,
            0x40,
            0,
            64,
            protocol,
            0,
            0,
        ];
        p.extend(THEM.octets());
        p.extend(to.octets());
        p.extend(payload);
        p
    }

    fn ipv6(to: Ipv6Addr, next: u8, payload: &[u8]) -> Vec<u8> {
        let mut p = vec![0x60, 0, 0, 0, 0, payload.len() as u8, next, 64];
        p.extend(THEM6.octets());
        p.extend(to.octets());
        p.extend(payload);
        p
    }

    fn to_port(port: u16) -> Vec<u8> {
        let mut t = vec![0, 80];
        t.extend(port.to_be_bytes());
        t.extend([0; 16]);
        t
    }

    fn frame(ethertype: u32, payload: &[u8]) -> Vec<u8> {
        let mut f = vec![2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2];
        f.extend((ethertype as u16).to_be_bytes());
        f.extend(payload);
        f
    }

    /// Runs an IP packet through the filter of every frame format. The verdicts must agree.
    fn passes(packet: &[u8]) -> bool {
        let ethertype = if packet[0] >> 4 == 6 { IPV6 } else { IPV4 };
        let on = |framing: Framing, bytes: &[u8]| {
            let stored = stored(&filter(framing).program().expect("assembles"), bytes);
            assert!(stored == 0 || stored == bytes.len(), "whole or not at all");
            stored > 0
        };
        let (ethernet, ip) = (
            on(Framing::Ethernet, &frame(ethertype, packet)),
            on(Framing::Ip, packet),
        );
        assert_eq!(ethernet, ip);
        assert_eq!(ip, on(Framing::Loopback, packet));
        ip
    }

    #[test]
    fn transports_pass_by_address_and_port() {
        for protocol in [6, 17] {
            assert!(passes(&ipv4(US, protocol, &to_port(61_000))));
            assert!(passes(&ipv4(US, protocol, &to_port(61_015))));
            assert!(!passes(&ipv4(US, protocol, &to_port(60_999))));
            assert!(!passes(&ipv4(US, protocol, &to_port(61_016))));
            assert!(!passes(&ipv4(THEM, protocol, &to_port(61_000))));
            assert!(passes(&ipv6(US6, protocol, &to_port(61_007))));
            assert!(!passes(&ipv6(US6, protocol, &to_port(61_016))));
            assert!(!passes(&ipv6(THEM6, protocol, &to_port(61_007))));
        }
        assert!(
            !passes(&ipv4(US, 132, &to_port(61_000))),
            "SCTP was not requested"
        );
        assert!(!passes(&ipv4(US, 6, &[0, 80])), "cut before the port");
    }

    #[test]
    fn ip_options_move_the_port_and_fragments_have_none() {
        let mut with_options = ipv4(US, 6, &[&[1, 1, 1, 1], &to_port(61_000)[..]].concat());
        assert!(!passes(&with_options));
        with_options[0] = 0x46;
        assert!(passes(&with_options));
        let mut fragment = ipv4(US, 6, &to_port(61_000));
        fragment[6..8].copy_from_slice(&[0x20, 0x00]);
        assert!(passes(&fragment), "the first fragment has the port");
        fragment[6..8].copy_from_slice(&[0x00, 0x01]);
        assert!(!passes(&fragment));
    }

    #[test]
    fn icmp_errors_and_replies_pass_requests_do_not() {
        for kind in 0..=255u8 {
            let v4 = passes(&ipv4(US, 1, &[kind, 0, 0, 0, 0, 0, 0, 0]));
            assert_eq!(
                v4,
                [0, 3, 4, 5, 11, 12, 14, 16, 18].contains(&kind),
                "ICMP type {kind}"
            );
            let v6 = passes(&ipv6(US6, 58, &[kind, 0, 0, 0, 0, 0, 0, 0]));
            assert_eq!(
                v6,
                [1, 2, 3, 4, 129, 136].contains(&kind),
                "ICMPv6 type {kind}"
            );
        }
        assert!(!passes(&ipv4(THEM, 1, &[3, 3, 0, 0, 0, 0, 0, 0])));
        let all_nodes = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 1);
        assert!(passes(&ipv6(all_nodes, 58, &[136, 0, 0, 0, 0, 0, 0, 0])));
        assert!(!passes(&ipv6(all_nodes, 58, &[129, 0, 0, 0, 0, 0, 0, 0])));
    }

    #[test]
    fn extension_headers_are_accepted_unread() {
        for next in [0, 43, 44, 51, 60, 135] {
            assert!(passes(&ipv6(US6, next, &to_port(1))));
            assert!(!passes(&ipv6(THEM6, next, &to_port(1))));
        }
    }

    #[test]
    fn arp_replies_to_us_pass() {
        let program = filter(Framing::Ethernet).program().expect("assembles");
        let arp = |operation: u8, to: Ipv4Addr| {
            let mut p = vec![0, 1, 8, 0, 6, 4, 0, operation, 2, 0, 0, 0, 0, 2];
            p.extend(THEM.octets());
            p.extend([2, 0, 0, 0, 0, 1]);
            p.extend(to.octets());
            frame(ARP, &p)
        };
        assert_eq!(stored(&program, &arp(2, US)), 42);
        assert_eq!(stored(&program, &arp(1, US)), 0);
        assert_eq!(stored(&program, &arp(2, THEM)), 0);
    }

    #[test]
    fn tagged_frames_pass_on_request_only() {
        let inner = [&[0, 5][..], &[8, 0], &ipv4(US, 6, &to_port(61_000))].concat();
        let tagged = frame(0x8100, &inner);
        let mut f = filter(Framing::Ethernet);
        assert_eq!(stored(&f.program().expect("assembles"), &tagged), 0);
        f.tagged = true;
        assert_eq!(
            stored(&f.program().expect("assembles"), &tagged),
            tagged.len()
        );
    }

    #[test]
    fn a_family_without_an_address_is_refused_and_many_addresses_are_not_compared() {
        let only6 = ReplyFilter::new(Framing::Ip, vec![US6.into()], 0..=65_535);
        assert_eq!(
            stored(
                &only6.program().expect("assembles"),
                &ipv4(US, 6, &to_port(1))
            ),
            0
        );
        for n in [MAX_ADDRESSES, MAX_ADDRESSES + 1] {
            let many = (0..n as u16).map(|i| Ipv6Addr::new(0xfd01, 0, 0, 0, 0, 0, i, i).into());
            let many = ReplyFilter::new(Framing::Ethernet, many.collect(), 0..=65_535);
            let stranger = frame(IPV6, &ipv6(US6, 6, &to_port(1)));
            let passed = stored(&many.program().expect("assembles"), &stranger) > 0;
            assert_eq!(passed, n > MAX_ADDRESSES);
        }
    }

    #[test]
    fn other_transports_and_whole_protocols_on_request() {
        let mut f = filter(Framing::Ip);
        f.transports.push(132);
        f.protocols.push(47);
        let program = f.program().expect("assembles");
        assert!(stored(&program, &ipv4(US, 132, &to_port(61_001))) > 0);
        assert!(stored(&program, &ipv4(US, 47, &[0; 4])) > 0);
        assert!(stored(&program, &ipv6(US6, 47, &[0; 4])) > 0);
        assert_eq!(stored(&program, &ipv4(US, 46, &[0; 4])), 0);
    }

    proptest::proptest! {
        #[test]
        fn arbitrary_bytes_get_a_verdict(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..120)) {
            for framing in [Framing::Ethernet, Framing::Ip, Framing::Loopback] {
                let stored = stored(&filter(framing).program().expect("assembles"), &bytes);
                proptest::prop_assert!(stored == 0 || stored == bytes.len());
            }
        }
    }

    #[test]
    fn frames_other_than_ip_and_arp_are_refused() {
        let program = filter(Framing::Ethernet).program().expect("assembles");
        assert_eq!(stored(&program, &frame(0x88cc, &[0; 60])), 0);
        assert_eq!(stored(&program, &[]), 0);
        let program = filter(Framing::Ip).program().expect("assembles");
        assert_eq!(stored(&program, &[0x50; 60]), 0);
    }
}
