//! UDP sockets that report ICMP errors with sender, type and code.
//!
//! This module must not know what is sent, or how an error is worded.

pub mod message;
mod probe_socket;

pub use probe_socket::{ProbeSocket, Sent};

use std::net::UdpSocket;
use std::os::fd::AsFd as _;

use crate::io::{IoError, set_option};

/// Makes a socket report every ICMP error that its datagrams cause, not only "port unreachable".
///
/// The next `recv` of a connected socket then fails with `ECONNREFUSED` (port unreachable), `EHOSTUNREACH` (host
/// unreachable, or a firewall's "administratively prohibited"), `ENETUNREACH`, `EACCES` and so on (ip(7),
/// `IP_RECVERR`; the table is in net/ipv4/icmp.c).
///
/// # Errors
/// If the kernel refuses the option.
pub fn report_errors(socket: &UdpSocket) -> Result<(), IoError> {
    let (v4, v6) = (
        ("setsockopt(IP_RECVERR)", libc::IP_RECVERR),
        ("setsockopt(IPV6_RECVERR)", libc::IPV6_RECVERR),
    );
    switch_on(socket, v4, v6)
}

/// Makes each received datagram carry its TTL or hop limit (ip(7), `IP_RECVTTL`; ipv6(7), `IPV6_RECVHOPLIMIT`).
pub(crate) fn report_hops(socket: &UdpSocket) -> Result<(), IoError> {
    let (v4, v6) = (
        ("setsockopt(IP_RECVTTL)", libc::IP_RECVTTL),
        ("setsockopt(IPV6_RECVHOPLIMIT)", libc::IPV6_RECVHOPLIMIT),
    );
    switch_on(socket, v4, v6)
}

/// Switches on the option of the socket's address family.
fn switch_on(
    socket: &UdpSocket,
    v4: (&'static str, i32),
    v6: (&'static str, i32),
) -> Result<(), IoError> {
    let is_v4 = socket
        .local_addr()
        .map_or(true, |address| address.is_ipv4());
    let (level, (call, option)) = if is_v4 {
        (libc::SOL_IP, v4)
    } else {
        (libc::SOL_IPV6, v6)
    };
    set_option(socket.as_fd(), call, level, option, &1_i32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::ErrorKind;

    #[test]
    fn a_closed_port_is_reported() {
        for host in ["127.0.0.1", "::1"] {
            let socket = UdpSocket::bind((host, 0)).expect("the loopback");
            let closed = UdpSocket::bind((host, 0))
                .and_then(|other| other.local_addr())
                .expect("a port");
            socket.connect(closed).expect("connected");
            report_errors(&socket).expect("set");
            socket.send(b"x").expect("sent");
            let error = socket.recv(&mut [0; 8]).expect_err("nobody answers");
            assert_eq!(error.kind(), ErrorKind::ConnectionRefused, "{host}");
        }
    }
}
