//! `vigie sockets` in other namespaces: by name, by process, and all.

use super::busy::{alone, namespace, printed, run, vigie};
use super::witness::objects;
use std::net::TcpListener;
use std::os::fd::OwnedFd;
use vigie_linux::netns::Namespace;

/// A name under `/run/netns`, removed when dropped.
struct Named(String);

impl Drop for Named {
    fn drop(&mut self) {
        let _ = Namespace::forget(&self.0);
    }
}

#[test]
fn sockets_of_other_namespaces_are_listed() {
    let _alone = alone();
    let (here, there) = (namespace(), namespace());
    let name = Named(format!("vigie-sockets-{}", std::process::id()));
    there.persist(&name.0).expect("a name under /run/netns");
    let listen = |port: u16| {
        move || OwnedFd::from(TcpListener::bind(("127.0.0.1", port)).expect("a listener"))
    };
    let _held = [
        here.run(listen(7401)).expect("here"),
        there.run(listen(7402)).expect("there"),
    ];

    let ports = |arguments: &str| {
        let port = |o: &serde_json::Value| o["local_port"].as_u64();
        objects(&here, arguments)
            .iter()
            .filter_map(port)
            .collect::<Vec<_>>()
    };
    assert_eq!(ports("-lt"), [7401]);
    assert_eq!(ports(&format!("-lt --netns {}", name.0)), [7402]);
    assert_eq!(ports(&format!("-lt -N /run/netns/{}", name.0)), [7402]);

    let all = ports("-lt --port 7401,7402 --netns all");
    assert_eq!(all.len(), 2, "{all:?}");
    let text = vigie(&here, "-ltn --netns all --port 7401,7402");
    assert!(
        text.lines()
            .nth(1)
            .is_some_and(|head| head.starts_with("Netns")),
        "{text}"
    );
    assert!(
        text.lines()
            .any(|line| line.starts_with(&name.0) && line.contains(":7402")),
        "{text}"
    );
    assert!(
        text.lines()
            .any(|line| line.starts_with("net:[") && line.contains(":7401")),
        "{text}"
    );
}

#[test]
fn a_process_selects_its_namespace() {
    let _alone = alone();
    let (here, there) = (namespace(), namespace());
    let _held = there
        .run(|| TcpListener::bind("127.0.0.1:7403").expect("a listener"))
        .expect("there");
    let mut command = std::process::Command::new("sleep");
    command.arg("600");
    let mut sleeper = there
        .command(&mut command)
        .expect("a command")
        .spawn()
        .expect("a process there");
    let found = objects(&here, &format!("-lt --netns {}", sleeper.id()));
    let _ = sleeper.kill();
    let _ = sleeper.wait();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["local_port"], 7403);
}

#[test]
fn a_missing_namespace_is_an_error() {
    let _alone = alone();
    let here = namespace();
    let output = run(
        &here,
        env!("CARGO_BIN_EXE_vigie"),
        &["sockets", "--netns", "no-such-namespace"],
    );
    assert_eq!(output.status.code(), Some(3));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        said.contains("no-such-namespace") && said.contains("hint"),
        "{said}"
    );
    // An empty namespace is no error.
    assert!(printed(&here, env!("CARGO_BIN_EXE_vigie"), &["sockets", "-an"]).contains("Proto"));
}
