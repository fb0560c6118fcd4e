//! Synchronous netlink: one socket, one conversation at a time, over raw messages.
//!
//! The protocols spoken over it (rtnetlink, sock_diag, nf_tables) share only the frame: a header,
//! a fixed structure, attributes. [`Message`] builds that and [`Attributes`] reads it; whatever the
//! fields mean is the caller's business. This module knows no protocol's message types beyond the
//! four that control the conversation itself (`NOOP`, `ERROR`, `DONE`, `OVERRUN`).
//!
//! Source: the kernel's `include/uapi/linux/netlink.h` and `Documentation/userspace-api/netlink`.

mod error;
mod message;
mod socket;

pub use error::{Complaint, Error};
pub use message::{Attribute, Attributes, Message, Reply, flag};
pub use socket::{DumpEnd, Protocol, Socket};
