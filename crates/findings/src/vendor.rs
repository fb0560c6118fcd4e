//! The vendor of a network interface, from the IEEE registry of address prefixes (crate oui-data).

use vigie_wire::MacAddr;

/// Bit of the first octet of an address that no vendor assigned (IEEE 802).
const LOCALLY_ADMINISTERED: u8 = 2;

/// Returns the registered vendor of an address.
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
    fn registered_prefixes_have_a_vendor_and_local_addresses_have_none() {
        assert_eq!(of(MacAddr([0, 0, 0, 1, 2, 3])), Some("XEROX CORPORATION"));
        assert!(of(MacAddr([0, 0x0c, 0x29, 1, 2, 3])).is_some_and(|n| n.contains("VMware")));
        assert_eq!(of(MacAddr([2, 0x0c, 0x29, 1, 2, 3])), None);
    }
}
