//! System errors in the user's language.
//!
//! Errors of the kernel and of the resolver come with the C library's English sentences. They are translated by their
//! numbers, those of the resolver by their sentences. Unknown ones stay in English.

use super::{Lang, Texts};

/// Text before the number of an error in Rust's `Display`.
const MARK: &str = " (os error ";
/// Text before the resolver's sentence in Rust's `Display`.
const RESOLVER: &str = "failed to lookup address information: ";
/// The resolver's sentences (gai_strerror(3)) and their texts.
const RESOLVED: &[(&str, &str)] = &[
    ("Name or service not known", "resolver-unknown"),
    ("No address associated with hostname", "resolver-no-address"),
    ("Temporary failure in name resolution", "resolver-later"),
];

/// Returns the value with a known sentence of the system translated. text keys: errno-*
pub(super) fn translated(value: &str, texts: &Texts) -> Option<String> {
    if let Some((before, said)) = value.split_once(RESOLVER) {
        let (_, key) = RESOLVED.iter().find(|(sentence, _)| *sentence == said)?;
        return Some([before, &texts.get(key)].concat());
    }
    let (said, number) = value.strip_suffix(')')?.rsplit_once(MARK)?;
    let key = ["errno-", number].concat();
    let known = number.bytes().all(|b| b.is_ascii_digit()) && texts.has(&key);
    if !known {
        return None;
    }
    let (before, _) = said.rsplit_once(": ").unwrap_or(("", ""));
    let mut parts: Vec<&str> = before.split(": ").filter(|part| !part.is_empty()).collect();
    if texts.lang() != Lang::En {
        // The name of the operation is in English and is dropped; its object stays.
        parts.retain(|part| !is_operation(part));
    }
    let own = texts.get(&key);
    parts.push(&own);
    Some(parts.join(": "))
}

/// Whether a part of an error is the name of an operation, such as “open the network namespace”.
fn is_operation(part: &str) -> bool {
    part.contains(' ')
        && part
            .bytes()
            .all(|b| b.is_ascii_alphabetic() || b == b' ' || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Message;

    fn said(error: &str, lang: Lang) -> String {
        let message = Message::new("output-failed").safe("error", error);
        Texts::new(lang).say(&message)
    }

    #[test]
    fn system_errors_are_translated() {
        let error = std::io::Error::from_raw_os_error(2).to_string();
        assert_eq!(
            said(&error, Lang::En),
            "cannot write the output: No such file or directory (os error 2)"
        );
        assert!(said(&error, Lang::Fr).ends_with("fichier ou dossier inexistant"));
        let tried = ["open the namespace: /x y: ", &error].concat();
        let french = said(&tried, Lang::Fr);
        assert!(
            french.ends_with("/x y: fichier ou dossier inexistant") && !french.contains("open")
        );
        assert!(said(&tried, Lang::En).contains("open the namespace: /x y: No such"));
        let error = [RESOLVER, RESOLVED[0].0].concat();
        assert!(said(&error, Lang::Fr).ends_with("nom ou service inconnu"));
    }

    #[test]
    fn unknown_errors_stay_in_english() {
        let texts = Texts::new(Lang::Fr);
        for value in [
            "Strange (os error 4242)",
            "(os error 2",
            "x",
            "y (os error -2)",
            ")",
        ] {
            assert_eq!(translated(value, &texts), None, "{value}");
        }
    }

    #[test]
    fn english_texts_are_not_changed() {
        let texts = Texts::new(Lang::En);
        for number in 1..=133 {
            let said = std::io::Error::from_raw_os_error(number).to_string();
            if let Some(ours) = translated(&said, &texts) {
                assert_eq!(ours, said);
            }
        }
        for (sentence, _) in RESOLVED {
            let said = [RESOLVER, sentence].concat();
            assert_eq!(translated(&said, &texts).as_deref(), Some(&said[..]));
        }
    }
}
