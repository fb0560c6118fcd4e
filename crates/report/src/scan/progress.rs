//! The progress line of a scan. The caller decides when and where it is shown.

use vigie_scan::event::Progress;

use crate::{Texts, number, width};

/// Returns the line, without a line end, in at most `columns`.
pub fn line(progress: &Progress, texts: &Texts, columns: usize) -> String {
    let lang = texts.lang();
    let work = if progress.discovering {
        texts.get("progress-discovering")
    } else if progress.udp {
        texts.get("progress-udp")
    } else {
        texts.format("progress-round", &[("round", progress.round.into())])
    };
    let mut line = texts.format(
        "progress",
        &[
            ("percent", number::percent(progress.done, lang).into()),
            ("work", work.into()),
            ("rate", number::rate(progress.rate, lang).into()),
            ("open", progress.open.into()),
        ],
    );
    if let Some(eta) = progress.eta {
        let eta = number::wait(eta, lang);
        line += &texts.format("progress-eta", &[("eta", eta.into())]);
    }
    width::cut(&line, columns)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Lang;
    use std::time::Duration;

    #[test]
    fn the_line_shows_share_rate_time_left_and_open_ports() {
        let progress = Progress {
            done: 0.42,
            rate: 12_340.0,
            eta: Some(Duration::from_secs(75)),
            round: 2,
            open: 1,
            ..Progress::default()
        };
        let said = |lang, columns| line(&progress, &Texts::new(lang), columns);
        assert_eq!(
            said(Lang::En, 80),
            "42% round 2, 12.3 k/s, 1 open, 1 min 15 s left"
        );
        assert_eq!(
            said(Lang::Fr, 80),
            "42\u{a0}% tour 2, 12,3 k/s, 1 ouvert, encore 1 min 15 s"
        );
        assert_eq!(said(Lang::En, 12), "42% round 2…");
    }
}
