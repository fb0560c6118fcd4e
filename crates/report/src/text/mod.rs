//! The catalog of all texts for people, in each language.
//!
//! The texts are Fluent files compiled into the program: `text/en/NAME.ftl` and `text/fr/NAME.ftl`. A new file is one word
//! in `files!` below. Tests check that the languages have the same keys and variables, that every key in the code exists,
//! and that no key is unused. Environment and arguments are parameters.
//!
//! Amounts are passed as numbers: they get the language's separators and choose the plural. Ports, addresses and names are
//! passed as text.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::langid;

use crate::number;

mod message;
mod system;
#[cfg(test)]
mod tests;

pub use fluent_bundle::FluentValue as Value;
pub use message::Message;

/// Declares the files of the catalog. Each exists once per language.
macro_rules! files {
    ($($name:literal)*) => {
        const FILES: &[File] = &[$(File {
            #[cfg(test)]
            name: $name,
            en: include_str!(concat!("../../text/en/", $name, ".ftl")),
            fr: include_str!(concat!("../../text/fr/", $name, ".ftl")),
        },)*];
    };
}

files! {
    "capture"
    "cli"
    "common"
    "dns"
    "errors"
    "explain"
    "html"
    "lab"
    "learn"
    "learn-capture"
    "learn-connect"
    "learn-firewalls"
    "learn-handshake"
    "learn-inside"
    "learn-law"
    "learn-own"
    "learn-packets"
    "learn-port"
    "learn-ranges"
    "learn-syn"
    "learn-udp"
    "learn-udpscan"
    "outputs"
    "packet"
    "packet-say"
    "report"
    "scan"
    "scan-help"
    "scan-run"
    "scope"
    "seen"
    "sockets"
    "sockets-help"
    "system"
}

/// One file of the catalog in both languages.
struct File {
    #[cfg(test)]
    name: &'static str,
    en: &'static str,
    fr: &'static str,
}

impl File {
    fn source(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.en,
            Lang::Fr => self.fr,
        }
    }
}

/// A language of the texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// French.
    Fr,
}

/// The settings of the language, in order of precedence.
#[derive(Clone, Copy, Debug, Default)]
pub struct LangSources<'a> {
    /// The argument of `--lang`.
    pub argument: Option<&'a str>,
    /// `VIGIE_LANG`.
    pub vigie_lang: Option<&'a str>,
    /// `LC_ALL`.
    pub lc_all: Option<&'a str>,
    /// `LC_MESSAGES`.
    pub lc_messages: Option<&'a str>,
    /// `LANG`.
    pub lang: Option<&'a str>,
}

impl Lang {
    /// Every language.
    pub const ALL: &'static [Lang] = &[Lang::En, Lang::Fr];

    /// Returns the ISO 639-1 code.
    pub const fn code(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Fr => "fr",
        }
    }

    /// Returns the language of a locale or language tag: `fr`, `fr_CH.UTF-8`, `fr-CA`; `C` and `POSIX` are English.
    pub fn from_locale(text: &str) -> Option<Lang> {
        let end = text.find(['_', '-', '.', '@']).unwrap_or(text.len());
        let language = text[..end].to_ascii_lowercase();
        match language.as_str() {
            "c" | "posix" => Some(Lang::En),
            code => Lang::ALL.iter().copied().find(|l| l.code() == code),
        }
    }

    /// Returns the language: the first setting that is not empty decides, as POSIX says for locales (XBD section 8.2). A
    /// language that Vigie does not have means English.
    pub fn choose(sources: &LangSources<'_>) -> Lang {
        [
            sources.argument,
            sources.vigie_lang,
            sources.lc_all,
            sources.lc_messages,
            sources.lang,
        ]
        .into_iter()
        .flatten()
        .find(|text| !text.is_empty())
        .and_then(Lang::from_locale)
        .unwrap_or_default()
    }
}

/// The texts of one language. Cloning is cheap.
#[derive(Clone)]
pub struct Texts {
    lang: Lang,
    bundle: Arc<FluentBundle<FluentResource>>,
}

impl fmt::Debug for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Texts").field(&self.lang).finish()
    }
}

impl Texts {
    /// Returns the texts of a language.
    pub fn new(lang: Lang) -> Texts {
        let id = match lang {
            Lang::En => langid!("en"),
            Lang::Fr => langid!("fr"),
        };
        let mut bundle = FluentBundle::new_concurrent(vec![id]);
        // The characters that isolate the direction of a placeholder would show in terminals and in comparisons.
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(match lang {
            Lang::En => |value, _| number::of_value(value, Lang::En),
            Lang::Fr => |value, _| number::of_value(value, Lang::Fr),
        }));
        if lang == Lang::Fr {
            bundle.set_transform(Some(unbreakable));
        }
        for file in FILES {
            // Invalid entries are skipped here and reported by the tests.
            let resource = FluentResource::try_new(file.source(lang).to_owned())
                .unwrap_or_else(|(resource, _)| resource);
            bundle.add_resource_overriding(resource);
        }
        Texts {
            lang,
            bundle: Arc::new(bundle),
        }
    }

    /// Returns the language.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// Whether there is a text with this key.
    pub fn has(&self, key: &str) -> bool {
        self.bundle.has_message(key)
    }

    /// Returns the text of a key without variables.
    pub fn get(&self, key: &str) -> String {
        self.format(key, &[])
    }

    /// Returns the text of a key with its variables. An unknown key is returned in braces.
    pub fn format(&self, key: &str, args: &[(&'static str, Value<'_>)]) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|m| m.value()) else {
            debug_assert!(false, "no text for {key}");
            return format!("{{{key}}}");
        };
        let mut errors = Vec::new();
        let args: FluentArgs<'_> = args.iter().map(|(k, v)| (*k, v.clone())).collect();
        let text = self
            .bundle
            .format_pattern(pattern, Some(&args), &mut errors);
        debug_assert!(errors.is_empty(), "text {key}: {errors:?}");
        text.into_owned()
    }

    /// Returns the text of a message.
    pub fn say(&self, message: &Message) -> String {
        let args: Vec<_> = message
            .args
            .iter()
            .map(|(name, value)| match value {
                message::Arg::Text(key) => (*name, Value::from(self.say(key))),
                message::Arg::Value(value) => (*name, self.own(value)),
            })
            .collect();
        self.format(message.key, &args)
    }
}

impl Texts {
    /// Returns a value with the system's error sentence translated.
    fn own(&self, value: &Value<'static>) -> Value<'static> {
        match value {
            Value::String(said) => {
                let own = system::translated(said, self);
                own.map_or_else(|| value.clone(), Value::from)
            }
            _ => value.clone(),
        }
    }
}

/// Replaces the space before `:`, `;`, `!`, `?` and inside « » in French by a no-break space.
fn unbreakable(text: &str) -> Cow<'_, str> {
    let marks = [" :", " ;", " !", " ?", " »", "« "];
    if !marks.iter().any(|m| text.contains(m)) {
        return Cow::Borrowed(text);
    }
    let mut fixed = text.to_owned();
    for mark in marks {
        fixed = fixed.replace(mark, &mark.replace(' ', "\u{a0}"));
    }
    Cow::Owned(fixed)
}
