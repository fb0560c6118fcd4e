//! The connect scan.

use crate::cmd::learn::lesson::{Answer, Ask, Lesson, SCANNER, SHOW, Show, Expectation, Step};

/// The lesson. text keys: learn-connect-*
pub(super) const LESSON: Lesson = Lesson {
    name: "connect",
    steps: &[
        Step::Say("what"),
        Step::Show(Show {
            line: "vigie scan -sT -Pn -p 22,24 10.77.1.10",
            wire: "tcp",
            expected: &[
                Expectation::Seen("tcp dst port 22 and tcp[tcpflags] = tcp-ack"),
                Expectation::Seen("tcp src port 24 and tcp[tcpflags] = tcp-rst|tcp-ack"),
            ],
            then: "seen",
            ..SHOW
        }),
        Step::Say("compare"),
        Step::Ask(Ask {
            key: "q1",
            answer: Answer::Command {
                at: SCANNER,
                tap: "router",
                solution: "vigie scan -sT -p 443 10.77.1.10",
                expected: &[
                    Expectation::Seen("tcp dst port 443 and tcp[tcpflags] = tcp-syn"),
                    Expectation::Seen("src host 10.77.0.2 and tcp dst port 443 and tcp[tcpflags] = tcp-ack"),
                ],
            },
        }),
        Step::Ask(Ask {
            key: "q2",
            answer: Answer::Choice { of: 3, right: 0 },
        }),
    ],
};
