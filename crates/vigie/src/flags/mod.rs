//! The flag registry: one row for each flag of each command.
//!
//! A row ([`Flag`]) holds a flag's names, what it takes, the spellings of other tools, an example value, and the function
//! that stores it in the command's options. Everything else comes from the rows:
//! - the clap command, and with it `--help` (text key `COMMAND-help-NAME`): [`args`];
//! - the options of a run: [`parse`];
//! - nmap's spellings that clap cannot read (`-sS`, `-p-`): [`compat::rewrite`];
//! - errors that name the reason or Vigie's spelling: [`compat::foreign_option`];
//! - the tables of `docs/coming-from-*.md`: [`tables`].
//!
//! To add a flag, write its row in the file of its command and its help text in both languages. A test sets every flag
//! to its example and fails if the options stay the same, so no flag can be without effect.
//!
//! This folder must not know what a command does with its options.

use std::fmt::Debug;

use clap::{Arg, ArgMatches};
use vigie_report::Texts;

use crate::error::Error;

pub mod capture;
pub mod compat;
pub mod dns;
pub mod foreign;
pub mod global;
pub mod lab;
pub mod learn;
pub mod output;
pub mod packet;
pub mod permission;
pub mod report;
pub mod row;
pub mod scan;
pub mod scope;
pub mod sockets;
pub mod tables;
pub mod value;

pub use foreign::Tool;
pub use row::{Flag, Listed, Row, Set, Spelling, Takes};
pub use value::Value;

/// Flags under one heading of the help.
#[derive(Debug)]
pub struct Group<O: 'static> {
    /// The key of the heading.
    pub heading: &'static str,
    /// The flags in the order of the help.
    pub flags: &'static [Flag<O>],
}

/// The options of a command as the command line gives them, one field or more for each flag.
pub trait Flags: Default + Debug + 'static {
    /// The command's name.
    const COMMAND: &'static str;
    /// Its flags.
    const GROUPS: &'static [Group<Self>];
}

/// Returns the rows of a command in the order of its help.
pub fn rows<O: Flags>() -> Vec<&'static Row> {
    let flags = O::GROUPS.iter().flat_map(|group| group.flags);
    flags.map(|flag| &flag.row).collect()
}

/// Returns the clap arguments of `action`, or those of the command as a whole if `action` is empty.
pub fn args<O: Flags>(action: &str, texts: &Texts) -> Vec<Arg> {
    let mut args = Vec::new();
    for group in O::GROUPS {
        let heading = texts.get(group.heading);
        let rows = group.flags.iter().map(|flag| &flag.row);
        let rows = rows.filter(|row| row.is_of(action));
        args.extend(rows.map(|row| row.arg(O::COMMAND, texts).help_heading(heading.clone())));
    }
    args
}

/// Returns the options that the command line gives. Flags are stored in the order of the registry.
///
/// # Errors
/// A value that its flag does not accept.
pub fn parse<O: Flags>(matches: &ArgMatches) -> Result<O, Error> {
    let mut options = O::default();
    for flag in O::GROUPS.iter().flat_map(|group| group.flags) {
        let name = flag.row.name;
        // Each action has its own arguments.
        let Ok(Some(values)) = matches.try_get_raw(name) else {
            continue;
        };
        match flag.set {
            Set::On(set) if matches.get_flag(name) => set(&mut options),
            Set::Count(set) if matches.get_count(name) > 0 => {
                set(&mut options, matches.get_count(name));
            }
            Set::On(_) | Set::Count(_) => {}
            Set::Value(set) => {
                for text in values {
                    set(&mut options, Value::new(&flag.row, text))?;
                }
            }
        }
    }
    Ok(options)
}

/// Returns the flags without effect: those whose example is rejected or does not change the options.
///
/// # Panics
/// Never: the example of a row is plain text.
pub fn without_effect<O: Flags>() -> Vec<&'static str> {
    let flags = O::GROUPS.iter().flat_map(|group| group.flags);
    let before = format!("{:?}", O::default());
    let inert = flags.filter(|flag| {
        let mut options = O::default();
        let done = match flag.set {
            Set::On(set) => {
                set(&mut options);
                Ok(())
            }
            Set::Count(set) => {
                set(&mut options, 1);
                Ok(())
            }
            Set::Value(set) => set(
                &mut options,
                Value::new(&flag.row, flag.row.example.as_ref()),
            ),
        };
        done.is_err() || format!("{options:?}") == before
    });
    inert.map(|flag| flag.row.name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use vigie_report::Lang;

    use crate::cmd::COMMANDS;

    /// Flags that are accepted and change nothing, because Vigie always behaves that way.
    const WITHOUT_EFFECT: &[&str] = &["wide"];

    #[test]
    fn no_flag_is_without_effect() {
        for command in COMMANDS {
            let inert: Vec<_> = (command.without_effect)()
                .into_iter()
                .filter(|name| !WITHOUT_EFFECT.contains(name))
                .collect();
            assert_eq!(inert, Vec::<&str>::new(), "vigie {}", command.name);
        }
    }

    #[test]
    fn names_and_spellings_are_unique_within_a_command() {
        for command in COMMANDS {
            let rows = (command.rows)();
            let mut names = BTreeSet::new();
            let mut spellings = BTreeSet::new();
            for row in rows {
                assert!(names.insert(row.name), "{} {}", command.name, row.name);
                for spelling in row.spellings {
                    let new = spellings.insert((spelling.tool, spelling.text));
                    assert!(new, "{} {spelling:?}", command.name);
                }
            }
        }
    }

    #[test]
    fn relations_name_flags_that_exist() {
        for command in COMMANDS {
            let rows = (command.rows)();
            let names: BTreeSet<_> = rows.iter().map(|row| row.name).collect();
            for row in &rows {
                let related = row.conflicts.iter().chain(&row.requires);
                for other in related {
                    assert!(names.contains(other), "{}: {other}", row.name);
                }
            }
        }
    }

    #[test]
    fn every_flag_that_help_lists_has_a_text_in_both_languages() {
        for lang in Lang::ALL {
            let texts = Texts::new(*lang);
            for command in COMMANDS {
                for row in (command.rows)() {
                    let key = format!("{}-help-{}", command.name, row.name);
                    let key = row.help.unwrap_or(&key);
                    let listed = row.listed != Listed::Never;
                    assert!(!listed || texts.has(key), "{key}");
                }
            }
        }
    }

    #[test]
    fn values_have_examples() {
        for command in COMMANDS {
            for row in (command.rows)() {
                let fits = row.takes_value() != row.example.is_empty();
                assert!(fits, "{} {}", command.name, row.name);
            }
        }
    }
}
