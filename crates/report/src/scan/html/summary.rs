//! The summary of the page: totals, warnings, and what each state means.

use std::collections::BTreeMap;

use maud::{Markup, html};
use vigie_scan::{PortState, Reason};

use super::Page;
use super::hosts::chip;
use crate::scan::human::{state_key, warning_message};
use crate::{Message, number};

impl Page<'_> {
    /// Number of ports of all hosts by state and reason.
    fn totals(&self) -> BTreeMap<(PortState, Reason), u64> {
        let mut totals = BTreeMap::new();
        for host in self.all {
            if host.counts.is_empty() {
                for port in &host.ports {
                    *totals.entry((port.state, port.reason)).or_default() += 1;
                }
            }
            for count in host.counts.iter().filter(|c| c.count > 0) {
                let total: &mut u64 = totals.entry((count.state, count.reason)).or_default();
                *total = total.saturating_add(count.count);
            }
        }
        totals
    }

    /// The totals in large figures.
    pub(super) fn summary(&self) -> Markup {
        let lang = self.texts.lang();
        let (asked, up, _) = self.gather.hosts(self.scan.plan.local.targets.len());
        let mut states: BTreeMap<PortState, u64> = BTreeMap::new();
        for ((state, _), n) in self.totals() {
            let total = states.entry(state).or_default();
            *total = total.saturating_add(n);
        }
        let open = self.all.iter().filter(|h| h.open() > 0).count() as u64;
        let figure = |value: u64, key: &'static str| {
            html! {
                div.figure {
                    dd { (number::whole(value, lang)) }
                    dt { (self.say(&Message::new(key).amount("n", value))) }
                }
            }
        };
        html! {
            section aria-labelledby="summary" {
                (self.heading("summary", "html-summary"))
                dl.figures {
                    (figure(up, "html-hosts-up"))
                    @if asked != up { (figure(asked, "html-hosts-asked")) }
                    (figure(open, "html-hosts-open"))
                    @for (state, n) in &states {
                        div.figure {
                            dd { (number::whole(*n, lang)) }
                            dt { (chip(*state, &self.texts.get(state_key(*state)))) }
                        }
                    }
                    (figure(self.scan.plan.spec.ports_per_host(), "html-ports-each"))
                }
            }
        }
    }

    pub(super) fn warnings(&self) -> Markup {
        html! {
            @if !self.gather.warnings.is_empty() {
                section aria-labelledby="warnings" {
                    (self.heading("warnings", "html-warnings"))
                    ul.warnings {
                        @for warning in self.gather.warnings.iter().take(100) {
                            li { (self.say(&warning_message(self.scan, warning, self.texts.lang()))) }
                        }
                    }
                }
            }
        }
    }
}
