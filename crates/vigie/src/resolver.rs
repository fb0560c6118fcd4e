//! The DNS servers that this host is configured to use.

use std::net::IpAddr;

/// Returns the DNS servers of this host, in order of preference; none if resolv.conf(5) cannot be read.
pub fn system_servers() -> Vec<IpAddr> {
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
    fn only_valid_nameservers_are_read() {
        let text = "# nameserver 9.9.9.9\nsearch x\nnameserver 10.0.0.1\nnameserver fe80::1\nnameserver nonsense\n";
        let expected: Vec<IpAddr> = vec!["10.0.0.1".parse().unwrap(), "fe80::1".parse().unwrap()];
        assert_eq!(parse(text), expected);
    }
}
