//! `cargo xtask ci`: the checks that a change must pass, cheapest first, tests last.
//!
//! To add a check, add a row to [`STEPS`].

use std::{path::Path, time::Instant};

use crate::{
    shell::{self, Outcome, cargo, run as must},
    test, tidy,
};

/// One check.
type Step = fn() -> Outcome;

/// The checks, in order.
const STEPS: &[(&str, Step)] = &[
    ("format", format),
    ("tidy", tidy::run),
    ("lints", lints),
    ("docs", docs),
    ("licences and bans", licences),
    ("fuzz targets", fuzz_targets),
    ("tests", tests),
];

/// Runs every check and stops at the first failure.
pub(crate) fn run() -> Outcome {
    for (name, step) in STEPS {
        println!("== {name}");
        let start = Instant::now();
        step().map_err(|why| format!("{name}: {why}"))?;
        if *name != "tests" {
            println!("   {name} passed in {} s", start.elapsed().as_secs());
        }
    }
    Ok(())
}

fn format() -> Outcome {
    must(cargo().args(["fmt", "--all", "--check"]))
}

fn lints() -> Outcome {
    must(cargo().args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--quiet",
        "--",
        "-D",
        "warnings",
    ]))
}

fn docs() -> Outcome {
    must(
        cargo()
            .args(["doc", "--workspace", "--no-deps", "--quiet"])
            .env("RUSTDOCFLAGS", "-D warnings"),
    )
}

/// Checks licences, bans and sources. Advisories need the network and are left to a scheduled run.
fn licences() -> Outcome {
    if !shell::succeeds("cargo", &["deny", "--version"]) {
        println!("   installing cargo-deny");
        must(cargo().args(["install", "--locked", "--quiet", "cargo-deny"]))?;
    }
    must(cargo().args([
        "deny",
        "--log-level",
        "error",
        "check",
        "--hide-inclusion-graph",
        "bans",
        "licenses",
        "sources",
    ]))
}

/// Type-checks the fuzz targets on the stable toolchain. Fuzzing itself needs `cargo fuzz` and a nightly toolchain.
fn fuzz_targets() -> Outcome {
    let manifest = shell::root().join("fuzz/Cargo.toml");
    if !manifest.is_file() {
        println!("   none yet");
        return Ok(());
    }
    // With this variable libfuzzer-sys compiles no C++. Checking does not link, so the library need not exist.
    let target = shell::root().join("target/fuzz-check");
    must(
        cargo()
            .args(["check", "--quiet", "--manifest-path"])
            .arg(&manifest)
            .arg("--target-dir")
            .arg(&target)
            .env(
                "CUSTOM_LIBFUZZER_PATH",
                Path::new("/nonexistent/libfuzzer.a"),
            ),
    )
}

fn tests() -> Outcome {
    test::run(&[])
}
