//! Some of the IANA private enterprise numbers, which SNMP engines and service processors report.

use alloc::format;
use alloc::string::String;

/// Number and usual name of the vendor (IANA, "Private Enterprise Numbers").
const MAKERS: &[(u32, &str)] = &[
    (2, "IBM"),
    (9, "Cisco"),
    (11, "HP"),
    (42, "Sun"),
    (43, "3Com"),
    (171, "D-Link"),
    (207, "Allied Telesis"),
    (311, "Microsoft"),
    (318, "APC"),
    (343, "Intel"),
    (367, "Ricoh"),
    (534, "Eaton"),
    (641, "Lexmark"),
    (674, "Dell"),
    (1916, "Extreme Networks"),
    (1991, "Brocade"),
    (2011, "Huawei"),
    (2021, "UCD-SNMP"),
    (2435, "Brother"),
    (2636, "Juniper"),
    (3375, "F5"),
    (4526, "Netgear"),
    (4542, "ASF"),
    (6027, "Force10"),
    (6527, "Nokia"),
    (6574, "Synology"),
    (6876, "VMware"),
    (8072, "Net-SNMP"),
    (8741, "SonicWall"),
    (10876, "Supermicro"),
    (11863, "TP-Link"),
    (12356, "Fortinet"),
    (14823, "Aruba"),
    (14988, "MikroTik"),
    (19046, "Lenovo"),
    (24681, "QNAP"),
    (25461, "Palo Alto Networks"),
    (25506, "H3C"),
    (30065, "Arista"),
    (41112, "Ubiquiti"),
    (47196, "HPE Aruba"),
];

/// Returns the name of the vendor, if the table has it.
pub(in crate::payload) fn name(number: u32) -> Option<&'static str> {
    MAKERS
        .iter()
        .find_map(|&(known, name)| (known == number).then_some(name))
}

/// Formats `enterprise 8072 Net-SNMP`, without the name if the table does not have it.
pub(in crate::payload) fn shown(number: u32) -> String {
    match name(number) {
        Some(name) => format!("enterprise {number} {name}"),
        None => format!("enterprise {number}"),
    }
}
