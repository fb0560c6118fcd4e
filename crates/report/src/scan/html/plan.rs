//! The plan of the scan and its authorizations.

use maud::{Markup, html};
use vigie_scan::plan::{Discovery, NextHop};

use super::Page;
use crate::scan::{permission, ranges};
use crate::{Message, escape, number};
use vigie_findings::PortsAsked;

/// Maximum number of routes that are listed.
const MAX_ROUTES: usize = 32;

impl Page<'_> {
    pub(super) fn plan(&self) -> Markup {
        let lang = self.texts.lang();
        let plan = &self.scan.plan;
        let budget = &plan.spec.budget;
        let command: Vec<_> = self.scan.command.iter().map(|a| escape::line(a)).collect();
        let row = |key: &str, value: Markup| {
            html! { div { dt { (self.texts.get(key)) } dd { (value) } } }
        };
        let text = |value: String| html! { (value) };
        let discovery = match plan.spec.discovery {
            Discovery::Probe => "html-discovery-ask",
            Discovery::AssumeUp => "html-discovery-assume",
        };
        let limit = |value: Option<f64>| value.map(|rate| number::rate(rate, lang));
        html! {
            section aria-labelledby="plan" {
                (self.heading("plan", "html-plan"))
                dl.plan {
                    (row("html-command", html! { code { (command.join(" ")) } }))
                    (row("html-addresses", text(number::whole(plan.local.targets.len(), lang))))
                    (row("html-ports", self.ports_asked()))
                    (row("html-technique", html! { code { (plan.spec.technique().as_str()) } }))
                    (row("html-discovery", text(self.texts.get(discovery))))
                    (row("html-ways", self.ways()))
                    (row("html-tries", text(number::whole(u64::from(budget.max_tries), lang))))
                    (row("html-confidence", text(number::decimal(budget.confidence, 4, lang))))
                    @if let Some(rate) = limit(budget.max_rate) { (row("html-max-rate", text(rate))) }
                    @if let Some(rate) = limit(budget.min_rate) { (row("html-min-rate", text(rate))) }
                    @if let Some(time) = budget.max_time { (row("html-max-time", text(number::duration(time, lang)))) }
                    @if let Some(time) = budget.host_timeout { (row("html-host-timeout", text(number::duration(time, lang)))) }
                    (row("html-seed", html! { code { (plan.spec.seed) } }))
                    (row("html-most", text(number::whole(permission::most(self.scan), lang))))
                }
                (self.scope())
            }
        }
    }

    fn ports_asked(&self) -> Markup {
        let all = ranges::by_transport(&self.scan.plan.spec.all_ports());
        html! {
            @if self.scan.ports_asked == PortsAsked::Top {
                (self.texts.get("html-ports-top")) " "
            }
            @for (transport, ports) in &all {
                details.list {
                    summary {
                        (self.say(
                            &Message::new("plan-ports-many")
                                .amount("n", ranges::count(ports))
                                .safe("transport", transport.as_str().to_uppercase()),
                        ))
                    }
                    code { (ranges::text(ports)) }
                }
            }
        }
    }

    /// The interface, source address and router for each part of the targets.
    fn ways(&self) -> Markup {
        let plan = &self.scan.plan;
        let segments = plan.local.targets.segments();
        html! {
            ul {
                @for segment in segments.iter().take(MAX_ROUTES) {
                    @if let Some(route) = plan.local.routes.get(segment.route as usize) {
                        @let message = match route.hop {
                            NextHop::Gateway(gateway) => Message::new("plan-route-gateway").shown("gateway", gateway),
                            NextHop::Direct | NextHop::OnLink => Message::new("plan-route"),
                        };
                        li {
                            (self.say(
                                &message
                                    .safe("range", segment.range.to_text())
                                    .outside("link", &route.link_name)
                                    .shown("source", route.source),
                            ))
                        }
                    }
                }
                @if segments.len() > MAX_ROUTES { li { "…" } }
            }
        }
    }

    fn scope(&self) -> Markup {
        let authorizations = &self.scan.permission.authorizations;
        html! {
            h3 { (self.texts.get("html-scope")) }
            @if authorizations.is_empty() {
                p { (self.texts.get("html-scope-none")) }
            } @else {
                ul {
                    @for authorization in authorizations {
                        li {
                            (self.say(
                                &Message::new("html-scope-ground")
                                    .text("ground", permission::allowance(&authorization.source))
                                    .amount("hosts", authorization.hosts),
                            ))
                        }
                    }
                }
            }
        }
    }
}
