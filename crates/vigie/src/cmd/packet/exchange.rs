//! Sends packets and matches their answers (`send`, `sendp`, `sr`, `sr1`, `srp`, `srp1`).

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::{Duration, Instant};

use vigie_craft::Packet;
use vigie_craft::lang::{Captured, Exchange, ExchangeOptions, Level, RuntimeError, SendOptions};
use vigie_craft::reply_match::{Key, confirms};
use vigie_wire::{Frame, LinkType};

use super::capture::{dissect, first_ip_layer};
use super::machine::Machine;
use super::neighbours;
use super::send::{LinkSockets, Ready};

/// Default time to wait for replies after the last packet.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(5);
/// Maximum length of one wait for frames, so that Ctrl-C is noticed.
const STEP: Duration = Duration::from_millis(100);

/// Sends packets without waiting for answers. Returns the number of packets sent.
pub fn send(
    machine: &Machine,
    packets: &[Packet],
    options: &SendOptions,
) -> Result<u64, RuntimeError> {
    let mut sockets = LinkSockets::new(machine);
    let (mut ready, silent) = prepare_all(&mut sockets, packets, options)?;
    ready.retain(|packet| packet.hop.is_none());
    match silent.first() {
        Some(address) if ready.is_empty() => return Err(neighbours::silent(*address)),
        _ => warn(machine, &silent),
    }
    let mut sent = 0;
    for _ in 0..options.count {
        for (i, packet) in ready.iter().enumerate() {
            if machine.is_interrupted() {
                return Ok(sent);
            }
            if i > 0 && !options.interval.is_zero() {
                std::thread::sleep(options.interval);
            }
            sockets.send(packet)?;
            sent += 1;
        }
    }
    Ok(sent)
}

/// Prepares all packets before the first is sent, so that an error in any of them sends nothing. Also returns the
/// neighbours that do not answer. Packets for these still have a `hop` and must not be sent.
fn prepare_all(
    sockets: &mut LinkSockets<'_>,
    packets: &[Packet],
    options: &SendOptions,
) -> Result<(Vec<Ready>, Vec<IpAddr>), RuntimeError> {
    let ready: Result<Vec<Ready>, RuntimeError> = packets
        .iter()
        .map(|packet| sockets.prepare(packet, options.level, options.interface.as_deref()))
        .collect();
    let mut ready = ready?;
    let silent = sockets.resolve_all(&mut ready)?;
    Ok((ready, silent))
}

/// Prints warnings about neighbours that do not answer, in scapy's format.
fn warn(machine: &Machine, silent: &[IpAddr]) {
    const NAMED: usize = 3;
    for address in silent.iter().take(NAMED) {
        machine.say(&format!("WARNING: {address} does not answer on the link\n"));
    }
    if silent.len() > NAMED {
        machine.say(&format!(
            "WARNING: nor do {} others\n",
            silent.len() - NAMED
        ));
    }
}

/// State of one packet.
struct State {
    sent: Option<Duration>,
    answered: bool,
}

struct Round<'p> {
    packets: &'p [Packet],
    ready: Vec<Ready>,
    open: Vec<State>,
    waiting: HashMap<Key, Vec<usize>>,
    level: Level,
    multi: bool,
    received: u64,
    answers: Vec<(usize, Captured)>,
    marks: String,
}

impl Round<'_> {
    /// Assigns a received frame to the packet that it answers, if any.
    fn on_frame(&mut self, link: LinkType, bytes: &[u8], time: Duration) {
        self.received += 1;
        let found = Frame::parse(link, bytes)
            .ok()
            .and_then(|frame| self.answered(&frame));
        self.marks.push(if found.is_some() { '*' } else { '.' });
        if let Some(index) = found {
            self.open[index].answered = true;
            let packet = self.dissect(link, bytes);
            self.answers.push((index, Captured { time, packet }));
        }
    }

    fn answered(&self, frame: &Frame<'_>) -> Option<usize> {
        let candidates = Key::of_received(frame);
        let indices = candidates
            .iter()
            .flatten()
            .filter_map(|key| self.waiting.get(key))
            .flatten();
        indices.copied().find(|&index| {
            let open = &self.open[index];
            let fits = || {
                let sent = &self.ready[index];
                let form = if sent.net > 0 {
                    LinkType::Ethernet
                } else {
                    LinkType::RawIp
                };
                Frame::parse(form, &sent.bytes).is_ok_and(|sent| confirms(frame, &sent))
            };
            open.sent.is_some() && (!open.answered || self.multi) && fits()
        })
    }

    /// Returns an answer from its IP header on, or the whole frame for functions of the link level.
    fn dissect(&self, link: LinkType, bytes: &[u8]) -> Packet {
        if self.level == Level::Link || link != LinkType::Ethernet {
            return dissect(Some(link), bytes);
        }
        let mut at = 14;
        while matches!(bytes.get(at - 2..at), Some([0x81, 0] | [0x88, 0xa8])) {
            at += 4;
        }
        let datagram = bytes.get(at..).unwrap_or(&[]);
        match first_ip_layer(datagram) {
            Some(_) => dissect(Some(LinkType::RawIp), datagram),
            None => dissect(Some(link), bytes),
        }
    }

    /// Number of packets that may still be answered.
    fn awaited(&self) -> usize {
        let open = self.open.iter().zip(&self.ready);
        open.filter(|(open, ready)| !open.answered && ready.hop.is_none())
            .count()
    }

    fn nothing_sent(&self) -> bool {
        self.ready.iter().all(|packet| packet.hop.is_some())
    }

    fn unanswered(&self) -> usize {
        self.open.iter().filter(|open| !open.answered).count()
    }
}

