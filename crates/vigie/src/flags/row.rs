//! A row of the registry: one flag, and the clap argument made from it.

use clap::{Arg, ArgAction};
use vigie_report::Texts;

use super::{Tool, Value};
use crate::error::Error;

/// What a flag takes after its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Nothing. Repeating it changes nothing.
    Nothing,
    /// Nothing. Repeating it counts, as `-vv` does.
    Count,
    /// One value of this name; the last one counts.
    One(&'static str),
    /// One value of this name each time it is given; all count.
    Many(&'static str),
    /// One value of the first name; the second is the value if none follows.
    Optional(&'static str, &'static str),
}

/// The help texts that list a flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listed {
    /// `-h` and `--help`.
    Always,
    /// `--help` only.
    Long,
    /// Nowhere.
    Never,
}

/// The part of a row that does not depend on the command's options.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Unique name within the command; also the long option, if there is one.
    pub name: &'static str,
    /// Whether there is a long option `--NAME`. An operand or a flag such as tcpdump's `-U` has none.
    pub long: Option<&'static str>,
    /// The short option's letter.
    pub short: Option<char>,
    /// Other long names. Help does not list them.
    pub aliases: &'static [&'static str],
    /// Whether it is an operand: a positional argument.
    pub operand: bool,
    /// Number and names of its values.
    pub takes: Takes,
    /// A valid value that differs from the default, for tests.
    pub example: &'static str,
    /// The accepted values; empty for any.
    pub choices: &'static [&'static str],
    /// Whether a value may begin with a hyphen, as in `-p -100`.
    pub hyphens: bool,
    /// Whether the command needs it.
    pub required: bool,
    /// Which help lists it.
    pub listed: Listed,
    /// Key of its help text, if that is not `COMMAND-help-NAME`.
    pub help: Option<&'static str>,
    /// Flags that it cannot be combined with.
    pub conflicts: &'static [&'static str],
    /// A flag that it requires.
    pub requires: Option<&'static str>,
    /// Actions of the command that accept it; empty if it belongs to the command as a whole.
    pub actions: &'static [&'static str],
    /// Its spellings in other tools.
    pub spellings: &'static [Spelling],
}

/// The spelling of a flag in another tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spelling {
    /// The tool.
    pub tool: Tool,
    /// The flag as it is typed there, such as `-sS` or `--rate`.
    pub text: &'static str,
    /// The value if none is joined to this spelling: `-PS` means `-PS80`.
    pub bare: Option<&'static str>,
}

/// How a flag is stored in the options.
#[derive(Debug)]
pub enum Set<O> {
    /// For [`Takes::Nothing`].
    On(fn(&mut O)),
    /// For [`Takes::Count`].
    Count(fn(&mut O, u8)),
    /// For flags that take a value: called once for each value.
    Value(fn(&mut O, Value<'_>) -> Result<(), Error>),
}

/// A row of the registry, for options of type `O`.
#[derive(Debug)]
pub struct Flag<O> {
    /// Names, help and relations.
    pub row: Row,
    /// Stores it in the options.
    pub set: Set<O>,
}

impl<O> Flag<O> {
    const fn new(name: &'static str, takes: Takes, set: Set<O>) -> Self {
        Self {
            row: Row {
                name,
                long: Some(name),
                short: None,
                aliases: &[],
                operand: false,
                takes,
                example: "",
                choices: &[],
                hyphens: false,
                required: false,
                listed: Listed::Always,
                help: None,
                conflicts: &[],
                requires: None,
                actions: &[],
                spellings: &[],
            },
            set,
        }
    }

    /// Returns the row of a flag that takes nothing.
    pub const fn switch(name: &'static str, set: fn(&mut O)) -> Self {
        Self::new(name, Takes::Nothing, Set::On(set))
    }

    /// Returns the row of a flag whose repetitions are counted.
    pub const fn count(name: &'static str, set: fn(&mut O, u8)) -> Self {
        Self::new(name, Takes::Count, Set::Count(set))
    }

    /// Returns the row of a flag that takes a value.
    pub const fn value(
        name: &'static str,
        takes: Takes,
        example: &'static str,
        set: fn(&mut O, Value<'_>) -> Result<(), Error>,
    ) -> Self {
        let mut flag = Self::new(name, takes, Set::Value(set));
        flag.row.example = example;
        flag
    }

    /// Returns the row of an operand.
    pub const fn operand(
        name: &'static str,
        takes: Takes,
        example: &'static str,
        set: fn(&mut O, Value<'_>) -> Result<(), Error>,
    ) -> Self {
        let mut flag = Self::value(name, takes, example, set);
        flag.row.operand = true;
        flag.row.long = None;
        flag
    }

    /// Adds a short option.
    #[must_use]
    pub const fn short(mut self, letter: char) -> Self {
        self.row.short = Some(letter);
        self
    }

    /// Sets a long option that differs from the name.
    #[must_use]
    pub const fn long(mut self, long: &'static str) -> Self {
        self.row.long = Some(long);
        self
    }

    /// Replaces the long option by a short one.
    #[must_use]
    pub const fn only_short(mut self, letter: char) -> Self {
        self.row.long = None;
        self.row.short = Some(letter);
        self
    }

    /// Adds other long names.
    #[must_use]
    pub const fn aliases(mut self, aliases: &'static [&'static str]) -> Self {
        self.row.aliases = aliases;
        self
    }

    /// Accepts these values only.
    #[must_use]
    pub const fn choices(mut self, choices: &'static [&'static str]) -> Self {
        self.row.choices = choices;
        self
    }

    /// Accepts values that begin with a hyphen.
    #[must_use]
    pub const fn hyphens(mut self) -> Self {
        self.row.hyphens = true;
        self
    }

    /// Makes the flag mandatory.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.row.required = true;
        self
    }

    /// Lists the flag in `--help` only.
    #[must_use]
    pub const fn rare(mut self) -> Self {
        self.row.listed = Listed::Long;
        self
    }

    /// Hides the flag from all help texts.
    #[must_use]
    pub const fn hidden(mut self) -> Self {
        self.row.listed = Listed::Never;
        self
    }

    /// Sets the key of the help text.
    #[must_use]
    pub const fn help(mut self, key: &'static str) -> Self {
        self.row.help = Some(key);
        self
    }

    /// Excludes these flags.
    #[must_use]
    pub const fn conflicts(mut self, names: &'static [&'static str]) -> Self {
        self.row.conflicts = names;
        self
    }

