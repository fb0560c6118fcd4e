//! Reads packets from a capture file and applies the filter.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use vigie_pcap::{Packet, Reader, Step};
use vigie_pcap_filter::{Expr, Program, ProgramInput};
use vigie_report::Message;
use vigie_wire::LinkType;

use super::options::CaptureOptions;
use super::{Sinks, live};
use crate::capture_file::read_error;
use crate::error::Error;
use crate::exit::Exit;
use crate::filter_error;
use crate::ui::{Outcome, Ui};

/// Number of bytes to read at once.
const CHUNK: usize = 1 << 20;

/// Reads the file to its end, or until the outputs are done.
pub fn run(options: &CaptureOptions, path: &Path, expr: &Expr, ui: &mut Ui) -> Outcome {
    let unreadable = |error: &io::Error| unreadable(path, error);
    let mut input = open(path)?;
    let mut sinks = Sinks::open(options, None, 0)?;
    let mut filters = Filters {
        options,
        expr,
        compiled: BTreeMap::new(),
    };
    let (mut reader, mut held, mut start) = (Reader::new(), Vec::new(), 0);
    let mut introduced = false;
    let mut outcome = Ok(());
    while outcome.is_ok() && !sinks.is_done() {
        match reader.step(&held[start..]) {
            Ok(Step::Packet { packet, consumed }) => {
                if !std::mem::replace(&mut introduced, true) {
                    introduce(path, &packet, ui);
                }
                outcome = filters.accepts(&packet).and_then(|wanted| {
                    if wanted {
                        sinks.packet(&packet, ui)
                    } else {
                        Ok(())
                    }
                });
                start += consumed;
            }
            Ok(Step::Other { consumed }) => start += consumed,
            Ok(Step::More { needed }) => {
                held.drain(..start);
                start = 0;
                sinks.idle(ui)?;
                let had = held.len();
                let wanted = (needed.saturating_sub(had)).max(CHUNK) as u64;
                let got = input
                    .by_ref()
                    .take(wanted)
                    .read_to_end(&mut held)
                    .map_err(|error| unreadable(&error))?;
                if got == 0 {
                    outcome = reader
                        .cut_short(had)
                        .map_or(Ok(()), |error| Err(broken(path, &error)));
                    break;
                }
            }
            Err(error) => outcome = Err(broken(path, &error)),
        }
    }
    let finished = sinks.finish(0, 0, ui);
    outcome.and(finished)?;
    Ok(Exit::Done)
}

fn open(path: &Path) -> Result<Box<dyn Read>, Error> {
    if path == Path::new("-") {
        return Ok(Box::new(io::stdin()));
    }
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    Ok(Box::new(file))
}

/// Returns the error of a file that cannot be opened or read.
fn unreadable(path: &Path, error: &io::Error) -> Error {
    let message = Message::new("capture-file-unreadable").outside("file", path.to_string_lossy());
    Error::could_not_run(message.shown("error", error))
}

/// Returns the link type of the first packet of a file; Ethernet if there is none or it is unknown.
pub fn link_type(path: &Path) -> Result<LinkType, Error> {
    let mut input = open(path)?;
    let (mut reader, mut held) = (Reader::new(), Vec::new());
    loop {
        match reader.step(&held).map_err(|error| broken(path, &error))? {
            Step::Packet { packet, .. } => {
                return Ok(LinkType::from_number(packet.link).unwrap_or(LinkType::Ethernet));
            }
            Step::Other { consumed } => {
                held.drain(..consumed);
            }
            Step::More { .. } => {
                let mut chunk = input.by_ref().take(CHUNK as u64);
                let got = chunk
                    .read_to_end(&mut held)
                    .map_err(|error| unreadable(path, &error))?;
                if got == 0 {
                    return Ok(LinkType::Ethernet);
                }
            }
        }
    }
}

/// Reports the file and its link type.
fn introduce(path: &Path, packet: &Packet<'_>, ui: &mut Ui) {
    let link = LinkType::from_number(packet.link);
    let link = link.map_or_else(
        || packet.link.to_string(),
        |link| live::link_name(link).to_owned(),
    );
    ui.note(
        &Message::new("capture-reading")
            .outside("file", path.to_string_lossy())
            .outside("link", link),
    );
}

/// Filter, compiled for each link type in the file.
struct Filters<'run> {
    options: &'run CaptureOptions,
    expr: &'run Expr,
    compiled: BTreeMap<u16, Option<Program>>,
}

impl Filters<'_> {
    fn accepts(&mut self, packet: &Packet<'_>) -> Result<bool, Error> {
        if self.options.filter.trim().is_empty() {
            return Ok(true);
        }
        if !self.compiled.contains_key(&packet.link) {
            let link = LinkType::from_number(packet.link);
            let program = link
                .map(|link| {
                    self.expr
                        .compile(link, ProgramInput::CapturedBytes, self.options.snap)
                })
                .transpose();
            let program =
                program.map_err(|error| filter_error::error(&self.options.filter, &error))?;
            self.compiled.insert(packet.link, program);
        }
        // No keyword has a meaning on an unknown link type, so no packet of it matches.
        let program = self.compiled.get(&packet.link).and_then(Option::as_ref);
        Ok(program.is_some_and(|program| program.accepts(packet.bytes, packet.length)))
    }
}

/// Returns the error of a malformed capture file.
fn broken(path: &Path, error: &vigie_pcap::Error) -> Error {
    Error::could_not_run(read_error(path, error))
}
