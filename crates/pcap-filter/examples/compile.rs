//! Compiles a capture filter and prints its BPF program, as `tcpdump -d` does.
//!
//! `cargo run -p vigie-pcap-filter --example compile -- 'tcp port 80 or 443'`

use vigie_pcap_filter::{Expr, NoNames, ProgramInput};
use vigie_wire::LinkType;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let text = words.join(" ");
    let filter = Expr::parse(&text, &NoNames)?;
    let program = filter.compile(LinkType::Ethernet, ProgramInput::CapturedBytes, 262_144)?;
    println!("{program}");

    let empty_frame = [0; 60];
    let verdict = if program.accepts(&empty_frame, 60) {
        "accepts"
    } else {
        "rejects"
    };
    println!("The program {verdict} a frame of 60 zero bytes.");
    Ok(())
}
