//! What the protocols' files share: requests with the token's places, readers for hostile bytes,
//! and the encodings that several protocols use. This folder must not know any one protocol's port.

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
pub use request::{Form, Place, Request};
pub use text::Detail;
pub(super) use text::{between, clean, field};
