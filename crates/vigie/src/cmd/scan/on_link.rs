//! `--on-link IFACE`: the IPv6 hosts of a link become targets by answering to all of it (ff02::1).
//!
//! A group is never a target; this is a question of its own, put only to links that this machine is on and that may be
//! scanned as a whole. What answers must still be in scope as anything else. What is asked stands in
//! [`vigie_scan::ipv6_link_discovery`]; here are the sockets.

use std::net::{IpAddr, Ipv6Addr};
use std::os::fd::AsFd as _;

use vigie_linux::clock::monotonic_ns;
use vigie_linux::io::{
    Framing, Interest, IoError, Layout, Method, ReceiveConfig, Receiver, Transmit as _,
    TransmitConfig, Transmitter, Waiter,
};
use vigie_linux::net::{Framing as LinkFraming, Link, Network};
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

/// The ring: frames that come between two looks.
const RING: usize = 1 << 20;
const FRAME: usize = 2048;

/// Adds who answers on each link of `--on-link` to the targets.
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
        let link = link.filter(|l| l.framing == LinkFraming::Ethernet && l.resolves);
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
        // To ask the group is to ask all of the link.
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
        // Others, in networks that this machine is not in, would be asked through a router if at all.
        let strange = all.minus(&networks);
        let left = all.minus(&strange).minus(&resolved.excluded);
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

/// This machine's addresses on the link with their prefixes, the link-local one first, one for each network.
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

/// Puts the questions and gathers the answers: some 1.3 s.
fn ask(link: &Link, mac: MacAddr, sources: Vec<Ipv6Addr>) -> Result<LinkDiscovery, IoError> {
    let now = || Instant::from_nanos(monotonic_ns());
    let mut receive = ReceiveConfig::new(link.index, Framing::Ethernet, Program::accept_all());
    receive.layout = Layout::Frames {
        frame: FRAME,
        count: RING / FRAME,
    };
    // Reports go to groups that this machine is not in.
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
