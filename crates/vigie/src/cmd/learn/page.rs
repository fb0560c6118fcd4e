//! The texts of a lesson on a page: for a terminal, or as Markdown.
//!
//! In the texts, lines that begin with four spaces are shown as they are. Other lines are prose: an empty line separates
//! paragraphs, a dash begins an item, and `code` is between backticks.

use std::fmt::Write as _;

use vigie_lab::Topology;
use vigie_report::style::{Paint, Role};
use vigie_report::{Texts, width};

use super::lesson::{Answer, Ask, Lesson, Show, Step, letter};

/// Maximum width of prose on wide terminals.
const MAX_WIDTH: usize = 88;

/// A piece of a text.
#[derive(Debug, PartialEq, Eq)]
enum Block {
    Prose(String),
    Item(String),
    Exact(Vec<String>),
}

fn blocks(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open = false;
    for line in text.lines() {
        if line.trim().is_empty() {
            open = false;
        } else if let Some(exact) = line.strip_prefix("    ") {
            match blocks.last_mut() {
                Some(Block::Exact(lines)) if open => lines.push(exact.to_owned()),
                _ => blocks.push(Block::Exact(vec![exact.to_owned()])),
            }
            open = true;
        } else if let Some(item) = line.strip_prefix("- ") {
            blocks.push(Block::Item(item.trim().to_owned()));
            open = true;
        } else {
            match blocks.last_mut() {
                Some(Block::Prose(text) | Block::Item(text)) if open => {
                    text.push(' ');
                    text.push_str(line.trim());
                }
                _ => blocks.push(Block::Prose(line.trim().to_owned())),
            }
            open = true;
        }
    }
    blocks
}

/// Adds an empty line before a block, except between items.
fn separate(page: &mut String, block: &Block, after_item: &mut bool) {
    let is_item = matches!(block, Block::Item(_));
    let close = std::mem::replace(after_item, is_item) && is_item;
    if !(page.is_empty() || close) {
        page.push('\n');
    }
}

/// Returns a text for a terminal.
pub fn terminal(text: &str, columns: usize, paint: Paint) -> String {
    let columns = columns.clamp(40, MAX_WIDTH);
    let mut page = String::new();
    let mut after_item = false;
    for block in blocks(text) {
        separate(&mut page, &block, &mut after_item);
        match block {
            Block::Prose(text) => wrap(&text, columns, "", "", paint, &mut page),
            Block::Item(text) => wrap(&text, columns, "  - ", "    ", paint, &mut page),
            Block::Exact(lines) => {
                for line in lines {
                    page.push_str("    ");
                    page.push_str(line.trim_end());
                    page.push('\n');
                }
            }
        }
    }
    page
}

fn wrap(text: &str, columns: usize, first: &str, next: &str, paint: Paint, page: &mut String) {
    let mut lines = vec![first.to_owned()];
    let mut column = width::of(first);
    let mut fresh = true;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        if !fresh && column + 1 + width::of(word) > columns {
            lines.push(next.to_owned());
            column = width::of(next);
            fresh = true;
        }
        let line = lines.last_mut().expect("there is always one line");
        if !fresh {
            line.push(' ');
            column += 1;
        }
        line.push_str(word);
        column += width::of(word);
        fresh = false;
    }
    let lines = lines.join("\n");
    page.push_str(&code(&lines, paint));
    page.push('\n');
}

/// Returns text with the parts between backticks in colour, if colours are used.
fn code(text: &str, paint: Paint) -> String {
    if !paint.is_on() {
        return text.to_owned();
    }
    let parts = text.split('`').enumerate();
    parts
        .map(|(number, part)| {
            if number % 2 == 1 {
                paint.text(Role::Good, part)
            } else {
                part.to_owned()
            }
        })
        .collect()
}

/// Returns a text as Markdown.
fn markdown(text: &str) -> String {
    let mut page = String::new();
    let mut after_item = false;
    for block in blocks(text) {
        separate(&mut page, &block, &mut after_item);
        match block {
            Block::Prose(text) => wrap(&text, 118, "", "", Paint::new(false), &mut page),
            Block::Item(text) => wrap(&text, 118, "- ", "  ", Paint::new(false), &mut page),
            Block::Exact(lines) => {
                page.push_str("```\n");
                for line in lines {
                    page.push_str(line.trim_end());
                    page.push('\n');
                }
                page.push_str("```\n");
            }
        }
    }
    page
}

/// Returns a command after a node's prompt.
pub fn prompt(at: &str, line: &str) -> String {
    [at, "$ ", line].concat()
}

