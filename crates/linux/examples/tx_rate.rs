//! How many SYN frames a second each way of sending carries, side by side and interleaved:
//! `tx_rate IFACE GATEWAY_MAC COUNT ROUNDS CASE...`
//!
//! A CASE is `METHOD[,key=value...]` with METHOD `mmsg`, `ring`, `xdp`; `batch=64`, `bypass=1`,
//! `slot=1600`, `rx=none|v3|v2` (a filtered receive ring drained between batches), `rxthread=0|1`
//! (drained by another thread instead), `cpu=-1` (pin the sender), `mac=AA-BB-...` (another
//! source MAC: replies then stop short of the kernel's TCP, and the ring does not count them); or `exec:PROGRAM:MODE`, which
//! runs `PROGRAM MODE IFACE GATEWAY_MAC COUNT` and reads its "... N kpps". Ratios are to the first
//! case. The frames go to 11.0.0.0/12 and need a network of your own that answers for it.

use std::error::Error;
use std::fs;
use std::net::{IpAddr, Ipv4Addr};
use std::os::fd::AsFd;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use vigie_linux::io::{
    Framing, Interest, Layout, Method, ReceiveConfig, Receiver, ReplyFilter, Transmit,
    TransmitConfig, Transmitter, Waiter, device_counters, xdp::XdpMode,
};

type Outcome<T> = Result<T, Box<dyn Error>>;

const PORT: u16 = 40_000;

fn main() -> Outcome<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [iface, gateway, count, rounds, cases @ ..] = args.as_slice() else {
        return Err("usage: tx_rate IFACE GATEWAY_MAC COUNT ROUNDS CASE...".into());
    };
    let (count, rounds): (u64, usize) = (count.parse()?, rounds.parse()?);
    let mut results: Vec<Vec<Run>> = cases.iter().map(|_| Vec::new()).collect();
    for _ in 0..rounds {
        for (case, runs) in cases.iter().zip(&mut results) {
            runs.push(run(case, iface, gateway, count)?);
        }
    }
    println!(
        "{:<36} {:>8} {:>6} {:>10} {:>6} {:>9} {:>8} {:>7}",
        "case", "kpps", "ratio", "cpu ns/pkt", "ratio", "replies", "dropped", "tx drop"
    );
    let mut base = None;
    for (case, runs) in cases.iter().zip(&mut results) {
        let kpps = median(runs, |r| r.kpps);
        let cpu = median(runs, |r| r.cpu * 1e9 / count as f64);
        let (base_kpps, base_cpu) = *base.get_or_insert((kpps, cpu));
        let (replies, dropped) = (
            median(runs, |r| r.replies as f64),
            median(runs, |r| r.dropped as f64),
        );
        println!(
            "{case:<36} {kpps:>8.0} {:>6.3} {cpu:>10.0} {:>6.3} {replies:>9} {dropped:>8} {:>7}",
            kpps / base_kpps,
            base_cpu / cpu,
            median(runs, |r| r.tx_dropped as f64)
        );
    }
    Ok(())
}

