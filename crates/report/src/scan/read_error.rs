//! Why results cannot be read, as a sentence.

use vigie_findings::json::{LineError, ReadError};

use crate::Message;

/// Returns why results could not be read.
pub fn read_error(error: &ReadError) -> Message {
    match error {
        ReadError::Io(error) => Message::new("read-io").shown("error", error),
        ReadError::NotAScan => Message::new("read-not-a-scan"),
        ReadError::Newer { schema } => Message::new("read-newer").shown("schema", schema),
        ReadError::Line { number, what } => {
            let what = match what {
                LineError::TooLong => Message::new("read-too-long"),
                LineError::NotAsDescribed => Message::new("read-not-as-described"),
                LineError::Field(field) => Message::new("read-field").safe("field", *field),
                LineError::AfterTheEnd => Message::new("read-after-the-end"),
            };
            Message::new("read-line")
                .shown("line", number)
                .text("what", what)
        }
    }
}
