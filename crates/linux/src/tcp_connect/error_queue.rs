//! Reads the error queue of a socket (`IP_RECVERR`, ip(7)): the ICMP error that made a connect fail.
//!
//! It must not know what an error means for a port.

use core::net::{Ipv4Addr, Ipv6Addr};
use std::net::IpAddr;
use std::os::fd::{AsRawFd, BorrowedFd};

/// `SO_EE_ORIGIN_ICMP` and `SO_EE_ORIGIN_ICMP6` (linux/errqueue.h).
const ORIGIN_ICMP: u8 = 2;
const ORIGIN_ICMP6: u8 = 3;

/// A control buffer aligned for `cmsghdr`.
#[repr(C, align(8))]
struct Control([u8; 256]);

/// Takes the next ICMP error off the queue and returns its sender, type and code.
pub(super) fn take(socket: BorrowedFd<'_>) -> Option<(IpAddr, u8, u8)> {
    let (mut control, mut data) = (Control([0; 256]), [0u8; 64]);
    let mut part = libc::iovec {
        iov_base: data.as_mut_ptr().cast(),
        iov_len: data.len(),
    };
    // SAFETY: a C structure of integers and pointers, for which zeros are valid.
    let mut message: libc::msghdr = unsafe { core::mem::zeroed() };
    message.msg_iov = &raw mut part;
    message.msg_iovlen = 1;
    message.msg_control = control.0.as_mut_ptr().cast();
    message.msg_controllen = control.0.len();
    let flags = libc::MSG_ERRQUEUE | libc::MSG_DONTWAIT;
    // SAFETY: every pointer in `message` is valid for the length beside it during the call.
    if unsafe { libc::recvmsg(socket.as_raw_fd(), &raw mut message, flags) } < 0 {
        return None;
    }
    let filled = control.0.get(..message.msg_controllen)?;
    messages(filled).find_map(|(level, kind, body)| match (level, kind) {
        (libc::IPPROTO_IP, libc::IP_RECVERR) | (libc::IPPROTO_IPV6, libc::IPV6_RECVERR) => {
            icmp(body)
        }
        _ => None,
    })
}

/// Returns the control messages in a buffer (cmsg(3)): a length of 8 bytes that counts its own header of
/// 16, level and type of 4 bytes each, the body, padding to 8.
pub(crate) fn messages(mut buffer: &[u8]) -> impl Iterator<Item = (i32, i32, &[u8])> {
    const HEADER: usize = size_of::<libc::cmsghdr>();
    core::iter::from_fn(move || {
        let header = buffer.get(..HEADER)?;
        let word = |at: usize| {
            i32::from_ne_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]])
        };
        let length = usize::from_ne_bytes(*header.first_chunk()?);
        let found = (
            word(HEADER - 8),
            word(HEADER - 4),
            buffer.get(HEADER..length)?,
        );
        let next = length
            .next_multiple_of(size_of::<usize>())
            .min(buffer.len());
        buffer = &buffer[next..];
        Some(found)
    })
}

/// Returns a `struct sock_extended_err` (linux/errqueue.h) and the address of the sender behind it.
pub(crate) fn icmp(body: &[u8]) -> Option<(IpAddr, u8, u8)> {
    let (fixed, offender) = body.split_first_chunk::<16>()?;
    let (origin, kind, code) = (fixed[4], fixed[5], fixed[6]);
    let from: IpAddr = match origin {
        ORIGIN_ICMP => Ipv4Addr::from(*offender.get(4..)?.first_chunk::<4>()?).into(),
        ORIGIN_ICMP6 => Ipv6Addr::from(*offender.get(8..)?.first_chunk::<16>()?).into(),
        _ => return None,
    };
    Some((from, kind, code))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(level: i32, kind: i32, body: &[u8]) -> Vec<u8> {
        let header = size_of::<libc::cmsghdr>();
        let mut m = (header + body.len()).to_ne_bytes().to_vec();
        m.extend(level.to_ne_bytes());
        m.extend(kind.to_ne_bytes());
        m.extend(body);
        m.resize(m.len().next_multiple_of(8), 0);
        m
    }

    #[test]
    fn the_sender_type_and_code_are_found_among_other_messages() {
        let mut error = vec![113, 0, 0, 0, ORIGIN_ICMP, 3, 13, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        error.extend([2, 0, 0, 0, 10, 9, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0]);
        let buffer = [
            message(1, 2, &[1, 2, 3]),
            message(0, libc::IP_RECVERR, &error),
        ]
        .concat();
        let all: Vec<_> = messages(&buffer).collect();
        assert_eq!((all[0].0, all[0].1, all[0].2), (1, 2, &[1, 2, 3][..]));
        assert_eq!(
            icmp(all[1].2),
            Some((Ipv4Addr::new(10, 9, 0, 2).into(), 3, 13))
        );
        assert_eq!(all.len(), 2);
    }

    proptest::proptest! {
        #[test]
        fn any_control_buffer_is_walked_to_its_end(
            bytes in proptest::collection::vec(0u8..40, 0..200),
        ) {
            for (_, _, body) in messages(&bytes).take(100) {
                proptest::prop_assert!(body.len() < bytes.len());
                let _ = icmp(body);
            }
            proptest::prop_assert!(messages(&bytes).count() <= bytes.len() / 16);
        }
    }

    #[test]
    fn truncated_or_invalid_buffers_give_nothing() {
        assert_eq!(messages(&[0; 15]).count(), 0);
        assert_eq!(
            messages(&[0; 64]).count(),
            0,
            "a length shorter than its header"
        );
        assert_eq!(
            messages(&[0xff; 64]).count(),
            0,
            "a length beyond the buffer"
        );
        assert_eq!(icmp(&[0; 15]), None);
        assert_eq!(icmp(&[ORIGIN_ICMP; 17]), None);
        assert_eq!(icmp(&[0; 64]), None, "not of ICMP origin");
    }
}
