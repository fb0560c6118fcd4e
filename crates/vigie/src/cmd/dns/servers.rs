//! Which servers are asked: the one named, or the system's (resolv.conf(5)).

use std::net::{IpAddr, SocketAddr, ToSocketAddrs as _};

use vigie_report::Message;

use super::options::{DnsOptions, Family};
use crate::error::Error;

/// The addresses of the servers, in the order in which they are asked.
pub fn of(options: &DnsOptions) -> Result<Vec<SocketAddr>, Error> {
    let fits = |address: &SocketAddr| match options.family {
        Some(Family::V4) => address.is_ipv4(),
        Some(Family::V6) => address.is_ipv6(),
        None => true,
    };
    let found: Vec<SocketAddr> = match &options.server {
        Some(name) => resolve(name, options.port)?,
        None => system()
            .into_iter()
            .map(|address| SocketAddr::new(address, options.port))
            .collect(),
    };
    let fitting: Vec<SocketAddr> = found.into_iter().filter(fits).collect();
    if fitting.is_empty() {
        return Err(match &options.server {
            Some(name) => {
                Error::could_not_run(Message::new("dns-server-family").outside("server", name))
            }
            None => Error::could_not_run(Message::new("dns-no-server"))
                .hint(Message::new("dns-no-server-hint")),
        });
    }
    Ok(fitting)
}

/// The addresses of a server's name, by the system.
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

/// The system's servers.
pub fn system() -> Vec<IpAddr> {
    std::fs::read_to_string("/etc/resolv.conf").map_or_else(|_| Vec::new(), |text| parse(&text))
}

fn parse(text: &str) -> Vec<IpAddr> {
    text.lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            (words.next()? == "nameserver").then(|| words.next()?.parse().ok())?
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nameservers_are_read_and_the_rest_is_not() {
        let text = "# nameserver 9.9.9.9\nsearch x\nnameserver 10.0.0.1\nnameserver fe80::1\nnameserver nonsense\n";
        let expected: Vec<IpAddr> = vec!["10.0.0.1".parse().unwrap(), "fe80::1".parse().unwrap()];
        assert_eq!(parse(text), expected);
    }
}
