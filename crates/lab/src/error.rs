//! Errors of building a lab.
//!
//! It must not know how they are worded for people.

use core::fmt;

use rustix::io::Errno;
use vigie_linux::{netlink, netns};

use crate::TopologyError;

/// Why a lab was not built.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The topology is inconsistent.
    Topology(TopologyError),
    /// The kernel refused a link, an address, a route or a packet filter.
    Network {
        /// Name of the node.
        node: String,
        /// Error of the kernel.
        error: netlink::Error,
    },
    /// The kernel refused a namespace or a setting.
    Namespace {
        /// Name of the node.
        node: String,
        /// Error of the kernel.
        error: netns::Error,
    },
    /// A node's service did not start.
    Service {
        /// Name of the node.
        node: String,
        /// Operation, for example "listen on TCP port 80".
        what: String,
        /// Error number.
        errno: Errno,
    },
    /// The services need more open files than this process may have.
    TooManyFiles {
        /// Files needed.
        wanted: u64,
        /// Files allowed.
        allowed: u64,
    },
    /// A node's links did not come up in time.
    NotReady {
        /// Name of the node.
        node: String,
    },
}

impl Error {
    /// Returns whether a privilege was missing: the lab needs root, or a user namespace.
    pub fn is_permission(&self) -> bool {
        match self {
            Self::Network { error, .. } => error.is_permission(),
            Self::Namespace { error, .. } => matches!(error.errno, Errno::PERM | Errno::ACCESS),
            Self::Service { errno, .. } => matches!(*errno, Errno::PERM | Errno::ACCESS),
            _ => false,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Topology(error) => error.fmt(f),
            Self::Network { node, error } => write!(f, "{node}: {error}"),
            Self::Namespace { node, error } => write!(f, "{node}: {error}"),
            Self::Service { node, what, errno } => write!(f, "{node}: {what}: {errno}"),
            Self::TooManyFiles { wanted, allowed } => {
                write!(f, "{wanted} open files wanted, {allowed} allowed")
            }
            Self::NotReady { node } => write!(f, "{node}: its links do not come up"),
        }
    }
}

impl core::error::Error for Error {}

/// Names the node in an error.
pub(crate) trait AtNode<T> {
    fn at(self, node: &str) -> Result<T, Error>;
}

impl<T> AtNode<T> for Result<T, netlink::Error> {
    fn at(self, node: &str) -> Result<T, Error> {
        self.map_err(|error| Error::Network {
            node: node.to_owned(),
            error,
        })
    }
}

impl<T> AtNode<T> for Result<T, netns::Error> {
    fn at(self, node: &str) -> Result<T, Error> {
        self.map_err(|error| Error::Namespace {
            node: node.to_owned(),
            error,
        })
    }
}
