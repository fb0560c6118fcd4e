//! Hostile input to layers and to the language: arbitrary bytes as every layer, damaged packets, arbitrary text.
//! Nothing panics, and a dissected packet is built to the same bytes.

use proptest::prelude::*;
use vigie_craft::lang::{NoRuntime, Session};
use vigie_craft::layers::{self, LayerId};
use vigie_craft::{Offline, Packet};

/// Calls every method that shows a packet.
fn show_every_form(packet: &Packet) {
    let texts = [
        packet.show(&Offline),
        packet.repr(&Offline),
        packet.summary(&Offline),
        packet.command(&Offline),
    ];
    assert!(texts.iter().all(|text| !text.contains('\u{0}')));
}

fn dissect(id: LayerId, bytes: &[u8]) {
    let Ok(packet) = Packet::dissect(id, bytes) else {
        return;
    };
    show_every_form(&packet);
    assert_eq!(
        packet
            .build(&Offline)
            .expect("what was read is written as it was"),
        bytes
    );
    // Converted to set fields, the packet can still be built without a panic, perhaps to other bytes.
    let mut own = packet.clone();
    own.layers
        .iter_mut()
        .for_each(vigie_craft::packet::Instance::make_own);
    let _ = own.build(&Offline);
    show_every_form(&own);
}

fn layer() -> impl Strategy<Value = LayerId> {
    (0..layers::ALL.len())
        .prop_map(|i| layers::find(layers::ALL[i].name).expect("it is in the list"))
}

/// Valid packets to damage.
const SEEDS: &[&str] = &[
    "Ether()/IP(options=[IPOption_RR(routers=['1.1.1.1']), IPOption_NOP()])/TCP(options=[('MSS', 1460), ('SAck', (1, 2))])",
    "IP()/UDP()/DNS(qr=1, an=[DNSRR(rrname='a.b', type='CNAME', rdata='c.d'), DNSRRMX(), DNSRRSOA(), DNSRRSRV()], ar=[DNSRROPT(rdata=[EDNS0TLV(optdata='x')])])",
    "IP()/UDP()/BOOTP()/DHCP(options=[('message-type', 'discover'), ('param_req_list', [1, 3]), 'end'])",
    "IPv6()/IPv6ExtHdrHopByHop(options=[RouterAlert(), HAO()])/IPv6ExtHdrRouting(addresses=['::1'])/IPv6ExtHdrFragment()/ICMPv6EchoRequest()",
    "IPv6()/ICMPv6ND_RA()/ICMPv6NDOptPrefixInfo()/ICMPv6NDOptSrcLLAddr()",
    "IP()/SCTP()/SCTPChunkInit(params=[SCTPChunkParamIPv4Addr(), SCTPChunkParamStateCookie(cookie='abc')])/SCTPChunkSACK(gap_ack_list=['1:2'])/SCTPChunkData(data='x')",
    "IP()/UDP()/SNMP(PDU=SNMPget(varbindlist=[SNMPvarbind(oid='1.3.6.1', value=5)]))",
    "IP()/ICMP(type=3, code=3)/IPerror()/UDPerror()",
    "IP()/UDP()/NTP()",
];

fn seeds() -> &'static Vec<(LayerId, Vec<u8>)> {
    static BUILT: std::sync::OnceLock<Vec<(LayerId, Vec<u8>)>> = std::sync::OnceLock::new();
    BUILT.get_or_init(|| {
        let build = |source: &&str| {
            let mut runtime = NoRuntime::default();
            let value = Session::new(&mut runtime)
                .value(source)
                .expect("the seed is right")
                .to_value();
            let Some(vigie_craft::Value::Packet(packet)) = value else {
                panic!("{source} is a packet")
            };
            (
                packet.layers[0].id(),
                packet.build(&Offline).expect("the seed can be built"),
            )
        };
        SEEDS.iter().map(build).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn arbitrary_bytes_as_any_layer(id in layer(), bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        dissect(id, &bytes);
    }

    #[test]
    fn damaged_packets(seed in 0..SEEDS.len(), edits in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6), cut in any::<prop::sample::Index>(), whole in any::<bool>()) {
        let (id, bytes) = &seeds()[seed];
        let mut bytes = bytes.clone();
        for (at, value) in edits {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if !whole {
            bytes.truncate(cut.index(bytes.len()));
        }
        dissect(*id, &bytes);
    }

    #[test]
    fn arbitrary_texts(source in "(IP|TCP|Ether|DNS|Raw|ICMP|p|ls|bytes|len|list)?[-a-zA-Z0-9()\\[\\]{}=,.:;'\"/+*%<>&|^~# \\n\\\\]{0,50}") {
        let mut runtime = NoRuntime::default();
        if let Err(error) = Session::new(&mut runtime).run(&source) {
            prop_assert!(error.at.start <= error.at.end && error.at.end <= source.len());
            prop_assert!(source.is_char_boundary(error.at.start) && source.is_char_boundary(error.at.end));
            prop_assert!(!error.to_string().is_empty());
        }
    }

    #[test]
    fn fields_accept_any_value_or_return_an_error(id in layer(), field in any::<prop::sample::Index>(), value in prop_oneof![
        Just("None"), Just("-1"), Just("0"), Just("255"), Just("65536"), Just("10**30"), Just("1.5"), Just("'x'"), Just("b'\\xff'"), Just("[]"),
        Just("[1, 'a']"), Just("(1, 2)"), Just("(5, 1)"), Just("'1.2.3.4'"), Just("'::1/64'"), Just("'02:00:00:00:00:01'"), Just("IP()"), Just("[IP(), TCP()]"),
        Just("[('MSS', 1)]"), Just("TCP"), Just("ASN1_OID('1.3')"), Just("[[[]]]"), Just("Net('10.0.0.0/30')"),
    ]) {
        let described = id.layer();
        prop_assume!(!described.fields.is_empty());
        let field = described.fields[field.index(described.fields.len())].name;
        let source = format!("p = {}({field}={value}); bytes(p); p.show(); p.summary(); repr(p); p.command()", described.name);
        let mut runtime = NoRuntime::default();
        let _ = Session::new(&mut runtime).run(&source);
    }
}
