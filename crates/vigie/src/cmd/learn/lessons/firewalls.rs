//! Firewalls that drop, that reject, and that filter by source.

use vigie_lab::Transport;

use crate::cmd::learn::lesson::{Answer, Ask, PortState, Lesson, SHOW, Show, Expectation, Step};

/// The lesson. text keys: learn-firewalls-*
pub(super) const LESSON: Lesson = Lesson {
    name: "firewalls",
    steps: &[
        Step::Say("what"),
        Step::Show(Show {
            line: "vigie scan -Pn -p 22,3306,8443 10.77.1.20",
            wire: "tcp port 3306",
            expected: &[
                Expectation::Seen("tcp dst port 3306 and tcp[tcpflags] = tcp-syn"),
                Expectation::Never("tcp src port 3306"),
            ],
            then: "drop",
            ..SHOW
        }),
        Step::Show(Show {
            line: "vigie scan -Pn -p 22,81,3306,6379 10.77.1.30",
            wire: "icmp or tcp port 81",
            expected: &[
                Expectation::Seen("icmp[0] = 3 and icmp[1] = 13"),
                Expectation::Seen("tcp src port 81 and tcp[tcpflags] & tcp-rst != 0"),
            ],
            then: "reject",
            ..SHOW
        }),
        Step::Say("source"),
        Step::Ask(Ask {
            key: "q1",
            answer: Answer::Command {
                at: "plain",
                tap: "walled",
                solution: "vigie scan -p 3306 10.77.1.20",
                expected: &[
                    Expectation::Seen("src host 10.77.1.10 and tcp dst port 3306 and tcp[tcpflags] = tcp-syn"),
                    Expectation::Seen("src host 10.77.1.20 and tcp src port 3306 and tcp[tcpflags] = tcp-syn|tcp-ack"),
                ],
            },
        }),
        Step::Ask(Ask {
            key: "q2",
            answer: Answer::Ports {
                node: "walled",
                transport: Transport::Tcp,
                among: "22,25,80,443,3306,8443",
                state: PortState::Dropped,
            },
        }),
        Step::Ask(Ask {
            key: "q3",
            answer: Answer::Choice { of: 3, right: 2 },
        }),
    ],
};
