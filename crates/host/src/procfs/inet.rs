//! Parses `/proc/net/{tcp,tcp6,udp,udp6,udplite,udplite6,raw,raw6}`, which share one format (`tcp4_seq_show` and
//! similar functions).

use super::{decimal, fields, hex};
use crate::diag::uid_of;
use crate::socket::{InetSocket, Proto, State, V6Only};
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Parses one line (not the heading); `netns` is copied into the result.
///
/// ```
/// use vigie_host::{procfs::parse_inet_line, socket::{Proto, State}};
/// let line = b"   0: 0100007F:0CEA 00000000:0000 0A 00000000:00000000 00:00000000 00000000   115        0 9001 1";
/// let socket = parse_inet_line(line, Proto::Tcp, 0).unwrap();
/// assert_eq!((socket.local_port, socket.state, socket.uid), (3306, State::Listen, Some(115)));
/// ```
pub fn parse_inet_line(line: &[u8], proto: Proto, netns: u16) -> Option<InetSocket> {
    let mut fields = fields(line);
    let _slot = fields.next()?.strip_suffix(b":")?;
    let (local, local_port) = end(fields.next()?)?;
    let (peer, peer_port) = end(fields.next()?)?;
    let state = State::from_kernel(u8::try_from(hex(fields.next()?)?).ok()?)?;
    let (send_q, recv_q) = pair(fields.next()?)?;
    let _timer = fields.next()?;
    let _retransmits = fields.next()?;
    let uid = decimal(fields.next()?)?;
    let _timeout = fields.next()?;
    let inode = decimal(fields.next()?)?;
    (local.is_ipv4() == peer.is_ipv4()).then_some(InetSocket {
        local,
        peer,
        cookie: 0,
        inode,
        recv_q,
        send_q: if state == State::Listen { 0 } else { send_q },
        backlog: None,
        uid: uid_of(uid, inode),
        interface: 0,
        local_port,
        peer_port,
        netns,
        proto,
        state,
        v6only: V6Only::Unknown,
    })
}

/// Parses two hexadecimal numbers separated by a colon.
fn pair(text: &[u8]) -> Option<(u32, u32)> {
    let colon = text.iter().position(|byte| *byte == b':')?;
    Some((hex(&text[..colon])?, hex(&text[colon + 1..])?))
}

/// Parses an address and a port. The address is in network order, printed as 32-bit words in host byte order; the port
/// is a plain number.
fn end(text: &[u8]) -> Option<(IpAddr, u16)> {
    let colon = text.iter().position(|byte| *byte == b':')?;
    let port = u16::try_from(hex(&text[colon + 1..])?).ok()?;
    let address = match colon {
        8 => IpAddr::V4(Ipv4Addr::from(hex(&text[..8])?.to_ne_bytes())),
        32 => {
            let mut octets = [0; 16];
            for (word, octets) in text[..32].chunks_exact(8).zip(octets.chunks_exact_mut(4)) {
                octets.copy_from_slice(&hex(word)?.to_ne_bytes());
            }
            IpAddr::V6(Ipv6Addr::from_octets(octets))
        }
        _ => return None,
    };
    Some((address, port))
}
