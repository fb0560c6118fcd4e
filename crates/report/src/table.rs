//! Tables for terminals: aligned columns, headers, cells cut to the width of the terminal.
//!
//! Texts must be escaped already (see [`crate::escape`]).

use crate::style::{Paint, Role};
use crate::width;

/// Number of spaces between two columns.
const GAP: usize = 2;
/// Minimum width of a column.
const MIN_WIDTH: usize = 8;
/// Width below which a column of sentences is shrunk only after all others.
const MIN_FLOWING: usize = 24;

/// One cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    text: String,
    role: Option<Role>,
    right: bool,
}

impl Cell {
    /// Returns a cell with plain text.
    pub fn plain(text: impl Into<String>) -> Cell {
        Cell {
            text: text.into(),
            role: None,
            right: false,
        }
    }

    /// Returns a cell with text of a role.
    pub fn of(role: Role, text: impl Into<String>) -> Cell {
        Cell {
            role: Some(role),
            ..Cell::plain(text)
        }
    }

    /// Returns a right-aligned cell, for numbers.
    #[must_use]
    pub fn right(self) -> Cell {
        Cell {
            right: true,
            ..self
        }
    }
}

/// A table with a header.
#[derive(Clone, Debug, Default)]
pub struct Table {
    head: Vec<String>,
    rows: Vec<Vec<Cell>>,
    flows: bool,
}

impl Table {
    /// Returns a table with these columns.
    pub fn new(head: Vec<String>) -> Table {
        Table {
            head,
            rows: Vec::new(),
            flows: false,
        }
    }

    /// Makes the last column a column of sentences, which are wrapped and not cut.
    #[must_use]
    pub fn flowing(self) -> Table {
        Table {
            flows: true,
            ..self
        }
    }

    /// Adds a row. Missing cells at its end are empty.
    pub fn row(&mut self, cells: Vec<Cell>) {
        self.rows.push(cells);
    }

    /// Whether the table has no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Returns the lines. For a terminal of `columns`, the widest cells are cut in their middle until a line fits, but not
    /// below the minimum width.
    pub fn render(&self, paint: Paint, columns: Option<usize>) -> String {
        let widths = self.widths(columns);
        let head: Vec<Cell> = self
            .head
            .iter()
            .map(|h| Cell::of(Role::Title, h.as_str()))
            .collect();
        let mut text = render_row(&head, &widths, paint);
        for row in &self.rows {
            for line in self.lines_of(row, &widths) {
                text += &render_row(&line, &widths, paint);
            }
        }
        text
    }

    /// Returns the lines of a row: more than one if its last cell is wrapped.
    fn lines_of(&self, row: &[Cell], widths: &[usize]) -> Vec<Vec<Cell>> {
        let (Some(last), Some(columns)) = (row.last(), widths.last()) else {
            return vec![row.to_vec()];
        };
        if !self.flows || row.len() < widths.len() || width::of(&last.text) <= *columns {
            return vec![row.to_vec()];
        }
        let mut lines = Vec::new();
        for (i, text) in width::lines(&last.text, *columns).into_iter().enumerate() {
            let mut line = if i == 0 {
                row.to_vec()
            } else {
                vec![Cell::plain(""); row.len()]
            };
            if let Some(cell) = line.last_mut() {
                cell.text = text;
            }
            lines.push(line);
        }
        lines
    }

    fn widths(&self, columns: Option<usize>) -> Vec<usize> {
        let mut widths: Vec<usize> = self.head.iter().map(|h| width::of(h)).collect();
        for row in &self.rows {
            for (w, cell) in widths.iter_mut().zip(row) {
                *w = (*w).max(width::of(&cell.text));
            }
        }
        let Some(columns) = columns else {
            return widths;
        };
        let gaps = GAP * widths.len().saturating_sub(1);
        let mut excess = (widths.iter().sum::<usize>() + gaps).saturating_sub(columns);
        if self.flows
            && let Some(last) = widths.last_mut()
        {
            let given = excess.min(last.saturating_sub(MIN_FLOWING));
            *last -= given;
            excess -= given;
        }
        while excess > 0 {
            let Some(widest) = widths.iter_mut().max().filter(|w| **w > MIN_WIDTH) else {
                break;
            };
            *widest -= 1;
            excess -= 1;
        }
        widths
    }
}

fn render_row(cells: &[Cell], widths: &[usize], paint: Paint) -> String {
    let mut line = String::new();
    let mut owed = 0;
    for (cell, w) in cells.iter().zip(widths) {
        let text = width::cut_middle(&cell.text, *w);
        let fill = w - width::of(&text).min(*w);
        let (before, after) = if cell.right { (fill, 0) } else { (0, fill) };
        // Spaces are written only before further text, so that no line ends in one.
        if text.is_empty() {
            owed += fill + GAP;
            continue;
        }
        line.extend(std::iter::repeat_n(' ', owed + before));
        line += &match cell.role {
            Some(role) => paint.text(role, &text),
            None => text,
        };
        owed = after + GAP;
    }
    line.push('\n');
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new(vec!["NAME".into(), "N".into(), "WHY".into()]);
        table.row(vec![
            Cell::plain("漢字"),
            Cell::plain("7").right(),
            Cell::plain("wide"),
        ]);
        table.row(vec![
            Cell::plain("a-very-long-name.example"),
            Cell::plain("1,000").right(),
        ]);
        table
    }

    #[test]
    fn columns_are_aligned_and_no_line_ends_in_spaces() {
        assert_eq!(
            table().render(Paint::new(false), None),
            "NAME                      N      WHY\n\
             漢字                          7  wide\n\
             a-very-long-name.example  1,000\n"
        );
    }

    #[test]
    fn a_wrapped_column_loses_no_text() {
        let mut table = Table::new(vec!["PORT".into(), "WHY".into()]).flowing();
        let why = "no answer at all, though it was asked four times and others answered";
        table.row(vec![Cell::plain("443/tcp"), Cell::plain(why)]);
        let text = table.render(Paint::new(false), Some(36));
        assert!(text.lines().all(|l| width::of(l) <= 36), "{text}");
        let words: Vec<&str> = text.split_whitespace().skip(2).collect();
        assert_eq!(words[1..].join(" "), why);
        assert!(
            text.lines()
                .nth(2)
                .is_some_and(|l| l.starts_with("         "))
        );
    }

    #[test]
    fn narrow_terminals_cut_the_widest_column() {
        let text = table().render(Paint::new(false), Some(25));
        assert!(text.lines().all(|l| width::of(l) <= 25), "{text}");
        assert!(text.contains("a-very…ample"), "{text}");
    }
}
