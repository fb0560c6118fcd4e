//! nmap's XML, for programs that read nmap's results.
//!
//! The elements and their order follow `nmap.dtd` (nmap 7.93, output version 1.05). Nothing is translated; times are UTC.
//! XML 1.0 cannot contain control characters (section 2.2), so they are escaped as by [`crate::escape`]. A host's element is
//! written when the host is done, together with the end of the document. Comments contain what nmap has no element for:
//! warnings and authorizations.

use std::io;
use std::time::Duration;
use vigie_findings::service;

use vigie_scan::event::{EndReason, Event, Path, StateCount};
use vigie_scan::finding::Finding;
use vigie_scan::plan::Technique;
use vigie_scan::{HostState, PortState, ServiceMatch};
use vigie_scope::Transport;

use super::document::Document;
use super::gather::{Gather, HostResult};
use super::{few, ranges, udp, words};
use vigie_findings::vendor;
use vigie_findings::{ScanInfo, Sink, time};

mod markup;

use markup::{comment, element};

/// Amount of detail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Detail {
    /// Number of `-v` flags. From 1 on, hosts that are down are listed, as nmap does.
    pub verbosity: u8,
}

/// nmap's XML, as a [`Sink`].
pub struct Xml<D> {
    document: D,
    detail: Detail,
    scan: Option<Scan>,
    gather: Gather,
    done: bool,
}

struct Scan {
    info: ScanInfo,
    /// The scanned ports of each transport, as ranges.
    ports: Vec<(Transport, Vec<(u16, u16)>)>,
}

impl<D: Document> Xml<D> {
    /// Returns a sink that writes to `document`.
    pub fn new(document: D, detail: Detail) -> Xml<D> {
        Xml {
            document,
            detail,
            scan: None,
            gather: Gather::default(),
            done: false,
        }
    }

    fn hosts(&mut self, hosts: &[HostResult]) -> io::Result<()> {
        let scan = self.scan.as_ref().ok_or_else(super::event_before_begin)?;
        let listed = |h: &&HostResult| {
            h.found.state != HostState::Down || self.detail.verbosity > 0 || few(&scan.info)
        };
        let text: String = hosts.iter().filter(listed).map(|h| scan.host(h)).collect();
        if text.is_empty() {
            return Ok(());
        }
        let tail = scan.tail(&self.gather, false);
        self.document.write(&text, &tail)
    }
}

impl<D: Document> Sink for Xml<D> {
    fn begin(&mut self, info: &ScanInfo) -> io::Result<()> {
        let scan = Scan {
            ports: ranges::by_transport(&info.plan.spec.all_ports()),
            info: info.clone(),
        };
        let tail = scan.tail(&self.gather, false);
        self.document
            .write(&scan.head(self.detail.verbosity), &tail)?;
        self.scan = Some(scan);
        Ok(())
    }

    fn named(&mut self, host: vigie_scope::Host, name: &str) {
        if let Some(scan) = &mut self.scan {
            scan.info.add_name(host, name);
        }
    }

    fn event(&mut self, at: Duration, event: &Event) -> io::Result<()> {
        match self.gather.event(at, event) {
            Some(host) => self.hosts(&[host]),
            None => Ok(()),
        }
    }

    fn finish(&mut self) -> io::Result<()> {
        if self.done || self.scan.is_none() {
            return Ok(());
        }
        let rest = self.gather.rest();
        self.hosts(&rest)?;
        self.done = true;
        let scan = self.scan.as_ref().ok_or_else(super::event_before_begin)?;
        let tail = scan.tail(&self.gather, true);
        self.document.finish("", &tail)
    }
}

impl Scan {
    fn head(&self, verbosity: u8) -> String {
        let info = &self.info;
        let (args, start) = (words::command(info), time::ctime(info.started));
        let mut text = String::from(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE nmaprun>\n\
             <?xml-stylesheet href=\"file:///usr/share/nmap/nmap.xsl\" type=\"text/xsl\"?>\n",
        );
        comment(
            &mut text,
            &format!(
                "Vigie {} scan initiated {start} UTC as: {args}",
                info.version
            ),
        );
        for line in words::permission(info) {
            comment(&mut text, &format!("Vigie scope: {line}"));
        }
        element(
            &mut text,
            "nmaprun",
            &[
                ("scanner", "nmap"),
                ("args", &args),
                ("start", &info.started.as_secs().to_string()),
                ("startstr", &start),
                ("version", &info.version),
                ("xmloutputversion", "1.05"),
            ],
            ">\n",
        );
        for (transport, ranges) in &self.ports {
            let technique = scan_type(info.plan.spec.technique(), *transport);
            element(
                &mut text,
                "scaninfo",
                &[
                    ("type", technique),
                    ("protocol", transport.as_str()),
                    ("numservices", &ranges::count(ranges).to_string()),
                    ("services", &ranges::text(ranges)),
                ],
                "/>\n",
            );
        }
        element(
            &mut text,
            "verbose",
            &[("level", &verbosity.to_string())],
            "/>\n",
        );
        element(&mut text, "debugging", &[("level", "0")], "/>\n");
        text
    }

