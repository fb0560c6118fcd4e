//! The explanations with their packets. The sentences come from `explain`.

use maud::{Markup, html};

use super::Page;
use crate::scan::explain::{Explainer, Explanation, diagram};
use vigie_findings::evidence::Evidence;

impl Page<'_> {
    pub(super) fn explained(&self) -> Markup {
        let warnings = &self.gather.warnings;
        let explainer = Explainer::new(self.scan, self.all, warnings, self.evidence, self.loss);
        let all = explainer.all(self.texts);
        html! {
            @if !all.is_empty() {
                section aria-labelledby="explained" {
                    (self.heading("explained", "html-explained"))
                    @for explanation in &all { (self.explanation(explanation)) }
                }
            }
        }
    }

    fn explanation(&self, explanation: &Explanation<'_>) -> Markup {
        html! {
            details.explanation {
                summary { h3 { (explanation.head) } }
                @for place in &explanation.places { p.place { (place) } }
                @for (title, evidence) in &explanation.examples { (self.packets(title, evidence)) }
                @if let Some(none) = &explanation.no_packets { p.place { (none) } }
                dl.sections {
                    @for (title, sentences) in &explanation.sections {
                        div {
                            dt { (title) }
                            @for sentence in sentences { dd { (sentence) } }
                        }
                    }
                    @if !explanation.check.is_empty() {
                        div {
                            dt { (self.texts.get("explain-check")) }
                            @for (_, command) in &explanation.check { dd { code { (command) } } }
                        }
                    }
                }
            }
        }
    }

    fn packets(&self, title: &str, evidence: &Evidence) -> Markup {
        let silence = self.texts.get("explain-nothing-came");
        let lines = diagram::lines(evidence).join("\n");
        let arrows = diagram::arrows(evidence, &silence, self.texts.lang()).join("\n");
        html! {
            p.example { (title) }
            div.scroll tabindex="0" {
                pre { (arrows) }
                pre.packets { (lines) }
            }
            @for left_out in diagram::left_out(evidence, self.texts) { p.place { (left_out) } }
        }
    }
}
