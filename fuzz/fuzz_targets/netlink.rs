//! Walks the attributes of netlink messages at every depth.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vigie_linux::netlink::Attributes;

fn walk(attributes: Attributes<'_>) -> usize {
    let mut seen = 0;
    for attribute in attributes {
        let _ = (attribute.u8(), attribute.u16(), attribute.u32(), attribute.u64());
        let _ = (attribute.text(), attribute.address());
        // Each level is at least a header shorter, so the walk ends.
        seen += 1 + walk(attribute.nested());
    }
    seen
}

fuzz_target!(|data: &[u8]| {
    assert!(walk(Attributes::new(data)) <= data.len());
});
