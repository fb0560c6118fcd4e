//! Measures the latency of each kind of receive ring for a single frame: `rx_latency [COUNT]`. Needs root, and creates
//! two namespaces.
//!
//! Prints quantiles of the time in ns from the kernel's timestamp of a frame until this process has read it.

use std::error::Error;
use std::os::fd::AsFd;
use std::time::Duration;

use vigie_linux::clock::monotonic_ns;
use vigie_linux::io::{
    Framing, Interest, Layout, Method, ReceiveConfig, Receiver, Transmit, TransmitConfig,
    Transmitter, Waiter,
};
use vigie_linux::net::Network;
use vigie_linux::netns::Namespace;
use vigie_pcap_filter::Program;
use vigie_pcap_filter::bpf::{Assembler, Compare, Width};

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// EtherType for local experiments (IEEE 802).
const EXPERIMENT: u16 = 0x88b5;

fn main() -> Outcome<()> {
    let count: usize = std::env::args().nth(1).map_or(Ok(500), |n| n.parse())?;
    let (near, far) = (Namespace::create()?, Namespace::create()?);
    near.run(|| -> Outcome<()> {
        let mut network = Network::open()?;
        network.add_veth("eth0", "eth0", Some(&far))?;
        let index = network.link("eth0")?.index;
        Ok(network.set_up(index, true)?)
    })??;
    let index = far.run(|| -> Outcome<u32> {
        let mut network = Network::open()?;
        let index = network.link("eth0")?.index;
        network.set_up(index, true)?;
        Ok(index)
    })??;
    println!(
        "{:<24} {:>10} {:>10} {:>10}",
        "ring", "median", "90 %", "99 %"
    );
    let blocks = |retire_ms| Layout::Blocks {
        block: 1 << 16,
        count: 16,
        retire_ms,
    };
    let rings = [
        ("TPACKET_V3, retire 1 ms", blocks(1)),
        ("TPACKET_V3, retire 4 ms", blocks(4)),
        (
            "TPACKET_V2",
            Layout::Frames {
                frame: 2048,
                count: 512,
            },
        ),
    ];
    for (name, layout) in rings {
        let mut config = ReceiveConfig::new(index, Framing::Ethernet, experiment_filter()?);
        config.layout = layout;
        let mut receiver = far.run(|| Receiver::open(&config))??;
        let mut waits = near.run(|| measure(&mut receiver, count))??;
        waits.sort_unstable();
        let at = |percent: usize| waits[(waits.len() - 1) * percent / 100];
        println!("{name:<24} {:>10} {:>10} {:>10}", at(50), at(90), at(99));
    }
    Ok(())
}

fn experiment_filter() -> Outcome<Program> {
    let mut a = Assembler::new();
    let accept = a.label();
    a.load(Width::Half, 12);
    a.branch(Compare::Equal, u32::from(EXPERIMENT), Some(accept), None);
    a.ret(0);
    a.place(accept);
    a.ret(u32::MAX);
    Ok(a.finish()?)
}

/// Sends frames one by one from a thread in the calling thread's namespace, and waits for each.
fn measure(receiver: &mut Receiver, count: usize) -> Outcome<Vec<u64>> {
    let index = Network::open()?.link("eth0")?.index;
    let mut sender = Transmitter::open(
        &TransmitConfig::new(index, Framing::Ethernet),
        Method::Packet,
    )?;
    let (mut waits, mut waiter) = (Vec::new(), Waiter::new());
    std::thread::scope(|scope| {
        let (go, gone) = std::sync::mpsc::channel::<()>();
        let sending = scope.spawn(move || -> Outcome<()> {
            while gone.recv().is_ok() {
                // Long enough for the receiver to sleep, and not a multiple of a timer's period.
                std::thread::sleep(Duration::from_micros(1_370));
                let slot = sender.slot().ok_or("a slot")?;
                slot[..12].fill(0xff);
                slot[12..14].copy_from_slice(&EXPERIMENT.to_be_bytes());
                sender.commit(60);
                sender.flush()?;
            }
            Ok(())
        });
        for _ in 0..count {
            go.send(())?;
            let mut seen = false;
            while !seen {
                let on = [(receiver.as_fd(), Interest::Read)];
                waiter.wait(&on, Some(Duration::from_secs(1)))?;
                let now = monotonic_ns();
                receiver.for_each(|f| {
                    waits.push(now.saturating_sub(f.time_ns));
                    seen = true;
                });
            }
        }
        drop(go);
        sending.join().map_err(|_| "the sender panicked")?
    })?;
    Ok(waits)
}
