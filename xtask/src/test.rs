//! `cargo xtask test`: runs the tests, after providing what they need.
//!
//! Steps: witness programs (see [`crate::tools`]), the build while the network is still reachable, doc tests, then the
//! whole workspace. The output ends with the test runner's own summary. Kernel tests create their own network
//! namespaces. An ordinary user runs them inside a user namespace that maps it to root; where the system forbids
//! that, the run fails and says so. `--quick` leaves out what needs root or a witness program, and names it.

use std::{
    io::IsTerminal as _,
    process::{Command, Stdio},
    time::Instant,
};

use crate::{
    runner,
    shell::{self, Outcome, cargo, run as must},
    tools,
};

/// Crates that `--quick` tests: they need no root, no network and no program besides cargo.
const QUICK_CRATES: &[&str] = &[
    "vigie-wire",
    "vigie-craft",
    "vigie-pcap",
    "vigie-pcap-filter",
    "vigie-print",
    "vigie-scope",
    "vigie-host",
    "vigie-detect",
    "vigie-scan",
    "vigie-findings",
    "vigie-sim",
    "vigie-report",
    "xtask",
];

/// Tests of [`QUICK_CRATES`] that `--quick` leaves out: a nextest filter, and what the tests need.
const QUICK_EXCEPTIONS: &[(&str, &str)] = &[
    ("binary(witness)", "tcpdump, tshark"),
    ("binary(scapy)", "scapy"),
    ("test(/^tshark_/)", "tshark"),
    ("test(fifty_results)", "xmllint, python3-jsonschema"),
    (
        "test(/python_libnmap|ndiff|zenmap/)",
        "libnmap, ndiff, xsltproc",
    ),
    ("test(/html::browser/)", "chromium"),
];

/// How this process can create network namespaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Power {
    /// Directly.
    Direct,
    /// Inside a user namespace of its own.
    Rootless,
    /// Not at all, although it is root (a container without `CAP_SYS_ADMIN`).
    RootWithout,
    /// Not at all.
    None,
}

/// Runs all tests, or with `--quick` as first argument the fast ones; the other arguments go to the test runner.
pub(crate) fn run(arguments: &[&str]) -> Outcome {
    match arguments {
        ["--quick", extra @ ..] => quick(extra),
        extra => all(extra),
    }
}

fn all(extra: &[&str]) -> Outcome {
    let root = is_root();
    tools::provide(root)?;
    let power = power(root);
    if let Some(why) = refusal(power) {
        return Err(why.to_owned());
    }
    let nextest = shell::succeeds("cargo", &["nextest", "--version"]);
    let start = Instant::now();
    println!("building the tests");
    // Tests run where no registry can be reached, so everything is built first; end-to-end tests run the binary.
    must(cargo().args(["build", "--workspace", "--bins"]))?;
    must(
        cargo()
            .args(["test", "--workspace", "--no-run"])
            .stdout(Stdio::null()),
    )?;
    if nextest {
        must(cargo().args(["nextest", "run", "--workspace", "--no-run"]))?;
    }
    println!("built in {} s", start.elapsed().as_secs());
    if extra.is_empty() {
        let documented = ["test", "--workspace", "--doc", "--quiet"];
        quietly(&mut within(power, &documented), "doc tests")?;
    }
    if nextest {
        let mut arguments = vec!["nextest", "run", "--workspace", "--no-fail-fast"];
        arguments.extend(extra);
        return runner::nextest(within(power, &arguments));
    }
    println!("cargo-nextest is not installed: no list of the slowest tests");
    let mut arguments = vec![
        "test",
        "--workspace",
        "--lib",
        "--bins",
        "--tests",
        "--examples",
    ];
    arguments.extend(["--no-fail-fast", "--quiet"]);
    arguments.extend(extra);
    must(&mut within(power, &arguments))
}

/// Runs the tests that need nothing but cargo.
fn quick(extra: &[&str]) -> Outcome {
    for line in left_out() {
        println!("{line}");
    }
    let packages = QUICK_CRATES.iter().flat_map(|name| ["--package", name]);
    if !shell::succeeds("cargo", &["nextest", "--version"]) {
        println!("cargo-nextest is not installed: unit tests only");
        let mut command = cargo();
        command
            .arg("test")
            .args(packages)
            .args(["--lib", "--bins"])
            .args(extra);
        return must(&mut command);
    }
    let excluded: Vec<&str> = QUICK_EXCEPTIONS.iter().map(|(filter, _)| *filter).collect();
    let filter = format!("not ({})", excluded.join(" or "));
    let mut command = cargo();
    command
        .args(["nextest", "run", "--no-fail-fast"])
        .args(packages);
    command.args(["-E", &filter]).args(extra);
    runner::nextest(command)
}

