//! Reads any bytes as a capture file, in pieces. Reading ends, with packets inside the input or an error.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vigie_pcap::{MAX_BLOCK, Reader, Step};

fuzz_target!(|data: &[u8]| {
    let (mut reader, mut rest) = (Reader::new(), data);
    loop {
        match reader.step(rest) {
            Ok(Step::Packet { packet, consumed }) => {
                assert!(packet.bytes.len() <= packet.length as usize && packet.bytes.len() < consumed);
                rest = &rest[consumed..];
            }
            Ok(Step::Other { consumed }) => rest = &rest[consumed..],
            Ok(Step::More { needed }) => {
                assert!(needed > rest.len() && needed <= MAX_BLOCK);
                return;
            }
            Err(_) => return,
        }
    }
});
