//! Why a lab was not built.

use core::fmt;

use rustix::io::Errno;
use vigie_linux::{netlink, netns};

use crate::TopologyError;

/// Why a lab was not built.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The topology contradicts itself.
    Topology(TopologyError),
    /// The kernel refused a link, an address, a route or a packet filter.
    Network {
        /// The node concerned.
        node: String,
        /// The refusal.
        error: netlink::Error,
    },
    /// The kernel refused a namespace or a setting.
    Namespace {
        /// The node concerned.
        node: String,
        /// The refusal.
        error: netns::Error,
    },
    /// A node's service did not start.
    Service {
        /// The node concerned.
        node: String,
        /// What was wanted, as "listen on TCP port 80".
        what: String,
        /// Why it failed.
        errno: Errno,
    },
    /// The services want more open files than this process may have.
    TooManyFiles {
        /// Files wanted.
        wanted: u64,
        /// Files allowed.
        allowed: u64,
    },
    /// A node's links did not come up in time.
    NotReady {
        /// The node concerned.
        node: String,
    },
}

impl Error {
    /// Whether a right was missing: the lab needs root, or a user namespace.
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
