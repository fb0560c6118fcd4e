//! Probes real UDP servers and prints how their replies are classified: `udp_ask ADDRESS [--tsv WHO] [NAME[:PORT] ...]`
//!
//! NAME is the name of a payload; without one, every payload goes to each of its ports. Prints one line per reply. With
//! `--tsv` the lines have the format of `tests/payload_replies.tsv`, and WHO names the program that replied. The example
//! uses one socket per request instead of the scan engine.

use std::error::Error;
use std::fmt::Write;
use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::time::{Duration, Instant, SystemTime};

use vigie_detect::payload::{self, Answer, Payload};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// A request that was sent.
struct Asked {
    payload: &'static Payload,
    to: SocketAddr,
    token: u64,
    socket: UdpSocket,
}

fn main() -> Outcome<()> {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let mut who = None;
    if let Some(at) = args.iter().position(|arg| arg == "--tsv") {
        if at + 1 >= args.len() {
            return Err("--tsv needs the name of the program that replies".into());
        }
        who = args.drain(at..at + 2).nth(1);
    }
    let [address, wanted @ ..] = args.as_slice() else {
        return Err("usage: udp_ask ADDRESS [--tsv WHO] [NAME[:PORT] ...]".into());
    };
    let address: IpAddr = address.parse()?;
    let mut asked = Vec::new();
    for (payload, port) in chosen(wanted)? {
        let number = asked.len() as u64;
        asked.push(ask(payload, SocketAddr::new(address, port), number)?);
    }
    let end = Instant::now() + Duration::from_secs(2);
    for one in &asked {
        listen(one, end, who.as_deref())?;
    }
    Ok(())
}

fn chosen(wanted: &[String]) -> Outcome<Vec<(&'static Payload, u16)>> {
    let mut chosen = Vec::new();
    for word in wanted {
        let (name, port) = match word.split_once(':') {
            Some((name, port)) => (name, Some(port.parse()?)),
            None => (word.as_str(), None),
        };
        let payload = payload::by_name(name).ok_or_else(|| format!("no payload {name}"))?;
        match port {
            Some(port) => chosen.push((payload, port)),
            None => chosen.extend(payload.ports.iter().map(|&port| (payload, port))),
        }
    }
    if wanted.is_empty() {
        for payload in payload::ALL {
            chosen.extend(payload.ports.iter().map(|&port| (*payload, port)));
        }
    }
    Ok(chosen)
}

fn ask(payload: &'static Payload, to: SocketAddr, number: u64) -> Outcome<Asked> {
    let any: SocketAddr = if to.is_ipv4() {
        "0.0.0.0:0".parse()?
    } else {
        "[::]:0".parse()?
    };
    let socket = UdpSocket::bind(any)?;
    // Unique tokens: a server takes a second request with the same token for a duplicate.
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
    let token = (now.as_nanos() as u64 + number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut slot = [0; 1500];
    let len = payload
        .write(&mut slot, token)
        .ok_or("a request larger than a frame")?;
    // A multicast request is answered from a unicast address.
    if payload.replies_from_other_port || to.ip().is_multicast() {
        socket.send_to(&slot[..len], to)?;
    } else {
        socket.connect(to)?;
        socket.send(&slot[..len])?;
    }
    Ok(Asked {
        payload,
        to,
        token,
        socket,
    })
}

fn listen(asked: &Asked, end: Instant, who: Option<&str>) -> Outcome<()> {
    let left = end.saturating_duration_since(Instant::now());
    asked
        .socket
        .set_read_timeout(Some(left.max(Duration::from_millis(1))))?;
    let mut reply = vec![0; 65_535];
    let (name, port) = (asked.payload.name, asked.to.port());
    match asked.socket.recv_from(&mut reply) {
        Ok((len, from)) => {
            let answer = asked.payload.recognise(asked.token, &reply[..len]);
            match who {
                Some(who) => tsv(asked, who, &reply[..len], &answer),
                None => println!(
                    "{port:>5} {name:<16} {} from {from}: {len} bytes",
                    said(&answer)
                ),
            }
        }
        Err(error) if error.kind() == ErrorKind::ConnectionRefused => {
            if who.is_none() {
                println!("{port:>5} {name:<16} closed");
            }
        }
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
            if who.is_none() {
                let why = asked
                    .payload
                    .silent_by_design()
                    .unwrap_or("no reason known");
                println!("{port:>5} {name:<16} silent ({why})");
            }
        }
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

fn said(answer: &Answer) -> String {
    match answer {
        Answer::Confirmed { detail } => format!("confirmed [{detail}]"),
        Answer::SameProtocolOtherToken => "OTHER TOKEN".to_owned(),
        Answer::NotThisProtocol => "NOT THIS PROTOCOL".to_owned(),
    }
}

fn tsv(asked: &Asked, who: &str, reply: &[u8], answer: &Answer) {
    let detail = match answer {
        Answer::Confirmed { detail } => detail.to_string(),
        other => format!("? {}", said(other)),
    };
    let mut hex = String::new();
    for byte in reply {
        // Writing to a string never fails.
        let _ = write!(hex, "{byte:02x}");
    }
    println!(
        "{}\t{who}\t{:016x}\t{detail}\t{hex}",
        asked.payload.name, asked.token
    );
}
