//! Many ports, many hosts.

use vigie_lab::Transport;

use crate::cmd::learn::lesson::{Answer, Ask, PortState, Lesson, SCANNER, SHOW, Show, Expectation, Step};

/// The lesson. text keys: learn-ranges-*
pub(super) const LESSON: Lesson = Lesson {
    name: "ranges",
    steps: &[
        Step::Say("ports"),
        Step::Show(Show {
            line: "vigie scan -p 1-100,http* plain",
            then: "ports-seen",
            ..SHOW
        }),
        Step::Show(Show {
            line: "vigie scan -p- plain",
            then: "all-seen",
            ..SHOW
        }),
        Step::Say("hosts"),
        Step::Show(Show {
            line: "vigie scan -p 22 10.77.1.10,20,30,40",
            then: "hosts-seen",
            ..SHOW
        }),
        Step::Ask(Ask {
            key: "q1",
            answer: Answer::Command {
                at: SCANNER,
                tap: "router",
                solution: "vigie scan -p 20-30 10.77.1.10 10.77.1.30",
                expected: &[
                    Expectation::Seen("dst host 10.77.1.10 and tcp dst port 20"),
                    Expectation::Seen("dst host 10.77.1.10 and tcp dst port 30"),
                    Expectation::Seen("dst host 10.77.1.30 and tcp dst port 20"),
                    Expectation::Seen("dst host 10.77.1.30 and tcp dst port 30"),
                    Expectation::Never("dst host 10.77.1.20"),
                ],
            },
        }),
        Step::Ask(Ask {
            key: "q2",
            answer: Answer::Ports {
                node: "plain",
                transport: Transport::Tcp,
                among: "1-65535",
                state: PortState::Open,
            },
        }),
    ],
};
