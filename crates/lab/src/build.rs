//! Builds a topology: namespaces, connections, firewalls, services, in this order.
//!
//! It must not know what the network is used for.

use std::net::{IpAddr, Ipv6Addr};
use std::process::Command;
use std::time::Duration;

use rustix::io::Errno;
use vigie_linux::net::{Link, Network, NewRoute, RouteAction, Tun, TunMode};
use vigie_linux::netns::{Namespace, set_sysctl};
use vigie_linux::{netlink, netns, nft};

use crate::error::AtNode;
use crate::firewall::table;
use crate::service::{Service, allow_files};
use crate::tun_link::{Forwarding, TunLink};
use crate::{Connection, Error, Interface, Node, Topology};

/// Maximum time for links to come up; they normally take milliseconds.
const LINK_TIMEOUT: Duration = Duration::from_secs(30);
/// Length in packets of the queue of a TUN link: more than a scanner sends in one burst.
const TUN_QUEUE: u32 = 20_000;
/// Index of the loopback link in every namespace.
const LOOPBACK: u32 = 1;

/// A running network. Its namespaces, links and services are removed on drop; a namespace that a process has entered
/// exists until that process ends.
#[derive(Debug)]
pub struct Lab {
    topology: Topology,
    // The order matters: services and TUN links end before their namespaces.
    _services: Vec<Service>,
    _tun_links: Vec<TunLink>,
    _switches: Vec<Namespace>,
    nodes: Vec<Namespace>,
}

impl Lab {
    /// Builds the network. When this returns, every link carries packets, every address is usable and every port is open.
    /// Needs root, or a user namespace (see [`vigie_linux::netns::enter_user_namespace`]).
    ///
    /// # Errors
    /// If the topology is inconsistent, or the kernel refuses a part of it.
    pub fn build(topology: Topology) -> Result<Self, Error> {
        topology.check().map_err(Error::Topology)?;
        let files = topology.nodes.iter().map(|node| {
            let addresses = topology.addresses(&node.name).len();
            Service::files(node, addresses)
        });
        allow_files(files.sum())?;
        let mut builder = Builder {
            nodes: Vec::new(),
            switches: Vec::new(),
            tun_links: Vec::new(),
            topology: &topology,
        };
        for node in &topology.nodes {
            builder.nodes.push(new_namespace(node)?);
        }
        for (number, connection) in topology.connections.iter().enumerate() {
            builder.connect(number, connection)?;
        }
        let mut services = Vec::new();
        for (node, namespace) in topology.nodes.iter().zip(&builder.nodes) {
            let finish = || finish(&topology, node);
            services.extend(namespace.run(finish).at(&node.name)??);
        }
        let Builder {
            nodes,
            switches,
            tun_links,
            ..
        } = builder;
        Ok(Self {
            topology,
            _services: services,
            _tun_links: tun_links,
            _switches: switches,
            nodes,
        })
    }

    /// Returns the topology of the network.
    pub fn topology(&self) -> &Topology {
        &self.topology
    }

    /// Returns a node's namespace.
    pub fn namespace(&self, node: &str) -> Option<&Namespace> {
        let at = self.topology.nodes.iter().position(|n| n.name == node)?;
        self.nodes.get(at)
    }

    /// Runs `work` on a thread in a node's namespace, and waits for it.
    ///
    /// # Errors
    /// If the kernel refuses.
    ///
    /// # Panics
    /// If there is no such node: a bug of the caller.
    pub fn run<T: Send>(&self, node: &str, work: impl FnOnce() -> T + Send) -> Result<T, Error> {
        let namespace = self.namespace(node).expect("a node of this topology");
        namespace.run(work).at(node)
    }

    /// Returns a node's link as the kernel reports it: index, Ethernet address, MTU.
    ///
    /// # Errors
    /// If the kernel refuses.
    ///
    /// # Panics
    /// If there is no such node: a bug of the caller.
    pub fn link(&self, node: &str, link: &str) -> Result<Link, Error> {
        let found = self.run(node, || Network::open()?.link(link))?;
        found.at(node)
    }

    /// Returns the IPv6 link-local address of a node's link, if it has one.
    ///
    /// # Errors
    /// If the kernel refuses.
    ///
    /// # Panics
    /// If there is no such node: a bug of the caller.
    pub fn link_local(&self, node: &str, link: &str) -> Result<Option<Ipv6Addr>, Error> {
        let read = || {
            let mut network = Network::open()?;
            let index = network.link(link)?.index;
            let addresses = network.addresses()?;
            let mut own = addresses.iter().filter(|address| address.link == index);
            let local = own.find_map(|address| match address.prefix.address {
                IpAddr::V6(v6) if v6.is_unicast_link_local() => Some(v6),
                _ => None,
            });
            Ok::<_, netlink::Error>(local)
        };
        self.run(node, read)?.at(node)
    }

