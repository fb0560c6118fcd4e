//! The help of a command: short for `-h`, all of it for `--help`, in the user's language.
//!
//! clap knows the arguments; this file lays them out: two columns, groups in the order of the command, the flags of
//! every command last. It must not know any command.

use std::ffi::OsString;

use clap::{Arg, Command};
use vigie_report::style::{Paint, Role};
use vigie_report::{Texts, width};

/// Maximum width of the left column.
const MAX_LEFT: usize = 28;
/// Maximum width of help on wide terminals: long lines are hard to read.
const MAX_WIDTH: usize = 100;

/// Language, colours and width of help.
#[derive(Clone, Copy, Debug)]
pub struct Layout<'a> {
    /// The texts of the user's language.
    pub texts: &'a Texts,
    /// Colours.
    pub paint: Paint,
    /// Columns of the terminal.
    pub width: usize,
}

/// Returns the help that the arguments ask for. `root` is the whole command line.
pub fn requested(mut root: Command, args: &[OsString], layout: Layout<'_>) -> String {
    root.build();
    let long = args.iter().any(|a| a == "--help");
    let mut command = &root;
    for name in args
        .iter()
        .skip(1)
        .filter_map(|a| a.to_str())
        .take_while(|a| *a != "--")
    {
        command = command.find_subcommand(name).unwrap_or(command);
    }
    render(command, long, layout)
}

/// Returns the help of one command, which clap has built.
pub fn render(command: &Command, long: bool, layout: Layout<'_>) -> String {
    let width = layout.width.clamp(40, MAX_WIDTH);
    let mut text = String::new();
    if let Some(about) = command.get_about() {
        text += &wrap(&about.to_string(), width, 0);
        text.push('\n');
    }
    let usage = command.clone().render_usage().to_string();
    let usage = usage.strip_prefix("Usage: ").unwrap_or(&usage).to_owned();
    let label = layout
        .paint
        .text(Role::Title, &layout.texts.get("cli-usage-label"));
    text.push_str(&[&label, " ", usage.trim_end(), "\n"].concat());
    let groups = groups(command, long, layout);
    let names = groups
        .iter()
        .flat_map(|g| &g.1)
        .map(|(name, _)| width::of(name));
    let left = names.max().unwrap_or(0).min(MAX_LEFT);
    for (heading, lines) in groups {
        text.push_str(&["\n", &layout.paint.text(Role::Title, &heading), "\n"].concat());
        for (name, what) in lines {
            text += &entry(&name, &what, left, width, layout.paint);
        }
    }
    let after = if long {
        command.get_after_long_help()
    } else {
        None
    };
    if let Some(after) = after.or_else(|| command.get_after_help()) {
        text.push_str(&["\n", after.to_string().trim_end(), "\n"].concat());
    }
    text
}

type Group = (String, Vec<(String, String)>);

/// Returns commands and arguments by heading; the flags of every command come last.
fn groups(command: &Command, long: bool, layout: Layout<'_>) -> Vec<Group> {
    let texts = layout.texts;
    let mut groups: Vec<Group> = Vec::new();
    let commands: Vec<(String, String)> = command
        .get_subcommands()
        .filter(|c| !c.is_hide_set())
        .map(|c| {
            (
                c.get_name().to_owned(),
                c.get_about().map(ToString::to_string).unwrap_or_default(),
            )
        })
        .collect();
    if !commands.is_empty() {
        groups.push((texts.get("cli-commands"), commands));
    }
    let general = texts.get("cli-global");
    let mut last = Vec::new();
    for arg in command.get_arguments().filter(|a| shown(a, long)) {
        let line = (name(arg, texts), description(arg, long));
        match arg.get_help_heading() {
            Some(heading) if heading != general => match groups.iter_mut().find(|g| g.0 == heading)
            {
                Some(group) => group.1.push(line),
                None => groups.push((heading.to_owned(), vec![line])),
            },
            _ => last.push(line),
        }
    }
    groups.push((general, last));
    groups
}

fn shown(arg: &Arg, long: bool) -> bool {
    let hidden = if long {
        arg.is_hide_long_help_set()
    } else {
        arg.is_hide_short_help_set()
    };
    !arg.is_hide_set() && !hidden
}

fn description(arg: &Arg, long: bool) -> String {
    let all = if long { arg.get_long_help() } else { None };
    all.or_else(|| arg.get_help())
        .map(ToString::to_string)
        .unwrap_or_default()
}

/// `-p, --ports PORTS`.
fn name(arg: &Arg, texts: &Texts) -> String {
    let takes_value = arg.get_action().takes_values();
    let values: Vec<String> = match arg.get_value_names() {
        Some(names) if takes_value => names.iter().map(|n| value_name(n, texts)).collect(),
        _ => Vec::new(),
    };
    let values = values.join(" ");
    let name = match (arg.get_short(), arg.get_long()) {
        (Some(short), Some(long)) => format!("-{short}, --{long}"),
        (Some(short), None) => format!("-{short}"),
        (None, Some(long)) => format!("    --{long}"),
        (None, None) => return values,
    };
    match (
        values.is_empty(),
        arg.get_num_args().is_some_and(|n| n.min_values() == 0),
    ) {
        (true, _) => name,
        (false, false) => format!("{name} {values}"),
        (false, true) => format!("{name}[={values}]"),
    }
}

/// Returns the name of a value in the user's language, if it has one. text keys: value-*
fn value_name(name: &str, texts: &Texts) -> String {
    let key = format!("value-{}", name.to_lowercase().replace('/', "-"));
    if texts.has(&key) {
        texts.get(&key)
    } else {
        name.to_owned()
    }
}

