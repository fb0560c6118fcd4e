//! The search finds this process's own sockets.

use super::*;
use rustix::net::{AddressFamily, SocketFlags, SocketType, socketpair};

fn pair() -> (std::os::fd::OwnedFd, std::os::fd::OwnedFd, Vec<u32>) {
    let (a, b) = socketpair(
        AddressFamily::UNIX,
        SocketType::STREAM,
        SocketFlags::CLOEXEC,
        None,
    )
    .expect("a socket pair");
    let inode = |fd| rustix::fs::fstat(fd).expect("its status").st_ino as u32;
    let mut inodes = vec![inode(&a), inode(&b)];
    inodes.sort_unstable();
    (a, b, inodes)
}

#[test]
fn a_socket_is_found_under_each_of_its_descriptors() {
    let (a, _b, inodes) = pair();
    let copy = a.try_clone().expect("a second descriptor");
    let owners = find(&inodes, Detail::Full);
    let me = std::process::id();
    let holders = |inode| {
        owners
            .of(inode)
            .map(|process| process.pid)
            .collect::<Vec<_>>()
    };
    for inode in &inodes {
        assert_eq!(holders(*inode), [me]);
    }
    let inode = rustix::fs::fstat(&copy).expect("its status").st_ino as u32;
    assert_eq!(owners.holds(inode).len(), 2);
    let process = owners.of(inode).next().expect("this process");
    assert!(
        process
            .cmdline
            .as_ref()
            .is_some_and(|line| !line.is_empty())
    );
    assert!(process.netns.is_some());
}

#[test]
fn a_process_with_many_descriptors_is_split_among_workers() {
    let (a, _b, inodes) = pair();
    // More than one batch if the descriptor limit allows it, otherwise as many as possible.
    let copies: Vec<_> = (0..5000).map_while(|_| a.try_clone().ok()).collect();
    let owners = find(&inodes, Detail::Names);
    let inode = rustix::fs::fstat(&a).expect("its status").st_ino as u32;
    assert_eq!(owners.holds(inode).len(), copies.len() + 1);
    assert_eq!(owners.of(inode).count(), 1);
    assert_eq!(owners.processes.len(), 1);
}

#[test]
fn an_empty_search_finds_nothing() {
    assert!(find(&[], Detail::Full).processes.is_empty());
    assert!(find(&[1], Detail::None).processes.is_empty());
}

#[test]
fn the_search_tolerates_processes_that_end() {
    let (a, _b, inodes) = pair();
    // Starts short-lived processes during the search.
    let stop = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                let children: Vec<_> = (0..20)
                    .map_while(|_| std::process::Command::new("true").spawn().ok())
                    .collect();
                for mut child in children {
                    child.wait().expect("its end");
                }
            }
        });
        let me = std::process::id();
        for _ in 0..30 {
            let owners = find(&inodes, Detail::Full);
            assert!(
                inodes
                    .iter()
                    .all(|inode| owners.of(*inode).any(|process| process.pid == me))
            );
        }
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
    });
    drop(a);
}
