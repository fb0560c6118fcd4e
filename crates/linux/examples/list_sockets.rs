//! Lists the listening sockets of this machine with their owners, like `ss -lntup`: `list_sockets`
//!
//! Without privileges it shows only the owners of the user's own sockets.

use std::error::Error;

use vigie_host::filter::{Filter, Side};
use vigie_host::listener::Exposure;
use vigie_linux::owners::Detail;
use vigie_linux::sock_diag::{SnapshotRequest, snapshot};

fn main() -> Result<(), Box<dyn Error>> {
    let request = SnapshotRequest {
        filter: Filter {
            side: Side::Listeners,
            ..Filter::default()
        },
        owners: Detail::Names,
        ..SnapshotRequest::default()
    };
    let snapshot = snapshot(&request)?;
    for socket in &snapshot.inet {
        let exposed = Exposure::of(socket).is_some_and(Exposure::is_exposed);
        let owners: Vec<String> = snapshot
            .holders(socket.inode)
            .map(|process| format!("{} ({})", process.name.escape_ascii(), process.pid))
            .collect();
        println!(
            "{:<5} {:<28} {:<10} {}",
            socket.proto.name(),
            format!("{}:{}", socket.local, socket.local_port),
            if exposed { "exposed" } else { "local" },
            owners.join(", "),
        );
    }
    Ok(())
}