/// What `--quick` does not test, one line each.
fn left_out() -> Vec<String> {
    let mut lines = vec![format!("quick: {}", QUICK_CRATES.join(" "))];
    lines.push(
        "left out: kernel and end-to-end tests (need network namespaces), doc tests".to_owned(),
    );
    lines.extend(
        QUICK_EXCEPTIONS
            .iter()
            .map(|(filter, needs)| format!("left out: {filter} (needs {needs})")),
    );
    lines
}

/// Runs a command and shows its output only if it fails.
fn quietly(command: &mut Command, what: &str) -> Outcome {
    if std::io::stdout().is_terminal() {
        println!("{what}: running");
    }
    let output = command
        .output()
        .map_err(|error| format!("{what}: {error}"))?;
    if output.status.success() {
        println!("{what}: passed");
        return Ok(());
    }
    print!("{}", String::from_utf8_lossy(&output.stdout));
    eprint!("{}", String::from_utf8_lossy(&output.stderr));
    Err(format!("{what} failed ({})", output.status))
}

/// `cargo ARGUMENTS`, inside a user namespace if only that can create network namespaces.
fn within(power: Power, arguments: &[&str]) -> Command {
    if power != Power::Rootless {
        let mut command = cargo();
        command.args(arguments);
        return command;
    }
    // A private /run lets `ip netns` keep its names; no route leads out of the new network namespace.
    let script =
        "mount -t tmpfs tmpfs /run && mkdir -p /run/netns && ip link set lo up && exec \"$@\"";
    let mut command = Command::new("unshare");
    command
        .args([
            "--user",
            "--map-root-user",
            "--net",
            "--mount",
            "sh",
            "-c",
            script,
            "sh",
        ])
        .arg(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(arguments)
        .env("CARGO_NET_OFFLINE", "true")
        .current_dir(shell::root())
        .stdin(Stdio::null());
    command
}

fn is_root() -> bool {
    let mut id = Command::new("id");
    id.arg("-u");
    shell::output(&mut id).is_ok_and(|uid| uid.trim() == "0")
}

fn power(root: bool) -> Power {
    if shell::succeeds("unshare", &["--net", "--mount", "true"]) {
        return Power::Direct;
    }
    let rootless = ["--user", "--map-root-user", "--net", "--mount", "true"];
    if shell::succeeds("unshare", &rootless) {
        return Power::Rootless;
    }
    if root {
        Power::RootWithout
    } else {
        Power::None
    }
}

fn refusal(power: Power) -> Option<&'static str> {
    match power {
        Power::Direct | Power::Rootless => None,
        Power::RootWithout => Some(
            "the kernel tests create network namespaces; this root has no CAP_SYS_ADMIN (a container?).\n\
             Start the container with --privileged, or use a machine or virtual machine.\n\
             `cargo xtask test --quick` runs the tests that need no namespace.",
        ),
        Power::None => Some(
            "the kernel tests create network namespaces; this user may not, and user namespaces are disabled.\n\
             Run `sudo -E cargo xtask test`, or enable unprivileged user namespaces\n\
             (sysctl kernel.unprivileged_userns_clone=1, kernel.apparmor_restrict_unprivileged_userns=0).\n\
             `cargo xtask test --quick` runs the tests that need no namespace.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(command: &Command) -> Vec<String> {
        command
            .get_args()
            .map(|word| word.to_string_lossy().into_owned())
            .collect()
    }

    #[test]
    fn a_rootless_run_is_wrapped_and_a_direct_one_is_not() {
        assert_eq!(words(&within(Power::Direct, &["test"])), ["test"]);
        let wrapped = words(&within(Power::Rootless, &["test"]));
        assert_eq!(
            wrapped[..4],
            ["--user", "--map-root-user", "--net", "--mount"]
        );
        assert_eq!(wrapped.last().map(String::as_str), Some("test"));
    }

    #[test]
    fn no_power_is_refused_with_a_way_out() {
        assert!(refusal(Power::Direct).is_none() && refusal(Power::Rootless).is_none());
        for power in [Power::RootWithout, Power::None] {
            assert!(refusal(power).is_some_and(|why| why.contains("Start") || why.contains("Run")));
        }
    }

    #[test]
    fn a_quick_run_names_everything_that_it_leaves_out() {
        let lines = left_out().join("\n");
        for (filter, needs) in QUICK_EXCEPTIONS {
            assert!(lines.contains(filter) && lines.contains(needs), "{lines}");
        }
        assert!(lines.contains("end-to-end"));
    }
}
