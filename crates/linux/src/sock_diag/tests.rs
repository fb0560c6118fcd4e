//! Snapshots of this process's own sockets, with netlink and without it.

use super::*;
use std::net::{Ipv4Addr, TcpListener, UdpSocket};
use vigie_host::filter::{PortRange, Side};
use vigie_host::socket::{Proto, ProtoSet, State};

fn of_port(port: u16, proto: Proto) -> SnapshotRequest {
    SnapshotRequest {
        filter: Filter {
            protos: ProtoSet::default().with(proto),
            side: Side::All,
            ports: vec![PortRange {
                first: port,
                last: port,
            }],
            ..Filter::default()
        },
        ..SnapshotRequest::default()
    }
}

/// Makes `socket(AF_NETLINK, ...)` fail permanently with `EPERM` in this thread, as a sandbox does.
fn refuse_netlink() {
    const LOAD: u16 = (libc::BPF_LD | libc::BPF_W | libc::BPF_ABS) as u16;
    const EQUAL: u16 = (libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K) as u16;
    const RETURN: u16 = (libc::BPF_RET | libc::BPF_K) as u16;
    // Offsets in `struct seccomp_data` of the call number and of the first argument's low half.
    let (number, family) = (
        0,
        if cfg!(target_endian = "little") {
            16
        } else {
            20
        },
    );
    let step = |code, k, jt, jf| libc::sock_filter { code, jt, jf, k };
    let mut program = [
        step(LOAD, number, 0, 0),
        step(EQUAL, libc::SYS_socket as u32, 0, 3),
        step(LOAD, family, 0, 0),
        step(EQUAL, libc::AF_NETLINK as u32, 0, 1),
        step(RETURN, libc::SECCOMP_RET_ERRNO | libc::EPERM as u32, 0, 0),
        step(RETURN, libc::SECCOMP_RET_ALLOW, 0, 0),
    ];
    let filter = libc::sock_fprog {
        len: program.len() as u16,
        filter: program.as_mut_ptr(),
    };
    // SAFETY: both calls concern this thread alone; the kernel copies the program, which lives until then.
    let done = unsafe {
        libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
            && libc::prctl(
                libc::PR_SET_SECCOMP,
                libc::SECCOMP_MODE_FILTER,
                &raw const filter,
            ) == 0
    };
    assert!(
        done,
        "a kernel with seccomp filters: {}",
        std::io::Error::last_os_error()
    );
}

#[test]
fn without_netlink_procfs_is_read_and_noted() {
    let tcp = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a listener");
    let udp = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a socket");
    let tcp_request = of_port(tcp.local_addr().expect("a port").port(), Proto::Tcp);
    let udp_request = of_port(udp.local_addr().expect("a port").port(), Proto::Udp);
    let by_netlink =
        [&tcp_request, &udp_request].map(|wanted| snapshot(wanted).expect("a snapshot"));
    let read = std::thread::spawn(move || {
        refuse_netlink();
        [tcp_request, udp_request].map(|wanted| snapshot(&wanted).expect("a snapshot"))
    });
    let read = read.join().expect("a snapshot in a sandbox");
    for (by_netlink, read) in by_netlink.iter().zip(&read) {
        let [socket] = by_netlink.inet.as_slice() else {
            panic!("{by_netlink:?}")
        };
        let same = InetSocket {
            cookie: 0,
            backlog: None,
            ..socket.clone()
        };
        assert_eq!(read.inet, [same]);
        assert_eq!(by_netlink.notes, []);
        let proto = socket.proto;
        assert_eq!(
            read.notes,
            [Note::Fallback {
                proto,
                errno: libc::EPERM
            }]
        );
    }
}

#[test]
fn the_kernels_filter_and_ours_agree() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a listener");
    let port = listener.local_addr().expect("a port").port();
    let mut wanted = of_port(port, Proto::Tcp);
    wanted.filter.local = vec![
        "127.0.0.0/8".parse().expect("a prefix"),
        ":1".parse().expect("a port"),
    ];
    wanted.owners = Detail::Names;
    let found = snapshot(&wanted).expect("a snapshot");
    assert_eq!(
        found
            .inet
            .iter()
            .map(|s| (s.local_port, s.state))
            .collect::<Vec<_>>(),
        [(port, State::Listen)]
    );
    assert_eq!(found.notes, [], "the kernel took the filter");
    let inode = found.inet[0].inode;
    assert!(
        found
            .holders(inode)
            .any(|process| process.pid == std::process::id())
    );
    wanted.filter.local = vec!["10.0.0.0/8".parse().expect("a prefix")];
    assert!(snapshot(&wanted).expect("a snapshot").is_empty());
}

#[test]
fn a_missing_namespace_is_an_error() {
    let namespaces = NamespaceSelector::Named("no-such-namespace-here".to_owned());
    assert!(matches!(
        snapshot(&SnapshotRequest {
            namespaces,
            ..SnapshotRequest::default()
        }),
        Err(Error::Netns(_))
    ));
}
