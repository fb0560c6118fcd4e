//! A route in use: its packet templates, and the hardware address of its next hop.
//!
//! This file must not know what is probed, or when.

use alloc::vec::Vec;

use vigie_wire::tcp::Flags;
use vigie_wire::{MacAddr, WriteError};

use crate::plan::{Framing, NextHop, Route};
use crate::probe::{Kind, Template, To};

/// A route with everything needed to send along it.
#[derive(Clone, Debug)]
pub(crate) struct Egress {
    pub(crate) route: Route,
    /// Hardware address of the router, if there is one and it is known.
    pub(crate) gateway: Option<MacAddr>,
    templates: Vec<Option<Template>>,
    /// The port probe with TCP flags chosen by the user.
    flagged: Option<(Kind, Template)>,
}

/// Returns the hardware address that frames leave from, if the link has hardware addresses.
pub(crate) fn ethernet(route: &Route) -> Option<MacAddr> {
    match route.framing {
        Framing::Ethernet { mac } => Some(mac),
        Framing::Ip => None,
    }
}

impl Egress {
    /// Prepares every kind of probe that the address family has.
    pub(crate) fn new(route: Route, source_port: u16) -> Result<Egress, WriteError> {
        let fits = |kind: Kind| !kind.is_v4_only() || route.source.is_ipv4();
        let prepare = |kind: Kind| {
            fits(kind)
                .then(|| kind.probe().prepare(&route, source_port))
                .transpose()
        };
        let templates = Kind::all().map(prepare).collect::<Result<_, _>>()?;
        Ok(Egress {
            route,
            gateway: None,
            templates,
            flagged: None,
        })
    }

    /// Sends port probes with these flags instead of those of `kind`. Host discovery is not affected.
    pub(crate) fn with_flags(
        mut self,
        kind: Kind,
        flags: Flags,
        source_port: u16,
    ) -> Result<Egress, WriteError> {
        let template = kind.probe().prepare_with(&self.route, source_port, flags)?;
        self.flagged = Some((kind, template));
        Ok(self)
    }

    /// Writes a port probe: like [`Egress::write`], with the flags that the user chose.
    #[inline]
    pub(crate) fn write_port(&self, kind: Kind, slot: &mut [u8], to: To) -> usize {
        match &self.flagged {
            Some((kind, template)) => kind.probe().write(template, slot, &self.by_router(to)),
            None => self.write(kind, slot, to),
        }
    }

    /// Returns `to` with the hardware address of the router, if there is a router.
    #[inline]
    fn by_router(&self, to: To) -> To {
        To {
            mac: self.gateway.unwrap_or(to.mac),
            ..to
        }
    }

    /// Whether the hardware addresses of the targets must be resolved.
    pub(crate) fn on_link(&self) -> bool {
        matches!(self.route.framing, Framing::Ethernet { .. }) && self.route.hop == NextHop::OnLink
    }

    /// Whether the hardware address of the router is still missing.
    pub(crate) fn needs_gateway(&self) -> bool {
        let ethernet = matches!(self.route.framing, Framing::Ethernet { .. });
        ethernet && matches!(self.route.hop, NextHop::Gateway(_)) && self.gateway.is_none()
    }

    /// Writes a probe into `slot`. Returns the length in bytes, 0 if the family has no such probe.
    #[inline]
    pub(crate) fn write(&self, kind: Kind, slot: &mut [u8], to: To) -> usize {
        let Some(template) = &self.templates[kind.index()] else {
            return 0;
        };
        kind.probe().write(template, slot, &self.by_router(to))
    }
}
