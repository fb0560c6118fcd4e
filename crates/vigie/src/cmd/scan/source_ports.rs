//! The source ports of a scan, reserved so that the kernel gives them to no other program.

use vigie_linux::source_port::{PortRequest, ReserveError, SourcePorts};
use vigie_report::Message;
use vigie_scan::plan::Technique;

use super::options::ScanOptions;
use super::{packets, random};
use crate::error::Error;

/// The source ports of a scan. They are reserved as long as this lives.
#[derive(Debug)]
pub struct HeldPorts {
    _held: Option<SourcePorts>,
    firsts: Vec<u16>,
    each: u16,
}

impl HeldPorts {
    /// For backends whose source ports the kernel chooses.
    pub fn none() -> Self {
        Self {
            _held: None,
            firsts: vec![0],
            each: 1,
        }
    }

    /// Reserves the source ports of `senders` threads: adjacent ports for each, or fewer if not enough are free.
    ///
    /// # Errors
    /// The port of the command line is in use or not permitted, or no port is free.
    pub fn reserve(
        options: &ScanOptions,
        technique: Technique,
        senders: u16,
    ) -> Result<Self, Error> {
        let refused = |error: ReserveError| {
            let error = crate::kernel::reserve(&error);
            let message = Message::new("no-source-port").text("error", error);
            Error::could_not_run(message).hint(Message::new("no-source-port-hint"))
        };
        if let Some(port) = options.source_port {
            let held = SourcePorts::reserve(&PortRequest::Exactly(port..=port));
            return held.map(|held| Self::new(held, 1)).map_err(refused);
        }
        let most = packets::source_ports(options, technique);
        let seed = random();
        let any = |senders: u16, each: u16| {
            let count = senders * each;
            SourcePorts::reserve(&PortRequest::Any { count, seed })
                .map(|held| Self::new(held, each))
        };
        let mut held = any(senders, most);
        for (senders, each) in [(1, most), (1, 1)] {
            if let Err(ReserveError::NoneFree { .. }) = held {
                held = any(senders, each);
            }
        }
        held.map_err(refused)
    }

    fn new(held: SourcePorts, each: u16) -> Self {
        let firsts = held.ports().step_by(usize::from(each)).collect();
        Self {
            _held: Some(held),
            firsts,
            each,
        }
    }

    /// The first port of each sender; 0 if the kernel chooses.
    pub fn firsts(&self) -> &[u16] {
        &self.firsts
    }

    /// Number of ports of each sender.
    pub const fn each(&self) -> u16 {
        self.each
    }
}
