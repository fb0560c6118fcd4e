//! Outputs of a capture: lines, files and the explanation at the end.

use std::time::Duration;

use vigie_pcap::Packet;
use vigie_report::packets::{Check, Seen};
use vigie_wire::LinkType;

use super::lines::Lines;
use super::options::{CaptureOptions, Source};
use crate::capture_file::CaptureFiles;
use crate::error::Error;
use crate::ui::Ui;

/// Outputs of a capture, and the number of packets written.
pub(super) struct Sinks {
    lines: Option<Lines>,
    files: Option<CaptureFiles>,
    /// Number of packets accepted.
    pub(super) accepted: u64,
    /// Maximum number of packets.
    limit: Option<u64>,
    /// The last capture file is full.
    full: bool,
    /// Lines are printed: flush them when no packet is waiting.
    flushes: bool,
    /// Packets to explain at the end.
    explained: Option<Seen>,
    /// Commands that show the same packets.
    check: Check,
}

impl Sinks {
    /// Opens all outputs: `now` in nanoseconds since 1970, 0 if unknown.
    pub(super) fn open(
        options: &CaptureOptions,
        interface: Option<String>,
        now: u64,
    ) -> Result<Self, Error> {
        let tcpdump = match (&options.source, &interface) {
            (Source::File(path), _) => format!("-r {}", shell_word(&path.to_string_lossy())),
            (_, Some(name)) => format!("-i {}", shell_word(name)),
            (_, None) => "-i any".to_owned(),
        };
        let check = Check {
            tcpdump,
            scapy: None,
        };
        let files = options.write.as_ref();
        let files = files
            .map(|write| CaptureFiles::open(write, interface, options.snap, now))
            .transpose()?;
        Ok(Self {
            lines: options.print.map(Lines::new),
            check,
            files,
            accepted: 0,
            limit: options.count,
            full: false,
            flushes: options.print.is_some(),
            explained: options.explain.then(Seen::default),
        })
    }

    /// Writes the file header before the first packet.
    pub(super) fn start(&mut self, link: LinkType) {
        if let Some(files) = &mut self.files {
            files.start(link);
        }
    }

    /// Writes and prints a packet.
    pub(super) fn packet(&mut self, packet: &Packet<'_>, ui: &mut Ui) -> Result<(), Error> {
        if let Some(files) = &mut self.files
            && !files.packet(packet)?
        {
            self.full = true;
            return Ok(());
        }
        if let Some(lines) = &mut self.lines {
            lines.packet(packet, ui)?;
        }
        if let Some(seen) = &mut self.explained {
            let at = packet.time.map(Duration::from_nanos);
            seen.add(at, None, packet.link, packet.length, packet.bytes);
        }
        self.accepted += 1;
        Ok(())
    }

    /// Whether the limit is reached or the last file is full.
    pub(super) fn is_done(&self) -> bool {
        self.full || self.limit.is_some_and(|limit| self.accepted >= limit)
    }

    /// Shows the packets so far. Call it when no packet is waiting.
    pub(super) fn idle(&mut self, ui: &mut Ui) -> Result<(), Error> {
        if self.flushes {
            ui.flush()?;
        }
        Ok(())
    }

    /// Ends the files and prints the explanation: `now` in nanoseconds since 1970, `dropped` packets lost in the kernel.
    pub(super) fn finish(&mut self, now: u64, dropped: u64, ui: &mut Ui) -> Result<(), Error> {
        let files = self
            .files
            .as_mut()
            .map_or(Ok(()), |files| files.finish(now, dropped));
        if let Some(seen) = &self.explained {
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

/// Quotes a word for a shell, without control characters.
fn shell_word(word: &str) -> String {
    let word = vigie_report::escape::line(word);
    let plain = |c: char| c.is_ascii_alphanumeric() || "./_-:@".contains(c);
    if word.chars().all(plain) {
        return word.into_owned();
    }
    ["'", &word.replace('\'', "'\\''"), "'"].concat()
}
