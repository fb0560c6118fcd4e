//! Law and etiquette of scanning.

use crate::cmd::learn::lesson::{Answer, Ask, Lesson, SHOW, Show, Expectation, Step};

/// The lesson. text keys: learn-law-*
pub(super) const LESSON: Lesson = Lesson {
    name: "law",
    steps: &[
        Step::Say("why"),
        Step::Say("law"),
        Step::Show(Show {
            line: "vigie scope check plain 192.0.2.1",
            then: "check",
            ..SHOW
        }),
        Step::Show(Show {
            // Quiet: at a terminal it would ask for an authorization.
            line: "vigie scan 192.0.2.1 --scope /dev/null",
            wire: "host 192.0.2.1",
            expected: &[Expectation::Never("host 192.0.2.1")],
            then: "refused",
            ..SHOW
        }),
        Step::Say("seen"),
        Step::Ask(Ask {
            key: "q1",
            answer: Answer::Choice { of: 3, right: 2 },
        }),
        Step::Ask(Ask {
            key: "q2",
            answer: Answer::Choice { of: 3, right: 0 },
        }),
        Step::Ask(Ask {
            key: "q3",
            answer: Answer::Choice { of: 2, right: 1 },
        }),
        Step::Say("end"),
    ],
};
