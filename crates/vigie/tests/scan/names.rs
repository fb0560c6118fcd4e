//! Reverse lookup of host names during a scan, with a DNS server in the target's namespace.

use std::net::UdpSocket;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use hickory_proto::op::{Message, MessageType};
use hickory_proto::rr::rdata::PTR;
use hickory_proto::rr::{Name, RData, Record};
use vigie_lab::Node;
use vigie_lab::shapes::Shape;

use crate::support::Net;

/// A DNS server at `address`, port 53, in the target's namespace. It answers PTR queries with the name `host-` plus the
/// first label of the query, after two malformed answers. An `unresponsive` server only reads.
struct Server {
    stop: Arc<AtomicBool>,
    thread: Option<thread::JoinHandle<u32>>,
}

impl Server {
    fn start(net: &Net, address: &str, unresponsive: bool) -> Server {
        let namespace = net.lab.namespace("target").expect("inside");
        let socket = namespace
            .run(|| UdpSocket::bind((address, 53)).expect("port 53"))
            .expect("inside");
        let wait = Some(Duration::from_millis(20));
        socket.set_read_timeout(wait).expect("a timeout");
        let stop = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&stop);
        let thread = thread::spawn(move || {
            let (mut asked, mut buffer) = (0, [0; 4096]);
            while !flag.load(Ordering::Relaxed) {
                let Ok((length, peer)) = socket.recv_from(&mut buffer) else {
                    continue;
                };
                asked += 1;
                if unresponsive {
                    continue;
                }
                let question = Message::from_vec(&buffer[..length]).expect("a question");
                let query = question.queries[0].clone();
                let first = query.name().to_utf8();
                let first = first.split('.').next().expect("a label").to_owned();
                let name = Name::from_ascii(format!("host-{first}.lab.example.")).expect("a name");
                let mut answer = Message::query();
                answer.metadata.id = question.metadata.id;
                answer.metadata.message_type = MessageType::Response;
                answer.add_query(query.clone());
                let data = RData::PTR(PTR(name));
                answer.add_answer(Record::from_rdata(query.name().clone(), 60, data));
                let bytes = answer.to_vec().expect("a message");
                for reply in [&b"\xff\xff\xff"[..], &bytes[..bytes.len() - 1], &bytes] {
                    socket.send_to(reply, peer).expect("sent");
                }
            }
            asked
        });
        Server {
            stop,
            thread: Some(thread),
        }
    }

    /// Stops the server. Returns the number of queries it received.
    fn asked(mut self) -> u32 {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.take().expect("runs").join().expect("ends")
    }
}

#[test]
fn every_output_has_the_host_names() {
    let net = Net::new(Shape::Veth, Node::new("", "").tcp([22]));
    let [v4, v6] = net.scene.targets.map(|ip| ip.to_string());
    let server = Server::start(&net, &v4, false);
    let args = ["--dns-servers", &v4, "-p", "22", &v4, &v6];
    let results = net.json(&args);
    let names: Vec<_> = results.of("host").map(|h| h["names"][0].as_str()).collect();
    assert_eq!(names, [Some("host-2.lab.example"); 2]);
    let said = |extra: &[&str]| net.run(&[&args[..], extra].concat()).out;
    let text = said(&[]);
    assert!(
        text.contains(&format!("{v4} (host-2.lab.example) is up")),
        "{text}"
    );
    assert!(
        text.contains(&format!("{v6} (host-2.lab.example) is up")),
        "{text}"
    );
    let xml = said(&["-oX", "-"]);
    assert!(
        xml.contains("<hostname name=\"host-2.lab.example\" type=\"PTR\"/>"),
        "{xml}"
    );
    let grepable = said(&["-oG", "-"]);
    assert!(
        grepable.contains(&format!("Host: {v4} (host-2.lab.example)\tStatus: Up")),
        "{grepable}"
    );
    assert_eq!(server.asked(), 8, "two hosts, four scans, each asked once");
}

/// An unresponsive server delays the end of the scan a little and costs no results. `-n` sends no query.
#[test]
fn an_unresponsive_server_costs_no_results() {
    let net = Net::new(Shape::Veth, Node::new("", "").tcp([22]));
    let v4 = net.v4().to_string();
    let server = Server::start(&net, &v4, true);
    let results = net.json(&["--dns-servers", &v4, "-p", "22", &v4]);
    let host = results.only("host");
    assert_eq!(
        (host["state"].as_str(), host.get("names")),
        (Some("up"), None)
    );
    assert_eq!(results.only("end")["complete"], true);
    assert_eq!(server.asked(), 2, "asked twice");
    let server = Server::start(&net, &v4, false);
    net.json(&["-n", "-p", "22", &v4]);
    assert_eq!(server.asked(), 0);
}
