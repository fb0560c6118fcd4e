//! Files that are valid at every moment: each piece is written together with what closes the document.
//!
//! The next piece overwrites the closing part. Where the output cannot be
//! written to twice (a pipe), the closing part comes at the end only. This file
//! must not know any format.

use std::io::{self, Seek, SeekFrom, Write};

/// Takes a document in pieces.
pub trait Document {
    /// Writes `text` after the text before, and `tail` after it: what closes the document as it stands.
    fn write(&mut self, text: &str, tail: &str) -> io::Result<()>;

    /// Writes the last piece and whatever closes the document.
    fn finish(&mut self, text: &str, tail: &str) -> io::Result<()>;
}

/// A document on something that is written once, front to back.
#[derive(Debug)]
pub struct Stream<W>(pub W);

impl<W: Write> Document for Stream<W> {
    fn write(&mut self, text: &str, _tail: &str) -> io::Result<()> {
        self.0.write_all(text.as_bytes())?;
        self.0.flush()
    }

    fn finish(&mut self, text: &str, tail: &str) -> io::Result<()> {
        self.0.write_all(text.as_bytes())?;
        self.0.write_all(tail.as_bytes())?;
        self.0.flush()
    }
}

/// A document in a file: closed after each piece. Hand it an unbuffered writer, so that a
/// piece and its tail reach the file in one call.
#[derive(Debug)]
pub struct Closed<F> {
    file: F,
    /// Where the next piece goes, and where the file ends.
    at: u64,
    end: u64,
}

impl<F: Write + Seek> Closed<F> {
    /// A document that begins at the beginning of `file`, which is empty.
    pub const fn new(file: F) -> Closed<F> {
        Closed {
            file,
            at: 0,
            end: 0,
        }
    }
}

impl<F: Write + Seek> Document for Closed<F> {
    fn write(&mut self, text: &str, tail: &str) -> io::Result<()> {
        let next = self.at + text.len() as u64;
        let end = next + tail.len() as u64;
        let mut piece = Vec::with_capacity(text.len() + tail.len());
        piece.extend_from_slice(text.as_bytes());
        piece.extend_from_slice(tail.as_bytes());
        // Blank lines cover what a longer tail before left behind.
        let left = self.end.saturating_sub(end);
        piece.extend(std::iter::repeat_n(b'\n', left as usize));
        self.file.seek(SeekFrom::Start(self.at))?;
        self.file.write_all(&piece)?;
        self.file.flush()?;
        (self.at, self.end) = (next, self.end.max(end));
        Ok(())
    }

    fn finish(&mut self, text: &str, tail: &str) -> io::Result<()> {
        self.write(text, tail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Cursor;

    #[test]
    fn a_stream_gets_its_tail_at_the_end() {
        let mut out = Vec::new();
        let mut stream = Stream(&mut out);
        stream.write("<a>", "</a>").unwrap();
        stream.write("1", "</a>").unwrap();
        stream.finish("2", "</a>").unwrap();
        assert_eq!(out, b"<a>12</a>");
    }

    proptest! {
        #[test]
        fn a_file_is_closed_after_each_piece(pieces in proptest::collection::vec(("[a-z]{0,9}", "[0-9]{0,9}"), 1..9)) {
            let mut file = Closed::new(Cursor::new(Vec::new()));
            let mut so_far = String::new();
            for (text, tail) in &pieces {
                file.write(text, tail).unwrap();
                so_far += text;
                let written = String::from_utf8(file.file.get_ref().clone()).unwrap();
                prop_assert_eq!(written.trim_end(), format!("{so_far}{tail}"));
            }
        }
    }
}
