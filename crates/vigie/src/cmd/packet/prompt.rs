//! The interactive prompt, with history, completion, hints and colours. Without a terminal, it reads statements from
//! standard input.

use std::borrow::Cow;
use std::fs::{OpenOptions, Permissions};
use std::io::{self, BufRead as _, IsTerminal as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;
use std::sync::{Arc, Mutex};

use nu_ansi_term::{Color, Style};
use reedline::{
    ColumnarMenu, Completer, CompletionResult, Emacs, FileBackedHistory, Highlighter, KeyCode,
    KeyModifiers, MenuBuilder, Prompt, PromptEditMode, PromptHistorySearch, Reedline,
    ReedlineEvent, ReedlineMenu, Signal, Span, StyledText, Suggestion, ValidationResult, Validator,
    default_emacs_keybindings,
};
use vigie_craft::lang::{
    FUNCTIONS, LIST_METHODS, LangProblem, PACKET_METHODS, Session, TokenKind, is_complete,
    known_names, tokens,
};
use vigie_craft::layers;
use vigie_scope::Policy;

use super::hints::{Hints, open_call};
use super::{error, machine::Machine};
use crate::exit::Exit;
use crate::ui::{Outcome, Ui};

/// Number of lines stored between sessions.
const HISTORY: usize = 2000;

/// Runs the prompt until it ends.
pub fn run(guard: Policy, ui: &mut Ui) -> Outcome {
    ui.flush()?;
    let mut machine = Machine::read().guarded(guard);
    let mut session = Session::new(&mut machine);
    if !io::stdin().is_terminal() || !ui.out_is_terminal() {
        return piped(&mut session, ui);
    }
    ui.line(&ui.texts().get("packet-welcome"))?;
    ui.flush()?;
    let names: Names = Arc::default();
    let mut editor = editor(&names, ui.paint().is_on());
    loop {
        if let Ok(mut names) = names.lock() {
            *names = session.variables.keys().cloned().collect();
        }
        match editor.read_line(&PythonPrompt) {
            Ok(Signal::Success(line)) => {
                // Store each line at once, so that a killed session loses nothing. If that fails, this session still
                // has its history.
                let _ = editor.sync_history();
                session.runtime().resume();
                if !evaluate(&line, &mut session, ui) {
                    return Ok(Exit::Done);
                }
            }
            Ok(Signal::CtrlD) | Err(_) => return Ok(Exit::Done),
            Ok(_) => {}
        }
    }
}

/// Runs statements from standard input. Returns an error code if one of them failed.
fn piped(session: &mut Session<'_>, ui: &mut Ui) -> Outcome {
    let mut failed = false;
    let mut source = String::new();
    for line in io::stdin().lock().lines() {
        source.push_str(&line?);
        if !is_complete(&source) {
            source.push('\n');
            continue;
        }
        match session.run(&source) {
            Ok(()) if session.runtime().is_interrupted() => return Ok(Exit::Interrupted),
            Ok(()) => {}
            Err(error) if matches!(*error.problem, LangProblem::Exit) => return Ok(Exit::Done),
            Err(error) => {
                let error = error::of(&error, &source, ui.texts());
                if error.exit == Exit::Interrupted {
                    return Err(error);
                }
                ui.error(&error);
                failed = true;
            }
        }
        source.clear();
    }
    if !source.trim().is_empty()
        && let Err(error) = session.run(&source)
    {
        return Err(error::of(&error, &source, ui.texts()));
    }
    Ok(if failed { Exit::Usage } else { Exit::Done })
}

/// Evaluates a line. Returns whether the prompt continues.
fn evaluate(line: &str, session: &mut Session<'_>, ui: &mut Ui) -> bool {
    match session.run(line) {
        Ok(()) => true,
        Err(error) if matches!(*error.problem, LangProblem::Exit) => false,
        Err(error) => {
            let error = error::of(&error, line, ui.texts());
            ui.error(&error);
            true
        }
    }
}

type Names = Arc<Mutex<Vec<String>>>;

fn editor(names: &Names, colored: bool) -> Reedline {
    let mut keys = default_emacs_keybindings();
    keys.add_binding(
        KeyModifiers::NONE,
        KeyCode::Tab,
        ReedlineEvent::UntilFound(vec![
            ReedlineEvent::Menu("names".into()),
            ReedlineEvent::MenuNext,
        ]),
    );
    let menu = ColumnarMenu::default().with_name("names");
    let mut editor = Reedline::create()
        .with_completer(Box::new(NameCompleter {
            variables: Arc::clone(names),
        }))
        .with_menu(ReedlineMenu::EngineCompleter(Box::new(menu)))
        .with_edit_mode(Box::new(Emacs::new(keys)))
        .with_quick_completions(true)
        .with_validator(Box::new(BracketValidator))
        .with_ansi_colors(colored);
    if colored {
        let hint = Style::new().fg(Color::DarkGray);
        editor = editor
            .with_highlighter(Box::new(TokenHighlighter))
            .with_hinter(Box::new(Hints::new(hint)));
    }
    if let Some(history) = history() {
        editor = editor.with_history(history);
    }
    editor
}

/// Returns the history of earlier sessions; `None` if there is no folder to store it.
fn history() -> Option<Box<FileBackedHistory>> {
    let set = |name| {
        std::env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(std::path::PathBuf::from)
    };
    let base =
        set("XDG_STATE_HOME").or_else(|| set("HOME").map(|home| home.join(".local/state")))?;
    let folder = base.join("vigie");
    std::fs::create_dir_all(&folder).ok()?;
    let path = folder.join("packet-history");
    private(&path).ok()?;
    FileBackedHistory::with_file(HISTORY, path)
        .ok()
        .map(Box::new)
}

/// Creates a file that only its owner can read, because lines contain addresses, SNMP communities and payloads.
fn private(path: &Path) -> io::Result<()> {
    let file = OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(path)?;
    file.set_permissions(Permissions::from_mode(0o600))
}

/// Prints the prompt as Python does.
struct PythonPrompt;

impl Prompt for PythonPrompt {
    fn render_prompt_left(&self) -> Cow<'_, str> {
        Cow::Borrowed("")
    }
    fn render_prompt_right(&self) -> Cow<'_, str> {
        Cow::Borrowed("")
    }
    fn render_prompt_indicator(&self, _mode: PromptEditMode) -> Cow<'_, str> {
        Cow::Borrowed(">>> ")
    }
    fn render_prompt_multiline_indicator(&self) -> Cow<'_, str> {
        Cow::Borrowed("... ")
    }
    fn render_prompt_history_search_indicator(&self, search: PromptHistorySearch) -> Cow<'_, str> {
        Cow::Owned(format!("({}) ", search.term))
    }
}

