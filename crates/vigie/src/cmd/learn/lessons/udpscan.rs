//! The UDP scan: probes made by hand, what silence means, and why it takes its time.

use vigie_lab::Transport;

use crate::cmd::learn::lesson::{Answer, Ask, PortState, Lesson, SCANNER, SHOW, Show, Expectation, Step};

/// The lesson. text keys: learn-udpscan-*
pub(super) const LESSON: Lesson = Lesson {
    name: "udpscan",
    steps: &[
        Step::Say("what"),
        Step::Show(Show {
            line: "vigie packet sr \"IP(dst='10.77.1.10')/UDP(sport=50001, dport=[53,54,69])/DNS()\" --timeout 1",
            wire: "udp or icmp",
            expected: &[
                Expectation::Seen("udp src port 53 and src host 10.77.1.10"),
                Expectation::Seen("icmp[0] = 3 and icmp[1] = 3"),
                Expectation::Never("udp src port 69"),
            ],
            then: "seen",
            ..SHOW
        }),
        Step::Say("slow"),
        Step::Show(Show {
            line: "vigie packet sr \"IP(dst='10.77.1.10')/UDP(sport=50002, dport=(1000,1011))\" --timeout 1",
            wire: "icmp",
            expected: &[Expectation::Seen("icmp[0] = 3 and icmp[1] = 3")],
            then: "limit",
            ..SHOW
        }),
        Step::Show(Show {
            line: "vigie scan -sU -Pn -p 53,54,69,123 10.77.1.10",
            wire: "udp or icmp",
            expected: &[
                Expectation::Seen("udp src port 53 and src host 10.77.1.10"),
                Expectation::Seen("udp dst port 69"),
                Expectation::Never("udp src port 69"),
            ],
            then: "scan",
            ..SHOW
        }),
        Step::Ask(Ask {
            key: "q1",
            answer: Answer::Command {
                at: SCANNER,
                tap: "router",
                solution: "vigie packet sr \"IP(dst='10.77.1.10')/UDP(sport=50003, dport=[123,161])/'hello'\" --timeout 2",
                expected: &[
                    Expectation::Seen("src host 10.77.1.10 and udp src port 123"),
                    Expectation::Seen("src host 10.77.1.10 and udp src port 161"),
                ],
            },
        }),
        Step::Ask(Ask {
            key: "q2",
            answer: Answer::Ports {
                node: "plain",
                transport: Transport::Udp,
                among: "1-200",
                state: PortState::Open,
            },
        }),
    ],
};
