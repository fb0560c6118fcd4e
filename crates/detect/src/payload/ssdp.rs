//! SSDP (UPnP Device Architecture 2.0, section 1.3.2): M-SEARCH sent to one device, for root devices only.
//!
//! Replies do not return a token. A unicast search needs no MX, but some devices ignore a search without it. They may then
//! wait up to a second.

use super::kit::{Detail, Request, field};
use super::{Answer, Payload, Silence};

pub(super) static SSDP: Payload = Payload::new(
    "ssdp",
    "upnp",
    &[1900],
    Request::fixed(
        b"M-SEARCH * HTTP/1.1\r\n\
          HOST: 239.255.255.250:1900\r\n\
          MAN: \"ssdp:discover\"\r\n\
          MX: 1\r\n\
          ST: upnp:rootdevice\r\n\r\n",
    ),
    recognise,
)
.silent(Silence::MulticastOnly);

fn recognise(_token: u64, reply: &[u8]) -> Option<Answer> {
    if !reply.starts_with(b"HTTP/1.1 200") && !reply.starts_with(b"HTTP/1.0 200") {
        return None;
    }
    let (target, name) = (field(reply, "ST")?, field(reply, "USN")?);
    if target.is_empty() && name.is_empty() {
        return None;
    }
    let mut detail = Detail::NONE;
    // "OS/version UPnP/1.1 product/version", sometimes with commas.
    if let Some(server) = field(reply, "SERVER").and_then(super::kit::clean) {
        detail = match server.split_once("UPnP/") {
            Some((system, product)) => {
                let product = product.split_once([' ', ',']).map_or("", |(_, product)| product);
                detail
                    .banner(product.trim_matches([' ', ',']))
                    .info(system.trim_matches([' ', ',']))
            }
            None => detail.banner(server),
        };
    }
    Some(Answer::confirmed(detail))
}
