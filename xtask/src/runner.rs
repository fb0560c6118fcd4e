//! Runs `cargo nextest` and lists the slowest tests before its summary.
//!
//! The test times come from the JUnit report that `.config/nextest.toml` asks for. Knows nothing of what is tested.

use std::{
    fs,
    io::{BufRead as _, BufReader, IsTerminal as _},
    process::{Command, Stdio},
    time::Instant,
};

use crate::shell::{self, Outcome};

/// Path of nextest's JUnit report, from the repository's top.
const REPORT: &str = "target/nextest/default/junit.xml";
/// Number of tests in the list.
const SLOWEST: usize = 10;

/// Runs `command` (a `cargo nextest run`), then prints the slowest tests and the total time.
///
/// On a terminal nextest keeps its progress bar and the list follows its summary. Otherwise the list is printed
/// before the summary, because readers of a log look for the summary in the last lines.
pub(crate) fn nextest(mut command: Command) -> Outcome {
    let report = shell::root().join(REPORT);
    // A report of an earlier run must not be taken for this one's.
    if let Err(error) = fs::remove_file(&report)
        && error.kind() != std::io::ErrorKind::NotFound
    {
        return Err(format!("{}: {error}", report.display()));
    }
    let start = Instant::now();
    if std::io::stderr().is_terminal() {
        let outcome = shell::run(&mut command);
        print_times(&report, start);
        return outcome;
    }
    command.stderr(Stdio::piped());
    let mut child = command
        .spawn()
        .map_err(|error| format!("cargo nextest: {error}"))?;
    let mut summary = Vec::new();
    if let Some(stderr) = child.stderr.take() {
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            if !summary.is_empty() || line.trim_start().starts_with("Summary [") {
                summary.push(line);
            } else {
                eprintln!("{line}");
            }
        }
    }
    let status = child
        .wait()
        .map_err(|error| format!("cargo nextest: {error}"))?;
    print_times(&report, start);
    for line in summary {
        eprintln!("{line}");
    }
    if status.success() {
        Ok(())
    } else {
        Err(format!("tests failed ({status})"))
    }
}

fn print_times(report: &std::path::Path, start: Instant) {
    let text = fs::read_to_string(report).unwrap_or_default();
    let slowest = slowest(&text, SLOWEST);
    if !slowest.is_empty() {
        eprintln!("slowest tests:");
    }
    for (seconds, name) in slowest {
        eprintln!("{seconds:8.2} s  {name}");
    }
    eprintln!("total: {} s", start.elapsed().as_secs());
}

/// The `count` slowest test cases of a JUnit report: seconds and `binary test`.
fn slowest(report: &str, count: usize) -> Vec<(f64, String)> {
    let mut all: Vec<(f64, String)> = report
        .split("<testcase ")
        .skip(1)
        .filter_map(|case| {
            let head = case.split('>').next()?;
            let seconds = attribute(head, "time")?.parse().ok()?;
            let name = format!(
                "{} {}",
                attribute(head, "classname")?,
                attribute(head, "name")?
            );
            Some((seconds, name))
        })
        .collect();
    all.sort_by(|a, b| b.0.total_cmp(&a.0));
    all.truncate(count);
    all
}

/// The value of an XML attribute; test names contain no entities.
fn attribute<'text>(head: &'text str, name: &str) -> Option<&'text str> {
    let start = head
        .find(&format!(" {name}=\""))
        .map(|at| at + name.len() + 3);
    let start = start.or_else(|| {
        head.starts_with(&format!("{name}=\""))
            .then_some(name.len() + 2)
    })?;
    head[start..].split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slowest_cases_come_first() {
        let report = "<testsuite name=\"a\">\
            <testcase name=\"quick\" classname=\"vigie-scan\" timestamp=\"x\" time=\"0.010\"/>\
            <testcase name=\"slow\" classname=\"vigie-sim::udp\" timestamp=\"x\" time=\"12.500\">\
            <system-out>time=\"99\"</system-out></testcase>\
            <testcase name=\"medium\" classname=\"vigie\" timestamp=\"x\" time=\"1.000\"/></testsuite>";
        let found = slowest(report, 2);
        assert_eq!(
            found,
            [
                (12.5, "vigie-sim::udp slow".to_owned()),
                (1.0, "vigie medium".to_owned())
            ]
        );
        assert!(slowest("", 2).is_empty());
    }
}
