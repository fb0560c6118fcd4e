//! The machine as seen by packet expressions: names, routes, neighbours, clock, files, output.
//!
//! Routes are looked up on demand and cached for the session. Sending and receiving are in [`super::exchange`] and
//! [`super::sniff`]. This file must not know the language of expressions.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::Write as _;
use std::net::{IpAddr, ToSocketAddrs as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use vigie_craft::lang::{
    Captured, Exchange, ExchangeOptions, Runtime, RuntimeError, SendOptions, SniffOptions,
};
use vigie_craft::model::Service;
use vigie_craft::{Env, Packet};
use vigie_linux::net::{Link, Network, RouteError, RouteInfo};
use vigie_scope::Policy;
use vigie_scope::{Transport, services};
use vigie_wire::{LinkType, MacAddr};

use super::{capture, exchange, sniff};

/// Runtime of packet expressions on this machine.
pub struct Machine {
    network: RefCell<Option<Network>>,
    routes: RefCell<HashMap<IpAddr, Result<RouteInfo, RouteError>>>,
    links: Vec<Link>,
    own: HashSet<IpAddr>,
    names: BTreeMap<(u8, u16), String>,
    interrupted: Arc<AtomicBool>,
    random: u64,
    quiet: bool,
    guard: Policy,
    /// The last exchange, if `stores_exchange`.
    pub(super) last_exchange: Option<Exchange>,
    /// Whether exchanges are stored for an explanation.
    pub(super) stores_exchange: bool,
}

impl Machine {
    /// Reads links and addresses from the kernel. If it does not answer, there are none.
    pub fn read() -> Self {
        let mut network = Network::open().ok();
        let links = network
            .as_mut()
            .and_then(|n| n.links().ok())
            .unwrap_or_default();
        let addresses = network
            .as_mut()
            .and_then(|n| n.addresses().ok())
            .unwrap_or_default();
        let own = addresses
            .iter()
            .map(|address| address.prefix.address)
            .collect();
        let interrupted = Arc::new(AtomicBool::new(false));
        // If the handler cannot be installed, Ctrl-C ends the program as by default.
        let _ = signal_hook::flag::register(signal_hook::consts::SIGINT, Arc::clone(&interrupted));
        Self {
            network: RefCell::new(network),
            routes: RefCell::default(),
            links,
            own,
            names: names(),
            interrupted,
            random: vigie_linux::clock::unix_ns()
                ^ vigie_linux::clock::monotonic_ns().rotate_left(32),
            quiet: false,
            guard: Policy::default(),
            last_exchange: None,
            stores_exchange: false,
        }
    }

    /// Sets the policy that authorizes destinations. The default policy allows the loopback network only.
    #[must_use]
    pub fn guarded(mut self, guard: Policy) -> Self {
        self.guard = guard;
        self
    }

    /// Returns the policy that authorizes destinations.
    pub fn guard(&self) -> &Policy {
        &self.guard
    }

    /// Turns off the output of expressions, for commands that print results in their own format.
    #[must_use]
    pub fn quiet(mut self) -> Self {
        self.quiet = true;
        self
    }

    /// Prints a text, with control characters replaced.
    pub fn say(&self, text: &str) {
        if self.quiet {
            return;
        }
        // The text may contain payload: a terminal must not interpret it.
        let safe: String = text
            .chars()
            .map(|c| {
                if c.is_control() && c != '\n' && c != '\t' {
                    '.'
                } else {
                    c
                }
            })
            .collect();
        let mut out = std::io::stdout().lock();
        // A closed output is noticed when the next line is read.
        let _ = out.write_all(safe.as_bytes()).and_then(|()| out.flush());
    }

    /// Clears an earlier Ctrl-C.
    pub fn resume(&self) {
        self.interrupted.store(false, Ordering::Relaxed);
    }

    /// Whether Ctrl-C was typed since the last [`resume`](Self::resume).
    pub fn is_interrupted(&self) -> bool {
        self.interrupted.load(Ordering::Relaxed)
    }

    /// Returns the route to a destination, cached unless `link` is given.
    pub fn route(&self, dst: IpAddr, link: Option<u32>) -> Result<RouteInfo, RouteError> {
        if let (None, Some(known)) = (link, self.routes.borrow().get(&dst)) {
            return known.clone();
        }
        let mut network = self.network.borrow_mut();
        let route = match network.as_mut() {
            Some(network) => network.lookup(dst, link),
            None => Err(RouteError::NoRoute),
        };
        if link.is_none() {
            self.routes.borrow_mut().insert(dst, route.clone());
        }
        route
    }

    /// Returns the links in order of their index.
    pub fn links(&self) -> &[Link] {
        &self.links
    }

    /// Returns the link with this index.
    pub fn link(&self, index: u32) -> Option<&Link> {
        self.links.iter().find(|link| link.index == index)
    }

    /// Returns the link with this name.
    pub fn link_named(&self, name: &str) -> Option<&Link> {
        self.links.iter().find(|link| link.name == name)
    }

    /// Returns the link for frames without a routable destination: the first that is up and has a hardware address.
    pub fn default_link(&self) -> Option<&Link> {
        self.links
            .iter()
            .find(|link| link.up && link.mac.is_some_and(|mac| mac != [0; 6]))
    }

    /// Whether an address belongs to this machine or is unspecified.
    pub fn is_own(&self, address: IpAddr) -> bool {
        address.is_unspecified() || address.is_loopback() || self.own.contains(&address)
    }

    /// Returns a neighbour's link-layer address from the kernel's table.
    pub fn neighbour(&self, link: u32, address: IpAddr) -> Option<MacAddr> {
        let mut network = self.network.borrow_mut();
        let known = network.as_mut()?.neighbours().ok()?;
        let entry = known
            .iter()
            .find(|entry| entry.link == link && entry.address == address)?;
        entry.mac.map(MacAddr)
    }
}

/// Returns the names of ports as scapy writes them, with underscores instead of dashes.
fn names() -> BTreeMap<(u8, u16), String> {
    let mut names = BTreeMap::new();
    for service in services::all() {
        let transport = match service.transport {
            Transport::Tcp => 0,
            Transport::Udp => 1,
            _ => 2,
        };
        names
            .entry((transport, service.port))
            .or_insert_with(|| service.name.replace('-', "_"));
    }
    names
}

const fn key(service: Service) -> u8 {
    match service {
        Service::Tcp => 0,
        Service::Udp => 1,
        Service::Sctp => 2,
    }
}

impl Env for Machine {
    fn service(&self, service: Service, port: u16) -> Option<&str> {
        self.names.get(&(key(service), port)).map(|name| &name[..])
    }

    fn service_port(&self, service: Service, name: &str) -> Option<u16> {
        let name = name.replace('-', "_");
        let of = |(transport, _): &(u8, u16)| *transport == key(service);
        self.names
            .iter()
            .find(|(k, n)| of(k) && **n == name)
            .map(|((_, port), _)| *port)
    }

    fn source_for(&self, dst: IpAddr) -> Option<IpAddr> {
        self.route(dst, None).ok().map(|route| route.source)
    }

    fn source_mac_for(&self, dst: Option<IpAddr>) -> Option<MacAddr> {
        let link = match dst.and_then(|dst| self.route(dst, None).ok()) {
            Some(route) => self.link(route.link),
            None => self.default_link(),
        };
        link?.mac.map(MacAddr)
    }

    fn next_hop_mac(&self, dst: IpAddr) -> Option<MacAddr> {
        let route = self.route(dst, None).ok()?;
        self.neighbour(route.link, route.next_hop(dst))
    }

    fn resolve(&self, host: &str, ipv6: bool) -> Option<IpAddr> {
        let mut addresses = (host, 0).to_socket_addrs().ok()?;
        addresses
            .find(|addr| addr.is_ipv6() == ipv6)
            .map(|addr| addr.ip())
    }

    fn unix_time(&self) -> Option<Duration> {
        SystemTime::now().duration_since(UNIX_EPOCH).ok()
    }
}

impl Runtime for Machine {
    fn print(&mut self, text: &str) {
        self.say(text);
    }

    fn random(&mut self) -> u64 {
        // splitmix64, seeded by the clocks: good enough for ports and identifiers, not for secrets.
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.random;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    fn is_interrupted(&self) -> bool {
        Self::is_interrupted(self)
    }

    fn resume(&mut self) {
        Self::resume(self);
    }

    fn send(&mut self, packets: &[Packet], options: &SendOptions) -> Result<u64, RuntimeError> {
        self.resume();
        exchange::send(self, packets, options)
    }

    fn exchange(
        &mut self,
        packets: &[Packet],
        options: &ExchangeOptions,
    ) -> Result<Exchange, RuntimeError> {
        self.resume();
        let exchange = exchange::exchange(self, packets, options)?;
        if self.stores_exchange {
            self.last_exchange = Some(exchange.clone());
        }
        Ok(exchange)
    }

    fn sniff(&mut self, options: &SniffOptions) -> Result<Vec<Captured>, RuntimeError> {
        self.resume();
        sniff::sniff(self, options)
    }

    fn read_capture(&mut self, path: &str) -> Result<Vec<Captured>, RuntimeError> {
        capture::read(path)
    }

    fn write_capture(
        &mut self,
        path: &str,
        link: LinkType,
        packets: &[(Duration, Vec<u8>)],
    ) -> Result<(), RuntimeError> {
        capture::write(path, link, packets)
    }
}
