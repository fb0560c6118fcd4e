//! Aligned columns, for tables of a hundred thousand rows.
//!
//! All cells are in one string, so that a cell needs no allocation. The width of each column is known after the last cell;
//! then the table is written in large pieces. Text in cells must be escaped already (see [`crate::escape`]).

use std::io::{self, Write};

use crate::style::{Paint, Role};
use crate::width;

/// Alignment of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Left, for words.
    Left,
    /// Right, for numbers.
    Right,
}

/// Size of a write in bytes.
const PIECE: usize = 256 * 1024;

/// A table under construction.
pub struct Table {
    aligns: Vec<Align>,
    widths: Vec<usize>,
    text: String,
    /// End of each cell in `text`.
    ends: Vec<u32>,
    /// Width of a cell, if it differs from its length in bytes.
    wide: Vec<(u32, usize)>,
    roles: Vec<(u32, Role)>,
    /// Lines below a row: the index of the row, and the line.
    below: Vec<(usize, String)>,
}

impl Table {
    /// Returns a table; with `header`, the names of the columns are its first row.
    pub fn new(columns: &[(String, Align)], header: bool) -> Table {
        let mut table = Table {
            aligns: columns.iter().map(|(_, align)| *align).collect(),
            widths: vec![0; columns.len()],
            text: String::new(),
            ends: vec![],
            wide: vec![],
            roles: vec![],
            below: vec![],
        };
        if header {
            for (name, _) in columns {
                table.text.push_str(name);
                table.end_as(Role::Title);
            }
        }
        table
    }

    /// Returns the text of the current cell, to append to.
    pub fn cell(&mut self) -> &mut String {
        &mut self.text
    }

    /// Ends the current cell.
    pub fn end(&mut self) {
        let start = self.ends.last().map_or(0, |end| *end as usize);
        let cell = &self.text[start..];
        let columns = if cell.is_ascii() {
            cell.len()
        } else {
            width::of(cell)
        };
        let index = self.ends.len();
        if columns != cell.len() {
            self.wide.push((index as u32, columns));
        }
        let column = index % self.widths.len();
        self.widths[column] = self.widths[column].max(columns);
        // Offsets have 32 bits: nobody reads a table with more than 4 GiB of text.
        self.ends
            .push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
    }

    /// Ends the current cell, with a role.
    pub fn end_as(&mut self, role: Role) {
        self.roles.push((self.ends.len() as u32, role));
        self.end();
    }

    /// Adds a cell.
    pub fn put(&mut self, text: &str) {
        self.text.push_str(text);
        self.end();
    }

    /// Adds a line below the last row.
    pub fn below(&mut self, line: String) {
        self.below.push((self.rows(), line));
    }

    fn rows(&self) -> usize {
        self.ends.len() / self.widths.len()
    }

    /// Writes the table.
    pub fn write(&self, out: &mut dyn Write, paint: Paint) -> io::Result<()> {
        let mut piece: Vec<u8> = Vec::with_capacity(PIECE + 4096);
        let (mut start, mut index) = (0, 0);
        let mut wide = self.wide.iter().peekable();
        let mut roles = self.roles.iter().peekable();
        let mut below = self.below.iter().peekable();
        for row in 1..=self.rows() {
            let line = piece.len();
            for (align, width) in self.aligns.iter().zip(&self.widths) {
                let end = self.ends[index] as usize;
                let cell = &self.text[start..end];
                let columns = wide
                    .next_if(|(at, _)| *at as usize == index)
                    .map_or(cell.len(), |(_, columns)| *columns);
                let role = roles
                    .next_if(|(at, _)| *at as usize == index)
                    .map(|(_, role)| *role);
                let blanks = width - columns;
                if *align == Align::Right {
                    piece.resize(piece.len() + blanks, b' ');
                }
                match role {
                    Some(role) if paint.is_on() => {
                        piece.extend_from_slice(paint.text(role, cell).as_bytes());
                    }
                    _ => piece.extend_from_slice(cell.as_bytes()),
                }
                if *align == Align::Left {
                    piece.resize(piece.len() + blanks, b' ');
                }
                piece.push(b' ');
                start = end;
                index += 1;
            }
            let used = piece[line..]
                .iter()
                .rposition(|byte| *byte != b' ')
                .map_or(0, |at| at + 1);
            piece.truncate(line + used);
            piece.push(b'\n');
            while let Some((_, text)) = below.next_if(|(after, _)| *after == row) {
                piece.extend_from_slice(text.as_bytes());
                piece.push(b'\n');
            }
            if piece.len() >= PIECE {
                out.write_all(&piece)?;
                piece.clear();
            }
        }
        out.write_all(&piece)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(table: &Table, paint: bool) -> String {
        let mut out = vec![];
        table.write(&mut out, Paint::new(paint)).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn columns_are_aligned_and_lines_have_no_trailing_spaces() {
        let columns = [
            ("Name".to_owned(), Align::Left),
            ("N".to_owned(), Align::Right),
            (String::new(), Align::Left),
        ];
        let mut table = Table::new(&columns, true);
        for (name, n, rest) in [("漢字é", "1", ""), ("b", "1000", "x")] {
            table.put(name);
            table.put(n);
            table.put(rest);
        }
        table.below("  more of b".to_owned());
        assert_eq!(
            written(&table, false),
            "Name     N\n漢字é    1\nb     1000 x\n  more of b\n"
        );
        assert!(written(&table, true).starts_with("\u{1b}[1mName\u{1b}[0m  "));
    }
}
