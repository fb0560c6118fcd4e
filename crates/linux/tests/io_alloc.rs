//! Sending and receiving allocate nothing per packet, according to a counting allocator. The only test of its binary,
//! because the allocator counts for the whole process. Needs root, and fails without it.

mod common;

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicU64, Ordering};

use common::*;
use vigie_linux::io::xdp::XdpMode;
use vigie_linux::io::{Framing, Method, Receiver, Transmit, Transmitter};
use vigie_pcap_filter::Program;

struct Counting;

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);

// SAFETY: every call goes to the system's allocator, unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller's contract, passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: the caller's contract, passed on.
        unsafe { System.dealloc(memory, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const BATCHES: usize = 50;

/// Sends and drains `BATCHES` times; returns the number of received frames.
fn work(t: &mut Transmitter, r: &mut Receiver, frame: &[u8]) -> usize {
    let mut seen = 0;
    for _ in 0..BATCHES {
        while let Some(slot) = t.slot() {
            slot[..frame.len()].copy_from_slice(frame);
            t.commit(frame.len());
        }
        t.flush().expect("flush");
        seen += r.for_each(|f| assert!(!f.bytes.is_empty()));
    }
    seen
}

#[test]
fn no_allocation_per_packet() {
    let (near, far) = pair();
    for method in [Method::Packet, Method::TxRing, Method::Xdp(XdpMode::Copy)] {
        let mut r = far
            .run(|| receiver("eth0", Framing::Ethernet, Program::accept_all()))
            .expect("inside");
        let (mut t, frame) = near
            .run(|| {
                let p = packet(ip("10.9.0.1"), ip("10.9.0.2"), 17, &udp(1, 2, b"x"));
                let frame = ethernet([2, 0, 0, 0, 0, 9], link("eth0").1, &p);
                (transmitter("eth0", Framing::Ethernet, method), frame)
            })
            .expect("inside");
        work(&mut t, &mut r, &frame);
        let before = ALLOCATIONS.load(Ordering::Relaxed);
        let seen = work(&mut t, &mut r, &frame);
        let allocated = ALLOCATIONS.load(Ordering::Relaxed) - before;
        assert!(seen > BATCHES, "{method:?}: frames went through: {seen}");
        assert_eq!(allocated, 0, "{method:?}");
    }
}
