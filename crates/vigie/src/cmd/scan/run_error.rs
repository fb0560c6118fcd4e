//! Messages for errors that prevent a scan or end it early, with hints.
//!
//! This file must not know how a scan is run.

use vigie_linux::io::IoError;
use vigie_linux::tcp_connect::{ConnectError, Errno};
use vigie_report::Message;

use crate::error::Error;
use crate::kernel;
use crate::ui::Outcome;

/// Returns how the command ends: with the error that ended the scan, or with `exit`.
pub fn outcome(ran: Result<(), vigie_driver::Error<Error>>, exit: Outcome) -> Outcome {
    match ran {
        Ok(()) => exit,
        Err(vigie_driver::Error::Io(error)) => Err(io(&error)),
        Err(vigie_driver::Error::Connect(error)) => Err(connect(&error)),
        Err(vigie_driver::Error::Refused(errno)) => Err(refused(errno)),
        Err(vigie_driver::Error::Observer(error)) => Err(error),
    }
}

/// A packet or UDP socket failed.
pub fn io(error: &IoError) -> Error {
    match error {
        IoError::NotPermitted { .. } => no_permission(),
        IoError::DeviceDown { .. } => link_down(),
        other => {
            Error::could_not_run(Message::new("kernel-refused").text("error", kernel::io(other)))
        }
    }
}

/// The kernel cannot make connections.
pub fn connect(error: &ConnectError) -> Error {
    let text = kernel::connect(error);
    match error {
        ConnectError::NoDescriptors { .. } => {
            Error::could_not_run(text).hint(Message::new("connect-no-descriptors-hint"))
        }
        ConnectError::BadSource { .. } => Error::could_not_run(text),
        _ => Error::could_not_run(Message::new("kernel-refused").text("error", text)),
    }
}

/// This machine does not let connections out.
fn refused(errno: Errno) -> Error {
    match errno {
        Errno::NETDOWN | Errno::NETUNREACH => link_down(),
        other => Error::could_not_run(Message::new("kernel-refused").shown("error", other)),
    }
}

fn link_down() -> Error {
    Error::could_not_run(Message::new("link-went-down")).hint(Message::new("link-went-down-hint"))
}

/// Packet sockets need a capability that this process lacks.
pub fn no_permission() -> Error {
    let program =
        std::env::current_exe().map_or_else(|_| "vigie".to_owned(), |p| p.display().to_string());
    Error::could_not_run(Message::new("no-net-raw"))
        .hint(Message::new("no-net-raw-hint").outside("program", program))
}

/// The checkpoint's targets have no route any more, or another route than before.
pub fn other_plan() -> Error {
    Error::could_not_run(Message::new("state-other-plan")).hint(Message::new("state-refused-hint"))
}

/// The plan cannot be turned into packets.
pub fn broken_plan(error: impl std::fmt::Display) -> Error {
    Error::could_not_run(Message::new("scan-plan-broken").shown("error", error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exit::Exit;

    #[test]
    fn a_network_that_is_down_has_one_message_for_all_backends() {
        let down = IoError::DeviceDown { call: "sendto" };
        let ended = [
            vigie_driver::Error::Io(down),
            vigie_driver::Error::Refused(Errno::NETDOWN),
            vigie_driver::Error::Refused(Errno::NETUNREACH),
        ];
        for error in ended {
            let Err(error) = outcome(Err(error), Ok(Exit::Done)) else {
                panic!("no error");
            };
            assert_eq!(error.message, Message::new("link-went-down"));
        }
        assert_eq!(
            outcome(Ok(()), Ok(Exit::Interrupted)),
            Ok(Exit::Interrupted)
        );
    }
}
