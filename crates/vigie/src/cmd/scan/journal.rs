//! The results of windows that are over, for a resume: JSON Lines beside the checkpoint.
//!
//! A scan that goes through its hosts in windows forgets each window once it is
//! told. Its checkpoint therefore holds the present window only, and counts on
//! the part of this file that was written before that window began. Who resumes
//! tells of that part first. This file must not know packets.

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
pub struct Journal {
    lines: JsonLines<BufWriter<File>>,
    /// The same file, to ask how long it is.
    file: File,
    /// How long it was when the present window began.
    told: u64,
}

impl Journal {
    /// A journal in `path` for a scan that begins.
    pub fn begin(path: &Path, info: &ScanInfo) -> io::Result<Journal> {
        let file = File::create(path)?;
        let mut lines = JsonLines::new(BufWriter::new(file.try_clone()?));
        lines.begin(info)?;
        let mut journal = Journal {
            lines,
            file,
            told: 0,
        };
        journal.mark()?;
        Ok(journal)
    }

    /// Goes on with the journal in `from`, of which the first `told` bytes count: tells `sink` of them, and keeps
    /// them in `path`.
    pub fn go_on(
        path: &Path,
        from: &Path,
        told: u64,
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
        if file.metadata().map_err(failed)?.len() < told {
            return Err(unreadable(read_error(&ReadError::NotAScan)));
        }
        file.set_len(told).map_err(failed)?;
        file.rewind().map_err(failed)?;
        let input = BufReader::new(file.try_clone().map_err(failed)?.take(told));
        let replayed = json::read_each(input, |at, record, scan| {
            if let Record::Event(event) = record {
                let host = match &event {
                    Event::HostDone(summary) => Some(summary.host.host),
                    _ => None,
                };
                if let Some(host) = host {
                    let names = scan.names.get(&host).into_iter().flatten();
                    for name in names {
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
        Ok(Journal { lines, file, told })
    }

    /// Something happened.
    pub fn event(&mut self, at: Duration, event: &Event) -> io::Result<()> {
        self.lines.event(at, event)
    }

    /// A resolver knows `host` by this name.
    pub fn named(&mut self, host: Host, name: &str) {
        self.lines.named(host, name);
    }

    /// A new window begins: all before it is told.
    pub fn mark(&mut self) -> io::Result<()> {
        self.lines.flush()?;
        self.told = self.file.stream_position()?;
        Ok(())
    }

    /// How many bytes of it are of windows that are over.
    pub fn told(&self) -> u64 {
        self.told
    }
}
