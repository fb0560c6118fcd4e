//! Checking your own machine: the inside view compared with the outside view.

use vigie_lab::Transport;

use crate::cmd::learn::lesson::{Answer, Ask, PortState, Lesson, SHOW, Show, Expectation, Step};

/// The lesson. text keys: learn-own-*
pub(super) const LESSON: Lesson = Lesson {
    name: "own",
    steps: &[
        Step::Say("what"),
        Step::Show(Show {
            at: "walled",
            line: "vigie sockets -tln",
            then: "inside",
            ..SHOW
        }),
        Step::Show(Show {
            line: "vigie scan -Pn -p 22,80,443,3306,8443 10.77.1.20",
            wire: "",
            expected: &[
                Expectation::Seen("src host 10.77.1.20 and tcp src port 443 and tcp[tcpflags] = tcp-syn|tcp-ack"),
                Expectation::Never("src host 10.77.1.20 and tcp src port 3306"),
            ],
            then: "outside",
            ..SHOW
        }),
        Step::Ask(Ask {
            key: "q1",
            answer: Answer::Ports {
                node: "walled",
                transport: Transport::Tcp,
                among: "1-65535",
                state: PortState::Hidden,
            },
        }),
        Step::Show(Show {
            at: "walled",
            line: "vigie scan -p 22,80,443,3306,8443 localhost",
            then: "local",
            ..SHOW
        }),
        Step::Say("do"),
        Step::Ask(Ask {
            key: "q2",
            answer: Answer::Choice { of: 3, right: 1 },
        }),
    ],
};
