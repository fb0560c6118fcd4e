//! The output formats: one row per format. A new format is a file with its sink and a row here.

use std::io::{BufWriter, Seek, Write};

use vigie_findings::Sink;
use vigie_findings::json::JsonLines;

use super::csv::Csv;
use super::document::{Document, FileDocument, StreamDocument};
use super::grepable::Grepable;
use super::html::Html;
use super::human::{Human, Style};
use super::xml::{Detail, Xml};
use crate::{Lang, Texts};

/// Size of an output's buffer, in bytes.
const BUFFER: usize = 1 << 16;

/// An output format.
#[derive(Debug)]
pub struct Format {
    /// Name: the word of `-o NAME` and of `--NAME FILE`.
    pub name: &'static str,
    /// nmap's flag for it (`-oX FILE`), if there is one.
    pub nmap_flag: Option<&'static str>,
    /// File name extension with `--output-all BASE`; such a file is not written without one.
    pub extension: Option<&'static str>,
    /// Key of the help text.
    pub help: &'static str,
    /// Whether it shows packets even without `--explain`.
    pub needs_evidence: bool,
    /// Makes the sink.
    make: fn(Destination, Settings) -> Box<dyn Sink>,
}

/// Every format. The first is the default.
pub static FORMATS: [Format; 6] = [
    Format {
        name: "text",
        nmap_flag: Some("-oN"),
        extension: Some("nmap"),
        help: "output-help-text",
        needs_evidence: false,
        make: |out, settings| Box::new(Human::new(out.lines(), settings.texts(), settings.style)),
    },
    Format {
        name: "json",
        nmap_flag: Some("-oJ"),
        extension: Some("jsonl"),
        help: "output-help-json",
        needs_evidence: false,
        make: |out, _| Box::new(JsonLines::new(out.lines())),
    },
    Format {
        name: "xml",
        nmap_flag: Some("-oX"),
        extension: Some("xml"),
        help: "output-help-xml",
        needs_evidence: false,
        make: |out, settings| Box::new(Xml::new(out.document(), settings.detail())),
    },
    Format {
        name: "grepable",
        nmap_flag: Some("-oG"),
        extension: Some("gnmap"),
        help: "output-help-grepable",
        needs_evidence: false,
        make: |out, settings| Box::new(Grepable::new(out.lines(), settings.detail())),
    },
    Format {
        name: "csv",
        nmap_flag: None,
        extension: None,
        help: "output-help-csv",
        needs_evidence: false,
        make: |out, _| Box::new(Csv::new(out.lines())),
    },
    Format {
        name: "html",
        nmap_flag: None,
        extension: None,
        help: "output-help-html",
        needs_evidence: true,
        make: |out, settings| Box::new(Html::new(out.document(), settings.texts())),
    },
];

/// Language and layout of an output.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Language of the formats for people.
    pub lang: Lang,
    /// Layout and amount of detail.
    pub style: Style,
}

impl Settings {
    fn texts(self) -> Texts {
        Texts::new(self.lang)
    }

    const fn detail(self) -> Detail {
        Detail {
            verbosity: self.style.verbosity,
        }
    }
}

/// A file that can be overwritten from an earlier offset.
pub trait Rewrite: Write + Seek {}

impl<T: Write + Seek> Rewrite for T {}

/// Where a sink writes. Neither is buffered by the caller.
pub enum Destination {
    /// An output that is written once, front to back, such as a pipe.
    Stream(Box<dyn Write>),
    /// An empty file.
    File(Box<dyn Rewrite>),
}

impl Destination {
    /// Returns an output for formats that are valid when cut off anywhere.
    fn lines(self) -> Box<dyn Write> {
        match self {
            Destination::Stream(out) => Box::new(BufWriter::with_capacity(BUFFER, out)),
            Destination::File(file) => Box::new(BufWriter::with_capacity(BUFFER, file)),
        }
    }

    /// Returns an output for formats that must be closed.
    fn document(self) -> Box<dyn Document> {
        match self {
            Destination::Stream(out) => {
                let out = BufWriter::with_capacity(BUFFER, out);
                Box::new(StreamDocument(out))
            }
            Destination::File(file) => Box::new(FileDocument::new(file)),
        }
    }
}

impl Format {
    /// Returns the format with this name.
    pub fn by_name(name: &str) -> Option<&'static Format> {
        FORMATS.iter().find(|format| format.name == name)
    }

    /// Returns the default: the report for people.
    pub fn text() -> &'static Format {
        &FORMATS[0]
    }

    /// Returns a sink that writes this format to `out`.
    pub fn sink(&self, out: Destination, settings: Settings) -> Box<dyn Sink> {
        (self.make)(out, settings)
    }
}

/// Formats are the same if their names are.
impl PartialEq for Format {
    fn eq(&self, other: &Format) -> bool {
        self.name == other.name
    }
}

impl Eq for Format {}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::collections::BTreeSet;
    use std::io::{self, Cursor, SeekFrom};
    use std::rc::Rc;

    use vigie_findings::samples;

    use super::*;

    /// An output that tests can read.
    #[derive(Clone, Default)]
    struct Shared(Rc<RefCell<Cursor<Vec<u8>>>>);

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.borrow_mut().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Seek for Shared {
        fn seek(&mut self, at: SeekFrom) -> io::Result<u64> {
            self.0.borrow_mut().seek(at)
        }
    }

    #[test]
    fn names_and_flags_are_unique() {
        let names: BTreeSet<&str> = FORMATS.iter().map(|f| f.name).collect();
        assert_eq!(names.len(), FORMATS.len());
        let flags: Vec<&str> = FORMATS.iter().filter_map(|f| f.nmap_flag).collect();
        assert_eq!(flags.iter().collect::<BTreeSet<_>>().len(), flags.len());
        assert_eq!(Format::by_name("text"), Some(Format::text()));
        assert_eq!(Format::by_name("nothing"), None);
    }

    #[test]
    fn every_format_writes_the_same_to_a_stream_and_to_a_file() {
        let settings = Settings {
            lang: Lang::En,
            style: Style::default(),
        };
        for format in &FORMATS {
            let (stream, file) = (Shared::default(), Shared::default());
            let destinations = [
                Destination::Stream(Box::new(stream.clone())),
                Destination::File(Box::new(file.clone())),
            ];
            for out in destinations {
                let mut sink = format.sink(out, settings);
                samples::near().play(sink.as_mut());
            }
            let text = |out: &Shared| String::from_utf8(out.0.borrow().get_ref().clone()).unwrap();
            let (stream, file) = (text(&stream), text(&file));
            assert!(stream.contains("10.0.1.1"), "{}", format.name);
            // A new version of the page overwrites the file; in a stream it follows the earlier version.
            assert!(
                stream.trim_end().ends_with(file.trim_end()),
                "{}",
                format.name
            );
        }
    }
}