/// Returns the lines of a flag: its name in a column of width `left`, and its description.
fn entry(name: &str, what: &str, left: usize, width: usize, paint: Paint) -> String {
    let lines = wrap(what, width, left + 4);
    let painted = paint.text(Role::Good, name);
    if width::of(name) > left {
        return format!("  {painted}\n{lines}");
    }
    let gap = " ".repeat(left + 2 - width::of(name));
    format!("  {painted}{gap}{}", lines.trim_start_matches(' '))
}

/// Returns text in lines of at most `width` columns, indented by `indent`. Line breaks in the text are preserved.
fn wrap(text: &str, width: usize, indent: usize) -> String {
    let mut lines = String::new();
    for paragraph in text.lines() {
        let mut column = 0;
        for word in paragraph.split(' ').filter(|w| !w.is_empty()) {
            if column > 0 && column + 1 + width::of(word) > width {
                lines.push('\n');
                column = 0;
            }
            if column == 0 {
                lines.extend(std::iter::repeat_n(' ', indent));
                column = indent;
            } else {
                lines.push(' ');
                column += 1;
            }
            lines.push_str(word);
            column += width::of(word);
        }
        lines.push('\n');
    }
    if lines.is_empty() {
        lines.push('\n');
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{cli, cmd};
    use vigie_report::Lang;

    fn help(args: &[&str], lang: Lang, width: usize) -> String {
        let texts = Texts::new(lang);
        let paint = Paint::new(false);
        let args: Vec<OsString> = std::iter::once(&"vigie")
            .chain(args)
            .map(OsString::from)
            .collect();
        requested(
            cli::root(&texts),
            &args,
            Layout {
                texts: &texts,
                paint,
                width,
            },
        )
    }

    #[test]
    fn every_command_has_help_in_both_languages_that_fits() {
        for lang in Lang::ALL {
            for width in [60, 100] {
                for name in std::iter::once("").chain(cmd::COMMANDS.iter().map(|c| c.name)) {
                    for flag in ["-h", "--help"] {
                        let args: Vec<&str> =
                            [name, flag].into_iter().filter(|a| !a.is_empty()).collect();
                        let text = help(&args, *lang, width);
                        assert!(
                            text.contains("--help") && text.lines().count() > 5,
                            "{text}"
                        );
                        let option = |l: &str| l.starts_with("  -") || l.starts_with("      -");
                        for line in text.lines().filter(|l| option(l)) {
                            assert!(width::of(line) <= width, "{line}");
                        }
                        assert!(text.lines().all(|l| !l.ends_with(' ')), "{text}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_short_help_is_shorter_and_one_screen() {
        let (short, long) = (
            help(&["scan", "-h"], Lang::En, 100),
            help(&["scan", "--help"], Lang::En, 100),
        );
        assert!(short.lines().count() < long.lines().count());
        assert!(short.lines().count() <= 45, "{short}");
        assert!(long.contains("--host-timeout TIME") && !short.contains("--host-timeout"));
    }

    /// Names of values that are the same in both languages.
    const SHARED: &[&str] = &[
        "N", "P", "K/N", "PORT", "PORTS", "FORMAT", "TYPE", "BASE", "SHELL", "EXPR", "0-5",
    ];

    fn all_commands(command: &Command) -> Vec<&Command> {
        let below = command.get_subcommands().flat_map(all_commands);
        std::iter::once(command).chain(below).collect()
    }

    #[test]
    fn no_name_of_a_value_is_english_in_french_help() {
        let (english, french) = (Texts::new(Lang::En), Texts::new(Lang::Fr));
        let (roots, mut seen) = ((cli::root(&english), cli::root(&french)), 0);
        let mut untranslated: Vec<String> = Vec::new();
        for (command, other) in all_commands(&roots.0).iter().zip(all_commands(&roots.1)) {
            let takes = |a: &Arg| a.get_action().takes_values();
            let both = command.get_arguments().zip(other.get_arguments());
            for (arg, other) in both.filter(|(arg, _)| takes(arg)) {
                let names = arg.get_value_names().unwrap_or_default();
                let others = other.get_value_names().unwrap_or_default();
                for (name, other) in names.iter().zip(others) {
                    let translated = value_name(other, &french);
                    let own = translated != value_name(name, &english);
                    if !(own || SHARED.contains(&translated.as_str())) {
                        untranslated.push(format!("{}: {name}", arg.get_id()));
                    }
                    seen += 1;
                }
            }
        }
        assert!(seen > 60, "{seen}");
        assert!(untranslated.is_empty(), "{untranslated:?}");
        let words = [
            "FILE",
            "DIR",
            "WHO",
            "NUMBERS",
            "FLAGS",
            "SERVERS",
            "ADDRESSES",
            "WAY",
            "RESULTS",
        ];
        for name in cmd::COMMANDS.iter().map(|c| c.name) {
            let text = help(&[name, "--help"], Lang::Fr, 100);
            let found = text
                .split(|c: char| !c.is_alphabetic())
                .find(|w| words.contains(w));
            assert_eq!(found, None, "{text}");
        }
    }

    #[test]
    fn french_help_names_values_in_french() {
        let text = help(&["scan", "--help"], Lang::Fr, 100);
        assert!(
            text.contains("--input-list FICHIER") && text.contains("Cibles\n"),
            "{text}"
        );
    }
}
