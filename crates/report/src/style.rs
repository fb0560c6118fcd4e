//! Colours of the report by the role of a text.
//!
//! Colour is never the only sign: each role is also expressed in words. Only the terminal's sixteen colours are used, so that they
//! follow the user's theme. The caller decides whether colours are used.

use anstyle::{AnsiColor, Effects, Style};
use vigie_scan::{HostState, PortState};

/// Role of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A title.
    Title,
    /// The header of a table.
    Head,
    /// Open ports, hosts that are up.
    Good,
    /// Something to notice.
    Notice,
    /// An error.
    Bad,
    /// Less important text.
    Quiet,
}

impl Role {
    /// Returns the role of a port state.
    pub const fn of_port(state: PortState) -> Role {
        match state {
            PortState::Open => Role::Good,
            PortState::Closed => Role::Bad,
            _ => Role::Notice,
        }
    }

    /// Returns the role of a host state.
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
    /// Returns a paint that colours if `on`.
    pub const fn new(on: bool) -> Paint {
        Paint { on }
    }

    /// Whether colours are used.
    pub const fn is_on(self) -> bool {
        self.on
    }

    /// Returns `text` in the colour of its role. The text must be escaped already (see [`crate::escape`]).
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
    fn colours_appear_only_if_enabled() {
        assert_eq!(Paint::new(false).text(Role::Good, "open"), "open");
        assert_eq!(
            Paint::new(true).text(Role::Good, "open"),
            "\x1b[32mopen\x1b[0m"
        );
        assert_eq!(Paint::new(true).text(Role::Good, ""), "");
    }
}
