//! The capture filters by which tcpdump shows the packets of a kind.
//!
//! `tcp[...]` and `udp[...]` read IPv4 alone, so IPv6 is read from its header on.
//! This file must not know what a kind means.

/// The filter for a kind, by the key of what it means. text keys: seen-*
pub(super) fn filter(key: &str) -> &'static str {
    match key {
        "seen-arp-request" => "arp[6:2] = 1",
        "seen-arp-reply" => "arp[6:2] = 2",
        "seen-ns" => "icmp6 and ip6[40] = 135",
        "seen-na" => "icmp6 and ip6[40] = 136",
        "seen-router" => "icmp6 and (ip6[40] = 133 or ip6[40] = 134)",
        "seen-mld" => "ip6[6] = 0 and ip6[40] = 58 and ip6[48] > 129",
        "seen-echo" => "(icmp[0] = 8) or (icmp6 and ip6[40] = 128)",
        "seen-echo-reply" => "(icmp[0] = 0) or (icmp6 and ip6[40] = 129)",
        "seen-port-unreachable" => {
            "(icmp[0] = 3 and icmp[1] = 3) or (icmp6 and ip6[40] = 1 and ip6[41] = 4)"
        }
        "seen-prohibited" => {
            "(icmp[0] = 3 and (icmp[1] = 9 or icmp[1] = 10 or icmp[1] = 13)) or (icmp6 and ip6[40] = 1 and (ip6[41] = 1 or ip6[41] = 5))"
        }
        "seen-unreachable" => "(icmp[0] = 3) or (icmp6 and ip6[40] = 1)",
        "seen-time-exceeded" => "(icmp[0] = 11) or (icmp6 and ip6[40] = 3)",
        "seen-redirect" => "(icmp[0] = 5) or (icmp6 and ip6[40] = 137)",
        "seen-icmp" => "icmp or icmp6",
        "seen-syn" => "(tcp[13] & 23 = 2) or (ip6 proto 6 and ip6[53] & 23 = 2)",
        "seen-syn-ack" => "(tcp[13] & 23 = 18) or (ip6 proto 6 and ip6[53] & 23 = 18)",
        "seen-ack" => {
            "(tcp[13] & 23 = 16 and ip[2:2] - ((ip[0] & 15) << 2) - ((tcp[12] & 240) >> 2) = 0) or (ip6 proto 6 and ip6[53] & 23 = 16 and ip6[4:2] - ((ip6[52] & 240) >> 2) = 0)"
        }
        "seen-data" => {
            "(tcp[13] & 23 = 16 and ip[2:2] - ((ip[0] & 15) << 2) - ((tcp[12] & 240) >> 2) != 0) or (ip6 proto 6 and ip6[53] & 23 = 16 and ip6[4:2] - ((ip6[52] & 240) >> 2) != 0)"
        }
        "seen-fin" => "(tcp[13] & 23 = 17) or (ip6 proto 6 and ip6[53] & 23 = 17)",
        "seen-rst" => "(tcp[13] & 6 = 4) or (ip6 proto 6 and ip6[53] & 6 = 4)",
        "seen-odd-flags" => {
            "(tcp[13] & 3 = 3) or (tcp[13] & 6 = 6) or (tcp[13] & 22 = 0) or (ip6 proto 6 and (ip6[53] & 3 = 3 or ip6[53] & 6 = 6 or ip6[53] & 22 = 0))"
        }
        "seen-dns-query" => {
            "(udp port 53 or udp port 5353) and (udp[10] & 128 = 0 or ip6[50] & 128 = 0)"
        }
        "seen-dns-response" => {
            "(udp port 53 or udp port 5353) and (udp[10] & 128 != 0 or ip6[50] & 128 != 0)"
        }
        "seen-dhcp" => "udp port 67 or udp port 68 or udp port 546 or udp port 547",
        "seen-ntp" => "udp port 123",
        "seen-udp" => "udp",
        "seen-fragment" => "(ip[6:2] & 8191 != 0) or (ip6[6] = 44)",
        "seen-protocol" => "(ip or ip6) and not (tcp or udp or icmp or icmp6)",
        _ => "not (ip or ip6 or arp)",
    }
}
