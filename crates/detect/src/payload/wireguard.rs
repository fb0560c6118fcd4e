//! WireGuard (wireguard.com, "Protocol & Cryptography"): silent by design.
//!
//! Every message contains a MAC keyed by the server's public key. A server ignores messages without it, and clients
//! whose key it does not know. So only an empty datagram is sent, which still causes the ICMP error of a closed port.

use super::kit::Request;
use super::{Payload, Silence};

pub(super) static WIREGUARD: Payload = Payload::new(
    "wireguard",
    "wireguard",
    &[51820],
    Request::EMPTY,
    |_token, _reply| None,
)
.silent(Silence::NeedsKey);
