//! Why a running scan ended early.
//!
//! It must not know how an error is worded for people.

use core::fmt;

use vigie_linux::io::IoError;
use vigie_linux::tcp_connect::{ConnectError, Errno};

/// Why a scan ended early. `E` is the error of its [`Observer`](crate::Observer).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error<E> {
    /// A packet or UDP socket failed.
    Io(IoError),
    /// The kernel cannot make connections.
    Connect(ConnectError),
    /// This machine does not let connections out: the network is down, or a local firewall rejects them.
    Refused(Errno),
    /// The observer failed.
    Observer(E),
}

impl<E> From<IoError> for Error<E> {
    fn from(error: IoError) -> Self {
        Error::Io(error)
    }
}

impl<E> From<ConnectError> for Error<E> {
    fn from(error: ConnectError) -> Self {
        Error::Connect(error)
    }
}

impl<E: fmt::Display> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Io(error) => error.fmt(f),
            Error::Connect(error) => error.fmt(f),
            Error::Refused(errno) => write!(f, "connect: {errno}"),
            Error::Observer(error) => error.fmt(f),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> core::error::Error for Error<E> {}
