//! Damaged results never cause a panic in any output format.

use std::io;

use proptest::prelude::*;
use vigie_findings::json::{JsonLines, LineError, ReadError, Recording, read};
use vigie_findings::samples::{self, Sample, generated};

use super::{
    csv::Csv, document, grepable::Grepable, human, human::Human, read_error, xml, xml::Xml,
};
use crate::{Lang, Texts};

fn written(sample: &Sample) -> Vec<u8> {
    let mut out = Vec::new();
    sample.play(&mut JsonLines::new(&mut out));
    out
}

#[test]
fn every_read_error_is_a_sentence() {
    for lang in Lang::ALL {
        let texts = Texts::new(*lang);
        for error in [
            ReadError::Io(io::Error::other("x")),
            ReadError::NotAScan,
            ReadError::Newer { schema: 9 },
            ReadError::Line {
                number: 3,
                what: LineError::TooLong,
            },
            ReadError::Line {
                number: 3,
                what: LineError::NotAsDescribed,
            },
            ReadError::Line {
                number: 3,
                what: LineError::Field("host"),
            },
            ReadError::Line {
                number: 3,
                what: LineError::AfterTheEnd,
            },
        ] {
            let said = texts.say(&read_error(&error));
            assert!(!said.is_empty() && !said.contains("read-"), "{said}");
        }
    }
}

/// Writes a recording in every format.
fn convert(recording: &Recording) {
    let mut out = Vec::new();
    recording.play(&mut JsonLines::new(&mut out)).unwrap();
    recording.play(&mut Csv::new(&mut out)).unwrap();
    recording
        .play(&mut Grepable::new(&mut out, xml::Detail::default()))
        .unwrap();
    let stream = document::StreamDocument(&mut out);
    recording
        .play(&mut Xml::new(stream, xml::Detail { verbosity: 1 }))
        .unwrap();
    for lang in Lang::ALL {
        let style = human::Style {
            verbosity: 1,
            reason: true,
            ..human::Style::default()
        };
        recording
            .play(&mut Human::new(&mut out, Texts::new(*lang), style))
            .unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn damaged_recordings_cause_no_panic(seed in 0u64..50, places in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0usize..40), 1..6)) {
        let mut text = written(&generated::sample(seed));
        text.truncate(20_000);
        for (place, byte, cut) in places {
            let at = place.index(text.len());
            text[at] = byte;
            let end = (at + cut).min(text.len());
            if cut % 3 == 0 && end - at < text.len() {
                text.drain(at..end);
            }
        }
        if let Ok(recording) = read(text.as_slice()) {
            convert(&recording);
        }
    }

    #[test]
    fn numbers_of_any_size_cause_no_panic(values in proptest::collection::vec(prop_oneof![Just("0".to_owned()), Just("1e308".to_owned()), Just("-1".to_owned()), Just("18446744073709551615".to_owned()), Just("0.5".to_owned()), Just("65535".to_owned()), Just("9999999999".to_owned())], 60)) {
        let text = String::from_utf8(written(&samples::network())).unwrap();
        let mut values = values.into_iter().cycle();
        let mut changed = String::new();
        let mut chars = text.chars().peekable();
        let mut in_string = false;
        while let Some(c) = chars.next() {
            in_string ^= c == '"';
            changed.push(c);
            if c == ':' && !in_string && chars.peek().is_some_and(char::is_ascii_digit) {
                let value = values.next().unwrap();
                // Change only some numbers; otherwise reading fails at the first line.
                if value == "0" {
                    continue;
                }
                while chars.next_if(|c| c.is_ascii_digit() || matches!(c, '.' | 'e' | '-')).is_some() {}
                changed += &value;
            }
        }
        if let Ok(recording) = read(changed.as_bytes()) {
            convert(&recording);
        }
    }
}
