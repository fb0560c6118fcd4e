//! WireGuard (wireguard.com, "Protocol & Cryptography"): silent by design.
//!
//! Every message opens with a MAC keyed by the server's public key, and a server says nothing to whoever
//! lacks it, nor to keys it does not know. So nothing is sent but an empty datagram, which still brings
//! the ICMP error where the port is closed.

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
