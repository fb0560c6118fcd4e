//! Parses any bytes as the texts of `/proc` and `/etc/passwd`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vigie_host::owner::{Process, Users, parse_cgroup, parse_comm, program_name};
use vigie_host::procfs::{parse_inet_line, parse_netns_mount, parse_packet_line, parse_unix_line};
use vigie_host::socket::Proto;

fuzz_target!(|data: &[u8]| {
    for line in data.split(|byte| *byte == b'\n') {
        let _ = parse_inet_line(line, Proto::Tcp, 0);
        let _ = parse_unix_line(line, 0);
        let _ = parse_packet_line(line, 0);
        let _ = parse_netns_mount(line);
    }
    let _ = Users::parse(data);
    let _ = parse_cgroup(data);
    let name = program_name(parse_comm(data), Some(data));
    let process = Process { name: name.into(), cmdline: Some(data.into()), ..Process::default() };
    assert!(process.arguments().count() <= data.len() + 1);
});
