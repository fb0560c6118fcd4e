//! The rate and the loss over the time of the scan, as a picture.

use std::fmt::Write as _;
use std::time::Duration;

use maud::{Markup, html};
use vigie_scan::PortState;
use vigie_scan::event::Progress;

use super::Page;
use crate::{Message, number};

/// Maximum number of samples. When it is reached, every other sample is dropped.
const MAX_SAMPLES: usize = 600;
/// Maximum number of open ports that are marked.
const MAX_OPEN_MARKS: usize = 2_000;
/// Sizes in pixels: the picture and the margins of its axes.
const WIDTH: f64 = 720.0;
const LEFT: f64 = 62.0;
const RIGHT: f64 = 50.0;
const TOP: f64 = 26.0;
const HEIGHT: f64 = 190.0;
const BOTTOM: f64 = 44.0;
/// Width of the label of a phase or round.
const TURN: f64 = 140.0;

/// The rate of a scan over time, from its progress events.
#[derive(Clone, Debug)]
pub(super) struct Timeline {
    samples: Vec<(Duration, Progress)>,
    /// One in `step` samples is stored.
    step: u32,
    skipped: u32,
    open_at: Vec<Duration>,
}

impl Default for Timeline {
    fn default() -> Timeline {
        Timeline {
            samples: Vec::new(),
            step: 1,
            skipped: 0,
            open_at: Vec::new(),
        }
    }
}

/// One point of the curve.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Point {
    at: f64,
    rate: f64,
    loss: f64,
}

impl Timeline {
    pub(super) fn sample(&mut self, at: Duration, progress: &Progress) {
        self.skipped += 1;
        if self.skipped < self.step {
            return;
        }
        self.skipped = 0;
        self.samples.push((at, *progress));
        if self.samples.len() > MAX_SAMPLES {
            let mut keep = false;
            self.samples.retain(|_| {
                keep = !keep;
                keep
            });
            self.step = self.step.saturating_mul(2);
        }
    }

    pub(super) fn found(&mut self, at: Duration, state: PortState) {
        if state == PortState::Open && self.open_at.len() < MAX_OPEN_MARKS {
            self.open_at.push(at);
        }
    }

    /// The rate between two samples comes from the number of probes sent. Where a new phase resets that number, it is the
    /// pacer's rate.
    fn points(&self) -> Vec<Point> {
        let pairs = self.samples.windows(2).filter_map(|pair| {
            let [(from, before), (to, now)] = pair else {
                return None;
            };
            let wait = to.checked_sub(*from).filter(|d| !d.is_zero())?;
            let rate = match now.sent.checked_sub(before.sent) {
                Some(sent) if now.discovering == before.discovering => {
                    sent as f64 / wait.as_secs_f64()
                }
                _ => now.rate,
            };
            Some(Point {
                at: to.as_secs_f64(),
                rate,
                loss: now.loss_rate,
            })
        });
        pairs
            .filter(|p| p.rate.is_finite() && p.loss.is_finite())
            .collect()
    }

    /// The times at which a phase or a round began.
    fn turns(&self) -> Vec<(Duration, bool, u8)> {
        let mut turns: Vec<(Duration, bool, u8)> = Vec::new();
        for (at, progress) in &self.samples {
            let now = (progress.discovering, progress.round);
            if progress.round > 0 && turns.last().is_none_or(|(_, d, r)| (*d, *r) != now) {
                turns.push((*at, now.0, now.1));
            }
        }
        turns
    }
}

