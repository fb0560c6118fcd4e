//! Shared by the protocols: requests with token fields, readers for untrusted bytes, and common encodings.

pub(super) mod ber;
pub(super) mod enterprise;
pub(super) mod lzw;
pub(super) mod protobuf;
mod read;
mod request;
pub(super) mod rpc;
mod text;

pub(super) use read::Reader;
pub(super) use request::padded;
pub use request::{Encoding, Request, TokenField};
pub use text::Detail;
pub(super) use text::{between, clean, field};
