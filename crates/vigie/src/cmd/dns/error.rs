//! Reports why there is no answer: dig's line on standard output, and the explanation.

use std::net::SocketAddr;

use vigie_report::Message;

use super::exchange::Failure;
use crate::error::Error;
use crate::exit::Exit;
use crate::ui::Ui;

/// Prints dig's line for a failed attempt.
///
/// # Errors
///
/// If standard output cannot be written.
pub fn print_failure(server: SocketAddr, failure: &Failure, ui: &mut Ui) -> Result<(), Error> {
    let why = match failure {
        Failure::TimedOut => "timed out".to_owned(),
        Failure::PortClosed | Failure::Reset => "connection refused".to_owned(),
        Failure::Unreachable(error) | Failure::System(error) => error.to_string(),
        Failure::Malformed(why) => vigie_report::escape::line(why).into_owned(),
    };
    ui.line(&format!(
        ";; communications error to {}#{}: {why}",
        server.ip(),
        server.port()
    ))?;
    ui.flush()?;
    Ok(())
}

/// Returns the error after the last failed attempt.
pub fn no_answer(servers: &[SocketAddr], last: Option<&Failure>) -> Error {
    let server = servers
        .last()
        .map_or_else(String::new, |server| server.ip().to_string());
    let port = servers.last().map_or(0, SocketAddr::port);
    let about = |key| {
        Message::new(key)
            .outside("server", &server)
            .shown("port", port)
    };
    let (message, hint) = match last {
        Some(Failure::PortClosed) => (
            about("dns-port-closed"),
            Some(about("dns-port-closed-hint")),
        ),
        Some(Failure::Reset) => (about("dns-reset"), Some(about("dns-port-closed-hint"))),
        Some(Failure::TimedOut) => (about("dns-timed-out"), Some(about("dns-timed-out-hint"))),
        Some(Failure::Unreachable(error)) => (about("dns-unreachable").shown("error", error), None),
        Some(Failure::System(error)) => (about("dns-system").shown("error", error), None),
        Some(Failure::Malformed(why)) => (about("dns-malformed").outside("error", why), None),
        None => (Message::new("dns-no-server"), None),
    };
    let error = Error::new(Exit::Failed, message);
    match hint {
        Some(hint) => error.hint(hint),
        None => error,
    }
}
