//! Namespaces joined by a veth pair, and programs running in them.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::IpAddr;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use vigie_linux::net::{Network, Prefix};
use vigie_linux::netns::{Namespace, set_sysctl};

/// Maximum time to wait for expected output.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// Returns a namespace whose loopback link is up.
pub(crate) fn alone() -> Namespace {
    let made = Namespace::create().expect("this test makes network namespaces: run it as root");
    made.run(|| {
        set_sysctl("net/ipv6/conf/default/accept_dad", "0").expect("no address detection");
        Network::open()
            .and_then(|mut network| network.set_up(1, true))
            .expect("the loopback link up");
    })
    .expect("inside");
    made
}

/// Returns two namespaces joined by a veth pair: 10.9.0.1 and 10.9.0.2, both on `eth0`.
pub(crate) fn pair() -> (Namespace, Namespace) {
    let (near, far) = (alone(), alone());
    near.run(|| {
        Network::open()
            .and_then(|mut network| network.add_veth("eth0", "eth0", Some(&far)))
            .expect("a veth pair");
    })
    .expect("inside");
    for (side, last) in [(&near, 1), (&far, 2)] {
        side.run(|| {
            let mut network = Network::open().expect("netlink");
            let link = network.link("eth0").expect("the link").index;
            let address: IpAddr = format!("10.9.0.{last}").parse().expect("an address");
            network
                .add_address(link, Prefix::new(address, 24))
                .expect("an address");
            network.set_up(link, true).expect("the link up");
        })
        .expect("inside");
    }
    for side in [&near, &far] {
        let ready =
            side.run(|| Network::open().and_then(|mut network| network.wait_ready(PATIENCE, true)));
        assert!(
            ready.expect("inside").expect("netlink"),
            "the links do not come up"
        );
    }
    (near, far)
}

/// Returns a program in a namespace, with English output.
fn command(namespace: &Namespace, program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    namespace.command(&mut command).expect("entered");
    command
        .args(arguments)
        .env("TZ", "UTC")
        .env("LC_ALL", "C")
        .stdin(Stdio::null());
    command
}

fn vigie() -> &'static str {
    env!("CARGO_BIN_EXE_vigie")
}

/// Runs `vigie` in a namespace to its end.
pub(crate) fn run(namespace: &Namespace, arguments: &[&str]) -> Output {
    command(namespace, vigie(), arguments)
        .output()
        .expect("the program runs")
}

/// Runs another program in a namespace to its end.
pub(crate) fn witness(namespace: &Namespace, program: &str, arguments: &[&str]) -> Output {
    command(namespace, program, arguments)
        .output()
        .unwrap_or_else(|error| panic!("{program}: {error}"))
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A running capture. It is killed when dropped.
pub(crate) struct Capture {
    child: Child,
    said: BufReader<std::process::ChildStderr>,
}

impl Capture {
    /// Starts `vigie capture` and waits until it listens.
    pub(crate) fn start(namespace: &Namespace, arguments: &[&str]) -> Self {
        let mut all = vec!["--lang", "en", "capture"];
        all.extend(arguments);
        let mut child = command(namespace, vigie(), &all)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program runs");
        let mut said = BufReader::new(child.stderr.take().expect("piped"));
        let mut line = String::new();
        while !line.contains("listening on") {
            line.clear();
            let read = said.read_line(&mut line).expect("readable");
            assert!(read > 0, "it ended without listening: {line}");
        }
        Self { child, said }
    }

    /// Sends SIGINT, as Ctrl-C does.
    pub(crate) fn interrupt(&mut self) {
        let id = self.child.id().to_string();
        let status = Command::new("kill")
            .args(["-INT", &id])
            .status()
            .expect("kill runs");
        assert!(status.success());
    }

    /// Waits for its end. Returns standard output and standard error.
    pub(crate) fn end(mut self) -> (String, String) {
        let mut out = String::new();
        self.child
            .stdout
            .take()
            .expect("piped")
            .read_to_string(&mut out)
            .expect("text");
        let mut rest = String::new();
        self.said.read_to_string(&mut rest).expect("text");
        let status = self.child.wait().expect("ended");
        assert!(status.success(), "{status}: {rest}");
        (out, rest)
    }
}

impl Drop for Capture {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
