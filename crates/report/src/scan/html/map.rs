//! The port map: hosts by ports as a picture.
//!
//! Each state has its own shape, so that the picture can be read without colours. Each shape has a text for pointers and
//! screen readers.

use std::collections::BTreeMap;

use maud::{Markup, html};
use vigie_scan::PortState;
use vigie_scan::finding::Finding;
use vigie_scope::Transport;

use super::Page;
use super::hosts::class;
use crate::scan::gather::HostResult;
use crate::scan::human::state_key;
use crate::{Message, escape, width};

/// Maximum number of rows. Hosts with open ports come first.
const MAX_ROWS: usize = 256;
/// Maximum number of columns. Open ports come first.
const MAX_COLUMNS: usize = 48;
/// Sizes in pixels: a cell, a letter of a label, the margins.
const CELL: usize = 20;
const LETTER: f64 = 7.3;
const TOP: usize = 62;
const RIGHT: usize = 34;

type Port = (Transport, u16);

impl Page<'_> {
    pub(super) fn map(&self) -> Markup {
        let columns = self.columns();
        let mut rows: Vec<&HostResult> = self
            .hosts
            .iter()
            .copied()
            .filter(|h| !h.ports.is_empty())
            .collect();
        rows.sort_by_key(|h| (std::cmp::Reverse(h.open()), h.found.host));
        let hidden = rows.len().saturating_sub(MAX_ROWS);
        rows.truncate(MAX_ROWS);
        rows.sort_by_key(|h| h.found.host);
        html! {
            @if !columns.is_empty() && !rows.is_empty() {
                section aria-labelledby="map" {
                    (self.heading("map", "html-map"))
                    div.scroll tabindex="0" { (self.picture(&rows, &columns)) }
                    (self.legend(&rows, &columns))
                    @if hidden > 0 {
                        p { (self.say(&Message::new("html-map-more").amount("n", hidden as u64))) }
                    }
                }
            }
        }
    }

    /// Returns the ports with a column, in ascending order.
    fn columns(&self) -> Vec<Port> {
        let mut counts: BTreeMap<Port, (u64, u64)> = BTreeMap::new();
        for port in self.hosts.iter().flat_map(|h| &h.ports) {
            let (open, listed) = counts.entry((port.transport, port.port)).or_default();
            *open += u64::from(port.state == PortState::Open);
            *listed += 1;
        }
        let mut ports: Vec<(Port, (u64, u64))> = counts.into_iter().collect();
        ports.sort_by_key(|(port, counts)| (std::cmp::Reverse(*counts), *port));
        ports.truncate(MAX_COLUMNS);
        let mut ports: Vec<Port> = ports.into_iter().map(|(port, _)| port).collect();
        ports.sort_unstable();
        ports
    }

    fn picture(&self, rows: &[&HostResult], columns: &[Port]) -> Markup {
        let labels: Vec<String> = rows.iter().map(|host| self.label(host)).collect();
        let letters = labels.iter().map(|l| width::of(l)).max().unwrap_or(0);
        let left = (letters as f64 * LETTER) as usize + 12;
        let (w, h) = (
            left + columns.len() * CELL + RIGHT,
            TOP + rows.len() * CELL + 8,
        );
        let about = self.say(
            &Message::new("html-map-about")
                .amount("hosts", rows.len() as u64)
                .amount("ports", columns.len() as u64),
        );
        let several = columns.iter().any(|(t, _)| *t != Transport::Tcp);
        html! {
            svg.map width=(w) height=(h) viewBox={ "0 0 " (w) " " (h) } role="img" aria-label=(about) {
                @for (i, (transport, port)) in columns.iter().enumerate() {
                    @let x = left + i * CELL + CELL / 2 + 4;
                    text.port x=(x) y=(TOP - 8) transform={ "rotate(-60 " (x) " " (TOP - 8) ")" } {
                        (port)
                        @if several { "/" (transport.as_str()) }
                    }
                }
                @for (i, (host, label)) in rows.iter().zip(&labels).enumerate() {
                    @let y = TOP + i * CELL;
                    rect class={ "row " (class(usual(host))) } x=(left) y=(y + 1) width=(columns.len() * CELL) height=(CELL - 2) {}
                    text.host x=(left - 8) y=(y + 14) { (label) }
                    @for (j, column) in columns.iter().enumerate() {
                        @if let Some(port) = found(host, *column) {
                            (self.sign(host, port, left + j * CELL, y))
                        }
                    }
                }
            }
        }
    }

    fn label(&self, host: &HostResult) -> String {
        let address = self.scan.address(host.found.host);
        width::cut_middle(&escape::line(&address), 24)
    }

    fn sign(&self, host: &HostResult, port: &Finding, x: usize, y: usize) -> Markup {
        let words = format!(
            "{} {}/{} {} ({})",
            escape::line(&self.scan.address(host.found.host)),
            port.port,
            port.transport,
            self.texts.get(state_key(port.state)),
            port.reason
        );
        html! {
            g.sign transform={ "translate(" (x) " " (y) ")" } {
                title { (words) }
                (shape(port.state))
            }
        }
    }

    /// The shapes that occur, with their texts.
    fn legend(&self, rows: &[&HostResult], columns: &[Port]) -> Markup {
        let drawn = |h: &&HostResult| {
            columns
                .iter()
                .filter_map(|c| found(h, *c).map(|p| p.state))
                .collect::<Vec<_>>()
        };
        let mut states: Vec<PortState> = rows.iter().flat_map(drawn).collect();
        states.sort_unstable();
        states.dedup();
        html! {
            ul.legend {
                @for state in states {
                    li {
                        svg width=(CELL) height=(CELL) viewBox={ "0 0 " (CELL) " " (CELL) } aria-hidden="true" {
                            g.sign { (shape(state)) }
                        }
                        (self.texts.get(state_key(state)))
                    }
                }
                li { (self.texts.get("html-map-blank")) }
            }
        }
    }
}

/// Returns the most frequent state of a host's ports without a shape.
fn usual(host: &HostResult) -> PortState {
    let most = host.unlisted().max_by_key(|c| c.count);
    most.map_or(PortState::Unknown, |c| c.state)
}

fn found(host: &HostResult, (transport, port): Port) -> Option<&Finding> {
    let at = host
        .ports
        .binary_search_by_key(&(transport, port), |p| (p.transport, p.port));
    at.ok().map(|i| &host.ports[i])
}

/// The shape in one cell.
fn shape(state: PortState) -> Markup {
    match state {
        PortState::Open => html! { rect.s-open x="3" y="3" width="14" height="14" rx="4" {} },
        PortState::Closed => html! { path.s-closed d="M6 6L14 14M14 6L6 14" {} },
        PortState::Filtered => {
            html! { rect.s-filtered x="4" y="4" width="12" height="12" {} path.s-filtered d="M4 10L10 4M4 16L16 4M10 16L16 10" {} }
        }
        PortState::OpenFiltered => {
            html! { rect.s-open-filtered x="4" y="4" width="12" height="12" {} path.s-open-filtered-half d="M4 16L16 4L16 16Z" {} }
        }
        PortState::Unfiltered => html! { circle.s-unfiltered cx="10" cy="10" r="5" {} },
        PortState::ClosedFiltered => {
            html! { rect.s-closed-filtered x="4" y="4" width="12" height="12" {} path.s-closed d="M7 7L13 13M13 7L7 13" {} }
        }
        PortState::Unknown => html! { text.s-unknown x="10" y="14" { "?" } },
    }
}
