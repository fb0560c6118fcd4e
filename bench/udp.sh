#!/usr/bin/env bash
# Scans the UDP ports of a target from a network namespace, first with vigie, then with nmap (both are bound by the
# target's ICMP rate limit). Prints what each found and the time.
#
#   bench/udp.sh NETNS TARGET PORTS VIGIE [SECONDS]
#
# PORTS: as for -p. SECONDS: maximum time of nmap (120). Needs root, iproute2, nmap, python3 and bc.
. "$(dirname "$0")/lib.sh"
[ $# -ge 4 ] || fail "usage: bench/udp.sh NETNS TARGET PORTS VIGIE [SECONDS]"
need_root
need ip nmap python3 bc
ns=$1 target=$2 ports=$3 seconds=${5:-120}
find_vigie "$4"
out=$(mktemp -d)
trap 'rm -r "$out"' EXIT
rest() { sleep 8; } # the token bucket refills

ip netns exec "$ns" "$vigie" scan -sU --authorized "this measurement" -n "$target" -p "$ports" --complete -o json > "$out/vigie"
python3 - "$out/vigie" <<'PY'
import json, sys
lines = [json.loads(l) for l in open(sys.argv[1])]
opened = [l for l in lines if l["type"] == "port" and l["state"] == "open"]
named = [l for l in opened if "confirmed" in l]
end = next(l for l in lines if l["type"] == "end")
host = next(l for l in lines if l["type"] == "host")
closed = sum(c["count"] for c in host["counts"] if c["state"] == "closed")
last = max((l["at"] for l in opened), default=0)
tokens = 6 + end["elapsed"]  # Linux: six at once, then one a second
print(f"vigie: {end['elapsed']:.1f} s, {len(opened)} open ({len(named)} named, the last after {last:.3f} s), "
      f"{closed} closed, {closed / tokens:.2f} of the tokens")
PY
rest
begin=$(date +%s.%N)
timeout "$seconds" ip netns exec "$ns" nmap -sU -n -Pn -p "$ports" "$target" -oG "$out/nmap" > /dev/null || echo "nmap: ended after $seconds s"
end=$(date +%s.%N)
open=$(grep -o '/open/' "$out/nmap" | wc -l || true)
echo "nmap: $(echo "$end - $begin" | bc) s, $open open"
