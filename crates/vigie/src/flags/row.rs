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
    /// One value of the first name, or the second where none follows.
    Optional(&'static str, &'static str),
}

/// Where help lists a flag.
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
    /// Unique within its command; also the long option, if it has one.
    pub name: &'static str,
    /// Whether there is a long option `--NAME`. An operand or a flag such as tcpdump's `-U` has none.
    pub long: Option<&'static str>,
    /// The short option's letter.
    pub short: Option<char>,
    /// Other long names. Help does not list them.
    pub aliases: &'static [&'static str],
    /// Whether it is an operand: read by its place, without a name.
    pub operand: bool,
    /// What it takes.
    pub takes: Takes,
    /// A value that is accepted and is not the default.
    pub example: &'static str,
    /// The values it accepts; empty for any.
    pub choices: &'static [&'static str],
    /// Whether a value may begin with a hyphen, as in `-p -100`.
    pub hyphens: bool,
    /// Whether the command needs it.
    pub required: bool,
    /// Where help lists it.
    pub listed: Listed,
    /// The key of its help text where that is not `COMMAND-help-NAME`.
    pub help: Option<&'static str>,
    /// Flags that it cannot be combined with.
    pub conflicts: &'static [&'static str],
    /// A flag without which it makes no sense.
    pub requires: Option<&'static str>,
    /// The actions of the command that have it; empty if it belongs to the command as a whole.
    pub actions: &'static [&'static str],
    /// What other tools call it.
    pub spellings: &'static [Spelling],
}

/// What another tool calls a flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spelling {
    /// The tool.
    pub tool: Tool,
    /// The flag as it is typed there, such as `-sS` or `--rate`.
    pub text: &'static str,
    /// The value that this spelling means when none is joined to it, as `-PS` means `-PS80`.
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
    /// Stores it.
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

    /// With a short option.
    #[must_use]
    pub const fn short(mut self, letter: char) -> Self {
        self.row.short = Some(letter);
        self
    }

    /// With a long option other than the name.
    #[must_use]
    pub const fn long(mut self, long: &'static str) -> Self {
        self.row.long = Some(long);
        self
    }

    /// Without a long option.
    #[must_use]
    pub const fn only_short(mut self, letter: char) -> Self {
        self.row.long = None;
        self.row.short = Some(letter);
        self
    }

    /// With other long names.
    #[must_use]
    pub const fn aliases(mut self, aliases: &'static [&'static str]) -> Self {
        self.row.aliases = aliases;
        self
    }

    /// Accepting these values only.
    #[must_use]
    pub const fn choices(mut self, choices: &'static [&'static str]) -> Self {
        self.row.choices = choices;
        self
    }

    /// Accepting values that begin with a hyphen.
    #[must_use]
    pub const fn hyphens(mut self) -> Self {
        self.row.hyphens = true;
        self
    }

    /// Required by the command.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.row.required = true;
        self
    }

    /// Listed by `--help` only.
    #[must_use]
    pub const fn rare(mut self) -> Self {
        self.row.listed = Listed::Long;
        self
    }

    /// Listed by no help.
    #[must_use]
    pub const fn hidden(mut self) -> Self {
        self.row.listed = Listed::Never;
        self
    }

    /// With the key of its help text.
    #[must_use]
    pub const fn help(mut self, key: &'static str) -> Self {
        self.row.help = Some(key);
        self
    }

    /// Not together with these flags.
    #[must_use]
    pub const fn conflicts(mut self, names: &'static [&'static str]) -> Self {
        self.row.conflicts = names;
        self
    }

    /// Only together with this flag.
    #[must_use]
    pub const fn requires(mut self, name: &'static str) -> Self {
        self.row.requires = Some(name);
        self
    }

    /// For these actions of the command only.
    #[must_use]
    pub const fn actions(mut self, actions: &'static [&'static str]) -> Self {
        self.row.actions = actions;
        self
    }

    /// With what other tools call it.
    #[must_use]
    pub const fn spelled(mut self, spellings: &'static [Spelling]) -> Self {
        self.row.spellings = spellings;
        self
    }
}

impl Row {
    /// The flag as errors name it: `--max-rate`, or `-U` where there is no long option.
    pub fn spelled(&self) -> String {
        match (self.long, self.short) {
            (Some(long), _) => format!("--{long}"),
            (None, Some(short)) => format!("-{short}"),
            (None, None) => self.name.to_owned(),
        }
    }

    /// Whether clap reads this spelling by itself.
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

    /// The clap argument, with the help of `command` in the user's language.
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
