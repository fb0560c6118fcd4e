//! The only room that touches the kernel: sockets, rings, netlink, `/proc`, privileges.
//!
//! Other rooms get plain values from here and never a file descriptor's number, an `ioctl` or
//! a structure of the kernel. This room knows no scan technique and prints nothing. It is also
//! the only crate where `unsafe` may stand.

pub mod clock;
pub mod cpus;
pub mod io;
pub mod net;
pub mod netlink;
pub mod netns;
pub mod nft;
pub mod owners;
pub mod privilege;
pub mod sock_diag;
pub mod source_port;
pub mod tcp_connect;
pub mod udp;
