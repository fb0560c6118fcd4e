//! The hosts, each with its ports.

use maud::{Markup, html};
use vigie_findings::service;
use vigie_scan::event::{EndReason, Path, StateCount};
use vigie_scan::finding::Finding;
use vigie_scan::{PortState, Reason};

use super::Page;
use crate::scan::gather::HostResult;
use crate::scan::human::{silence, state_key};
use crate::scan::machines;
use crate::scan::{path, udp};
use crate::{Message, escape, number};
use vigie_findings::machines::LiveHosts;

/// Maximum number of machines with several addresses that are listed.
const MAX_MACHINES: usize = 100;

/// Returns the state as a word with its colour and shape.
pub(super) fn chip(state: PortState, word: &str) -> Markup {
    html! { span class={ "chip " (class(state)) } { (word) } }
}

/// Returns the class of a state in the style sheet.
pub(super) const fn class(state: PortState) -> &'static str {
    match state {
        PortState::Open => "s-open",
        PortState::Closed => "s-closed",
        PortState::Filtered => "s-filtered",
        PortState::Unfiltered => "s-unfiltered",
        PortState::OpenFiltered => "s-open-filtered",
        PortState::ClosedFiltered => "s-closed-filtered",
        PortState::Unknown => "s-unknown",
    }
}

