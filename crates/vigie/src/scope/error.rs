//! Permission and refusal as sentences.

use vigie_findings::time;
use vigie_report::{Message, Texts};
use vigie_scope::Host;
use vigie_scope::target::RangeSet;
use vigie_scope::{AuthSource, Decision, Denied, DenyReason, Inactive};

use crate::error::Error;
use crate::exit::Exit;

/// This many ranges are named; the rest is counted.
const NAMED: usize = 4;

/// What allows something, as a part of a sentence.
pub fn allowance(by: &AuthSource) -> Message {
    vigie_report::scan::permission::allowance(by)
}

/// Why something is refused, as a part of a sentence.
pub fn refusal(why: &DenyReason) -> Message {
    let about = |key, file: &str| Message::new(key).outside("file", file);
    match why {
        DenyReason::Unspecified => Message::new("scope-unspecified"),
        DenyReason::Multicast => Message::new("scope-multicast"),
        DenyReason::Broadcast => Message::new("scope-broadcast"),
        DenyReason::Never { file } => about("scope-never", file),
        DenyReason::NeverName { file, name } => {
            about("scope-never-name", file).outside("name", name)
        }
        DenyReason::Ports { file, ports } => {
            let (transport, first) = ports.at(0);
            about("scope-ports", file)
                .shown("port", format!("{first}/{transport}"))
                .amount("more", ports.len() as u64 - 1)
        }
        DenyReason::Inactive {
            file,
            cause,
            moment,
        } => {
            let moment = moment.map(time::plain).unwrap_or_default();
            match cause {
                Inactive::Expired => about("scope-expired", file).safe("moment", moment),
                Inactive::NotYetValid => about("scope-not-yet", file).safe("moment", moment),
                Inactive::OutsideHours => about("scope-outside-hours", file),
            }
        }
        DenyReason::NotInScope => Message::new("scope-not-in-scope"),
    }
}

/// The addresses as people write them, with the name by which one of them was asked for.
pub fn addresses(some: &RangeSet, names: &[(Host, String)], texts: &Texts) -> String {
    let named: Vec<String> = some
        .ranges()
        .iter()
        .take(NAMED)
        .map(|range| {
            let of =
                |(host, _): &&(Host, String)| *host == Host::zoned(range.first_ip(), range.zone);
            match names.iter().find(of) {
                Some((_, name)) => texts.say(
                    &Message::new("scope-named")
                        .safe("addresses", range.to_text())
                        .outside("name", name),
                ),
                None => range.to_text(),
            }
        })
        .collect();
    let said = named.join(", ");
    let more = some.ranges().iter().skip(NAMED);
    let more = more.fold(0u64, |n, r| {
        n.saturating_add(u64::try_from(r.len()).unwrap_or(u64::MAX))
    });
    if more == 0 {
        return said;
    }
    texts.say(
        &Message::new("scope-and-more")
            .safe("some", said)
            .amount("more", more),
    )
}

fn part(denied: &Denied, names: &[(Host, String)], texts: &Texts) -> Message {
    Message::new("scope-part")
        .safe("addresses", addresses(&denied.addresses, names, texts))
        .text("why", refusal(&denied.reason))
}

/// All that is refused, in one line.
fn parts(decision: &Decision, names: &[(Host, String)], texts: &Texts) -> String {
    let parts = decision.denied.iter().take(NAMED);
    let said: Vec<String> = parts.map(|r| texts.say(&part(r, names, texts))).collect();
    said.join("; ")
}

/// Nothing is sent.
pub(super) fn refused(decision: &Decision, names: &[(Host, String)], texts: &Texts) -> Error {
    let message = Message::new("scope-refused").safe("parts", parts(decision, names, texts));
    let never = decision
        .denied
        .iter()
        .any(|r| !r.reason.can_be_authorized());
    let hint = if never {
        "scope-refused-never-hint"
    } else {
        "scope-refused-hint"
    };
    Error::new(Exit::OutOfScope, message).hint(Message::new(hint))
}

/// What the user is asked.
pub(super) fn question(decision: &Decision, names: &[(Host, String)], texts: &Texts) -> Message {
    Message::new("scope-question").safe("parts", parts(decision, names, texts))
}
