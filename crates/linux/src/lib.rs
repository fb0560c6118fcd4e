//! The Linux kernel behind plain values: sockets, packet rings, netlink, `/proc`, namespaces, privileges.
//!
//! Other crates get plain values and owned handles from here, never a raw descriptor, an `ioctl` or a structure of the
//! kernel. This crate must not know scan techniques, and prints nothing. It is the only crate with `unsafe`.
//!
//! # Example
//! Lists the listening TCP sockets of this machine. The example `list_sockets` prints them.
//!
//! ```
//! use vigie_host::filter::{Filter, Side};
//! use vigie_host::socket::{Proto, ProtoSet};
//! use vigie_linux::sock_diag::{SnapshotRequest, snapshot};
//!
//! let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
//! let request = SnapshotRequest {
//!     filter: Filter {
//!         protos: ProtoSet::default().with(Proto::Tcp),
//!         side: Side::Listeners,
//!         ..Filter::default()
//!     },
//!     ..SnapshotRequest::default()
//! };
//! let snapshot = snapshot(&request).expect("sockets can be listed without privileges");
//! let port = listener.local_addr()?.port();
//! assert!(snapshot.inet.iter().any(|socket| socket.local_port == port));
//! # Ok::<(), std::io::Error>(())
//! ```

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