    /// Returns a command that will run in a node's namespace. The lab must live until it is spawned.
    ///
    /// # Errors
    /// If the kernel refuses.
    ///
    /// # Panics
    /// If there is no such node: a bug of the caller.
    pub fn command(
        &self,
        node: &str,
        program: impl AsRef<std::ffi::OsStr>,
    ) -> Result<Command, Error> {
        let namespace = self.namespace(node).expect("a node of this topology");
        let mut command = Command::new(program);
        namespace.command(&mut command).at(node)?;
        Ok(command)
    }
}

fn new_namespace(node: &Node) -> Result<Namespace, Error> {
    let namespace = Namespace::create().at(&node.name)?;
    namespace
        .run(|| write_settings(node))
        .and_then(|result| result)
        .at(&node.name)?;
    Ok(namespace)
}

/// Writes settings that links inherit, before any link exists.
fn write_settings(node: &Node) -> Result<(), netns::Error> {
    let mut wanted = vec![
        // Makes IPv6 addresses usable at once.
        ("net/ipv6/conf/all/accept_dad", "0"),
        ("net/ipv6/conf/default/accept_dad", "0"),
        ("net/ipv4/conf/all/rp_filter", "0"),
        ("net/ipv4/conf/default/rp_filter", "0"),
    ];
    if node.forwards {
        wanted.push(("net/ipv4/ip_forward", "1"));
        wanted.push(("net/ipv6/conf/all/forwarding", "1"));
    }
    if node.unlimited_icmp {
        wanted.push(("net/ipv4/icmp_ratemask", "0"));
        wanted.push(("net/ipv6/icmp/ratelimit", "0"));
    }
    for (name, value) in wanted {
        match set_sysctl(name, value) {
            // The setting does not exist: a kernel without IPv6, or an older kernel.
            Err(error) if error.errno == Errno::NOENT => {}
            result => result?,
        }
    }
    if node.unlimited_icmp {
        // Only newer kernels have the limit for all peers together per namespace.
        let _ = set_sysctl("net/ipv4/icmp_msgs_per_sec", "1000000");
        let _ = set_sysctl("net/ipv4/icmp_msgs_burst", "1000000");
    }
    Ok(())
}

/// Adds routes, firewall and services once all links exist. Runs in the node's namespace.
fn finish(topology: &Topology, node: &Node) -> Result<Option<Service>, Error> {
    let name = &node.name;
    let mut network = Network::open().at(name)?;
    network.set_up(LOOPBACK, true).at(name)?;
    if !network.wait_ready(LINK_TIMEOUT, true).at(name)? {
        return Err(Error::NotReady { node: name.clone() });
    }
    for &(destination, gateway) in &node.routes {
        let route = NewRoute::to(destination).via(gateway);
        network.add_route(&route).at(name)?;
    }
    for &prefix in &node.any {
        let route = NewRoute::to(prefix).action(RouteAction::Local);
        network.add_route(&route.through(LOOPBACK)).at(name)?;
    }
    let protects = |other: &&Node| {
        let wall = other.firewall.as_ref();
        wall.is_some_and(|wall| wall.at.as_ref() == Some(name))
    };
    let others: Vec<_> = topology
        .nodes
        .iter()
        .filter(protects)
        .filter_map(|other| Some((other.firewall.as_ref()?, topology.addresses(&other.name))))
        .collect();
    if let Some(table) = table(node.firewall.as_ref(), &others) {
        nft::install(&table).at(name)?;
    }
    if node.tcp.is_empty() && node.udp_echo.is_empty() && node.udp_silent.is_empty() {
        return Ok(None);
    }
    Service::start(node, &topology.addresses(name)).map(Some)
}

struct Builder<'a> {
    topology: &'a Topology,
    nodes: Vec<Namespace>,
    switches: Vec<Namespace>,
    tun_links: Vec<TunLink>,
}

