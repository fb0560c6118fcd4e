//! A receive ring for capturing: it also receives frames that this machine sends and frames to other machines, and
//! reports their origin. Needs root, also in a user namespace.

mod common;

use std::os::fd::AsFd;
use std::time::{Duration, Instant};

use common::*;
use vigie_linux::io::{
    Framing, Interest, Method, ReceiveConfig, Receiver, TransmitConfig, Transmitter, Waiter,
};
use vigie_pcap_filter::Program;

#[test]
fn a_capture_has_both_directions_with_origins() {
    let (near, far) = pair();
    let frame = [
        [2, 0, 0, 0, 0, 9].as_slice(),
        &[2, 0, 0, 0, 0, 8],
        &[0x88, 0xb5],
        &[7; 50],
    ]
    .concat();
    let (mut capture, sender) = near
        .run(|| {
            let (index, _) = link("eth0");
            let mut config = ReceiveConfig::new(index, Framing::Ethernet, Program::accept_all());
            config.outgoing = true;
            config.promiscuous = true;
            let receiver = Receiver::open(&config).expect("a receiver");
            // Captures do not see frames that bypass the queueing discipline.
            let mut plain = TransmitConfig::new(index, Framing::Ethernet);
            plain.qdisc_bypass = false;
            let mut sender = Transmitter::open(&plain, Method::Packet).expect("a transmitter");
            send_all(&mut sender, std::slice::from_ref(&frame));
            (receiver, sender)
        })
        .expect("inside");
    let mut other = far
        .run(|| transmitter("eth0", Framing::Ethernet, Method::Packet))
        .expect("inside");
    send_all(&mut other, std::slice::from_ref(&frame));
    let mut seen = Vec::new();
    let mut waiter = Waiter::new();
    let give_up = Instant::now() + PATIENCE;
    while seen.len() < 2 {
        assert!(Instant::now() < give_up, "only {seen:?}");
        let wait = Some(Duration::from_millis(50));
        waiter
            .wait(&[(capture.as_fd(), Interest::Read)], wait)
            .expect("waits");
        capture.for_each(|received| {
            let origin = received.origin();
            if origin.ethertype == 0x88b5 {
                seen.push((
                    origin.is_outgoing(),
                    origin.packet_type,
                    origin.hardware,
                    origin.sender,
                    received.bytes.len(),
                ));
            }
        });
    }
    let sent_by = ([2, 0, 0, 0, 0, 8, 0, 0], 6);
    // The first frame was sent from this namespace. The second is addressed to another machine.
    assert_eq!(
        seen,
        [(true, 4, 1, sent_by, 64), (false, 3, 1, sent_by, 64)]
    );
    drop(sender);
}
