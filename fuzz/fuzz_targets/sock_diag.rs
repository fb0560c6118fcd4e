//! Parses any bytes as messages of sock_diag (linux/inet_diag.h, unix_diag.h, packet_diag.h).
#![no_main]

use libfuzzer_sys::fuzz_target;
use vigie_host::diag::{parse_inet, parse_packet, parse_unix};
use vigie_host::filter::Filter;
use vigie_host::listener::Exposure;
use vigie_host::snapshot::Snapshot;
use vigie_host::socket::Proto;
use vigie_host::tree::Tree;

fuzz_target!(|data: &[u8]| {
    let mut snapshot = Snapshot::default();
    for message in data.chunks(96) {
        for proto in Proto::ALL {
            snapshot.inet.extend(parse_inet(message, proto, 0));
        }
    }
    let _ = parse_unix(data, 0, |socket| snapshot.unix.push(socket));
    snapshot.packet.extend(parse_packet(data, 0));
    let filter = Filter::default();
    snapshot.inet.retain(|socket| filter.inet(socket) || Exposure::of(socket).is_some());
    let count = snapshot.inet.len();
    snapshot.sort();
    assert!(snapshot.inet.len() <= count);
    let tree = Tree::new(&snapshot);
    let clients: usize = tree.servers.iter().map(|server| 1 + server.clients.len()).sum();
    assert_eq!(clients + tree.others.len(), snapshot.inet.len());
});