impl Builder<'_> {
    fn namespace(&self, end: &Interface) -> &Namespace {
        let at = self.topology.nodes.iter().position(|n| n.name == end.node);
        let at = at.expect("the topology was checked: every end's node exists");
        &self.nodes[at]
    }

    /// Runs `work` in the namespace of `end`.
    fn run<T: Send>(
        &self,
        end: &Interface,
        work: impl FnOnce(&mut Network) -> Result<T, netlink::Error> + Send,
    ) -> Result<T, Error> {
        let result = self.namespace(end).run(|| work(&mut Network::open()?));
        result.at(&end.node)?.at(&end.node)
    }

    fn connect(&mut self, number: usize, connection: &Connection) -> Result<(), Error> {
        match connection {
            Connection::Veth(a, b) => {
                self.veth(a, &a.link, b, &b.link)?;
                self.configure(a)?;
                self.configure(b)
            }
            Connection::Bridge(a, b) => {
                let port = lower(&a.link);
                self.veth(a, &port, b, &b.link)?;
                self.run(a, |network| {
                    network.add_bridge(&a.link)?;
                    let bridge = network.link(&a.link)?.index;
                    let port = network.link(&port)?.index;
                    network.set_master(port, bridge)?;
                    network.set_up(port, true)
                })?;
                self.configure(a)?;
                self.configure(b)
            }
            Connection::Macvlan(a, b) => {
                let under = lower(&a.link);
                self.veth(a, &under, b, &b.link)?;
                self.run(a, |network| {
                    let under = network.link(&under)?.index;
                    network.set_up(under, true)?;
                    network.add_macvlan(&a.link, under)
                })?;
                self.configure(a)?;
                self.configure(b)
            }
            Connection::Switch(ends) => self.switch(number, ends),
            Connection::Tun(a, b) => {
                let ends = [
                    self.tun(a, &a.link, TunMode::Ip)?,
                    self.tun(b, &b.link, TunMode::Ip)?,
                ];
                self.configure(a)?;
                self.configure(b)?;
                self.tun_link(a, ends, Forwarding::Plain)
            }
            Connection::Vlan(id, a, b) => self.vlan(*id, a, b),
        }
    }

    fn veth(&self, a: &Interface, a_link: &str, b: &Interface, b_link: &str) -> Result<(), Error> {
        let peer = self.namespace(b);
        self.run(a, |network| network.add_veth(a_link, b_link, Some(peer)))
    }

    /// Adds the addresses of a link and switches it on.
    fn configure(&self, end: &Interface) -> Result<(), Error> {
        self.run(end, |network| {
            let link = network.link(&end.link)?.index;
            if let Some(mac) = end.mac {
                network.set_mac(link, mac)?;
            }
            for &address in &end.addresses {
                network.add_address(link, address)?;
            }
            network.set_up(link, true)
        })
    }

    fn switch(&mut self, number: usize, ends: &[Interface]) -> Result<(), Error> {
        let name = format!("switch {number}");
        let switch = new_namespace(&Node::new(&name, "switch"))?;
        let build = || -> Result<(), netlink::Error> {
            let mut network = Network::open()?;
            network.add_bridge("br0")?;
            let bridge = network.link("br0")?.index;
            network.set_up(bridge, true)?;
            for (number, end) in ends.iter().enumerate() {
                let port = format!("port{number}");
                network.add_veth(&port, &end.link, Some(self.namespace(end)))?;
                let port = network.link(&port)?.index;
                network.set_master(port, bridge)?;
                network.set_up(port, true)?;
            }
            Ok(())
        };
        switch.run(build).at(&name)?.at(&name)?;
        self.switches.push(switch);
        ends.iter().try_for_each(|end| self.configure(end))
    }

    fn vlan(&mut self, id: u16, a: &Interface, b: &Interface) -> Result<(), Error> {
        let (under_a, under_b) = (lower(&a.link), lower(&b.link));
        self.veth(a, &under_a, b, &under_b)?;
        let over = |end: &Interface, under: &str| {
            self.run(end, |network| {
                let under = network.link(under)?.index;
                network.set_up(under, true)?;
                network.add_vlan(&end.link, under, id)
            })
        };
        match over(a, &under_a).and_then(|()| over(b, &under_b)) {
            Ok(()) => {
                self.configure(a)?;
                return self.configure(b);
            }
            Err(Error::Network { error, .. }) if error.errno() == Some(Errno::OPNOTSUPP) => {}
            Err(error) => return Err(error),
        }
        // This kernel has no 802.1Q: a thread adds the tags.
        self.run(a, |network| {
            let under = network.link(&under_a)?.index;
            network.delete_link(under)
        })?;
        let ethernet = TunMode::Ethernet;
        let wire = [
            self.tun(a, &under_a, ethernet)?,
            self.tun(b, &under_b, ethernet)?,
        ];
        let ends = [
            self.tun(a, &a.link, ethernet)?,
            self.tun(b, &b.link, ethernet)?,
        ];
        for (end, under) in [(a, &under_a), (b, &under_b)] {
            self.run(end, |network| {
                let under = network.link(under)?.index;
                network.set_up(under, true)
            })?;
            self.configure(end)?;
        }
        self.tun_link(a, ends, Forwarding::Tagged { id, wire })
    }

    fn tun(&self, end: &Interface, link: &str, mode: TunMode) -> Result<Tun, Error> {
        self.run(end, |network| {
            let tun = Tun::create(link, mode)?;
            let index = network.link(link)?.index;
            network.set_queue_length(index, TUN_QUEUE)?;
            Ok(tun)
        })
    }

    fn tun_link(&mut self, at: &Interface, ends: [Tun; 2], kind: Forwarding) -> Result<(), Error> {
        let tun_link = TunLink::connect(ends, kind).map_err(|errno| Error::Service {
            node: at.node.clone(),
            what: "start a TUN link".to_owned(),
            errno,
        })?;
        self.tun_links.push(tun_link);
        Ok(())
    }
}

/// Returns the name of the link below `link`.
fn lower(link: &str) -> String {
    format!("{link}-l")
}
