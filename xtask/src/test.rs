//! `cargo xtask test`: every test, with what it needs.
//!
//! Order: the programs (see `tools`), a build with the network still there, doc tests, then the whole
//! workspace, so that the output closes with the runner's own summary. Kernel tests make their own network
//! namespaces. As an ordinary user the run goes inside one user namespace where it counts as root; where the
//! system forbids that, the run fails and says so.

use std::process::{Command, Stdio};

use crate::{
    shell::{self, Outcome, cargo, run as must},
    tools,
};

/// How this process may make network namespaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Power {
    /// It may, as it is.
    Direct,
    /// It may inside a user namespace of its own.
    Rootless,
    /// It may not, though it is root (a container without `CAP_SYS_ADMIN`).
    RootWithout,
    /// It may not.
    None,
}

/// Runs everything; `extra` goes to the test runner (a filter, say).
pub(crate) fn run(extra: &[&str]) -> Outcome {
    let root = is_root();
    tools::provide(root)?;
    let power = power(root);
    if let Some(why) = refusal(power) {
        return Err(why.to_owned());
    }
    let nextest = shell::succeeds("cargo", &["nextest", "--version"]);
    // Built before the tests go where no registry can be reached; the binary is what end-to-end tests run.
    must(cargo().args(["build", "--workspace", "--bins", "--quiet"]))?;
    must(cargo().args(["test", "--workspace", "--no-run", "--quiet"]))?;
    if nextest {
        must(cargo().args(["nextest", "run", "--workspace", "--no-run", "--cargo-quiet"]))?;
    }
    if extra.is_empty() {
        let documented: Vec<&str> = vec!["test", "--workspace", "--doc", "--quiet"];
        quietly(&mut within(power, &documented), "doc tests")?;
    }
    let mut arguments: Vec<&str> = if nextest {
        vec![
            "nextest",
            "run",
            "--workspace",
            "--no-fail-fast",
            "--status-level",
            "fail",
            "--cargo-quiet",
        ]
    } else {
        vec![
            "test",
            "--workspace",
            "--lib",
            "--bins",
            "--tests",
            "--examples",
            "--no-fail-fast",
            "--quiet",
        ]
    };
    arguments.extend(extra);
    must(&mut within(power, &arguments))
}

/// Runs a command and shows its output only when it fails; a line says that it passed.
fn quietly(command: &mut Command, what: &str) -> Outcome {
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

/// `cargo ARGUMENTS`, inside a user namespace when that is where the power is.
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
            "the kernel tests make network namespaces, and this root may not (no CAP_SYS_ADMIN: a container?).\n\
             Start the container with --privileged, or run on a machine of its own.",
        ),
        Power::None => Some(
            "the kernel tests make network namespaces, and neither this user nor a user namespace of its own may.\n\
             Run `sudo -E cargo xtask test`, or allow unprivileged user namespaces\n\
             (sysctl kernel.unprivileged_userns_clone=1, kernel.apparmor_restrict_unprivileged_userns=0).",
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
}
