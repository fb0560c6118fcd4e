//! Measures the SYN frames per second of each method of sending, in interleaved rounds:
//! `tx_rate IFACE GATEWAY_MAC COUNT ROUNDS CASE...`
//!
//! A CASE is `METHOD[+METHOD...][,key=value...]`: one sending thread for each METHOD (`mmsg`, `ring`, `xdp`), with the
//! keys `rx=none|v3|v2|refuse` (a receive ring drained between batches; `refuse` filters everything out), `batch=64`,
//! `bypass=1`, `slot=1600`, `sndbuf=BYTES`, `pin=0|1` (thread n to CPU n), `mac=AA-BB-...` (another source MAC, so that
//! replies do not reach this machine's TCP). A CASE `exec:PROGRAM:MODE` runs `PROGRAM MODE IFACE GATEWAY_MAC COUNT` and
//! reads the rate from its output "... N kpps". Ratios are relative to the first case.
//!
//! The frames go from 10.9.0.1 to port 80 of 11.0.0.0/12: your own test network must answer for these addresses.

use std::error::Error;
use std::fs;
use std::net::{IpAddr, Ipv4Addr};
use std::os::fd::AsFd;
use std::process::Command;
use std::sync::Barrier;
use std::time::{Duration, Instant};

use vigie_linux::io::xdp::XdpMode;
use vigie_linux::io::{
    Framing, Interest, Layout, Method, ReceiveConfig, Receiver, ReplyFilter, Transmit,
    TransmitConfig, Transmitter, Waiter, device_counters,
};
use vigie_pcap_filter::Program;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// Source port of the first thread; thread n uses this port plus n.
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
            runs.push(match case.strip_prefix("exec:") {
                Some(program) => run_program(program, iface, gateway, count)?,
                None => Case::parse(case, iface, gateway)?.run(count)?,
            });
        }
    }
    println!(
        "{:<32} {:>9} {:>6} {:>6} {:>10} {:>6} {:>8} {:>8} {:>8}",
        "case", "kpps", "ratio", "best", "cpu ns/pkt", "ratio", "replies", "rx drop", "tx drop"
    );
    let first = results.first().ok_or("no case")?;
    let base = (
        median(first, |r| r.kpps),
        best(first),
        median(first, |r| r.cpu),
    );
    for (case, runs) in cases.iter().zip(&results) {
        let (kpps, cpu) = (median(runs, |r| r.kpps), median(runs, |r| r.cpu));
        println!(
            "{case:<32} {kpps:>9.0} {:>6.2} {:>6.2} {:>10.0} {:>6.2} {:>8} {:>8} {:>8}",
            kpps / base.0,
            best(runs) / base.1,
            cpu * 1e9 / count as f64,
            base.2 / cpu,
            median(runs, |r| r.replies as f64),
            median(runs, |r| r.dropped as f64),
            median(runs, |r| r.tx_dropped as f64)
        );
    }
    Ok(())
}

#[derive(Default)]
struct Run {
    kpps: f64,
    /// CPU seconds of this process, including softirqs that ran in its context.
    cpu: f64,
    replies: u64,
    dropped: u64,
    tx_dropped: u64,
}

fn median(runs: &[Run], value: impl Fn(&Run) -> f64) -> f64 {
    let mut values: Vec<f64> = runs.iter().map(value).collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn best(runs: &[Run]) -> f64 {
    runs.iter().map(|r| r.kpps).fold(0.0, f64::max)
}

/// Returns the user and system CPU seconds of this process and of its ended children (proc(5), stat).
fn cpu_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(") ").next().unwrap_or_default().split(' ');
    let ticks: f64 = fields
        .skip(11)
        .take(4)
        .filter_map(|f| f.parse::<f64>().ok())
        .sum();
    ticks / 100.0
}

