//! nmap's grepable format (`-oG`): one or two lines per host, fields separated by tabs.
//!
//! `Host: ADDRESS (NAME)\tStatus: Up`, then `Host: ADDRESS (NAME)\tPorts: LIST\tIgnored State: STATE (N)`,
//! where an entry of LIST is `port/state/protocol/owner/service/rpc/version/`
//! (for an IP protocol scan `Protocols: LIST` and `number/state/name/`). nmap names one ignored state only; here each has
//! its field. A slash in a field is written as `|`, as nmap does; commas and tabs cannot occur. Comments begin with `#`.
//! Nothing is translated; times are UTC.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::time::Duration;
use vigie_findings::service;

use vigie_scan::event::Event;
use vigie_scan::finding::Finding;
use vigie_scan::{HostState, PortState};
use vigie_scope::Transport;

use super::gather::{Gather, HostResult};
use super::xml::Detail;
use super::{few, ranges, udp, words};
use crate::escape;
use vigie_findings::{ScanInfo, Sink, time};

/// nmap's grepable format, as a [`Sink`].
pub struct Grepable<W> {
    out: W,
    detail: Detail,
    scan: Option<ScanInfo>,
    gather: Gather,
    done: bool,
}

impl<W: Write> Grepable<W> {
    /// Returns a sink that writes to `out`.
    pub fn new(out: W, detail: Detail) -> Grepable<W> {
        Grepable {
            out,
            detail,
            scan: None,
            gather: Gather::default(),
            done: false,
        }
    }

    fn host(&mut self, host: &HostResult) -> io::Result<()> {
        let scan = self.scan.as_ref().ok_or_else(super::event_before_begin)?;
        let down = host.found.state == HostState::Down;
        if down && self.detail.verbosity == 0 && !few(scan) {
            return Ok(());
        }
        self.out.write_all(lines(scan, host).as_bytes())?;
        self.out.flush()
    }

    fn comment(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "# {}", escape::line(text))
    }
}

impl<W: Write> Sink for Grepable<W> {
    fn begin(&mut self, scan: &ScanInfo) -> io::Result<()> {
        let (start, args) = (time::ctime(scan.started), words::command(scan));
        self.comment(&format!(
            "Vigie {} scan initiated {start} as: {args}",
            scan.version
        ))?;
        for line in words::permission(scan) {
            self.comment(&format!("Scope: {line}"))?;
        }
        if self.detail.verbosity > 0 {
            let of = |transport| {
                let ranges = scan.plan.spec.all_ports().ranges(transport);
                format!("({};{})", ranges::count(&ranges), ranges::text(&ranges))
            };
            let line = format!(
                "Ports scanned: TCP{} UDP{} SCTP{} PROTOCOLS{}",
                of(Transport::Tcp),
                of(Transport::Udp),
                of(Transport::Sctp),
                of(Transport::Ip)
            );
            self.comment(&line)?;
        }
        self.scan = Some(scan.clone());
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
        let Some(scan) = self.scan.clone().filter(|_| !self.done) else {
            return self.out.flush();
        };
        self.done = true;
        for host in self.gather.rest() {
            self.host(&host)?;
        }
        for warning in std::mem::take(&mut self.gather.warnings) {
            self.comment(&format!("Warning: {}", words::warning(&scan, &warning)))?;
        }
        let (total, up, _) = self.gather.hosts(scan.plan.local.targets.len());
        let elapsed = self.gather.ending.map_or(self.gather.now, |e| e.elapsed);
        let end = time::ctime(scan.started + elapsed);
        let seconds = elapsed.as_secs_f64();
        match self.gather.ending {
            Some(ending) if ending.complete => {}
            Some(ending) => {
                self.comment(&format!("Partial: {}", words::cut_short(ending.ended)))?;
            }
            None => self.comment("Partial: incomplete results")?,
        }
        let addresses = if total == 1 { "address" } else { "addresses" };
        let hosts = if up == 1 { "host" } else { "hosts" };
        self.comment(&format!(
            "Vigie done at {end} -- {total} IP {addresses} ({up} {hosts} up) scanned in {seconds:.2} seconds"
        ))?;
        self.out.flush()
    }
}

fn lines(scan: &ScanInfo, host: &HostResult) -> String {
    let names = scan.names.get(&host.found.host);
    let name = names.and_then(|n| n.first()).map_or("", String::as_str);
    let who = format!(
        "Host: {} ({})",
        escape::line(&scan.address(host.found.host)),
        field(name)
    );
    let status = match host.found.state {
        HostState::Up => "Up",
        HostState::Down => "Down",
        HostState::Unknown => "Unknown",
    };
    let mut text = format!("{who}\tStatus: {status}\n");
    let mut ignored: Vec<(PortState, u64)> = Vec::new();
    for group in host.unlisted() {
        match ignored.iter_mut().find(|(state, _)| *state == group.state) {
            Some((_, count)) => *count += group.count,
            None => ignored.push((group.state, group.count)),
        }
    }
    if host.ports.is_empty() && ignored.is_empty() {
        return text;
    }
    ignored.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    // IP protocols are listed in their own field, with shorter entries.
    let is_protocol = |f: &Finding| f.transport == Transport::Ip;
    let protocols = !host.ports.is_empty() && host.ports.iter().all(is_protocol);
    let (name, entry): (_, fn(&Finding) -> String) = if protocols {
        ("Protocols", protocol)
    } else {
        ("Ports", port)
    };
    let ports: Vec<String> = host.ports.iter().map(entry).collect();
    write!(text, "{who}\t{name}: {}", ports.join(", ")).expect("a String takes all writes");
    for (state, count) in ignored {
        write!(text, "\tIgnored State: {state} ({count})").expect("a String takes all writes");
    }
    text.push('\n');
    if let Some(summary) = &host.udp {
        let about = escape::line(&scan.address(host.found.host)).into_owned();
        writeln!(text, "# {about}: {}", udp::words(summary)).expect("a String takes all writes");
    }
    text
}

fn protocol(finding: &Finding) -> String {
    let name = service::service(finding).unwrap_or("");
    format!("{}/{}/{}/", finding.port, finding.state, field(name))
}

fn port(finding: &Finding) -> String {
    let service = service::service(finding).unwrap_or("");
    format!(
        "{}/{}/{}//{}//{}/",
        finding.port,
        finding.state,
        finding.transport,
        field(service),
        field(&udp::said(finding).unwrap_or_default())
    )
}

/// Returns text for a field: without slash, comma, tab or closing bracket, and escaped for terminals.
fn field(text: &str) -> String {
    let harmless = |c| match c {
        '/' | '(' | ')' => '|',
        ',' => ';',
        c => c,
    };
    escape::line(text).chars().map(harmless).collect()
}

#[cfg(test)]
mod tests;
