//! Dissects bytes as any layer, reads every property of the result, and builds the same bytes again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vigie_craft::packet::Instance;
use vigie_craft::{layers, Offline, Packet};

fuzz_target!(|data: &[u8]| {
    let Some((&selector, bytes)) = data.split_first() else { return };
    let layer = layers::ALL[usize::from(selector) % layers::ALL.len()].name;
    let Some(id) = layers::find(layer) else { return };
    let Ok(packet) = Packet::dissect(id, bytes) else { return };
    let _ = (packet.show(&Offline), packet.repr(&Offline), packet.summary(&Offline), packet.command(&Offline));
    assert_eq!(packet.build(&Offline).expect("what was read can be written"), bytes);
    let mut own = packet;
    own.layers.iter_mut().for_each(Instance::make_own);
    let _ = (own.build(&Offline), own.show(&Offline));
});
