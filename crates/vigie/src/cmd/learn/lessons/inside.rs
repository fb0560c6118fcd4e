//! The inside view: which ports this machine has, and the states of connections.

use vigie_lab::Transport;

use crate::cmd::learn::lesson::{Answer, Ask, PortState, Lesson, SHOW, Show, Step};

/// The lesson. text keys: learn-inside-*
pub(super) const LESSON: Lesson = Lesson {
    name: "inside",
    steps: &[
        Step::Say("what"),
        Step::Show(Show {
            at: "plain",
            line: "vigie sockets -tln",
            then: "seen",
            ..SHOW
        }),
        Step::Say("states"),
        Step::Show(Show {
            at: "plain",
            line: "vigie sockets -uln",
            then: "udp",
            ..SHOW
        }),
        Step::Ask(Ask {
            key: "q1",
            answer: Answer::Ports {
                node: "plain",
                transport: Transport::Tcp,
                among: "1024-65535",
                state: PortState::Open,
            },
        }),
        Step::Ask(Ask {
            key: "q2",
            answer: Answer::Choice { of: 2, right: 1 },
        }),
    ],
};
