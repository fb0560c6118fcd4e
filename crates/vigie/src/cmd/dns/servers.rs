//! Chooses the servers: the one given after `@`, or those of this host (resolv.conf(5)).

use std::net::{SocketAddr, ToSocketAddrs as _};

use vigie_report::Message;

use super::options::{DnsOptions, Family};
use crate::error::Error;
use crate::resolver;

/// Returns the addresses of the servers, in the order in which they are queried.
///
/// # Errors
///
/// If the server's name does not resolve, or no server has an address of the wanted family.
pub fn of(options: &DnsOptions) -> Result<Vec<SocketAddr>, Error> {
    let has_family = |address: &SocketAddr| match options.family {
        Some(Family::V4) => address.is_ipv4(),
        Some(Family::V6) => address.is_ipv6(),
        None => true,
    };
    let found: Vec<SocketAddr> = match &options.server {
        Some(name) => resolve(name, options.port)?,
        None => resolver::system_servers()
            .into_iter()
            .map(|address| SocketAddr::new(address, options.port))
            .collect(),
    };
    let chosen: Vec<SocketAddr> = found.into_iter().filter(has_family).collect();
    if chosen.is_empty() {
        return Err(match &options.server {
            Some(name) => {
                Error::could_not_run(Message::new("dns-server-family").outside("server", name))
            }
            None => Error::could_not_run(Message::new("dns-no-server"))
                .hint(Message::new("dns-no-server-hint")),
        });
    }
    Ok(chosen)
}

/// Resolves the name of a server with the system's resolver.
fn resolve(name: &str, port: u16) -> Result<Vec<SocketAddr>, Error> {
    (name, port)
        .to_socket_addrs()
        .map(Iterator::collect)
        .map_err(|error| {
            let message = Message::new("name-unknown")
                .outside("name", name)
                .shown("error", error);
            Error::could_not_run(message).hint(Message::new("name-unknown-hint"))
        })
}
