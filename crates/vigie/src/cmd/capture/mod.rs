//! `vigie capture`: the packets on the wire, printed as lines or kept in files, with tcpdump's habits.
//!
//! Raw arguments ([`args`]) become validated [`options`]; packets come from an interface ([`live`]) or a file ([`mod@file`]) and go to
//! [`sink`]s. What packets mean is known to `vigie-print` and `vigie-craft` alone.

use std::time::Duration;

use clap::ArgMatches;
use vigie_pcap::Packet;
use vigie_pcap_filter::{Expr, ProgramInput};
use vigie_report::packets::{Check, Seen};
use vigie_wire::LinkType;

use super::Command;
use crate::error::Error;
use crate::exit::Exit;
use crate::flags;
use crate::flags::capture::CaptureFlags;
use crate::names::LocalNames;
use crate::ui::{Outcome, Ui};

pub mod error;
pub mod file;
pub mod live;
pub mod options;
pub mod sink;

use options::{CaptureOptions, Source};
use sink::{Files, Lines};

/// The command.
pub const COMMAND: Command = Command::new::<CaptureFlags>(flags::capture::command, run);

fn run(matches: &ArgMatches, ui: &mut Ui) -> Outcome {
    let options = CaptureOptions::new(&flags::parse(matches)?)?;
    let names = LocalNames::read(true);
    let expr = Expr::parse(&options.filter, &names)
        .map_err(|error| error::filter(&options.filter, &error))?;
    match &options.source {
        Source::Live(live) => live::run(&options, live, &expr, ui),
        Source::File(path) => file::run(&options, path, &expr, ui),
        Source::Interfaces => interfaces(ui),
        Source::Code { interface, file } => {
            let link = match (file, interface) {
                (Some(path), _) => file::link(path)?,
                (None, Some(name)) => live::link_of(name)?,
                (None, None) => LinkType::Ethernet,
            };
            let program = expr
                .compile(link, ProgramInput::CapturedBytes, options.snap)
                .map_err(|error| error::filter(&options.filter, &error))?;
            ui.line(&program.to_string())?;
            Ok(Exit::Done)
        }
    }
}

/// `-D`: the interfaces that can be listened on.
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

/// Where packets go, and how many have gone there.
pub struct Sinks {
    lines: Option<Lines>,
    files: Option<Files>,
    taken: u64,
    wanted: Option<u64>,
    full: bool,
    flushes: bool,
    seen: Option<Seen>,
    check: Check,
}

impl Sinks {
    fn open(options: &CaptureOptions, interface: Option<String>, now: u64) -> Result<Self, Error> {
        let source = match (&options.source, &interface) {
            (Source::File(path), _) => format!("-r {}", typed(&path.to_string_lossy())),
            (_, Some(name)) => format!("-i {}", typed(name)),
            (_, None) => "-i any".to_owned(),
        };
        let check = Check {
            tcpdump: source,
            scapy: None,
        };
        let files = options.write.as_ref();
        let files = files
            .map(|write| Files::open(write, interface, options.snap, now))
            .transpose()?;
        Ok(Self {
            lines: options.print.map(Lines::new),
            check,
            files,
            taken: 0,
            wanted: options.count,
            full: false,
            flushes: options.print.is_some(),
            seen: options.explain.then(Seen::default),
        })
    }

    /// Writes the head of the file before the first packet comes.
    fn begin(&mut self, link: LinkType) {
        if let Some(files) = &mut self.files {
            files.begin(link);
        }
    }

    fn packet(&mut self, packet: &Packet<'_>, ui: &mut Ui) -> Result<(), Error> {
        if let Some(files) = &mut self.files
            && !files.packet(packet)?
        {
            self.full = true;
            return Ok(());
        }
        if let Some(lines) = &mut self.lines {
            lines.packet(packet, ui)?;
        }
        if let Some(seen) = &mut self.seen {
            let at = packet.time.map(Duration::from_nanos);
            seen.add(at, None, packet.link, packet.length, packet.bytes);
        }
        self.taken += 1;
        Ok(())
    }

    /// Whether nothing more is wanted.
    fn is_done(&self) -> bool {
        self.full || self.wanted.is_some_and(|wanted| self.taken >= wanted)
    }

    /// Nothing more comes for now: what was seen is shown.
    fn idle(&mut self, ui: &mut Ui) -> Result<(), Error> {
        if self.flushes {
            ui.flush()?;
        }
        Ok(())
    }

    fn finish(&mut self, now: u64, dropped: u64, ui: &mut Ui) -> Result<(), Error> {
        let files = self
            .files
            .as_mut()
            .map_or(Ok(()), |files| files.finish(now, dropped));
        if let Some(seen) = &self.seen {
            if self.lines.is_some() {
                let text = seen.explain(ui.texts(), ui.paint(), ui.width(), &self.check);
                ui.out().write_all(text.as_bytes())?;
            } else {
                // Standard output may be the capture file.
                let columns = Some(ui.err_width());
                let text = seen.explain(ui.texts(), ui.err_paint(), columns, &self.check);
                ui.err_text(&text);
            }
        }
        ui.flush()?;
        files
    }
}

/// A word as a shell takes it, safe to print.
fn typed(word: &str) -> String {
    let word = vigie_report::escape::line(word);
    let plain = |c: char| c.is_ascii_alphanumeric() || "./_-:@".contains(c);
    if word.chars().all(plain) {
        return word.into_owned();
    }
    ["'", &word.replace('\'', "'\\''"), "'"].concat()
}
