//! Packets built by hand.

use crate::cmd::learn::lesson::{Answer, Ask, Lesson, SCANNER, SHOW, Show, Expectation, Step};

/// The lesson. text keys: learn-packets-*
pub(super) const LESSON: Lesson = Lesson {
    name: "packets",
    steps: &[
        Step::Say("what"),
        Step::Show(Show {
            line: "vigie packet ls TCP",
            then: "fields",
            ..SHOW
        }),
        Step::Show(Show {
            line: "vigie packet sr1 \"IP(dst='10.77.1.10')/TCP(sport=55555, dport=80, flags='S')\"",
            wire: "tcp port 55555",
            expected: &[
                Expectation::Seen("tcp src port 55555 and tcp[tcpflags] = tcp-syn"),
                Expectation::Seen("tcp dst port 55555 and tcp[tcpflags] = tcp-syn|tcp-ack"),
            ],
            then: "open",
            ..SHOW
        }),
        Step::Show(Show {
            line: "vigie packet sr \"IP(dst='10.77.1.10')/TCP(sport=55556, dport=[80,81], flags='S')\"",
            wire: "tcp port 55556",
            expected: &[Expectation::Seen("tcp src port 81 and tcp[tcpflags] = tcp-rst|tcp-ack")],
            then: "several",
            ..SHOW
        }),
        Step::Say("flags"),
        Step::Ask(Ask {
            key: "q1",
            answer: Answer::Choice { of: 3, right: 1 },
        }),
        Step::Ask(Ask {
            key: "q2",
            answer: Answer::Command {
                at: SCANNER,
                tap: "router",
                solution: "vigie packet sr1 \"IP(dst='10.77.1.10')/TCP(sport=50000, dport=443, flags='S')\"",
                expected: &[
                    Expectation::Seen("tcp src port 50000 and tcp dst port 443 and tcp[tcpflags] = tcp-syn"),
                    Expectation::Seen("tcp src port 443 and tcp dst port 50000 and tcp[tcpflags] = tcp-syn|tcp-ack"),
                ],
            },
        }),
    ],
};
