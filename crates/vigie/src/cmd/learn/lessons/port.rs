//! What a port is.

use vigie_lab::Transport;

use crate::cmd::learn::lesson::{Answer, Ask, PortState, Lesson, SHOW, Show, Step};

/// The lesson. text keys: learn-port-*
pub(super) const LESSON: Lesson = Lesson {
    name: "port",
    steps: &[
        Step::Say("what"),
        Step::Show(Show {
            line: "vigie scan plain",
            then: "seen",
            ..SHOW
        }),
        Step::Say("numbers"),
        Step::Ask(Ask {
            key: "q1",
            answer: Answer::Ports {
                node: "plain",
                transport: Transport::Tcp,
                among: "1-100",
                state: PortState::Open,
            },
        }),
        Step::Ask(Ask {
            key: "q2",
            answer: Answer::Choice { of: 3, right: 2 },
        }),
    ],
};
