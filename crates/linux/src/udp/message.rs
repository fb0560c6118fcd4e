//! Reads one datagram or one ICMP error off a UDP socket.
//!
//! An entry of the error queue (`MSG_ERRQUEUE`, ip(7)) has the datagram's destination as its address, and the sender,
//! type and code of the error in a control message. This module must not know what was sent, nor what an error means.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::net::{SocketAddr, SocketAddrV6};
use std::os::fd::{AsRawFd, BorrowedFd};

use rustix::io::Errno;

use crate::io::last_errno;
use crate::tcp_connect::error_queue::{icmp, messages};

/// One of the two queues of a socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queue {
    /// Received datagrams.
    Data,
    /// Errors that sent datagrams caused.
    Errors,
}

/// A datagram or an error that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message {
    /// Bytes written to the buffer: the datagram's payload, or the part of it that the error quotes.
    pub len: usize,
    /// Sender of the datagram; for an error, the destination of the datagram that caused it.
    pub address: SocketAddr,
    /// TTL or hop limit of the received packet, if the kernel reported it.
    pub ttl: Option<u8>,
    /// Sender, type and code of the ICMP or ICMPv6 error.
    pub error: Option<(IpAddr, u8, u8)>,
}

/// A control buffer aligned for `cmsghdr`.
#[repr(C, align(8))]
struct Control([u8; 256]);

/// Takes the next message off `queue` and writes its payload to `data`, cut to fit. Returns `None` if its address cannot
/// be read.
///
/// # Errors
/// `EAGAIN` if the queue is empty; otherwise the pending error of an earlier datagram, now cleared.
pub fn take(
    socket: BorrowedFd<'_>,
    queue: Queue,
    data: &mut [u8],
) -> Result<Option<Message>, Errno> {
    let mut control = Control([0; 256]);
    // SAFETY: a C structure of integers, for which zeros are valid.
    let mut name: libc::sockaddr_storage = unsafe { core::mem::zeroed() };
    let mut part = libc::iovec {
        iov_base: data.as_mut_ptr().cast(),
        iov_len: data.len(),
    };
    // SAFETY: a C structure of integers and pointers, for which zeros are valid.
    let mut message: libc::msghdr = unsafe { core::mem::zeroed() };
    message.msg_name = (&raw mut name).cast();
    message.msg_namelen = size_of::<libc::sockaddr_storage>() as u32;
    message.msg_iov = &raw mut part;
    message.msg_iovlen = 1;
    message.msg_control = control.0.as_mut_ptr().cast();
    message.msg_controllen = control.0.len();
    let flags = match queue {
        Queue::Data => libc::MSG_DONTWAIT,
        Queue::Errors => libc::MSG_DONTWAIT | libc::MSG_ERRQUEUE,
    };
    // SAFETY: every pointer in `message` is valid for the length beside it during the call.
    let got = unsafe { libc::recvmsg(socket.as_raw_fd(), &raw mut message, flags) };
    let Ok(len) = usize::try_from(got) else {
        return Err(last_errno());
    };
    // SAFETY: the structure is larger than every socket address, and any bytes are valid in one.
    let name =
        unsafe { core::slice::from_raw_parts((&raw const name).cast::<u8>(), size_of_val(&name)) };
    let filled = control.0.get(..message.msg_controllen).unwrap_or_default();
    let (mut ttl, mut error) = (None, None);
    for (level, kind, body) in messages(filled) {
        match (level, kind) {
            (libc::IPPROTO_IP, libc::IP_RECVERR) | (libc::IPPROTO_IPV6, libc::IPV6_RECVERR) => {
                error = icmp(body);
            }
            (libc::IPPROTO_IP, libc::IP_TTL) | (libc::IPPROTO_IPV6, libc::IPV6_HOPLIMIT) => {
                let hops = body.first_chunk().copied().map(i32::from_ne_bytes);
                ttl = hops.and_then(|hops| u8::try_from(hops).ok());
            }
            _ => {}
        }
    }
    let address = address(name.get(..message.msg_namelen as usize).unwrap_or_default());
    Ok(address.map(|address| Message {
        len: len.min(data.len()),
        address,
        ttl,
        error,
    }))
}

