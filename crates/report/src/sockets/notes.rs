//! Sentences about what a snapshot could not read.

use vigie_host::snapshot::{Note, Snapshot};

use crate::Message;

/// Returns the sentence of a note.
pub fn message(snapshot: &Snapshot, note: &Note) -> Message {
    match note {
        Note::Interrupted { proto, netns } => {
            let message = Message::new("sockets-note-interrupted").shown("proto", proto.name());
            let place = snapshot
                .netns
                .get(usize::from(*netns))
                .map(super::cells::netns);
            message.outside("netns", place.unwrap_or_default())
        }
        Note::Fallback { proto, errno } => {
            let error = std::io::Error::from_raw_os_error(*errno);
            Message::new("sockets-note-fallback")
                .shown("proto", proto.name())
                .shown("error", error)
        }
        Note::Unreadable { proto, count } => Message::new("sockets-note-unreadable")
            .shown("proto", proto.name())
            .amount("count", *count as u64),
        Note::HiddenOwners { sockets, processes } => Message::new("sockets-note-hidden")
            .amount("sockets", *sockets as u64)
            .amount("processes", *processes as u64),
        Note::NetnsRefused { count } => {
            Message::new("sockets-note-netns").amount("count", *count as u64)
        }
    }
}