fn run_program(program: &str, iface: &str, gateway: &str, count: u64) -> Outcome<Run> {
    let (program, mode) = program.split_once(':').ok_or("exec:PROGRAM:MODE")?;
    let mut output = String::new();
    let cpu = cpu_seconds();
    // An AF_XDP queue becomes free only some milliseconds after its last socket was closed.
    for _ in 0..100 {
        let command = [mode, iface, gateway, &count.to_string()];
        output = String::from_utf8(Command::new(program).args(command).output()?.stdout)?;
        if !output.is_empty() {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    let cpu = cpu_seconds() - cpu;
    let kpps = output.split_whitespace().rev().nth(1).ok_or("no output")?;
    Ok(Run {
        kpps: kpps.parse()?,
        cpu,
        ..Run::default()
    })
}

/// Parsed description of a case.
struct Case {
    iface: String,
    methods: Vec<Method>,
    transmit: TransmitConfig,
    layout: Option<Layout>,
    refuse: bool,
    pin: bool,
    from: [u8; 6],
    to: [u8; 6],
}

impl Case {
    fn parse(case: &str, iface: &str, gateway: &str) -> Outcome<Self> {
        let read = |what| fs::read_to_string(format!("/sys/class/net/{iface}/{what}"));
        let mut options = case.split(',');
        let methods = options.next().unwrap_or_default().split('+').map(method);
        let methods = methods.collect::<Outcome<Vec<Method>>>()?;
        let mut made = Self {
            iface: iface.to_owned(),
            pin: methods.len() > 1,
            methods,
            transmit: TransmitConfig::new(read("ifindex")?.trim().parse()?, Framing::Ethernet),
            layout: None,
            refuse: false,
            from: mac(read("address")?.trim())?,
            to: mac(gateway)?,
        };
        for option in options {
            made.set(option.split_once('=').ok_or("key=value")?)?;
        }
        Ok(made)
    }

    fn set(&mut self, (key, value): (&str, &str)) -> Outcome<()> {
        let blocks = Layout::Blocks {
            block: 1 << 16,
            count: 64,
            retire_ms: 1,
        };
        let frames = Layout::Frames {
            frame: 256,
            count: 1 << 14,
        };
        match (key, value) {
            ("rx", "none") => self.layout = None,
            ("rx", "v3") => self.layout = Some(blocks),
            ("rx", "v2") => self.layout = Some(frames),
            ("rx", "refuse") => (self.layout, self.refuse) = (Some(blocks), true),
            ("batch", n) => self.transmit.batch = n.parse()?,
            ("slot", n) => self.transmit.max_frame = n.parse()?,
            ("sndbuf", n) => self.transmit.send_buffer = n.parse()?,
            ("bypass", n) => self.transmit.qdisc_bypass = n == "1",
            ("pin", n) => self.pin = n == "1",
            ("mac", text) => self.from = mac(&text.replace('-', ":"))?,
            _ => return Err(format!("unknown option {key}={value}").into()),
        }
        Ok(())
    }

    fn run(&self, count: u64) -> Outcome<Run> {
        let before = device_counters(&self.iface)?.unwrap_or_default();
        let threads = self.methods.len();
        let barrier = Barrier::new(threads + 1);
        let mut transmitters: Vec<Option<Transmitter>> = (0..threads).map(|_| None).collect();
        for method in [Method::Packet, Method::TxRing, Method::Xdp(XdpMode::Copy)] {
            let users: Vec<usize> = (0..threads)
                .filter(|n| self.methods[*n] == method)
                .collect();
            if !users.is_empty() {
                let opened = Transmitter::open_many(&self.transmit, method, users.len())?;
                users
                    .iter()
                    .zip(opened)
                    .for_each(|(n, t)| transmitters[*n] = Some(t));
            }
        }
        let share = count / threads as u64;
        let mut run = Run::default();
        std::thread::scope(|scope| -> Outcome<()> {
            let workers: Vec<_> = transmitters
                .into_iter()
                .flatten()
                .enumerate()
                .map(|(n, t)| {
                    let barrier = &barrier;
                    scope.spawn(move || self.work(n, t, share, barrier))
                })
                .collect();
            barrier.wait();
            let (cpu, start) = (cpu_seconds(), Instant::now());
            barrier.wait();
            run.kpps = (share * threads as u64) as f64 / start.elapsed().as_secs_f64() / 1e3;
            run.cpu = cpu_seconds() - cpu;
            for worker in workers {
                let (replies, dropped) = worker.join().map_err(|_| "a thread panicked")??;
                run.replies += replies;
                run.dropped += dropped;
            }
            Ok(())
        })?;
        let after = device_counters(&self.iface)?.unwrap_or_default();
        run.tx_dropped = after.tx_dropped - before.tx_dropped;
        Ok(run)
    }

    /// Runs one thread: opens a receiver, sends its share between the two barriers, counts replies.
    fn work(
        &self,
        n: usize,
        mut t: Transmitter,
        share: u64,
        barrier: &Barrier,
    ) -> Outcome<(u64, u64)> {
        let ready = self.open(n);
        barrier.wait();
        let sent = ready.and_then(|mut r| {
            let mut frame = template(self.from, self.to, PORT + n as u16);
            let first = 0x0b00_0000 + n as u32 * share as u32;
            let mut replies = 0;
            send(&mut t, &mut frame, first, share, || {
                if let Some(r) = r.as_mut() {
                    replies += r.for_each(|f| assert!(f.bytes.len() >= 42)) as u64;
                }
            })?;
            Ok((r, replies))
        });
        barrier.wait();
        let (mut receiver, mut replies) = sent?;
        let Some(r) = receiver.as_mut() else {
            return Ok((0, 0));
        };
        let on = |r: &Receiver| {
            Waiter::new()
                .wait(
                    &[(r.as_fd(), Interest::Read)],
                    Some(Duration::from_millis(20)),
                )
                .map(|ready| ready[0])
        };
        while on(r)? {
            replies += r.for_each(|_| {}) as u64;
        }
        Ok((replies, r.stats()?.dropped))
    }

    fn open(&self, n: usize) -> Outcome<Option<Receiver>> {
        if self.pin {
            let mut set = rustix::thread::CpuSet::new();
            set.set(n % std::thread::available_parallelism()?);
            rustix::thread::sched_setaffinity(None, &set)?;
        }
        let Some(layout) = self.layout else {
            return Ok(None);
        };
        let ours = vec![IpAddr::V4(Ipv4Addr::new(10, 9, 0, 1))];
        let port = PORT + n as u16;
        let filter = ReplyFilter::new(Framing::Ethernet, ours, port..=port).program()?;
        let filter = if self.refuse {
            Program::reject_all()
        } else {
            filter
        };
        let mut config = ReceiveConfig::new(self.transmit.ifindex, Framing::Ethernet, filter);
        config.layout = layout;
        Ok(Some(Receiver::open(&config)?))
    }
}

fn method(name: &str) -> Outcome<Method> {
    match name {
        "mmsg" => Ok(Method::Packet),
        "ring" => Ok(Method::TxRing),
        "xdp" => Ok(Method::Xdp(XdpMode::Copy)),
        other => Err(format!("unknown method {other}").into()),
    }
}

fn send(
    t: &mut Transmitter,
    frame: &mut [u8; 54],
    first: u32,
    count: u64,
    mut between: impl FnMut(),
) -> Outcome<()> {
    let (mut made, mut sent) = (0u64, 0u64);
    let mut waiter = Waiter::new();
    while sent < count {
        while made < count {
            let Some(slot) = t.slot() else { break };
            patch(frame, first + made as u32);
            slot[..54].copy_from_slice(frame);
            t.commit(54);
            made += 1;
        }
        let done = t.flush()?;
        if done.refused > 0 {
            return Err(format!("{} refused: {:?}", done.refused, done.last_error).into());
        }
        sent += done.sent as u64;
        if done.blocked {
            let on: Vec<_> = t
                .writable()
                .map(|fd| (fd, Interest::Write))
                .into_iter()
                .collect();
            waiter.wait(&on, Some(Duration::from_micros(20)))?;
        }
        between();
    }
    Ok(())
}

fn mac(text: &str) -> Outcome<[u8; 6]> {
    let bytes: Result<Vec<u8>, _> = text.split(':').map(|b| u8::from_str_radix(b, 16)).collect();
    Ok(bytes?
        .try_into()
        .map_err(|_| "a MAC address has six bytes")?)
}

/// Returns a SYN from 10.9.0.1 to 0.0.0.0:80, with correct checksums for that destination.
fn template(from: [u8; 6], to: [u8; 6], port: u16) -> [u8; 54] {
    let mut f = [0u8; 54];
    f[..6].copy_from_slice(&to);
    f[6..12].copy_from_slice(&from);
    f[12..14].copy_from_slice(&[8, 0]);
    f[14..30].copy_from_slice(&[0x45, 0, 0, 40, 0, 0, 0, 0, 64, 6, 0, 0, 10, 9, 0, 1]);
    f[34..36].copy_from_slice(&port.to_be_bytes());
    f[36..38].copy_from_slice(&80u16.to_be_bytes());
    f[46..50].copy_from_slice(&[0x50, 2, 4, 0]);
    let ip = sum(&f[14..34]);
    f[24..26].copy_from_slice(&(!ip).to_be_bytes());
    let tcp = fold(u32::from(sum(&f[26..54])) + 6 + 20);
    f[50..52].copy_from_slice(&(!tcp).to_be_bytes());
    f
}

/// Writes another destination and updates the checksums (RFC 1624).
fn patch(f: &mut [u8; 54], to: u32) {
    let old = u32::from_be_bytes([f[30], f[31], f[32], f[33]]);
    let delta = (!old >> 16) + (!old & 0xffff) + (to >> 16) + (to & 0xffff);
    f[30..34].copy_from_slice(&to.to_be_bytes());
    for at in [24, 50] {
        let check = u16::from_be_bytes([f[at], f[at + 1]]);
        let fresh = !fold(u32::from(!check) + delta);
        f[at..at + 2].copy_from_slice(&fresh.to_be_bytes());
    }
}

fn sum(bytes: &[u8]) -> u16 {
    let words = bytes.as_chunks::<2>().0.iter();
    fold(words.map(|w| u32::from(u16::from_be_bytes(*w))).sum())
}

fn fold(mut s: u32) -> u16 {
    while s > 0xffff {
        s = (s & 0xffff) + (s >> 16);
    }
    s as u16
}