fn median(runs: &[Run], value: impl Fn(&Run) -> f64) -> f64 {
    let mut values: Vec<f64> = runs.iter().map(value).collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// CPU seconds of this process (or of its ended children), user and system.
fn cpu_seconds(who: i32) -> f64 {
    // `/proc/self/stat`: fields 14 to 17, in ticks of 10 ms; too coarse for one batch, fine for a run.
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(") ").next().unwrap_or_default();
    let fields: Vec<f64> = after_name
        .split(' ')
        .filter_map(|f| f.parse().ok())
        .collect();
    let at = if who == SELF { 10 } else { 12 };
    fields
        .get(at..at + 2)
        .map_or(0.0, |t| (t[0] + t[1]) / 100.0)
}
const SELF: i32 = 0;
const CHILDREN: i32 = 1;

struct Run {
    kpps: f64,
    /// CPU seconds spent, softirqs that ran in our context included.
    cpu: f64,
    replies: u64,
    dropped: u64,
    tx_dropped: u64,
}

fn run(case: &str, iface: &str, gateway: &str, count: u64) -> Outcome<Run> {
    if let Some(program) = case.strip_prefix("exec:") {
        let (program, mode) = program.split_once(':').ok_or("exec:PROGRAM:MODE")?;
        let cpu = cpu_seconds(CHILDREN);
        let out = Command::new(program)
            .args([mode, iface, gateway, &count.to_string()])
            .output()?;
        let text = String::from_utf8_lossy(&out.stdout).into_owned();
        let kpps = text
            .split_whitespace()
            .rev()
            .nth(1)
            .ok_or("no output")?
            .parse()?;
        let cpu = cpu_seconds(CHILDREN) - cpu;
        return Ok(Run {
            kpps,
            cpu,
            replies: 0,
            dropped: 0,
            tx_dropped: 0,
        });
    }
    let (method, options) = case.split_once(',').unwrap_or((case, ""));
    let option = |key: &str, default: &str| -> String {
        let found = options
            .split(',')
            .filter_map(|o| o.split_once('='))
            .find(|(k, _)| *k == key);
        found.map_or(default, |(_, v)| v).to_owned()
    };
    let ifindex = read(iface, "ifindex")?.parse()?;
    let method = match method {
        "mmsg" => Method::Packet,
        "ring" => Method::TxRing,
        "xdp" => Method::Xdp(XdpMode::Copy),
        other => return Err(format!("unknown method {other}").into()),
    };
    let mut config = TransmitConfig::new(ifindex, Framing::Ethernet);
    config.batch = option("batch", "64").parse()?;
    config.qdisc_bypass = option("bypass", "1") == "1";
    config.max_frame = option("slot", "1600").parse()?;
    let mut receiver = open_receiver(&option("rx", "none"), ifindex, option("ms", "1").parse()?)?;
    let cpu: i32 = option("cpu", "-1").parse()?;
    if cpu >= 0 {
        let mut set = rustix::thread::CpuSet::new();
        set.set(cpu as usize);
        rustix::thread::sched_setaffinity(None, &set)?;
    }
    let mut transmitter = Transmitter::open(&config, method)?;
    let address = option("mac", &read(iface, "address")?);
    let mut frame = template(mac(&address.replace('-', ":"))?, mac(gateway)?);
    let before = device_counters(iface)?.unwrap_or_default();
    let threaded = option("rxthread", "0") == "1";
    let stop = AtomicBool::new(false);
    let (seconds, cpu, mut replies) = std::thread::scope(|scope| -> Outcome<(f64, f64, u64)> {
        let mut inline = None;
        let thread = match (receiver.as_mut(), threaded) {
            (Some(r), true) => Some(scope.spawn(|| drain_until(r, &stop))),
            (r, _) => {
                inline = r;
                None
            }
        };
        let mut replies = 0;
        let cpu = cpu_seconds(SELF);
        let start = Instant::now();
        let sent = send(&mut transmitter, &mut frame, count, || {
            if let Some(r) = inline.as_mut() {
                replies += r.for_each(|f| assert!(f.bytes.len() >= 42)) as u64;
            }
        });
        let seconds = start.elapsed().as_secs_f64();
        let cpu = cpu_seconds(SELF) - cpu;
        if let Some(r) = inline {
            std::thread::sleep(Duration::from_millis(20));
            replies += r.for_each(|_| {}) as u64;
        }
        stop.store(true, Ordering::Relaxed);
        if let Some(thread) = thread {
            replies += thread.join().map_err(|_| "the receiving thread panicked")?;
        }
        sent?;
        Ok((seconds, cpu, replies))
    })?;
    let mut dropped = 0;
    if let Some(r) = receiver.as_mut() {
        replies += r.for_each(|_| {}) as u64;
        dropped = r.stats()?.dropped;
    }
    let after = device_counters(iface)?.unwrap_or_default();
    let tx_dropped = after.tx_dropped - before.tx_dropped;
    Ok(Run {
        kpps: count as f64 / seconds / 1e3,
        cpu,
        replies,
        dropped,
        tx_dropped,
    })
}

fn send(
    t: &mut Transmitter,
    frame: &mut [u8; 54],
    count: u64,
    mut between: impl FnMut(),
) -> Outcome<()> {
    let (mut made, mut sent) = (0u64, 0u64);
    let mut waiter = Waiter::new();
    while sent < count {
        while made < count {
            let Some(slot) = t.slot() else { break };
            patch(frame, 0x0b00_0000 + (made as u32 & 0xf_ffff));
            slot[..54].copy_from_slice(frame);
            t.commit(54);
            made += 1;
        }
        let done = t.flush()?;
        if done.refused > 0 {
            return Err(format!("{} refused: {:?}", done.refused, done.refusal).into());
        }
        sent += done.sent as u64;
        if done.blocked {
            waiter.wait(
                &[(t.as_fd(), Interest::Write)],
                Some(Duration::from_millis(1)),
            )?;
        }
        between();
    }
    Ok(())
}

fn drain_until(receiver: &mut Receiver, stop: &AtomicBool) -> u64 {
    let (mut waiter, mut seen) = (Waiter::new(), 0);
    while !stop.load(Ordering::Relaxed) {
        let on = [(receiver.as_fd(), Interest::Read)];
        if waiter.wait(&on, Some(Duration::from_millis(20))).is_err() {
            break;
        }
        seen += receiver.for_each(|f| assert!(f.bytes.len() >= 42)) as u64;
    }
    seen
}

fn open_receiver(kind: &str, ifindex: u32, ms: u32) -> Outcome<Option<Receiver>> {
    let ours = vec![IpAddr::V4(Ipv4Addr::new(10, 9, 0, 1))];
    let filter = ReplyFilter::new(Framing::Ethernet, ours, PORT..=PORT).program()?;
    let mut config = ReceiveConfig::new(ifindex, Framing::Ethernet, filter);
    match kind {
        "none" => return Ok(None),
        "v3" => {
            config.layout = Layout::Blocks {
                block: 1 << 16,
                count: 64,
                retire_ms: ms,
            }
        }
        "v3big" => {
            config.layout = Layout::Blocks {
                block: 1 << 20,
                count: 8,
                retire_ms: ms,
            }
        }
        "v2" => {
            config.layout = Layout::Frames {
                frame: 256,
                count: 1 << 14,
            }
        }
        "refuse" => config.filter = vigie_linux::io::filter::Program::refuse_all(),
        other => return Err(format!("unknown receiver {other}").into()),
    }
    Ok(Some(Receiver::open(&config)?))
}

fn read(iface: &str, what: &str) -> Outcome<String> {
    Ok(
        fs::read_to_string(format!("/sys/class/net/{iface}/{what}"))?
            .trim()
            .to_owned(),
    )
}

fn mac(text: &str) -> Outcome<[u8; 6]> {
    let bytes: Result<Vec<u8>, _> = text.split(':').map(|b| u8::from_str_radix(b, 16)).collect();
    Ok(bytes?
        .try_into()
        .map_err(|_| "a MAC address has six bytes")?)
}

/// A SYN from 10.9.0.1:40000 to 0.0.0.0:80, checksums right for that destination.
fn template(from: [u8; 6], to: [u8; 6]) -> [u8; 54] {
    let mut f = [0u8; 54];
    f[..6].copy_from_slice(&to);
    f[6..12].copy_from_slice(&from);
    f[12..14].copy_from_slice(&[8, 0]);
    f[14..30].copy_from_slice(&[0x45, 0, 0, 40, 0, 0, 0, 0, 64, 6, 0, 0, 10, 9, 0, 1]);
    f[34..36].copy_from_slice(&PORT.to_be_bytes());
    f[36..38].copy_from_slice(&80u16.to_be_bytes());
    f[46..50].copy_from_slice(&[0x50, 2, 4, 0]);
    let ip = sum(&f[14..34]);
    f[24..26].copy_from_slice(&(!ip).to_be_bytes());
    let tcp = fold(u32::from(sum(&f[26..54])) + 6 + 20);
    f[50..52].copy_from_slice(&(!tcp).to_be_bytes());
    f
}

/// Writes another destination, the checksums updated (RFC 1624).
fn patch(f: &mut [u8; 54], to: u32) {
    let old = [
        u16::from_be_bytes([f[30], f[31]]),
        u16::from_be_bytes([f[32], f[33]]),
    ];
    let new = [(to >> 16) as u16, to as u16];
    let delta = old.iter().map(|o| u32::from(!o)).sum::<u32>()
        + new.iter().map(|n| u32::from(*n)).sum::<u32>();
    f[30..34].copy_from_slice(&to.to_be_bytes());
    for at in [24, 50] {
        let check = u16::from_be_bytes([f[at], f[at + 1]]);
        let fresh = !fold(u32::from(!check) + delta);
        f[at..at + 2].copy_from_slice(&fresh.to_be_bytes());
    }
}

fn sum(bytes: &[u8]) -> u16 {
    fold(
        bytes
            .as_chunks::<2>()
            .0
            .iter()
            .map(|w| u32::from(u16::from_be_bytes(*w)))
            .sum(),
    )
}

fn fold(mut s: u32) -> u16 {
    while s > 0xffff {
        s = (s & 0xffff) + (s >> 16);
    }
    s as u16
}
