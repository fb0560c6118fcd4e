//! One host of the report: its first line, its ports, and the ports that are not listed.

use vigie_findings::service;
use vigie_scan::event::{EndReason, HostSummary, Path, StateCount, Warning};
use vigie_scan::finding::{Finding, HostFinding};
use vigie_scan::{HostState, PortState, Reason, ServiceMatch};
use vigie_scope::Host;

use super::Style;
use crate::scan::{handshakes, path, udp};
use crate::style::{Paint, Role};
use crate::table::{Cell, Table};
use crate::{Lang, Message, Texts, escape, number, width};
use vigie_findings::ScanInfo;
use vigie_findings::vendor;

/// Maximum width of a host's names in columns.
const NAMES: usize = 60;

/// Writes the text of one host.
pub(super) struct Block<'a> {
    scan: &'a ScanInfo,
    texts: &'a Texts,
    style: Style,
}

impl<'a> Block<'a> {
    pub(super) fn new(scan: &'a ScanInfo, texts: &'a Texts, style: Style) -> Block<'a> {
        Block { scan, texts, style }
    }

    /// Returns a host that is done, followed by an empty line.
    pub(super) fn done(
        &self,
        summary: &HostSummary,
        ports: &[Finding],
        path: Option<&Path>,
        warnings: &[Warning],
    ) -> String {
        let mut text = self.head(&summary.host) + "\n";
        if self.scan.plan.spec.ports_per_host() == 0 {
            // Hosts with one line are not separated.
            text += &self.path(path);
            for warning in warnings {
                text += &warning_line(self.scan, self.texts, self.style.paint, warning);
                text.push('\n');
            }
            return text;
        }
        let shown = self.shown(ports);
        if let Some(line) = self.not_shown(summary, &shown) {
            text += &line;
            text.push('\n');
        }
        text += &self.table(&shown);
        text += &self.path(path);
        for warning in warnings {
            text += &warning_line(self.scan, self.texts, self.style.paint, warning);
            text.push('\n');
        }
        let udp = summary.udp.iter();
        for message in udp.flat_map(|u| udp::lines(u, self.texts, self.style.verbosity > 0)) {
            let said = self.texts.say(&message);
            text += &self.style.paint.text(Role::Notice, &said);
            text.push('\n');
        }
        if let Some(message) = self.ended(summary) {
            text += &self
                .style
                .paint
                .text(Role::Notice, &self.texts.say(&message));
            text.push('\n');
        }
        text + "\n"
    }

    /// Returns the results of a host without a last event.
    pub(super) fn partial(&self, host: Host, ports: &[Finding], warnings: &[Warning]) -> String {
        let message = Message::new("host-partial").safe("host", self.name(host));
        let mut text = self
            .style
            .paint
            .text(Role::Title, &self.texts.say(&message))
            + "\n";
        text += &self.table(&self.shown(ports));
        for warning in warnings {
            text += &warning_line(self.scan, self.texts, self.style.paint, warning);
            text.push('\n');
        }
        text + "\n"
    }

    /// Returns the line of a host that is not up.
    pub(super) fn down(&self, found: &HostFinding) -> String {
        let mut text = self.head(found) + "\n";
        if found.state == HostState::Down && self.scan.plan.local.targets.len() == 1 {
            let hint = self.texts.get("host-down-hint");
            text += &self.texts.format("hint", &[("text", hint.into())]);
            text.push('\n');
        }
        text
    }

    /// Returns the address and the names of the host, escaped.
    fn name(&self, host: Host) -> String {
        let address = escape::line(&self.scan.address(host)).into_owned();
        match self.scan.names.get(&host) {
            Some(names) if !names.is_empty() => {
                let names = escape::line(&names.join(", ")).into_owned();
                format!("{address} ({})", width::cut_middle(&names, NAMES))
            }
            _ => address,
        }
    }

    fn head(&self, found: &HostFinding) -> String {
        let key = match (found.state, found.reason) {
            (HostState::Up, Reason::UserSet) => "host-assumed-up",
            (HostState::Up, _) => "host-up",
            (HostState::Down, _) => "host-down",
            (HostState::Unknown, _) => "host-unknown",
        };
        let mut how = found.reason.as_str().to_owned();
        if let Some(rtt) = found.rtt {
            how += ", ";
            how += &number::duration(rtt, self.texts.lang());
        }
        let mut message = Message::new(key).safe("host", self.name(found.host));
        if key != "host-assumed-up" {
            message = message.outside("how", how);
        }
        let mut line = self
            .style
            .paint
            .text(Role::Title, &self.texts.say(&message));
        if let Some(mac) = found.mac {
            line += "   ";
            let said = match vendor::of(mac) {
                None => Message::new("host-mac"),
                Some(vendor) => Message::new("host-mac-vendor").outside("vendor", vendor),
            };
            line += &self.texts.say(&said.shown("mac", mac));
        }
        line
    }

    /// Returns the ports with a line, in order.
    fn shown(&self, ports: &[Finding]) -> Vec<Finding> {
        let wanted = |state| {
            !self.style.open_only || matches!(state, PortState::Open | PortState::OpenFiltered)
        };
        let mut shown: Vec<Finding> = ports.iter().filter(|p| wanted(p.state)).cloned().collect();
        shown.sort_by_key(|p| (p.transport, p.port));
        shown
    }

    /// Returns the states of the ports without a line.
    fn not_shown(&self, summary: &HostSummary, shown: &[Finding]) -> Option<String> {
        let mut hidden: Vec<(u64, &StateCount)> = Vec::new();
        for count in &summary.counts {
            let listed = shown
                .iter()
                .filter(|p| (p.state, p.reason) == (count.state, count.reason))
                .count();
            match count.count.saturating_sub(listed as u64) {
                0 => {}
                n => hidden.push((n, count)),
            }
        }
        hidden.sort_by_key(|(n, count)| (std::cmp::Reverse(*n), count.state, count.reason));
        match hidden.as_slice() {
            [] if shown.is_empty() => Some(self.texts.get("no-ports")),
            [] => None,
            [(n, only)] if shown.is_empty() && *n > 1 => {
                let state = self.texts.get(state_key(only.state));
                let state = self.style.paint.text(Role::of_port(only.state), &state);
                let why = self.why(only);
                let group = self
                    .texts
                    .format("group", &[("count", state.into()), ("why", why.into())]);
                Some(
                    self.texts
                        .format("all-alike", &[("n", (*n).into()), ("group", group.into())]),
                )
            }
            groups => {
                let said: Vec<String> = groups
                    .iter()
                    .map(|(n, count)| self.group(*n, count))
                    .collect();
                Some(
                    self.texts
                        .format("not-shown", &[("groups", said.join(", ").into())]),
                )
            }
        }
    }

    /// Returns a group: `997 closed (reset)`.
    fn group(&self, n: u64, count: &StateCount) -> String {
        let key = state_key(count.state).replace("state-", "count-"); // text keys: count-*
        let said = self.texts.format(&key, &[("n", n.into())]);
        let said = self.style.paint.text(Role::of_port(count.state), &said);
        let why = self.why(count);
        self.texts
            .format("group", &[("count", said.into()), ("why", why.into())])
    }

    /// Returns the reason of a group; for silence, with its certainty.
    fn why(&self, count: &StateCount) -> String {
        let reason = count.reason.as_str();
        if count.miss_probability <= 0.0 && count.reason != Reason::NoResponse || count.tries == 0 {
            return reason.to_owned();
        }
        let silence = silence(self.texts, count.tries, count.miss_probability);
        self.texts.format(
            "reason-missed",
            &[("reason", reason.into()), ("silence", silence.into())],
        )
    }

    fn table(&self, shown: &[Finding]) -> String {
        if shown.is_empty() {
            return String::new();
        }
        let columns = [
            "column-port",
            "column-state",
            "column-service",
            "column-reason",
        ];
        let mut table = Table::new(columns.map(|key| self.texts.get(key)).to_vec()).flowing();
        for finding in shown {
            let service = service::service(finding).unwrap_or("");
            table.row(vec![
                Cell::plain(format!("{}/{}", finding.port, finding.transport)),
                Cell::of(
                    Role::of_port(finding.state),
                    self.texts.get(state_key(finding.state)),
                ),
                Cell::plain(service),
                Cell::plain(self.reason(finding)),
            ]);
        }
        format!("\n{}", table.render(self.style.paint, self.style.width))
    }

    /// Returns the route to the host, a line for each hop.
    fn path(&self, path: Option<&Path>) -> String {
        let Some(path) = path else {
            return String::new();
        };
        let (title, steps) = path::lines(path, self.texts);
        let mut text = title + "\n";
        for step in steps {
            text += &step;
            text.push('\n');
        }
        text
    }

    /// Returns why a port has its state, for the last column.
    fn reason(&self, finding: &Finding) -> String {
        let texts = self.texts;
        let mut reason = finding.reason.as_str().to_owned();
        if let Some(from) = finding.from.filter(|ip| *ip != finding.host.ip) {
            reason = texts.format(
                "reason-from",
                &[("reason", reason.into()), ("from", from.to_string().into())],
            );
        }
        if let Some(ttl) = finding.ttl {
            let ttl = ttl.to_string();
            reason = texts.format(
                "reason-ttl",
                &[("reason", reason.into()), ("ttl", ttl.into())],
            );
        }
        if finding.reason == Reason::NoResponse || finding.miss_probability > 0.0 {
            let silence = silence(texts, finding.tries, finding.miss_probability);
            reason = texts.format(
                "reason-silent",
                &[("reason", reason.into()), ("silence", silence.into())],
            );
            if let Some(key) = service::silent_by_design(finding) {
                let why = texts.get(&format!("silence-{key}")); // text keys: silence-*
                reason = texts.format(
                    "reason-by-design",
                    &[("reason", reason.into()), ("why", why.into())],
                );
            }
            return reason;
        }
        match finding.service {
            Some(ServiceMatch::Service(payload)) => {
                reason = texts.format(
                    "reason-confirmed",
                    &[("reason", reason.into()), ("request", payload.into())],
                );
            }
            Some(ServiceMatch::Unknown) => {
                reason = texts.format("reason-unrecognised", &[("reason", reason.into())]);
            }
            None => {}
        }
        if let Some(said) = udp::said(finding) {
            reason = texts.format(
                "reason-said",
                &[("reason", reason.into()), ("said", said.into())],
            );
        }
        if self.style.reason {
            if let Some(rtt) = finding.rtt {
                let rtt = number::duration(rtt, texts.lang());
                reason = texts.format(
                    "reason-rtt",
                    &[("reason", reason.into()), ("rtt", rtt.into())],
                );
            }
            if finding.tries > 1 {
                reason = texts.format(
                    "reason-tries",
                    &[("reason", reason.into()), ("tries", finding.tries.into())],
                );
            }
        }
        reason
    }

    /// Returns why the state of the silent ports is uncertain, if it is.
    fn ended(&self, summary: &HostSummary) -> Option<Message> {
        match summary.ended {
            // The lines about UDP report unproven ports.
            EndReason::Complete | EndReason::Budget => None,
            EndReason::HostTimeout => Some(Message::new("ended-host-timeout")),
            EndReason::MaxTime => Some(Message::new("ended-max-time")),
            EndReason::Interrupted => Some(Message::new("ended-interrupted")),
            EndReason::Failed => Some(Message::new("ended-failed")),
            EndReason::MaxTries => {
                let worst = summary
                    .counts
                    .iter()
                    .map(|c| c.miss_probability)
                    .fold(0.0, f64::max);
                let wanted = 1.0 - self.scan.plan.spec.budget.confidence;
                if worst <= wanted {
                    return None;
                }
                let message = Message::new("ended-max-tries")
                    .outside("p", number::bound(worst, self.texts.lang()));
                Some(message.outside("wanted", number::bound(wanted * 0.999, self.texts.lang())))
            }
        }
    }
}

