//! English sentences for results that have no field in a machine format. They are not translated.

use vigie_findings::ScanInfo;
use vigie_findings::time::rfc3339;
use vigie_findings::words::{WarningParts, warning_parts};
use vigie_scan::event::{EndReason, Warning};
use vigie_scope::AuthSource;

/// Returns the command line on one line, unquoted, as nmap writes it.
pub(super) fn command(scan: &ScanInfo) -> String {
    scan.command.join(" ")
}

/// Returns a warning: its word in JSON Lines, its host and its numbers.
pub(super) fn warning(scan: &ScanInfo, warning: &Warning) -> String {
    let WarningParts {
        word,
        host,
        count,
        rate,
    } = warning_parts(warning);
    let mut text = word.to_owned();
    if let Some(host) = host {
        text = format!("{text} host={}", scan.address(host));
    }
    if let Some(count) = count {
        text = format!("{text} count={count}");
    }
    if let Some(rate) = rate {
        text = format!("{text} rate={rate:.1}");
    }
    if let Warning::AllOpen {
        handshakes: Some(handshakes),
        ..
    } = warning
    {
        text = format!("{text} verified={}", handshakes.verdict().as_str());
        for tried in handshakes.real() {
            text = format!("{text} real={}", tried.port);
        }
    }
    text
}

/// Returns why a scan is not complete.
pub(super) const fn cut_short(end: EndReason) -> &'static str {
    match end {
        EndReason::Interrupted => "interrupted",
        EndReason::MaxTime => "time limit of the scan reached",
        EndReason::Budget => "some ports are unproven",
        _ => "ended before every port was certain",
    }
}

/// Returns the authorizations of the scan, one line for each.
pub(super) fn permission(scan: &ScanInfo) -> Vec<String> {
    scan.permission
        .authorizations
        .iter()
        .map(|authorization| {
            let about = match &authorization.source {
                AuthSource::OwnAddress | AuthSource::Loopback | AuthSource::Lab => String::new(),
                AuthSource::Connected { network, interface } => {
                    format!(" network={} interface={interface}", network.to_text())
                }
                AuthSource::Scope { file, who, until } => {
                    let until = until.map_or(String::new(), |u| format!(" until={}", rfc3339(u)));
                    format!(" file={file} who={who}{until}")
                }
                AuthSource::CommandLine { who } | AuthSource::Prompt { who } => {
                    format!(" who={who}")
                }
            };
            format!(
                "{} hosts={}{about}",
                authorization.source.as_str(),
                authorization.hosts
            )
        })
        .collect()
}
