//! Plex's "good day mate" discovery (as observed from its servers and players).
//!
//! A search in the form of HTTP. Replies do not return a token.

use super::kit::{Detail, Request, field};
use super::{Answer, Payload};

pub(super) static PLEX: Payload = Payload::new(
    "plex",
    "plex",
    &[32410, 32412, 32413, 32414],
    Request::fixed(b"M-SEARCH * HTTP/1.1\r\n\r\n"),
    recognise,
);

fn recognise(_token: u64, reply: &[u8]) -> Option<Answer> {
    if !reply.starts_with(b"HTTP/1.0 200") && !reply.starts_with(b"HTTP/1.1 200") {
        return None;
    }
    let kind = field(reply, "Content-Type")?.strip_prefix(b"plex/")?;
    let detail = Detail::NONE
        .product(alloc::format!("Plex {}", super::kit::clean(kind)?))
        .version(field(reply, "Version").unwrap_or_default())
        .labelled("name", field(reply, "Name").unwrap_or_default());
    Some(Answer::confirmed(detail))
}