/// Sends packets and returns each with its answers.
pub fn exchange(
    machine: &Machine,
    packets: &[Packet],
    options: &ExchangeOptions,
) -> Result<Exchange, RuntimeError> {
    let filter = match &options.filter {
        Some(text) => Some(super::sniff::Filter::new(text)?),
        None => None,
    };
    run(machine, packets, options, filter.as_ref())
}

fn run(
    machine: &Machine,
    packets: &[Packet],
    options: &ExchangeOptions,
    filter: Option<&super::sniff::Filter>,
) -> Result<Exchange, RuntimeError> {
    let mut sockets = LinkSockets::new(machine);
    let (ready, silent) = prepare_all(&mut sockets, packets, &options.send)?;
    if options.verbose {
        warn(machine, &silent);
    }
    let reached = ready.iter().filter(|packet| packet.hop.is_none()).count();
    let mut waiting: HashMap<Key, Vec<usize>> = HashMap::new();
    for (index, sent) in ready.iter().enumerate() {
        let form = if sent.net > 0 {
            LinkType::Ethernet
        } else {
            LinkType::RawIp
        };
        if let Some(key) = Frame::parse(form, &sent.bytes)
            .ok()
            .and_then(|frame| Key::of_sent(&frame))
        {
            waiting.entry(key).or_default().push(index);
        }
    }
    let open = packets
        .iter()
        .map(|_| State {
            sent: None,
            answered: false,
        })
        .collect();
    let mut round = Round {
        packets,
        ready,
        open,
        waiting,
        level: options.send.level,
        multi: options.multi,
        received: 0,
        answers: Vec::new(),
        marks: String::new(),
    };
    // Discard frames received before the first packet is sent.
    sockets.receive(|_, _| {});
    let say = |text: &str| {
        if options.verbose {
            machine.say(text);
        }
    };
    say("Begin emission:\n");
    for attempt in 0..=options.retry {
        emit(machine, &mut sockets, &mut round, options, filter)?;
        if attempt == 0 {
            say(&format!("Finished sending {reached} packets.\n"));
        }
        wait(machine, &mut sockets, &mut round, options, filter)?;
        if round.awaited() == 0
            || machine.is_interrupted()
            || options.first && !round.answers.is_empty()
        {
            break;
        }
    }
    // A very long row of marks helps nobody, and the totals follow.
    let marks: String = round.marks.chars().take(2000).collect();
    say(&format!(
        "{marks}\nReceived {} packets, got {} answers, remaining {} packets\n",
        round.received,
        round.answers.len(),
        round.unanswered()
    ));
    Ok(finish(&round))
}

fn emit(
    machine: &Machine,
    sockets: &mut LinkSockets<'_>,
    round: &mut Round<'_>,
    options: &ExchangeOptions,
    filter: Option<&super::sniff::Filter>,
) -> Result<(), RuntimeError> {
    for index in 0..round.ready.len() {
        if machine.is_interrupted() {
            return Ok(());
        }
        if round.open[index].answered || round.ready[index].hop.is_some() {
            continue;
        }
        let time = sockets.send(&round.ready[index])?;
        round.open[index].sent = Some(time);
        if options.send.interval.is_zero() {
            if index % 32 == 31 {
                drain(sockets, round, filter);
            }
        } else if index + 1 < round.ready.len() {
            pause(
                machine,
                sockets,
                round,
                Instant::now() + options.send.interval,
                filter,
            )?;
        }
    }
    Ok(())
}

fn drain(
    sockets: &mut LinkSockets<'_>,
    round: &mut Round<'_>,
    filter: Option<&super::sniff::Filter>,
) {
    sockets.receive(|link, received| {
        if filter.is_none_or(|filter| filter.matches(link, received.bytes, received.wire_len)) {
            round.on_frame(link, received.bytes, Duration::from_nanos(received.unix_ns));
        }
    });
}

fn pause(
    machine: &Machine,
    sockets: &mut LinkSockets<'_>,
    round: &mut Round<'_>,
    end: Instant,
    filter: Option<&super::sniff::Filter>,
) -> Result<(), RuntimeError> {
    while let Some(left) = end.checked_duration_since(Instant::now()) {
        if machine.is_interrupted() {
            return Ok(());
        }
        sockets.wait(left.min(STEP))?;
        drain(sockets, round, filter);
    }
    Ok(())
}

/// Waits until every packet is answered or the timeout has passed.
fn wait(
    machine: &Machine,
    sockets: &mut LinkSockets<'_>,
    round: &mut Round<'_>,
    options: &ExchangeOptions,
    filter: Option<&super::sniff::Filter>,
) -> Result<(), RuntimeError> {
    let end = Instant::now() + options.timeout.unwrap_or(DEFAULT_TIMEOUT);
    drain(sockets, round, filter);
    while let Some(left) = end.checked_duration_since(Instant::now()) {
        let done = round.awaited() == 0 && (!round.multi || round.nothing_sent())
            || options.first && !round.answers.is_empty();
        if done || machine.is_interrupted() {
            return Ok(());
        }
        sockets.wait(left.min(STEP))?;
        drain(sockets, round, filter);
    }
    Ok(())
}

/// Returns the pairs of packets and answers, and the unanswered packets.
fn finish(round: &Round<'_>) -> Exchange {
    let sent = |index: usize| Captured {
        time: round.open[index].sent.unwrap_or_default(),
        packet: round.packets[index].clone(),
    };
    let unanswered = (0..round.open.len())
        .filter(|i| !round.open[*i].answered)
        .map(sent)
        .collect();
    let answered = round
        .answers
        .iter()
        .map(|(index, answer)| (sent(*index), answer.clone()))
        .collect();
    Exchange {
        answered,
        unanswered,
    }
}
