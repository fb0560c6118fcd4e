//! Comma-separated values (RFC 4180), for spreadsheets and quick scripts.
//!
//! There is a row for each listed port, for each group of ports that is only counted (without a port number, with the
//! number of ports in `count`), and for each host without ports. The counts of a host add up to the number of scanned
//! ports. The order of [`COLUMNS`] does not change; new columns are added at the end. Nothing is translated. A text that a
//! spreadsheet would take for a formula gets an apostrophe in front.

use std::io::{self, Write};
use std::time::Duration;
use vigie_findings::service;

use vigie_scan::event::{Event, StateCount};
use vigie_scan::finding::Finding;

use super::gather::{Gather, HostResult};
use crate::escape;
use vigie_findings::{ScanInfo, Sink};

/// The columns. Times are in seconds; `complete` is false if the scan of the host was cut short.
pub const COLUMNS: [&str; 17] = [
    "host",
    "names",
    "mac",
    "host_state",
    "host_reason",
    "complete",
    "transport",
    "port",
    "count",
    "state",
    "reason",
    "service",
    "from",
    "ttl",
    "rtt",
    "tries",
    "miss_probability",
];

/// Comma-separated values, as a [`Sink`].
pub struct Csv<W> {
    out: W,
    scan: Option<ScanInfo>,
    gather: Gather,
}

impl<W: Write> Csv<W> {
    /// Returns a sink that writes to `out`.
    pub fn new(out: W) -> Csv<W> {
        Csv {
            out,
            scan: None,
            gather: Gather::default(),
        }
    }

    fn host(&mut self, host: &HostResult) -> io::Result<()> {
        let scan = self.scan.as_ref().ok_or_else(super::event_before_begin)?;
        let before = before(scan, host);
        let mut text = String::new();
        for finding in &host.ports {
            row(&mut text, before.iter().chain(&of_port(finding)));
        }
        for group in host.unlisted() {
            row(&mut text, before.iter().chain(&of_group(group)));
        }
        if text.is_empty() {
            let mut nothing: [String; 11] = Default::default();
            nothing[2].push('0');
            row(&mut text, before.iter().chain(&nothing));
        }
        self.out.write_all(text.as_bytes())?;
        self.out.flush()
    }
}

impl<W: Write> Sink for Csv<W> {
    fn begin(&mut self, scan: &ScanInfo) -> io::Result<()> {
        self.scan = Some(scan.clone());
        let mut text = String::new();
        row(&mut text, COLUMNS.map(str::to_owned).iter());
        self.out.write_all(text.as_bytes())?;
        self.out.flush()
    }

    fn named(&mut self, host: vigie_scope::Host, name: &str) {
        if let Some(scan) = &mut self.scan {
            scan.add_name(host, name);
        }
    }

    fn event(&mut self, at: Duration, event: &Event) -> io::Result<()> {
        match self.gather.event(at, event) {
            Some(host) => self.host(&host),
            None => Ok(()),
        }
    }

    fn finish(&mut self) -> io::Result<()> {
        for host in self.gather.rest() {
            self.host(&host)?;
        }
        self.out.flush()
    }
}

/// Returns the columns that all rows of a host share.
fn before(scan: &ScanInfo, host: &HostResult) -> [String; 6] {
    let found = &host.found;
    let names = scan.names.get(&found.host).map_or(&[][..], Vec::as_slice);
    let names: Vec<_> = names.iter().map(|n| escape::line(n)).collect();
    let cut_short = host.partial
        || host
            .ended
            .is_some_and(vigie_scan::event::EndReason::is_early);
    [
        escape::line(&scan.address(found.host)).into_owned(),
        no_formula(names.join(" ")),
        found.mac.map(|m| m.to_string()).unwrap_or_default(),
        found.state.to_string(),
        found.reason.to_string(),
        (!cut_short).to_string(),
    ]
}

fn of_port(finding: &Finding) -> [String; 11] {
    let service = service::service(finding).unwrap_or("");
    [
        finding.transport.to_string(),
        finding.port.to_string(),
        "1".to_owned(),
        finding.state.to_string(),
        finding.reason.to_string(),
        service.to_owned(),
        finding.from.map(|ip| ip.to_string()).unwrap_or_default(),
        finding.ttl.map(|t| t.to_string()).unwrap_or_default(),
        finding
            .rtt
            .map(|d| format!("{:.6}", d.as_secs_f64()))
            .unwrap_or_default(),
        finding.tries.to_string(),
        finding.miss_probability.to_string(),
    ]
}

fn of_group(group: &StateCount) -> [String; 11] {
    let mut cells: [String; 11] = Default::default();
    cells[2] = group.count.to_string();
    cells[3] = group.state.to_string();
    cells[4] = group.reason.to_string();
    cells[9] = group.tries.to_string();
    cells[10] = group.miss_probability.to_string();
    cells
}

/// Escapes a text that begins like a formula.
fn no_formula(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@']) {
        format!("'{text}")
    } else {
        text
    }
}

fn row<'a>(text: &mut String, cells: impl Iterator<Item = &'a String>) {
    for (i, cell) in cells.enumerate() {
        if i > 0 {
            text.push(',');
        }
        if cell.contains(['"', ',', ' ']) {
            text.push('"');
            *text += &cell.replace('"', "\"\"");
            text.push('"');
        } else {
            *text += cell;
        }
    }
    *text += "\r\n";
}

#[cfg(test)]
mod tests;
