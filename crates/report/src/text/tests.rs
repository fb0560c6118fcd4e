//! The text files of both languages and the code have the same keys and variables.

#![allow(
    clippy::disallowed_methods,
    reason = "the tests read the sources that they hold together"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser;
use regex::Regex;

use super::*;

/// Returns each key of a language with its variables and the keys that it refers to.
fn keys(lang: Lang) -> BTreeMap<String, (BTreeSet<String>, BTreeSet<String>)> {
    let mut keys = BTreeMap::new();
    for file in FILES {
        let resource = parser::parse(file.source(lang))
            .unwrap_or_else(|(_, errors)| panic!("{}/{}.ftl: {errors:?}", lang.code(), file.name));
        for entry in resource.body {
            let Entry::Message(message) = entry else {
                continue;
            };
            let mut found = (BTreeSet::new(), BTreeSet::new());
            if let Some(pattern) = &message.value {
                of_pattern(pattern, &mut found);
            }
            let key = message.id.name.to_owned();
            assert!(message.attributes.is_empty(), "{key} has attributes");
            assert!(
                keys.insert(key.clone(), found).is_none(),
                "{}: {key} stands twice",
                lang.code()
            );
        }
    }
    keys
}

fn of_pattern(pattern: &Pattern<&str>, found: &mut (BTreeSet<String>, BTreeSet<String>)) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            of_expression(expression, found);
        }
    }
}

fn of_expression(expression: &Expression<&str>, found: &mut (BTreeSet<String>, BTreeSet<String>)) {
    match expression {
        Expression::Inline(inline) => of_inline(inline, found),
        Expression::Select { selector, variants } => {
            of_inline(selector, found);
            for variant in variants {
                of_pattern(&variant.value, found);
            }
        }
    }
}

fn of_inline(inline: &InlineExpression<&str>, found: &mut (BTreeSet<String>, BTreeSet<String>)) {
    match inline {
        InlineExpression::VariableReference { id } => {
            found.0.insert(id.name.to_owned());
        }
        InlineExpression::MessageReference { id, .. } => {
            found.1.insert(id.name.to_owned());
        }
        InlineExpression::Placeable { expression } => of_expression(expression, found),
        _ => {}
    }
}

/// Returns every source file of the crates that print.
fn sources() -> Vec<(PathBuf, String)> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the crates' folder");
    let mut files = Vec::new();
    for name in ["report", "vigie", "scan", "scope", "detect", "findings"] {
        collect(&crates.join(name).join("src"), &mut files);
    }
    assert!(files.len() > 10, "the sources are not where they were");
    files
}

fn collect(folder: &Path, files: &mut Vec<(PathBuf, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|e| e == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            files.push((path, text));
        }
    }
}

#[test]
fn every_key_is_in_both_languages_with_the_same_variables() {
    let (en, fr) = (keys(Lang::En), keys(Lang::Fr));
    let names = |k: &BTreeMap<String, _>| k.keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(names(&en), names(&fr));
    for (key, (variables, _)) in &en {
        assert_eq!(variables, &fr[key].0, "variables of {key}");
    }
}

#[test]
fn folder_and_list_agree() {
    for lang in Lang::ALL {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("text")
            .join(lang.code());
        let files: BTreeSet<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect();
        let listed: BTreeSet<String> = FILES.iter().map(|f| format!("{}.ftl", f.name)).collect();
        assert_eq!(files, listed);
    }
}

#[test]
fn every_key_used_exists() {
    let en = keys(Lang::En);
    let call =
        Regex::new(r#"(?:texts?(?:\(\))?\s*\.(?:get|format|has)|Message::new)\(\s*"([a-z0-9-]+)""#)
            .unwrap();
    let mut used = 0;
    for (path, text) in sources() {
        for found in call.captures_iter(&text) {
            used += 1;
            assert!(
                en.contains_key(&found[1]),
                "{}: no text for {}",
                path.display(),
                &found[1]
            );
        }
    }
    assert!(used > 20, "the pattern no longer finds the calls");
}

/// A key is used if it occurs as a literal, if another text refers to it, or if a source says `text keys: PREFIX-*`, because
/// the rest of the key is made at run time.
#[test]
fn no_key_is_unused() {
    let en = keys(Lang::En);
    let literal = Regex::new(r#""([a-z0-9]+(?:-[a-z0-9|]+)*)""#).unwrap();
    let family = Regex::new(r"text keys:((?: [a-z0-9-]+-\*)+)").unwrap();
    let mut used: BTreeSet<String> = en.values().flat_map(|(_, refs)| refs.clone()).collect();
    let mut families = Vec::new();
    for (path, text) in sources() {
        if path.ends_with("text/tests.rs") {
            continue;
        }
        used.extend(literal.captures_iter(&text).map(|c| c[1].to_owned()));
        for found in family.captures_iter(&text) {
            families.extend(
                found[1]
                    .split_whitespace()
                    .map(|f| f.trim_end_matches('*').to_owned()),
            );
        }
    }
    let unused: Vec<&String> = en
        .keys()
        .filter(|k| !used.contains(*k) && !families.iter().any(|f| k.starts_with(f.as_str())))
        .collect();
    assert!(unused.is_empty(), "unused: {unused:?}");
}

#[test]
fn french_is_french() {
    // Words that do not occur in French; a text that was left in English nearly always has one.
    let english = Regex::new(
        r"(?i)\b(the|of|is|are|and|with|from|not|every|which|this|that|write|more|than)\b",
    )
    .unwrap();
    let mut wrong = Vec::new();
    for file in FILES {
        let resource = parser::parse(file.fr).unwrap();
        for entry in resource.body {
            let Entry::Message(message) = entry else {
                continue;
            };
            let Some(pattern) = &message.value else {
                continue;
            };
            for element in &pattern.elements {
                if let PatternElement::TextElement { value } = element
                    && let Some(found) = english.find(value)
                {
                    wrong.push(format!("{}: {}", message.id.name, found.as_str()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn the_first_setting_that_is_not_empty_decides() {
    let choose = |argument, vigie_lang, lc_all, lc_messages, lang| {
        Lang::choose(&LangSources {
            argument,
            vigie_lang,
            lc_all,
            lc_messages,
            lang,
        })
    };
    assert_eq!(choose(None, None, None, None, None), Lang::En);
    assert_eq!(
        choose(None, None, None, None, Some("fr_FR.UTF-8")),
        Lang::Fr
    );
    assert_eq!(
        choose(None, None, None, Some("C"), Some("fr_FR.UTF-8")),
        Lang::En
    );
    assert_eq!(
        choose(None, None, Some(""), Some("fr_CH"), Some("de_DE")),
        Lang::Fr
    );
    assert_eq!(
        choose(None, Some("fr"), Some("en_GB"), None, None),
        Lang::Fr
    );
    assert_eq!(choose(Some("en"), Some("fr"), None, None, None), Lang::En);
    assert_eq!(
        choose(None, None, None, None, Some("de_DE.UTF-8")),
        Lang::En
    );
}

#[test]
fn amounts_are_formatted_and_text_is_not() {
    let message = Message::new("list-too-long")
        .outside("file", "a\x1bb")
        .amount("line", 1_234)
        .amount("max", 65_536);
    assert_eq!(
        Texts::new(Lang::En).say(&message),
        "a\\x1bb, line 1,234: longer than 65,536 bytes"
    );
    assert_eq!(
        Texts::new(Lang::Fr).say(&message),
        "a\\x1bb, ligne 1\u{202f}234\u{a0}: plus de 65\u{202f}536 octets"
    );
}
