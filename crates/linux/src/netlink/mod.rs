//! Synchronous netlink: a socket that handles one request at a time.
//!
//! The protocols on top (rtnetlink, sock_diag, nf_tables) share only the message format: a header, a fixed structure,
//! attributes. [`Message`] builds it and [`Attributes`] reads it. This module must not know what the fields mean, nor any
//! message type except the four control messages (`NOOP`, `ERROR`, `DONE`, `OVERRUN`).
//!
//! Source: the kernel's `include/uapi/linux/netlink.h` and `Documentation/userspace-api/netlink`.

mod error;
mod message;
mod socket;

pub use error::{Complaint, Error};
pub use message::{Attribute, Attributes, Message, Reply, flag};
pub use socket::{DumpEnd, Protocol, Socket};
