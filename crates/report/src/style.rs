//! What each part of a report looks like, by its role.
//!
//! Nothing is told by colour alone: every role that matters also has its word.
//! Only the terminal's own sixteen colours are used, so that the user's theme
//! decides what they look like. This file must not know whether there is a
//! terminal; the caller says whether colours are wanted.

use anstyle::{AnsiColor, Effects, Style};
use vigie_scan::{HostState, PortState};

/// The role that a piece of text plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A title or the name of what follows.
    Title,
    /// The head of a table.
    Head,
    /// Something good or open to use.
    Good,
    /// Something that deserves a look.
    Notice,
    /// Something wrong.
    Bad,
    /// What may be skipped when reading.
    Quiet,
}

impl Role {
    /// The role of a port's state.
    pub const fn of_port(state: PortState) -> Role {
        match state {
            PortState::Open => Role::Good,
            PortState::Closed => Role::Bad,
            _ => Role::Notice,
        }
    }

    /// The role of a host's state.
    pub const fn of_host(state: HostState) -> Role {
        match state {
            HostState::Up => Role::Good,
            HostState::Down => Role::Bad,
            HostState::Unknown => Role::Notice,
        }
    }

    const fn style(self) -> Style {
        let style = Style::new();
        match self {
            Role::Title => style.effects(Effects::BOLD),
            Role::Head => style.effects(Effects::BOLD.insert(Effects::UNDERLINE)),
            Role::Good => style.fg_color(Some(anstyle::Color::Ansi(AnsiColor::Green))),
            Role::Notice => style.fg_color(Some(anstyle::Color::Ansi(AnsiColor::Yellow))),
            Role::Bad => style.fg_color(Some(anstyle::Color::Ansi(AnsiColor::Red))),
            Role::Quiet => style.effects(Effects::DIMMED),
        }
    }
}

/// Whether colours are used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Paint {
    on: bool,
}

impl Paint {
    /// Colours where `on`.
    pub const fn new(on: bool) -> Paint {
        Paint { on }
    }

    /// Whether colours are used.
    pub const fn is_on(self) -> bool {
        self.on
    }

    /// `text` as its role looks. The text must be safe already (see [`crate::escape`]).
    pub fn text(self, role: Role, text: &str) -> String {
        if !self.on || text.is_empty() {
            return text.to_owned();
        }
        let style = role.style();
        format!("{style}{text}{style:#}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_appear_only_where_wanted() {
        assert_eq!(Paint::new(false).text(Role::Good, "open"), "open");
        assert_eq!(
            Paint::new(true).text(Role::Good, "open"),
            "\x1b[32mopen\x1b[0m"
        );
        assert_eq!(Paint::new(true).text(Role::Good, ""), "");
    }
}