/// Returns the certainty: `3 tries, missed with p < 0.0001`.
pub(in crate::scan) fn silence(texts: &Texts, tries: u8, p: f64) -> String {
    let p = number::bound(p, texts.lang());
    texts.format("silence", &[("tries", tries.into()), ("p", p.into())])
}

/// Returns the text key of a state. text keys: state-*
pub(in crate::scan) const fn state_key(state: PortState) -> &'static str {
    match state {
        PortState::Open => "state-open",
        PortState::Closed => "state-closed",
        PortState::Filtered => "state-filtered",
        PortState::Unfiltered => "state-unfiltered",
        PortState::OpenFiltered => "state-open-filtered",
        PortState::ClosedFiltered => "state-closed-filtered",
        PortState::Unknown => "state-unknown",
    }
}

/// Returns the line of a warning.
pub(super) fn warning_line(
    scan: &ScanInfo,
    texts: &Texts,
    paint: Paint,
    warning: &Warning,
) -> String {
    let said = texts.say(&warning_message(scan, warning, texts.lang()));
    paint.text(
        Role::Notice,
        &texts.format("warning-line", &[("text", said.into())]),
    )
}

/// Returns the sentence of a warning.
pub(in crate::scan) fn warning_message(scan: &ScanInfo, warning: &Warning, lang: Lang) -> Message {
    let host = |key, host: &Host| Message::new(key).outside("host", scan.address(*host));
    let limits = |key, of, rate: f64| {
        let decimals = usize::from(rate < 10.0);
        host(key, of).outside("rate", number::decimal(rate, decimals, lang))
    };
    match warning {
        Warning::KernelDropped { frames } => {
            Message::new("warning-kernel-dropped").amount("frames", *frames)
        }
        Warning::AllOpen {
            host: h,
            handshakes,
        } => handshakes::warning(&scan.address(*h), handshakes.as_deref()),
        Warning::StrangeSource { from, count } => Message::new("warning-strange-source")
            .shown("from", from)
            .amount("count", *count),
        Warning::StoppedAnswering { host: h } => host("warning-stopped-answering", h),
        Warning::ForeignResets {
            host: h,
            count,
            ttl,
            own_ttl,
        } => host("warning-foreign-resets", h)
            .amount("count", *count)
            .shown("ttl", ttl)
            .shown("own", own_ttl),
        Warning::LimitsResets { host: h, rate } => limits("warning-limits-resets", h, *rate),
        Warning::LimitsErrors { host: h, rate } => limits("warning-limits-errors", h, *rate),
        Warning::Unresolved { host: h } => host("warning-unresolved", h),
    }
}