/// Reads a `sockaddr_in` or `sockaddr_in6` (ip(7), ipv6(7)).
fn address(bytes: &[u8]) -> Option<SocketAddr> {
    let family = i32::from(u16::from_ne_bytes(*bytes.first_chunk()?));
    let port = u16::from_be_bytes(*bytes.get(2..)?.first_chunk()?);
    let rest = bytes.get(4..)?;
    match family {
        libc::AF_INET => {
            let ip = Ipv4Addr::from(*rest.first_chunk::<4>()?);
            Some((ip, port).into())
        }
        libc::AF_INET6 => {
            let flow = u32::from_be_bytes(*rest.first_chunk()?);
            let ip = Ipv6Addr::from(*rest.get(4..)?.first_chunk::<16>()?);
            let scope = u32::from_ne_bytes(*rest.get(20..)?.first_chunk()?);
            Some(SocketAddrV6::new(ip, port, flow, scope).into())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::udp::{report_errors, report_hops};
    use std::net::UdpSocket;
    use std::os::fd::AsFd as _;

    #[test]
    fn addresses_of_both_families_are_read_and_truncated_ones_rejected() {
        let mut v4 = (libc::AF_INET as u16).to_ne_bytes().to_vec();
        v4.extend([0, 53, 10, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(address(&v4), Some(([10, 0, 0, 1], 53).into()));
        let mut v6 = (libc::AF_INET6 as u16).to_ne_bytes().to_vec();
        v6.extend([0, 53, 0, 0, 0, 0]);
        v6.extend("fe80::1".parse::<Ipv6Addr>().unwrap().octets());
        v6.extend(7u32.to_ne_bytes());
        let read = SocketAddrV6::new("fe80::1".parse().unwrap(), 53, 0, 7);
        assert_eq!(address(&v6), Some(read.into()));
        for cut in 0..7 {
            assert_eq!(address(&v4[..cut]), None);
            assert_eq!(address(&v6[..cut + 20]), None);
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_an_address_or_none(bytes in proptest::collection::vec(0u8.., 0..40)) {
            proptest::prop_assert!(address(&bytes).is_none() || bytes.len() >= 8);
        }
    }

    #[test]
    fn an_unconnected_socket_reports_which_datagram_failed() {
        for host in ["127.0.0.1", "::1"] {
            let socket = UdpSocket::bind((host, 0)).expect("the loopback");
            report_errors(&socket).expect("set");
            report_hops(&socket).expect("set");
            let closed = UdpSocket::bind((host, 0))
                .and_then(|other| other.local_addr())
                .expect("a port");
            socket.send_to(b"token", closed).expect("sent");
            let mut data = [0; 64];
            let taken = take(socket.as_fd(), Queue::Errors, &mut data).expect("an error");
            let taken = taken.expect("an address");
            assert_eq!((taken.address, &data[..taken.len]), (closed, &b"token"[..]));
            let (kind, code) = if closed.is_ipv4() { (3, 3) } else { (1, 4) };
            assert_eq!(taken.error, Some((closed.ip(), kind, code)));
            assert_eq!(taken.ttl, Some(64));
            let none = take(socket.as_fd(), Queue::Errors, &mut data);
            assert_eq!(none, Err(Errno::AGAIN));
        }
    }

    #[test]
    fn a_datagram_comes_with_its_sender_and_hops() {
        let socket = UdpSocket::bind("127.0.0.1:0").expect("the loopback");
        report_hops(&socket).expect("set");
        let other = UdpSocket::bind("127.0.0.1:0").expect("the loopback");
        let to = socket.local_addr().expect("bound");
        other.send_to(b"hello", to).expect("sent");
        let mut data = [0; 4];
        let taken = take(socket.as_fd(), Queue::Data, &mut data).expect("a datagram");
        let expected = Message {
            len: 4,
            address: other.local_addr().expect("bound"),
            ttl: Some(64),
            error: None,
        };
        assert_eq!((taken, &data), (Some(expected), b"hell"));
    }
}
