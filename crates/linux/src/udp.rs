//! UDP sockets that tell which ICMP error came back.
//!
//! It must not know what is sent, nor how an error is worded.

use std::net::UdpSocket;
use std::os::fd::AsFd as _;

use crate::io::{IoError, set_option};

/// Makes a connected socket report every ICMP error that answers it, not only "port unreachable": its next `recv`
/// fails with `ECONNREFUSED` (port unreachable), `EHOSTUNREACH` (host unreachable, or a firewall's "administratively
/// prohibited"), `ENETUNREACH`, `EACCES` and so on (ip(7), `IP_RECVERR`; the table is in net/ipv4/icmp.c).
pub fn report_errors(socket: &UdpSocket) -> Result<(), IoError> {
    let on = 1_i32;
    let v4 = socket
        .local_addr()
        .map_or(true, |address| address.is_ipv4());
    if v4 {
        set_option(
            socket.as_fd(),
            "setsockopt(IP_RECVERR)",
            libc::SOL_IP,
            libc::IP_RECVERR,
            &on,
        )
    } else {
        set_option(
            socket.as_fd(),
            "setsockopt(IPV6_RECVERR)",
            libc::SOL_IPV6,
            libc::IPV6_RECVERR,
            &on,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::ErrorKind;

    #[test]
    fn a_closed_port_is_told() {
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
