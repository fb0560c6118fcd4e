//! Prints captured packets as lines on standard output.

use std::io;

use vigie_pcap::Packet;
use vigie_print::Printer;

use super::options::Print;
use crate::local_time::LocalClock;
use crate::names::LocalNames;
use crate::ui::Ui;

/// Prints packets as lines.
pub struct Lines {
    print: Print,
    printer: Printer,
    clock: LocalClock,
    names: LocalNames,
    line: String,
}

impl Lines {
    /// Creates a printer for these options.
    pub fn new(print: Print) -> Self {
        Self {
            print,
            printer: Printer::new(print.options),
            clock: LocalClock::new(print.time, print.nanoseconds),
            names: LocalNames::read(print.numeric),
            line: String::new(),
        }
    }

    /// Prints a packet.
    ///
    /// # Errors
    ///
    /// If standard output cannot be written.
    pub fn packet(&mut self, packet: &Packet<'_>, ui: &mut Ui) -> io::Result<()> {
        let time = packet.time.unwrap_or(0);
        self.line.clear();
        self.clock.print(time, &mut self.line);
        self.printer.print(
            packet.link,
            packet.length,
            packet.bytes,
            &self.names,
            &mut self.line,
        );
        ui.line(&self.line)?;
        if self.print.line_buffered {
            ui.flush()
        } else {
            Ok(())
        }
    }
}
