//! The targets and their routes: the objects of `scan.ranges`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use vigie_scan::plan::{NextHop, Route};
use vigie_scan::target::{Segment, TargetSet};
use vigie_scope::Host;
use vigie_scope::target::Range;

use super::LineError;
use super::interfaces::{Interfaces, MAX_INTERFACES, empty_route};
use super::values::ip;
use crate::{ScanInfo, address};

/// A range of target addresses and its route.
#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct RangeObject {
    first: String,
    last: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    interface: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gateway: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    local: Option<bool>,
}

/// Returns the targets and their routes. Ranges with the same route share one.
pub(super) fn read_ranges(
    ranges: &[RangeObject],
    interfaces: &mut Interfaces,
) -> Result<(TargetSet, Vec<Route>), LineError> {
    let mut routes: Vec<Route> = Vec::new();
    let mut known: BTreeMap<String, u32> = BTreeMap::new();
    let mut segments = Vec::with_capacity(ranges.len());
    for range in ranges {
        let key = range.route_key();
        let route = if let Some(route) = known.get(&key) {
            *route
        } else {
            if routes.len() >= MAX_INTERFACES {
                return Err(LineError::Field("ranges"));
            }
            let index = routes.len() as u32;
            routes.push(range.route(interfaces)?);
            known.insert(key, index);
            index
        };
        let range = range.addresses(interfaces)?;
        segments.push(Segment { range, route });
    }
    segments.sort_unstable_by_key(|s| s.range);
    let overlap = |pair: &[Segment]| {
        let (a, b) = (pair[0].range, pair[1].range);
        (a.family, a.zone) == (b.family, b.zone) && a.last >= b.first
    };
    if segments.windows(2).any(overlap) {
        return Err(LineError::Field("ranges"));
    }
    Ok((TargetSet::new(segments), routes))
}

impl RangeObject {
    pub(super) fn new(scan: &ScanInfo, segment: &Segment) -> RangeObject {
        let zone = segment.range.zone;
        let text = |ip| address(&scan.plan, Host { ip, zone });
        let route = scan.plan.local.routes.get(segment.route as usize);
        RangeObject {
            first: text(segment.range.first_ip()),
            last: text(segment.range.last_ip()),
            interface: route.map(|r| r.link_name.clone()),
            source: route.map(|r| r.source.to_string()),
            gateway: route.and_then(|r| match r.hop {
                NextHop::Gateway(ip) => Some(ip.to_string()),
                NextHop::Direct | NextHop::OnLink => None,
            }),
            local: route.map(|r| r.local),
        }
    }

    /// Returns a text that is the same for ranges with the same route.
    fn route_key(&self) -> String {
        format!(
            "{:?} {:?} {:?} {:?}",
            self.interface, self.source, self.gateway, self.local
        )
    }

    fn route(&self, interfaces: &mut Interfaces) -> Result<Route, LineError> {
        let name = self.interface.clone().unwrap_or_default();
        let empty = empty_route(interfaces.number(&name)?, name);
        Ok(Route {
            source: ip(self.source.as_ref(), "source")?.unwrap_or(empty.source),
            hop: ip(self.gateway.as_ref(), "gateway")?.map_or(NextHop::Direct, NextHop::Gateway),
            local: self.local.unwrap_or(false),
            ..empty
        })
    }

    fn addresses(&self, interfaces: &mut Interfaces) -> Result<Range, LineError> {
        let first = interfaces.host(&self.first, "first")?;
        let last = interfaces.host(&self.last, "last")?;
        span(
            Range::single(first.ip, first.zone),
            Range::single(last.ip, last.zone),
        )
        .ok_or(LineError::Field("last"))
    }
}

/// Returns the range from `first` to `last`, two single addresses.
pub(super) fn span(first: Range, last: Range) -> Option<Range> {
    let fits = (first.family, first.zone) == (last.family, last.zone) && first.first <= last.first;
    fits.then_some(Range {
        last: last.last,
        ..first
    })
}
