//! The SYN scan.

use vigie_lab::Transport;

use crate::cmd::learn::lesson::{Answer, Ask, PortState, Lesson, SCANNER, SHOW, Show, Expectation, Step};

/// The lesson. text keys: learn-syn-*
pub(super) const LESSON: Lesson = Lesson {
    name: "syn",
    steps: &[
        Step::Say("what"),
        Step::Show(Show {
            line: "vigie scan -sS -Pn -p 80,81 10.77.1.10",
            wire: "tcp",
            expected: &[
                Expectation::Seen("tcp src port 80 and tcp[tcpflags] = tcp-syn|tcp-ack"),
                Expectation::Seen("tcp dst port 80 and tcp[tcpflags] & tcp-rst != 0"),
                Expectation::Seen("tcp src port 81 and tcp[tcpflags] = tcp-rst|tcp-ack"),
                Expectation::Never("tcp dst port 80 and tcp[tcpflags] = tcp-ack"),
            ],
            then: "seen",
            ..SHOW
        }),
        Step::Say("why"),
        Step::Ask(Ask {
            key: "q1",
            answer: Answer::Command {
                at: SCANNER,
                tap: "router",
                solution: "vigie scan -sS -p 20-25 10.77.1.10",
                expected: &[
                    Expectation::Seen("tcp dst port 20 and tcp[tcpflags] = tcp-syn"),
                    Expectation::Seen("tcp dst port 25 and tcp[tcpflags] = tcp-syn"),
                    Expectation::Seen("tcp src port 22 and tcp[tcpflags] = tcp-syn|tcp-ack"),
                    Expectation::Never("tcp dst port 22 and tcp[tcpflags] = tcp-ack"),
                ],
            },
        }),
        Step::Ask(Ask {
            key: "q2",
            answer: Answer::Ports {
                node: "plain",
                transport: Transport::Tcp,
                among: "20-25",
                state: PortState::Closed,
            },
        }),
    ],
};
