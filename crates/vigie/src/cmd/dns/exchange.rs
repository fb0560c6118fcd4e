//! Sends one query to one server, over UDP, and over TCP if the answer is truncated.
//!
//! An answer is accepted if it comes from the server (the sockets are connected), has the ID of the query and repeats
//! its question. ICMP errors are distinguished: a closed port is not a timeout.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, UdpSocket};
use std::time::{Duration, Instant};

use hickory_proto::op::{Edns, Message, MessageType, Query};

use super::options::{DnsOptions, QueryOptions};

/// Answer to a query.
#[derive(Debug)]
pub struct Answer {
    /// Decoded message.
    pub message: Message,
    /// Length of the encoded message, in bytes.
    pub length: usize,
    /// Time from the query to the answer.
    pub time: Duration,
    /// Received over TCP.
    pub tcp: bool,
    /// The answer over UDP was truncated, so the query was repeated over TCP.
    pub retried: bool,
    /// Datagrams of the query and the answer; `None` over TCP.
    pub datagrams: Option<Datagrams>,
}

/// Payloads of the datagrams, as sent and received on the socket.
#[derive(Debug)]
pub struct Datagrams {
    /// Local address.
    pub local: SocketAddr,
    /// Bytes of the query.
    pub query: Vec<u8>,
    /// Bytes of the answer.
    pub answer: Vec<u8>,
}

/// Reason why there is no answer.
#[derive(Debug)]
pub enum Failure {
    /// No answer within the timeout.
    TimedOut,
    /// ICMP port unreachable: no program listens on the UDP port.
    PortClosed,
    /// TCP reset: no program listens on the TCP port.
    Reset,
    /// Another ICMP error: host or network unreachable, or prohibited by a firewall.
    Unreachable(io::Error),
    /// The answer is not a valid DNS message.
    Malformed(String),
    /// A system call failed.
    System(io::Error),
}

/// Returns the query message.
pub fn query_message(options: &DnsOptions, query_options: &QueryOptions) -> Message {
    let mut message = Message::query();
    message.metadata.recursion_desired = query_options.recurse;
    message.metadata.authentic_data = query_options.authentic;
    message.metadata.checking_disabled = query_options.checking_disabled;
    let mut query = Query::query(options.name.clone(), options.kind);
    query.set_query_class(options.class);
    message.add_query(query);
    if let Some(size) = query_options.edns.or(query_options.dnssec.then_some(1232)) {
        let mut edns = Edns::new();
        edns.set_max_payload(size)
            .set_dnssec_ok(query_options.dnssec);
        message.set_edns(edns);
    }
    message
}

/// Sends a query and waits for the answer.
///
/// # Errors
///
/// Every [`Failure`].
pub fn send(
    server: SocketAddr,
    message: &Message,
    query_options: &QueryOptions,
) -> Result<Answer, Failure> {
    if query_options.tcp {
        return over_tcp(server, message, query_options);
    }
    let answer = over_udp(server, message, query_options)?;
    if answer.message.metadata.truncation && !query_options.ignore_truncation {
        return over_tcp(server, message, query_options).map(|answer| Answer {
            retried: true,
            ..answer
        });
    }
    Ok(answer)
}

/// Encodes a message.
fn encoded(message: &Message) -> Result<Vec<u8>, Failure> {
    message
        .to_vec()
        .map_err(|error| Failure::Malformed(error.to_string()))
}

fn over_udp(
    server: SocketAddr,
    message: &Message,
    query_options: &QueryOptions,
) -> Result<Answer, Failure> {
    let any: IpAddr = if server.is_ipv4() {
        Ipv4Addr::UNSPECIFIED.into()
    } else {
        Ipv6Addr::UNSPECIFIED.into()
    };
    let bytes = encoded(message)?;
    let socket = UdpSocket::bind((any, 0)).map_err(Failure::System)?;
    socket.connect(server).map_err(failure)?;
    // Otherwise the socket reports port unreachable only.
    let _ = vigie_linux::udp::report_errors(&socket);
    let start = Instant::now();
    socket.send(&bytes).map_err(failure)?;
    let mut buffer = vec![0; 65_535];
    loop {
        let left = query_options
            .timeout
            .checked_sub(start.elapsed())
            .filter(|left| !left.is_zero())
            .ok_or(Failure::TimedOut)?;
        socket
            .set_read_timeout(Some(left))
            .map_err(Failure::System)?;
        let length = socket.recv(&mut buffer).map_err(failure)?;
        let time = start.elapsed();
        let local = socket.local_addr().map_err(Failure::System)?;
        match Message::from_vec(&buffer[..length]) {
            Ok(answer) if answers(&answer, message) => {
                return Ok(Answer {
                    message: answer,
                    length,
                    time,
                    tcp: false,
                    retried: false,
                    datagrams: Some(Datagrams {
                        local,
                        query: bytes,
                        answer: buffer[..length].to_vec(),
                    }),
                });
            }
            Err(error) if buffer.starts_with(&bytes[..2]) => {
                return Err(Failure::Malformed(error.to_string()));
            }
            // An answer to another query: keep waiting for the right one.
            Ok(_) | Err(_) => {}
        }
    }
}

fn over_tcp(
    server: SocketAddr,
    message: &Message,
    query_options: &QueryOptions,
) -> Result<Answer, Failure> {
    let bytes = encoded(message)?;
    let start = Instant::now();
    let mut stream =
        TcpStream::connect_timeout(&server, query_options.timeout).map_err(tcp_failure)?;
    stream
        .set_read_timeout(Some(query_options.timeout))
        .map_err(Failure::System)?;
    stream
        .set_write_timeout(Some(query_options.timeout))
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

/// Whether an answer belongs to the query. A server that cannot parse a query does not repeat its question.
fn answers(answer: &Message, question: &Message) -> bool {
    answer.metadata.id == question.metadata.id
        && answer.metadata.message_type == MessageType::Response
        && (answer.queries.is_empty() || answer.queries == question.queries)
}

/// Classifies an error of a TCP socket.
fn tcp_failure(error: io::Error) -> Failure {
    match failure(error) {
        Failure::PortClosed => Failure::Reset,
        other => other,
    }
}

/// Classifies an error of a UDP socket.
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
