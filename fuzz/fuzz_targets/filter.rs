//! Parses any text as a capture filter. A filter that compiles runs on any frame.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vigie_wire::LinkType;
use vigie_pcap_filter::bpf::MAX_INSTRUCTIONS;
use vigie_pcap_filter::{Expr, NoNames, ProgramInput};

fuzz_target!(|data: (&str, &[u8])| {
    let (text, frame) = data;
    let Ok(expr) = Expr::parse(text, &NoNames) else { return };
    for link in [LinkType::Ethernet, LinkType::LinuxSll2, LinkType::RawIp, LinkType::Null] {
        for place in [ProgramInput::CapturedBytes, ProgramInput::PacketSocket] {
            if let Ok(program) = expr.compile(link, place, 262_144) {
                assert!(program.instructions().len() <= MAX_INSTRUCTIONS);
                let _ = program.run(frame, frame.len() as u32);
            }
        }
    }
});
