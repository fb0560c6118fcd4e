//! Capture filters: reads tcpdump's filter language and compiles it to classic BPF.
//!
//! ```
//! use vigie_wire::LinkType;
//! use vigie_pcap_filter::{Expr, NoNames, ProgramInput};
//!
//! let filter = Expr::parse("udp and port 53", &NoNames)?;
//! let program = filter.compile(LinkType::Ethernet, ProgramInput::CapturedBytes, 262_144)?;
//! let frame_of_zeros = [0; 60];
//! assert!(!program.accepts(&frame_of_zeros, 60));
//! println!("{program}"); // as `tcpdump -d` prints it
//! # Ok::<(), vigie_pcap_filter::Error>(())
//! ```
//!
//! Compilation has four steps: text to [`Expr`] (`parse`), to conditions on bytes for one link type (`lower`), to a
//! graph of tests from which redundant ones are removed (`graph`), to a [`Program`] (`codegen`, [`bpf`]). The kernel
//! runs the program on a socket, [`Program::accepts`] runs it on captured bytes.
//!
//! This crate resolves no name itself (see [`FilterNames`]) and opens no socket. It must not depend on packet
//! expressions, capture files or printing.
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
mod identifier;
mod keywords;
mod layout;
mod lex;
mod lower;
mod names;
mod parse;

pub use ast::{Expr, Primitive};
pub use bpf::Program;
pub use error::{Error, ErrorKind, Expectation};
pub use layout::ProgramInput;
pub use names::{FilterNames, NoNames};

use vigie_wire::LinkType;

impl Expr {
    /// Parses a filter in the language of pcap-filter(7). An empty text accepts every packet.
    ///
    /// # Errors
    ///
    /// Every [`ErrorKind`] except [`ErrorKind::NotOnThisLink`].
    pub fn parse(text: &str, names: &dyn FilterNames) -> Result<Self, Error> {
        parse::parse(text, names)
    }

    /// Compiles the filter for packets of one link type. The program keeps up to `snap` bytes of an accepted packet;
    /// a `snap` of 0 would accept nothing.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotOnThisLink`] for a word that has no meaning on the link type, [`ErrorKind::TooLong`] if the
    /// kernel would not accept the program.
    pub fn compile(
        &self,
        link: LinkType,
        input: ProgramInput,
        snap: u32,
    ) -> Result<Program, Error> {
        let condition = lower::lower(self, &mut layout::Layout::new(link, input))?;
        let mut graph = graph::Graph::new(&condition);
        graph.optimise();
        codegen::generate(&graph, snap)
            .map_err(|codegen::TooLong| Error::unplaced(ErrorKind::TooLong))
    }

    /// Returns whether the filter reads VLAN tags.
    ///
    /// The kernel removes the outer tag from the bytes before it runs a socket's filter. Such a filter must run on
    /// captured bytes, with the tag restored.
    #[must_use]
    pub fn reads_vlan_tags(&self) -> bool {
        match self {
            Self::All(terms) | Self::Any(terms) => terms.iter().any(Self::reads_vlan_tags),
            Self::Not(inner) => inner.reads_vlan_tags(),
            Self::Primitive(primitive) => matches!(primitive, Primitive::Vlan(_)),
            Self::Compare(..) => false,
        }
    }
}

#[cfg(test)]
mod tests;
