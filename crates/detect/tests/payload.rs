//! Every payload against replies: recorded from real servers, composed by the specification, truncated and modified
//! ones, and arbitrary bytes.
//!
//! `payload_replies.tsv` holds one reply per line: payload, program that sent it (`spec` if composed by hand), token of the
//! request, expected classification, bytes. The addresses in it are those of a lab.

use std::collections::BTreeSet;

use proptest::prelude::*;

use vigie_detect::payload::{self, ALL, Answer, Encoding, Payload, Silence, by_name, for_port};

/// A reply that must be recognised.
struct Reply {
    payload: &'static Payload,
    who: &'static str,
    token: u64,
    shown: &'static str,
    bytes: Vec<u8>,
}

fn replies() -> Vec<Reply> {
    let lines = include_str!("payload_replies.tsv").lines();
    lines
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            let [name, who, token, shown, hex] = fields[..] else {
                panic!("five fields in {line}");
            };
            Reply {
                payload: by_name(name).unwrap_or_else(|| panic!("no payload {name}")),
                who,
                token: u64::from_str_radix(token, 16).unwrap(),
                shown,
                bytes: (0..hex.len())
                    .step_by(2)
                    .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
                    .collect(),
            }
        })
        .collect()
}

/// Payloads whose servers never answer.
fn always_silent(payload: &Payload) -> bool {
    payload.request.is_empty() && payload.silence.is_some()
}

#[test]
fn the_list_is_in_order() {
    let mut names = BTreeSet::new();
    for payload in ALL {
        assert!(names.insert(payload.name), "{} twice", payload.name);
        assert!(!payload.ports.is_empty(), "{payload:?} has no port");
        // Every link carries 1,280 bytes of IPv6 (RFC 8200 section 5), 48 of them headers.
        assert!(payload.request.len() <= 1232, "{payload:?} is too long");
        assert!(payload.request.len() <= payload::MAX_LEN, "{payload:?}");
        let ports: BTreeSet<u16> = payload.ports.iter().copied().collect();
        assert_eq!(
            ports.len(),
            payload.ports.len(),
            "{payload:?}: a port twice"
        );
        assert!(
            payload.echoed_bits == 0 || !payload.request.fields().is_empty(),
            "{payload:?} has no token to give back"
        );
        for field in payload.request.fields() {
            let at = usize::from(field.offset);
            let filler = &payload.request.bytes()[at..at + field.encoding.len()];
            let hex = matches!(field.encoding, Encoding::Hex(_) | Encoding::HexFrom { .. });
            let zero = if hex { b'0' } else { 0 };
            assert!(
                filler.iter().all(|&byte| byte == zero),
                "{payload:?}: the token would overwrite {filler:?}"
            );
        }
    }
    for silence in Silence::ALL {
        assert!(
            ALL.iter().any(|payload| payload.silence == Some(*silence)),
            "{silence:?} explains nothing"
        );
    }
}

#[test]
fn the_table_agrees_with_the_list() {
    for port in 0..=u16::MAX {
        let expected: Vec<&str> = ALL
            .iter()
            .filter(|payload| payload.ports.contains(&port))
            .map(|payload| payload.name)
            .collect();
        let found: Vec<&str> = for_port(port).iter().map(|payload| payload.name).collect();
        assert_eq!(found, expected, "port {port}");
    }
}

#[test]
fn true_answers_are_recognised() {
    for reply in replies() {
        let Reply {
            payload,
            who,
            token,
            ..
        } = reply;
        let answer = payload.recognise(token, &reply.bytes);
        let Answer::Confirmed { detail } = &answer else {
            panic!("{payload:?} of {who}: {answer:?}");
        };
        assert_eq!(detail.to_string(), reply.shown, "{payload:?} of {who}");
        let other = payload.recognise(!token, &reply.bytes);
        if payload.echoed_bits > 0 {
            assert_eq!(
                other,
                Answer::SameProtocolOtherToken,
                "{payload:?} of {who}"
            );
        } else {
            assert_eq!(other, answer, "{payload:?} of {who}");
        }
        let port = payload.ports[0];
        let (read, _) = payload::recognise(for_port(port), token, &reply.bytes).unwrap();
        assert_eq!(read.service, payload.service, "port {port}, {who}");
    }
}

