//! Lowers `vlan`, `mpls`, `pppoed` and `pppoes`: all but `pppoed` move the offsets for the rest of the filter.

use alloc::vec;

use super::not_on_this_link;
use crate::{
    condition::{Condition, Value},
    error::Error,
    layout::Layout,
};

/// Lowers `vlan`.
pub(super) fn vlan(id: Option<u16>, layout: &mut Layout) -> Result<Condition, Error> {
    if !layout.is_ethernet() {
        return Err(not_on_this_link("vlan"));
    }
    let mut parts = vec![Condition::Any(
        [0x8100, 0x88a8, 0x9100]
            .map(|tag| layout.ethertype(tag))
            .to_vec(),
    )];
    if let Some(id) = id {
        parts.push(
            Value::half(layout.network)
                .masked(0x0fff)
                .equals(u32::from(id)),
        );
    }
    layout.enter_vlan();
    Ok(Condition::All(parts))
}

/// Lowers `mpls`.
pub(super) fn mpls(label: Option<u32>, layout: &mut Layout) -> Result<Condition, Error> {
    if !layout.is_ethernet() {
        return Err(not_on_this_link("mpls"));
    }
    let at = layout.network;
    let mut parts = vec![layout.enter_mpls()];
    if let Some(label) = label {
        parts.push(Value::word(at).masked(0xffff_f000).equals(label << 12));
    }
    Ok(Condition::All(parts))
}

/// Lowers `pppoed`.
pub(super) fn pppoe_discovery(layout: &Layout) -> Result<Condition, Error> {
    if !layout.is_ethernet() {
        return Err(not_on_this_link("pppoe"));
    }
    Ok(layout.ethertype(0x8863))
}

/// Lowers `pppoes`.
pub(super) fn pppoe_session(session: Option<u16>, layout: &mut Layout) -> Result<Condition, Error> {
    if !layout.is_ethernet() {
        return Err(not_on_this_link("pppoe"));
    }
    let mut parts = vec![layout.ethertype(0x8864)];
    if let Some(session) = session {
        parts.push(
            Value::word(layout.network)
                .masked(0xffff)
                .equals(u32::from(session)),
        );
    }
    layout.enter_pppoe();
    Ok(Condition::All(parts))
}
