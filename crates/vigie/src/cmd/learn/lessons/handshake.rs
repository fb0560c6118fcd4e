//! TCP's handshake: how a connection begins, and how it is refused.

use crate::cmd::learn::lesson::{Answer, Ask, Lesson, SCANNER, SHOW, Show, Expectation, Step};

/// The lesson. text keys: learn-handshake-*
pub(super) const LESSON: Lesson = Lesson {
    name: "handshake",
    steps: &[
        Step::Say("what"),
        Step::Show(Show {
            line: "vigie scan -sT -Pn -p 80 10.77.1.10",
            wire: "tcp port 80",
            expected: &[
                Expectation::Seen("tcp dst port 80 and tcp[tcpflags] = tcp-syn"),
                Expectation::Seen("tcp src port 80 and tcp[tcpflags] = tcp-syn|tcp-ack"),
                Expectation::Seen("tcp dst port 80 and tcp[tcpflags] = tcp-ack"),
            ],
            then: "open",
            ..SHOW
        }),
        Step::Say("numbers"),
        Step::Show(Show {
            line: "vigie scan -sT -Pn -p 81 10.77.1.10",
            wire: "tcp port 81",
            expected: &[
                Expectation::Seen("tcp dst port 81 and tcp[tcpflags] = tcp-syn"),
                Expectation::Seen("tcp src port 81 and tcp[tcpflags] = tcp-rst|tcp-ack"),
            ],
            then: "closed",
            ..SHOW
        }),
        Step::Ask(Ask {
            key: "q1",
            answer: Answer::Choice { of: 3, right: 1 },
        }),
        Step::Ask(Ask {
            key: "q2",
            answer: Answer::Command {
                at: SCANNER,
                tap: "router",
                solution: "vigie scan -sT -Pn -p 24 10.77.1.10",
                expected: &[
                    Expectation::Seen("dst host 10.77.1.10 and tcp[tcpflags] = tcp-syn"),
                    Expectation::Seen("src host 10.77.1.10 and tcp[tcpflags] = tcp-rst|tcp-ack"),
                    Expectation::Never("src host 10.77.1.10 and tcp[tcpflags] = tcp-syn|tcp-ack"),
                ],
            },
        }),
    ],
};
