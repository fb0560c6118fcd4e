//! One question put to one server, over UDP and, where the answer does not fit, over TCP.
//!
//! An answer counts when it comes from the server (the sockets are connected), carries the question's number and repeats
//! the question. ICMP errors are told apart: a closed port is an answer of its own.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, UdpSocket};
use std::time::{Duration, Instant};

use hickory_proto::op::{Edns, Message, MessageType, Query};

use super::options::{DnsOptions, How};

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// The message.
    pub message: Message,
    /// Its length on the wire, in bytes.
    pub length: usize,
    /// From the question to the answer.
    pub time: Duration,
    /// Over TCP.
    pub tcp: bool,
    /// It was cut over UDP, and asked for again over TCP.
    pub retried: bool,
    /// The datagrams of the question and its answer, where they went over UDP.
    pub datagrams: Option<Datagrams>,
}

/// A question and its answer, as the socket took and gave them.
#[derive(Debug)]
pub struct Datagrams {
    /// This machine's end.
    pub own: SocketAddr,
    /// The question's bytes.
    pub question: Vec<u8>,
    /// The answer's bytes.
    pub answer: Vec<u8>,
}

/// Why there is no answer.
#[derive(Debug)]
pub enum Failure {
    /// Nothing came in time.
    TimedOut,
    /// ICMP port unreachable came: nothing listens on the UDP port.
    PortClosed,
    /// A reset came: nothing listens on the TCP port.
    Reset,
    /// Another ICMP error came: host or network unreachable, or prohibited by a firewall.
    Unreachable(io::Error),
    /// Something came that is no DNS message.
    Malformed(String),
    /// The system refused.
    System(io::Error),
}

/// The question as a message.
pub fn question(options: &DnsOptions, how: &How) -> Message {
    let mut message = Message::query();
    message.metadata.recursion_desired = how.recurse;
    message.metadata.authentic_data = how.authentic;
    message.metadata.checking_disabled = how.checking_disabled;
    let mut query = Query::query(options.name.clone(), options.kind);
    query.set_query_class(options.class);
    message.add_query(query);
    if let Some(size) = how.edns.or(how.dnssec.then_some(1232)) {
        let mut edns = Edns::new();
        edns.set_max_payload(size).set_dnssec_ok(how.dnssec);
        message.set_edns(edns);
    }
    message
}

/// Asks once.
pub fn ask(server: SocketAddr, message: &Message, how: &How) -> Result<Answer, Failure> {
    if how.tcp {
        return over_tcp(server, message, how);
    }
    let answer = over_udp(server, message, how)?;
    if answer.message.metadata.truncation && !how.ignore_truncation {
        return over_tcp(server, message, how).map(|answer| Answer {
            retried: true,
            ..answer
        });
    }
    Ok(answer)
}

fn encoded(message: &Message) -> Result<Vec<u8>, Failure> {
    message
        .to_vec()
        .map_err(|error| Failure::Malformed(error.to_string()))
}

fn over_udp(server: SocketAddr, message: &Message, how: &How) -> Result<Answer, Failure> {
    let any: IpAddr = if server.is_ipv4() {
        Ipv4Addr::UNSPECIFIED.into()
    } else {
        Ipv6Addr::UNSPECIFIED.into()
    };
    let bytes = encoded(message)?;
    let socket = UdpSocket::bind((any, 0)).map_err(Failure::System)?;
    socket.connect(server).map_err(failure)?;
    // Without it only "port unreachable" would be told.
    let _ = vigie_linux::udp::report_errors(&socket);
    let start = Instant::now();
    socket.send(&bytes).map_err(failure)?;
    let mut buffer = vec![0; 65_535];
    loop {
        let left = how
            .patience
            .checked_sub(start.elapsed())
            .filter(|left| !left.is_zero())
            .ok_or(Failure::TimedOut)?;
        socket
            .set_read_timeout(Some(left))
            .map_err(Failure::System)?;
        let length = socket.recv(&mut buffer).map_err(failure)?;
        let time = start.elapsed();
        let own = socket.local_addr().map_err(Failure::System)?;
        match Message::from_vec(&buffer[..length]) {
            Ok(answer) if answers(&answer, message) => {
                return Ok(Answer {
                    message: answer,
                    length,
                    time,
                    tcp: false,
                    retried: false,
                    datagrams: Some(Datagrams {
                        own,
                        question: bytes,
                        answer: buffer[..length].to_vec(),
                    }),
                });
            }
            Err(error) if buffer.starts_with(&bytes[..2]) => {
                return Err(Failure::Malformed(error.to_string()));
            }
            // Another's answer, or an old one: the right one may still come.
            Ok(_) | Err(_) => {}
        }
    }
}

fn over_tcp(server: SocketAddr, message: &Message, how: &How) -> Result<Answer, Failure> {
    let bytes = encoded(message)?;
    let start = Instant::now();
    let mut stream = TcpStream::connect_timeout(&server, how.patience).map_err(tcp_failure)?;
    stream
        .set_read_timeout(Some(how.patience))
        .map_err(Failure::System)?;
    stream
        .set_write_timeout(Some(how.patience))
        .map_err(Failure::System)?;
    let length =
        u16::try_from(bytes.len()).map_err(|error| Failure::Malformed(error.to_string()))?;
    let framed = [&length.to_be_bytes()[..], &bytes].concat();
    stream.write_all(&framed).map_err(tcp_failure)?;
    let mut length = [0; 2];
    stream.read_exact(&mut length).map_err(tcp_failure)?;
    let mut buffer = vec![0; usize::from(u16::from_be_bytes(length))];
    stream.read_exact(&mut buffer).map_err(tcp_failure)?;
    let time = start.elapsed();
    let answer =
        Message::from_vec(&buffer).map_err(|error| Failure::Malformed(error.to_string()))?;
    if !answers(&answer, message) {
        return Err(Failure::Malformed(
            "the answer is to another question".to_owned(),
        ));
    }
    Ok(Answer {
        message: answer,
        length: buffer.len(),
        time,
        tcp: true,
        retried: false,
        datagrams: None,
    })
}

/// Whether an answer is to this question. A server that found the question malformed repeats none.
fn answers(answer: &Message, question: &Message) -> bool {
    answer.metadata.id == question.metadata.id
        && answer.metadata.message_type == MessageType::Response
        && (answer.queries.is_empty() || answer.queries == question.queries)
}

fn tcp_failure(error: io::Error) -> Failure {
    match failure(error) {
        Failure::PortClosed => Failure::Reset,
        other => other,
    }
}

fn failure(error: io::Error) -> Failure {
    match error.kind() {
        ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset => Failure::PortClosed,
        ErrorKind::WouldBlock | ErrorKind::TimedOut => Failure::TimedOut,
        ErrorKind::HostUnreachable
        | ErrorKind::NetworkUnreachable
        | ErrorKind::PermissionDenied => Failure::Unreachable(error),
        _ => Failure::System(error),
    }
}
