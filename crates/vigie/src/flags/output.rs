//! Flags for where the results of a scan go, shared by the commands that write results.
//!
//! `-o FORMAT` is for standard output, `--FORMAT FILE` for files, `--output-all BASE` for nmap's three files and JSON.

use std::path::PathBuf;

use super::foreign::{Tool, nmap, spelling};
use super::{Flag, Spelling, Takes};

/// Where results go, as the command line gives it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutputFlags {
    /// `-o FORMAT`: the name of the format of standard output.
    pub stdout: Option<String>,
    /// `--FORMAT FILE`: names of formats and their files; the file `-` is standard output.
    pub files: Vec<(&'static str, PathBuf)>,
    /// `--output-all BASE`.
    pub base: Option<PathBuf>,
}

/// Options that contain [`OutputFlags`].
pub trait HasOutput {
    /// The output flags.
    fn output(&mut self) -> &mut OutputFlags;
}

/// The formats, as in [`vigie_report::scan::formats`].
const FORMAT_NAMES: &[&str] = &["text", "json", "xml", "grepable", "csv", "html"];

/// Whether `--FORMAT` may be given without a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bare {
    /// Yes: without a file it means standard output.
    Stdout,
    /// No: the next argument is its file, even `-`.
    Refused,
}

/// Returns the rows of the output flags.
pub const fn flags<O: HasOutput>(bare: Bare) -> [Flag<O>; 8] {
    [
        Flag::value(
            "output",
            Takes::One("FORMAT"),
            "json",
            |o: &mut O, value| {
                o.output().stdout = Some(value.string()?);
                Ok(())
            },
        )
        .short('o')
        .choices(FORMAT_NAMES)
        .hyphens()
        .help("output-help")
        .spelled(const { &[nmap("-o")] }),
        format(bare, "text", "output-help-text", const { &[nmap("-oN")] })
            .aliases(&["output-text"]),
        format(
            bare,
            "json",
            "output-help-json",
            const { &[nmap("-oJ"), masscan("-oJ")] },
        )
        .aliases(&["output-json"]),
        format(
            bare,
            "xml",
            "output-help-xml",
            const { &[nmap("-oX"), masscan("-oX")] },
        )
        .aliases(&["output-xml"]),
        format(
            bare,
            "grepable",
            "output-help-grepable",
            const { &[nmap("-oG"), masscan("-oG")] },
        )
        .aliases(&["output-grepable"]),
        format(bare, "csv", "output-help-csv", &[]).aliases(&["output-csv"]),
        format(bare, "html", "output-help-html", &[]).aliases(&["output-html"]),
        Flag::value(
            "output-all",
            Takes::One("BASE"),
            "results",
            |o: &mut O, value| {
                o.output().base = Some(value.path());
                Ok(())
            },
        )
        .hyphens()
        .rare()
        .help("output-help-all")
        .spelled(const { &[nmap("-oA")] }),
    ]
}

/// Returns the row of the flag that writes a format to a file.
const fn format<O: HasOutput>(
    bare: Bare,
    name: &'static str,
    help: &'static str,
    spellings: &'static [Spelling],
) -> Flag<O> {
    let takes = match bare {
        Bare::Stdout => Takes::Optional("FILE", "-"),
        Bare::Refused => Takes::One("FILE"),
    };
    let mut flag = Flag::value(name, takes, "results", |o: &mut O, value| {
        o.output().files.push((value.flag(), value.path()));
        Ok(())
    });
    flag.row.hyphens = matches!(bare, Bare::Refused);
    flag.rare().help(help).spelled(spellings)
}

const fn masscan(text: &'static str) -> Spelling {
    spelling(Tool::Masscan, text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use vigie_report::scan::formats::FORMATS;

    use crate::flags;
    use crate::flags::report::ReportFlags;

    #[test]
    fn every_format_has_a_flag() {
        let names: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
        assert_eq!(names, FORMAT_NAMES);
        let rows = flags::rows::<ReportFlags>();
        for format in &FORMATS {
            let row = rows.iter().find(|row| row.name == format.name).unwrap();
            assert_eq!(row.help, Some(format.help), "{}", format.name);
            let mut spellings = row.spellings.iter().filter(|s| s.tool == Tool::Nmap);
            assert_eq!(
                spellings.next().map(|s| s.text),
                format.nmap_flag,
                "{}",
                format.name
            );
        }
    }
}
