//! `--on-link IFACE`: finds the IPv6 hosts of a link with a multicast request (ff02::1) and adds them to the targets.
//!
//! A multicast group is never a target. This request goes only to links that this machine is on and that may be scanned as
//! a whole, and the hosts that answer must be in scope like any other target. [`vigie_scan::ipv6_link_discovery`] is the
//! protocol; this file provides the sockets.

use std::net::{IpAddr, Ipv6Addr};
use std::os::fd::AsFd as _;

use vigie_linux::clock::monotonic_ns;
use vigie_linux::io::{
    Framing, Interest, IoError, Layout, Method, ReceiveConfig, Receiver, Transmit as _,
    TransmitConfig, Transmitter, Waiter,
};
use vigie_linux::net::{Link, LinkLayer, Network};
use vigie_linux::privilege;
use vigie_pcap_filter::Program;
use vigie_report::Message;
use vigie_scan::Instant;
use vigie_scan::ipv6_link_discovery::{ALL_NODES, LinkDiscovery, MAX_FRAME_LEN};
use vigie_scope::ports::PortList;
use vigie_scope::target::{Family, Range, RangeSet};
use vigie_wire::MacAddr;

use super::options::ScanOptions;
use super::resolve::{Resolved, interface};
use super::{kernel, random, run_error};
use crate::error::Error;
use crate::scope::{self, Subject};
use crate::ui::Ui;

/// Size of the receive ring in bytes.
const RING: usize = 1 << 20;
/// Size of a frame slot in bytes.
const FRAME: usize = 2048;

/// Adds the hosts that answer on each link of `--on-link` to the targets.
///
/// # Errors
/// If the privileges, the link or the scope do not allow the request, or if no target remains.
pub fn add(
    options: &ScanOptions,
    resolved: &mut Resolved,
    network: &mut Network,
    ui: &mut Ui,
) -> Result<(), Error> {
    for name in &options.on_link {
        if options.family == Some(Family::V4) {
            let message = Message::new("on-link-ipv4");
            return Err(Error::usage(message).hint(Message::new("on-link-ipv4-hint")));
        }
        if !privilege::has_net_raw() {
            return Err(run_error::no_permission());
        }
        let index = interface(name, network)?;
        let links = network.links().map_err(|e| kernel(&e))?;
        let link = links.iter().find(|l| l.index == index);
        let link = link.filter(|l| l.link_layer == LinkLayer::Ethernet && l.resolves);
        let (Some(link), Some(mac)) = (link, link.and_then(|l| l.mac)) else {
            let message = Message::new("on-link-no-link").outside("name", name);
            return Err(Error::could_not_run(message));
        };
        let own = own(link, network)?;
        if own.is_empty() {
            let message = Message::new("on-link-no-address").outside("name", name);
            return Err(Error::could_not_run(message));
        }
        let networks = own.iter().map(|(ip, length)| {
            let zone = zone(*ip, link.index);
            Range::prefix(IpAddr::V6(*ip), *length, zone)
        });
        let networks = RangeSet::new(networks);
        // A request to the group reaches every host of the link.
        let subject = Subject {
            addresses: &networks,
            names: &[],
            ports: &PortList::default(),
        };
        scope::permit(&options.permission, subject, network, ui)?;
        let sources = own.into_iter().map(|(ip, _)| ip).collect();
        let asked = ask(link, MacAddr(mac), sources).map_err(|e| run_error::io(&e))?;
        let found: Vec<Range> = asked
            .found()
            .map(|n| Range::single(n.ip.into(), zone(n.ip, link.index)))
            .collect();
        let mut hosts: Vec<MacAddr> = asked.found().map(|n| n.mac).collect();
        hosts.sort_unstable();
        hosts.dedup();
        let all = RangeSet::new(found);
        // Addresses outside this machine's networks are reachable through a router only, if at all.
        let foreign = all.minus(&networks);
        let left = all.minus(&foreign).minus(&resolved.excluded);
        let message = Message::new("on-link-found")
            .outside("name", name)
            .shown("group", ALL_NODES)
            .amount("addresses", all.len() as u64)
            .amount("hosts", hosts.len() as u64)
            .amount("left", (all.len() - left.len()) as u64);
        ui.note(&message);
        resolved.asked.push(format!("{ALL_NODES}%{name}"));
        let before = resolved.addresses.ranges().iter().copied();
        resolved.addresses = RangeSet::new(before.chain(left.ranges().iter().copied()));
    }
    if resolved.addresses.is_empty() {
        let message = Message::new("on-link-nobody");
        return Err(Error::could_not_run(message).hint(Message::new("on-link-nobody-hint")));
    }
    Ok(())
}

const fn zone(ip: Ipv6Addr, link: u32) -> u32 {
    if ip.is_unicast_link_local() { link } else { 0 }
}

/// Returns the addresses of this machine on the link with their prefix lengths: one per network, the link-local one first.
fn own(link: &Link, network: &mut Network) -> Result<Vec<(Ipv6Addr, u8)>, Error> {
    let mut own: Vec<(Ipv6Addr, u8)> = Vec::new();
    for address in network.addresses().map_err(|e| kernel(&e))? {
        let usable = !address.tentative && !address.duplicate && address.peer.is_none();
        let IpAddr::V6(ip) = address.prefix.address else {
            continue;
        };
        let length = address.prefix.length;
        let other = |(known, of): &(Ipv6Addr, u8)| {
            let range = Range::prefix(IpAddr::V6(*known), *of, 0);
            *of != length || !RangeSet::new([range]).contains(IpAddr::V6(ip))
        };
        if address.link == link.index && usable && length < 128 && own.iter().all(other) {
            own.push((ip, length));
        }
    }
    own.sort_by_key(|(ip, _)| !ip.is_unicast_link_local());
    Ok(own)
}

/// Sends the requests and collects the answers, which takes about 1.3 s.
fn ask(link: &Link, mac: MacAddr, sources: Vec<Ipv6Addr>) -> Result<LinkDiscovery, IoError> {
    let now = || Instant::from_nanos(monotonic_ns());
    let mut receive = ReceiveConfig::new(link.index, Framing::Ethernet, Program::accept_all());
    receive.layout = Layout::Frames {
        frame: FRAME,
        count: RING / FRAME,
    };
    // Reports are sent to groups that this machine has not joined.
    receive.promiscuous = true;
    let mut receiver = Receiver::open(&receive)?;
    let mut transmit = TransmitConfig::new(link.index, Framing::Ethernet);
    transmit.qdisc_bypass = false;
    let mut transmitter = Transmitter::open(&transmit, Method::Packet)?;
    let mut engine = LinkDiscovery::new(mac, sources, random(), now());
    let mut waiter = Waiter::new();
    while let Some(due) = engine.poll_timeout(now()) {
        while let Some(slot) = transmitter.slot() {
            let written = engine.poll_transmit(now(), &mut slot[..MAX_FRAME_LEN]);
            match written.map_err(|_| IoError::BadRequest("slot"))? {
                Some(len) => transmitter.commit(len),
                None => break,
            }
        }
        transmitter.flush()?;
        receiver.for_each(|frame| engine.on_packet(frame.bytes));
        let left = due.since(now());
        waiter.wait(&[(receiver.as_fd(), Interest::Read)], Some(left))?;
    }
    Ok(engine)
}