    /// Requires this flag.
    #[must_use]
    pub const fn requires(mut self, name: &'static str) -> Self {
        self.row.requires = Some(name);
        self
    }

    /// Restricts the flag to these actions of the command.
    #[must_use]
    pub const fn actions(mut self, actions: &'static [&'static str]) -> Self {
        self.row.actions = actions;
        self
    }

    /// Adds the spellings of other tools.
    #[must_use]
    pub const fn spelled(mut self, spellings: &'static [Spelling]) -> Self {
        self.row.spellings = spellings;
        self
    }
}

impl Row {
    /// Returns the flag as errors name it: `--max-rate`, or `-U` if there is no long option.
    pub fn spelled(&self) -> String {
        match (self.long, self.short) {
            (Some(long), _) => format!("--{long}"),
            (None, Some(short)) => format!("-{short}"),
            (None, None) => self.name.to_owned(),
        }
    }

    /// Whether clap parses this spelling without rewriting.
    pub fn is_own(&self, spelling: &str) -> bool {
        if let Some(long) = spelling.strip_prefix("--") {
            self.long == Some(long) || self.aliases.contains(&long)
        } else {
            let letter = spelling.strip_prefix('-');
            letter.is_some_and(|rest| self.short.is_some_and(|c| rest == c.to_string()))
        }
    }

    /// Whether it takes a value.
    pub const fn takes_value(&self) -> bool {
        !matches!(self.takes, Takes::Nothing | Takes::Count)
    }

    pub(super) fn is_of(&self, action: &str) -> bool {
        if action.is_empty() {
            self.actions.is_empty()
        } else {
            self.actions.contains(&action)
        }
    }

    /// Returns the clap argument, with the help of `command` in the user's language.
    /// text keys: scan-help-* sockets-help-* scope-help-* lab-help-* report-help-*
    pub(super) fn arg(&self, command: &str, texts: &Texts) -> Arg {
        let key = self
            .help
            .map_or_else(|| format!("{command}-help-{}", self.name), str::to_owned);
        let mut arg = Arg::new(self.name)
            .required(self.required)
            .conflicts_with_all(self.conflicts);
        if texts.has(&key) {
            arg = arg.help(texts.get(&key));
        }
        if !self.operand {
            arg = arg.short(self.short).long(self.long).aliases(self.aliases);
        }
        if let Some(other) = self.requires {
            arg = arg.requires(other);
        }
        arg = match self.listed {
            Listed::Always => arg,
            Listed::Long => arg.hide_short_help(true),
            Listed::Never => arg.hide(true),
        };
        match self.takes {
            Takes::Nothing => arg.action(ArgAction::SetTrue),
            Takes::Count => arg.action(ArgAction::Count),
            Takes::One(name) => self.with_value(arg, name),
            Takes::Many(name) if self.operand => {
                let fewest = usize::from(self.required);
                self.with_value(arg, name).num_args(fewest..)
            }
            Takes::Many(name) => self.with_value(arg, name).action(ArgAction::Append),
            Takes::Optional(name, default) => self
                .with_value(arg, name)
                .num_args(0..=1)
                .default_missing_value(default),
        }
    }

    fn with_value(&self, arg: Arg, name: &'static str) -> Arg {
        let arg = arg
            .value_name(name)
            .allow_hyphen_values(self.hyphens)
            .hide_possible_values(true);
        if self.choices.is_empty() {
            arg.value_parser(clap::value_parser!(std::ffi::OsString))
        } else {
            arg.value_parser(clap::builder::PossibleValuesParser::new(self.choices))
        }
    }
}
