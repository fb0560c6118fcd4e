//! Capture filters: tcpdump's language, read, compiled to the kernel's classic filter machine, and run.
//!
//! Text to [`Expr`] ([`Expr::parse`]), to conditions on bytes for one link type (`lower`), to a graph of tests with the
//! needless ones led past (`graph`), to a [`Program`] (`emit`) that the kernel takes on a socket and that
//! [`Program::accepts`] runs over captured bytes. This module looks up no name itself ([`Names`]) and opens no socket.
//!
//! ```
//! use vigie_wire::LinkType;
//! use vigie_pcap_filter::{Expr, NoNames, Place};
//! let filter = Expr::parse("udp and port 53", &NoNames)?.compile(LinkType::Ethernet, Place::Bytes, 262_144)?;
//! assert!(!filter.accepts(&[0; 60], 60));
//! # Ok::<(), vigie_pcap_filter::FilterError>(())
//! ```
#![no_std]
extern crate alloc;
#[cfg(test)]
extern crate std;

mod arith;
pub mod ast;
pub mod bpf;
mod codegen;
mod condition;
mod error;
mod graph;
mod identify;
mod layout;
mod lex;
mod lower;
mod names;
mod parse;

pub use ast::{Expr, Primitive};
pub use bpf::Program;
pub use error::{Expectation, FilterError, FilterErrorKind};
pub use layout::Place;
pub use names::{Names, NoNames};

use vigie_wire::LinkType;

impl Expr {
    /// Reads a filter in the language of pcap-filter(7). An empty text takes every packet.
    pub fn parse(text: &str, names: &dyn Names) -> Result<Self, FilterError> {
        parse::parse(text, names)
    }

    /// Compiles for packets of a link type; the program keeps up to `snap` bytes of a packet it takes (0 would take
    /// none). Errors: words that this link type has no meaning for, and filters past the kernel's limits.
    pub fn compile(&self, link: LinkType, place: Place, snap: u32) -> Result<Program, FilterError> {
        let condition = lower::lower(self, &mut layout::Layout::new(link, place))?;
        let mut graph = graph::Graph::new(&condition);
        graph.optimise();
        codegen::generate(&graph, snap)
            .map_err(|codegen::TooLong| FilterError::new(FilterErrorKind::TooLong, 0..0))
    }

    /// Whether the filter reads tags that the kernel takes out of the bytes before a socket's filter sees them
    /// (`vlan`): it must then run over the bytes as captured, tags put back.
    #[must_use]
    pub fn needs_tags(&self) -> bool {
        match self {
            Self::All(terms) | Self::Any(terms) => terms.iter().any(Self::needs_tags),
            Self::Not(inner) => inner.needs_tags(),
            Self::Primitive(primitive) => matches!(primitive, Primitive::Vlan(_)),
            Self::Compare(..) => false,
        }
    }
}

#[cfg(test)]
mod tests;
