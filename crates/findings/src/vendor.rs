//! Who made a network interface: the name that the IEEE registered for the beginning of its address.
//!
//! The registry is facts, brought by the crate oui-data. This file must not know hosts.

use vigie_wire::MacAddr;

/// The bit of the first octet that says that the address was not given out by a maker (IEEE 802).
const LOCALLY_ADMINISTERED: u8 = 2;

/// The maker of the interface with this address, where there is one.
pub fn of(mac: MacAddr) -> Option<&'static str> {
    if mac.octets()[0] & LOCALLY_ADMINISTERED != 0 {
        return None;
    }
    let name = oui_data::lookup(&mac.to_string())?.organization();
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makers_are_known_and_made_up_addresses_have_none() {
        assert_eq!(of(MacAddr([0, 0, 0, 1, 2, 3])), Some("XEROX CORPORATION"));
        assert!(of(MacAddr([0, 0x0c, 0x29, 1, 2, 3])).is_some_and(|n| n.contains("VMware")));
        assert_eq!(of(MacAddr([2, 0x0c, 0x29, 1, 2, 3])), None);
    }
}