#[test]
fn every_payload_has_an_answer() {
    let known: BTreeSet<&str> = replies().iter().map(|reply| reply.payload.name).collect();
    let unknown: Vec<&str> = ALL
        .iter()
        .filter(|payload| !always_silent(payload) && !known.contains(payload.name))
        .map(|payload| payload.name)
        .collect();
    assert_eq!(
        unknown,
        Vec::<&str>::new(),
        "no answer in payload_replies.tsv"
    );
}

/// A recogniser rejects the replies of all other services.
#[test]
fn answers_of_other_services_are_rejected() {
    // Exceptions: any short text may be a quote, LLMNR uses DNS messages, and an RPC reply does not name its program.
    let families: [&[&str]; 3] = [
        &["llmnr", "domain"],
        &["rpc", "rpcbind", "nfs", "mountd"],
        &["gtp-control", "gtp-user"],
    ];
    let alike = |reader: &str, writer: &str| {
        let family = |family: &&[&str]| family.contains(&reader) && family.contains(&writer);
        reader == "qotd" || families.iter().any(family)
    };
    for reply in replies() {
        for payload in ALL {
            let own = payload.service == reply.payload.service
                || payload.name.trim_end_matches("-nat-t") == reply.payload.name
                || alike(payload.service, reply.payload.service);
            if !own {
                let answer = payload.recognise(reply.token, &reply.bytes);
                assert!(
                    !matches!(answer, Answer::Confirmed { .. }),
                    "{payload:?} takes the answer of {} for its own: {answer:?}",
                    reply.payload.name
                );
            }
        }
    }
}

/// A port that returns the request runs echo and nothing else.
#[test]
fn a_request_sent_back_confirms_echo_alone() {
    let mut slot = [0; 1500];
    for payload in ALL.iter().filter(|payload| payload.name != "echo") {
        let len = payload.write(&mut slot, 0x0123_4567_89ab_cdef).unwrap();
        let answer = payload.recognise(0x0123_4567_89ab_cdef, &slot[..len]);
        assert_eq!(answer, Answer::NotThisProtocol, "{payload:?}");
    }
}

#[test]
fn truncated_and_modified_answers_are_harmless() {
    for reply in replies() {
        for len in 0..reply.bytes.len() {
            drop(reply.payload.recognise(reply.token, &reply.bytes[..len]));
        }
        let mut bytes = reply.bytes.clone();
        for at in 0..bytes.len() {
            let byte = bytes[at];
            for change in [0, 0xff, 0x80, 0x7f, byte.wrapping_add(1)] {
                bytes[at] = change;
                // Text from the network is bounded by the length of its source.
                if let Answer::Confirmed { detail } = reply.payload.recognise(reply.token, &bytes) {
                    assert!(detail.to_string().len() <= 600, "{:?}", reply.payload);
                }
            }
            bytes[at] = byte;
        }
    }
}

#[test]
fn an_unknown_answer_belongs_to_no_payload() {
    let sent = for_port(53);
    assert!(payload::recognise(sent, 1, b"HTTP/1.1 400 Bad Request\r\n\r\n").is_none());
    assert!(payload::recognise(&[], 1, b"x").is_none());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn bytes_of_no_meaning_never_panic(
        token: u64,
        bytes in prop::collection::vec(any::<u8>(), 0..600),
    ) {
        for payload in ALL {
            drop(payload.recognise(token, &bytes));
        }
    }

    #[test]
    fn true_beginnings_with_wrong_ends_never_panic(
        which: prop::sample::Index,
        keep: prop::sample::Index,
        end in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let replies = replies();
        let reply = which.get(&replies);
        let mut bytes = reply.bytes[..keep.index(reply.bytes.len())].to_vec();
        bytes.extend(end);
        for payload in ALL {
            drop(payload.recognise(reply.token, &bytes));
        }
    }

    #[test]
    fn the_token_stands_in_its_places(token: u64) {
        let mut slot = vec![0; 1500];
        for payload in ALL {
            let len = payload.write(&mut slot, token).unwrap();
            prop_assert_eq!(len, payload.request.len());
            for field in payload.request.fields() {
                let at = usize::from(field.offset);
                prop_assert!(field.encoding.is(token, &slot[at..at + field.encoding.len()]));
            }
        }
    }
}