/// A lesson to read, as Markdown or for a terminal.
pub struct Reading<'a> {
    /// The language.
    pub texts: &'a Texts,
    /// Topology of the lab, from which answers follow.
    pub lab: &'a Topology,
    /// Columns and colours; Markdown if none.
    pub terminal: Option<(usize, Paint)>,
}

impl Reading<'_> {
    /// Returns the whole lesson, its title first. text keys: learn-*
    pub fn lesson(&self, number: usize, lesson: &Lesson) -> String {
        let title = format!("{number}. {}", self.texts.get(&lesson.key("title")));
        let mut page = match self.terminal {
            None => ["# ", &title, "\n"].concat(),
            Some((_, paint)) => [&paint.text(Role::Title, &title), "\n"].concat(),
        };
        for step in lesson.steps {
            page.push('\n');
            match step {
                Step::Say(end) => page.push_str(&self.text(&lesson.key(end))),
                Step::Show(show) => self.show(lesson, show, &mut page),
                Step::Ask(ask) => self.ask(lesson, ask, &mut page),
            }
        }
        page
    }

    fn text(&self, key: &str) -> String {
        self.prose(&self.texts.get(key))
    }

    fn prose(&self, text: &str) -> String {
        match self.terminal {
            None => markdown(text),
            Some((columns, paint)) => terminal(text, columns, paint),
        }
    }

    fn show(&self, lesson: &Lesson, show: &Show, page: &mut String) {
        let mut lines = vec![prompt(show.at, show.line)];
        lines.extend(show.meanwhile.map(|(at, line)| prompt(at, line)));
        page.push_str(&self.exact(&lines));
        page.push('\n');
        page.push_str(&self.text(&lesson.key(show.then)));
    }

    fn exact(&self, lines: &[String]) -> String {
        match self.terminal {
            None => ["```\n", &lines.join("\n"), "\n```\n"].concat(),
            Some(_) => lines.iter().flat_map(|line| ["    ", line, "\n"]).collect(),
        }
    }

    fn ask(&self, lesson: &Lesson, ask: &Ask, page: &mut String) {
        let text = self.texts.get(&lesson.key(ask.key));
        let question = self
            .texts
            .format("learn-question", &[("text", text.into())]);
        page.push_str(&self.prose(&question));
        if let Answer::Choice { of, .. } = &ask.answer {
            page.push('\n');
            for option in options(lesson, ask.key, *of, self.texts) {
                let item = ["- ", &option].concat();
                page.push_str(&self.prose(&item));
            }
        }
        let solution = ask.answer.solution(self.lab);
        let quoted = match &ask.answer {
            Answer::Command { at, .. } => ["`", &prompt(at, &solution), "`"].concat(),
            Answer::Filter { .. } => ["`", &solution, "`"].concat(),
            Answer::Ports { .. } | Answer::Choice { .. } => solution,
        };
        let right = self.texts.get(&lesson.key(&[ask.key, "-right"].concat()));
        let answer = [("answer", quoted.into()), ("text", right.into())];
        page.push('\n');
        page.push_str(&self.prose(&self.texts.format("learn-answer", &answer)));
    }
}

/// Returns the options of a choice, each with its letter.
pub fn options(lesson: &Lesson, key: &str, of: u8, texts: &Texts) -> Vec<String> {
    (0..of)
        .map(|number| {
            let letter = letter(number);
            let end = format!("{key}-{letter}");
            let mut option = String::new();
            // Writing to a string cannot fail.
            let _ = write!(option, "{letter}) {}", texts.get(&lesson.key(&end)));
            option
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "One line\nand `more`.\n\n- an item\n  of two lines\n- another\n\n    exact  x\n    y\n\nEnd.";

    #[test]
    fn a_text_becomes_a_page() {
        let page = terminal(TEXT, 40, Paint::new(false));
        assert_eq!(
            page,
            "One line and `more`.\n\n  - an item of two lines\n  - another\n\n    exact  x\n    y\n\nEnd.\n"
        );
        assert!(terminal(TEXT, 40, Paint::new(true)).contains("\u{1b}[32mmore\u{1b}[0m"));
        assert_eq!(
            markdown(TEXT),
            "One line and `more`.\n\n- an item of two lines\n- another\n\n```\nexact  x\ny\n```\n\nEnd.\n"
        );
    }

    #[test]
    fn long_lines_are_broken_at_words() {
        let page = terminal(&"word ".repeat(30), 40, Paint::new(false));
        assert!(page.lines().all(|line| line.len() <= 40), "{page}");
    }
}
