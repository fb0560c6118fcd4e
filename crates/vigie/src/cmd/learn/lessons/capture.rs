//! Capturing packets.

use crate::cmd::learn::lesson::{Answer, Ask, Lesson, SCANNER, SHOW, Show, Expectation, Step};

/// The lesson. text keys: learn-capture-*
pub(super) const LESSON: Lesson = Lesson {
    name: "capture",
    steps: &[
        Step::Say("what"),
        Step::Show(Show {
            line: "vigie capture -n -i eth0 -c 3 tcp port 80",
            meanwhile: Some((SCANNER, "vigie scan -sT -Pn -p 80 10.77.1.10")),
            expected: &[Expectation::Seen("tcp port 80")],
            then: "line",
            ..SHOW
        }),
        Step::Say("filters"),
        Step::Show(Show {
            line: "vigie capture -n -i eth0 -c 2 'icmp or udp port 54'",
            meanwhile: Some((
                SCANNER,
                "vigie packet sr \"IP(dst='10.77.1.10')/UDP(sport=50054, dport=54)/'hello'\" --timeout 1",
            )),
            expected: &[Expectation::Seen("icmp[0] = 3 and icmp[1] = 3")],
            then: "icmp",
            ..SHOW
        }),
        Step::Show(Show {
            line: "vigie scan -sS -Pn -p 20-25 10.77.1.10",
            wire: "tcp",
            expected: &[Expectation::Seen("tcp[tcpflags] = tcp-syn|tcp-ack")],
            then: "scan",
            ..SHOW
        }),
        Step::Ask(Ask {
            key: "q1",
            answer: Answer::Filter {
                solution: "tcp[tcpflags] = tcp-syn|tcp-ack",
            },
        }),
        Step::Ask(Ask {
            key: "q2",
            answer: Answer::Choice { of: 3, right: 0 },
        }),
    ],
};
