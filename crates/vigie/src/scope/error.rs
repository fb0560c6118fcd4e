//! Permission and refusal as sentences.

use vigie_report::scan::time;
use vigie_report::{Message, Texts};
use vigie_scope::Host;
use vigie_scope::target::RangeSet;
use vigie_scope::{Allowance, Dormant, Judgement, Refusal, Refused};

use crate::error::Error;
use crate::exit::Exit;

/// This many ranges are named; the rest is counted.
const NAMED: usize = 4;

/// What allows something, as a part of a sentence.
pub fn allowance(by: &Allowance) -> Message {
    vigie_report::scan::permission::allowance(by)
}

/// Why something is refused, as a part of a sentence.
pub fn refusal(why: &Refusal) -> Message {
    let about = |key, file: &str| Message::new(key).outside("file", file);
    match why {
        Refusal::Unspecified => Message::new("scope-unspecified"),
        Refusal::Multicast => Message::new("scope-multicast"),
        Refusal::Broadcast => Message::new("scope-broadcast"),
        Refusal::Never { file } => about("scope-never", file),
        Refusal::NeverName { file, name } => about("scope-never-name", file).outside("name", name),
        Refusal::Ports { file, ports } => {
            let (transport, first) = ports.at(0);
            about("scope-ports", file)
                .shown("port", format!("{first}/{transport}"))
                .amount("more", ports.len() as u64 - 1)
        }
        Refusal::Dormant { file, why, moment } => {
            let moment = moment.map(time::plain).unwrap_or_default();
            match why {
                Dormant::Expired => about("scope-expired", file).safe("moment", moment),
                Dormant::NotYet => about("scope-not-yet", file).safe("moment", moment),
                Dormant::OutsideHours => about("scope-outside-hours", file),
            }
        }
        Refusal::NotInScope => Message::new("scope-not-in-scope"),
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

fn part(refused: &Refused, names: &[(Host, String)], texts: &Texts) -> Message {
    Message::new("scope-part")
        .safe("addresses", addresses(&refused.addresses, names, texts))
        .text("why", refusal(&refused.why))
}

/// All that is refused, in one line.
fn parts(judgement: &Judgement, names: &[(Host, String)], texts: &Texts) -> String {
    let parts = judgement.refused.iter().take(NAMED);
    let said: Vec<String> = parts.map(|r| texts.say(&part(r, names, texts))).collect();
    said.join("; ")
}

/// Nothing is sent.
pub(super) fn refused(judgement: &Judgement, names: &[(Host, String)], texts: &Texts) -> Error {
    let message = Message::new("scope-refused").safe("parts", parts(judgement, names, texts));
    let never = judgement.refused.iter().any(|r| !r.why.may_be_authorized());
    let hint = if never {
        "scope-refused-never-hint"
    } else {
        "scope-refused-hint"
    };
    Error::new(Exit::OutOfScope, message).hint(Message::new(hint))
}

/// What the user is asked.
pub(super) fn question(judgement: &Judgement, names: &[(Host, String)], texts: &Texts) -> Message {
    Message::new("scope-question").safe("parts", parts(judgement, names, texts))
}
