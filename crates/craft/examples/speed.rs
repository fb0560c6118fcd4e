//! Measures how many packets per second one core builds from a set expression, and how many it dissects.
//!
//! `cargo run --release -p vigie-craft --example speed`. With `--scapy` it also measures scapy (python3).

use std::process::Command;
use std::time::Instant;
use vigie_craft::lang::{NoRuntime, Object, Session};
use vigie_craft::packet::Expansion;
use vigie_craft::{Offline, Packet, layers};
use vigie_wire::{Frame, LinkType};

/// Expression for the packets of a port scan.
const SET: &str = r#"IP(src="10.0.0.1", dst="10.0.0.2")/TCP(dport=(1, 65535), flags="S")"#;

fn main() {
    let mut runtime = NoRuntime::default();
    let object = Session::new(&mut runtime)
        .value(SET)
        .expect("the expression is right");
    let Object::Packet(stack, _) = object else {
        panic!("the expression is a packet")
    };
    let set = Expansion::new(&stack.borrow().packet);

    rate("build, patched template", || {
        let mut template = set.template(&Offline);
        let mut count = 0;
        while let Some(bytes) = template.next_bytes() {
            std::hint::black_box(bytes.expect("the packet can be built"));
            count += 1;
        }
        count
    });
    rate("build, each anew", || {
        let mut count = 0;
        for packet in set.packets() {
            std::hint::black_box(packet.build(&Offline).expect("the packet can be built"));
            count += 1;
        }
        count
    });

    let source = r#"Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02")/IP(src="10.0.0.1", dst="10.0.0.2")/TCP(flags="SA", options=[("MSS", 1460)])/"hello""#;
    let object = Session::new(&mut runtime)
        .value(source)
        .expect("the expression is right");
    let Object::Packet(stack, _) = object else {
        panic!("the expression is a packet")
    };
    let bytes = stack
        .borrow()
        .packet
        .build(&Offline)
        .expect("the packet can be built");
    let ether = layers::find("Ether").expect("there is an Ethernet layer");
    rate("dissect", || {
        for _ in 0..65_535 {
            std::hint::black_box(
                Packet::dissect(ether, std::hint::black_box(&bytes)).expect("it is a frame"),
            );
        }
        65_535
    });
    rate("dissect, every field read", || {
        for _ in 0..65_535 {
            let packet =
                Packet::dissect(ether, std::hint::black_box(&bytes)).expect("it is a frame");
            for (at, layer) in packet.layers.iter().enumerate() {
                let context = packet.context(at);
                for index in 0..layer.layer().fields.len() {
                    std::hint::black_box(layer.value(&context, index));
                }
            }
        }
        65_535
    });
    rate("views (Frame::parse)", || {
        for _ in 0..65_535 {
            std::hint::black_box(
                Frame::parse(LinkType::Ethernet, std::hint::black_box(&bytes))
                    .expect("it is a frame"),
            );
        }
        65_535
    });
    if std::env::args().any(|argument| argument == "--scapy") {
        scapy();
    }
}

/// Runs `work`, which returns a number of packets, for about a second and prints the packets per second.
fn rate(what: &str, mut work: impl FnMut() -> u64) {
    work();
    let start = Instant::now();
    let mut count = 0;
    while start.elapsed().as_secs_f64() < 1.0 {
        count += work();
    }
    println!(
        "{what:<28} {:>12.0} packets/s",
        count as f64 / start.elapsed().as_secs_f64()
    );
}

fn scapy() {
    const SCRIPT: &str = r#"
import logging, time
logging.getLogger("scapy").setLevel(50)
from scapy.all import *
start = time.time()
n = 0
for p in IP(src="10.0.0.1", dst="10.0.0.2")/TCP(dport=(1, 4000), flags="S"):
    bytes(p); n += 1
print("%-28s %12.0f packets/s" % ("scapy build", n / (time.time() - start)))
b = bytes(Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02")/IP(src="10.0.0.1", dst="10.0.0.2")/TCP(flags="SA", options=[("MSS", 1460)])/"hello")
start = time.time()
for i in range(5000):
    Ether(b)
print("%-28s %12.0f packets/s" % ("scapy dissect", 5000 / (time.time() - start)))
"#;
    let status = Command::new("python3").args(["-c", SCRIPT]).status();
    if !status.is_ok_and(|status| status.success()) {
        println!("scapy did not run (pip install scapy)");
    }
}