    fn host(&self, host: &HostResult) -> String {
        let (found, started) = (&host.found, self.info.started);
        let address = self.info.address(found.host);
        let seconds = |at: Duration| (started + at).as_secs().to_string();
        let (since, until) = (seconds(host.since), seconds(host.until));
        let mut attributes = vec![("starttime", since.as_str()), ("endtime", &until)];
        if host.ended == Some(EndReason::HostTimeout) {
            attributes.push(("timedout", "true"));
        }
        if found.host.zone != 0 {
            // nmap writes link-local addresses without their interface.
            attributes.push(("comment", &address));
        }
        let mut text = String::new();
        element(&mut text, "host", &attributes, ">");
        let status = [
            ("state", found.state.as_str()),
            ("reason", found.reason.as_str()),
            ("reason_ttl", &found.ttl.unwrap_or(0).to_string()),
        ];
        element(&mut text, "status", &status, "/>\n");
        let ip = found.host.ip.to_string();
        let family = if found.host.ip.is_ipv4() {
            "ipv4"
        } else {
            "ipv6"
        };
        element(
            &mut text,
            "address",
            &[("addr", &ip), ("addrtype", family)],
            "/>\n",
        );
        if let Some(mac) = found.mac {
            let mac = mac.to_string().to_uppercase();
            let vendor = found.mac.and_then(vendor::of);
            let mut attributes = vec![("addr", mac.as_str()), ("addrtype", "mac")];
            attributes.extend(vendor.map(|name| ("vendor", name)));
            element(&mut text, "address", &attributes, "/>\n");
        }
        text += "<hostnames>\n";
        for name in self.info.names.get(&found.host).into_iter().flatten() {
            let asked = self.info.targets.iter().any(|t| t == name);
            let kind = if asked { "user" } else { "PTR" };
            element(
                &mut text,
                "hostname",
                &[("name", name), ("type", kind)],
                "/>\n",
            );
        }
        text += "</hostnames>\n";
        if !host.ports.is_empty() || host.unlisted().next().is_some() {
            self.ports(&mut text, host);
        }
        if let Some(path) = &host.path {
            trace(&mut text, path);
        }
        text += "</host>\n";
        if let Some(summary) = &host.udp {
            let line = format!("Vigie {address}: {}", udp::words(summary));
            comment(&mut text, &line);
        }
        text
    }

    fn ports(&self, text: &mut String, host: &HostResult) {
        *text += "<ports>";
        let unlisted: Vec<&StateCount> = host.unlisted().collect();
        for state in PortState::ALL {
            let reasons = || unlisted.iter().filter(|c| c.state == *state);
            let count: u64 = reasons().map(|c| c.count).sum();
            if count == 0 {
                continue;
            }
            element(
                text,
                "extraports",
                &[("state", state.as_str()), ("count", &count.to_string())],
                ">\n",
            );
            for group in reasons() {
                self.extra(text, host, group, unlisted.len() == 1);
            }
            *text += "</extraports>\n";
        }
        for finding in &host.ports {
            port(text, finding);
        }
        *text += "</ports>\n";
    }

    /// Writes a group of ports that are only counted. If there is one group only, its ports are known.
    fn extra(&self, text: &mut String, host: &HostResult, group: &StateCount, only: bool) {
        let count = group.count.to_string();
        let mut attributes = vec![("reason", group.reason.as_str()), ("count", &count)];
        let which = match self.ports.as_slice() {
            [(transport, ranges)] => {
                attributes.push(("proto", transport.as_str()));
                let listed = host.ports.iter().map(|p| p.port);
                let left = ranges::without(ranges, listed);
                (only && ranges::count(&left) == group.count).then(|| ranges::text(&left))
            }
            _ => None,
        };
        if let Some(which) = &which {
            attributes.push(("ports", which));
        }
        element(text, "extrareasons", &attributes, "/>\n");
    }

