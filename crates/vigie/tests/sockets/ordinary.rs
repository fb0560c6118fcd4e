//! `vigie sockets` as an unprivileged user: no error, the user's own sockets are complete, a note says that others are
//! hidden.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Output};

use super::busy::{Busy, alone};

/// An unprivileged user: `nobody` on every Linux.
const NOBODY: &str = "65534";

fn as_nobody(busy: &Busy, program: &str, arguments: &[&str]) -> Output {
    let mut command = Command::new("setpriv");
    command
        .args([&format!("--reuid={NOBODY}"), &format!("--regid={NOBODY}")])
        .args(["--clear-groups", program])
        .args(arguments)
        .env("LC_ALL", "C")
        .current_dir("/");
    let command = busy
        .namespace
        .command(&mut command)
        .expect("a command for the namespace");
    command.output().expect("setpriv")
}

#[test]
fn hidden_owners_are_reported() {
    let _alone = alone();
    let busy = Busy::new("ordinary");
    // The build directory may not be readable for other users.
    let directory = std::env::temp_dir().join(format!("vigie-ordinary-{}", std::process::id()));
    fs::create_dir_all(&directory).expect("a directory");
    let program = directory.join("vigie");
    fs::copy(env!("CARGO_BIN_EXE_vigie"), &program).expect("a copy of the program");
    for path in [&directory, &program] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("open to all");
    }
    let program = program.to_str().expect("UTF-8");
    // A shell of that user opens a socket and runs the program while it is open.
    let script = format!("exec 3<>/dev/udp/127.0.0.1/7301; exec {program} sockets -anup");
    let output = as_nobody(&busy, "bash", &["-c", &script]);
    let plain = as_nobody(&busy, program, &["sockets", "-an"]);
    let json = as_nobody(&busy, program, &["sockets", "-au", "-o", "json"]);
    let _ = fs::remove_dir_all(&directory);

    let (text, said) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(output.status.success(), "{said}");
    let own: Vec<&str> = text
        .lines()
        .filter(|line| line.contains("/vigie"))
        .collect();
    assert_eq!(
        own.len(),
        1,
        "the user's own socket has its program: {text}"
    );
    let others = text.lines().filter(|line| line.starts_with("udp")).count() - 1;
    assert_eq!(others, 5, "the sockets of others are listed: {text}");
    assert!(
        said.contains(&format!("the programs of {others} sockets are not visible")),
        "{said}"
    );
    assert!(said.contains("root"), "with the hint: {said}");

    assert!(plain.status.success());
    assert_eq!(
        String::from_utf8_lossy(&plain.stderr),
        "",
        "nothing was asked that is hidden"
    );

    let json = String::from_utf8_lossy(&json.stdout);
    let note = json.lines().last().expect("lines");
    assert!(
        note.contains(r#""note":"hidden-owners","sockets":5"#),
        "{note}"
    );
}
