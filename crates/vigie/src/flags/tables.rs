//! The tables of options in `docs/coming-from-*.md`, generated from the registry.
//!
//! `VIGIE_WRITE_DOCS=1 cargo nextest run -p vigie the_tables_of_options_are_current` regenerates them.

use vigie_report::Texts;

use super::foreign::{self, Answer};
use super::{Row, Spelling, Tool, dns};

/// Returns the table of a tool's options; `rows` are those of the equivalent command.
pub fn table(tool: Tool, rows: &[&Row], texts: &Texts) -> String {
    let mut table = format!("| {} | Vigie |\n|---|---|\n", tool.name());
    let mut line = |flag: &str, what: &str| {
        table.push_str(&["| `", flag, "` | ", what, " |\n"].concat());
    };
    for row in rows {
        for spelling in row.spellings.iter().filter(|s| s.tool == tool) {
            line(spelling.text, &works(tool, row, spelling.text));
        }
    }
    if tool == Tool::Dig {
        for word in dns::WORDS {
            let number = if word.takes_number() { "=N" } else { "" };
            let names: Vec<String> = word.names.iter().map(|n| format!("+{n}{number}")).collect();
            line(&names.join("`, `"), "the same");
        }
    }
    for option in foreign::of(tool) {
        line(option.text, &without_flag(tool, option.answer, texts));
    }
    table
}

/// Returns the second column for a spelling that Vigie has a flag for.
fn works(tool: Tool, row: &Row, spelling: &str) -> String {
    let nmaps = |s: &Spelling| s.tool == Tool::Nmap && s.text == spelling;
    let is_read = tool != Tool::Nmap && row.spellings.iter().any(nmaps);
    if row.is_own(spelling) || is_read {
        return "the same".to_owned();
    }
    let own = row.spelled();
    if tool == Tool::Nmap {
        format!("works: `{own}`")
    } else {
        format!("use `{own}`")
    }
}

/// Returns the second column for an option that Vigie has no flag for.
fn without_flag(tool: Tool, answer: Answer, texts: &Texts) -> String {
    match answer {
        Answer::Already if tool == Tool::Nmap => texts.get("flag-accepted"),
        Answer::Already => texts.get("flag-already"),
        Answer::Instead(other) => format!("use `{other}` instead"),
        Answer::NotYet => "not yet".to_owned(),
        Answer::Omitted(reason) => format!(
            "left out: {}. Instead: {}",
            texts.get(reason.why),
            texts.get(reason.advice)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vigie_report::Lang;

    use crate::cmd;

    const BEGIN: &str = "<!-- options: written from the flag registry -->\n";
    const END: &str = "<!-- end of options -->";

    /// The page with its tables replaced by those of its tools.
    fn current(page: &str, tools: &[Tool]) -> String {
        let texts = Texts::new(Lang::En);
        let (head, rest) = page.split_once(BEGIN).expect("the page has a mark");
        let (_, tail) = rest.split_once(END).expect("the mark ends");
        let tables = tools.iter().map(|tool| {
            let command = cmd::find(tool.command()).expect("the tool has a command");
            table(*tool, &(command.rows)(), &texts)
        });
        let tables: Vec<String> = tables.collect();
        [head, BEGIN, &tables.join("\n"), END, tail].concat()
    }

    #[test]
    fn the_tables_of_options_are_current() {
        let pages: [(&str, &[Tool]); 5] = [
            ("nmap", &[Tool::Nmap]),
            ("masscan", &[Tool::Masscan]),
            ("ss-netstat", &[Tool::Ss, Tool::Netstat]),
            ("tcpdump", &[Tool::Tcpdump]),
            ("dig", &[Tool::Dig]),
        ];
        let docs = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs");
        for (name, tools) in pages {
            let file = format!("{docs}/coming-from-{name}.md");
            let page = std::fs::read_to_string(&file).expect("the page exists");
            let wanted = current(&page, tools);
            if std::env::var_os("VIGIE_WRITE_DOCS").is_some() {
                std::fs::write(&file, &wanted).expect("the page can be written");
            } else {
                assert!(
                    page == wanted,
                    "{file}: run this test with VIGIE_WRITE_DOCS=1"
                );
            }
        }
    }
}
