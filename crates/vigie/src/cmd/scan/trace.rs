//! `--packet-trace`: a line for each packet of the scan, in the format of `vigie capture`.
//!
//! `SENT` and `RCVD` mark packets of the scan itself. `CONN` reports connections that the kernel makes: this process never
//! sees their packets. The lines are not translated. This module must not know why a packet was sent.

use std::io::{self, BufWriter, Write};
use std::net::SocketAddr;

use vigie_driver::ConnectionState;
use vigie_linux::clock::unix_ns;
use vigie_linux::tcp_connect::Outcome;
use vigie_print::{Options, Printer, TimeStyle};

use super::frames::CapturedFrame;
use crate::local_time::LocalClock;
use crate::names::LocalNames;
use vigie_report::scan::formats::Format;

use crate::outputs::Output;

/// Prints to standard output if the report for people goes there, otherwise to standard error.
pub struct Trace {
    printer: Printer,
    clock: LocalClock,
    names: LocalNames,
    line: String,
    out: BufWriter<Box<dyn Write>>,
}

impl Trace {
    /// Returns a trace for a scan with these outputs.
    pub fn new(outputs: &[Output]) -> Trace {
        let report = |o: &Output| o.file.is_none() && o.format == Format::text();
        let out: Box<dyn Write> = if outputs.iter().any(report) {
            Box::new(io::stdout())
        } else {
            Box::new(io::stderr())
        };
        Trace {
            printer: Printer::new(Options::default()),
            clock: LocalClock::new(TimeStyle::OfDay, false),
            names: LocalNames::read(true),
            line: String::new(),
            out: BufWriter::with_capacity(1 << 16, out),
        }
    }

    /// Prints a packet.
    pub fn frame(&mut self, frame: &CapturedFrame) -> io::Result<()> {
        self.begin(
            if frame.purpose.is_some() {
                "SENT"
            } else {
                "RCVD"
            },
            frame.at,
        );
        let length = frame.bytes.len() as u32;
        self.printer.print(
            frame.kind.number(),
            length,
            &frame.bytes,
            &self.names,
            &mut self.line,
        );
        self.end()
    }

    /// Prints the new state of a connection to `to`.
    pub fn connection(&mut self, to: SocketAddr, state: &ConnectionState) -> io::Result<()> {
        self.begin("CONN", unix_ns());
        self.line += "TCP ";
        self.line += &to.to_string();
        self.line.push(' ');
        self.line += &connection_state(state);
        self.end()
    }

    /// Writes buffered lines.
    pub fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn begin(&mut self, word: &str, at: u64) {
        self.line.clear();
        self.line += word;
        self.line.push(' ');
        self.clock.print(at, &mut self.line);
    }

    fn end(&mut self) -> io::Result<()> {
        self.line.push('\n');
        self.out.write_all(self.line.as_bytes())
    }
}

/// Returns the name of a connection's state in the terms of RFC 9293 and errno(3).
fn connection_state(state: &ConnectionState) -> String {
    match state {
        ConnectionState::Started => "SYN-SENT".to_owned(),
        ConnectionState::GivenUp => "no answer in time".to_owned(),
        ConnectionState::Ended(outcome) => match outcome {
            Outcome::Connected => "ESTABLISHED".to_owned(),
            Outcome::Reset => "ECONNRESET".to_owned(),
            Outcome::Refused => "ECONNREFUSED".to_owned(),
            Outcome::Icmp { from, kind, code } => {
                format!("ICMP type {kind} code {code} from {from}")
            }
            Outcome::TimedOut => "ETIMEDOUT".to_owned(),
            Outcome::Local(errno) => errno.to_string(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_have_the_names_of_the_standards() {
        let from = [192, 0, 2, 1].into();
        let (kind, code) = (3, 1);
        for (state, expected) in [
            (ConnectionState::Started, "SYN-SENT"),
            (ConnectionState::GivenUp, "no answer in time"),
            (ConnectionState::Ended(Outcome::Connected), "ESTABLISHED"),
            (
                ConnectionState::Ended(Outcome::Icmp { from, kind, code }),
                "ICMP type 3 code 1 from 192.0.2.1",
            ),
        ] {
            assert_eq!(connection_state(&state), expected);
        }
    }
}
