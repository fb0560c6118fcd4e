//! UDP: what an open, a closed and a silent port do.

use crate::cmd::learn::lesson::{Answer, Ask, Lesson, SCANNER, SHOW, Show, Expectation, Step};

/// The lesson. text keys: learn-udp-*
pub(super) const LESSON: Lesson = Lesson {
    name: "udp",
    steps: &[
        Step::Say("what"),
        Step::Show(Show {
            line: "vigie dns @10.77.1.10 www.example.org",
            wire: "udp or icmp",
            expected: &[
                Expectation::Seen("udp dst port 53"),
                Expectation::Seen("udp src port 53 and src host 10.77.1.10"),
            ],
            then: "open",
            ..SHOW
        }),
        Step::Show(Show {
            line: "vigie dns @10.77.1.10 -p 54 www.example.org +tries=1",
            wire: "udp or icmp",
            expected: &[Expectation::Seen("icmp[0] = 3 and icmp[1] = 3")],
            then: "closed",
            ..SHOW
        }),
        Step::Show(Show {
            line: "vigie packet sr1 \"IP(dst='10.77.1.10')/UDP(sport=50069, dport=69)/'hello'\" --timeout 1",
            wire: "udp or icmp",
            expected: &[
                Expectation::Seen("udp dst port 69"),
                Expectation::Never("src host 10.77.1.10 and (udp or icmp)"),
            ],
            then: "silent",
            ..SHOW
        }),
        Step::Ask(Ask {
            key: "q1",
            answer: Answer::Command {
                at: SCANNER,
                tap: "router",
                solution: "vigie packet sr1 \"IP(dst='10.77.1.10')/UDP(sport=50100, dport=100)\" --timeout 2",
                expected: &[
                    Expectation::Seen("dst host 10.77.1.10 and udp dst port 100"),
                    Expectation::Seen("src host 10.77.1.10 and icmp[0] = 3 and icmp[1] = 3"),
                ],
            },
        }),
        Step::Ask(Ask {
            key: "q2",
            answer: Answer::Choice { of: 3, right: 2 },
        }),
    ],
};