    /// Returns the end of the document.
    fn tail(&self, gather: &Gather, finished: bool) -> String {
        let info = &self.info;
        let (total, up, down) = gather.hosts(info.plan.local.targets.len());
        let elapsed = gather.ending.map_or(gather.now, |e| e.elapsed);
        let end = info.started + elapsed;
        let seconds = format!("{:.2}", elapsed.as_secs_f64());
        let mut text = String::new();
        for warning in &gather.warnings {
            comment(
                &mut text,
                &format!("Vigie warning: {}", words::warning(info, warning)),
            );
        }
        let (address, host) = (plural(total, "address", "addresses"), plural(up, "", "s"));
        let summary = format!(
            "Vigie done at {}; {total} IP {address} ({up} host{host} up) scanned in {seconds} seconds",
            time::ctime(end)
        );
        let (time, timestr) = (end.as_secs().to_string(), time::ctime(end));
        let mut finished_attributes = vec![
            ("time", time.as_str()),
            ("timestr", &timestr),
            ("summary", &summary),
            ("elapsed", &seconds),
        ];
        match gather.ending {
            Some(ending) if ending.complete || ending.ended == EndReason::Budget => {
                finished_attributes.push(("exit", "success"));
            }
            Some(ending) => finished_attributes.extend([
                ("exit", "error"),
                ("errormsg", words::cut_short(ending.ended)),
            ]),
            None if finished => {
                finished_attributes.extend([("exit", "error"), ("errormsg", "incomplete results")]);
            }
            None => finished_attributes.extend([("exit", "error"), ("errormsg", "not finished")]),
        }
        text += "<runstats>";
        element(&mut text, "finished", &finished_attributes, "/>");
        let (up, down, total) = (up.to_string(), down.to_string(), total.to_string());
        element(
            &mut text,
            "hosts",
            &[("up", &up), ("down", &down), ("total", &total)],
            "/>\n",
        );
        text + "</runstats>\n</nmaprun>\n"
    }
}

/// Writes the route to a host. nmap omits hops without an answer.
fn trace(text: &mut String, path: &Path) {
    let port = path.probe.map_or(0, |q| q.port).to_string();
    let mut attributes = Vec::new();
    if let Some(question) = path.probe {
        let name = question.kind.probe().name();
        let proto = name.split('-').next().unwrap_or(name);
        if question.port != 0 {
            attributes.push(("port", port.as_str()));
        }
        attributes.push(("proto", proto));
    }
    element(text, "trace", &attributes, ">\n");
    for hop in &path.hops {
        let Some(ip) = hop.ip else { continue };
        let (ttl, ip) = (hop.ttl.to_string(), ip.to_string());
        let rtt = hop.rtt.map_or("--".to_owned(), |d| {
            format!("{:.2}", d.as_secs_f64() * 1_000.0)
        });
        let attributes = [("ttl", ttl.as_str()), ("ipaddr", &ip), ("rtt", &rtt)];
        element(text, "hop", &attributes, "/>\n");
    }
    *text += "</trace>\n";
}

fn port(text: &mut String, finding: &Finding) {
    let number = finding.port.to_string();
    element(
        text,
        "port",
        &[
            ("protocol", finding.transport.as_str()),
            ("portid", &number),
        ],
        ">",
    );
    let (ttl, from) = (
        finding.ttl.unwrap_or(0).to_string(),
        finding.from.map(|ip| ip.to_string()),
    );
    let mut state = vec![
        ("state", finding.state.as_str()),
        ("reason", finding.reason.as_str()),
        ("reason_ttl", &ttl),
    ];
    if let Some(from) = &from {
        state.push(("reason_ip", from));
    }
    element(text, "state", &state, "/>");
    if let Some(name) = service::service(finding) {
        // nmap's values for a service looked up by port number and for a detected one.
        let proven = finding.service.and_then(ServiceMatch::service).is_some();
        let (method, conf) = if proven {
            ("probed", "10")
        } else {
            ("table", "3")
        };
        let mut service = vec![("name", name)];
        // In the order of nmap's DTD. These come from the service itself.
        if let Some(said) = &finding.detail {
            let said = [
                ("product", &said.product),
                ("version", &said.version),
                ("extrainfo", &said.info),
            ];
            let given = said
                .iter()
                .filter_map(|(key, value)| Some((*key, value.as_deref()?)));
            service.extend(given);
        }
        service.extend([("method", method), ("conf", conf)]);
        element(text, "service", &service, "/>");
    }
    *text += "</port>\n";
}

/// Returns the scan type of the DTD: the technique, if it scans this transport.
fn scan_type(technique: Technique, transport: Transport) -> &'static str {
    match transport {
        _ if technique.transport() == transport => technique.as_str(),
        Transport::Tcp => Technique::Connect.as_str(),
        Transport::Udp => "udp",
        Transport::Sctp => Technique::SctpInit.as_str(),
        Transport::Ip => Technique::IpProtocol.as_str(),
    }
}

fn plural(n: u64, one: &'static str, more: &'static str) -> &'static str {
    if n == 1 { one } else { more }
}

#[cfg(test)]
mod tests;
