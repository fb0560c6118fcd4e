//! Prints packets of any link type. The lines contain no control characters.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vigie_print::{Dump, Numeric, Options, Printer};

fuzz_target!(|data: (u16, u8, bool, &[u8])| {
    let (link, verbose, link_header, bytes) = data;
    let options = Options { verbose: verbose % 4, link_header, dump: Dump::Ascii { link_header: true }, ..Options::default() };
    let mut out = String::new();
    Printer::new(options).print(link, bytes.len() as u32, bytes, &Numeric, &mut out);
    assert!(out.chars().all(|character| matches!(character, '\n' | '\t') || !character.is_control()));
});