impl Page<'_> {
    pub(super) fn host_list(&self) -> Markup {
        let few = self.hosts.len() <= 40;
        html! {
            section aria-labelledby="hosts" {
                (self.heading("hosts", "html-hosts"))
                @if self.hosts.is_empty() { p { (self.texts.get("html-no-hosts")) } }
                @for machine in &self.machines() { p { (machine) } }
                @for host in &self.hosts {
                    (self.host(host, few || host.open() > 0))
                }
                @if self.left_out > 0 {
                    p { (self.say(&Message::new("html-hosts-left-out").amount("n", self.left_out as u64))) }
                }
            }
        }
    }

    /// The addresses that seem to belong to one machine.
    fn machines(&self) -> Vec<String> {
        let mut known = LiveHosts::default();
        self.all.iter().for_each(|host| known.add(&host.found));
        let machines = known.machines(self.scan);
        let shown = machines.iter().take(MAX_MACHINES);
        shown
            .map(|machine| machines::line(machine, self.scan, self.texts))
            .collect()
    }

    fn host(&self, host: &HostResult, open: bool) -> Markup {
        let found = &host.found;
        let address = self.scan.address(found.host);
        let names = self.scan.names.get(&found.host);
        html! {
            details.host open[open] {
                summary {
                    h3 { (escape::line(&address)) }
                    @for name in names.into_iter().flatten().take(8) {
                        span.name { (escape::line(name)) }
                    }
                    span.open-count {
                        (self.texts.format("count-open", &[("n", host.open().into())]))
                    }
                }
                p.facts { (self.facts(host)) }
                @if !host.ports.is_empty() { (self.ports(host)) }
                (self.not_shown(host))
                @if let Some(path) = &host.path { (self.path(path)) }
                (self.ended(host))
            }
        }
    }

    /// The reason of the host's state, its round-trip time and its hardware address.
    fn facts(&self, host: &HostResult) -> String {
        let found = &host.found;
        let mut facts = vec![found.reason.as_str().to_owned()];
        if let Some(rtt) = found.rtt {
            facts.push(number::duration(rtt, self.texts.lang()));
        }
        if let Some(ttl) = found.ttl {
            facts.push(format!("ttl {ttl}"));
        }
        if let Some(mac) = found.mac {
            facts.push(self.say(&Message::new("host-mac").shown("mac", mac)));
        }
        facts.join(" · ")
    }

    fn ports(&self, host: &HostResult) -> Markup {
        html! {
            div.scroll tabindex="0" {
                table {
                    thead {
                        tr {
                            @for key in ["column-port", "column-state", "column-service", "column-reason", "html-column-rtt"] {
                                th scope="col" { (self.texts.get(key)) }
                            }
                        }
                    }
                    tbody {
                        @for port in &host.ports { (self.port(port)) }
                    }
                }
            }
        }
    }

    fn port(&self, port: &Finding) -> Markup {
        let service = service::service(port).unwrap_or("");
        let rtt = port.rtt.map(|d| number::duration(d, self.texts.lang()));
        html! {
            tr {
                th scope="row" { (port.port) "/" (port.transport.as_str()) }
                td { (chip(port.state, &self.texts.get(state_key(port.state)))) }
                td { (service) }
                td { (self.reason(port)) }
                td.number { (rtt.unwrap_or_default()) }
            }
        }
    }

    /// The route, a row for each hop.
    fn path(&self, path: &Path) -> Markup {
        let (title, steps) = path::lines(path, self.texts);
        html! {
            p.facts { (title) }
            pre.path { @for step in &steps { (step) "\n" } }
        }
    }

    /// Why the port has its state: the sender of the answer, or the certainty of silence.
    fn reason(&self, port: &Finding) -> String {
        let mut reason = Message::new("html-reason").safe("reason", port.reason.as_str());
        if let Some(from) = port.from.filter(|ip| *ip != port.host.ip) {
            reason = Message::new("reason-from")
                .text("reason", reason)
                .shown("from", from);
        }
        if let Some(ttl) = port.ttl {
            reason = Message::new("reason-ttl")
                .text("reason", reason)
                .shown("ttl", ttl);
        }
        if port.reason == Reason::NoResponse || port.miss_probability > 0.0 {
            let silence = silence(self.texts, port.tries, port.miss_probability);
            reason = Message::new("reason-silent")
                .text("reason", reason)
                .safe("silence", silence);
        }
        if let Some(said) = udp::said(port) {
            reason = Message::new("reason-said")
                .text("reason", reason)
                .outside("said", said);
        }
        self.say(&reason)
    }

    /// The groups of ports that are only counted.
    fn not_shown(&self, host: &HostResult) -> Markup {
        let groups: Vec<&StateCount> = host.unlisted().collect();
        html! {
            @if !groups.is_empty() {
                p.rest {
                    (self.texts.get("html-not-listed"))
                    @for group in groups {
                        span.group {
                            span class={ "chip " (class(group.state)) } {
                                (self.texts.format(&state_key(group.state).replace("state-", "count-"), &[("n", group.count.into())]))
                            }
                            " " (self.why(group))
                        }
                    }
                }
            }
        }
    }

    fn why(&self, group: &StateCount) -> String {
        let reason = group.reason.as_str();
        if group.tries == 0 || group.reason != Reason::NoResponse && group.miss_probability <= 0.0 {
            return reason.to_owned();
        }
        let silence = silence(self.texts, group.tries, group.miss_probability);
        let message = Message::new("reason-missed").safe("reason", reason);
        self.say(&message.safe("silence", silence))
    }

    /// A note if the scan of the host was cut short.
    fn ended(&self, host: &HostResult) -> Markup {
        let key = match host.ended {
            Some(EndReason::HostTimeout) => Some("ended-host-timeout"),
            Some(EndReason::MaxTime) => Some("ended-max-time"),
            Some(EndReason::Interrupted) => Some("ended-interrupted"),
            Some(EndReason::Failed) => Some("ended-failed"),
            None if host.partial => Some("html-host-partial"),
            None | Some(EndReason::Complete | EndReason::MaxTries | EndReason::Budget) => None,
        };
        let udp = host.udp.iter();
        let udp: Vec<Message> = udp.flat_map(|u| udp::lines(u, self.texts, true)).collect();
        html! {
            @if let Some(key) = key { p.partial { (self.texts.get(key)) } }
            @for line in &udp { p.facts { (self.say(line)) } }
        }
    }
}
