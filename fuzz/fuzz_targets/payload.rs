//! Runs each UDP protocol's recognizer on any bytes. The input starts with the token.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vigie_detect::payload::{self, Answer};

fuzz_target!(|data: &[u8]| {
    let Some((head, reply)) = data.split_first_chunk::<9>() else { return };
    let token = u64::from_be_bytes([head[1], head[2], head[3], head[4], head[5], head[6], head[7], head[8]]);
    // First one payload by index, so that the fuzzer learns each one, then all payloads of its port.
    let chosen = payload::ALL[usize::from(head[0]) % payload::ALL.len()];
    if let Answer::Confirmed { detail } = chosen.recognise(token, reply) {
        let shown = detail.to_string();
        assert!(!shown.chars().any(char::is_control) && shown.len() <= 600);
    }
    let _ = payload::recognise(payload::for_port(chosen.ports[0]), token, reply);
});
