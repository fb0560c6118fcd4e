//! `vigie capture`: captures packets and prints them as lines or writes them to files, with tcpdump's options.
//!
//! Flags ([`crate::flags`]) become validated [`options`]. Packets come from an interface ([`live`]) or a capture file
//! ([`mod@file`]) and go to standard output ([`lines`]) or to capture files ([`crate::capture_file`]). The command
//! does not interpret packets; `vigie-print` and `vigie-report` do.

use clap::ArgMatches;
use vigie_pcap_filter::{Expr, ProgramInput};
use vigie_wire::LinkType;

use super::Command;
use crate::exit::Exit;
use crate::filter_error;
use crate::flags;
use crate::flags::capture::CaptureFlags;
use crate::names::LocalNames;
use crate::ui::{Outcome, Ui};

pub mod file;
pub mod lines;
pub mod live;
pub mod options;
mod sinks;

use options::{CaptureOptions, Source};
use sinks::Sinks;

/// Command `vigie capture`.
pub const COMMAND: Command = Command::new::<CaptureFlags>(flags::capture::command, run);

fn run(matches: &ArgMatches, ui: &mut Ui) -> Outcome {
    let options = CaptureOptions::new(&flags::parse(matches)?)?;
    let names = LocalNames::read(true);
    let expr = Expr::parse(&options.filter, &names)
        .map_err(|error| filter_error::error(&options.filter, &error))?;
    match &options.source {
        Source::Live(live) => live::run(&options, live, &expr, ui),
        Source::File(path) => file::run(&options, path, &expr, ui),
        Source::Interfaces => interfaces(ui),
        Source::Code { interface, file } => {
            let link = match (file, interface) {
                (Some(path), _) => file::link_type(path)?,
                (None, Some(name)) => live::link_type(name)?,
                (None, None) => LinkType::Ethernet,
            };
            let program = expr
                .compile(link, ProgramInput::CapturedBytes, options.snap)
                .map_err(|error| filter_error::error(&options.filter, &error))?;
            ui.line(&program.to_string())?;
            Ok(Exit::Done)
        }
    }
}

/// Lists the interfaces that can capture (`-D`).
fn interfaces(ui: &mut Ui) -> Outcome {
    let texts = ui.texts().clone();
    let links = live::links()?;
    for (number, link) in (1..).zip(&links) {
        let loopback = link.link_layer == vigie_linux::net::LinkLayer::Loopback;
        let flags = [
            (link.up, "capture-link-up"),
            (link.running, "capture-link-running"),
            (loopback, "capture-link-loopback"),
        ];
        let words: Vec<String> = flags
            .iter()
            .filter(|(set, _)| *set)
            .map(|(_, key)| texts.get(key))
            .collect();
        let name = vigie_report::escape::line(&link.name);
        ui.line(&format!("{number}.{name} [{}]", words.join(", ")))?;
    }
    ui.line(&format!(
        "{}.any [{}]",
        links.len() + 1,
        texts.get("capture-link-any")
    ))?;
    Ok(Exit::Done)
}
