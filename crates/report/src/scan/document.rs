//! Documents that are valid at every moment: each piece is written together with the text that closes the document.
//!
//! In a file, the next piece overwrites the closing text. A pipe cannot be rewritten, so it gets the closing text at the
//! end only. This file must not know any format.

use std::io::{self, Seek, SeekFrom, Write};

/// Receives a document in pieces.
pub trait Document {
    /// Appends `text`. `tail` closes the document so far.
    ///
    /// # Errors
    /// Returns the error of the output.
    fn write(&mut self, text: &str, tail: &str) -> io::Result<()>;

    /// Writes the last piece and the closing text.
    ///
    /// # Errors
    /// Returns the error of the output.
    fn finish(&mut self, text: &str, tail: &str) -> io::Result<()>;
}

impl<D: Document + ?Sized> Document for Box<D> {
    fn write(&mut self, text: &str, tail: &str) -> io::Result<()> {
        (**self).write(text, tail)
    }

    fn finish(&mut self, text: &str, tail: &str) -> io::Result<()> {
        (**self).finish(text, tail)
    }
}

/// A document on an output that is written once, front to back.
#[derive(Debug)]
pub struct StreamDocument<W>(pub W);

impl<W: Write> Document for StreamDocument<W> {
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

/// A document in a file, closed after each piece. The file must not be buffered, so that a piece and its tail are one
/// write.
#[derive(Debug)]
pub struct FileDocument<F> {
    file: F,
    /// Offset of the next piece.
    next: u64,
    /// Length of the file.
    end: u64,
}

impl<F: Write + Seek> FileDocument<F> {
    /// Returns a document at the beginning of `file`, which is empty.
    pub const fn new(file: F) -> FileDocument<F> {
        FileDocument {
            file,
            next: 0,
            end: 0,
        }
    }
}

impl<F: Write + Seek> Document for FileDocument<F> {
    fn write(&mut self, text: &str, tail: &str) -> io::Result<()> {
        let next = self.next + text.len() as u64;
        let end = next + tail.len() as u64;
        let mut piece = Vec::with_capacity(text.len() + tail.len());
        piece.extend_from_slice(text.as_bytes());
        piece.extend_from_slice(tail.as_bytes());
        // Empty lines overwrite the rest of an earlier tail that was longer.
        let rest = self.end.saturating_sub(end);
        piece.extend(std::iter::repeat_n(b'\n', rest as usize));
        self.file.seek(SeekFrom::Start(self.next))?;
        self.file.write_all(&piece)?;
        self.file.flush()?;
        (self.next, self.end) = (next, self.end.max(end));
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
        let mut stream = StreamDocument(&mut out);
        stream.write("<a>", "</a>").unwrap();
        stream.write("1", "</a>").unwrap();
        stream.finish("2", "</a>").unwrap();
        assert_eq!(out, b"<a>12</a>");
    }

    proptest! {
        #[test]
        fn a_file_is_closed_after_each_piece(pieces in proptest::collection::vec(("[a-z]{0,9}", "[0-9]{0,9}"), 1..9)) {
            let mut file = FileDocument::new(Cursor::new(Vec::new()));
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
