//! Requests for dumps: `inet_diag_req_v2`, `unix_diag_req`, `packet_diag_req`.
//!
//! Only data that is shown is requested. `INET_DIAG_INFO` is not: it costs the kernel a lock and 200 bytes per socket.

use super::{AF_INET, AF_INET6, AF_PACKET, AF_UNIX, Bytecode};
use crate::socket::{Proto, StateSet};
use alloc::vec;
use alloc::vec::Vec;

/// `INET_DIAG_REQ_BYTECODE`.
const REQ_BYTECODE: u16 = 1;
/// `INET_DIAG_REQ_PROTOCOL`: the protocol, if it does not fit in a byte.
const REQ_PROTOCOL: u16 = 3;
/// `UDIAG_SHOW_NAME | UDIAG_SHOW_PEER | UDIAG_SHOW_ICONS | UDIAG_SHOW_RQLEN | UDIAG_SHOW_UID`.
const UNIX_SHOW: u32 = 0x01 | 0x04 | 0x08 | 0x10 | 0x40;
/// `PACKET_SHOW_INFO | PACKET_SHOW_MEMINFO`; `INFO` includes the user.
const PACKET_SHOW: u32 = 0x01 | 0x10;

/// Returns the IP protocol number of `proto` in `sock_diag`.
const fn protocol_number(proto: Proto) -> u32 {
    match proto {
        Proto::Tcp => 6,
        Proto::Mptcp => 262,
        Proto::Sctp => 132,
        Proto::Udp => 17,
        Proto::UdpLite => 136,
        Proto::Raw | Proto::Packet | Proto::Unix => 255,
    }
}

/// Returns a request for the inet sockets of one family and protocol in `states` that `bytecode` accepts.
pub fn inet_request(proto: Proto, v6: bool, states: StateSet, bytecode: &Bytecode) -> Vec<u8> {
    let number = protocol_number(proto);
    let mut request = vec![0; 56];
    request[0] = if v6 { AF_INET6 } else { AF_INET };
    // If the attribute is present, the kernel chooses the handler by it.
    request[1] = u8::try_from(number).unwrap_or(0);
    // SCTP numbers the states of its associations differently, so all states are requested.
    let mask = if proto == Proto::Sctp {
        u32::MAX
    } else {
        states.kernel_mask()
    };
    request[4..8].copy_from_slice(&mask.to_ne_bytes());
    if number > 255 {
        attribute(&mut request, REQ_PROTOCOL, &number.to_ne_bytes());
    }
    if !bytecode.bytes().is_empty() {
        attribute(&mut request, REQ_BYTECODE, bytecode.bytes());
    }
    request
}

/// Returns a request for the UNIX sockets in `states`.
pub fn unix_request(states: StateSet) -> Vec<u8> {
    let mut request = vec![0; 24];
    request[0] = AF_UNIX;
    request[4..8].copy_from_slice(&states.kernel_mask().to_ne_bytes());
    request[12..16].copy_from_slice(&UNIX_SHOW.to_ne_bytes());
    request
}

/// Returns a request for every packet socket.
pub fn packet_request() -> Vec<u8> {
    let mut request = vec![0; 20];
    request[0] = AF_PACKET;
    request[8..12].copy_from_slice(&PACKET_SHOW.to_ne_bytes());
    request
}

/// Appends a netlink attribute, padded to four bytes.
fn attribute(to: &mut Vec<u8>, kind: u16, value: &[u8]) {
    let length = u16::try_from(4 + value.len()).expect("bytecode is limited to Bytecode::LIMIT");
    to.extend_from_slice(&length.to_ne_bytes());
    to.extend_from_slice(&kind.to_ne_bytes());
    to.extend_from_slice(value);
    to.resize(to.len().next_multiple_of(4), 0);
}
