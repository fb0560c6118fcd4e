//! Simulated hosts that answer frame by frame like the hosts of the tutorial: with the same sequence numbers, options,
//! and Ethernet padding of short packets.

use std::os::fd::AsFd as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use vigie_craft::Value;
use vigie_craft::lang::{NoRuntime, Session};
use vigie_craft::repr;
use vigie_linux::io::{
    Framing, Interest, Method, ReceiveConfig, Receiver, Transmit as _, TransmitConfig, Transmitter,
    Waiter,
};
use vigie_linux::net::Network;
use vigie_linux::netns::Namespace;
use vigie_pcap_filter::Program;
use vigie_wire::MacAddr;

/// A host's answer to a datagram: the expression of the layers above the IP header.
pub(crate) type Answer = fn(&[u8]) -> Option<String>;

/// A simulated host on the link `eth0` of a namespace. It stops when the value is dropped.
pub(crate) struct Played {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Played {
    /// Starts a host with this address, which also answers ARP requests.
    pub(crate) fn start(namespace: &Namespace, address: [u8; 4], answer: Answer) -> Self {
        let (mut receiver, mut transmitter, mac) = namespace
            .run(|| {
                let link = Network::open()
                    .and_then(|mut network| network.link("eth0"))
                    .expect("the link");
                let receive =
                    ReceiveConfig::new(link.index, Framing::Ethernet, Program::accept_all());
                let transmit = TransmitConfig::new(link.index, Framing::Ethernet);
                (
                    Receiver::open(&receive).expect("a packet socket"),
                    Transmitter::open(&transmit, Method::Packet).expect("a packet socket"),
                    link.mac.expect("an Ethernet address"),
                )
            })
            .expect("inside");
        let stop = Arc::new(AtomicBool::new(false));
        let ended = Arc::clone(&stop);
        let thread = std::thread::spawn(move || {
            let mut waiter = Waiter::new();
            while !ended.load(Ordering::Relaxed) {
                let on = [(receiver.as_fd(), Interest::Read)];
                waiter
                    .wait(&on, Some(Duration::from_millis(50)))
                    .expect("waited");
                let mut answers = Vec::new();
                receiver.for_each(|received| {
                    answers.extend(reply(received.bytes, mac, address, answer));
                });
                for frame in answers {
                    let slot = transmitter.slot().expect("room for a frame");
                    slot[..frame.len()].copy_from_slice(&frame);
                    transmitter.commit(frame.len());
                    transmitter.flush().expect("sent");
                }
            }
        });
        Self {
            stop,
            thread: Some(thread),
        }
    }
}

impl Drop for Played {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Returns the frame that answers a frame.
fn reply(frame: &[u8], mac: [u8; 6], address: [u8; 4], answer: Answer) -> Option<Vec<u8>> {
    let quoted = |mac: [u8; 6]| format!("'{}'", MacAddr(mac));
    let (own, asker) = (quoted(mac), quoted(*frame.get(6..)?.first_chunk()?));
    let dotted = |bytes: &[u8]| format!("{}.{}.{}.{}", bytes[0], bytes[1], bytes[2], bytes[3]);
    let above = match frame.get(12..14)? {
        [8, 6] if frame.get(38..42)? == address && frame[21] == 1 => format!(
            "ARP(op=2, hwsrc={own}, psrc='{}', hwdst={asker}, pdst='{}')",
            dotted(&address),
            dotted(&frame[28..32])
        ),
        [8, 0] if frame.get(30..34)? == address => format!(
            "IP(src='{}', dst='{}')/{}",
            dotted(&address),
            dotted(&frame[26..30]),
            answer(&frame[14..])?
        ),
        _ => return None,
    };
    Some(built(&format!("Ether(src={own}, dst={asker})/{above}")))
}

/// Returns the bytes of an expression.
fn built(expression: &str) -> Vec<u8> {
    let mut nowhere = NoRuntime::default();
    let value = Session::new(&mut nowhere)
        .value(expression)
        .unwrap_or_else(|error| panic!("{expression}: {error}"));
    match value.to_value() {
        Some(Value::Packet(packet)) => packet.build(&NoRuntime::default()).expect("built"),
        other => panic!("{expression}: {other:?}"),
    }
}

/// The router: a web server that answers as in the tutorial, and a DNS server with empty answers.
pub(crate) fn web_and_names(datagram: &[u8]) -> Option<String> {
    let port = |at: usize| u16::from_be_bytes([datagram[at], datagram[at + 1]]);
    match (datagram[9], port(22)) {
        (6, 80) if datagram[33] == 2 => Some(format!(
            "TCP(sport=80, dport={}, seq=3631598158, ack={}, flags='SA', window=14600, options=[('MSS', 1460)])\
             /Padding('I5')",
            port(20),
            u32::from_be_bytes([datagram[24], datagram[25], datagram[26], datagram[27]]) + 1
        )),
        (17, 53) => Some(format!(
            "UDP(sport=53, dport={})/DNS(id={}, qr=1, qd=[])/Padding(b'\\x00\\x00\\x00\\x00\\x00\\x00')",
            port(20),
            port(28)
        )),
        _ => None,
    }
}

/// The printer: no open port.
pub(crate) fn nothing_open(datagram: &[u8]) -> Option<String> {
    let port = |at: usize| u16::from_be_bytes([datagram[at], datagram[at + 1]]);
    match datagram[9] {
        6 if datagram[33] == 2 => Some(format!(
            "TCP(sport={}, dport={}, seq=0, ack={}, flags='RA', window=0)/Padding(b'\\x00\\x00\\x00\\x00\\x00\\x00')",
            port(22),
            port(20),
            u32::from_be_bytes([datagram[24], datagram[25], datagram[26], datagram[27]]) + 1
        )),
        17 => Some(format!(
            "ICMP(type=3, code=3)/Raw({})",
            repr::bytes(&datagram[..datagram.len().min(548)])
        )),
        _ => None,
    }
}
