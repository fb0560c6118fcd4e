//! A DNS server for the tests, over UDP and TCP, with a few zones.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, TcpListener, UdpSocket};
use std::str::FromStr as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use hickory_proto::op::{Edns, Message, ResponseCode};
use hickory_proto::rr::rdata::{A, AAAA, CAA, CNAME, HINFO, MX, NS, NULL, PTR, SOA, SRV, TXT};
use hickory_proto::rr::{Name, RData, Record, RecordType};
use vigie_linux::netns::Namespace;

/// A running server. It stops when this is dropped.
pub(crate) struct Server {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Server {
    /// Starts a server on an address of a namespace, port 53.
    pub(crate) fn start(namespace: &Namespace, address: &str) -> Self {
        let address: IpAddr = address.parse().expect("an address");
        let (udp, tcp) = namespace
            .run(|| {
                let udp = UdpSocket::bind((address, 53)).expect("UDP port 53");
                let tcp = TcpListener::bind((address, 53)).expect("TCP port 53");
                (udp, tcp)
            })
            .expect("inside");
        let stop = Arc::new(AtomicBool::new(false));
        let wait = Duration::from_millis(20);
        udp.set_read_timeout(Some(wait)).expect("a timeout");
        tcp.set_nonblocking(true).expect("non-blocking");
        let flag = Arc::clone(&stop);
        let datagrams = thread::spawn(move || {
            let mut buffer = [0; 4096];
            while !flag.load(Ordering::Relaxed) {
                if let Ok((length, peer)) = udp.recv_from(&mut buffer)
                    && let Ok(question) = Message::from_vec(&buffer[..length])
                {
                    let room = usize::from(question.max_payload());
                    let mut bytes = encode(&answer(&question, address));
                    if bytes.len() > room {
                        let mut cut = answer(&question, address).truncate();
                        cut.metadata.truncation = true;
                        bytes = encode(&cut);
                    }
                    udp.send_to(&bytes, peer).expect("sent");
                }
            }
        });
        let flag = Arc::clone(&stop);
        let streams = thread::spawn(move || {
            while !flag.load(Ordering::Relaxed) {
                match tcp.accept() {
                    Ok((mut stream, _)) => {
                        stream.set_nonblocking(false).expect("blocking");
                        let mut length = [0; 2];
                        if stream.read_exact(&mut length).is_err() {
                            continue;
                        }
                        let mut buffer = vec![0; usize::from(u16::from_be_bytes(length))];
                        if stream.read_exact(&mut buffer).is_ok()
                            && let Ok(question) = Message::from_vec(&buffer)
                        {
                            let bytes = encode(&answer(&question, address));
                            let framed = [&(bytes.len() as u16).to_be_bytes()[..], &bytes].concat();
                            stream.write_all(&framed).expect("sent");
                        }
                    }
                    Err(error) if error.kind() == ErrorKind::WouldBlock => {
                        thread::park_timeout(wait);
                    }
                    Err(error) => panic!("accept: {error}"),
                }
            }
        });
        Self {
            stop,
            threads: vec![datagrams, streams],
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

fn encode(message: &Message) -> Vec<u8> {
    message.to_vec().expect("a message")
}

fn name(text: &str) -> Name {
    Name::from_str(text).expect("a name")
}

fn address(text: &str) -> Ipv4Addr {
    text.parse().expect("an address")
}

/// Returns the answer to a query that arrived at the address `asked`.
#[allow(clippy::too_many_lines, reason = "one arm for each name")]
fn answer(question: &Message, asked: IpAddr) -> Message {
    let mut message = Message::response(question.metadata.id, question.metadata.op_code);
    message.metadata.recursion_desired = question.metadata.recursion_desired;
    message.metadata.authoritative = true;
    message.add_queries(question.queries.iter().cloned());
    if question.edns.is_some() {
        let mut edns = Edns::new();
        edns.set_max_payload(1232);
        message.set_edns(edns);
    }
    let Some(query) = question.queries.first() else {
        return message;
    };
    let owner = query.name().clone();
    let record = |data: RData| Record::from_rdata(owner.clone(), 86_400, data);
    match (
        owner.to_ascii().to_ascii_lowercase().as_str(),
        query.query_type(),
    ) {
        ("www.itinet.fr.", RecordType::A) => {
            message.add_answer(record(RData::A(A(address("88.191.51.73")))));
            let servers = [
                ("sd-8131.dedibox.fr.", "88.191.51.73"),
                ("sd-6555.dedibox.fr.", "88.191.45.68"),
            ];
            for (server, at) in servers {
                let zone = name("itinet.fr.");
                message.add_authority(Record::from_rdata(
                    zone,
                    259_200,
                    RData::NS(NS(name(server))),
                ));
                message.add_additional(Record::from_rdata(
                    name(server),
                    259_200,
                    RData::A(A(address(at))),
                ));
            }
        }
        ("www.itinet.fr.", RecordType::AAAA) => {
            message.add_answer(record(RData::AAAA(AAAA(
                "2001:db8::1".parse().expect("an address"),
            ))));
        }
        ("alias.itinet.fr.", _) => {
            message.add_answer(record(RData::CNAME(CNAME(name("www.itinet.fr.")))));
        }
        ("itinet.fr.", RecordType::MX) => {
            message.add_answer(record(RData::MX(MX::new(10, name("mx.itinet.fr.")))));
            message.add_answer(record(RData::MX(MX::new(
                20,
                name("a-mail-server-with-a-long-name.itinet.fr."),
            ))));
        }
        ("itinet.fr.", RecordType::TXT) => {
            let texts = vec!["v=spf1 -all".to_owned(), "a \"quoted\" \\ text".to_owned()];
            message.add_answer(record(RData::TXT(TXT::new(texts))));
        }
        ("itinet.fr.", RecordType::SOA) => {
            message.add_answer(record(soa()));
        }
        ("itinet.fr.", RecordType::HINFO) => {
            message.add_answer(record(RData::HINFO(HINFO::new(
                "RFC8482".to_owned(),
                String::new(),
            ))));
        }
        ("itinet.fr.", RecordType::CAA) => {
            message.add_answer(record(RData::CAA(CAA::new_issue(
                false,
                Some(name("ca.example")),
                Vec::new(),
            ))));
        }
        ("_sip._tcp.itinet.fr.", RecordType::SRV) => {
            message.add_answer(record(RData::SRV(SRV::new(
                1,
                2,
                5060,
                name("sip.itinet.fr."),
            ))));
        }
        ("itinet.fr.", RecordType::Unknown(65_280)) => {
            let rdata = NULL::with(vec![1, 2, 0xab]);
            message.add_answer(record(RData::Unknown {
                code: RecordType::Unknown(65_280),
                rdata,
            }));
        }
        ("73.51.191.88.in-addr.arpa.", RecordType::PTR) => {
            message.add_answer(record(RData::PTR(PTR(name("www.itinet.fr.")))));
        }
        ("big.itinet.fr.", RecordType::TXT) => {
            for number in 0..40 {
                let text = format!("{number:02} {}", "x".repeat(60));
                message.add_answer(record(RData::TXT(TXT::new(vec![text]))));
            }
        }
        (".", RecordType::NS) => {
            refer(&mut message, ".", "ns.root.", "127.0.0.2");
            message.answers = std::mem::take(&mut message.authorities);
        }
        ("host.deep.example.", _) if asked == IpAddr::from([127, 0, 0, 2]) => {
            message.metadata.authoritative = false;
            refer(
                &mut message,
                "deep.example.",
                "ns.deep.example.",
                "127.0.0.3",
            );
        }
        ("host.deep.example.", RecordType::A) => {
            message.add_answer(Record::from_rdata(
                owner.clone(),
                300,
                RData::A(A(address("10.0.0.9"))),
            ));
        }
        ("refused.itinet.fr.", _) => message.metadata.response_code = ResponseCode::Refused,
        (_, _) => {
            message.metadata.response_code = ResponseCode::NXDomain;
            message.add_authority(Record::from_rdata(name("itinet.fr."), 300, soa()));
        }
    }
    message
}

/// Adds a referral: the name server of a zone and its address.
fn refer(message: &mut Message, zone: &str, server: &str, at: &str) {
    message.add_authority(Record::from_rdata(
        name(zone),
        300,
        RData::NS(NS(name(server))),
    ));
    message.add_additional(Record::from_rdata(
        name(server),
        300,
        RData::A(A(address(at))),
    ));
}

fn soa() -> RData {
    RData::SOA(SOA::new(
        name("ns.itinet.fr."),
        name("hostmaster.itinet.fr."),
        2026,
        7200,
        3600,
        1_209_600,
        300,
    ))
}