impl Page<'_> {
    pub(super) fn timeline(&self) -> Markup {
        let points = self.timeline.points();
        html! {
            section aria-labelledby="timeline" {
                (self.heading("timeline", "html-timeline"))
                @if points.len() < 2 {
                    p { (self.texts.get("html-timeline-short")) }
                } @else {
                    div.scroll tabindex="0" { (self.curves(&points)) }
                    ul.legend {
                        li { span.key-rate {} (self.texts.get("html-timeline-rate")) }
                        li { span.key-loss {} (self.texts.get("html-timeline-loss")) }
                        li { span.key-find {} (self.texts.get("html-timeline-find")) }
                    }
                }
                (self.losses())
            }
        }
    }

    fn curves(&self, points: &[Point]) -> Markup {
        let lang = self.texts.lang();
        let last = points.iter().map(|p| p.at).fold(0.001, f64::max);
        let fastest = round_up(points.iter().map(|p| p.rate).fold(1.0, f64::max));
        let worst = points.iter().map(|p| p.loss).fold(0.0, f64::max);
        let worst = if worst > 0.1 { 1.0 } else { 0.1 };
        let x = |at: f64| LEFT + (at / last).clamp(0.0, 1.0) * (WIDTH - LEFT - RIGHT);
        let y = |share: f64| TOP + (1.0 - share.clamp(0.0, 1.0)) * HEIGHT;
        let line = |value: &dyn Fn(&Point) -> f64| {
            let mut path = String::new();
            for (i, point) in points.iter().enumerate() {
                let letter = if i == 0 { 'M' } else { 'L' };
                write!(path, "{letter}{:.1} {:.1}", x(point.at), y(value(point)))
                    .expect("a String takes all writes");
            }
            path
        };
        let rate = line(&|p| p.rate / fastest);
        let area = format!(
            "{rate}L{:.1} {:.1}L{:.1} {:.1}Z",
            x(last),
            y(0.0),
            x(points[0].at),
            y(0.0)
        );
        let loss = line(&|p| p.loss / worst);
        let height = TOP + HEIGHT + BOTTOM;
        let seconds = |s: f64| match s {
            0.0 => "0 s".to_owned(),
            s => number::duration(Duration::from_secs_f64(s), lang),
        };
        let mut turns: Vec<(f64, bool, u8)> = Vec::new();
        for (at, discovering, round) in self.timeline.turns() {
            let at = x(at.as_secs_f64());
            // Labels that would overlap are omitted.
            if turns.last().is_none_or(|(before, ..)| at - before > TURN) {
                turns.push((at, discovering, round));
            }
        }
        html! {
            svg.timeline width=(WIDTH) height=(height) viewBox={ "0 0 " (WIDTH) " " (height) } role="img"
                aria-label=(self.texts.get("html-timeline-about")) {
                @for quarter in 0..=4u8 {
                    @let share = f64::from(quarter) / 4.0;
                    line.grid x1=(LEFT) x2=(WIDTH - RIGHT) y1=(y(share)) y2=(y(share)) {}
                    text.left x=(LEFT - 6.0) y=(y(share) + 4.0) { (number::rate(fastest * share, lang)) }
                    text.right x=(WIDTH - RIGHT + 6.0) y=(y(share) + 4.0) { (number::percent(worst * share, lang)) }
                    text.below x=(format!("{:.1}", x(last * share))) y=(TOP + HEIGHT + 32.0) { (seconds(last * share)) }
                }
                path.rate-area d=(area) {}
                path.rate d=(rate) {}
                path.loss d=(loss) {}
                @for at in &self.timeline.open_at {
                    @let at = x(at.as_secs_f64());
                    line.find x1=(format!("{at:.1}")) x2=(format!("{at:.1}")) y1=(TOP + HEIGHT + 4.0) y2=(TOP + HEIGHT + 14.0) {}
                }
                @for (at, discovering, round) in turns {
                    line.turn x1=(format!("{at:.1}")) x2=(format!("{at:.1}")) y1=(TOP - 14.0) y2=(TOP + HEIGHT) {}
                    text.turn x=(format!("{:.1}", at + 4.0)) y=(TOP - 6.0) {
                        @if discovering {
                            (self.texts.get("html-timeline-hosts"))
                        } @else {
                            (self.texts.format("progress-round", &[("round", round.into())]))
                        }
                    }
                }
            }
        }
    }

    /// The account of probes and answers.
    fn losses(&self) -> Markup {
        let lines = self
            .gather
            .loss
            .map(|loss| crate::scan::human::loss_messages(&loss, self.texts.lang()));
        html! {
            @for line in lines.into_iter().flatten() {
                p.account { (self.say(&line)) }
            }
            @if self.gather.loss.is_none() {
                p.account { (self.say(&Message::new("html-no-account"))) }
            }
        }
    }
}

/// Returns the smallest of 1, 2, 5, 10, 20, 50, ... that is not below `value`.
fn round_up(value: f64) -> f64 {
    let mut step = 1.0;
    while step < 1e18 {
        for factor in [1.0, 2.0, 5.0] {
            if value <= step * factor {
                return step * factor;
            }
        }
        step *= 10.0;
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn progress(sent: u64, round: u8, discovering: bool) -> Progress {
        Progress {
            sent,
            round,
            discovering,
            rate: 77.0,
            loss_rate: 0.01,
            ..Progress::default()
        }
    }

    #[test]
    fn the_rate_comes_from_the_number_of_probes() {
        let mut pace = Timeline::default();
        let seconds = Duration::from_secs;
        pace.sample(seconds(1), &progress(10, 1, true));
        pace.sample(seconds(2), &progress(30, 1, true));
        pace.sample(seconds(3), &progress(5, 1, false));
        pace.sample(seconds(5), &progress(25, 2, false));
        let rates: Vec<f64> = pace.points().iter().map(|p| p.rate).collect();
        // A new phase resets the number of probes: the pacer's rate is used.
        assert_eq!(rates, [20.0, 77.0, 10.0]);
        assert_eq!(
            pace.turns(),
            [
                (seconds(1), true, 1),
                (seconds(3), false, 1),
                (seconds(5), false, 2)
            ]
        );
    }

    #[test]
    fn a_long_scan_keeps_a_bounded_number_of_samples() {
        let mut pace = Timeline::default();
        for i in 0..100_000u64 {
            pace.sample(Duration::from_millis(i * 100), &progress(i * 9, 1, false));
            pace.found(Duration::from_millis(i), PortState::Open);
        }
        assert!(pace.samples.len() <= MAX_SAMPLES && pace.samples.len() > MAX_SAMPLES / 3);
        assert_eq!(pace.open_at.len(), MAX_OPEN_MARKS);
        assert!(pace.points().iter().all(|p| (p.rate - 90.0).abs() < 1e-6));
    }

    #[test]
    fn axes_end_at_round_numbers() {
        for (value, end) in [
            (0.3, 1.0),
            (1.0, 1.0),
            (3.0, 5.0),
            (7.0, 10.0),
            (1234.0, 2000.0),
        ] {
            assert!((round_up(value) - end).abs() < 1e-9, "{value}");
        }
    }
}
