//! A [`ScanSpec`] as bytes.

use core::time::Duration;

use vigie_scope::Transport;
use vigie_scope::ports::PortList;
use vigie_scope::target::{Family, Range, RangeSet};
use vigie_wire::tcp::Flags;

use super::codec::{DecodeError, Reader, Writer};
use super::{place, read_discovery_probe, read_ip, write_ip};
use crate::plan::{
    Backend, Budget, Discovery, Listing, PortScan, ScanSpec, Shard, Technique, UdpSpec,
};

const BACKENDS: [Backend; 3] = [Backend::Packets, Backend::Connections, Backend::UdpSockets];

pub(super) fn write_spec(w: &mut Writer, spec: &ScanSpec) {
    w.list(spec.targets.ranges().iter(), |w, r| {
        w.u8(u8::from(r.family == Family::V6));
        w.u32(r.zone);
        w.u128(r.first);
        w.u128(r.last);
    });
    w.option(spec.tcp.as_ref(), |w, tcp| {
        w.u8(place(Technique::ALL, tcp.technique));
        w.list(tcp.ports.iter(), |w, (transport, port)| {
            w.u8(place(Transport::ALL, transport));
            w.u16(port);
        });
        w.option(tcp.flags, |w, flags| w.u16(flags.0));
    });
    w.option(spec.udp.as_ref(), write_udp);
    w.u8(place(&BACKENDS, spec.backend));
    w.u8(u8::from(spec.discovery == Discovery::AssumeUp));
    w.list(spec.discovery_probes.iter(), |w, probe| {
        w.u8(probe.kind.index() as u8);
        w.u16(probe.port);
    });
    w.u8(u8::from(spec.traceroute));
    budget(w, &spec.budget);
    w.u8(u8::from(spec.listing.all));
    w.u8(u8::from(spec.listing.open_only));
    w.u64(spec.listing.most);
    w.u64(spec.seed);
    w.u32(spec.shard.number);
    w.u32(spec.shard.of);
    w.u64(spec.memory);
}

pub(super) fn read_spec(r: &mut Reader<'_>) -> Result<ScanSpec, DecodeError> {
    Ok(ScanSpec {
        targets: RangeSet::new(r.list(read_range)?),
        tcp: r.option(|r| {
            Ok(PortScan {
                technique: r.variant(Technique::ALL)?,
                ports: PortList::new(r.list(|r| Ok((r.variant(Transport::ALL)?, r.u16()?)))?),
                flags: r.option(|r| r.u16().map(Flags))?,
            })
        })?,
        udp: r.option(read_udp)?,
        backend: r.variant(&BACKENDS)?,
        discovery: r.variant(&[Discovery::Probe, Discovery::AssumeUp])?,
        discovery_probes: r.list(read_discovery_probe)?,
        traceroute: r.variant(&[false, true])?,
        budget: read_budget(r)?,
        listing: Listing {
            all: r.variant(&[false, true])?,
            open_only: r.variant(&[false, true])?,
            most: r.u64()?,
        },
        seed: r.u64()?,
        shard: Shard {
            number: r.u32()?,
            of: r.u32()?,
        },
        memory: r.u64()?,
    })
}

fn read_range(r: &mut Reader<'_>) -> Result<Range, DecodeError> {
    let family = r.variant(&[Family::V4, Family::V6])?;
    let range = Range {
        family,
        zone: r.u32()?,
        first: r.u128()?,
        last: r.u128()?,
    };
    if range.first > range.last {
        Err(DecodeError::Damaged)
    } else {
        Ok(range)
    }
}

fn write_udp(w: &mut Writer, udp: &UdpSpec) {
    w.list(udp.ports.iter(), |w, (_, port)| w.u16(port));
    w.option(udp.budget, |w, d| w.u64(d.as_nanos() as u64));
    w.list(udp.sources.iter(), |w, ip| write_ip(w, *ip));
    w.u8(u8::from(udp.controls));
}

fn read_udp(r: &mut Reader<'_>) -> Result<UdpSpec, DecodeError> {
    let ports = r.list(Reader::u16)?;
    Ok(UdpSpec {
        ports: PortList::new(ports.into_iter().map(|p| (Transport::Udp, p))),
        budget: r.option(|r| r.u64().map(Duration::from_nanos))?,
        sources: r.list(read_ip)?,
        controls: r.variant(&[false, true])?,
    })
}

fn budget(w: &mut Writer, b: &Budget) {
    w.option(b.max_rate, Writer::f64);
    w.option(b.min_rate, Writer::f64);
    w.option(b.max_host_rate, Writer::f64);
    w.u8(b.max_tries);
    w.f64(b.confidence);
    w.option(b.host_timeout, |w, d| w.u64(d.as_nanos() as u64));
    w.option(b.max_time, |w, d| w.u64(d.as_nanos() as u64));
    w.u64(b.max_connections as u64);
    w.option(b.rate_limit_probing, |w, d| w.u64(d.as_nanos() as u64));
    w.u64(b.max_checked_hosts);
}

fn read_budget(r: &mut Reader<'_>) -> Result<Budget, DecodeError> {
    let time = |r: &mut Reader<'_>| r.u64().map(Duration::from_nanos);
    Ok(Budget {
        max_rate: r.option(Reader::f64)?,
        min_rate: r.option(Reader::f64)?,
        max_host_rate: r.option(Reader::f64)?,
        max_tries: r.u8()?,
        confidence: r.f64()?,
        host_timeout: r.option(time)?,
        max_time: r.option(time)?,
        max_connections: r.u64()? as usize,
        rate_limit_probing: r.option(time)?,
        max_checked_hosts: r.u64()?,
    })
}