/// Continues a statement on the next line while a bracket is open.
struct BracketValidator;

impl Validator for BracketValidator {
    fn validate(&self, line: &str) -> ValidationResult {
        if is_complete(line) {
            ValidationResult::Complete
        } else {
            ValidationResult::Incomplete
        }
    }
}

/// Completes the name at the cursor.
struct NameCompleter {
    variables: Names,
}

impl Completer for NameCompleter {
    fn complete(&mut self, line: &str, at: usize) -> CompletionResult {
        CompletionResult::fresh(self.names(line, at))
    }
}

impl NameCompleter {
    fn names(&self, line: &str, at: usize) -> Vec<Suggestion> {
        let before = line.get(..at).unwrap_or(line);
        let is_name = |c: char| c.is_alphanumeric() || c == '_';
        let start = before.rfind(|c| !is_name(c)).map_or(0, |i| {
            i + before[i..].chars().next().map_or(1, char::len_utf8)
        });
        let word = &before[start..];
        let head = &before[..start];
        let mut found: Vec<(String, &'static str)> = Vec::new();
        if head.ends_with('.') {
            found.extend(
                PACKET_METHODS
                    .iter()
                    .chain(LIST_METHODS)
                    .map(|name| ((*name).to_owned(), "")),
            );
            let fields = layers::ALL
                .iter()
                .flat_map(|layer| layer.fields)
                .map(|field| field.name);
            found.extend(fields.map(|name| (name.to_owned(), "")));
        } else if let Some((layer, _)) = open_call(head) {
            let fields = layer.layer().fields.iter().map(|field| field.name);
            found.extend(fields.map(|name| (name.to_owned(), "=")));
        }
        if !head.ends_with('.') {
            found.extend(known_names().into_iter().map(|name| (name.to_owned(), "(")));
            if let Ok(variables) = self.variables.lock() {
                found.extend(variables.iter().map(|name| (name.clone(), "")));
            }
        }
        found.retain(|(name, _)| name.starts_with(word));
        found.sort();
        found.dedup_by(|a, b| a.0 == b.0);
        let suggest = |(name, after): (String, &str)| Suggestion {
            value: name + after,
            span: Span::new(start, at),
            ..Suggestion::default()
        };
        found.into_iter().map(suggest).collect()
    }
}

/// Colours layers, functions, strings and numbers.
struct TokenHighlighter;

impl Highlighter for TokenHighlighter {
    fn highlight(&self, line: &str, _cursor: usize) -> StyledText {
        let mut styled = StyledText::new();
        let mut at = 0;
        for token in tokens(line).unwrap_or_default() {
            let style = match &token.kind {
                TokenKind::Name(name) if layers::find(name).is_some() => {
                    Style::new().fg(Color::Cyan).bold()
                }
                TokenKind::Name(name) if FUNCTIONS.iter().any(|f| f.name == name) => {
                    Style::new().fg(Color::Blue)
                }
                TokenKind::Str(_) | TokenKind::Bytes(_) => Style::new().fg(Color::Green),
                TokenKind::Int(_) | TokenKind::Float(_) => Style::new().fg(Color::Yellow),
                _ => Style::new(),
            };
            styled.push((Style::new(), line[at..token.at.start].to_owned()));
            styled.push((style, line[token.at.clone()].to_owned()));
            at = token.at.end;
        }
        styled.push((Style::new(), line[at..].to_owned()));
        styled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn completions(line: &str) -> Vec<String> {
        let completer = NameCompleter {
            variables: Arc::new(Mutex::new(vec!["paquet".into()])),
        };
        completer
            .names(line, line.len())
            .into_iter()
            .map(|suggestion| suggestion.value)
            .collect()
    }

    #[test]
    fn names_fields_and_methods_are_completed() {
        assert!(completions("IP(ds").contains(&"dst=".to_owned()));
        assert!(completions("IP(dst=\"1.2.3.4\")/TC").contains(&"TCP(".to_owned()));
        assert!(completions("paq").contains(&"paquet".to_owned()));
        assert!(completions("paquet.sho").contains(&"show2".to_owned()));
    }
}
