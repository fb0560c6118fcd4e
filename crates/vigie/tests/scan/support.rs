//! Test network: runs the program in a namespace and parses its results.
//!
//! This file must not know what is tested.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::net::IpAddr;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use vigie_lab::shapes::{Scene, Shape};
use vigie_lab::{Lab, Node};

/// The program under test.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_vigie");

/// Who authorizes the scans. Targets behind a router need an authorization.
pub(crate) const WHO: &str = "these tests, of their own namespaces";

/// A scanner and its target.
pub(crate) struct Net {
    /// The declared topology.
    pub(crate) scene: Scene,
    /// The running lab.
    pub(crate) lab: Lab,
}

impl Net {
    /// Builds the network of `shape` around `target`.
    pub(crate) fn new(shape: Shape, target: Node) -> Net {
        let scene = shape.around(target);
        let lab = scene.build().expect(
            "these tests make network namespaces: run them as root, or with `cargo xtask test`",
        );
        Net { scene, lab }
    }

    /// The target's IPv4 address.
    pub(crate) fn v4(&self) -> IpAddr {
        self.scene.targets[0]
    }

    /// Returns a program in the scanner's namespace, without the developer's environment.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = self.lab.command(Shape::SCANNER, program).expect("inside");
        let path = std::env::var_os("PATH").unwrap_or_default();
        command
            .env_clear()
            .env("LANG", "C")
            .env("PATH", path)
            .stdin(Stdio::null());
        command
    }

    /// Adds an input chain with these nftables rules, one per line, to `node`.
    pub(crate) fn rules(&self, node: &str, rules: &str) {
        self.chain(node, "input", rules);
    }

    /// Adds an output chain with these nftables rules, one per line, to `node`.
    pub(crate) fn output_rules(&self, node: &str, rules: &str) {
        self.chain(node, "output", rules);
    }

    fn chain(&self, node: &str, hook: &str, rules: &str) {
        let table = format!(
            "table inet fw {{\nchain {hook} {{\ntype filter hook {hook} priority 0; policy accept;\n{rules}\n}}\n}}\n"
        );
        let mut nft = self.lab.command(node, "nft").expect("inside");
        let nft = nft.args(["-f", "-"]).stdin(Stdio::piped());
        let mut child = nft.spawn().expect("nft runs");
        let mut input = child.stdin.take().expect("piped");
        input.write_all(table.as_bytes()).expect("nft reads");
        drop(input);
        assert!(child.wait().expect("nft ends").success(), "{table}");
    }

    /// Returns `vigie scan` in the scanner's namespace.
    pub(crate) fn scan(&self, args: &[&str]) -> Command {
        let mut command = self.command(PROGRAM);
        command.args(["scan", "--authorized", WHO]).args(args);
        command
    }

    /// Runs `vigie scan`.
    pub(crate) fn run(&self, args: &[&str]) -> RunOutput {
        RunOutput::from(self.scan(args).output().expect("the program runs"))
    }

    /// Runs `vigie scan -o json`, which must succeed.
    #[track_caller]
    pub(crate) fn json(&self, args: &[&str]) -> Results {
        let said = self.run(&[args, &["-o", "json"]].concat());
        assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{args:?}");
        Results::read(&said.out)
    }
}

/// Output and exit code of a program.
pub(crate) struct RunOutput {
    /// The exit code; `None` if a signal ended it.
    pub(crate) code: Option<i32>,
    /// Standard output.
    pub(crate) out: String,
    /// Standard error.
    pub(crate) err: String,
}

impl From<Output> for RunOutput {
    fn from(output: Output) -> RunOutput {
        RunOutput {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).expect("UTF-8"),
            err: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }
}

/// A verdict: state and reason.
pub(crate) type Verdict = (String, String);

/// What a scan found, read from its JSON Lines.
#[derive(Debug, Default)]
pub(crate) struct Results {
    /// The objects, in order.
    pub(crate) lines: Vec<Value>,
    /// The ports that have an object, by host and number.
    pub(crate) ports: BTreeMap<(String, u16), Verdict>,
}

impl Results {
    /// Reads JSON Lines.
    ///
    /// # Panics
    /// If a line is no JSON object, or a port has two objects.
    pub(crate) fn read(text: &str) -> Results {
        let mut results = Results::default();
        for line in text.lines() {
            let line: Value = serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
            if line["type"] == "port" {
                let word = |name: &str| line[name].as_str().expect("a word").to_owned();
                let number = line["port"].as_u64().expect("a number") as u16;
                let verdict = (word("state"), word("reason"));
                let before = results.ports.insert((word("host"), number), verdict);
                assert_eq!(before, None, "two objects for one port: {line}");
            }
            results.lines.push(line);
        }
        results
    }

    /// The objects of a type.
    pub(crate) fn of(&self, kind: &str) -> impl Iterator<Item = &Value> {
        self.lines.iter().filter(move |line| line["type"] == kind)
    }

    /// The only object of a type.
    #[track_caller]
    pub(crate) fn only(&self, kind: &str) -> &Value {
        let all: Vec<&Value> = self.of(kind).collect();
        assert_eq!(all.len(), 1, "{kind}: {all:?}");
        all[0]
    }

    /// The numbers of the ports in `state`, sorted.
    pub(crate) fn in_state(&self, state: &str) -> Vec<u16> {
        let found = self.ports.iter().filter(|(_, (s, _))| s == state);
        found.map(|((_, port), _)| *port).collect()
    }
}
