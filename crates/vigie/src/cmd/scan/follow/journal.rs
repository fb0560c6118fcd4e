//! The journal of a scan that runs in windows: the results of finished windows, as JSON Lines in a file next to the checkpoint.
//!
//! The engine forgets each window once it is reported. A checkpoint therefore holds the current window only, and depends
//! on the part of the journal that was written before that window began. A resumed scan replays that part first. This
//! module must not know packets.

use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Read as _, Seek as _, SeekFrom};
use std::path::Path;
use std::time::Duration;

use vigie_findings::json::{self, JsonLines, ReadError, Record};
use vigie_findings::{ScanInfo, Sink};
use vigie_report::Message;
use vigie_report::scan::read_error;
use vigie_scan::Event;
use vigie_scope::Host;

use crate::error::Error;

/// The journal of a scan.
pub(super) struct Journal {
    lines: JsonLines<BufWriter<File>>,
    /// The same file, to read its length.
    file: File,
    /// Length in bytes when the current window began.
    marked: u64,
}

impl Journal {
    /// Creates a journal in `path` for a new scan.
    pub(super) fn begin(path: &Path, info: &ScanInfo) -> io::Result<Journal> {
        let file = File::create(path)?;
        let mut lines = JsonLines::new(BufWriter::new(file.try_clone()?));
        lines.begin(info)?;
        let mut journal = Journal {
            lines,
            file,
            marked: 0,
        };
        journal.mark()?;
        Ok(journal)
    }

    /// Continues the journal in `from` after its first `length` bytes: replays these to `sink` and copies them to
    /// `path`.
    pub(super) fn resume(
        path: &Path,
        from: &Path,
        length: u64,
        info: &ScanInfo,
        sink: &mut dyn Sink,
    ) -> Result<Journal, Error> {
        let unreadable = |what: Message| {
            let message = Message::new("state-journal-unreadable")
                .outside("file", from.display().to_string())
                .text("what", what);
            Error::could_not_run(message).hint(Message::new("state-refused-hint"))
        };
        let failed = |error: io::Error| unreadable(read_error(&ReadError::Io(error)));
        if path != from {
            std::fs::copy(from, path).map_err(failed)?;
        }
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .open(path)
            .map_err(failed)?;
        if file.metadata().map_err(failed)?.len() < length {
            return Err(unreadable(read_error(&ReadError::NotAScan)));
        }
        file.set_len(length).map_err(failed)?;
        file.rewind().map_err(failed)?;
        let input = BufReader::new(file.try_clone().map_err(failed)?.take(length));
        let replayed = json::read_each(input, |at, record, scan| {
            if let Record::Event(event) = record {
                if let Event::HostDone(summary) = &event {
                    let host = summary.host.host;
                    for name in scan.names.get(&host).into_iter().flatten() {
                        sink.named(host, name);
                    }
                }
                sink.event(at, &event)?;
            }
            Ok(())
        });
        replayed.map_err(|error| unreadable(read_error(&error)))?;
        file.seek(SeekFrom::End(0)).map_err(failed)?;
        let lines = JsonLines::resume(
            BufWriter::new(file.try_clone().map_err(failed)?),
            info.clone(),
        );
        Ok(Journal {
            lines,
            file,
            marked: length,
        })
    }

    /// Marks the end of a window: everything so far is written, and checkpoints rely on it from now on.
    pub(super) fn mark(&mut self) -> io::Result<()> {
        self.lines.flush()?;
        self.marked = self.file.stream_position()?;
        Ok(())
    }

    /// Returns the length in bytes of the finished windows.
    pub(super) fn marked(&self) -> u64 {
        self.marked
    }
}

impl Sink for Journal {
    /// The beginning is written by [`Journal::begin`].
    fn begin(&mut self, _: &ScanInfo) -> io::Result<()> {
        Ok(())
    }

    fn event(&mut self, at: Duration, event: &Event) -> io::Result<()> {
        self.lines.event(at, event)
    }

    fn named(&mut self, host: Host, name: &str) {
        self.lines.named(host, name);
    }

    fn finish(&mut self) -> io::Result<()> {
        Ok(())
    }
}
