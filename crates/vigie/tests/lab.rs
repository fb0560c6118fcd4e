//! `vigie lab`, as root and as an unprivileged user in a user namespace. Needs root (to become that user) and a system
//! that allows user namespaces; fails without.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// An unprivileged user: `nobody` on every Linux.
const NOBODY: &str = "65534";

/// The lab of one test, removed at its end even if the test fails.
struct Lab {
    directory: PathBuf,
    program: PathBuf,
    ordinary: bool,
}

impl Lab {
    fn new(name: &str, ordinary: bool) -> Lab {
        let name = format!("vigie-lab-{name}-{}", std::process::id());
        let directory = std::env::temp_dir().join(name);
        fs::create_dir(&directory).expect("a directory of the test's own");
        let program = directory.join("vigie");
        if ordinary {
            // The build directory may not be readable for other users.
            fs::copy(env!("CARGO_BIN_EXE_vigie"), &program).expect("a copy of the program");
            for path in [&directory, &program] {
                fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("open to all");
            }
            let state = directory.join("state");
            fs::create_dir(&state).expect("a directory for the state");
            let id = NOBODY.parse().ok();
            std::os::unix::fs::chown(&state, id, id).expect("these tests must run as root");
        }
        Lab {
            program: if ordinary {
                program
            } else {
                env!("CARGO_BIN_EXE_vigie").into()
            },
            directory,
            ordinary,
        }
    }

    fn vigie(&self, action: &str, more: &[&str]) -> Output {
        let mut command = if self.ordinary {
            let mut command = Command::new("setpriv");
            let id = [format!("--reuid={NOBODY}"), format!("--regid={NOBODY}")];
            command.args(id).arg("--clear-groups").arg(&self.program);
            command
        } else {
            Command::new(&self.program)
        };
        command
            .args(["--lang", "en", "lab", action, "--dir"])
            .arg(self.directory.join("state"))
            .args(more)
            .current_dir("/")
            .output()
            .expect("the program runs")
    }

    fn state_file(&self) -> PathBuf {
        self.directory.join("state/lab.json")
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        let _ = self.vigie("down", &[]);
        let _ = fs::remove_dir_all(&self.directory);
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[track_caller]
fn done(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    text(&output.stdout)
}

/// Returns the process ID of the holder from the state file.
fn holder(state: &Path) -> String {
    let state = fs::read_to_string(state).expect("a state file");
    let after = state.split("\"pid\":").nth(1).expect("a process number");
    after.chars().take_while(char::is_ascii_digit).collect()
}

fn check_life_cycle(lab: &Lab) {
    let missing = lab.vigie("status", &[]);
    assert_eq!(missing.status.code(), Some(3));
    assert!(text(&missing.stderr).contains("no lab is up"));

    let up = done(&lab.vigie("up", &[]));
    assert!(up.contains("22,80,443: open"), "{up}");
    assert!(up.contains("ghost"), "{up}");
    let again = lab.vigie("up", &[]);
    assert!(text(&again.stderr).contains("already up"));
    assert!(up.ends_with(&done(&again)));
    assert!(up.ends_with(&done(&lab.vigie("status", &[]))));

    // Inside, the node has two links and the lab's addresses, and programs have the lab's capabilities.
    let links = done(&lab.vigie("run", &["--", "cat", "/proc/net/dev"]));
    let names: Vec<&str> = links
        .lines()
        .filter_map(|l| Some(l.split_once(':')?.0.trim()))
        .collect();
    assert_eq!(names, ["lo", "eth0"]);
    let connect = "exec 3<>/dev/tcp/10.77.1.10/22; read -r line <&3; echo \"$line\"";
    let greeting = done(&lab.vigie("run", &["bash", "-c", connect]));
    assert_eq!(greeting.trim_end(), "SSH-2.0-VigieLab_1.0");
    let named = done(&lab.vigie("run", &["getent", "ahostsv4", "walled"]));
    assert!(named.starts_with("10.77.1.20 "), "{named}");
    let rights = done(&lab.vigie(
        "run",
        &["--node", "plain", "grep", "CapEff", "/proc/self/status"],
    ));
    let mask = rights
        .split_whitespace()
        .nth(1)
        .and_then(|m| u64::from_str_radix(m, 16).ok());
    // CAP_NET_RAW is bit 13 (linux/capability.h).
    assert!(mask.is_some_and(|mask| mask & (1 << 13) != 0), "{rights}");
    let status = lab.vigie("run", &["sh", "-c", "exit 42"]).status;
    assert_eq!(status.code(), Some(42));
    let nowhere = lab.vigie("run", &["--node", "nowhere", "true"]);
    assert_eq!(nowhere.status.code(), Some(2));
    assert!(text(&nowhere.stderr).contains("scanner, router, plain, walled, polite"));

    assert_eq!(done(&lab.vigie("down", &[])), "The lab is removed.\n");
    assert!(!lab.state_file().exists());
    assert_eq!(done(&lab.vigie("down", &[])), "");
}

#[test]
fn a_lab_exists_from_up_to_down() {
    check_life_cycle(&Lab::new("root", false));
}

#[test]
fn an_unprivileged_user_can_run_a_lab() {
    check_life_cycle(&Lab::new("nobody", true));
}

#[test]
fn a_dead_holder_is_detected() {
    let lab = Lab::new("stale", false);
    done(&lab.vigie("up", &[]));
    let pid = holder(&lab.state_file());
    // The shell's builtin kill: not every system has the program.
    let killed = Command::new("sh")
        .args(["-c", &format!("kill -KILL {pid}")])
        .status();
    assert!(killed.expect("sh runs").success());
    // After the signal the process is gone, or a zombie without namespaces.
    while fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|s| !s.contains(") Z ")) {
        std::thread::yield_now();
    }
    let status = lab.vigie("status", &[]);
    assert_eq!(status.status.code(), Some(3));
    assert!(text(&status.stderr).contains("its state was removed"));
    assert!(!lab.state_file().exists());
    done(&lab.vigie("up", &[]));
    assert_ne!(holder(&lab.state_file()), pid);
}
