//! Evaluates any text as a packet expression. An error points into the text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vigie_craft::lang::{NoRuntime, Session};

fuzz_target!(|data: &[u8]| {
    let Ok(source) = std::str::from_utf8(data) else { return };
    let mut runtime = NoRuntime::default();
    if let Err(error) = Session::new(&mut runtime).run(source) {
        assert!(source.get(error.at.clone()).is_some(), "{error}");
        assert!(!error.to_string().is_empty());
    }
});
